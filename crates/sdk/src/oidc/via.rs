//! How an application's calls are sent: with its own credentials, and a proof of possession where it has a key.

use bytes::Bytes;
use cloakroom_api::endpoint::{Call, Reply, Transport};
use http::{HeaderValue, Response, StatusCode, header};
use url::Url;

use crate::client::{Client, read};
use crate::error::{Answer, Error, Result};
use crate::oidc::DpopKey;

/// A client that adds headers of its own.
pub(crate) struct Via<'c> {
    pub(crate) client: &'c Client,
    pub(crate) authorization: Option<HeaderValue>,
    /// What to ask for in place of JSON.
    pub(crate) accept: Option<HeaderValue>,
    pub(crate) proof: Option<Proof<'c>>,
}

/// What a request is proven with.
#[derive(Clone, Copy)]
pub(crate) struct Proof<'c> {
    pub(crate) key: &'c DpopKey,
    /// The access token that goes with the request.
    pub(crate) token: Option<&'c str>,
}

impl Transport for Via<'_> {
    type Out<'a, R: Reply>
        = <Client as Transport>::Out<'a, R>
    where
        Self: 'a;

    fn send<R: Reply>(&self, call: Call) -> Self::Out<'_, R> {
        let call = self.authorization.iter().cloned().fold(call, |call, mut value| {
            value.set_sensitive(true);
            call.header(header::AUTHORIZATION, value)
        });
        let call = self.accept.iter().cloned().fold(call, |call, value| call.header(header::ACCEPT, value));
        match self.proof {
            None => self.client.send::<R>(call),
            Some(proof) => Box::pin(async move {
                let operation = call.operation;
                read::<R>(operation, proven(self.client, proof, call).await?)
            }),
        }
    }
}

/// Sends a request with a proof, and once more where the server wants its nonce in it.
async fn proven(client: &Client, proof: Proof<'_>, call: Call) -> Result<Response<Bytes>> {
    let Call { operation, request } = call;
    let request = request.map_err(|source| Error::Call { operation, source })?;
    let url = Url::parse(&format!("{}{}", client.url(), request.uri()))
        .map_err(|e| Error::Config(format!("the server's URL cannot be proven: {e}")))?;
    let mut again = true;
    loop {
        let text = proof.key.proof_at(client.clock().seconds(), request.method(), &url, proof.token)?;
        let value = HeaderValue::try_from(text).map_err(|_| Error::Config("not a proof".to_owned()))?;
        let mut attempt = request.clone();
        attempt.headers_mut().insert("dpop", value);
        let answer = client.fetch(Call { operation, request: Ok(attempt) }).await?;
        let new = proof.key.note(&url, &answer);
        if !(again && new && wants_nonce(&answer)) {
            return Ok(answer);
        }
        again = false;
    }
}

fn wants_nonce(answer: &Response<Bytes>) -> bool {
    matches!(answer.status(), StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)
        && Answer::of(answer).error.error.as_deref() == Some("use_dpop_nonce")
}
