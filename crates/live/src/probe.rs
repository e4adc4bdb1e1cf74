//! The library's client with an eye on it: every answer is read, written again, and compared with what arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use cloakroom::Client;
use cloakroom_api::endpoint::{Call, Reply, Transport};
use http::{HeaderValue, Response, header};

use crate::compare::differences;

/// A client whose calls are noted. Clones note in the same log.
#[derive(Clone)]
pub(crate) struct Probe {
    client: Client,
    /// A token for all calls, in the place of the client's login: also where the library sends none.
    bearer: Option<String>,
    log: Arc<Mutex<Log>>,
}

/// What became of the calls, by operation.
pub(crate) type Log = BTreeMap<&'static str, Noted>;

/// What became of an operation's calls.
#[derive(Debug, Default, Clone)]
pub(crate) struct Noted {
    /// How often it was answered as the row says.
    pub(crate) worked: u32,
    /// What an answer held that its representation does not.
    pub(crate) lost: BTreeSet<String>,
    /// What else came.
    pub(crate) refused: BTreeSet<String>,
}

/// A call that was not answered as its row says. What happened is in the log.
#[derive(Debug)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server refused")
    }
}

impl Probe {
    pub(crate) fn new(client: Client) -> Self {
        Probe { client, bearer: None, log: Arc::default() }
    }

    /// The same with a token at hand.
    pub(crate) fn bearer(&self, token: &str) -> Self {
        Probe { bearer: Some(token.to_owned()), ..self.clone() }
    }

    /// What became of the calls until now.
    pub(crate) fn log(&self) -> Log {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, operation: &'static str, note: impl FnOnce(&mut Noted)) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        note(log.entry(operation).or_default());
    }

    async fn call<R: Reply>(&self, call: Call) -> Result<R::Value, Refused> {
        let operation = call.operation;
        let refused = |why: String| {
            self.note(operation, |noted| noted.refused.extend([why]));
            Refused
        };
        let mut request = call.request.map_err(|e| refused(e.to_string()))?;
        if let Some(token) = &self.bearer {
            let value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|e| refused(e.to_string()))?;
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = self.client.request(request).await.map_err(|e| refused(e.to_string()))?;
        if !answer.status().is_success() {
            let text: String = String::from_utf8_lossy(answer.body()).chars().take(300).collect();
            return Err(refused(format!("{asked}: {} {text}", answer.status())));
        }
        let again = copy(&answer);
        let value = R::decode(copy(&answer)).map_err(|e| refused(format!("{asked}: {e}")))?;
        let written = R::decode(again).and_then(R::encode).map_err(|e| refused(format!("{asked}: {e}")))?;
        let lost = differences(&answer, &written);
        self.note(operation, |noted| {
            noted.worked += 1;
            noted.lost.extend(lost);
        });
        Ok(value)
    }
}

/// Bodies are shared, so a copy costs little.
fn copy(answer: &Response<Bytes>) -> Response<Bytes> {
    let mut copy = Response::new(answer.body().clone());
    *copy.status_mut() = answer.status();
    *copy.headers_mut() = answer.headers().clone();
    copy
}

impl Transport for Probe {
    type Out<'a, R: Reply> = Pin<Box<dyn Future<Output = Result<R::Value, Refused>> + Send + 'a>>;

    fn send<R: Reply>(&self, call: Call) -> Self::Out<'_, R> {
        Box::pin(self.call::<R>(call))
    }
}
