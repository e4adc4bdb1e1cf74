//! Who administrates a realm, and how well that is guarded.

use cloakroom::api::admin::clients::Client;
use cloakroom::api::tree::Realm;
use cloakroom::{Error, OrNone, blocking};

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;

/// So many administrators are looked at closely.
const FEW: usize = 25;

/// Somebody with every right.
#[derive(Debug, Default, Clone)]
pub(crate) struct Admin {
    pub(crate) id: String,
    pub(crate) username: String,
    /// The client whose service account it is.
    pub(crate) client: Option<String>,
    /// Made at the first start, to be replaced.
    pub(crate) temporary: bool,
    /// The types of the credentials, where they were asked for.
    pub(crate) credentials: Option<Vec<String>>,
}

/// Those who have `admin` of master, or `realm-admin` of another realm.
pub(crate) fn of(at: &Realm<'_, blocking::Client>, name: &str, clients: &[Client]) -> Result<Vec<Admin>, Error> {
    let management = clients.iter().find(|c| c.client_id.as_deref() == Some("realm-management"));
    let management = management.and_then(|client| client.id.as_deref());
    let users = match (name, management) {
        ("master", _) => at.roles().users("admin", &Default::default()),
        (_, Some(id)) => at.client(id).roles().users("realm-admin", &Default::default()),
        _ => return Ok(Vec::new()),
    };
    let mut admins = Vec::new();
    for (position, user) in users.or_none()?.unwrap_or_default().into_iter().enumerate() {
        let (Some(id), Some(username)) = (user.id, user.username) else { continue };
        let client =
            user.service_account_client_id.or_else(|| username.strip_prefix("service-account-").map(str::to_owned));
        let (mut temporary, mut credentials) = (false, None);
        if position < FEW {
            let whole = at.users().get(&id, &Default::default()).or_none()?.unwrap_or_default();
            let attributes = whole.attributes.unwrap_or_default();
            temporary = attributes.first("is_temporary_admin") == Some("true");
            if client.is_none() {
                let kinds = at.user(&id).credentials().list().or_none()?.unwrap_or_default();
                credentials = Some(kinds.into_iter().filter_map(|credential| credential.r#type).collect());
            }
        }
        admins.push(Admin { id, username, client, temporary, credentials });
    }
    Ok(admins)
}

/// Which of the roles that every user has are an administrator's.
pub(crate) fn default_roles(at: &Realm<'_, blocking::Client>, id: &str) -> Result<Vec<String>, Error> {
    let clients = at.clients().list_all(&Default::default()).into_vec()?;
    let managing = |container: &str| {
        let client = clients.iter().find(|client| client.id.as_deref() == Some(container));
        client.and_then(|c| c.client_id.as_deref()).is_some_and(|id| id == "realm-management" || id.ends_with("-realm"))
    };
    let roles = at.roles_by_id().composites_all(id, &Default::default()).into_vec()?;
    let dangerous = roles.into_iter().filter(|role| match role.client_role {
        Some(true) => role.container_id.as_deref().is_some_and(managing),
        _ => role.name.as_deref() == Some("admin"),
    });
    Ok(dangerous.filter_map(|role| role.name).collect())
}

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "temporary-admin",
        severity: Severity::High,
        why: "The administrator of the first start is meant for making the real ones; its password was in an environment",
        source: "",
        look: temporary,
    },
    Check {
        code: "admin-one-factor",
        severity: Severity::Medium,
        why: "A password alone can be phished, and this one opens everything",
        source: "RFC 6819, 5.1.4",
        look: one_factor,
    },
    Check {
        code: "admin-service-account",
        severity: Severity::High,
        why: "Whoever has the client's secret has the realm; a client needs the few roles of its task",
        source: "RFC 9700, 2.3",
        look: service_account,
    },
    Check {
        code: "default-role-admin",
        severity: Severity::High,
        why: "Every user, new ones included, is an administrator",
        source: "",
        look: everybody,
    },
];

fn temporary(facts: &Facts) -> Vec<Found> {
    let found = |admin: &Admin| Found {
        object: format!("user {}", admin.username),
        what: "the temporary administrator is still there".to_owned(),
        fix: format!(
            "make an administrator of your own, then: cloakroom delete users/{} -r {}",
            admin.id,
            facts.name()
        ),
    };
    facts.admins.iter().filter(|admin| admin.temporary).map(found).collect()
}

fn one_factor(facts: &Facts) -> Vec<Found> {
    let alone = |admin: &&Admin| {
        let kinds = admin.credentials.as_deref();
        kinds.is_some_and(|kinds| kinds.iter().any(|k| k == "password") && !kinds.iter().any(|k| k != "password"))
    };
    let found = |admin: &Admin| Found {
        object: format!("user {}", admin.username),
        what: "an administrator has a password and no second factor".to_owned(),
        fix: facts.set_at(&format!("users/{}", admin.id), r#"requiredActions=["CONFIGURE_TOTP"]"#),
    };
    facts.admins.iter().filter(alone).map(found).collect()
}

fn service_account(facts: &Facts) -> Vec<Found> {
    let role = if facts.name() == "master" { "admin" } else { "realm-admin" };
    let found = |admin: &Admin| {
        Some(Found {
            object: format!("client {}", admin.client.as_deref()?),
            what: format!("its service account has the role {role}"),
            fix: format!("take {role} from {} and give it the roles it needs, such as view-users", admin.username),
        })
    };
    facts.admins.iter().filter_map(found).collect()
}

fn everybody(facts: &Facts) -> Vec<Found> {
    if facts.default_admin_roles.is_empty() {
        return Vec::new();
    }
    let roles = facts.default_admin_roles.join(", ");
    let fix = format!("take {roles} out of the realm's default roles");
    vec![Found { object: "realm".to_owned(), what: format!("the default roles have {roles}"), fix }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(admin: Admin) -> Facts {
        Facts { admins: vec![Admin { username: "ann".to_owned(), ..admin }], ..Facts::default() }
    }

    fn with(kinds: &[&str]) -> Facts {
        facts(Admin { credentials: Some(kinds.iter().map(|k| (*k).to_owned()).collect()), ..Admin::default() })
    }

    #[test]
    fn an_administrator_of_the_first_start_is_found() {
        assert_eq!(temporary(&facts(Admin { temporary: true, ..Admin::default() })).len(), 1);
        assert_eq!(temporary(&facts(Admin::default())), []);
    }

    #[test]
    fn a_password_alone_is_found() {
        assert_eq!(one_factor(&with(&["password"])).len(), 1);
        for fine in [with(&["password", "otp"]), with(&["webauthn-passwordless"]), with(&[]), facts(Admin::default())] {
            assert_eq!(one_factor(&fine), []);
        }
    }

    #[test]
    fn a_service_account_with_every_right_is_found() {
        let found = service_account(&facts(Admin { client: Some("robot".to_owned()), ..Admin::default() }));
        assert_eq!(found[0].object, "client robot");
        assert_eq!(service_account(&facts(Admin::default())), []);
    }

    #[test]
    fn rights_of_everybody_are_found() {
        let facts = Facts { default_admin_roles: vec!["manage-users".to_owned()], ..Facts::default() };
        assert!(everybody(&facts)[0].what.contains("manage-users"));
        assert_eq!(everybody(&Facts::default()), []);
    }
}
