//! One connection, of either database, and the rows it gives.

use crate::{Result, Value, pool::Pooled, postgres::PgConnection};
use serde::de::DeserializeOwned;

/// A connection to run statements on. Parameters are written `?1`, `?2`, …, on both databases.
pub struct Db(pub(crate) Kind);

pub(crate) enum Kind {
    Sqlite(Pooled<Box<rusqlite::Connection>>),
    Postgres(Pooled<Box<PgConnection>>),
}

impl Db {
    /// Runs a statement and says how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        storable(params)?;
        match &mut self.0 {
            Kind::Sqlite(c) => {
                let changed = c.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?;
                Ok(changed as u64)
            }
            Kind::Postgres(c) => c.execute(sql, params),
        }
    }

    /// Runs a query and maps its rows.
    pub fn query<T>(&mut self, sql: &str, params: &[Value<'_>], map: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        storable(params)?;
        match &mut self.0 {
            Kind::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                let mut out = Vec::new();
                while let Some(row) = rows.next()? {
                    out.push(map(&Row(RowKind::Sqlite(row)))?);
                }
                Ok(out)
            }
            Kind::Postgres(c) => c.query(sql, params)?.iter().map(|row| map(&Row(RowKind::Postgres(row)))).collect(),
        }
    }

    /// Runs a query of which one row is wanted; further rows are not looked at.
    pub fn query_opt<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        map: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        storable(params)?;
        match &mut self.0 {
            Kind::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                rows.next()?.map(|row| map(&Row(RowKind::Sqlite(row)))).transpose()
            }
            Kind::Postgres(c) => c.query(sql, params)?.first().map(|row| map(&Row(RowKind::Postgres(row)))).transpose(),
        }
    }

    /// Runs a query that always gives one number: a count.
    pub fn count(&mut self, sql: &str, params: &[Value<'_>]) -> Result<i64> {
        Ok(self.query_opt(sql, params, |row| row.int(0))?.unwrap_or_default())
    }

    /// Runs a query and says whether it gave a row.
    pub fn exists(&mut self, sql: &str, params: &[Value<'_>]) -> Result<bool> {
        Ok(self.query_opt(sql, params, |_| Ok(()))?.is_some())
    }

    /// What keeps the rows of a query from others until the transaction ends. On SQLite the transaction itself does.
    pub(crate) fn lock(&self) -> &'static str {
        match &self.0 {
            Kind::Sqlite(_) => "",
            Kind::Postgres(_) => " FOR UPDATE",
        }
    }

    /// A subquery of the texts in a parameter that holds a JSON list: `id IN ({})` with as many ids as there are.
    pub(crate) fn each(&self, param: usize) -> String {
        match self.0 {
            Kind::Sqlite(_) => format!("SELECT value FROM json_each(?{param})"),
            Kind::Postgres(_) => {
                format!("SELECT json_array_elements_text(CAST(CAST(?{param} AS TEXT) AS JSON)) COLLATE \"C\"")
            }
        }
    }

    /// The text under a key in an object of a document; key and document are expressions.
    pub(crate) fn entry(&self, doc: &str, object: &str, key: &str) -> String {
        match self.0 {
            Kind::Sqlite(_) => format!("(SELECT a.value FROM json_each({doc}, '$.{object}') AS a WHERE a.key = {key})"),
            Kind::Postgres(_) => format!("CAST({doc} AS JSON) -> '{object}' ->> {key}"),
        }
    }

    /// A table `wanted` of the keys and values in a parameter that holds a JSON object of texts.
    pub(crate) fn each_pair(&self, param: u8) -> String {
        match self.0 {
            Kind::Sqlite(_) => format!("json_each(?{param}) AS wanted"),
            Kind::Postgres(_) => format!("json_each_text(CAST(CAST(?{param} AS TEXT) AS JSON)) AS wanted (key, value)"),
        }
    }

    /// Begins or ends a transaction.
    pub(crate) fn transaction(&mut self, how: &'static str) -> Result<()> {
        match &mut self.0 {
            Kind::Sqlite(c) => Ok(c.prepare_cached(how)?.execute([]).map(drop)?),
            Kind::Postgres(c) => c.batch(how),
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.0, Kind::Postgres(_))
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn discard(self) {
        match self.0 {
            Kind::Sqlite(c) => c.discard(),
            Kind::Postgres(c) => c.discard(),
        }
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.0 {
            Kind::Sqlite(c) => Ok(c.execute_batch(sql)?),
            Kind::Postgres(c) => c.batch(sql),
        }
    }
}

/// PostgreSQL cannot hold U+0000 in text, so neither database is given it.
fn storable(params: &[Value<'_>]) -> Result<()> {
    let nul = params.iter().any(|p| matches!(p, Value::Text(t) if t.contains('\0')));
    if nul { Err(crate::Error::Nul) } else { Ok(()) }
}

/// A row of an answer; columns are numbered from 0.
pub struct Row<'a>(RowKind<'a>);

enum RowKind<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

macro_rules! column {
    ($self:ident, $index:ident) => {
        match &$self.0 {
            RowKind::Sqlite(row) => Ok(row.get($index)?),
            RowKind::Postgres(row) => Ok(row.try_get($index)?),
        }
    };
}

impl Row<'_> {
    /// Text.
    pub fn text(&self, index: usize) -> Result<String> {
        column!(self, index)
    }
    /// Text or NULL.
    pub fn opt_text(&self, index: usize) -> Result<Option<String>> {
        column!(self, index)
    }
    /// A whole number.
    pub fn int(&self, index: usize) -> Result<i64> {
        column!(self, index)
    }
    /// A whole number or NULL.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>> {
        column!(self, index)
    }
    /// A boolean.
    pub fn bool(&self, index: usize) -> Result<bool> {
        column!(self, index)
    }
    /// A document.
    pub fn json<T: DeserializeOwned>(&self, index: usize) -> Result<T> {
        let parse = |text: &str| serde_json::from_str(text).map_err(crate::Error::from);
        match &self.0 {
            RowKind::Sqlite(row) => parse(row.get_ref(index)?.as_str().map_err(rusqlite::Error::from)?),
            RowKind::Postgres(row) => parse(row.try_get(index)?),
        }
    }
}
