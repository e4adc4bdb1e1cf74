//! User sessions, online and offline, and the client sessions within them.

use crate::{Db, Result, Row, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A user session's row.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The id, `sid` in tokens. An offline session can have the id of the online one it was made from.
    pub id: String,
    /// Whether it outlives logout and is renewed by offline tokens only.
    pub offline: bool,
    /// The user.
    pub user: String,
    /// When it began, in milliseconds.
    pub started: i64,
    /// When it was last used, in milliseconds.
    pub last_refresh: i64,
    /// When it is certainly over, in milliseconds: a sweep deletes by it.
    pub expires: i64,
    /// Whether the longer lifespans of "remember me" hold.
    pub remember_me: bool,
    /// The rest.
    pub doc: SessionDoc,
}

/// What is only shown or carried along with a session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionDoc {
    /// The address that the login came from.
    pub address: String,
    /// What the person typed as name.
    pub login_username: String,
    /// How the login was made: `openid-connect`, …
    pub auth_method: String,
    /// Session notes, for mappers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

const COLUMNS: &str =
    "SELECT id, offline, user_account, started, last_refresh, expires, remember_me, doc FROM user_session";

fn row(row: &Row<'_>) -> Result<SessionRow> {
    Ok(SessionRow {
        id: row.text(0)?,
        offline: row.bool(1)?,
        user: row.text(2)?,
        started: row.int(3)?,
        last_refresh: row.int(4)?,
        expires: row.int(5)?,
        remember_me: row.bool(6)?,
        doc: row.json(7)?,
    })
}

/// The session of this id in the realm.
pub fn get(db: &mut Db, realm: &str, id: &str, offline: bool) -> Result<Option<SessionRow>> {
    let sql = format!("{COLUMNS} WHERE realm = ?1 AND id = ?2 AND offline = ?3");
    db.query_opt(&sql, params![realm, id, offline], row)
}

/// Adds a session.
pub fn insert(db: &mut Db, realm: &str, session: &SessionRow) -> Result<()> {
    db.execute(
        "INSERT INTO user_session (id, offline, realm, user_account, started, last_refresh, expires, remember_me, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            &session.id,
            session.offline,
            realm,
            &session.user,
            session.started,
            session.last_refresh,
            session.expires,
            session.remember_me,
            serde_json::to_string(&session.doc)?
        ],
    )?;
    Ok(())
}

/// Notes that a session was used.
pub fn refresh(db: &mut Db, id: &str, offline: bool, last_refresh: i64, expires: i64) -> Result<()> {
    db.execute(
        "UPDATE user_session SET last_refresh = ?3, expires = ?4 WHERE id = ?1 AND offline = ?2",
        params![id, offline, last_refresh, expires],
    )?;
    Ok(())
}

/// Writes a session that is there: when it was last used, when it is over, and what it carries along.
pub fn update(db: &mut Db, realm: &str, session: &SessionRow) -> Result<bool> {
    let changed = db.execute(
        "UPDATE user_session SET last_refresh = ?4, expires = ?5, doc = ?6 WHERE realm = ?1 AND id = ?2 AND offline = ?3",
        params![
            realm,
            &session.id,
            session.offline,
            session.last_refresh,
            session.expires,
            serde_json::to_string(&session.doc)?
        ],
    )?;
    Ok(changed == 1)
}

/// Ends a session and the client sessions in it.
pub fn delete(db: &mut Db, realm: &str, id: &str, offline: bool) -> Result<bool> {
    let sql = "DELETE FROM user_session WHERE realm = ?1 AND id = ?2 AND offline = ?3";
    Ok(db.execute(sql, params![realm, id, offline])? == 1)
}

/// Ends all online sessions of a user.
pub fn delete_of_user(db: &mut Db, realm: &str, user: &str) -> Result<u64> {
    let sql = "DELETE FROM user_session WHERE realm = ?1 AND user_account = ?2 AND offline = ?3";
    db.execute(sql, params![realm, user, false])
}

/// A client's part of a session.
#[derive(Debug, Clone)]
pub struct ClientSessionRow {
    /// The session.
    pub session: String,
    /// Whether the session is an offline one.
    pub offline: bool,
    /// The client's id.
    pub client: String,
    /// When the client joined, in milliseconds.
    pub started: i64,
    /// When the client last got tokens, in milliseconds.
    pub last_refresh: i64,
    /// The rest.
    pub doc: ClientSessionDoc,
}

/// What a client session carries along.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientSessionDoc {
    /// The scope that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where the code was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// With rotation: the refresh token in force, by its `jti`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// With rotation: how often that token was used.
    pub refresh_uses: i64,
    /// Client session notes: nonce, acr, and the like.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

fn client_row(row: &Row<'_>) -> Result<ClientSessionRow> {
    Ok(ClientSessionRow {
        session: row.text(0)?,
        offline: row.bool(1)?,
        client: row.text(2)?,
        started: row.int(3)?,
        last_refresh: row.int(4)?,
        doc: row.json(5)?,
    })
}

/// A client's part of a session.
pub fn client(db: &mut Db, session: &str, offline: bool, client: &str) -> Result<Option<ClientSessionRow>> {
    db.query_opt(
        "SELECT session, offline, client, started, last_refresh, doc FROM client_session
         WHERE session = ?1 AND offline = ?2 AND client = ?3",
        params![session, offline, client],
        client_row,
    )
}

/// Adds or replaces a client's part of a session.
pub fn put_client(db: &mut Db, row: &ClientSessionRow) -> Result<()> {
    db.execute(
        "INSERT INTO client_session (session, offline, client, started, last_refresh, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (session, offline, client)
         DO UPDATE SET started = excluded.started, last_refresh = excluded.last_refresh, doc = excluded.doc",
        params![
            &row.session,
            row.offline,
            &row.client,
            row.started,
            row.last_refresh,
            serde_json::to_string(&row.doc)?
        ],
    )?;
    Ok(())
}
