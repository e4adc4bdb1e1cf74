//! Whether a user may get tokens without a browser: nothing is left that a page would have to ask first.

use super::{mappers::Needs, subject::Subject};
use crate::{Result, admin::access::MASTER, cx::Cx, password, realm_view::RealmView};
use cloakroom_api::admin::profile::{ProfileAttribute, ProfileConfig};
use cloakroom_store::users::UserRow;

/// Whether nothing is left that only a browser can ask of the user: required actions, an attribute that is missing, an
/// address that is not verified, a password that is too old.
pub fn is_set_up(cx: &mut Cx, realm: &RealmView, user: &UserRow) -> Result<bool> {
    let actions = user.rest.required_actions.as_deref().unwrap_or_default();
    let unverified = realm.settings.verify_email == Some(true) && !user.email_verified;
    if !actions.is_empty() || unverified || (asks_for_profile(realm) && !has_required_attributes(cx, realm, user)?) {
        return Ok(false);
    }
    Ok(!password::has_expired(cx, realm, &user.id)?)
}

/// Whether the realm has users complete their profile at login.
fn asks_for_profile(realm: &RealmView) -> bool {
    let action = realm.lists.required_actions.iter().find(|action| action.alias.as_deref() == Some("VERIFY_PROFILE"));
    action.is_none_or(|action| action.enabled != Some(false))
}

/// Whether the user has every attribute that the realm's profile requires of users themselves.
fn has_required_attributes(cx: &mut Cx, realm: &RealmView, user: &UserRow) -> Result<bool> {
    let needs = Needs { attributes: true, groups: false };
    let subject = Subject::load(cx.read()?, user.clone(), needs)?;
    let given = |name: &str| subject.own(name).is_some_and(|value| !value.trim().is_empty());
    Ok(required_attributes(realm).iter().all(|name| given(name)))
}

fn required_attributes(realm: &RealmView) -> Vec<String> {
    let provider = "org.keycloak.userprofile.UserProfileProvider";
    let component = realm.components.iter().find(|c| c.provider_type.as_deref() == Some(provider));
    let Some(text) = component.and_then(|c| c.config.first("kc.user.profile.config")) else {
        // master's first administrator has a name and nothing else
        let required: &[&str] = if realm.name == MASTER { &[] } else { &["email", "firstName", "lastName"] };
        return required.iter().map(|name| (*name).to_owned()).collect();
    };
    let profile: ProfileConfig = serde_json::from_str(text).unwrap_or_default();
    let required = |attribute: &ProfileAttribute| {
        let Some(required) = &attribute.required else { return false };
        let (roles, scopes) = (required.roles.as_deref().unwrap_or_default(), required.scopes.as_deref());
        roles.iter().any(|role| role == "user") || (roles.is_empty() && scopes.is_none_or(<[String]>::is_empty))
    };
    let attributes = profile.attributes.unwrap_or_default();
    attributes.into_iter().filter(required).filter_map(|attribute| attribute.name).collect()
}
