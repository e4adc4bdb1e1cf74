//! Users: their row, attributes, groups and roles.

use crate::{Db, Error, Result, Row, fold, params};
use cloakroom_api::{admin::users::User, fields::Attributes};

/// A user's row.
#[derive(Debug, Clone, Default)]
pub struct UserRow {
    /// The id, `sub` in tokens.
    pub id: String,
    /// The name, in lower case.
    pub username: String,
    /// The address, in lower case.
    pub email: Option<String>,
    /// Whether the address was verified.
    pub email_verified: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// A disabled user cannot do anything.
    pub enabled: bool,
    /// When it was made, in milliseconds.
    pub created: Option<i64>,
    /// Tokens issued before this second are refused.
    pub not_before: i64,
    /// The id of the client whose service account it is.
    pub service_account_client: Option<String>,
    /// How often it was changed.
    pub version: i64,
    /// Required actions and other parts of the representation that are neither searched nor a column.
    pub rest: User,
}

/// What a query of users selects; `u` is the user.
pub(crate) const COLUMNS: &str =
    "SELECT u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled,
    u.created, u.not_before, u.service_account_client, u.version, u.doc FROM user_account u";

pub(crate) fn row(row: &Row<'_>) -> Result<UserRow> {
    Ok(UserRow {
        id: row.text(0)?,
        username: row.text(1)?,
        email: row.opt_text(2)?,
        email_verified: row.bool(3)?,
        first_name: row.opt_text(4)?,
        last_name: row.opt_text(5)?,
        enabled: row.bool(6)?,
        created: row.opt_int(7)?,
        not_before: row.int(8)?,
        service_account_client: row.opt_text(9)?,
        version: row.int(10)?,
        rest: row.json(11)?,
    })
}

/// The user of this id in the realm.
pub fn by_id(db: &mut Db, realm: &str, id: &str) -> Result<Option<UserRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE u.realm = ?1 AND u.id = ?2"), params![realm, id], row)
}

/// Keeps a user's row from others until the transaction ends. On SQLite the transaction itself does.
pub fn lock(db: &mut Db, realm: &str, id: &str) -> Result<()> {
    match db.lock() {
        "" => Ok(()),
        lock => {
            let sql = format!("SELECT 1 FROM user_account WHERE realm = ?1 AND id = ?2{lock}");
            db.exists(&sql, params![realm, id]).map(drop)
        }
    }
}

/// The user of this name, whatever its case.
pub fn by_username(db: &mut Db, realm: &str, username: &str) -> Result<Option<UserRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE u.realm = ?1 AND u.username = ?2"), params![realm, fold(username)], row)
}

/// A user of this e-mail address, whatever its case: the oldest where the realm allows several.
pub fn by_email(db: &mut Db, realm: &str, email: &str) -> Result<Option<UserRow>> {
    let sql = format!("{COLUMNS} WHERE u.realm = ?1 AND u.email = ?2 ORDER BY u.created, u.id LIMIT 1");
    db.query_opt(&sql, params![realm, fold(email)], row)
}

/// The service account of a client.
pub fn service_account(db: &mut Db, realm: &str, client: &str) -> Result<Option<UserRow>> {
    let sql = format!("{COLUMNS} WHERE u.realm = ?1 AND u.service_account_client = ?2");
    db.query_opt(&sql, params![realm, client], row)
}

/// Adds a user. A conflict means that its id, name or (unless the realm allows duplicates) address is taken.
pub fn insert(db: &mut Db, realm: &str, user: &UserRow, duplicate_emails: bool) -> Result<()> {
    db.execute(
        "INSERT INTO user_account (id, realm, username, email, email_unique, email_verified, first_name, last_name,
            first_name_folded, last_name_folded, enabled, created, not_before, service_account_client, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            &user.id,
            realm,
            fold(&user.username),
            user.email.as_deref().map(fold),
            user.email.as_deref().filter(|_| !duplicate_emails).map(fold),
            user.email_verified,
            &user.first_name,
            &user.last_name,
            user.first_name.as_deref().map(fold),
            user.last_name.as_deref().map(fold),
            user.enabled,
            user.created,
            user.not_before,
            &user.service_account_client,
            serde_json::to_string(&user.rest)?
        ],
    )?;
    Ok(())
}

/// Replaces a user's row, if it is still the one that was read: else the request is to be tried again. A conflict means that
/// the new name or address is taken.
pub fn update(db: &mut Db, realm: &str, user: &mut UserRow, duplicate_emails: bool) -> Result<()> {
    let changed = db.execute(
        "UPDATE user_account SET email_verified = ?3, first_name = ?4, last_name = ?5, first_name_folded = ?6,
            last_name_folded = ?7, enabled = ?8, not_before = ?9, doc = ?10, version = version + 1
         WHERE realm = ?1 AND id = ?2 AND version = ?11",
        params![
            realm,
            &user.id,
            user.email_verified,
            &user.first_name,
            &user.last_name,
            user.first_name.as_deref().map(fold),
            user.last_name.as_deref().map(fold),
            user.enabled,
            user.not_before,
            serde_json::to_string(&user.rest)?,
            user.version
        ],
    )?;
    if changed == 0 {
        return Err(Error::Retry("the user was changed meanwhile".to_owned()));
    }
    // what is indexed is written only when it changes: each index is another page on the disk
    db.execute(
        "UPDATE user_account SET username = ?3, email = ?4, email_unique = ?5, service_account_client = ?6
         WHERE realm = ?1 AND id = ?2 AND (username <> ?3 OR email IS DISTINCT FROM ?4
            OR email_unique IS DISTINCT FROM ?5 OR service_account_client IS DISTINCT FROM ?6)",
        params![
            realm,
            &user.id,
            fold(&user.username),
            user.email.as_deref().map(fold),
            user.email.as_deref().filter(|_| !duplicate_emails).map(fold),
            &user.service_account_client
        ],
    )?;
    user.version += 1;
    Ok(())
}

/// Deletes a user with all that belongs to it.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    crate::login_failures::clear(db, realm, id)?;
    Ok(db.execute("DELETE FROM user_account WHERE realm = ?1 AND id = ?2", params![realm, id])? == 1)
}

/// A user's attributes, without those that are columns.
pub fn attributes(db: &mut Db, user: &str) -> Result<Attributes> {
    let rows = db.query(
        "SELECT name, value FROM user_attribute WHERE user_account = ?1 ORDER BY name, position",
        params![user],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )?;
    let mut attributes = Attributes::default();
    for (name, value) in rows {
        attributes.entry(name).or_default().push(value);
    }
    Ok(attributes)
}

/// Replaces all attributes of a user.
pub fn put_attributes(db: &mut Db, user: &str, attributes: &Attributes) -> Result<()> {
    db.execute("DELETE FROM user_attribute WHERE user_account = ?1", params![user])?;
    for (name, values) in attributes.iter() {
        for (position, value) in (0i64..).zip(values) {
            db.execute(
                "INSERT INTO user_attribute (user_account, name, position, value, value_key) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![user, name, position, value, value_key(value)],
            )?;
        }
    }
    Ok(())
}

/// Sets an attribute to one value.
pub fn set_attribute(db: &mut Db, user: &str, name: &str, value: &str) -> Result<()> {
    db.execute("UPDATE user_account SET version = version + 1 WHERE id = ?1", params![user])?;
    db.execute("DELETE FROM user_attribute WHERE user_account = ?1 AND name = ?2", params![user, name])?;
    db.execute(
        "INSERT INTO user_attribute (user_account, name, position, value, value_key) VALUES (?1, ?2, 0, ?3, ?4)",
        params![user, name, value, value_key(value)],
    )?;
    Ok(())
}

/// Disables a user.
pub fn disable(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    let sql = "UPDATE user_account SET enabled = ?3, version = version + 1 WHERE realm = ?1 AND id = ?2";
    Ok(db.execute(sql, params![realm, id, false])? == 1)
}

/// What attribute values are searched by: folded, their first 200 characters.
pub fn value_key(value: &str) -> String {
    fold(value).chars().take(200).collect()
}

/// Gives a user a role; nothing happens if it has it.
pub fn add_role(db: &mut Db, user: &str, role: &str) -> Result<()> {
    let sql = "INSERT INTO user_role (user_account, role) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![user, role]).map(drop)
}

/// Takes a role from a user.
pub fn remove_role(db: &mut Db, user: &str, role: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM user_role WHERE user_account = ?1 AND role = ?2", params![user, role])? == 1)
}
