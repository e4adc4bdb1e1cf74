//! What an error's words do not say: the role that is missing, the name that was meant.

use cloakroom::api::{admin, names::nearest};
use cloakroom::{Error, NetworkKind};
use serde::de::{self, Deserialize, Deserializer, Visitor};

/// The roles that allow to look at and to change what a path begins with, below a realm; of a realm's `realm-management`
/// client, or of `master`'s client of the realm's name.
const ROLES: [(&[&str], &str, &str); 7] = [
    (&["users", "attack-detection"], "view-users", "manage-users"),
    (&["groups"], "view-users or query-groups", "manage-users"),
    (&["clients", "client-scopes", "client-templates", "clients-initial-access"], "view-clients", "manage-clients"),
    (&["identity-provider"], "view-identity-providers", "manage-identity-providers"),
    (&["events", "admin-events"], "view-events", "manage-events"),
    (&["organizations"], "view-organizations or manage-realm", "manage-organizations or manage-realm"),
    // roles, components, authentication, keys, … and the realm itself
    (&[], "view-realm", "manage-realm"),
];

/// Names the role that a request needs, as far as its path tells.
pub(crate) fn role(request: &str) -> String {
    const PLAIN: &str = "\nThe account that is logged in lacks the admin role for this.";
    let Some((method, path)) = request.split_once(' ') else { return PLAIN.to_owned() };
    let path = path.split('?').next().unwrap_or_default();
    let Some((_, below)) = path.split_once("/admin/") else { return PLAIN.to_owned() };
    let mut segments = below.split('/');
    if segments.next() != Some("realms") {
        return PLAIN.to_owned();
    }
    let Some(realm) = segments.next() else {
        let role = if method == "POST" { "create-realm" } else { "view-realm of a realm" };
        return format!("{PLAIN} It takes {role}.");
    };
    let realm = percent_encoding::percent_decode_str(realm).decode_utf8_lossy();
    let first = segments.next().unwrap_or_default();
    let last = segments.next_back().unwrap_or_default();
    let known = ROLES.iter().find(|(names, ..)| names.is_empty() || names.contains(&first));
    let role = match (known, last) {
        (_, "impersonation") => "impersonation",
        (Some((_, view, _)), _) if method == "GET" => view,
        (Some((.., manage)), _) => manage,
        (None, _) => return PLAIN.to_owned(),
    };
    format!("{PLAIN}\nIt takes {role} of the realm \"{realm}\".")
}

/// For a body that the server does not accept: the field that was meant, or what it may hold.
pub(crate) fn field(message: &str) -> String {
    if message == "error-username-invalid-character" {
        return "\nThe username has a character that the realm's user profile does not allow, such as a space."
            .to_owned();
    }
    let Some((class, rest)) =
        message.split_once("representation for ").and_then(|(_, m)| m.split_once(". Unrecognized"))
    else {
        return String::new();
    };
    let name = rest.split('"').nth(1).unwrap_or_default();
    let Some(fields) = FIELDS.iter().find_map(|(known, fields)| (*known == class).then(fields)) else {
        return String::new();
    };
    match nearest(name, fields.iter().copied()).first() {
        Some(known) => format!("\nDid you mean \"{known}\"?"),
        None => format!("\n{class} has no such field."),
    }
}

type Names = fn() -> &'static [&'static str];

/// What the command line sends most.
const FIELDS: [(&str, Names); 12] = [
    ("UserRepresentation", names::<admin::users::User>),
    ("CredentialRepresentation", names::<admin::credentials::Credential>),
    ("RealmRepresentation", names::<admin::realms::Realm>),
    ("ClientRepresentation", names::<admin::clients::Client>),
    ("RoleRepresentation", names::<admin::roles::Role>),
    ("GroupRepresentation", names::<admin::groups::Group>),
    ("ClientScopeRepresentation", names::<admin::client_scopes::ClientScope>),
    ("ProtocolMapperRepresentation", names::<admin::mappers::ProtocolMapper>),
    ("ComponentRepresentation", names::<admin::components::Component>),
    ("IdentityProviderRepresentation", names::<admin::idps::IdentityProvider>),
    ("AuthenticationFlowRepresentation", names::<admin::flows::AuthenticationFlow>),
    ("OrganizationRepresentation", names::<admin::orgs::Organization>),
];

/// The names of a struct's fields, which serde tells to whom it asks for the struct.
fn names<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(Asked(&mut names));
    names
}

struct Asked<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(de::Error::custom("only the names were asked for"))
    }
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("not a struct"))
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// For a login that was refused: what to look at.
pub(crate) fn login(error: &Error) -> &'static str {
    let refused = if let Error::Login { source, .. } = error { source } else { error };
    match error.code() {
        None if refused.status() == 404 && !refused.to_string().contains("is the URL right") => {
            "\nIs --server right, with its port and its base path?"
        }
        Some("invalid_grant") => "\nIs the password right, and the realm? --login-realm names it.",
        Some("unauthorized_client" | "invalid_client") => {
            "\nAre --client-id and --client-secret right, and does the client allow this grant?"
        }
        Some("Realm does not exist") => "\n--login-realm names the realm to log in to, as it is spelt in the server.",
        _ => "",
    }
}

/// For a certificate that was refused: all there is to say. `trust` names what the trusted ones are given by.
pub(crate) fn certificate(error: &Error, trust: &str) -> Option<String> {
    let (origin, cause) = match error {
        Error::Login { source, .. } => return certificate(source, trust),
        Error::Network { origin, kind: NetworkKind::Certificate, source, .. } => (origin, source),
        _ => return None,
    };
    let causes = std::iter::successors(Some(cause.as_ref() as &dyn std::error::Error), |e| e.source());
    let reason = causes.last().map(ToString::to_string).unwrap_or_default();
    let has = |words: &str| reason.contains(words);
    Some(if has("not valid for name") || has("NotValidForName") {
        let whose = reason.split_once("only valid for ").map(|(_, names)| format!(" ({names})")).unwrap_or_default();
        format!("{origin} has a certificate for another name{whose}: use a name that it is for in the address.")
    } else if has("expired") || has("Expired") || has("not valid yet") || has("NotValidYet") {
        format!("{origin} has a certificate that is out of date: renew it there, or set this machine's clock.")
    } else if has("CaUsedAsEndEntity") {
        // as `openssl req -x509` makes them
        format!(
            "{origin} uses an authority's certificate as its own, which nobody can trust: make it one with basicConstraints=CA:FALSE, and give that to {trust}."
        )
    } else {
        format!(
            "{origin} has a certificate that is not trusted: give that of its authority to {trust}, or add it to this system's trust store."
        )
    })
}

/// For a connection that failed: what to look at.
pub(crate) fn network(message: &str) -> String {
    let lower = message.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&[
        "fatal alert: certificate",
        "fatal alert: badcertificate",
        "fatal alert: unknownca",
        "fatal alert: decrypterror",
    ]) {
        return "\nThe server asks for a certificate that it trusts: --client-cert names one.".to_owned();
    }
    if has(&[
        "invalidcontenttype",
        "corrupt message",
        "wrong version",
        "invalid http version",
        "message incomplete",
        "parse",
    ]) {
        let turned = if lower.contains("https://") { "http in place of https" } else { "https in place of http" };
        return format!("\nIs it {turned}, or another port?");
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_is_known_from_the_path() {
        let of = |request| role(request);
        assert!(
            of("GET http://x/admin/realms/my%20realm/users/1?max=2")
                .ends_with("It takes view-users of the realm \"my realm\".")
        );
        assert!(of("PUT http://x/auth/admin/realms/acme/clients/1").contains("manage-clients"));
        assert!(of("POST http://x/admin/realms/acme/users/1/impersonation").contains("takes impersonation"));
        assert!(of("PUT http://x/admin/realms/acme").contains("manage-realm"));
        assert!(of("POST http://x/admin/realms").contains("create-realm"));
        assert!(!of("GET http://x/realms/acme/account").contains("takes"));
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let of = |class: &str, name: &str| {
            field(&format!(
                "Invalid json representation for {class}. Unrecognized field \"{name}\" at line 1 column 14."
            ))
        };
        assert_eq!(of("UserRepresentation", "userName"), "\nDid you mean \"username\"?");
        assert_eq!(of("ClientRepresentation", "redirectUrls"), "\nDid you mean \"redirectUris\"?");
        assert_eq!(of("RealmRepresentation", "accesTokenLifespan"), "\nDid you mean \"accessTokenLifespan\"?");
        assert_eq!(of("UserRepresentation", "xyzzy"), "\nUserRepresentation has no such field.");
        assert_eq!(of("NewRepresentation", "x"), "");
        assert_eq!(field("User exists"), "");
        for (class, fields) in FIELDS {
            assert!(fields().len() > 3, "{class}");
        }
    }
}
