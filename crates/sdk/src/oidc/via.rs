//! How an application's calls are sent: with its own credentials, and a proof of possession where it has a key.

use cloakroom_api::endpoint::{Call, Reply, Transport};
use http::{HeaderValue, header};

use crate::client::{Client, read};
use crate::error::Error;
use crate::oidc::{DpopKey, OidcClient, mtls};

/// A client that adds headers of its own.
pub(crate) struct Via<'c> {
    pub(crate) client: &'c Client,
    pub(crate) authorization: Option<HeaderValue>,
    /// What to ask for in place of JSON.
    pub(crate) accept: Option<HeaderValue>,
    pub(crate) proof: Option<Proof<'c>>,
    /// Who shows a certificate.
    pub(crate) certified: Option<&'c OidcClient>,
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
        Box::pin(async move {
            let Call { operation, request } = call;
            let mut request = request.map_err(|source| Error::Call { operation, source })?;
            if let Some(app) = self.certified
                && let Some(alias) = mtls::alias(&*app.discovery().await?, request.uri().path())?
            {
                *request.uri_mut() = alias;
            }
            let call = Call { operation, request: Ok(request) };
            read::<R>(operation, self.client.fetch_proven(call, self.proof).await?)
        })
    }
}
