//! Roles of realms and clients, their composites, and what a user has through all of them.

use crate::{Db, Result, Row, fold, params};
use cloakroom_api::{admin::roles::Role, fields::Attributes};

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

/// The roles by which master administrates the realms: those of the clients `NAME-realm`. `master` is its id.
pub fn of_administration(db: &mut Db, master: &str) -> Result<Vec<RoleRow>> {
    let sql = format!(
        "{COLUMNS} JOIN client cl ON cl.id = r.client JOIN realm m ON cl.client_id = m.name || '-realm'
         WHERE cl.realm = ?1 ORDER BY cl.client_id, r.name"
    );
    db.query(&sql, params![master], row)
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

/// Every role that a user has: own ones, those of its groups and their parents, and what all these contain.
pub fn of_user(db: &mut Db, user: &str) -> Result<Vec<Granted>> {
    db.query(
        "WITH RECURSIVE groups (id) AS (
            SELECT user_group FROM group_member WHERE user_account = ?1
            UNION SELECT g.parent FROM user_group g JOIN groups ON g.id = groups.id WHERE g.parent <> ''
         ), roles (id) AS (
            SELECT role FROM (
                SELECT role FROM user_role WHERE user_account = ?1
                UNION SELECT gr.role FROM group_role gr JOIN groups ON gr.user_group = groups.id
            ) AS direct
            UNION SELECT c.child FROM role_composite c JOIN roles ON c.parent = roles.id
         )
         SELECT r.id, r.name, cl.client_id FROM roles JOIN role r ON r.id = roles.id
         LEFT JOIN client cl ON cl.id = r.client",
        params![user],
        granted,
    )
}

/// These roles and all that they contain.
pub fn expanded(db: &mut Db, roles: &[String]) -> Result<Vec<Granted>> {
    let list = serde_json::to_string(roles)?;
    let source = db.each(1);
    db.query(
        &format!(
            "WITH RECURSIVE roles (id) AS (
                {source} UNION SELECT c.child FROM role_composite c JOIN roles ON c.parent = roles.id
             )
             SELECT r.id, r.name, cl.client_id FROM roles JOIN role r ON r.id = roles.id
             LEFT JOIN client cl ON cl.id = r.client"
        ),
        params![list],
        granted,
    )
}
