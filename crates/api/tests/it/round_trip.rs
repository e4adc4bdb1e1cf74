//! What Keycloak writes goes through our types without losing a field.

use cloakroom_api::admin::*;
use cloakroom_api::endpoint::Operation;
use cloakroom_api::{lenient, oidc, uma};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::recordings;

#[test]
fn realm_files_lose_nothing() {
    let Some(keycloak) = recordings::keycloak() else { return };
    let mut files = recordings::json_files(&keycloak.join("realms"));
    files.extend(["default-realm.json", "master-realm.json"].map(|name| keycloak.join(name)));
    for file in files {
        let body = std::fs::read(&file).unwrap();
        let realm: realms::Realm = lenient::read_json(&body).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let lost = lost(&recordings::read(&file), &serde_json::to_value(realm).unwrap());
        assert_eq!(lost, [""; 0], "{}", file.display());
    }
}

#[test]
fn recorded_answers_lose_nothing() {
    let Some(golden) = recordings::golden() else { return };
    let (mut complaints, mut seen) = (Vec::new(), 0);
    for file in recordings::json_files(&golden.join("expected")) {
        for step in recordings::read(&file).as_array().unwrap() {
            let (Some(name), Some(200 | 201)) = (step["step"].as_str(), step["status"].as_u64()) else { continue };
            let Some((verb, path)) = name.split_once(' ') else { continue };
            let path = path.split(['?', ' ']).next().unwrap_or_default();
            let Some(check) = type_of(verb, path) else { continue };
            let body = unmask(&step["body"]);
            if !is_whole(&body) {
                continue;
            }
            seen += 1;
            let scenario = file.file_stem().unwrap().to_string_lossy();
            complaints.extend(check(&body).into_iter().map(|what| format!("{scenario}: {name}: {what}")));
        }
    }
    complaints.sort();
    complaints.dedup();
    assert_eq!(complaints.join("\n"), "");
    assert!(seen > 200, "only {seen} answers were looked at");
}

#[test]
fn recorded_answers_are_cached_as_the_rows_say() {
    let Some(golden) = recordings::golden() else { return };
    let mut complaints = std::collections::BTreeSet::new();
    for file in recordings::json_files(&golden.join("expected")) {
        for step in recordings::read(&file).as_array().unwrap() {
            let (Some(name), Some(200..300)) = (step["step"].as_str(), step["status"].as_u64()) else { continue };
            let Some((verb, path)) = name.split_once(' ') else { continue };
            let Some(operation) = find(verb, path.split(['?', ' ']).next().unwrap_or_default()) else { continue };
            if !operation.path.starts_with("/admin") || !step["headers"].is_object() {
                continue;
            }
            let cache = step["headers"]["cache-control"].as_str().unwrap_or_default();
            if cache != operation.cache {
                complaints.insert(format!("{}: {cache:?}, not {:?}", operation.name, operation.cache));
            }
        }
    }
    assert_eq!(complaints.into_iter().collect::<Vec<_>>().join("\n"), "");
}

/// Reads and writes a value as a type, and says what went wrong or was lost.
fn through<T: Serialize + DeserializeOwned>(body: &Value) -> Vec<String> {
    match lenient::from_value::<T>(body.clone()) {
        Ok(read) => lost(body, &serde_json::to_value(read).unwrap()),
        Err(error) => vec![error.to_string()],
    }
}

/// An export; some steps record only the names of what is in it.
fn whole_realm(body: &Value) -> Vec<String> {
    if body.is_array() { Vec::new() } else { through::<realms::Realm>(body) }
}

type Check = fn(&Value) -> Vec<String>;

/// How the answer of an operation is read.
fn type_of(verb: &str, path: &str) -> Option<Check> {
    const OPERATIONS: &[(&str, Check)] = &[
        ("Realms::list", through::<Vec<realms::Realm>>),
        ("Realms::get", through::<realms::Realm>),
        ("Realms::partial_export", whole_realm),
        ("Realms::partial_import", through::<realms::PartialImportResults>),
        ("Realms::client_session_stats", through::<Vec<sessions::ClientSessionStats>>),
        ("Realms::default_groups", through::<Vec<groups::Group>>),
        ("PublicRealm::get", through::<realms::PublishedRealm>),
        ("Users::list", through::<Vec<users::User>>),
        ("Users::get", through::<users::User>),
        ("Users::groups", through::<Vec<groups::Group>>),
        ("Users::sessions", through::<Vec<sessions::UserSession>>),
        ("Users::offline_sessions", through::<Vec<sessions::UserSession>>),
        ("Users::consents", through::<Vec<users::ClientConsent>>),
        ("Users::federated_identities", through::<Vec<users::FederatedIdentity>>),
        ("Users::impersonate", through::<users::Impersonation>),
        ("Credentials::list", through::<Vec<credentials::Credential>>),
        ("Groups::list", through::<Vec<groups::Group>>),
        ("Groups::get", through::<groups::Group>),
        ("Groups::children", through::<Vec<groups::Group>>),
        ("Groups::create_child", through::<groups::Group>),
        ("Groups::members", through::<Vec<users::User>>),
        ("Groups::by_path", through::<groups::Group>),
        ("Groups::permissions", through::<permissions::ManagementPermissions>),
        ("RealmRoles::list", through::<Vec<roles::Role>>),
        ("RealmRoles::get", through::<roles::Role>),
        ("RealmRoles::composites", through::<Vec<roles::Role>>),
        ("ClientRoles::list", through::<Vec<roles::Role>>),
        ("ClientRoles::get", through::<roles::Role>),
        ("RolesById::get", through::<roles::Role>),
        ("UserRoleMappings::list", through::<role_mappings::Mappings>),
        ("UserRealmRoles::list", through::<Vec<roles::Role>>),
        ("GroupRoleMappings::list", through::<role_mappings::Mappings>),
        ("ClientScopeMappings::list", through::<role_mappings::Mappings>),
        ("ScopeScopeMappings::list", through::<role_mappings::Mappings>),
        ("Clients::list", through::<Vec<clients::Client>>),
        ("Clients::get", through::<clients::Client>),
        ("Clients::secret", through::<credentials::Credential>),
        ("Clients::regenerate_secret", through::<credentials::Credential>),
        ("Clients::service_account_user", through::<users::User>),
        ("Clients::user_sessions", through::<Vec<sessions::UserSession>>),
        ("ClientCertificates::get", through::<clients::Certificate>),
        ("EvaluateScopes::protocol_mappers", through::<Vec<mappers::ProtocolMapperEvaluation>>),
        ("ClientScopes::list", through::<Vec<client_scopes::ClientScope>>),
        ("ClientScopes::get", through::<client_scopes::ClientScope>),
        ("ClientMappers::list", through::<Vec<mappers::ProtocolMapper>>),
        ("ScopeMappers::list", through::<Vec<mappers::ProtocolMapper>>),
        ("ScopeMappers::get", through::<mappers::ProtocolMapper>),
        ("Components::list", through::<Vec<components::Component>>),
        ("Components::get", through::<components::Component>),
        ("Components::sub_types", through::<Vec<components::ComponentType>>),
        ("AttackDetection::get", through::<attack_detection::BruteForceStatus>),
        ("Events::list", through::<Vec<events::Event>>),
        ("Events::config", through::<events::RealmEventsConfig>),
        ("AdminEvents::list", through::<Vec<events::AdminEvent>>),
        ("Flows::list", through::<Vec<flows::AuthenticationFlow>>),
        ("Flows::get", through::<flows::AuthenticationFlow>),
        ("Flows::executions", through::<Vec<flows::AuthenticationExecutionInfo>>),
        ("Executions::get", through::<flows::AuthenticationExecution>),
        ("Executions::config", through::<flows::AuthenticatorConfig>),
        ("AuthenticatorConfigs::get", through::<flows::AuthenticatorConfig>),
        ("AuthenticatorConfigs::description", through::<flows::AuthenticatorConfigInfo>),
        ("AuthenticationProviders::authenticators", through::<Vec<flows::providers::AuthenticationProvider>>),
        ("AuthenticationProviders::client_authenticators", through::<Vec<flows::providers::AuthenticationProvider>>),
        ("AuthenticationProviders::forms", through::<Vec<flows::providers::AuthenticationProvider>>),
        ("AuthenticationProviders::form_actions", through::<Vec<flows::providers::AuthenticationProvider>>),
        ("RequiredActions::list", through::<Vec<flows::RequiredAction>>),
        ("RequiredActions::get", through::<flows::RequiredAction>),
        ("RequiredActions::unregistered", through::<Vec<flows::required_actions::UnregisteredAction>>),
        ("IdentityProviders::list", through::<Vec<idps::IdentityProvider>>),
        ("IdentityProviders::get", through::<idps::IdentityProvider>),
        ("IdentityProviders::kind", through::<idps::IdentityProviderKind>),
        ("IdentityProviders::permissions", through::<permissions::ManagementPermissions>),
        ("IdentityProviderMappers::list", through::<Vec<idps::IdentityProviderMapper>>),
        ("IdentityProviderMappers::get", through::<idps::IdentityProviderMapper>),
        ("Organizations::list", through::<Vec<orgs::Organization>>),
        ("Organizations::get", through::<orgs::Organization>),
        ("Organizations::of_user", through::<Vec<orgs::Organization>>),
        ("Members::list", through::<Vec<orgs::Member>>),
        ("Members::get", through::<orgs::Member>),
        ("Members::organizations", through::<Vec<orgs::Organization>>),
        ("Members::groups", through::<Vec<groups::Group>>),
        ("Invitations::list", through::<Vec<orgs::OrganizationInvitation>>),
        ("Invitations::get", through::<orgs::OrganizationInvitation>),
        ("OrganizationIdentityProviders::list", through::<Vec<idps::IdentityProvider>>),
        ("OrganizationIdentityProviders::get", through::<idps::IdentityProvider>),
        ("OrganizationGroups::list", through::<Vec<groups::Group>>),
        ("OrganizationGroups::get", through::<groups::Group>),
        ("OrganizationGroups::members", through::<Vec<orgs::Member>>),
        ("OrganizationGroups::children", through::<Vec<groups::Group>>),
        ("OrganizationGroups::create", through::<groups::Group>),
        ("InitialAccess::list", through::<Vec<initial_access::ClientInitialAccess>>),
        ("InitialAccess::create", through::<initial_access::ClientInitialAccess>),
        ("RegistrationPolicies::providers", through::<Vec<components::ComponentType>>),
        ("UserStorage::name", through::<user_storage::StorageName>),
        ("AuthzSettings::get", through::<authz::ResourceServer>),
        ("AuthzResources::list", through::<Vec<authz::Resource>>),
        ("AuthzResources::scopes", through::<Vec<authz::Scope>>),
        ("AuthzResources::permissions", through::<Vec<authz::Policy>>),
        ("AuthzScopes::list", through::<Vec<authz::Scope>>),
        ("AuthzScopes::get", through::<authz::Scope>),
        ("AuthzScopes::permissions", through::<Vec<authz::Policy>>),
        ("AuthzScopes::resources", through::<Vec<authz::Resource>>),
        ("AuthzPolicies::list", through::<Vec<authz::Policy>>),
        ("AuthzPolicies::get", through::<authz::Policy>),
        ("AuthzPolicies::find", through::<authz::Policy>),
        ("AuthzPolicies::associated", through::<Vec<authz::Policy>>),
        ("AuthzPolicies::dependent", through::<Vec<authz::Policy>>),
        ("AuthzPermissions::list", through::<Vec<authz::Policy>>),
        ("AggregatePolicies::get", through::<authz::typed::AggregatePolicy>),
        ("ClientPolicies::get", through::<authz::typed::ClientPolicy>),
        ("ClientScopePolicies::get", through::<authz::typed::ClientScopePolicy>),
        ("GroupPolicies::get", through::<authz::typed::GroupPolicy>),
        ("RegexPolicies::get", through::<authz::typed::RegexPolicy>),
        ("RolePolicies::get", through::<authz::typed::RolePolicy>),
        ("TimePolicies::get", through::<authz::typed::TimePolicy>),
        ("UserPolicies::get", through::<authz::typed::UserPolicy>),
        ("UserPolicies::list", through::<Vec<authz::typed::UserPolicy>>),
        ("ResourcePermissions::get", through::<authz::typed::ResourcePermission>),
        ("ScopePermissions::get", through::<authz::typed::ScopePermission>),
        ("RealmDiscovery::openid", through::<oidc::discovery::Discovery>),
        ("Certs::get", through::<oidc::certs::KeySet>),
        ("Introspect::request", through::<oidc::introspect::Introspection>),
        ("Device::request", through::<oidc::device::DeviceAuthorization>),
        ("Registration::create", through::<oidc::register::ClientMetadata>),
        ("Registration::get", through::<oidc::register::ClientMetadata>),
        ("Registration::update", through::<oidc::register::ClientMetadata>),
        ("NativeRegistration::create", through::<clients::Client>),
        ("UmaRealm::discovery", through::<uma::discovery::UmaDiscovery>),
        ("UmaResources::create", through::<uma::resources::UmaResource>),
        ("UmaResources::get", through::<uma::resources::UmaResource>),
        ("UmaTickets::create", through::<uma::tickets::requests::Ticket>),
        ("UmaPolicies::create", through::<uma::policies::UmaPolicy>),
        ("UmaPolicies::get", through::<uma::policies::UmaPolicy>),
    ];
    let operation = find(verb, path)?;
    OPERATIONS.iter().find(|(name, _)| *name == operation.name).map(|(_, check)| *check)
}

/// The operation of a request; of several that fit the one with the fewest placeholders.
fn find(verb: &str, path: &str) -> Option<&'static Operation> {
    let fits = |pattern: &str| {
        let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(rest), Some(_)) if rest.starts_with("{*") => return true,
                (Some(name), Some(value)) if name.starts_with('{') || name == value => {}
                _ => return false,
            }
        }
    };
    let candidates = cloakroom_api::operations().filter(|o| o.method == verb && fits(o.path));
    candidates.min_by_key(|o| o.path.matches('{').count())
}

/// Recordings mask times and what is secret; a mask of a number would not be read as one.
fn unmask(value: &Value) -> Value {
    match value {
        Value::String(text) if text == "<time>" => 1.into(),
        Value::Array(values) => values.iter().map(unmask).collect(),
        // recordings take JSON in a string, and tokens, apart
        Value::Object(map) if map.keys().eq(["json"]) => Value::String(map["json"].to_string()),
        Value::Object(map) if map.keys().eq(["claims", "jwt"]) => Value::String("header.claims.signature".to_owned()),
        Value::Object(map) => {
            let of_lists = map.values().any(Value::is_array);
            let entry = |(name, value): (&String, &Value)| match (name.as_str(), value) {
                ("x5c", Value::String(_)) => (name.clone(), Value::Array(Vec::new())),
                ("certificate" | "privateKey", Value::String(_)) if of_lists => {
                    (name.clone(), Value::Array(Vec::new()))
                }
                // recordings take JSON in a string apart
                ("credentialData", Value::Object(_)) => (name.clone(), Value::String(value.to_string())),
                _ => (name.clone(), unmask(value)),
            };
            Value::Object(map.iter().map(entry).collect())
        }
        value => value.clone(),
    }
}

/// Whether a body was recorded as Keycloak sent it. Many steps record a part only, rebuilt as the step likes.
fn is_whole(body: &Value) -> bool {
    match body {
        Value::Array(entries) => !entries.is_empty() && entries.iter().all(is_whole),
        Value::Object(map) => {
            let id = map.get("id").or(map.get("issuer")).or(map.get("keys")).or(map.get("active"));
            id.is_some_and(|id| !id.is_null()) && !map.contains_key("sub") && !map.contains_key("made")
        }
        _ => false,
    }
}

/// The ways to what is in `sent` and not in `kept`. Nulls may vanish; scalars are compared by their text.
fn lost(sent: &Value, kept: &Value) -> Vec<String> {
    fn walk(sent: &Value, kept: &Value, at: &str, found: &mut Vec<String>) {
        match (sent, kept) {
            (Value::Null, _) => {}
            (Value::Object(a), Value::Object(b)) => {
                for (name, value) in a {
                    walk(value, b.get(name).unwrap_or(&Value::Null), &format!("{at}.{name}"), found);
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                a.iter().zip(b).enumerate().for_each(|(i, (a, b))| walk(a, b, &format!("{at}[{i}]"), found));
            }
            (Value::Object(_) | Value::Array(_), _) => found.push(at.to_owned()),
            (a, b) if text(a) != text(b) => found.push(format!("{at}: {a} became {b}")),
            _ => {}
        }
    }
    fn text(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }
    let mut found = Vec::new();
    walk(sent, kept, "", &mut found);
    found
}
