//! `get-roles`, `add-roles`, `remove-roles`, `set-password`.

use http::Method;

use super::auth::secret;
use super::stop::{Stop, usage};
use super::words::Given;
use super::{api, request};
use crate::cmd::roles::{Changed, Listed, reset};
use crate::who::{Whose, user};

fn whose(given: &Given) -> Whose {
    Whose {
        uusername: given.owned("--uusername"),
        uid: given.owned("--uid"),
        gname: given.owned("--gname"),
        gpath: given.owned("--gpath"),
        gid: given.owned("--gid"),
        rname: given.owned("--rname"),
        rid: given.owned("--rid"),
        cclientid: given.owned("--cclientid"),
        cid: given.owned("--cid"),
    }
}

pub(crate) fn list(given: &Given) -> Result<(), Stop> {
    let listed = Listed {
        whose: whose(given),
        rolename: given.owned("--rolename"),
        roleid: given.owned("--roleid"),
        available: given.has("--available"),
        effective: given.has("--effective"),
        all: given.has("--all"),
    };
    listed.check()?;
    let api = api(given, "roles")?;
    let url = listed.url(&api)?;
    request::list(given, &api, url)
}

pub(crate) fn change(given: &Given, verb: &str, method: Method) -> Result<(), Stop> {
    if given.is_empty() {
        return Err(Stop::Help);
    }
    let changed = Changed {
        whose: whose(given),
        rolename: given.all("--rolename").to_vec(),
        roleid: given.all("--roleid").to_vec(),
    };
    changed.check(verb)?;
    Ok(changed.send(&api(given, "roles")?, method)?)
}

pub(crate) fn set_password(given: &Given) -> Result<(), Stop> {
    if given.is_empty() {
        return Err(Stop::Help);
    }
    let who = match (given.one("--userid"), given.one("--username")) {
        (Some(_), Some(_)) => return Err(usage("Options --userid and --username are mutually exclusive")),
        (None, None) => return Err(usage("No user specified. Use --username or --userid to specify user")),
        who => who,
    };
    let password = secret(given, "--new-password", "KC_CLI_PASSWORD", "password")?;
    let api = api(given, "users")?;
    let id = match who {
        (Some(id), _) => id.to_owned(),
        (None, name) => user(&api, name.unwrap_or_default())?,
    };
    Ok(reset(&api, &id, password.expose(), given.has("--temporary"))?)
}
