//! The kinds of bodies an operation can take; the macro names one of these modules.

use super::{CallError, Content, Form, ReadError};
use crate::lenient::{self, BodyError};
use bytes::Bytes;
use http::{HeaderValue, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};

fn media_type(parts: &Parts) -> &str {
    let value = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// `body: T`: JSON.
pub mod body {
    use super::*;
    /// Reads JSON; another media type than `application/json` is refused.
    pub fn read<T: DeserializeOwned>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        let kind = media_type(parts);
        if !(kind.eq_ignore_ascii_case("application/json") || kind.is_empty() && body.is_empty()) {
            return Err(ReadError::MediaType);
        }
        lenient::read_json(body).map_err(ReadError::Body)
    }
    /// Writes JSON.
    pub fn write<T: Serialize>(value: &T) -> Result<(HeaderValue, Bytes), CallError> {
        let bytes = serde_json::to_vec(value).map_err(|e| CallError::Body(e.to_string()))?;
        Ok((HeaderValue::from_static("application/json"), bytes.into()))
    }
}

/// `optional: Option<T>`: JSON that may be absent.
pub mod optional {
    use super::*;
    /// Reads JSON, or `None` from an empty body.
    pub fn read<T: OptionalBody>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        T::read(parts, body)
    }
    /// Writes JSON, or nothing for `None`.
    pub fn write<T: OptionalBody>(value: &T) -> Result<(HeaderValue, Bytes), CallError> {
        value.write()
    }
    /// `Option` of a representation.
    pub trait OptionalBody: Sized {
        /// Reads it.
        fn read(parts: &Parts, body: &[u8]) -> Result<Self, ReadError>;
        /// Writes it.
        fn write(&self) -> Result<(HeaderValue, Bytes), CallError>;
    }
    impl<T: DeserializeOwned + Serialize> OptionalBody for Option<T> {
        fn read(parts: &Parts, body: &[u8]) -> Result<Self, ReadError> {
            if body.is_empty() { Ok(None) } else { super::body::read(parts, body).map(Some) }
        }
        fn write(&self) -> Result<(HeaderValue, Bytes), CallError> {
            match self {
                Some(value) => super::body::write(value),
                None => Ok((HeaderValue::from_static("application/json"), Bytes::new())),
            }
        }
    }
}

/// `form: Form`: URL-encoded fields.
pub mod form {
    use super::*;
    /// Reads the fields; a body of another media type has none.
    pub fn read<T: From<Form>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        let is_form = media_type(parts).eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let body = if is_form { body } else { &[] };
        let pairs: Vec<(String, String)> =
            serde_html_form::from_bytes(body).map_err(|e| ReadError::Body(BodyError::form(e)))?;
        if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(ReadError::Body(BodyError::form("NUL")));
        }
        Ok(Form(pairs).into())
    }
    /// Writes the fields.
    pub fn write(value: &Form) -> Result<(HeaderValue, Bytes), CallError> {
        let text = serde_html_form::to_string(&value.0).map_err(|e| CallError::Body(e.to_string()))?;
        Ok((HeaderValue::from_static("application/x-www-form-urlencoded"), text.into()))
    }
}

/// `text: String`: plain text.
pub mod text {
    use super::*;
    /// Reads the text.
    pub fn read<T: From<String>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        if !media_type(parts).eq_ignore_ascii_case("text/plain") {
            return Err(ReadError::MediaType);
        }
        String::from_utf8(body.to_vec()).map(T::from).map_err(|e| ReadError::Body(BodyError::text(e)))
    }
    /// Writes the text.
    pub fn write(value: &str) -> Result<(HeaderValue, Bytes), CallError> {
        Ok((HeaderValue::from_static("text/plain"), value.to_owned().into()))
    }
}

/// `quoted: String`: text as a JSON string; read with its quotes or without, as Keycloak takes ids.
pub mod quoted {
    use super::*;
    /// Reads the text.
    pub fn read<T: From<String>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        if !media_type(parts).eq_ignore_ascii_case("application/json") {
            return Err(ReadError::MediaType);
        }
        if body.trim_ascii_start().starts_with(b"\"") {
            return lenient::read_json::<String>(body).map(T::from).map_err(ReadError::Body);
        }
        String::from_utf8(body.to_vec()).map(T::from).map_err(|e| ReadError::Body(BodyError::text(e)))
    }
    /// Writes a JSON string.
    pub fn write(value: &str) -> Result<(HeaderValue, Bytes), CallError> {
        super::body::write(&value)
    }
}

/// `any: Content`: a body of any media type.
pub mod any {
    use super::*;
    /// Keeps body and media type.
    pub fn read<T: From<Content>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Content { media_type: media_type.to_owned(), bytes: Bytes::copy_from_slice(body) }.into())
    }
    /// Sends body and media type.
    pub fn write(value: &Content) -> Result<(HeaderValue, Bytes), CallError> {
        let media_type = HeaderValue::from_str(&value.media_type).map_err(|e| CallError::Body(e.to_string()))?;
        Ok((media_type, value.bytes.clone()))
    }
}

/// `multipart: Content`: the parts of an upload, with the boundary in their media type.
pub mod multipart {
    pub use super::any::write;
    use super::*;
    /// Keeps body and media type.
    pub fn read<T: From<Content>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
        if !media_type(parts).eq_ignore_ascii_case("multipart/form-data") {
            return Err(ReadError::MediaType);
        }
        super::any::read(parts, body)
    }
}
