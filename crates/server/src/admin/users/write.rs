//! Creating and changing users.

use super::{attributes, find_to_manage, lock_to_manage};
use crate::{
    Result,
    admin::access::AdminRole::*,
    cx::Cx,
    error::{self, Expected, bad_request, conflict},
    password::{self, Names, Policy, brute_force},
    profile::{Change, Context, EMAIL, FIRST_NAME, LAST_NAME, Rules, USERNAME},
    realm_view::RealmView,
};
use cloakroom_api::{
    admin::{
        credentials::Credential,
        users::{self as api, User},
    },
    endpoint::Created,
    fields::Attributes,
};
use cloakroom_store::{
    credentials::{self, CredentialRow, PASSWORD},
    federated_identities, groups, login_failures,
    users::{self, UserRow},
};

/// The required actions that a user can be given; others are passed over.
const REQUIRED_ACTIONS: [&str; 14] = [
    "CONFIGURE_RECOVERY_AUTHN_CODES",
    "CONFIGURE_TOTP",
    "TERMS_AND_CONDITIONS",
    "UPDATE_EMAIL",
    "UPDATE_PASSWORD",
    "UPDATE_PROFILE",
    "VERIFY_EMAIL",
    "VERIFY_PROFILE",
    "delete_account",
    "delete_credential",
    "idp_link",
    "update_user_locale",
    "webauthn-register",
    "webauthn-register-passwordless",
];

/// The required action of a password that must be changed.
pub(crate) const UPDATE_PASSWORD: &str = "UPDATE_PASSWORD";

/// Whether a required action of this name exists.
pub(crate) fn is_required_action(name: &str) -> bool {
    REQUIRED_ACTIONS.contains(&name)
}

pub(super) fn create(cx: &mut Cx, req: api::create::Request) -> Result<Created> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageUsers])?;
    let (realm, mut user) = (&admin.realm, req.body);
    let rules = Rules::of(&realm.settings);
    let filled = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    let named = filled(&user.username) || (rules.email_as_username && filled(&user.email));
    if !named {
        return Err(bad_request("User name is missing"));
    }
    let wanted = wanted(&user, user.attributes.clone().unwrap_or_default());
    refuse_taken(cx, realm, rules, None, &wanted)?;
    let change = Change { context: Context::Admin, rules, current: None, wanted };
    let attributes = realm.profile.apply(change).map_err(error::fields)?;
    let mut row = UserRow {
        id: cx.new_id(),
        email_verified: user.email_verified.unwrap_or(false),
        enabled: user.enabled.unwrap_or(false),
        created: Some(user.created_timestamp.unwrap_or_else(|| cx.now())),
        rest: User { federation_link: user.federation_link.take(), ..User::default() },
        ..UserRow::default()
    };
    let attributes = into_row(&mut row, attributes);
    require_actions(&mut row, user.required_actions.take(), user.credentials.as_deref().unwrap_or_default());
    let mut joined = Vec::new();
    for path in user.groups.iter().flatten() {
        let group = groups::by_path(cx.read()?, &realm.id, path.trim_matches('/'))?;
        joined.push(group.ok_or_else(|| bad_request(format!("Unable to find group specified by path: {path}")))?.id);
    }
    let credentials = new_credentials(cx, realm, &row, user.credentials.as_deref().unwrap_or_default())?;

    let duplicates = realm.settings.duplicate_emails_allowed == Some(true);
    let db = cx.write()?;
    users::insert(db, &realm.id, &row, duplicates)
        .or_conflict(|| conflict("User exists with same username or email"))?;
    users::put_attributes(db, &row.id, &attributes)?;
    if let Some(role) = &realm.default_role {
        users::add_role(db, &row.id, role)?;
    }
    groups::join_defaults(db, &realm.id, &row.id)?;
    for group in joined {
        groups::join(db, &row.id, &group)?;
    }
    for credential in credentials {
        credentials::insert(db, &row.id, &credential).or_conflict(|| conflict("Credential exists with same id"))?;
    }
    for link in user.federated_identities.into_iter().flatten() {
        if let (Some(provider), Some(user_id)) = (link.identity_provider, link.user_id) {
            federated_identities::insert(db, &row.id, &provider, &user_id, link.user_name.as_deref())
                .or_conflict(|| conflict("User is already linked with provider"))?;
        }
    }
    Ok(Created::at(cx.location(&realm.name, &["users", &row.id])))
}

pub(super) fn update(cx: &mut Cx, req: api::update::Request) -> Result<()> {
    let user = req.body;
    let hashes = user.credentials.as_ref().is_some_and(|list| !list.is_empty());
    let (admin, mut row) = if hashes { find_to_manage(cx, &req.id)? } else { lock_to_manage(cx, &req.id)? };
    let realm = &admin.realm;
    let rules = Rules::of(&realm.settings);
    let current = attributes(cx, &row)?;
    // without `attributes` the fields at the root are all that changes
    let mut wanted = wanted(&user, user.attributes.clone().unwrap_or_else(|| current.clone()));
    if user.attributes.is_none() {
        for name in [USERNAME, EMAIL] {
            if let (None, Some(values)) = (wanted.get(name), current.get(name)) {
                wanted.insert(name.to_owned(), values.clone());
            }
        }
    }
    refuse_taken(cx, realm, rules, Some(&row), &wanted)?;
    let change = Change { context: Context::Admin, rules, current: Some(&current), wanted };
    let mut changed = realm.profile.apply(change).map_err(error::fields)?;
    let unlocks = user.enabled == Some(true) && !row.enabled;
    if unlocks && changed.first(brute_force::DISABLED_REASON) == Some(brute_force::PERMANENT_LOCKOUT) {
        changed.remove(brute_force::DISABLED_REASON);
    }
    row.enabled = user.enabled.unwrap_or(row.enabled);
    row.email_verified = user.email_verified.unwrap_or(row.email_verified);
    if user.federation_link.is_some() {
        row.rest.federation_link = user.federation_link;
    }
    let given = user.credentials.as_deref().unwrap_or_default();
    require_actions(&mut row, user.required_actions, given);
    let differs = changed != current;
    let attributes = into_row(&mut row, changed);
    let duplicates = realm.settings.duplicate_emails_allowed == Some(true);
    set_credentials(cx, realm, &row, given)?;

    let db = cx.write()?;
    users::update(db, &realm.id, &mut row, duplicates)
        .or_conflict(|| conflict("User exists with same username or email"))?;
    if differs {
        users::put_attributes(db, &row.id, &attributes)?;
    }
    if unlocks {
        login_failures::clear(db, &realm.id, &row.id)?;
    }
    Ok(())
}

/// The attributes that a representation asks for: its root fields beat those of the same name.
fn wanted(user: &User, mut attributes: Attributes) -> Attributes {
    for (name, value) in [(USERNAME, &user.username), (EMAIL, &user.email)] {
        attributes.remove(name);
        attributes.extend(value.clone().map(|value| (name.to_owned(), vec![value])));
    }
    for (name, value) in [(FIRST_NAME, &user.first_name), (LAST_NAME, &user.last_name)] {
        attributes.extend(value.clone().map(|value| (name.to_owned(), vec![value])));
    }
    attributes
}

/// Moves the attributes that are columns into the row; the others are returned.
pub(crate) fn into_row(row: &mut UserRow, mut attributes: Attributes) -> Attributes {
    let mut take = |name: &str| attributes.remove(name).and_then(|values| values.into_iter().next());
    row.username = take(USERNAME).unwrap_or_default();
    row.email = take(EMAIL);
    row.first_name = take(FIRST_NAME);
    row.last_name = take(LAST_NAME);
    attributes
}

/// 409 when another user has the name or the address. The database would refuse it too, but knows no words.
fn refuse_taken(
    cx: &mut Cx,
    realm: &RealmView,
    rules: Rules,
    own: Option<&UserRow>,
    wanted: &Attributes,
) -> Result<()> {
    let other = |found: Option<UserRow>| found.is_some_and(|user| own.is_none_or(|own| own.id != user.id));
    let value = |name| wanted.first(name).filter(|value| !value.trim().is_empty());
    if let Some(username) = value(USERNAME).filter(|_| !rules.email_as_username)
        && other(users::by_username(cx.read()?, &realm.id, username)?)
    {
        return Err(conflict("User exists with same username"));
    }
    let Some(email) = value(EMAIL) else { return Ok(()) };
    let unique = realm.settings.duplicate_emails_allowed != Some(true);
    if unique && other(users::by_email(cx.read()?, &realm.id, email)?) {
        return Err(conflict("User exists with same email"));
    }
    if rules.email_as_username && other(users::by_username(cx.read()?, &realm.id, email)?) {
        return Err(conflict("User exists with same username"));
    }
    Ok(())
}

/// Sets the required actions, and adds the one of temporary passwords.
fn require_actions(row: &mut UserRow, wanted: Option<Vec<String>>, credentials: &[Credential]) {
    if let Some(wanted) = wanted {
        let known = REQUIRED_ACTIONS.iter().filter(|name| wanted.iter().any(|w| w == *name));
        row.rest.required_actions = Some(known.map(|name| (*name).to_owned()).collect());
    }
    if credentials.iter().any(|c| c.r#type.as_deref() == Some(PASSWORD) && c.temporary == Some(true)) {
        add_action(row, UPDATE_PASSWORD);
    }
}

/// Adds a required action, once.
pub(crate) fn add_action(row: &mut UserRow, action: &str) {
    let actions = row.rest.required_actions.get_or_insert_default();
    if !actions.iter().any(|a| a == action) {
        actions.push(action.to_owned());
    }
}

/// Takes a required action away.
pub(crate) fn remove_action(row: &mut UserRow, action: &str) {
    row.rest.required_actions.get_or_insert_default().retain(|a| a != action);
}

/// The credentials of a new user, of passwords the last one.
fn new_credentials(cx: &mut Cx, realm: &RealmView, row: &UserRow, given: &[Credential]) -> Result<Vec<CredentialRow>> {
    let policy = Policy::of(realm);
    let names = Names { username: Some(&row.username), email: row.email.as_deref() };
    let mut rows: Vec<CredentialRow> = Vec::new();
    for credential in given {
        let Some(new) = password::incoming(cx, &policy, names, credential)? else { continue };
        rows.retain(|row| new.kind != PASSWORD || row.kind != PASSWORD);
        rows.push(new);
    }
    Ok(rows)
}

/// The credentials that come with a change: a password in clear is set, others that are not there yet are added.
fn set_credentials(cx: &mut Cx, realm: &RealmView, row: &UserRow, given: &[Credential]) -> Result<()> {
    let plain = |c: &&Credential| c.value.as_ref().is_some_and(|v| !v.is_empty());
    let (policy, names) = (Policy::of(realm), Names::default());
    let mut rows = Vec::new();
    for credential in given.iter().filter(|c| !plain(c)) {
        rows.extend(password::incoming(cx, &policy, names, credential)?);
    }
    if let Some(password) = given.iter().filter(plain).filter_map(|c| c.value.as_ref()).next_back() {
        password::set(cx, realm, row, password.expose())?;
    }
    for new in rows {
        if credentials::get(cx.read()?, &row.id, &new.id)?.is_none() {
            credentials::insert(cx.write()?, &row.id, &new)
                .or_conflict(|| conflict("Credential exists with same id"))?;
        }
    }
    Ok(())
}
