//! Reading JSON and queries the way Keycloak does.

use serde::de::DeserializeOwned;

/// What to do with a field that a representation does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// 400, naming the field.
    Refuse,
    /// Skip it.
    Ignore,
}

/// A type that arrives in a request body.
pub trait Representation {
    /// The name of Keycloak's class, which errors carry.
    const JAVA: &'static str;
    /// What happens to unknown fields.
    const UNKNOWN: Unknown;
}

/// Why a body could not be read.
#[derive(Debug)]
pub enum BodyError {
    /// Not JSON, or not text, or not a form.
    Syntax,
    /// A value of the wrong type.
    Type,
    /// A field that the representation does not have.
    Unknown {
        /// The field.
        field: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// [`Representation::JAVA`].
        java_name: &'static str,
    },
}

impl BodyError {
    pub(crate) fn form(_: impl std::fmt::Display) -> Self {
        BodyError::Syntax
    }
    pub(crate) fn text(_: impl std::fmt::Display) -> Self {
        BodyError::Syntax
    }
}

/// A query parameter of the wrong form.
#[derive(Debug)]
pub struct QueryError;

/// Reads a request body.
pub fn read_json<T: Representation + DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    serde_json::from_slice(body).map_err(|e| if e.is_data() { BodyError::Type } else { BodyError::Syntax })
}

/// Reads a query string.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, QueryError> {
    serde_html_form::from_str(query).map_err(|_| QueryError)
}

/// Reads an answer.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(body)
}
