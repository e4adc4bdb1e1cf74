//! delete_credential: a person gives up one of their devices, as an application asked with `delete_credential:ID`.

use axum::response::Response;
use cloakroom_store::{
    credentials::{self, CredentialRow, PASSWORD},
    users::UserRow,
};

use super::{Action, Completed};
use crate::{
    Result,
    login::{pages::DeleteCredential, progress::Login},
};

/// The credential with this id, if it is one that its owner can do without.
pub(super) fn find(login: &mut Login<'_>, user: &UserRow, id: Option<&str>) -> Result<Option<CredentialRow>> {
    let Some(id) = id else { return Ok(None) };
    let found = credentials::get(login.cx.read()?, &user.id, id)?;
    Ok(found.filter(|row| row.kind != PASSWORD))
}

/// The one that the application named.
fn named(login: &mut Login<'_>, user: &UserRow) -> Result<Option<CredentialRow>> {
    let id = login.tab.request.wishes.action().and_then(|(_, id)| id.map(str::to_owned));
    find(login, user, id.as_deref())
}

pub(super) fn show(mut login: Box<Login<'_>>, action: &Action, user: &UserRow) -> Result<Response> {
    let words = login.words()?;
    let row = named(&mut login, user)?;
    let credential = row.map(|row| row.label.unwrap_or(row.kind)).unwrap_or_default();
    let action = login.form("required-action", &action.alias)?;
    login.page(&words, None, &DeleteCredential { action, credential })
}

pub(super) fn submit(login: &mut Login<'_>, user: UserRow) -> Result<Completed> {
    if let Some(row) = named(login, &user)? {
        credentials::delete(login.cx.write()?, &user.id, &row.id)?;
    }
    Ok(Completed::Done)
}
