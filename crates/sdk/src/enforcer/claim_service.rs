//! Claims that another service knows: asked over HTTP for each request.

use std::time::Duration;

use bytes::Bytes;
use cloakroom_api::endpoint::Form;
use http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::Value;
use url::Url;

use super::claims::{ClaimSource, Seen, texts};
use super::refusal::Refusal;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::retry::Retry;

/// A service that knows claims about a request: it is sent parameters, and answers with JSON that the claims are taken from.
///
/// It is asked once for each request that is enforced, before Keycloak is. Where it does not answer with a success and JSON,
/// nobody can say what may be done, and the request is refused with 503. Redirects are not followed.
///
/// ```
/// use cloakroom::{Result, enforcer::{ClaimService, ClaimSource, PathRule}};
///
/// fn album() -> Result<PathRule> {
///     let service = ClaimService::post("https://risk.example.com/claims")?
///         .header("authorization", ClaimSource::template("Bearer {keycloak.access_token}")?)?
///         .parameter("user", ClaimSource::token("/sub"))
///         .claim("risk", "/score");
///     Ok(PathRule::new("/albums/{id}").claims_from(service))
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ClaimService {
    /// With the service's address, and nobody's login.
    client: Client,
    path: String,
    method: Method,
    headers: Vec<(HeaderName, ClaimSource)>,
    parameters: Vec<(String, ClaimSource)>,
    /// Names with JSON pointers.
    claims: Vec<(String, String)>,
}

impl ClaimService {
    /// The longest answer that is read, in bytes.
    pub const MAX_ANSWER: usize = 64 * 1024;
    /// How long an answer is waited for.
    pub const TIMEOUT: Duration = Duration::from_secs(5);

    /// Asks by GET, with the parameters in the query.
    ///
    /// Errors: [`Error::Config`] for an address that cannot be asked.
    pub fn get(url: &str) -> Result<Self> {
        Self::new(Method::GET, url)
    }

    /// Asks by POST, with the parameters as a form.
    ///
    /// Errors: [`Error::Config`] for an address that cannot be asked.
    pub fn post(url: &str) -> Result<Self> {
        Self::new(Method::POST, url)
    }

    pub(super) fn new(method: Method, url: &str) -> Result<Self> {
        let parsed = Url::parse(url).map_err(|e| Error::Config(format!("the claims' service \"{url}\": {e}")))?;
        let builder = Client::builder(&parsed.origin().ascii_serialization());
        let client = builder.timeout(Self::TIMEOUT).max_answer(Self::MAX_ANSWER).retry(Retry::NEVER).build()?;
        let path = parsed[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        let (headers, parameters, claims) = Default::default();
        Ok(Self { client, path, method, headers, parameters, claims })
    }

    /// The same through a client of one's own, whose certificates, headers and limits are used; its address is the service's,
    /// its login is not used.
    pub fn through(self, client: &Client) -> Self {
        Self { client: client.anonymous(), ..self }
    }

    /// A header to send, with each of its values.
    ///
    /// Errors: [`Error::Config`] for a name that HTTP does not allow.
    pub fn header(mut self, name: &str, value: ClaimSource) -> Result<Self> {
        let bad = |_| Error::Config(format!("header \"{name}\": the name has characters that HTTP does not allow"));
        self.headers.push((HeaderName::from_bytes(name.as_bytes()).map_err(bad)?, value));
        Ok(self)
    }

    /// A parameter to send, with each of its values.
    pub fn parameter(mut self, name: impl Into<String>, value: ClaimSource) -> Self {
        self.parameters.push((name.into(), value));
        self
    }

    /// A claim, and where in the answer its values are, by JSON pointer (RFC 6901). Called again for one name, values are
    /// added to it.
    pub fn claim(mut self, name: impl Into<String>, pointer: impl Into<String>) -> Self {
        self.claims.push((name.into(), pointer.into()));
        self
    }

    pub(super) fn reads_body(&self) -> bool {
        let headers = self.headers.iter().map(|(_, source)| source);
        headers.chain(self.parameters.iter().map(|(_, source)| source)).any(ClaimSource::reads_body)
    }

    /// The claims, of the service's answer to this request.
    pub(super) async fn ask(&self, seen: Seen<'_>) -> Result<Vec<(String, Vec<String>)>, Refusal> {
        let unavailable = |why: &dyn std::fmt::Display| {
            tracing::warn!(%why, "claims cannot be asked for");
            Refusal::Unavailable
        };
        let answer = self.client.request(self.request(seen)?).await.map_err(|e| unavailable(&e))?;
        if !answer.status().is_success() {
            return Err(unavailable(&answer.status()));
        }
        let json: Value = serde_json::from_slice(answer.body()).map_err(|e| unavailable(&e))?;
        Ok(self.claims.iter().map(|(name, pointer)| (name.clone(), texts(json.pointer(pointer)))).collect())
    }

    /// What the sender of a request wrote goes where it belongs and no further: encoded in a form, or refused in a header.
    fn request(&self, seen: Seen<'_>) -> Result<Request<Bytes>, Refusal> {
        let mut form = Form::default();
        for (name, source) in &self.parameters {
            form = source.values(seen).into_iter().fold(form, |form, value| form.with(name, value));
        }
        let pairs = form.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::builder().method(self.method.clone()).header(header::ACCEPT, "application/json");
        let request = if self.method == Method::GET {
            let joint = if self.path.contains('?') { "&" } else { "?" };
            request.uri(format!("{}{joint}{encoded}", self.path)).body(Bytes::new())
        } else {
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            request.uri(&*self.path).body(encoded.into())
        };
        let mut request = request.map_err(|_| Refusal::Ambiguous)?;
        for (name, _) in &self.headers {
            request.headers_mut().remove(name);
        }
        for (name, source) in &self.headers {
            for value in source.values(seen) {
                let mut value = HeaderValue::try_from(value).map_err(|_| Refusal::Ambiguous)?;
                value.set_sensitive(true);
                request.headers_mut().append(name.clone(), value);
            }
        }
        Ok(request)
    }
}
