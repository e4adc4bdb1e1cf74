//! `get-roles`, `add-roles`, `remove-roles`, `set-password`: what is asked for most, by the names that people know.

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::api::{Aim, Api, Asked, done};
use crate::ask::ask;
use crate::failure::{Failure, Result};
use crate::show::Shown;
use crate::who::{Holder, Whose, segment, user};

/// Which roles are listed.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Listed {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// One role only, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) rolename: Option<String>,
    /// One role only, by id
    #[arg(long, value_name = "ID")]
    pub(crate) roleid: Option<String>,
    /// The roles that the user or the group does not have yet, and could be given
    #[arg(long)]
    pub(crate) available: bool,
    /// Also the roles that a user or a group has by way of composite roles and groups
    #[arg(long)]
    pub(crate) effective: bool,
    /// The roles of the realm and of every client that a user or a group was given
    #[arg(long)]
    pub(crate) all: bool,
}

/// Whose roles change, and which.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Changed {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// A role, by name; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) rolename: Vec<String>,
    /// A role, by id; may be given more than once
    #[arg(long, value_name = "ID")]
    pub(crate) roleid: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct GetRoles {
    #[command(flatten)]
    listed: Listed,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    aim: Aim,
}

#[derive(Args, Debug)]
pub(crate) struct ChangeRoles {
    #[command(flatten)]
    changed: Changed,
    #[command(flatten)]
    aim: Aim,
}

#[derive(Args, Debug)]
pub(crate) struct SetPassword {
    /// The user, by username
    #[arg(long, value_name = "NAME", required_unless_present = "userid", conflicts_with = "userid")]
    user: Option<String>,
    /// The user, by id
    #[arg(long, value_name = "ID")]
    userid: Option<String>,
    /// The new password; asked for if it is not given
    #[arg(short = 'p', long, env = "KC_CLI_PASSWORD", hide_env_values = true, value_name = "TEXT")]
    new_password: Option<String>,
    /// The user has to change it at the next login
    #[arg(short, long)]
    temporary: bool,
    #[command(flatten)]
    aim: Aim,
}

pub(crate) fn get(args: &GetRoles) -> Result<()> {
    args.listed.check()?;
    let api = args.aim.api()?;
    let asked = Asked::new(Method::GET, args.listed.url(&api)?);
    args.shown.print(&args.shown.checked(&asked, api.fetch(&asked)?)?)
}

pub(crate) fn add(args: &ChangeRoles) -> Result<()> {
    args.changed.check("add")?;
    args.changed.send(&args.aim.api()?, Method::POST)
}

pub(crate) fn remove(args: &ChangeRoles) -> Result<()> {
    args.changed.check("remove")?;
    args.changed.send(&args.aim.api()?, Method::DELETE)
}

pub(crate) fn set_password(args: &SetPassword) -> Result<()> {
    let password = match &args.new_password {
        Some(password) => password.as_str().into(),
        None => ask("New password: ", "--new-password")?,
    };
    let api = args.aim.api()?;
    let id = match (&args.userid, &args.user) {
        (Some(id), _) => id.clone(),
        (None, name) => user(&api, name.as_deref().unwrap_or_default())?,
    };
    reset(&api, &id, password.expose(), args.temporary)
}

/// Gives a user a new password.
pub(crate) fn reset(api: &Api, user: &str, password: &str, temporary: bool) -> Result<()> {
    let body = json!({ "type": "password", "value": password, "temporary": temporary });
    let asked = Asked::new(Method::PUT, api.url(&format!("users/{user}/reset-password"), &[])?).json(&body);
    api.send(&asked)?.map_or(Ok(()), |answer| done(&asked, answer).map(drop))
}

impl Listed {
    pub(crate) fn check(&self) -> Result<()> {
        let usage = |text: &str| Err(Failure::Usage(text.to_owned()));
        self.whose.check()?;
        if self.rolename.is_some() && self.roleid.is_some() {
            return usage("Incompatible options: --roleid and --rolename are mutually exclusive");
        }
        for (given, name) in [(self.effective, "--effective"), (self.available, "--available")] {
            if self.all && given {
                return usage(&format!("Incompatible options: --all can't be used at the same time as {name}"));
            }
        }
        Ok(())
    }

    /// The address of the list.
    pub(crate) fn url(&self, api: &Api) -> Result<String> {
        let client = self.whose.client(api)?;
        let (holder, below) = match self.whose.holder(api)? {
            Holder::User(id) => (format!("users/{id}"), "role-mappings"),
            Holder::Group(id) => (format!("groups/{id}"), "role-mappings"),
            Holder::Role(id) => (format!("roles-by-id/{id}"), "composites"),
            Holder::Nobody => return self.defined(api, client.as_deref()),
        };
        let which = match (self.available, self.effective) {
            (true, _) | (_, true) if below == "composites" => {
                let option = if self.available { "--available" } else { "--effective" };
                return Err(Failure::Usage(format!("Option {option} not supported with composite roles.")));
            }
            (true, _) => "/available",
            (_, true) => "/composite",
            _ => "",
        };
        let list = match client {
            Some(client) => format!("{holder}/{below}/clients/{client}{which}"),
            None if self.all => format!("{holder}/{below}"),
            None => format!("{holder}/{below}/realm{which}"),
        };
        api.url(&list, &[])
    }

    /// The roles that a realm or a client has, or one of them.
    fn defined(&self, api: &Api, client: Option<&str>) -> Result<String> {
        let roles = client.map_or_else(|| "roles".to_owned(), |id| format!("clients/{id}/roles"));
        match (&self.rolename, &self.roleid) {
            (Some(name), _) => api.url(&format!("{roles}/{}", segment(name)), &[]),
            (None, Some(id)) => api.url(&format!("roles-by-id/{id}"), &[]),
            (None, None) => api.url(&roles, &[]),
        }
    }
}

impl Changed {
    /// Refuses what cannot go together, before the server is asked.
    pub(crate) fn check(&self, verb: &str) -> Result<()> {
        self.whose.check()?;
        if self.rolename.is_empty() && self.roleid.is_empty() {
            return Err(Failure::Usage(format!(
                "No role to {verb} specified. Use --rolename or --roleid to specify roles to {verb}"
            )));
        }
        if self.whose.is_somebody() {
            return Ok(());
        }
        Err(Failure::Usage(
            "No user nor group nor composite role specified. Use --uusername / --uid to specify user or --gname / --gid / \
             --gpath to specify group or --rname / --rid to specify a composite role"
                .to_owned(),
        ))
    }

    /// Adds (`POST`) or removes (`DELETE`) the roles, all of them or, where one is not known, none.
    pub(crate) fn send(&self, api: &Api, method: Method) -> Result<()> {
        let holder = self.whose.holder(api)?;
        let client = self.whose.client(api)?;
        let roles: Value = self.roles(api, client.as_deref())?.into();
        let list = client.map_or_else(|| "realm".to_owned(), |id| format!("clients/{id}"));
        let path = match holder {
            Holder::User(id) => format!("users/{id}/role-mappings/{list}"),
            Holder::Group(id) => format!("groups/{id}/role-mappings/{list}"),
            Holder::Role(id) => format!("roles-by-id/{id}/composites"),
            Holder::Nobody => return Ok(()),
        };
        let asked = Asked::new(method, api.url(&path, &[])?).json(&roles);
        api.send(&asked)?.map_or(Ok(()), |answer| done(&asked, answer).map(drop))
    }

    fn roles(&self, api: &Api, client: Option<&str>) -> Result<Vec<Value>> {
        let base = client.map_or_else(|| "roles".to_owned(), |id| format!("clients/{id}/roles"));
        let unknown = |found: Result<Value>, kind: &str, given: &str| match found {
            Err(Failure::Call { source, .. }) if source.is_not_found() && source.message() != "Realm not found." => {
                Err(Failure::Absent(format!("Role not found for {kind}: {given}")))
            }
            found => found,
        };
        let by_name = self.rolename.iter();
        let by_name = by_name.map(|name| unknown(api.get(&format!("{base}/{}", segment(name)), &[]), "name", name));
        let by_id = self.roleid.iter().map(|id| unknown(api.get(&format!("roles-by-id/{id}"), &[]), "id", id));
        by_name.chain(by_id).collect()
    }
}
