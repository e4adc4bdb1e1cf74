//! UPDATE_PROFILE and VERIFY_PROFILE: the person's own data, as the realm's user profile wants them.

use std::collections::BTreeMap;

use axum::response::Response;
use cloakroom_api::{error::FieldError, fields::Attributes};
use cloakroom_store::users::{self, UserRow};
use serde_json::Value;

use super::{Action, Completed, VERIFY_PROFILE, Wrong};
use crate::{
    Result,
    admin::users::{attributes, into_row},
    login::{
        pages::{Choice, Field, Kind, UpdateProfile},
        progress::Login,
        request::Pairs,
        show::Words,
    },
    profile::{Change, Context, EMAIL, FIRST_NAME, LAST_NAME, LOCALE, Rules, USERNAME},
};

/// Whether the profile lacks something, or has something that it must not.
pub(super) fn is_incomplete(login: &mut Login<'_>, user: &UserRow) -> Result<bool> {
    let current = attributes(login.cx, user)?;
    Ok(decide(login, Some(&current), current.clone()).is_err())
}

pub(super) fn show(
    mut login: Box<Login<'_>>,
    action: &Action,
    user: &UserRow,
    wrong: Option<Wrong>,
) -> Result<Response> {
    let words = login.words()?;
    let current = attributes(login.cx, user)?;
    let (errors, alert) = match &wrong {
        Some(wrong) => (wrong.errors.clone(), None),
        // who has to correct something is told what
        None if action.alias == VERIFY_PROFILE => {
            let wrong = decide(&login, Some(&current), current.clone()).err().unwrap_or_default();
            (texts(&login, &words, wrong), None)
        }
        None if action.initiated => (BTreeMap::new(), None),
        None => (BTreeMap::new(), Some(words.alert(login.cx, Kind::Warning, "updateProfileMessage"))),
    };
    let profile = fields(&login, Some(&current), wrong.as_ref().map(|w| w.form.as_slice()));
    let cancel = action.initiated;
    let action = login.form("required-action", &action.alias)?;
    login.page(&words, alert, &UpdateProfile { action, cancel, profile, errors })
}

pub(super) fn submit(login: &mut Login<'_>, action: &str, user: UserRow, form: &Pairs) -> Result<Completed> {
    let current = attributes(login.cx, &user)?;
    let words = login.words()?;
    let wanted = wanted(login, Some(&current), form);
    let mut errors = match decide(login, Some(&current), wanted.clone()) {
        Ok(changed) => match taken(login, Some(&user.id), &changed)? {
            errors if errors.is_empty() => {
                let email = user.email.clone();
                let mut row = super::without(super::without(user, action), VERIFY_PROFILE);
                let rest = into_row(&mut row, changed);
                row.email_verified &= row.email == email;
                let id = row.id.clone();
                if super::save(login, row)? {
                    users::put_attributes(login.cx.write()?, &id, &rest)?;
                    return Ok(Completed::Done);
                }
                vec![conflict(EMAIL, "emailExistsMessage")]
            }
            errors => errors,
        },
        Err(errors) => errors,
    };
    errors.dedup_by(|a, b| a.field == b.field);
    let errors = texts(login, &words, as_typed(errors));
    Ok(Completed::Again(Wrong { errors, form: form.to_vec() }))
}

/// What the profile makes of attributes; or every field that is wrong.
pub(crate) fn decide(
    login: &Login<'_>,
    current: Option<&Attributes>,
    wanted: Attributes,
) -> Result<Attributes, Vec<FieldError>> {
    let scopes = login.scope_names();
    let rules = Rules::of(&login.realm.settings);
    login.realm.profile.apply(Change { context: Context::User { scopes: &scopes }, rules, current, wanted })
}

/// The text fields that the person sees; what was sent before comes back.
pub(crate) fn fields(login: &Login<'_>, current: Option<&Attributes>, sent: Option<&Pairs>) -> Vec<Field> {
    let scopes = login.scope_names();
    let rules = Rules::of(&login.realm.settings);
    let metadata = login.realm.profile.metadata(Context::User { scopes: &scopes }, rules, current);
    let field = |attribute: cloakroom_api::admin::profile::ProfileAttributeMetadata| {
        let name = attribute.name?;
        let readonly = attribute.read_only == Some(true);
        // the language is chosen beside the form
        if name == LOCALE || (readonly && name == USERNAME) {
            return None;
        }
        let before = sent.and_then(|form| form.iter().find(|(n, _)| *n == name)).map(|(_, value)| value.clone());
        let value = before.or_else(|| Some(current?.first(&name)?.to_owned())).unwrap_or_default();
        let label = attribute.display_name.unwrap_or_else(|| name.clone());
        let label = key(&label).to_owned();
        let autocomplete = match name.as_str() {
            USERNAME => "username",
            EMAIL => "email",
            FIRST_NAME => "given-name",
            LAST_NAME => "family-name",
            _ => "off",
        };
        let note = |key: &str| attribute.annotations.as_ref().and_then(|a| a.get(key));
        let kind = note("inputType").and_then(|kind| kind.as_str()).unwrap_or_default();
        let chosen = kind == "select" || kind == "select-radiobuttons";
        let options = chosen.then(|| choices(attribute.validators.as_ref(), note("inputOptionLabels")));
        let (required, long) = (attribute.required == Some(true), kind == "textarea");
        Some(Field { name, label, value, required, readonly, autocomplete, options, long })
    };
    metadata.attributes.unwrap_or_default().into_iter().filter_map(field).collect()
}

/// The values that the profile allows, with their labels.
fn choices(validators: Option<&BTreeMap<String, BTreeMap<String, Value>>>, labels: Option<&Value>) -> Vec<Choice> {
    let options = validators.and_then(|v| v.get("options")?.get("options")?.as_array());
    let values = options.into_iter().flatten().filter_map(|option| option.as_str());
    let label = |value: &str| labels.and_then(|l| l.get(value)?.as_str()).unwrap_or(value).to_owned();
    values.map(|value| Choice { value: value.to_owned(), label: key(&label(value)).to_owned() }).collect()
}

/// `${key}` names a text of the pages; anything else is the text.
fn key(label: &str) -> &str {
    label.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(label)
}

/// The attributes as the form wants them: of those that it showed; the others stay.
pub(crate) fn wanted(login: &Login<'_>, current: Option<&Attributes>, form: &Pairs) -> Attributes {
    let mut wanted = current.cloned().unwrap_or_default();
    for field in fields(login, current, None) {
        let sent: Vec<String> = form.iter().filter(|(n, _)| *n == field.name).map(|(_, value)| value.clone()).collect();
        if !sent.is_empty() || !field.readonly {
            wanted.insert(field.name, sent);
        }
    }
    wanted
}

/// Which of the name and the address belong to somebody else.
pub(crate) fn taken(login: &mut Login<'_>, own: Option<&str>, wanted: &Attributes) -> Result<Vec<FieldError>> {
    let realm = login.realm.clone();
    let mut errors = Vec::new();
    let db = login.cx.read()?;
    if let Some(name) = wanted.first(USERNAME) {
        let other = users::by_username(db, &realm.id, name)?.filter(|u| Some(u.id.as_str()) != own);
        errors.extend(other.map(|_| conflict(USERNAME, "usernameExistsMessage")));
    }
    if let Some(email) = wanted.first(EMAIL).filter(|_| realm.settings.duplicate_emails_allowed != Some(true)) {
        let other = users::by_email(db, &realm.id, email)?.filter(|u| Some(u.id.as_str()) != own);
        errors.extend(other.map(|_| conflict(EMAIL, "emailExistsMessage")));
    }
    Ok(errors)
}

fn conflict(field: &str, key: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: key.to_owned(), params: None }
}

/// A name or an address that was left empty has its own words on a form.
pub(crate) fn as_typed(mut wrong: Vec<FieldError>) -> Vec<FieldError> {
    for error in wrong.iter_mut().filter(|error| error.message == "error-user-attribute-required") {
        match error.field.as_str() {
            USERNAME => error.message = "missingUsernameMessage".to_owned(),
            EMAIL => error.message = "missingEmailMessage".to_owned(),
            _ => {}
        }
    }
    wrong
}

/// The first complaint about each field, in the person's words.
pub(crate) fn texts(login: &Login<'_>, words: &Words, wrong: Vec<FieldError>) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for error in wrong {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let arguments: Vec<String> = error.params.iter().flatten().map(plain).collect();
        texts.entry(error.field).or_insert_with(|| words.say(login.cx, &error.message, &arguments));
    }
    texts
}
