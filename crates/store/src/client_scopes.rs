//! Client scopes: documents with their protocol mappers, and which of them new clients of the realm get.

use crate::{Db, Result, Row, params};
use cloakroom_api::admin::client_scopes::ClientScope;

const COLUMNS: &str = "SELECT id, name, doc FROM client_scope";

/// The stored representation, with id and name.
fn row(row: &Row<'_>) -> Result<ClientScope> {
    let mut scope: ClientScope = row.json(2)?;
    scope.id = Some(row.text(0)?);
    scope.name = Some(row.text(1)?);
    Ok(scope)
}

/// All client scopes of a realm, by name.
pub fn list(db: &mut Db, realm: &str) -> Result<Vec<ClientScope>> {
    db.query(&format!("{COLUMNS} WHERE realm = ?1 ORDER BY name"), params![realm], row)
}

/// One client scope of a realm.
pub fn get(db: &mut Db, realm: &str, id: &str) -> Result<Option<ClientScope>> {
    db.query_opt(&format!("{COLUMNS} WHERE realm = ?1 AND id = ?2"), params![realm, id], row)
}

/// One client scope of a realm, to be changed: nobody else changes it until the transaction ends.
pub fn lock(db: &mut Db, realm: &str, id: &str) -> Result<Option<ClientScope>> {
    let sql = format!("{COLUMNS} WHERE realm = ?1 AND id = ?2{}", db.lock());
    db.query_opt(&sql, params![realm, id], row)
}

/// Adds a client scope; its id and name must be set. A conflict means that one of them is taken.
pub fn insert(db: &mut Db, realm: &str, scope: &ClientScope) -> Result<()> {
    let doc = serde_json::to_string(scope)?;
    db.execute(
        "INSERT INTO client_scope (id, realm, name, doc) VALUES (?1, ?2, ?3, ?4)",
        params![&scope.id, realm, &scope.name, doc],
    )?;
    Ok(())
}

/// Replaces a client scope. A conflict means that the new name is taken.
pub fn update(db: &mut Db, realm: &str, scope: &ClientScope) -> Result<bool> {
    let doc = serde_json::to_string(scope)?;
    let changed = db.execute(
        "UPDATE client_scope SET name = ?3, doc = ?4 WHERE realm = ?1 AND id = ?2",
        params![realm, &scope.id, &scope.name, doc],
    )?;
    Ok(changed == 1)
}

/// Deletes a client scope, also from the clients that have it.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM client_scope WHERE realm = ?1 AND id = ?2", params![realm, id])? == 1)
}

/// The ids of the scopes that new clients of the realm get, each with whether it is a default (else optional) one.
pub fn of_realm(db: &mut Db, realm: &str) -> Result<Vec<(String, bool)>> {
    db.query("SELECT scope, is_default FROM realm_client_scope WHERE realm = ?1", params![realm], |row| {
        Ok((row.text(0)?, row.bool(1)?))
    })
}

/// Gives the realm's new clients a scope. A conflict means that they get it already.
pub fn add_to_realm(db: &mut Db, realm: &str, scope: &str, is_default: bool) -> Result<()> {
    db.execute(
        "INSERT INTO realm_client_scope (realm, scope, is_default) VALUES (?1, ?2, ?3)",
        params![realm, scope, is_default],
    )?;
    Ok(())
}

/// New clients of the realm no longer get the scope.
pub fn remove_from_realm(db: &mut Db, realm: &str, scope: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM realm_client_scope WHERE realm = ?1 AND scope = ?2", params![realm, scope])? == 1)
}

/// The roles that client scopes of a realm are bound to: scope and role, by their ids.
pub fn scope_mappings(db: &mut Db, realm: &str) -> Result<Vec<(String, String)>> {
    db.query(
        "SELECT m.scope, m.role FROM scope_scope_mapping m JOIN client_scope s ON s.id = m.scope WHERE s.realm = ?1",
        params![realm],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )
}
