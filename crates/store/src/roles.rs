//! Roles of realms and clients, their composites, and what a user has through all of them.

use crate::{Db, Result, Row, contains, fold, groups, groups::GroupRow, params, users, users::UserRow};
use cloakroom_api::{admin::roles::Role, fields::Attributes};
use std::collections::HashSet;

/// A role's row.
#[derive(Debug, Clone)]
pub struct RoleRow {
    /// The id.
    pub id: String,
    /// The client that it belongs to; `None` for a realm role.
    pub client: Option<String>,
    /// The name, unique among the roles of its client or realm.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Free attributes.
    pub attributes: Attributes,
    /// Whether it contains other roles.
    pub composite: bool,
}

impl RoleRow {
    /// The representation; brief ones have no attributes. `realm` is the id of the realm.
    pub fn representation(self, realm: &str, brief: bool) -> Role {
        Role {
            id: Some(self.id),
            name: Some(self.name),
            description: self.description,
            composite: Some(self.composite),
            client_role: Some(self.client.is_some()),
            container_id: Some(self.client.unwrap_or_else(|| realm.to_owned())),
            attributes: (!brief).then_some(self.attributes),
            ..Role::default()
        }
    }
}

/// What a query of roles selects; `r` is the role.
pub(crate) const COLUMNS: &str = "SELECT r.id, r.client, r.name, r.description, r.attributes,
    EXISTS (SELECT 1 FROM role_composite c WHERE c.parent = r.id) FROM role r";

pub(crate) fn row(row: &Row<'_>) -> Result<RoleRow> {
    Ok(RoleRow {
        id: row.text(0)?,
        client: row.opt_text(1)?,
        name: row.text(2)?,
        description: row.opt_text(3)?,
        attributes: row.json(4)?,
        composite: row.bool(5)?,
    })
}

/// The role of this id in the realm.
pub fn by_id(db: &mut Db, realm: &str, id: &str) -> Result<Option<RoleRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE r.realm = ?1 AND r.id = ?2"), params![realm, id], row)
}

/// The role of this name, of the client or of the realm itself.
pub fn by_name(db: &mut Db, realm: &str, client: Option<&str>, name: &str) -> Result<Option<RoleRow>> {
    match client {
        Some(client) => db.query_opt(
            &format!("{COLUMNS} WHERE r.realm = ?1 AND r.client = ?2 AND r.name = ?3"),
            params![realm, client, name],
            row,
        ),
        None => db.query_opt(
            &format!("{COLUMNS} WHERE r.realm = ?1 AND r.client IS NULL AND r.name = ?2"),
            params![realm, name],
            row,
        ),
    }
}

/// The roles of these ids in the realm, by name.
pub fn by_ids(db: &mut Db, realm: &str, ids: &[String]) -> Result<Vec<RoleRow>> {
    let sql = format!("{COLUMNS} WHERE r.realm = ?1 AND r.id IN ({}) ORDER BY r.name, r.id", db.each(2));
    db.query(&sql, params![realm, serde_json::to_string(ids)?], row)
}

/// The roles of these names, of the client or of the realm itself.
pub fn by_names(db: &mut Db, realm: &str, client: Option<&str>, names: &[String]) -> Result<Vec<RoleRow>> {
    let sql = format!("{COLUMNS} WHERE r.realm = ?1 AND {OF_CONTAINER} AND r.name IN ({}) ORDER BY r.name", db.each(3));
    db.query(&sql, params![realm, client, serde_json::to_string(names)?], row)
}

/// What makes a role one of the client `?2`, or of the realm when that is NULL.
pub(crate) const OF_CONTAINER: &str = "(r.client = ?2 OR CAST(?2 AS TEXT) IS NULL AND r.client IS NULL)";

/// A page of the roles of the client or of the realm itself, by name. `search` is part of the name or the description,
/// whatever its case; `%` and `_` in it stand for anything and for any one character.
pub fn list(
    db: &mut Db,
    realm: &str,
    client: Option<&str>,
    search: &str,
    first: i64,
    max: i64,
) -> Result<Vec<RoleRow>> {
    let sql = format!(
        "{COLUMNS} WHERE r.realm = ?1 AND {OF_CONTAINER} AND r.search LIKE ?3 ESCAPE '\\' ORDER BY r.name LIMIT ?4 OFFSET ?5"
    );
    db.query(&sql, params![realm, client, wild(search), max, first], row)
}

/// A pattern whose own `%` and `_` are wildcards.
fn wild(search: &str) -> String {
    contains(search).replace("\\%", "%").replace("\\_", "_")
}

/// A page of the roles that a role contains itself, by name.
pub fn composites(db: &mut Db, parent: &str, search: &str, first: i64, max: i64) -> Result<Vec<RoleRow>> {
    let sql = format!(
        "{COLUMNS} JOIN role_composite p ON p.child = r.id WHERE p.parent = ?1 AND r.search LIKE ?2 ESCAPE '\\'
         ORDER BY r.name, r.id LIMIT ?3 OFFSET ?4"
    );
    db.query(&sql, params![parent, wild(search), max, first], row)
}

/// Of the roles that a role contains itself, those of the client or of the realm, by name.
pub fn composites_of(db: &mut Db, parent: &str, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let sql = format!(
        "{COLUMNS} JOIN role_composite p ON p.child = r.id WHERE p.parent = ?1 AND {OF_CONTAINER} ORDER BY r.name"
    );
    db.query(&sql, params![parent, client], row)
}

/// A page of the users that have a role directly, by username.
pub fn users(db: &mut Db, realm: &str, role: &str, first: i64, max: i64) -> Result<Vec<UserRow>> {
    let sql = format!(
        "{} JOIN user_role m ON m.user_account = u.id WHERE u.realm = ?1 AND m.role = ?2
         ORDER BY u.username LIMIT ?3 OFFSET ?4",
        users::COLUMNS
    );
    db.query(&sql, params![realm, role, max, first], users::row)
}

/// A page of the groups that have a role directly, by name.
pub fn groups(db: &mut Db, realm: &str, role: &str, first: i64, max: i64) -> Result<Vec<GroupRow>> {
    let sql = format!(
        "{} JOIN group_role m ON m.user_group = g.id WHERE g.realm = ?1 AND m.role = ?2
         ORDER BY g.name, g.id LIMIT ?3 OFFSET ?4",
        groups::COLUMNS
    );
    db.query(&sql, params![realm, role, max, first], groups::row)
}

fn search_text(role: &RoleRow) -> String {
    fold(&format!("{}\n{}", role.name, role.description.as_deref().unwrap_or_default()))
}

/// Adds a role. A conflict means that its id or name is taken.
pub fn insert(db: &mut Db, realm: &str, role: &RoleRow) -> Result<()> {
    db.execute(
        "INSERT INTO role (id, realm, client, name, description, search, attributes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            &role.id,
            realm,
            &role.client,
            &role.name,
            &role.description,
            search_text(role),
            serde_json::to_string(&role.attributes)?
        ],
    )?;
    Ok(())
}

/// Replaces name, description and attributes. A conflict means that the name is taken.
pub fn update(db: &mut Db, realm: &str, role: &RoleRow) -> Result<bool> {
    let changed = db.execute(
        "UPDATE role SET name = ?3, description = ?4, search = ?5, attributes = ?6 WHERE realm = ?1 AND id = ?2",
        params![
            realm,
            &role.id,
            &role.name,
            &role.description,
            search_text(role),
            serde_json::to_string(&role.attributes)?
        ],
    )?;
    Ok(changed == 1)
}

/// Deletes a role, also from everyone who has it.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM role WHERE realm = ?1 AND id = ?2", params![realm, id])? == 1)
}

/// Makes `child` part of `parent`; nothing happens if it is already.
pub fn add_composite(db: &mut Db, parent: &str, child: &str) -> Result<()> {
    db.execute(
        "INSERT INTO role_composite (parent, child) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![parent, child],
    )?;
    Ok(())
}

/// Takes `child` out of `parent`.
pub fn remove_composite(db: &mut Db, parent: &str, child: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM role_composite WHERE parent = ?1 AND child = ?2", params![parent, child])? == 1)
}

/// The roles by which master administrates the realms: those of the clients `NAME-realm`, or of one of them. `master` is its id.
pub fn of_administration(db: &mut Db, master: &str, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let sql = format!(
        "{COLUMNS} JOIN client cl ON cl.id = r.client JOIN realm m ON cl.client_id = m.name || '-realm'
         WHERE cl.realm = ?1 AND (CAST(?2 AS TEXT) IS NULL OR cl.id = ?2) ORDER BY cl.client_id, r.name"
    );
    db.query(&sql, params![master, client], row)
}

/// A role that somebody has, as tokens and access checks need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The role's id.
    pub id: String,
    /// The role's name.
    pub name: String,
    /// The `clientId` of its client; `None` for a realm role.
    pub client: Option<String>,
}

fn granted(row: &Row<'_>) -> Result<Granted> {
    Ok(Granted { id: row.text(0)?, name: row.text(1)?, client: row.opt_text(2)? })
}

/// The ids of every role that a user (`?1`) has: own ones, those of its groups and their parents, and what all these contain.
pub(crate) const OF_USER: &str = "WITH RECURSIVE groups (id) AS (
        SELECT user_group FROM group_member WHERE user_account = ?1
        UNION SELECT g.parent FROM user_group g JOIN groups ON g.id = groups.id WHERE g.parent <> ''
    ), roles (id) AS (
        SELECT role FROM (
            SELECT role FROM user_role WHERE user_account = ?1
            UNION SELECT gr.role FROM group_role gr JOIN groups ON gr.user_group = groups.id
        ) AS direct
        UNION SELECT c.child FROM role_composite c JOIN roles ON c.parent = roles.id
    )";

/// The same of a group (`?1`).
pub(crate) const OF_GROUP: &str = "WITH RECURSIVE groups (id) AS (
        SELECT id FROM user_group WHERE id = ?1
        UNION SELECT g.parent FROM user_group g JOIN groups ON g.id = groups.id WHERE g.parent <> ''
    ), roles (id) AS (
        SELECT gr.role FROM group_role gr JOIN groups ON gr.user_group = groups.id
        UNION SELECT c.child FROM role_composite c JOIN roles ON c.parent = roles.id
    )";

const GRANTED: &str = "SELECT r.id, r.name, cl.client_id FROM roles JOIN role r ON r.id = roles.id
    LEFT JOIN client cl ON cl.id = r.client";

/// Every role that a user has, by whatever way.
pub fn of_user(db: &mut Db, user: &str) -> Result<Vec<Granted>> {
    db.query(&format!("{OF_USER} {GRANTED}"), params![user], granted)
}

/// Whether a user has a role of the realm, by whatever way. Whoever has it directly is found at once; else it is asked from the
/// role upwards: few roles contain it, while those of an administrator may be many.
pub fn has_realm_role(db: &mut Db, realm: &str, user: &str, name: &str) -> Result<bool> {
    db.exists(
        "WITH RECURSIVE roles (id) AS (
            SELECT id FROM role WHERE realm = ?1 AND client IS NULL AND name = ?3
            UNION SELECT c.parent FROM role_composite c JOIN roles ON c.child = roles.id
         ), groups (id) AS (
            SELECT user_group FROM group_member WHERE user_account = ?2
            UNION SELECT g.parent FROM user_group g JOIN groups ON g.id = groups.id WHERE g.parent <> ''
         )
         SELECT 1 FROM user_role u JOIN role r ON r.id = u.role
            WHERE u.user_account = ?2 AND r.realm = ?1 AND r.client IS NULL AND r.name = ?3
         UNION ALL SELECT 1 FROM user_role u JOIN roles ON roles.id = u.role WHERE u.user_account = ?2
         UNION ALL SELECT 1 FROM group_role gr JOIN groups ON groups.id = gr.user_group JOIN roles ON roles.id = gr.role
         LIMIT 1",
        params![realm, user, name],
    )
}

/// Every role that a member of a group has by it.
pub fn of_group(db: &mut Db, group: &str) -> Result<Vec<Granted>> {
    db.query(&format!("{OF_GROUP} {GRANTED}"), params![group], granted)
}

/// The roles of the clients whose `clientId` matches a pattern.
pub fn of_clients_like(db: &mut Db, realm: &str, pattern: &str) -> Result<Vec<Granted>> {
    let sql = "SELECT r.id, r.name, cl.client_id FROM role r JOIN client cl ON cl.id = r.client
        WHERE r.realm = ?1 AND cl.client_id LIKE ?2 ESCAPE '\\'";
    db.query(sql, params![realm, pattern], granted)
}

/// These roles and all that they contain.
pub fn expanded(db: &mut Db, roles: &[String]) -> Result<Vec<Granted>> {
    let given = db.each(1);
    db.query(
        &format!(
            "WITH RECURSIVE roles (id) AS (
                SELECT id FROM role WHERE id IN ({given})
                UNION SELECT c.child FROM role_composite c JOIN roles ON c.parent = roles.id
             )
             {GRANTED}"
        ),
        params![serde_json::to_string(roles)?],
        granted,
    )
}

/// The ids of these roles and of all that contain them.
pub fn containing(db: &mut Db, roles: &[String]) -> Result<HashSet<String>> {
    let given = db.each(1);
    let sql = format!(
        "WITH RECURSIVE roles (id) AS (
            SELECT id FROM role WHERE id IN ({given})
            UNION SELECT c.parent FROM role_composite c JOIN roles ON c.child = roles.id
         )
         SELECT id FROM roles"
    );
    Ok(db.query(&sql, params![serde_json::to_string(roles)?], |row| row.text(0))?.into_iter().collect())
}
