//! Users as lists of members show them.

use crate::{Result, cx::Cx, realm_view::RealmView};
use cloakroom_api::admin::users::User;
use cloakroom_store::users::UserRow;

/// The representations of some users, in their order. Brief ones have only what identifies them.
pub fn represent(_: &mut Cx, _: &RealmView, rows: Vec<UserRow>, brief: bool) -> Result<Vec<User>> {
    if brief || rows.is_empty() {
        return Ok(rows.into_iter().map(identity).collect());
    }
    let whole = |row: UserRow| User {
        disableable_credential_types: Some(Vec::new()),
        required_actions: Some(row.rest.required_actions.clone().unwrap_or_default()),
        not_before: Some(i32::try_from(row.not_before).unwrap_or(i32::MAX)),
        ..identity(row)
    };
    Ok(rows.into_iter().map(whole).collect())
}

fn identity(row: UserRow) -> User {
    User {
        id: Some(row.id),
        username: Some(row.username),
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email,
        email_verified: Some(row.email_verified),
        enabled: Some(row.enabled),
        created_timestamp: row.created,
        ..User::default()
    }
}
