//! Components: configured providers of a realm, such as keys, registration policies, the user profile, user storage.

use crate::{Db, Result, Row, params};
use cloakroom_api::fields::Attributes;

/// A component's row.
#[derive(Debug, Clone)]
pub struct ComponentRow {
    /// The id.
    pub id: String,
    /// What it belongs to: the realm, or another component.
    pub parent: Option<String>,
    /// The name that people see.
    pub name: Option<String>,
    /// The kind of provider, a Java class name: `org.keycloak.keys.KeyProvider`.
    pub provider_type: Option<String>,
    /// The provider, such as `rsa-generated`.
    pub provider: Option<String>,
    /// A kind within the provider, such as `anonymous`.
    pub sub_type: Option<String>,
    /// The configuration with its secrets.
    pub config: Attributes,
}

const COLUMNS: &str = "SELECT id, parent, name, provider_type, provider, sub_type, config FROM component";

fn row(row: &Row<'_>) -> Result<ComponentRow> {
    Ok(ComponentRow {
        id: row.text(0)?,
        parent: row.opt_text(1)?,
        name: row.opt_text(2)?,
        provider_type: row.opt_text(3)?,
        provider: row.opt_text(4)?,
        sub_type: row.opt_text(5)?,
        config: row.json(6)?,
    })
}

/// All components of a realm, oldest first.
pub fn list(db: &mut Db, realm: &str) -> Result<Vec<ComponentRow>> {
    db.query(&format!("{COLUMNS} WHERE realm = ?1 ORDER BY created, id"), params![realm], row)
}

/// One component of a realm.
pub fn get(db: &mut Db, realm: &str, id: &str) -> Result<Option<ComponentRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE realm = ?1 AND id = ?2"), params![realm, id], row)
}

/// Adds a component. A conflict means that the id is taken.
pub fn insert(db: &mut Db, realm: &str, component: &ComponentRow, created: i64) -> Result<()> {
    let config = serde_json::to_string(&component.config)?;
    db.execute(
        "INSERT INTO component (id, realm, parent, name, provider_type, provider, sub_type, config, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            &component.id,
            realm,
            &component.parent,
            &component.name,
            &component.provider_type,
            &component.provider,
            &component.sub_type,
            config,
            created
        ],
    )?;
    Ok(())
}

/// Replaces a component.
pub fn update(db: &mut Db, realm: &str, component: &ComponentRow) -> Result<bool> {
    let config = serde_json::to_string(&component.config)?;
    let changed = db.execute(
        "UPDATE component SET parent = ?3, name = ?4, provider_type = ?5, provider = ?6, sub_type = ?7, config = ?8
         WHERE realm = ?1 AND id = ?2",
        params![
            realm,
            &component.id,
            &component.parent,
            &component.name,
            &component.provider_type,
            &component.provider,
            &component.sub_type,
            config
        ],
    )?;
    Ok(changed == 1)
}

/// Deletes a component and those below it.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    db.execute("DELETE FROM component WHERE realm = ?1 AND parent = ?2", params![realm, id])?;
    Ok(db.execute("DELETE FROM component WHERE realm = ?1 AND id = ?2", params![realm, id])? == 1)
}
