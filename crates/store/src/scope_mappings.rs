//! Scope mappings: the roles that a client or a client scope may put into tokens.

use crate::{Db, Result, Row, params, roles, roles::RoleRow};

/// What has the mappings, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A client.
    Client(&'a str),
    /// A client scope.
    Scope(&'a str),
}

impl<'a> Owner<'a> {
    fn id(self) -> &'a str {
        match self {
            Owner::Client(id) | Owner::Scope(id) => id,
        }
    }

    /// The owner's column, in its table.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Owner::Client(_) => ("client", "client_scope_mapping"),
            Owner::Scope(_) => ("scope", "scope_scope_mapping"),
        }
    }

    /// A query of the ids of the roles that are mapped directly; the owner is the first parameter.
    fn mapped(self) -> String {
        let (column, table) = self.table();
        format!("SELECT role FROM {table} WHERE {column} = ?1")
    }
}

/// The roles of one container: of a client by its id, or of the realm itself for `None`. `?2` is the realm, `?3` the client.
const CONTAINER: &str = "r.realm = ?2 AND ((CAST(?3 AS TEXT) IS NULL AND r.client IS NULL) OR r.client = ?3)";

/// A container's roles that are mapped directly, by name.
pub fn direct(db: &mut Db, realm: &str, owner: Owner<'_>, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let sql = format!("{} WHERE {CONTAINER} AND r.id IN ({}) ORDER BY r.name", roles::COLUMNS, owner.mapped());
    db.query(&sql, params![owner.id(), realm, client], roles::row)
}

/// A container's roles that are not mapped directly, by name.
pub fn available(db: &mut Db, realm: &str, owner: Owner<'_>, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let sql = format!("{} WHERE {CONTAINER} AND r.id NOT IN ({}) ORDER BY r.name", roles::COLUMNS, owner.mapped());
    db.query(&sql, params![owner.id(), realm, client], roles::row)
}

/// A container's roles that are mapped directly or contained in mapped ones, by name.
pub fn effective(db: &mut Db, realm: &str, owner: Owner<'_>, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let sql = format!(
        "WITH RECURSIVE mapped (id) AS (
            {} UNION SELECT c.child FROM role_composite c JOIN mapped ON c.parent = mapped.id
         ) {} WHERE {CONTAINER} AND r.id IN (SELECT id FROM mapped) ORDER BY r.name",
        owner.mapped(),
        roles::COLUMNS
    );
    db.query(&sql, params![owner.id(), realm, client], roles::row)
}

/// All directly mapped roles, those of clients with the `clientId`, by `clientId` and name.
pub fn all(db: &mut Db, realm: &str, owner: Owner<'_>) -> Result<Vec<(RoleRow, Option<String>)>> {
    let with_client = |row: &Row<'_>| Ok((roles::row(row)?, row.opt_text(6)?));
    let columns =
        roles::COLUMNS.replace(" FROM role r", ", (SELECT client_id FROM client WHERE id = r.client) FROM role r");
    let sql = format!("{columns} WHERE r.realm = ?2 AND r.id IN ({}) ORDER BY 7, r.name", owner.mapped());
    db.query(&sql, params![owner.id(), realm], with_client)
}

/// Maps a role; nothing happens if it is mapped already.
pub fn add(db: &mut Db, owner: Owner<'_>, role: &str) -> Result<()> {
    let (column, table) = owner.table();
    let sql = format!("INSERT INTO {table} ({column}, role) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    db.execute(&sql, params![owner.id(), role]).map(drop)
}

/// Unmaps a role.
pub fn remove(db: &mut Db, owner: Owner<'_>, role: &str) -> Result<bool> {
    let (column, table) = owner.table();
    let sql = format!("DELETE FROM {table} WHERE {column} = ?1 AND role = ?2");
    Ok(db.execute(&sql, params![owner.id(), role])? == 1)
}
