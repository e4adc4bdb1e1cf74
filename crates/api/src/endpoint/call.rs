//! The client's half of an operation: a request that is ready to be sent.

use super::{List, Reply};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// Why a call was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// An empty, `.` or `..` path segment: URL parsers fold those, and the call would reach another resource.
    Segment {
        /// The placeholder's name.
        name: &'static str,
    },
    /// A query that cannot be written.
    Query(String),
    /// A body that cannot be written.
    Body(String),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CallError::Segment { name } => write!(f, "`{name}` must not be empty, \".\" or \"..\""),
            CallError::Query(e) => write!(f, "the query cannot be written: {e}"),
            CallError::Body(e) => write!(f, "the body cannot be written: {e}"),
        }
    }
}

impl std::error::Error for CallError {}

/// The client's half: a request ready to be sent, free of any HTTP library. Its URI is relative to the server's address.
#[derive(Debug)]
pub struct Call {
    /// `Group::function`.
    pub operation: &'static str,
    /// The request, or why it cannot be made.
    pub request: Result<Request<Bytes>, CallError>,
}

/// What needs no escape within a path segment: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Call {
    /// Fills the path's placeholders in.
    pub fn new(
        operation: &'static str,
        method: Method,
        accept: &'static str,
        path: &str,
        params: &[(&'static str, &str)],
    ) -> Self {
        let request = fill(path, params).and_then(|uri| {
            let request = Request::builder().method(method).uri(uri).header(header::ACCEPT, accept);
            request.body(Bytes::new()).map_err(|e| CallError::Query(e.to_string()))
        });
        Call { operation, request }
    }
    /// Adds a query.
    pub fn query<Q: Serialize>(self, query: &Q) -> Self {
        self.change(|request| {
            let text = serde_html_form::to_string(query).map_err(|e| CallError::Query(e.to_string()))?;
            if !text.is_empty() {
                let uri = format!("{}?{text}", request.uri());
                *request.uri_mut() = uri.parse().map_err(|e: http::uri::InvalidUri| CallError::Query(e.to_string()))?;
            }
            Ok(())
        })
    }
    /// Adds a body that one of the [`payload`](super::payload) modules wrote.
    pub fn payload(self, payload: Result<(HeaderValue, Bytes), CallError>) -> Self {
        self.change(|request| {
            let (media_type, bytes) = payload?;
            request.headers_mut().insert(header::CONTENT_TYPE, media_type);
            *request.body_mut() = bytes;
            Ok(())
        })
    }
    /// Adds a header.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.change(|request| {
            request.headers_mut().insert(name, value);
            Ok(())
        })
    }
    fn change(mut self, change: impl FnOnce(&mut Request<Bytes>) -> Result<(), CallError>) -> Self {
        self.request = self.request.and_then(|mut request| change(&mut request).map(|()| request));
        self
    }
}

/// Each value becomes one segment; a `{*rest}` placeholder takes several, and keeps their slashes.
fn fill(path: &str, params: &[(&'static str, &str)]) -> Result<String, CallError> {
    let mut out = String::with_capacity(path.len() + 40);
    let mut rest = path;
    for (name, value) in params {
        let Some((before, after)) = rest.split_once('{') else { break };
        let Some((placeholder, after)) = after.split_once('}') else { break };
        out.push_str(before);
        let many = placeholder.starts_with('*');
        let value = if many { value.trim_start_matches('/') } else { value };
        for (i, segment) in value.split(|c| many && c == '/').enumerate() {
            if matches!(segment, "" | "." | "..") {
                return Err(CallError::Segment { name });
            }
            if i > 0 {
                out.push('/');
            }
            out.extend(utf8_percent_encode(segment, SEGMENT));
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// What carries a [`Call`] to a server: `Out` is a future for the async client, a plain `Result` for the blocking one.
pub trait Transport {
    /// What a call gives.
    type Out<'a, R: Reply>
    where
        Self: 'a;
    /// Sends it.
    fn send<R: Reply>(&self, call: Call) -> Self::Out<'_, R>;
}

/// A transport that follows a list from page to page: `All` is a stream for the async client, an iterator for the blocking one.
pub trait Pages: Transport {
    /// The entries of a list, one after the other.
    type All<T: Send + 'static>;
    /// Asks for the pages of the list that a call begins; the call's query has a place for `first` and `max`.
    fn all<R: List>(&self, call: Call) -> Self::All<R::Item>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_segment_whatever_is_in_it() {
        let path = fill("/admin/realms/{realm}/roles/{name}", &[("realm", "a/b"), ("name", "x;y=1+2%ü .")]);
        assert_eq!(path.as_deref(), Ok("/admin/realms/a%2Fb/roles/x%3By%3D1%2B2%25%C3%BC%20."));
    }

    #[test]
    fn segments_that_url_parsers_fold_are_refused() {
        for bad in ["", ".", ".."] {
            assert_eq!(fill("/a/{name}", &[("name", bad)]), Err(CallError::Segment { name: "name" }));
        }
    }

    #[test]
    fn a_value_with_braces_is_not_taken_for_a_placeholder() {
        assert_eq!(fill("/{a}/{b}", &[("a", "{b}"), ("b", "x")]).as_deref(), Ok("/%7Bb%7D/x"));
    }

    #[test]
    fn a_rest_placeholder_keeps_its_slashes() {
        assert_eq!(
            fill("/group-by-path/{*path}", &[("path", "/top/sub one")]).as_deref(),
            Ok("/group-by-path/top/sub%20one")
        );
    }
}
