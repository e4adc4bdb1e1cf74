//! Roles of users and groups: what they have directly, by other ways, and could have.

use crate::{
    Db, Result, params,
    roles::{self, COLUMNS, OF_CONTAINER, RoleRow},
};

/// Who has roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// The user of this id.
    User(String),
    /// The group of this id.
    Group(String),
}

impl Holder {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Holder::User(id) | Holder::Group(id) => id,
        }
    }

    fn table(&self) -> &'static str {
        match self {
            Holder::User(_) => "user_role",
            Holder::Group(_) => "group_role",
        }
    }

    fn column(&self) -> &'static str {
        match self {
            Holder::User(_) => "user_account",
            Holder::Group(_) => "user_group",
        }
    }
}

/// All roles that are mapped directly, by name.
pub fn all(db: &mut Db, holder: &Holder) -> Result<Vec<RoleRow>> {
    let (table, column) = (holder.table(), holder.column());
    let sql = format!("{COLUMNS} JOIN {table} m ON m.role = r.id WHERE m.{column} = ?1 ORDER BY r.name, r.id");
    db.query(&sql, params![holder.id()], roles::row)
}

/// The clients whose roles are mapped directly: each one's id and `clientId`.
pub fn clients(db: &mut Db, holder: &Holder) -> Result<Vec<(String, String)>> {
    let (table, column) = (holder.table(), holder.column());
    let sql = format!(
        "SELECT DISTINCT k.id, k.client_id FROM {table} m JOIN role r ON r.id = m.role JOIN client k ON k.id = r.client
         WHERE m.{column} = ?1 ORDER BY k.client_id"
    );
    db.query(&sql, params![holder.id()], |row| Ok((row.text(0)?, row.text(1)?)))
}

/// The roles of the client, or of the realm, that are mapped directly, by name.
pub fn direct(db: &mut Db, holder: &Holder, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let (table, column) = (holder.table(), holder.column());
    let sql =
        format!("{COLUMNS} JOIN {table} m ON m.role = r.id WHERE m.{column} = ?1 AND {OF_CONTAINER} ORDER BY r.name");
    db.query(&sql, params![holder.id(), client], roles::row)
}

/// The roles of the client, or of the realm, that are mapped directly, by groups above, or within composite roles, by name.
pub fn effective(db: &mut Db, holder: &Holder, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let all = match holder {
        Holder::User(_) => roles::OF_USER,
        Holder::Group(_) => roles::OF_GROUP,
    };
    let sql = format!("{all} {COLUMNS} WHERE r.id IN (SELECT id FROM roles) AND {OF_CONTAINER} ORDER BY r.name");
    db.query(&sql, params![holder.id(), client], roles::row)
}

/// The roles of the client, or of the realm, that are not mapped directly, by name.
pub fn available(db: &mut Db, realm: &str, holder: &Holder, client: Option<&str>) -> Result<Vec<RoleRow>> {
    let (table, column) = (holder.table(), holder.column());
    let sql = format!(
        "{COLUMNS} WHERE r.realm = ?1 AND {OF_CONTAINER}
            AND NOT EXISTS (SELECT 1 FROM {table} m WHERE m.role = r.id AND m.{column} = ?3) ORDER BY r.name"
    );
    db.query(&sql, params![realm, client, holder.id()], roles::row)
}

/// Maps a role; nothing happens if it is mapped.
pub fn add(db: &mut Db, holder: &Holder, role: &str) -> Result<()> {
    let sql =
        format!("INSERT INTO {} ({}, role) VALUES (?1, ?2) ON CONFLICT DO NOTHING", holder.table(), holder.column());
    db.execute(&sql, params![holder.id(), role]).map(drop)
}

/// Unmaps a role.
pub fn remove(db: &mut Db, holder: &Holder, role: &str) -> Result<bool> {
    let sql = format!("DELETE FROM {} WHERE {} = ?1 AND role = ?2", holder.table(), holder.column());
    Ok(db.execute(&sql, params![holder.id(), role])? == 1)
}
