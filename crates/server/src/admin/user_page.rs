//! Users as callers see them: alone, or a page of them in a handful of statements.

use crate::{Result, cx::Cx, profile::Context, realm_view::RealmView};
use cloakroom_api::{admin::users::User, fields::Attributes};
use cloakroom_store::{user_search, users::UserRow};
use std::collections::HashSet;

/// The representations of some users, in their order. Two statements more, however many there are; none for brief ones.
pub(crate) fn represent(cx: &mut Cx, realm: &RealmView, rows: Vec<UserRow>, brief: bool) -> Result<Vec<User>> {
    if brief || rows.is_empty() {
        return Ok(rows.into_iter().map(self::brief).collect());
    }
    let (mut attributes, totp) = {
        let ids: Vec<&str> = rows.iter().map(|u| u.id.as_str()).collect();
        let db = cx.read()?;
        (user_search::attributes(db, &ids)?, user_search::with_totp(db, &ids)?.into_iter().collect::<HashSet<_>>())
    };
    let show = |row: UserRow| {
        let attributes = attributes.remove(&row.id).unwrap_or_default();
        let totp = totp.contains(&row.id);
        full(row, realm.profile.visible(Context::Admin, &attributes), totp)
    };
    Ok(rows.into_iter().map(show).collect())
}

/// What a brief list shows.
fn brief(row: UserRow) -> User {
    User {
        id: Some(row.id),
        username: Some(row.username),
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email,
        email_verified: Some(row.email_verified),
        enabled: Some(row.enabled),
        created_timestamp: row.created,
        federation_link: row.rest.federation_link,
        ..User::default()
    }
}

/// Everything that is shown of a user to administrators, with these of the attributes.
pub(crate) fn full(row: UserRow, attributes: Attributes, totp: bool) -> User {
    User {
        attributes: (!attributes.is_empty()).then_some(attributes),
        totp: Some(totp),
        disableable_credential_types: Some(Vec::new()),
        required_actions: Some(row.rest.required_actions.clone().unwrap_or_default()),
        not_before: Some(i32::try_from(row.not_before).unwrap_or(i32::MAX)),
        ..brief(row)
    }
}
