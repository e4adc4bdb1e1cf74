//! `cargo xtask spec`: our operations and representations against Keycloak's OpenAPI document.
//!
//! What is missing stands in `spec/missing.txt`. The list may only shrink: the check fails when something is missing that
//! it does not name, and when it names something that is there.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cloakroom_api::{admin::*, error::ErrorBody};
use serde_json::Value;

use crate::{
    process::{Outcome, in_ci, root, say},
    shapes::Shapes,
};

const LIST: &str = "spec/missing.txt";

/// Representations that are made of others of ours, with what they have besides.
const MADE_OF: &[(&str, &[&str], &[&str])] = &[
    ("MemberRepresentation", &["UserRepresentation"], &["membershipType"]),
    ("ApplicationRepresentation", &["ClientRepresentation"], &["claims"]),
    ("OAuthClientRepresentation", &["ClientRepresentation"], &["claims"]),
    ("AbstractPolicyRepresentation", &["PolicyRepresentation"], &[]),
    ("ErrorRepresentation", &["ErrorBody"], &[]),
    // what a step is called with is `with` on the wire, and `config` is refused
    ("WorkflowStepRepresentation", &["WorkflowStepRepresentation"], &["config"]),
    // the claims that mappers add are in a token as it is, beside the others
    ("IDToken", &["IDToken"], &["otherClaims"]),
    ("AccessToken", &["IDToken", "AccessToken"], &["otherClaims"]),
];

/// Compares, and writes the list anew with `--write`.
pub(crate) fn run(args: &[String]) -> Outcome {
    let root = root();
    let document = std::env::var_os("CLOAKROOM_OPENAPI")
        .map_or_else(|| root.join("../shared/keycloak/openapi.json"), PathBuf::from);
    if !document.exists() {
        let message = "THE OPENAPI DOCUMENT IS NOT HERE: no operation was compared. Set CLOAKROOM_OPENAPI to it.";
        if in_ci() {
            return Err(message.to_owned());
        }
        say(message);
        return Ok(());
    }
    let text = std::fs::read(&document).map_err(|e| format!("{}: {e}", document.display()))?;
    let document: Value = serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", document.display()))?;

    let mut missing = operations(&document);
    missing.extend(fields(&document)?);
    let list = root.join(LIST);
    if args.iter().any(|arg| arg == "--write") {
        let text: String = missing.iter().map(|line| format!("{line}\n")).collect();
        return std::fs::write(&list, text).map_err(|e| format!("{LIST}: {e}"));
    }
    let listed = std::fs::read_to_string(&list).map_err(|e| format!("{LIST}: {e}"))?;
    compare(&missing, &listed)
}

fn compare(missing: &BTreeSet<String>, listed: &str) -> Outcome {
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let mut complaints: Vec<String> = Vec::new();
    complaints.extend(missing.difference(&listed).map(|line| format!("missing, and not in {LIST}: {line}")));
    complaints.extend(listed.difference(missing).map(|line| format!("there, and still in {LIST}: {line}")));
    if complaints.is_empty() {
        return Ok(());
    }
    complaints.push("cargo xtask spec --write brings the list up to date".to_owned());
    Err(complaints.join("\n"))
}

/// The document's operations that no table has: `GET /admin/realms/{}`.
fn operations(document: &Value) -> BTreeSet<String> {
    let ours: BTreeSet<String> =
        cloakroom_api::operations().map(|o| format!("{} {}", o.method, nameless(o.path))).collect();
    let Some(paths) = document["paths"].as_object() else { return BTreeSet::new() };
    let verbs = |(path, verbs): (&String, &Value)| -> Vec<String> {
        let names = verbs.as_object().into_iter().flat_map(|verbs| verbs.keys()).filter(|name| *name != "parameters");
        names.map(|verb| format!("{} {}", verb.to_uppercase(), nameless(path))).collect()
    };
    paths.iter().flat_map(verbs).filter(|operation| !ours.contains(operation)).collect()
}

/// A path whose placeholders have no names, for these differ.
fn nameless(path: &str) -> String {
    let segment = |segment: &str| if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The document's fields that our representations do not have: `RealmRepresentation.enabled`; or, where we have no such
/// representation, its name.
fn fields(document: &Value) -> Outcome<BTreeSet<String>> {
    let shapes = Shapes::default();
    shapes.add::<ErrorBody>()?;
    shapes.add::<legacy::Claims>()?;
    shapes.add::<realms::Realm>()?;
    shapes.add::<realms::PublishedRealm>()?;
    shapes.add::<realms::GlobalRequestResult>()?;
    shapes.add::<authz::PolicyEvaluationRequest>()?;
    shapes.add::<authz::PolicyEvaluationResponse>()?;
    shapes.add::<authz::PolicyProvider>()?;
    shapes.add::<authz::Permission>()?;
    shapes.add::<authz::AuthorizationDetails>()?;
    shapes.add::<authz::ResourceOwner>()?;
    shapes.add::<client_policies::ClientTypes>()?;
    shapes.add::<clients::Certificate>()?;
    shapes.add::<clients::KeystoreConfig>()?;
    shapes.add::<components::Component>()?;
    shapes.add::<components::ComponentType>()?;
    shapes.add::<events::Event>()?;
    shapes.add::<events::AdminEvent>()?;
    shapes.add::<events::RealmEventsConfig>()?;
    shapes.add::<flows::AuthenticationExecution>()?;
    shapes.add::<flows::AuthenticationExecutionInfo>()?;
    shapes.add::<flows::AuthenticatorConfigInfo>()?;
    shapes.add::<flows::RequiredActionConfig>()?;
    shapes.add::<flows::RequiredActionConfigInfo>()?;
    shapes.add::<idps::IdentityProviderMapperType>()?;
    shapes.add::<initial_access::ClientInitialAccess>()?;
    shapes.add::<initial_access::ClientInitialAccessCreate>()?;
    shapes.add::<keys::Keys>()?;
    shapes.add::<mappers::ProtocolMapperEvaluation>()?;
    shapes.add::<orgs::OrganizationInvitation>()?;
    shapes.add::<permissions::ManagementPermissions>()?;
    shapes.add::<profile::ProfileConfig>()?;
    shapes.add::<role_mappings::Mappings>()?;
    shapes.add::<sessions::UserSession>()?;
    shapes.add::<tokens::IdToken>()?;
    shapes.add::<tokens::AccessClaims>()?;
    shapes.add::<workflows::Workflow>()?;
    let ours = shapes.fields();

    let Some(schemas) = document["components"]["schemas"].as_object() else { return Ok(BTreeSet::new()) };
    let mut missing = BTreeSet::new();
    for (schema, definition) in schemas {
        let Some(properties) = definition["properties"].as_object() else { continue };
        let itself = [schema.as_str()];
        let made_of = MADE_OF.iter().find(|(name, _, _)| name == schema);
        let (parts, more) = made_of.map_or((&itself[..], &[][..]), |(_, parts, more)| (parts, more));
        let known: Option<Vec<&[&str]>> = parts.iter().map(|part| ours.get(part).copied()).collect();
        let Some(known) = known else {
            missing.insert(schema.clone());
            continue;
        };
        let has = |field: &str| more.contains(&field) || known.iter().any(|fields| fields.contains(&field));
        missing.extend(properties.keys().filter(|f| !has(f)).map(|field| format!("{schema}.{field}")));
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_exactly_what_is_missing() {
        let missing = BTreeSet::from(["GET /a".to_owned()]);
        assert_eq!(compare(&missing, "GET /a\n"), Ok(()));
        assert!(compare(&missing, "").unwrap_err().contains("missing, and not in"));
        assert!(compare(&missing, "GET /a\nGET /b\n").unwrap_err().contains("there, and still in"));
    }

    #[test]
    fn placeholders_are_compared_without_their_names() {
        assert_eq!(nameless("/a/{realm}/b/{*path}"), "/a/{}/b/{}");
    }
}
