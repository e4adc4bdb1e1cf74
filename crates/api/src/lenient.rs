//! Reading as Keycloak reads: JSON bodies and queries in which scalars may stand for one another.

mod error;
mod position;
mod value;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use error::{BodyError, QueryError};
use value::{Reading, Source};

/// Reads a request's body, refusing fields that the representation does not have.
///
/// Scalars are coerced where they are used: a number or a boolean where text is asked, `"12"` or `12.0` where an integer
/// is, `"true"` where a boolean is. Null, or the empty text for a number or a boolean, stands for an absent field, and of
/// a name given twice the last counts. Nesting is limited to 128 levels, and NUL is refused: PostgreSQL cannot keep it.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    let value = serde_json::from_slice(body).map_err(|_| broken::<T>(body))?;
    if holds_nul(&value) {
        return Err(BodyError::Type { path: String::new(), reason: "text holds NUL".to_owned() });
    }
    read(value, Reading::Strict).map_err(|error| error.of_body(body))
}

/// What is wrong with a body that is not JSON. Keycloak reads on as it goes: what begins as another type is refused as
/// that, whatever comes after.
fn broken<T: DeserializeOwned>(body: &[u8]) -> BodyError {
    let begun = match body.trim_ascii_start().first() {
        Some(b'{') => Value::Object(Map::new()),
        Some(b'[') => Value::Array(Vec::new()),
        _ => return BodyError::Syntax,
    };
    read::<T>(begun, Reading::Strict).map_or_else(|error| error.of_body(body), |_| BodyError::Syntax)
}

/// Reads an answer's body: as [`read_json`], but fields of a newer server are passed over.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    use serde::de::Error;
    // nearly all answers are as they should be: they are read without a tree of them in memory first, and what is known to be
    // text need not be looked at again string by string
    if let Ok(text) = std::str::from_utf8(body)
        && let Ok(value) = serde_json::from_str(text)
    {
        return Ok(value);
    }
    let value = serde_json::from_slice(body)?;
    read(value, Reading::Tolerant).map_err(|error| serde_json::Error::custom(error.of_body(body)))
}

/// Reads a representation from a value in memory, as [`decode`] does.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, BodyError> {
    read(value, Reading::Tolerant).map_err(|error| error.of_body(b""))
}

/// Reads a representation that people wrote: as [`from_value`], but unknown fields are refused, even where Keycloak passes
/// them over. There is no text, so the lines and columns of errors say nothing.
pub fn from_written<T: DeserializeOwned>(value: Value) -> Result<T, BodyError> {
    read(value, Reading::Exact).map_err(|error| error.of_body(b""))
}

/// Reads a query or a form: unknown names are ignored, of a repeated name the first counts unless a list is asked, an
/// empty number is none, and a boolean is true when it spells `true` in any case.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, QueryError> {
    let mut names = Map::new();
    for (name, value) in pairs(query) {
        if value.contains('\0') {
            return Err(QueryError { parameter: name, reason: "text holds NUL".to_owned() });
        }
        let values = names.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(Value::String(value));
        }
    }
    read(Value::Object(names), Reading::Query).map_err(|error| error.of_query())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(map) => map.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

fn read<T: DeserializeOwned>(mut value: Value, reading: Reading) -> Result<T, error::Error> {
    // the type that is asked shows only while reading, so a blank that means null is found as an error, and read again
    const BLANKS: usize = 50;
    for _ in 0..BLANKS {
        match T::deserialize(Source::new(&value, reading)) {
            Err(error) if error.mend(&mut value) => {}
            result => return result,
        }
    }
    T::deserialize(Source::new(&value, reading))
}

/// The names and values of a query, decoded, in their order. Bytes that are not UTF-8 become replacement characters.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

#[cfg(test)]
mod tests;
