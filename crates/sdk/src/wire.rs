//! One call over HTTP: the address, the attempts, the limit on the answer. Knows nothing of tokens.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use url::Url;

use crate::error::{Error, NetworkKind, Result};
use crate::retry::{Outcome, Retry};

/// The connection pool and where it leads.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Base,
    pub(crate) retry: Retry,
    /// The longest answer, in bytes.
    pub(crate) max_answer: usize,
}

/// The server's address, without a trailing slash: `https://id.example.com/auth`.
#[derive(Debug, Clone)]
pub(crate) struct Base(Url);

impl Base {
    /// Takes any base path, with or without a trailing slash.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let bad = |why: &str| {
            Error::Config(format!("{why}: write it like https://id.example.com or https://id.example.com/auth"))
        };
        let mut url = Url::parse(text.trim()).map_err(|e| bad(&format!("the server's URL cannot be read ({e})")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(bad("the server's URL must begin with http:// or https://"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("the server's URL must end before \"?\" and \"#\""));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("the server's URL must hold no password (`Login::password` takes it)"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Base(url))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The address of a request: below the server's, but for one that names another server itself.
    pub(crate) fn address(&self, uri: &http::Uri) -> Result<Url> {
        let url = match uri.authority() {
            None => Url::parse(&format!("{}{uri}", self.as_str())),
            Some(_) => Url::parse(&uri.to_string()),
        };
        url.map_err(|e| Error::Config(format!("an address: {e}")))
    }

    /// Scheme, host and port of a request's address, for messages.
    fn origin(&self, uri: &http::Uri) -> Box<str> {
        self.address(uri).map_or_else(|_| self.0.origin(), |url| url.origin()).ascii_serialization().into()
    }
}

impl Wire {
    /// Sends a request until it is answered or not worth another attempt. Any status is an answer.
    pub(crate) async fn exchange(&self, operation: &'static str, request: &Request<Bytes>) -> Result<Response<Bytes>> {
        let mut made = 1;
        loop {
            let result = self.attempt(operation, request).await;
            let Some(pause) = self.retry.pause(made, request.method(), outcome(&result), chance()) else {
                return result;
            };
            tracing::debug!(made, ?pause, "calling again");
            tokio::time::sleep(pause).await;
            made += 1;
        }
    }

    async fn attempt(&self, operation: &'static str, request: &Request<Bytes>) -> Result<Response<Bytes>> {
        let failed = |kind, source| Error::Network { operation, origin: self.base.origin(request.uri()), kind, source };
        let broken = |source: reqwest::Error| failed(kind(&source), source.without_url().into());
        let mut sent = reqwest::Request::new(request.method().clone(), self.base.address(request.uri())?);
        *sent.headers_mut() = request.headers().clone();
        *sent.body_mut() = Some(request.body().clone().into());
        let mut answer = self.http.execute(sent).await.map_err(broken)?;

        let (mut chunks, mut length) = (Vec::new(), 0);
        while let Some(chunk) = answer.chunk().await.map_err(broken)? {
            length += chunk.len();
            if length > self.max_answer {
                let source = format!("the limit is {} bytes", self.max_answer).into();
                return Err(failed(NetworkKind::TooLong, source));
            }
            chunks.push(chunk);
        }
        let mut response = Response::new(joined(chunks));
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// What came in one piece is not copied.
fn joined(mut chunks: Vec<Bytes>) -> Bytes {
    match chunks.len() {
        0 | 1 => chunks.pop().unwrap_or_default(),
        _ => chunks.concat().into(),
    }
}

fn kind(error: &reqwest::Error) -> NetworkKind {
    // rustls' own error type is not part of reqwest's interface, its text is
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(e) = cause {
        if e.to_string().contains("certificate") {
            return NetworkKind::Certificate;
        }
        cause = e.source();
    }
    match error {
        e if e.is_connect() => NetworkKind::Connect,
        e if e.is_timeout() => NetworkKind::Timeout,
        _ => NetworkKind::Broken,
    }
}

fn outcome(result: &Result<Response<Bytes>>) -> Outcome {
    match result {
        Ok(response) => {
            let after = response.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok());
            Outcome::Status(response.status(), after.and_then(|s| s.trim().parse().ok()).map(Duration::from_secs))
        }
        Err(Error::Network { kind: NetworkKind::Connect, .. }) => Outcome::NotConnected,
        Err(Error::Network { kind: NetworkKind::Broken, .. }) => Outcome::Broken,
        Err(_) => Outcome::Final,
    }
}

/// A number in 0..1 that differs between clients and calls; nothing secret hangs on it.
fn chance() -> f64 {
    f64::from(RandomState::new().hash_one(0) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_kept_with_or_without_a_slash() {
        for (text, base) in [
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://id.example.com/auth/", "https://id.example.com/auth"),
            (" https://id.example.com/a/b// ", "https://id.example.com/a/b"),
        ] {
            assert_eq!(Base::parse(text).unwrap().as_str(), base);
        }
    }

    #[test]
    fn an_address_that_cannot_work_is_refused() {
        for text in ["localhost:8080", "id.example.com", "ftp://x", "https://x/?a=b", "https://user:pw@x", "https://"] {
            let e = Base::parse(text).unwrap_err().to_string();
            assert!(e.contains("https://id.example.com/auth") && !e.contains("pw"), "{e}");
        }
    }
}
