//! A realm's own settings.

use cloakroom_api::admin::realms::Realms;
use cloakroom_api::endpoint::Call;
use serde_json::{Map, Value};

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::super::managed::PREFIX;
use super::super::tree::{same, without};
use crate::error::Result;
use crate::steps::Unsent;

pub(crate) struct Settings;

/// What belongs to other kinds, and what the server makes.
const OTHERS: &[&str] = &[
    "realm",
    "keycloakVersion",
    "users",
    "federatedUsers",
    "clients",
    "roles",
    "groups",
    "clientScopes",
    "scopeMappings",
    "clientScopeMappings",
    "defaultDefaultClientScopes",
    "defaultOptionalClientScopes",
    "defaultGroups",
    "defaultRole",
    "defaultRoles",
    "identityProviders",
    "identityProviderMappers",
    "components",
    "authenticationFlows",
    "authenticatorConfig",
    "requiredActions",
    "requiredCredentials",
    "clientProfiles",
    "clientPolicies",
    "localizationTexts",
    "organizations",
    "userProfile",
    "adminPermissionsClient",
    "otpSupportedApplications",
    "protocolMappers",
    "privateKey",
    "publicKey",
    "certificate",
    "codeSecret",
];

/// Fields that servers keep as attributes, and show as fields alone; files of older servers have them as both.
const AS_FIELDS: &[&str] = &[
    "displayName",
    "displayNameHtml",
    "defaultSignatureAlgorithm",
    "actionTokenGeneratedByAdminLifespan",
    "actionTokenGeneratedByUserLifespan",
    "offlineSessionMaxLifespanEnabled",
    "offlineSessionMaxLifespan",
    "bruteForceProtected",
    "bruteForceStrategy",
    "permanentLockout",
    "maxTemporaryLockouts",
    "maxSecondaryAuthFailures",
    "maxFailureWaitSeconds",
    "minimumQuickLoginWaitSeconds",
    "waitIncrementSeconds",
    "quickLoginCheckMilliSeconds",
    "maxDeltaTimeSeconds",
    "failureFactor",
    "organizationsEnabled",
    "adminPermissionsEnabled",
    "verifiableCredentialsEnabled",
    "webAuthnPolicyRpEntityName",
    "webAuthnPolicyRpId",
    "webAuthnPolicyAttestationConveyancePreference",
    "webAuthnPolicyAuthenticatorAttachment",
    "webAuthnPolicyRequireResidentKey",
    "webAuthnPolicyResidentKey",
    "webAuthnPolicyUserVerificationRequirement",
    "webAuthnPolicyCreateTimeout",
    "webAuthnPolicyAvoidSameAuthenticatorRegister",
];

/// How fields begin that are taken all together or not at all.
const POLICIES: &[&str] = &["otpPolicy", "webAuthnPolicy"];

const FLOWS: &[&str] = &[
    "browserFlow",
    "registrationFlow",
    "directGrantFlow",
    "resetCredentialsFlow",
    "clientAuthenticationFlow",
    "dockerAuthenticationFlow",
    "firstBrokerLoginFlow",
];

impl Kind for Settings {
    fn name(&self) -> &'static str {
        "realm settings"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let mut own = without(tree, OTHERS);
        let mut fields = Map::new();
        if let Some(Value::Object(attributes)) = own.get_mut("attributes") {
            attributes.retain(|name, _| !name.starts_with(PREFIX));
            fields = AS_FIELDS.iter().filter_map(|name| attributes.remove_entry(*name)).collect();
        }
        fields.retain(|name, _| own.get(name).is_none_or(Value::is_null));
        fill(&mut own, &fields.into());
        found.add(Key::new(), &own, &[]);
    }

    fn put(&self, tree: &mut Value, _key: &[String], value: &Value) {
        fill(at(tree, &[]), value);
    }

    fn fixed(&self) -> bool {
        true
    }

    fn links(&self) -> &'static [&'static str] {
        FLOWS
    }

    fn call(&self, cx: &Cx<'_>, _: Operation, _: &[String], _: &str) -> Result<Call> {
        Ok(Realms::new(&Unsent).update(cx.realm, &Default::default()))
    }

    /// Sends the fields that change, with those that go with them; of attributes, since an update replaces them all, those that are there as well.
    fn update<'a>(&'a self, cx: &'a Cx<'_>, _: &'a Key, body: Value, old: &'a Value) -> Doing<'a, ()> {
        let none = Map::new();
        let new = body.as_object().unwrap_or(&none);
        let changed = |field: &str| !same(old.get(field).unwrap_or(&Value::Null), &new[field]);
        let together = |field: &str| {
            let policy = POLICIES.iter().find(|policy| field.starts_with(**policy));
            policy.is_some_and(|policy| new.keys().any(|other| other.starts_with(policy) && changed(other)))
        };
        let mut settings: Map<String, Value> = new
            .iter()
            .filter(|(field, _)| changed(field) || together(field))
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect();
        let attributes = match settings.remove("attributes") {
            Some(Value::Object(attributes)) => {
                let was = |name: &String| old.get("attributes").and_then(|all| all.get(name)).unwrap_or(&Value::Null);
                attributes.into_iter().filter(|(name, value)| !same(was(name), value)).collect()
            }
            _ => Map::new(),
        };
        Box::pin(async move { cx.set_attributes(&attributes, Value::Object(settings)).await })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, _: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        let flows = links.into_iter().map(|link| (link.field.to_owned(), link.new.clone())).collect();
        Box::pin(async move { cx.set_attributes(&Map::new(), Value::Object(flows)).await })
    }
}
