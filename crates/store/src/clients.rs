//! Clients: documents with their protocol mappers, found by `clientId` or id, and the client scopes they have.

use crate::{Db, Result, Row, fold, params};
use cloakroom_api::admin::clients::Client;
use std::collections::BTreeMap;

pub(crate) const COLUMNS: &str = "SELECT id, client_id, doc FROM client";

/// The stored representation, with both ids.
pub(crate) fn row(row: &Row<'_>) -> Result<Client> {
    let mut client: Client = row.json(2)?;
    client.id = Some(row.text(0)?);
    client.client_id = Some(row.text(1)?);
    Ok(client)
}

/// The client of this id (not `clientId`) in the realm.
pub fn by_id(db: &mut Db, realm: &str, id: &str) -> Result<Option<Client>> {
    db.query_opt(&format!("{COLUMNS} WHERE realm = ?1 AND id = ?2"), params![realm, id], row)
}

/// The client of this id in the realm, to be changed: nobody else changes it until the transaction ends.
pub fn lock(db: &mut Db, realm: &str, id: &str) -> Result<Option<Client>> {
    let sql = format!("{COLUMNS} WHERE realm = ?1 AND id = ?2{}", db.lock());
    db.query_opt(&sql, params![realm, id], row)
}

/// The client of this `clientId` in the realm.
pub fn by_client_id(db: &mut Db, realm: &str, client_id: &str) -> Result<Option<Client>> {
    db.query_opt(&format!("{COLUMNS} WHERE realm = ?1 AND client_id = ?2"), params![realm, client_id], row)
}

/// Which clients to list; all conditions hold together.
#[derive(Debug, Clone, Default)]
pub struct ClientFilter {
    /// Its `clientId`.
    pub client_id: Option<String>,
    /// Part of its `clientId`, whatever its case; `%` and `_` stand for anything and any one character.
    pub search: Option<String>,
    /// An attribute and its value, each.
    pub attributes: BTreeMap<String, String>,
}

/// A page of a realm's clients, by `clientId`.
pub fn list(db: &mut Db, realm: &str, filter: &ClientFilter, first: i64, max: i64) -> Result<Vec<Client>> {
    let pattern = filter.search.as_deref().map(|part| format!("%{}%", fold(part).replace('\\', "\\\\")));
    let wanted = db.each_pair(4);
    let value = db.entry("client.doc", "attributes", "wanted.key");
    db.query(
        &format!(
            "{COLUMNS} WHERE realm = ?1 AND (CAST(?2 AS TEXT) IS NULL OR client_id = ?2)
             AND (CAST(?3 AS TEXT) IS NULL OR client_id_folded LIKE ?3 ESCAPE '\\')
             AND NOT EXISTS (SELECT 1 FROM {wanted} WHERE {value} IS DISTINCT FROM wanted.value)
             ORDER BY client_id LIMIT ?5 OFFSET ?6"
        ),
        params![realm, &filter.client_id, pattern, serde_json::to_string(&filter.attributes)?, max, first],
        row,
    )
}

/// Adds a client; both its ids must be set. A conflict means that one of them is taken.
pub fn insert(db: &mut Db, realm: &str, client: &Client) -> Result<()> {
    let doc = serde_json::to_string(client)?;
    let client_id = client.client_id.as_deref().unwrap_or_default();
    db.execute(
        "INSERT INTO client (id, realm, client_id, client_id_folded, doc) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![&client.id, realm, client_id, fold(client_id), doc],
    )?;
    Ok(())
}

/// Replaces a client. A conflict means that the new `clientId` is taken.
pub fn update(db: &mut Db, realm: &str, client: &Client) -> Result<bool> {
    let doc = serde_json::to_string(client)?;
    let client_id = client.client_id.as_deref().unwrap_or_default();
    let changed = db.execute(
        "UPDATE client SET client_id = ?3, client_id_folded = ?4, doc = ?5 WHERE realm = ?1 AND id = ?2",
        params![realm, &client.id, client_id, fold(client_id), doc],
    )?;
    Ok(changed == 1)
}

/// Deletes a client with its roles, sessions and service account.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM client WHERE realm = ?1 AND id = ?2", params![realm, id])? == 1)
}

/// The ids of a client's scopes, each with whether it is a default (else optional) one.
pub fn scopes(db: &mut Db, client: &str) -> Result<Vec<(String, bool)>> {
    db.query("SELECT scope, is_default FROM client_client_scope WHERE client = ?1", params![client], |row| {
        Ok((row.text(0)?, row.bool(1)?))
    })
}

/// The same of many clients in one statement, each entry with its client's id in front.
pub fn scopes_of(db: &mut Db, clients: &[&str]) -> Result<Vec<(String, String, bool)>> {
    let source = db.each(1);
    db.query(
        &format!("SELECT client, scope, is_default FROM client_client_scope WHERE client IN ({source})"),
        params![serde_json::to_string(clients)?],
        |row| Ok((row.text(0)?, row.text(1)?, row.bool(2)?)),
    )
}

/// The ids of the clients that have a scope, of either kind.
pub fn with_scope(db: &mut Db, scope: &str) -> Result<Vec<String>> {
    db.query("SELECT client FROM client_client_scope WHERE scope = ?1", params![scope], |row| row.text(0))
}

/// Takes all scopes from a client.
pub fn clear_scopes(db: &mut Db, client: &str) -> Result<()> {
    db.execute("DELETE FROM client_client_scope WHERE client = ?1", params![client]).map(drop)
}

/// Gives a client a scope; one that it has already, of either kind, stays as it is.
pub fn add_scope(db: &mut Db, client: &str, scope: &str, is_default: bool) -> Result<()> {
    db.execute(
        "INSERT INTO client_client_scope (client, scope, is_default) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![client, scope, is_default],
    )?;
    Ok(())
}

/// Takes a scope of either kind from a client.
pub fn remove_scope(db: &mut Db, client: &str, scope: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM client_client_scope WHERE client = ?1 AND scope = ?2", params![client, scope])? == 1)
}

/// The ids of the roles that a client's tokens may carry, besides its own; of no weight with full scope.
pub fn scope_mappings(db: &mut Db, client: &str) -> Result<Vec<String>> {
    db.query("SELECT role FROM client_scope_mapping WHERE client = ?1", params![client], |row| row.text(0))
}
