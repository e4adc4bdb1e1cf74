//! Queries that read a whole realm at once: one a table, however much there is in it.

use crate::{
    Db, Result, Row, clients,
    groups::{self, GroupRow, RoleNames},
    params,
    roles::{self, RoleRow},
    users::{self, UserRow},
};
use cloakroom_api::{admin::clients::Client, fields::Attributes};
use std::collections::HashMap;

/// All clients, by `clientId`.
pub fn clients(db: &mut Db, realm: &str) -> Result<Vec<Client>> {
    db.query(&format!("{} WHERE realm = ?1 ORDER BY client_id", clients::COLUMNS), params![realm], clients::row)
}

/// All roles, of the realm and of clients, by name.
pub fn roles(db: &mut Db, realm: &str) -> Result<Vec<RoleRow>> {
    db.query(&format!("{} WHERE r.realm = ?1 ORDER BY r.name", roles::COLUMNS), params![realm], roles::row)
}

/// All groups, by name.
pub fn groups(db: &mut Db, realm: &str) -> Result<Vec<GroupRow>> {
    db.query(&format!("{} WHERE g.realm = ?1 ORDER BY g.name, g.id", groups::COLUMNS), params![realm], groups::row)
}

/// Which role contains which: ids of both.
pub fn composites(db: &mut Db, realm: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT c.parent, c.child FROM role_composite c JOIN role r ON r.id = c.parent WHERE r.realm = ?1";
    db.query(sql, params![realm], pair)
}

/// The client scopes of all clients: ids of client and scope, and whether it is a default (else optional) one.
pub fn client_scopes(db: &mut Db, realm: &str) -> Result<Vec<(String, String, bool)>> {
    let sql = "SELECT s.client, s.scope, s.is_default FROM client_client_scope s JOIN client c ON c.id = s.client
        WHERE c.realm = ?1";
    db.query(sql, params![realm], |row| Ok((row.text(0)?, row.text(1)?, row.bool(2)?)))
}

/// The roles that clients' tokens may carry: ids of client and role.
pub fn client_mappings(db: &mut Db, realm: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT m.client, m.role FROM client_scope_mapping m JOIN client c ON c.id = m.client WHERE c.realm = ?1";
    db.query(sql, params![realm], pair)
}

/// The users that are service accounts of clients, by name.
pub fn service_accounts(db: &mut Db, realm: &str) -> Result<Vec<UserRow>> {
    let sql =
        format!("{} WHERE u.realm = ?1 AND u.service_account_client IS NOT NULL ORDER BY u.username", users::COLUMNS);
    db.query(&sql, params![realm], users::row)
}

/// The attributes of these users that are not columns, by user.
pub fn attributes(db: &mut Db, users: &[&str]) -> Result<HashMap<String, Attributes>> {
    let sql = format!(
        "SELECT user_account, name, value FROM user_attribute WHERE user_account IN ({}) ORDER BY name, position",
        db.each(1)
    );
    let mut all: HashMap<String, Attributes> = HashMap::new();
    for (user, name, value) in
        db.query(&sql, params![serde_json::to_string(users)?], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)))?
    {
        all.entry(user).or_default().entry(name).or_default().push(value);
    }
    Ok(all)
}

/// The names of these users' own roles, by user.
pub fn role_names(db: &mut Db, users: &[&str]) -> Result<HashMap<String, RoleNames>> {
    let sql = format!(
        "SELECT m.user_account, r.name, c.client_id FROM user_role m JOIN role r ON r.id = m.role
         LEFT JOIN client c ON c.id = r.client WHERE m.user_account IN ({}) ORDER BY r.name",
        db.each(1)
    );
    let rows = db.query(&sql, params![serde_json::to_string(users)?], |row| {
        Ok((row.text(0)?, row.text(1)?, row.opt_text(2)?))
    })?;
    Ok(groups::by_holder(rows))
}

/// The groups that these users are in: ids of user and group.
pub fn memberships(db: &mut Db, users: &[&str]) -> Result<Vec<(String, String)>> {
    let sql = format!("SELECT user_account, user_group FROM group_member WHERE user_account IN ({})", db.each(1));
    db.query(&sql, params![serde_json::to_string(users)?], pair)
}

fn pair(row: &Row<'_>) -> Result<(String, String)> {
    Ok((row.text(0)?, row.text(1)?))
}
