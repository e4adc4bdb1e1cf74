//! Why a body or a query could not be read.

use std::fmt;

use serde_json::Value;

use super::position;
use crate::names::pointer_step;

const BLANK: &str = "no value";

/// Why a body could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// It is not JSON (or the text or form it should be), or nested too deeply.
    Syntax,
    /// A value has the wrong type, or does not fit; `path` leads to it: `clients[3].enabled`.
    Type { path: String, reason: String },
    /// A representation does not have a field.
    Unknown {
        /// The name of Keycloak's class: `ClientRepresentation`.
        java_name: &'static str,
        field: String,
        /// Where reading stopped, counted from 1: as Keycloak says it, after the first character of the field's value.
        line: usize,
        column: usize,
        /// The way to the field as a JSON Pointer (RFC 6901).
        pointer: String,
        /// The fields that it has.
        known: &'static [&'static str],
    },
}

impl BodyError {
    pub(crate) fn form(_: impl fmt::Display) -> Self {
        Self::Syntax
    }

    pub(crate) fn text(_: impl fmt::Display) -> Self {
        Self::Syntax
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("not JSON"),
            Self::Type { path, reason } if path.is_empty() => f.write_str(reason),
            Self::Type { path, reason } => write!(f, "{path}: {reason}"),
            Self::Unknown { java_name, field, line, column, .. } => {
                write!(
                    f,
                    "Invalid json representation for {java_name}. \
                     Unrecognized field \"{field}\" at line {line} column {column}."
                )
            }
        }
    }
}

impl std::error::Error for BodyError {}

/// Why a query could not be read: a parameter has a value of the wrong type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    pub parameter: String,
    pub reason: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.parameter, self.reason)
    }
}

impl std::error::Error for QueryError {}

/// A step on the way to a value.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// What a deserializer reports: the way to the value is gathered, inmost step first, as the error travels outwards.
#[derive(Debug)]
pub(super) struct Error {
    kind: Kind,
    path: Vec<Step>,
}

#[derive(Debug)]
enum Kind {
    Type(String),
    /// The empty text where a number or a boolean is asked: to be read as null.
    Blank,
    Unknown {
        java_name: &'static str,
        field: String,
        known: &'static [&'static str],
    },
}

impl Error {
    pub(super) fn wrong(reason: impl fmt::Display) -> Self {
        Self { kind: Kind::Type(reason.to_string()), path: Vec::new() }
    }

    pub(super) fn blank() -> Self {
        Self { kind: Kind::Blank, path: Vec::new() }
    }

    pub(super) fn unknown(java_name: &'static str, field: &str, known: &'static [&'static str]) -> Self {
        let path = vec![Step::Name(field.to_owned())];
        Self { kind: Kind::Unknown { java_name, field: field.to_owned(), known }, path }
    }

    pub(super) fn at(mut self, step: impl FnOnce() -> Step) -> Self {
        self.path.push(step());
        self
    }

    /// Makes the value null that was blank, and says whether that was the error.
    pub(super) fn mend(&self, value: &mut Value) -> bool {
        let found = self.path.iter().rev().try_fold(value, |value, step| match step {
            Step::Name(name) => value.get_mut(name),
            Step::Index(index) => value.get_mut(index),
        });
        match (&self.kind, found) {
            (Kind::Blank, Some(value)) => {
                *value = Value::Null;
                true
            }
            _ => false,
        }
    }

    pub(super) fn of_body(mut self, body: &[u8]) -> BodyError {
        self.path.reverse();
        match self.kind {
            Kind::Type(reason) => BodyError::Type { path: spell(&self.path), reason },
            Kind::Blank => BodyError::Type { path: spell(&self.path), reason: BLANK.to_owned() },
            Kind::Unknown { java_name, field, known } => {
                let (line, column) = position::of_value(body, &self.path);
                let escaped = |step: &Step| match step {
                    Step::Name(name) => format!("/{}", pointer_step(name)),
                    Step::Index(index) => format!("/{index}"),
                };
                let pointer = self.path.iter().map(escaped).collect();
                BodyError::Unknown { java_name, field, line, column, pointer, known }
            }
        }
    }

    pub(super) fn of_query(mut self) -> QueryError {
        self.path.reverse();
        let reason = match self.kind {
            Kind::Type(reason) => reason,
            Kind::Blank | Kind::Unknown { .. } => BLANK.to_owned(),
        };
        QueryError { parameter: spell(&self.path), reason }
    }
}

fn spell(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Name(name) if text.is_empty() => text.push_str(name),
            Step::Name(name) => text = format!("{text}.{name}"),
            Step::Index(index) => text = format!("{text}[{index}]"),
        }
    }
    text
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Type(reason) => f.write_str(reason),
            Kind::Blank => f.write_str(BLANK),
            Kind::Unknown { java_name, field, .. } => write!(f, "{java_name} has no field {field}"),
        }
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::wrong(message)
    }
}
