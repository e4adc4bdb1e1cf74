//! Realms: settings as one document, found by name or id.

use crate::{
    Db, Result, Row, params,
    roles::{self, RoleRow},
};
use cloakroom_api::admin::realms::Realm;
use std::collections::HashSet;

/// A realm's row.
#[derive(Debug, Clone)]
pub struct RealmRow {
    /// The id that other rows refer to.
    pub id: String,
    /// The name in URLs.
    pub name: String,
    /// The settings: the representation without what has a table of its own.
    pub settings: Realm,
    /// The role that every user of the realm has.
    pub default_role: Option<String>,
}

const COLUMNS: &str = "SELECT id, name, doc, default_role FROM realm";

fn row(row: &Row<'_>) -> Result<RealmRow> {
    Ok(RealmRow { id: row.text(0)?, name: row.text(1)?, settings: row.json(2)?, default_role: row.opt_text(3)? })
}

/// The realm of this name.
pub fn by_name(db: &mut Db, name: &str) -> Result<Option<RealmRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE name = ?1"), params![name], row)
}

/// The realm of this id.
pub fn by_id(db: &mut Db, id: &str) -> Result<Option<RealmRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE id = ?1"), params![id], row)
}

/// All realms, by name.
pub fn list(db: &mut Db) -> Result<Vec<RealmRow>> {
    db.query(&format!("{COLUMNS} ORDER BY name"), params![], row)
}

/// A realm as lists name it.
#[derive(Debug, Clone)]
pub struct RealmName {
    /// The id.
    pub id: String,
    /// The name in URLs.
    pub name: String,
    /// What people call it.
    pub display_name: Option<String>,
    /// Whether anybody can log in.
    pub enabled: bool,
}

/// All realms by name, without reading the rest of their settings.
pub fn names(db: &mut Db) -> Result<Vec<RealmName>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Few {
        display_name: Option<String>,
        enabled: Option<bool>,
    }
    db.query("SELECT id, name, doc FROM realm ORDER BY name", params![], |row| {
        let Few { display_name, enabled } = row.json(2)?;
        Ok(RealmName { id: row.text(0)?, name: row.text(1)?, display_name, enabled: enabled == Some(true) })
    })
}

/// The default roles of all realms.
pub fn default_roles(db: &mut Db) -> Result<Vec<RoleRow>> {
    db.query(&format!("{} JOIN realm x ON x.default_role = r.id", roles::COLUMNS), params![], roles::row)
}

/// The ids of the realms whose new users join groups.
pub fn with_default_groups(db: &mut Db) -> Result<HashSet<String>> {
    let ids = db.query("SELECT DISTINCT realm FROM realm_default_group", params![], |row| row.text(0))?;
    Ok(ids.into_iter().collect())
}

/// The realm of this id, which until the transaction's end nobody else changes.
pub fn lock(db: &mut Db, id: &str) -> Result<Option<RealmRow>> {
    db.execute("UPDATE realm SET name = name WHERE id = ?1", params![id])?;
    by_id(db, id)
}

/// Whether there is no realm at all: a new database.
pub fn is_empty(db: &mut Db) -> Result<bool> {
    Ok(!db.exists("SELECT 1 FROM realm LIMIT 1", params![])?)
}

/// Adds a realm. A conflict means that its id or name is taken.
pub fn insert(db: &mut Db, realm: &RealmRow) -> Result<()> {
    let doc = serde_json::to_string(&realm.settings)?;
    db.execute(
        "INSERT INTO realm (id, name, doc, default_role) VALUES (?1, ?2, ?3, ?4)",
        params![&realm.id, &realm.name, doc, &realm.default_role],
    )?;
    Ok(())
}

/// Replaces name, settings and default role. A conflict means that the name is taken.
pub fn update(db: &mut Db, realm: &RealmRow) -> Result<()> {
    let doc = serde_json::to_string(&realm.settings)?;
    db.execute(
        "UPDATE realm SET name = ?2, doc = ?3, default_role = ?4 WHERE id = ?1",
        params![&realm.id, &realm.name, doc, &realm.default_role],
    )?;
    Ok(())
}

/// Deletes a realm with everything in it.
pub fn delete(db: &mut Db, id: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM realm WHERE id = ?1", params![id])? == 1)
}
