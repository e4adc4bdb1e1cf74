//! Credentials of users: listing, ordering, naming and removing them, and setting passwords.

use super::users::{UPDATE_PASSWORD, add_action, find_to_manage, find_to_view, remove_action};
use crate::{
    Result,
    cx::Cx,
    error::{error, not_found, oauth},
    password,
    route::Routes,
};
use cloakroom_api::admin::credentials::{self as api, Credential};
use cloakroom_store::{
    credentials::{self, CredentialRow, PASSWORD_HISTORY},
    users::{self, UserRow},
};
use http::StatusCode;

/// The operations on credentials.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(list)
        .at(delete)
        .at(set_label)
        .at(move_to_first)
        .at(move_after)
        .at(reset_password)
        .at(disable_types)
        .at(storage_types)
}

/// The longest label, in characters.
const LABEL: usize = 255;

fn list(cx: &mut Cx, req: api::list::Request) -> Result<Vec<Credential>> {
    let (_, user) = find_to_view(cx, &req.user)?;
    let rows = credentials::list(cx.read()?, &user.id)?;
    let shown = rows.into_iter().filter(|row| row.kind != PASSWORD_HISTORY).map(|row| Credential {
        id: Some(row.id),
        r#type: Some(row.kind),
        user_label: row.label,
        created_date: row.created,
        credential_data: Some(row.credential_data),
        ..Credential::default()
    });
    Ok(shown.collect())
}

fn delete(cx: &mut Cx, req: api::delete::Request) -> Result<()> {
    let (user, credential) = find(cx, &req.user, &req.id)?;
    credentials::delete(cx.write()?, &user.id, &credential.id)?;
    Ok(())
}

fn set_label(cx: &mut Cx, req: api::set_label::Request) -> Result<()> {
    let (user, credential) = find(cx, &req.user, &req.id)?;
    let label = Some(req.text).filter(|text| !text.is_empty());
    if label.as_deref().is_some_and(|l| l.chars().count() > LABEL) {
        return Err(oauth(StatusCode::BAD_REQUEST, "invalid_request", "Label is too long"));
    }
    let siblings = credentials::of_type(cx.read()?, &user.id, &credential.kind)?;
    if label.is_some() && siblings.iter().any(|c| c.id != credential.id && c.label == label) {
        return Err(oauth(StatusCode::CONFLICT, "conflict", "Device already exists with the same name"));
    }
    credentials::update(cx.write()?, &user.id, &CredentialRow { label, ..credential })?;
    Ok(())
}

fn move_to_first(cx: &mut Cx, req: api::move_to_first::Request) -> Result<()> {
    let (user, credential) = find(cx, &req.user, &req.id)?;
    arrange(cx, &user, credential, None)
}

fn move_after(cx: &mut Cx, req: api::move_after::Request) -> Result<()> {
    let (user, credential) = find(cx, &req.user, &req.id)?;
    let previous = credentials::get(cx.read()?, &user.id, &req.previous)?.ok_or_else(unknown)?;
    arrange(cx, &user, credential, Some(previous))
}

/// Puts a credential behind another one, or first of all.
fn arrange(cx: &mut Cx, user: &UserRow, moved: CredentialRow, previous: Option<CredentialRow>) -> Result<()> {
    let db = cx.write()?;
    let mut rows = credentials::list(db, &user.id)?;
    rows.retain(|row| row.id != moved.id);
    let place = previous.and_then(|p| rows.iter().position(|row| row.id == p.id)).map_or(0, |place| place + 1);
    rows.insert(place, moved);
    Ok(credentials::arrange(db, &user.id, rows.iter().map(|row| row.id.as_str()))?)
}

fn reset_password(cx: &mut Cx, req: api::reset_password::Request) -> Result<()> {
    let (admin, mut user) = find_to_manage(cx, &req.user)?;
    let Some(password) = &req.body.value else { return Err(error(StatusCode::BAD_REQUEST, "No password provided")) };
    if password.expose().trim().is_empty() {
        return Err(error(StatusCode::BAD_REQUEST, "Empty password not allowed"));
    }
    let realm = &admin.realm;
    password::set(cx, realm, &user, password.expose())?;
    let before = user.rest.required_actions.clone();
    if req.body.temporary == Some(true) {
        add_action(&mut user, UPDATE_PASSWORD);
    } else {
        remove_action(&mut user, UPDATE_PASSWORD);
    }
    if user.rest.required_actions != before {
        users::update(cx.write()?, &realm.id, &mut user, realm.settings.duplicate_emails_allowed == Some(true))?;
    }
    Ok(())
}

/// Only user storages can disable types, and there are none.
fn disable_types(cx: &mut Cx, req: api::disable_types::Request) -> Result<()> {
    find_to_manage(cx, &req.user).map(drop)
}

fn storage_types(cx: &mut Cx, req: api::storage_types::Request) -> Result<Vec<String>> {
    find_to_view(cx, &req.user)?;
    Ok(Vec::new())
}

fn find(cx: &mut Cx, user: &str, id: &str) -> Result<(UserRow, CredentialRow)> {
    let (_, user) = find_to_manage(cx, user)?;
    let credential = credentials::get(cx.read()?, &user.id, id)?.ok_or_else(unknown)?;
    Ok((user, credential))
}

fn unknown() -> crate::Error {
    not_found("Credential not found")
}
