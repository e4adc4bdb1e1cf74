//! Claims about a request, pushed to the policies: what Keycloak calls a claim information point.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use http::header::COOKIE;
use http::request::Parts;
use serde_json::Value;

use super::Bearer;
use crate::error::{Error, Result};

/// Claims with their values.
pub(super) type Pushed = BTreeMap<String, Vec<String>>;

type Ask = Arc<dyn Fn(&Parts) -> Vec<String> + Send + Sync>;

/// Where the values of a claim come from.
#[derive(Clone)]
pub struct ClaimSource(Source);

#[derive(Clone)]
enum Source {
    Fixed(Vec<String>),
    Header(String),
    Query(String),
    Cookie(String),
    Method,
    Uri,
    Path,
    /// A claim of the access token, by JSON pointer.
    Token(String),
    Ask(Ask),
}

impl ClaimSource {
    /// Always these values.
    pub fn fixed(values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Source::Fixed(values.into_iter().map(Into::into).collect()))
    }

    /// A header of the request, each time it is there.
    pub fn header(name: impl Into<String>) -> Self {
        Self(Source::Header(name.into()))
    }

    /// A parameter of the request's query, each time it is there.
    pub fn query(name: impl Into<String>) -> Self {
        Self(Source::Query(name.into()))
    }

    /// A cookie.
    pub fn cookie(name: impl Into<String>) -> Self {
        Self(Source::Cookie(name.into()))
    }

    /// A claim of the access token, by JSON pointer (RFC 6901): `/address/country`.
    pub fn token(pointer: impl Into<String>) -> Self {
        Self(Source::Token(pointer.into()))
    }

    /// Whatever a function finds in the request; its extensions have what layers further out put there, such as axum's
    /// `ConnectInfo`.
    pub fn ask(ask: impl Fn(&Parts) -> Vec<String> + Send + Sync + 'static) -> Self {
        Self(Source::Ask(Arc::new(ask)))
    }

    /// Reads the notation of Keycloak's Java adapters: `{request.header['x-country']}`, `{request.parameter['a']}`,
    /// `{request.cookie['c']}`, `{request.method}`, `{request.uri}`, `{request.relativePath}`,
    /// `{keycloak.access_token['/address/country']}`, or plain text.
    ///
    /// Errors: [`Error::Config`] for any other expression; a function can stand in for it: [`ask`](Self::ask).
    pub fn template(text: &str) -> Result<Self> {
        let Some(expression) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return Ok(Self::fixed([text]));
        };
        let unknown = || Error::Config(format!("a claim cannot be taken from {text}"));
        let (what, name) = match expression.split_once("['") {
            Some((what, rest)) => {
                let name = rest.strip_suffix("']").or_else(|| rest.strip_suffix("'][0]")).ok_or_else(unknown)?;
                (what, Some(name.to_owned()))
            }
            None => (expression, None),
        };
        Ok(Self(match (what, name) {
            ("request.header", Some(name)) => Source::Header(name),
            ("request.parameter", Some(name)) => Source::Query(name),
            ("request.cookie", Some(name)) => Source::Cookie(name),
            ("keycloak.access_token", Some(pointer)) => Source::Token(pointer),
            ("request.method", None) => Source::Method,
            ("request.uri", None) => Source::Uri,
            ("request.relativePath", None) => Source::Path,
            _ => return Err(unknown()),
        }))
    }

    fn values(&self, parts: &Parts, bearer: Option<&Bearer>) -> Vec<String> {
        match &self.0 {
            Source::Fixed(values) => values.clone(),
            Source::Header(name) => {
                let values = parts.headers.get_all(name.as_str()).iter();
                values.filter_map(|value| Some(value.to_str().ok()?.to_owned())).collect()
            }
            Source::Query(name) => {
                let pairs = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
                pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
            }
            Source::Cookie(name) => {
                let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
                let pairs = cookies.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
                pairs.filter(|(key, _)| key == name).map(|(_, value)| value.to_owned()).collect()
            }
            Source::Method => vec![parts.method.to_string()],
            Source::Uri => vec![parts.uri.to_string()],
            Source::Path => vec![parts.uri.path().to_owned()],
            Source::Token(pointer) => match bearer.and_then(|bearer| bearer.pointer(pointer)) {
                None | Some(Value::Null) => Vec::new(),
                Some(Value::Array(values)) => values.iter().map(text).collect(),
                Some(value) => vec![text(value)],
            },
            Source::Ask(ask) => ask(parts),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Debug for ClaimSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = match &self.0 {
            Source::Fixed(_) => ("fixed", ""),
            Source::Header(name) => ("header", name.as_str()),
            Source::Query(name) => ("query", name.as_str()),
            Source::Cookie(name) => ("cookie", name.as_str()),
            Source::Token(pointer) => ("token", pointer.as_str()),
            Source::Method => ("method", ""),
            Source::Uri => ("uri", ""),
            Source::Path => ("path", ""),
            Source::Ask(_) => ("function", ""),
        };
        write!(f, "{kind} {name}")
    }
}

/// The claims of an enforcer or of a rule.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims(Vec<(String, ClaimSource)>);

impl Claims {
    pub(super) fn add(&mut self, name: String, source: ClaimSource) {
        self.0.push((name, source));
    }

    /// The claims that have a value.
    pub(super) fn resolve(&self, parts: &Parts, bearer: Option<&Bearer>) -> Pushed {
        let mut pushed = Pushed::new();
        for (name, source) in &self.0 {
            let values = source.values(parts, bearer);
            if !values.is_empty() {
                pushed.entry(name.clone()).or_default().extend(values);
            }
        }
        pushed
    }
}
