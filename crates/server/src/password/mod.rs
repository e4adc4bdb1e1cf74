//! Passwords: hashed, verified, renewed, and guarded against guessing.

pub mod brute_force;
pub mod check;
pub mod hash;
pub mod otp;
pub mod policy;

pub use check::{Outcome, check, find};
pub use policy::{Names, Policy, PolicyError, Violation};

use crate::{Result, cx::Cx, realm_view::RealmView};
use cloakroom_api::{admin::credentials::Credential, fields::Secret};
use cloakroom_store::{
    Db,
    credentials::{self, CredentialRow, PASSWORD, PASSWORD_HISTORY},
    users::UserRow,
};
use hash::{Algorithm, Hash};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Whether this is the user's password. A hash that the realm would make differently now is renewed, under its id.
pub fn verify(cx: &mut Cx, realm: &RealmView, user: &str, password: &str) -> Result<bool> {
    let algorithm = Policy::of(realm).algorithm();
    let stored = credentials::password(cx.read()?, user)?;
    let hash = stored.as_ref().and_then(|row| Hash::read(&row.credential_data, &row.secret_data));
    let (Some(stored), Some(hash)) = (stored, hash) else {
        // takes as long as for a user who has a password
        let dummy = Hash::dummy(algorithm);
        return cx.hash(|memory| dummy.verify(memory, password));
    };
    let salt = cx.app.random.bytes();
    let renewed = cx.hash(|memory| {
        if !hash.verify(memory, password)? {
            return Ok(None);
        }
        let renewed = hash.algorithm != algorithm;
        Ok(Some(if renewed { Some(Hash::new(algorithm, salt, memory, password)?) } else { None }))
    })?;
    let Some(renewed) = renewed else { return Ok(false) };
    if let Some(hash) = renewed {
        let new = CredentialRow {
            secret_data: hash.secret_data()?,
            credential_data: hash.credential_data()?,
            ..stored.clone()
        };
        credentials::rehash(cx.write()?, user, &stored, &new)?;
    }
    Ok(true)
}

/// Hashes a password as a new credential. To be called before the request writes. The policy's demands are not checked.
pub fn hashed(cx: &mut Cx, algorithm: Algorithm, password: &str) -> Result<CredentialRow> {
    let salt = cx.app.random.bytes();
    let hash = cx.hash(|memory| Hash::new(algorithm, salt, memory, password))?;
    Ok(CredentialRow {
        id: cx.new_id(),
        kind: PASSWORD.to_owned(),
        label: None,
        created: Some(cx.now()),
        secret_data: hash.secret_data()?,
        credential_data: hash.credential_data()?,
    })
}

/// A credential as it comes in with a new or imported user: a password in clear, which must please the policy, or what was
/// exported elsewhere. `None` for one without content. To be called before the request writes.
pub fn incoming(
    cx: &mut Cx,
    policy: &Policy,
    names: Names<'_>,
    credential: &Credential,
) -> Result<Option<CredentialRow>> {
    if let Some(password) = credential.value.as_ref().filter(|p| !p.is_empty()) {
        policy.check(password.expose(), names)?;
        let row = hashed(cx, policy.algorithm(), password.expose())?;
        return Ok(Some(row));
    }
    let (Some(secret_data), Some(credential_data)) = exported(credential) else { return Ok(None) };
    Ok(Some(CredentialRow {
        id: credential.id.clone().unwrap_or_else(|| cx.new_id()),
        kind: credential.r#type.clone().unwrap_or_else(|| PASSWORD.to_owned()),
        label: credential.user_label.clone(),
        created: Some(credential.created_date.unwrap_or_else(|| cx.now())),
        secret_data,
        credential_data,
    }))
}

/// The two documents of an exported credential; servers before 2020 wrote their parts as fields.
pub fn exported(credential: &Credential) -> (Option<Secret>, Option<String>) {
    if credential.secret_data.is_some() || credential.hashed_salted_value.is_none() {
        return (credential.secret_data.clone(), credential.credential_data.clone());
    }
    let value = credential.hashed_salted_value.clone();
    let algorithm = credential.algorithm.as_deref().unwrap_or("pbkdf2");
    let (secret, data) = if matches!(credential.r#type.as_deref(), Some("totp" | "hotp" | "otp")) {
        let data = serde_json::json!({
            "subType": credential.r#type, "digits": credential.digits, "counter": credential.counter,
            "period": credential.period, "algorithm": algorithm,
        });
        (serde_json::json!({ "value": value }), data)
    } else {
        let data = serde_json::json!({ "hashIterations": credential.hash_iterations, "algorithm": algorithm });
        (serde_json::json!({ "value": value, "salt": credential.salt }), data)
    };
    (Some(secret.to_string().into()), Some(data.to_string()))
}

/// Sets a user's password: 400 in the policy's words where it lacks something. To be called before the request writes.
pub fn set(cx: &mut Cx, realm: &RealmView, user: &UserRow, password: &str) -> Result<()> {
    if let Err(violation) = try_set(cx, realm, user, password)? {
        return Err(violation.into());
    }
    Ok(())
}

/// Sets a user's password, or says what it lacks: for forms, which show it. To be called before the request writes.
pub fn try_set(cx: &mut Cx, realm: &RealmView, user: &UserRow, password: &str) -> Result<Result<(), Violation>> {
    let policy = Policy::of(realm);
    if let Err(violation) =
        policy.check(password, Names { username: Some(&user.username), email: user.email.as_deref() })
    {
        return Ok(Err(violation));
    }
    let old = credentials::password(cx.read()?, &user.id)?;
    let mut past = credentials::of_type(cx.read()?, &user.id, PASSWORD_HISTORY)?;
    past.sort_by_key(|row| std::cmp::Reverse(row.created));
    if let Some(violation) = used_before(cx, &policy, old.as_ref(), &past, password)? {
        return Ok(Err(violation));
    }
    let new = hashed(cx, policy.algorithm(), password)?;
    let (id, now) = (cx.new_id(), cx.now());
    replace(cx.write()?, &policy, &user.id, Change { old, new, past, id, now })?;
    Ok(Ok(()))
}

/// Whether a password is one of the last ones, as far as the policy looks back.
fn used_before(
    cx: &mut Cx,
    policy: &Policy,
    old: Option<&CredentialRow>,
    past: &[CredentialRow],
    password: &str,
) -> Result<Option<Violation>> {
    let since = cx.now() - policy.age_days * DAY;
    let recent = past.iter().filter(|row| row.created.unwrap_or(0) > since);
    let looked_at = [
        (policy.history > 0, old.into_iter().chain(past.iter().take(policy.history.saturating_sub(1))).collect()),
        (policy.age_days > 0, old.into_iter().chain(recent).collect::<Vec<_>>()),
    ];
    for ((demanded, rows), violation) in
        looked_at.into_iter().zip([Violation::history(policy.history), Violation::age()])
    {
        let hashes: Vec<_> = rows.iter().filter_map(|row| Hash::read(&row.credential_data, &row.secret_data)).collect();
        if demanded && cx.hash(|memory| any(&hashes, |hash| hash.verify(memory, password)))? {
            return Ok(Some(violation));
        }
    }
    Ok(None)
}

fn any<T>(list: &[T], mut test: impl FnMut(&T) -> Result<bool>) -> Result<bool> {
    for item in list {
        if test(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Change {
    old: Option<CredentialRow>,
    new: CredentialRow,
    /// Newest first.
    past: Vec<CredentialRow>,
    id: String,
    now: i64,
}

/// Writes a password: under the old one's id, which goes to the history as far as the policy looks back.
fn replace(db: &mut Db, policy: &Policy, user: &str, change: Change) -> Result<()> {
    let Change { old, new, past, id, now } = change;
    let Some(old) = old else { return Ok(credentials::insert(db, user, &new)?) };
    credentials::update(db, user, &CredentialRow { id: old.id.clone(), ..new })?;
    let mut keep = policy.history.saturating_sub(1);
    if keep > 0 || policy.age_days > 0 {
        credentials::insert(db, user, &CredentialRow { id, kind: PASSWORD_HISTORY.to_owned(), ..old })?;
        keep = keep.saturating_sub(1);
    }
    let since = now - policy.age_days * DAY;
    let forgotten = past.iter().skip(keep).filter(|row| policy.age_days == 0 || row.created.unwrap_or(0) <= since);
    for row in forgotten {
        credentials::delete(db, user, &row.id)?;
    }
    Ok(())
}

/// Whether the realm demands a new password because the present one is too old.
pub fn has_expired(cx: &mut Cx, realm: &RealmView, user: &str) -> Result<bool> {
    let Some(days) = Policy::of(realm).expires_days else { return Ok(false) };
    let oldest = cx.now() - days * DAY;
    Ok(credentials::password(cx.read()?, user)?.and_then(|row| row.created).is_some_and(|made| made < oldest))
}
