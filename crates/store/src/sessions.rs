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

/// Ends all online sessions of a user but this one.
pub fn delete_others(db: &mut Db, realm: &str, user: &str, kept: &str) -> Result<u64> {
    let sql = "DELETE FROM user_session WHERE realm = ?1 AND user_account = ?2 AND offline = ?3 AND id <> ?4";
    db.execute(sql, params![realm, user, false, kept])
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
    /// With rotation: the refresh tokens in force, by the login that they come from.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rotations: BTreeMap<String, Rotation>,
    /// Client session notes: nonce, acr, and the like.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

/// The refresh tokens in force that descend from one login, each by its `jti`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rotation {
    /// The token that was used last.
    pub used: String,
    /// How often it was used.
    pub uses: i64,
    /// The tokens that it was exchanged for; the first use of one makes it the used one.
    pub successors: Vec<String>,
    /// When a token was last used, in milliseconds.
    pub at: i64,
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

/// The sessions of this id, the online one first, each with the client's part of it.
pub fn with_client(
    db: &mut Db,
    realm: &str,
    id: &str,
    client: &str,
) -> Result<Vec<(SessionRow, Option<ClientSessionRow>)>> {
    db.query(
        "SELECT s.id, s.offline, s.user_account, s.started, s.last_refresh, s.expires, s.remember_me, s.doc,
            c.client, c.started, c.last_refresh, c.doc
         FROM user_session s
         LEFT JOIN client_session c ON c.session = s.id AND c.offline = s.offline AND c.client = ?3
         WHERE s.realm = ?1 AND s.id = ?2 ORDER BY s.offline",
        params![realm, id, client],
        |r| {
            let session = row(r)?;
            let Some(client) = r.opt_text(8)? else { return Ok((session, None)) };
            let (started, last_refresh, doc) = (r.int(9)?, r.int(10)?, r.json(11)?);
            let (id, offline) = (session.id.clone(), session.offline);
            let part = ClientSessionRow { session: id, offline, client, started, last_refresh, doc };
            Ok((session, Some(part)))
        },
    )
}

/// A client's part of a session, kept from others until the transaction ends.
pub fn lock_client(db: &mut Db, session: &str, offline: bool, client: &str) -> Result<Option<ClientSessionRow>> {
    let lock = db.lock();
    let sql = format!("{CLIENT_COLUMNS} WHERE session = ?1 AND offline = ?2 AND client = ?3{lock}");
    db.query_opt(&sql, params![session, offline, client], client_row)
}

/// Ends a client's part of a session. The session stays.
pub fn delete_client(db: &mut Db, session: &str, offline: bool, client: &str) -> Result<bool> {
    let sql = "DELETE FROM client_session WHERE session = ?1 AND offline = ?2 AND client = ?3";
    Ok(db.execute(sql, params![session, offline, client])? == 1)
}

/// Ends a session unless a client still takes part in it.
pub fn delete_if_unused(db: &mut Db, session: &str, offline: bool) -> Result<bool> {
    let sql = "DELETE FROM user_session WHERE id = ?1 AND offline = ?2
         AND NOT EXISTS (SELECT 1 FROM client_session c WHERE c.session = ?1 AND c.offline = ?2)";
    Ok(db.execute(sql, params![session, offline])? == 1)
}

/// Ends all sessions of a realm, offline ones too.
pub fn delete_of_realm(db: &mut Db, realm: &str) -> Result<u64> {
    db.execute("DELETE FROM user_session WHERE realm = ?1", params![realm])
}

/// A session as lists show it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The session.
    pub session: SessionRow,
    /// The user's name.
    pub username: String,
    /// The clients that take part: id and `clientId`.
    pub clients: Vec<(String, String)>,
}

/// Which sessions to list.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Only those of this user.
    pub user: Option<&'a str>,
    /// Only those with this client (id).
    pub client: Option<&'a str>,
    /// Offline sessions instead of online ones.
    pub offline: bool,
    /// How many to pass over.
    pub first: i64,
    /// How many to list at most.
    pub max: i64,
}

/// Lists sessions that are not over at `now`, oldest first.
pub fn list(db: &mut Db, realm: &str, filter: &Filter<'_>, now: i64) -> Result<Vec<Listed>> {
    // the page is chosen first, then its clients are joined: one query for both
    let rows = db.query(
        "SELECT s.id, s.offline, s.user_account, s.started, s.last_refresh, s.expires, s.remember_me, s.doc,
            u.username, cl.id, cl.client_id
         FROM (SELECT * FROM user_session x
               WHERE x.realm = ?1 AND x.offline = ?2 AND x.expires > ?3
                 AND (CAST(?4 AS TEXT) IS NULL OR x.user_account = ?4)
                 AND (CAST(?5 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM client_session c
                      WHERE c.session = x.id AND c.offline = x.offline AND c.client = ?5))
               ORDER BY x.started, x.id LIMIT ?6 OFFSET ?7) s
         JOIN user_account u ON u.id = s.user_account
         LEFT JOIN client_session c ON c.session = s.id AND c.offline = s.offline
         LEFT JOIN client cl ON cl.id = c.client
         ORDER BY s.started, s.id",
        params![realm, filter.offline, now, filter.user, filter.client, filter.max, filter.first],
        |r| Ok((row(r)?, r.text(8)?, r.opt_text(9)?, r.opt_text(10)?)),
    )?;
    let mut out: Vec<Listed> = Vec::new();
    for (session, username, id, client_id) in rows {
        let client = id.zip(client_id);
        match out.last_mut().filter(|last| last.session.id == session.id) {
            Some(last) => last.clients.extend(client),
            None => out.push(Listed { session, username, clients: client.into_iter().collect() }),
        }
    }
    Ok(out)
}

/// Counts a client's sessions that are not over at `now`.
pub fn count(db: &mut Db, realm: &str, client: &str, offline: bool, now: i64) -> Result<i64> {
    db.count(
        "SELECT COUNT(*) FROM client_session c JOIN user_session s ON s.id = c.session AND s.offline = c.offline
         WHERE s.realm = ?1 AND c.client = ?2 AND c.offline = ?3 AND s.expires > ?4",
        params![realm, client, offline, now],
    )
}

/// How many sessions each client of a realm has, by `clientId`: id, `clientId`, online, offline. Clients without one are left out.
pub fn stats(db: &mut Db, realm: &str, now: i64) -> Result<Vec<(String, String, i64, i64)>> {
    db.query(
        "SELECT cl.id, cl.client_id, SUM(CASE WHEN c.offline = ?3 THEN 0 ELSE 1 END), SUM(CASE WHEN c.offline = ?3 THEN 1 ELSE 0 END)
         FROM client_session c JOIN user_session s ON s.id = c.session AND s.offline = c.offline
         JOIN client cl ON cl.id = c.client
         WHERE s.realm = ?1 AND s.expires > ?2 GROUP BY cl.id, cl.client_id ORDER BY cl.client_id",
        params![realm, now, true],
        |r| Ok((r.text(0)?, r.text(1)?, r.int(2)?, r.int(3)?)),
    )
}

/// Deletes sessions that are over at `now`, at most `most`, and says how many they were.
pub fn sweep(db: &mut Db, now: i64, most: i64) -> Result<u64> {
    let sql = "DELETE FROM user_session WHERE (id, offline) IN
         (SELECT id, offline FROM user_session WHERE expires <= ?1 ORDER BY expires LIMIT ?2)";
    db.execute(sql, params![now, most])
}

const CLIENT_COLUMNS: &str = "SELECT session, offline, client, started, last_refresh, doc FROM client_session";

/// A client's part of a session.
pub fn client(db: &mut Db, session: &str, offline: bool, client: &str) -> Result<Option<ClientSessionRow>> {
    db.query_opt(
        &format!("{CLIENT_COLUMNS} WHERE session = ?1 AND offline = ?2 AND client = ?3"),
        params![session, offline, client],
        client_row,
    )
}

/// Adds a client's part of a session unless it is there.
pub fn join_client(db: &mut Db, row: &ClientSessionRow) -> Result<()> {
    write_client(db, row, "DO NOTHING")
}

/// Adds or replaces a client's part of a session.
pub fn put_client(db: &mut Db, row: &ClientSessionRow) -> Result<()> {
    write_client(db, row, "DO UPDATE SET last_refresh = excluded.last_refresh, doc = excluded.doc")
}

fn write_client(db: &mut Db, row: &ClientSessionRow, on_conflict: &str) -> Result<()> {
    let sql = format!(
        "INSERT INTO client_session (session, offline, client, started, last_refresh, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (session, offline, client) {on_conflict}"
    );
    let doc = serde_json::to_string(&row.doc)?;
    db.execute(&sql, params![&row.session, row.offline, &row.client, row.started, row.last_refresh, doc])?;
    Ok(())
}
