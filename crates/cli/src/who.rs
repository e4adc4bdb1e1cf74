//! Users, groups, roles and clients by the names that people know: which one is meant, and its id.

use clap::Args;
use serde_json::Value;

use crate::api::Api;
use crate::failure::{Failure, Result};

/// Whose roles: a user's, a group's or a composite role's; and of which client, if they are not the realm's.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Whose {
    /// The user, by username
    #[arg(long, value_name = "NAME")]
    pub(crate) uusername: Option<String>,
    /// The user, by id
    #[arg(long, value_name = "ID")]
    pub(crate) uid: Option<String>,
    /// The group, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) gname: Option<String>,
    /// The group, by path, such as /staff/night
    #[arg(long, value_name = "PATH")]
    pub(crate) gpath: Option<String>,
    /// The group, by id
    #[arg(long, value_name = "ID")]
    pub(crate) gid: Option<String>,
    /// The composite role, by name
    #[arg(long, value_name = "NAME")]
    pub(crate) rname: Option<String>,
    /// The composite role, by id
    #[arg(long, value_name = "ID")]
    pub(crate) rid: Option<String>,
    /// Roles of a client, by its clientId [default: roles of the realm]
    #[arg(long, value_name = "CLIENTID")]
    pub(crate) cclientid: Option<String>,
    /// Roles of a client, by its id
    #[arg(long, value_name = "ID")]
    pub(crate) cid: Option<String>,
}

/// Who has roles.
pub(crate) enum Holder {
    User(String),
    Group(String),
    Role(String),
    /// Nobody: it is about the roles themselves.
    Nobody,
}

impl Whose {
    /// Refuses what cannot go together.
    pub(crate) fn check(&self) -> Result<()> {
        let exclusive = |given: &[bool], names: &str| {
            let several = given.iter().filter(|given| **given).count() > 1;
            let text = format!("Incompatible options: {names} are mutually exclusive");
            if several { Err(Failure::Usage(text)) } else { Ok(()) }
        };
        exclusive(&[self.uid.is_some(), self.uusername.is_some()], "--uid and --uusername")?;
        exclusive(&[self.gid.is_some(), self.gname.is_some(), self.gpath.is_some()], "--gid, --gname and --gpath")?;
        exclusive(&[self.rid.is_some(), self.rname.is_some()], "--rid and --rname")?;
        exclusive(&[self.cid.is_some(), self.cclientid.is_some()], "--cid and --cclientid")?;
        let (user, group, role) = ("--uusername / --uid", "--gname / --gid / --gpath", "--rname / --rid");
        for (one, other, first, second) in [
            (self.user(), self.group(), user, group),
            (self.user(), self.role(), user, role),
            (self.group(), self.role(), role, group),
        ] {
            if one && other {
                let text = format!("Incompatible options: {first} can't be used at the same time as {second}");
                return Err(Failure::Usage(text));
            }
        }
        Ok(())
    }

    fn user(&self) -> bool {
        self.uid.is_some() || self.uusername.is_some()
    }

    fn group(&self) -> bool {
        self.gid.is_some() || self.gname.is_some() || self.gpath.is_some()
    }

    fn role(&self) -> bool {
        self.rid.is_some() || self.rname.is_some()
    }

    /// Whether anybody is named.
    pub(crate) fn is_somebody(&self) -> bool {
        self.user() || self.group() || self.role()
    }

    /// Who is named, by id.
    pub(crate) fn holder(&self, api: &Api) -> Result<Holder> {
        let found = |id: &Option<String>, find: &dyn Fn() -> Result<String>| id.clone().map_or_else(find, Ok);
        if self.user() {
            return found(&self.uid, &|| user(api, self.uusername.as_deref().unwrap_or_default())).map(Holder::User);
        }
        if self.group() {
            let by_name = || match (&self.gname, &self.gpath) {
                (Some(name), _) => {
                    named(api, "groups", &[("search", name), ("exact", "true")], ("Group", "name"), name)
                }
                (None, path) => group(api, path.as_deref().unwrap_or_default()),
            };
            return found(&self.gid, &by_name).map(Holder::Group);
        }
        if self.role() {
            let by_name = || {
                let name = self.rname.as_deref().unwrap_or_default();
                let role = absent(api.get(&format!("roles/{}", segment(name)), &[]), "Role", "name", name)?;
                id(&role)
            };
            return found(&self.rid, &by_name).map(Holder::Role);
        }
        Ok(Holder::Nobody)
    }

    /// The id of the client that is named, if one is.
    pub(crate) fn client(&self, api: &Api) -> Result<Option<String>> {
        match (&self.cid, &self.cclientid) {
            (Some(id), _) => Ok(Some(id.clone())),
            (None, Some(name)) => named(api, "clients", &[("clientId", name)], ("Client", "clientId"), name).map(Some),
            (None, None) => Ok(None),
        }
    }
}

/// The id of the user with this name.
pub(crate) fn user(api: &Api, username: &str) -> Result<String> {
    named(api, "users", &[("username", username), ("exact", "true")], ("User", "username"), username)
}

fn group(api: &Api, path: &str) -> Result<String> {
    let segments: Vec<String> = path.split('/').filter(|name| !name.is_empty()).map(segment).collect();
    let group = absent(api.get(&format!("group-by-path/{}", segments.join("/")), &[]), "Group", "path", path)?;
    id(&group)
}

/// The one of a list whose field is the value.
fn named(api: &Api, list: &str, query: &[(&str, &str)], (kind, field): (&str, &str), value: &str) -> Result<String> {
    let answer = api.get(list, query)?;
    let mut all = Vec::new();
    flatten(&answer, &mut all);
    // usernames are kept in lower case, whatever case they are asked for in
    let same = |item: &&&Value| {
        let own = item[field].as_str().unwrap_or_default();
        own == value || (kind == "User" && own == value.to_lowercase())
    };
    match all.iter().filter(same).collect::<Vec<_>>().as_slice() {
        [] => Err(Failure::Absent(format!("{kind} not found for {field}: {value}"))),
        [one] => id(one),
        _ => Err(Failure::Usage(format!("Multiple {list} found for {field}: {value}. Name it by its id"))),
    }
}

/// A search for groups answers with the tree above those it found.
fn flatten<'a>(list: &'a Value, all: &mut Vec<&'a Value>) {
    for item in list.as_array().into_iter().flatten() {
        all.push(item);
        flatten(&item["subGroups"], all);
    }
}

pub(crate) fn id(found: &Value) -> Result<String> {
    let id = found["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| Failure::Io("the answer has no id: is --server right?".to_owned()))
}

fn absent(found: Result<Value>, kind: &str, field: &str, value: &str) -> Result<Value> {
    match found {
        Err(Failure::Call { source, .. }) if source.is_not_found() && source.message() != "Realm not found." => {
            Err(Failure::Absent(format!("{kind} not found for {field}: {value}")))
        }
        found => found,
    }
}

/// A name as one segment of a path.
pub(crate) fn segment(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F").replace('?', "%3F")
}
