//! Claims about a request, pushed to the policies: what Keycloak calls a claim information point.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::COOKIE;
use http::request::Parts;
use serde_json::Value;

use super::Bearer;
use super::claim_service::ClaimService;
use super::refusal::Refusal;
use super::template::Template;
use crate::error::Result;

/// Claims with their values.
pub(super) type Pushed = BTreeMap<String, Vec<String>>;

/// What is known of a request when claims are made.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) parts: &'a Parts,
    /// Empty unless a claim is taken from it.
    pub(super) body: &'a Bytes,
    pub(super) bearer: Option<&'a Bearer>,
}

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
    /// The access token itself.
    Bearer,
    /// The whole body, or what a JSON pointer finds in it.
    Body(Option<String>),
    Template(Template),
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

    /// The request's body as text: of a JSON body what a pointer (RFC 6901) finds in it, or all of it where the pointer is empty.
    /// Nothing where the body is not JSON or text. It is kept in memory for that, up to
    /// [`EnforcerBuilder::max_body`](super::EnforcerBuilder::max_body).
    pub fn body(pointer: impl Into<String>) -> Self {
        Self(Source::Body(Some(pointer.into()).filter(|pointer| !pointer.is_empty())))
    }

    /// Reads the notation of Keycloak's Java adapters: `{request.header['x-country']}`, `{request.parameter['a']}`,
    /// `{request.cookie['c']}`, `{request.method}`, `{request.uri}`, `{request.relativePath}`, `{request.body}`,
    /// `{request.body['/a/b']}`, `{keycloak.access_token}`, `{keycloak.access_token['/address/country']}`, plain text, or text
    /// with several of these in it, of each its first value.
    ///
    /// Errors: [`Error::Config`](crate::Error::Config) for any other expression; a function can stand in for it:
    /// [`ask`](Self::ask).
    pub fn template(text: &str) -> Result<Self> {
        Template::parse(text).map(Template::into_source)
    }

    /// What stands between the braces of a template: its word, and the name it is given.
    pub(super) fn expression(word: &str, name: Option<&str>) -> Option<Self> {
        let name = name.map(str::to_owned);
        Some(Self(match (word, name) {
            ("request.header", Some(name)) => Source::Header(name),
            ("request.parameter", Some(name)) => Source::Query(name),
            ("request.cookie", Some(name)) => Source::Cookie(name),
            ("request.body", pointer) => Source::Body(pointer),
            ("request.method", None) => Source::Method,
            ("request.uri", None) => Source::Uri,
            ("request.relativePath", None) => Source::Path,
            ("keycloak.access_token", Some(pointer)) => Source::Token(pointer),
            ("keycloak.access_token", None) => Source::Bearer,
            _ => return None,
        }))
    }

    /// Text with other sources in it.
    pub(super) fn of_template(template: Template) -> Self {
        Self(Source::Template(template))
    }

    /// Whether the body must be there for it.
    pub(super) fn reads_body(&self) -> bool {
        match &self.0 {
            Source::Body(_) => true,
            Source::Template(template) => template.sources().any(Self::reads_body),
            _ => false,
        }
    }

    pub(super) fn values(&self, seen: Seen<'_>) -> Vec<String> {
        let Seen { parts, body, bearer } = seen;
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
            Source::Token(pointer) => texts(bearer.and_then(|bearer| bearer.pointer(pointer))),
            Source::Bearer => bearer.map(|bearer| bearer.token().expose().to_owned()).into_iter().collect(),
            Source::Body(None) => {
                let text = std::str::from_utf8(body).ok().filter(|text| !text.is_empty());
                text.map(str::to_owned).into_iter().collect()
            }
            Source::Body(Some(pointer)) => {
                let json: Option<Value> = serde_json::from_slice(body).ok();
                texts(json.as_ref().and_then(|json| json.pointer(pointer)))
            }
            Source::Template(template) => template.fill(seen).into_iter().collect(),
            Source::Ask(ask) => ask(parts),
        }
    }
}

/// A value as the values of a claim.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.iter().map(text).collect(),
        Some(value) => vec![text(value)],
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
            Source::Bearer => ("bearer", ""),
            Source::Body(pointer) => ("body", pointer.as_deref().unwrap_or_default()),
            Source::Template(_) => ("template", ""),
            Source::Ask(_) => ("function", ""),
        };
        write!(f, "{kind} {name}")
    }
}

/// The claims of an enforcer or of a rule.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims {
    named: Vec<(String, ClaimSource)>,
    services: Vec<ClaimService>,
}

impl Claims {
    pub(super) fn add(&mut self, name: String, source: ClaimSource) {
        self.named.push((name, source));
    }

    pub(super) fn add_service(&mut self, service: ClaimService) {
        self.services.push(service);
    }

    pub(super) fn read_body(&self) -> bool {
        self.named.iter().any(|(_, source)| source.reads_body()) || self.services.iter().any(ClaimService::reads_body)
    }

    /// The claims that have a value.
    pub(super) async fn resolve(&self, seen: Seen<'_>) -> Result<Pushed, Refusal> {
        let mut pushed = Pushed::new();
        let mut add = |name: &str, values: Vec<String>| {
            if !values.is_empty() {
                pushed.entry(name.to_owned()).or_default().extend(values);
            }
        };
        for (name, source) in &self.named {
            add(name, source.values(seen));
        }
        for service in &self.services {
            for (name, values) in service.ask(seen).await? {
                add(&name, values);
            }
        }
        Ok(pushed)
    }
}
