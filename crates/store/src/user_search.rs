//! Finding users: the conditions of a list, pages of it, and how many there are.

use crate::{
    Db, Result, Value, escape_like, fold, params,
    users::{COLUMNS, UserRow, row, value_key},
};
use cloakroom_api::fields::Attributes;
use std::collections::HashMap;

/// Which users are wanted: all conditions hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that must each be found in the username, the address, the given or the family name.
    pub words: Vec<Match>,
    /// What single fields must hold.
    pub fields: Vec<(Field, Match)>,
    /// Only these ids.
    pub ids: Option<Vec<String>>,
    /// Whether the user is enabled.
    pub enabled: Option<bool>,
    /// Whether the address is verified.
    pub email_verified: Option<bool>,
    /// The alias of an identity provider that the user is linked to.
    pub provider: Option<String>,
    /// The user's id at an identity provider: the one named, or any.
    pub provider_user: Option<String>,
    /// Attributes and values that the user has, whatever their case.
    pub attributes: Vec<(String, String)>,
    /// Made at this time or later, in milliseconds.
    pub created_after: Option<i64>,
    /// Made at this time or earlier, in milliseconds.
    pub created_before: Option<i64>,
    /// Whether service accounts are found too.
    pub service_accounts: bool,
}

/// How a text must match, whatever its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// All of it.
    Whole(String),
    /// Any part of it.
    Part(String),
    /// Its beginning, with `*` for anything.
    Beginning(String),
}

/// A field of a user that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The username.
    Username,
    /// The address.
    Email,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
}

impl Field {
    const ALL: [Field; 4] = [Field::Username, Field::Email, Field::FirstName, Field::LastName];

    fn column(self) -> &'static str {
        match self {
            Field::Username => "u.username",
            Field::Email => "u.email",
            Field::FirstName => "u.first_name_folded",
            Field::LastName => "u.last_name_folded",
        }
    }
}

/// Databases limit patterns, and no name is near this long.
const PATTERN: usize = 1000;

impl Match {
    /// An operator with its place for a parameter, and the parameter; `None` when anything matches.
    fn condition(&self) -> Option<(&'static str, String)> {
        let cut = |text: &str| fold(text).chars().take(PATTERN).collect::<String>();
        match self {
            Match::Whole(text) => Some(("=", cut(text))),
            Match::Part(text) => Some(("LIKE", format!("%{}%", escape_like(&cut(text))))),
            Match::Beginning(text) => {
                let text = cut(text);
                let pattern = escape_like(text.trim_end_matches('*')).replace('*', "%") + "%";
                (!text.trim_matches('*').is_empty()).then_some(("LIKE", pattern))
            }
        }
    }
}

/// A condition in the making: text made of literals, and the parameters it names.
struct Where {
    sql: String,
    params: Vec<Value<'static>>,
}

impl Where {
    fn bind(&mut self, value: impl Into<Value<'static>>) -> usize {
        self.params.push(value.into());
        self.params.len()
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    fn matches(&mut self, fields: &[Field], text: &Match) {
        let Some((operator, param)) = text.condition() else { return };
        let n = self.bind(param);
        let escape = if operator == "LIKE" { r" ESCAPE '\'" } else { "" };
        let any: Vec<_> = fields.iter().map(|f| format!("{} {operator} ?{n}{escape}", f.column())).collect();
        self.and(&format!("({})", any.join(" OR ")));
    }
}

fn conditions(db: &Db, realm: &str, filter: &Filter) -> Result<Where> {
    let mut w = Where { sql: " WHERE u.realm = ?1".to_owned(), params: vec![realm.to_owned().into()] };
    for word in &filter.words {
        w.matches(&Field::ALL, word);
    }
    for (field, text) in &filter.fields {
        w.matches(&[*field], text);
    }
    if let Some(ids) = &filter.ids {
        let n = w.bind(serde_json::to_string(ids)?);
        w.and(&format!("u.id IN ({})", db.each(n)));
    }
    for (column, flag) in [("u.enabled", filter.enabled), ("u.email_verified", filter.email_verified)] {
        if let Some(flag) = flag {
            let n = w.bind(flag);
            w.and(&format!("{column} = ?{n}"));
        }
    }
    for (operator, limit) in [(">=", filter.created_after), ("<=", filter.created_before)] {
        if let Some(limit) = limit {
            let n = w.bind(limit);
            w.and(&format!("u.created {operator} ?{n}"));
        }
    }
    if filter.provider.is_some() || filter.provider_user.is_some() {
        let mut link = "EXISTS (SELECT 1 FROM federated_identity f WHERE f.user_account = u.id".to_owned();
        for (column, value) in [("f.provider", &filter.provider), ("f.user_id", &filter.provider_user)] {
            if let Some(value) = value {
                let n = w.bind(value.clone());
                link.push_str(&format!(" AND {column} = ?{n}"));
            }
        }
        w.and(&(link + ")"));
    }
    for (name, value) in &filter.attributes {
        let key = value_key(value);
        // beyond what the index holds, values are compared as they are
        let long = key.chars().count() < value.chars().count();
        let (name, key) = (w.bind(name.clone()), w.bind(key));
        let mut has = format!(
            "EXISTS (SELECT 1 FROM user_attribute a WHERE a.user_account = u.id AND a.name = ?{name} AND a.value_key = ?{key}"
        );
        if long {
            let n = w.bind(value.clone());
            has.push_str(&format!(" AND a.value = ?{n}"));
        }
        w.and(&(has + ")"));
    }
    if !filter.service_accounts {
        w.and("u.service_account_client IS NULL");
    }
    Ok(w)
}

/// A page of the users that match, by username.
pub fn list(db: &mut Db, realm: &str, filter: &Filter, first: i64, max: i64) -> Result<Vec<UserRow>> {
    let mut w = conditions(db, realm, filter)?;
    let (max, first) = (w.bind(max), w.bind(first));
    let sql = format!("{COLUMNS}{} ORDER BY u.username LIMIT ?{max} OFFSET ?{first}", w.sql);
    db.query(&sql, &w.params, row)
}

/// How many users match.
pub fn count(db: &mut Db, realm: &str, filter: &Filter) -> Result<i64> {
    let w = conditions(db, realm, filter)?;
    db.count(&format!("SELECT COUNT(*) FROM user_account u{}", w.sql), &w.params)
}

/// The attributes of these users, without those that are columns; users without any are left out.
pub fn attributes(db: &mut Db, ids: &[&str]) -> Result<HashMap<String, Attributes>> {
    let given = db.each(1);
    let sql = format!(
        "SELECT user_account, name, value FROM user_attribute WHERE user_account IN ({given})
         ORDER BY user_account, name, position"
    );
    let map = |row: &crate::Row<'_>| Ok((row.text(0)?, row.text(1)?, row.text(2)?));
    let mut all: HashMap<String, Attributes> = HashMap::new();
    for (user, name, value) in db.query(&sql, params![serde_json::to_string(ids)?], map)? {
        all.entry(user).or_default().entry(name).or_default().push(value);
    }
    Ok(all)
}

/// Those of these users that have a one-time password.
pub fn with_totp(db: &mut Db, ids: &[&str]) -> Result<Vec<String>> {
    let given = db.each(1);
    let sql = format!("SELECT DISTINCT user_account FROM credential WHERE user_account IN ({given}) AND type = 'otp'");
    db.query(&sql, params![serde_json::to_string(ids)?], |row| row.text(0))
}
