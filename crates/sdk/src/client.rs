//! The async client: a call, its token, its answer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cloakroom_api::endpoint::{Call, Reply, Transport};
use http::{HeaderMap, Request, Response, StatusCode, header};
use tracing::Instrument;

use crate::clock::Clock;
use crate::config::ClientBuilder;
use crate::error::{Answer, Error, Result};
use crate::login::{Login, Session};
use crate::management::Management;
use crate::oidc::{Caches, ClientAuth, OidcClient, Proof};
use crate::wire::Wire;
use cloakroom_api::admin::{realms::Realms, server_info::Server};
use cloakroom_api::fields::Secret;
use cloakroom_api::tree::Realm;

/// A client of one server. Cheap to clone, and made to be shared: clones have one connection pool and one login.
///
/// The first call logs in; from then on the access token is renewed shortly before it expires, by one call for all, however
/// many wait. A call that is answered 401 is sent once more with a new token.
///
/// ```
/// use cloakroom::{Client, Login, Result, api::admin::users::User};
///
/// async fn hire(name: &str) -> Result<String> {
///     let kc = Client::builder("https://id.example.com").login(Login::password("admin", "secret")).build()?;
///     let user = User { username: Some(name.to_owned()), enabled: Some(true), ..User::default() };
///     let made = kc.realm("acme").users().create(&user).await?;
///     Ok(made.id().to_owned())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
    session: Option<Arc<Session>>,
}

#[derive(Debug)]
struct Shared {
    wire: Wire,
    clock: Clock,
    refresh_margin: Duration,
    caches: Caches,
}

impl Client {
    /// Begins with the server's address, with any base path: `http://localhost:8080`, `https://id.example.com/auth/`.
    pub fn builder(url: &str) -> ClientBuilder {
        ClientBuilder::new(url)
    }

    pub(crate) fn assemble(wire: Wire, clock: Clock, login: Option<Login>, refresh_margin: Duration) -> Self {
        let shared = Arc::new(Shared { wire, clock, refresh_margin, caches: Caches::default() });
        Client { shared, session: None }.with_login(login)
    }

    fn with_login(&self, login: Option<Login>) -> Self {
        let session = login.map(|login| Arc::new(Session::new(login, self.shared.refresh_margin)));
        Client { shared: self.shared.clone(), session }
    }

    /// The same server and connections with another login.
    pub fn login(&self, login: Login) -> Self {
        self.with_login(Some(login))
    }

    /// The same server and connections with a token at hand: what a service does on behalf of its caller.
    pub fn token(&self, access_token: impl Into<Secret>) -> Self {
        self.with_login(Some(Login::token(access_token)))
    }

    /// The same server and connections without a login.
    pub fn anonymous(&self) -> Self {
        self.with_login(None)
    }

    /// The realms of the server.
    pub fn realms(&self) -> Realms<'_, Self> {
        Realms::new(self)
    }

    /// The server itself: what it is made of.
    pub fn server(&self) -> Server<'_, Self> {
        Server::new(self)
    }

    /// A realm, for this call: the login's realm may be another.
    pub fn realm<'a>(&'a self, name: &'a str) -> Realm<'a, Self> {
        Realm::new(self, name)
    }

    /// What an application does at a realm as one of its clients: get and renew tokens, introspect, verify, log out.
    pub fn oidc(&self, realm: &str, client_id: &str, auth: ClientAuth) -> OidcClient {
        OidcClient::new(self.anonymous(), realm, client_id, auth)
    }

    /// Health and metrics, of a client whose address is that of the management interface.
    pub fn management(&self) -> Management<'_, Self> {
        Management::new(self)
    }

    /// The server's address, without a trailing slash.
    pub fn url(&self) -> &str {
        self.shared.wire.base.as_str()
    }

    /// The access token that calls are sent with: from the login, renewed if it is about to expire.
    ///
    /// Errors: [`Error::Login`]; [`Error::Config`] for a client without a login.
    pub async fn access_token(&self) -> Result<Secret> {
        let session = self.session.as_ref().ok_or_else(|| Error::Config("this client has no login".to_owned()))?;
        Ok(session.token(self, None).await?.access.clone())
    }

    /// Ends the session that the login made at the server, if it made one. The next call logs in anew.
    pub async fn logout(&self) -> Result<()> {
        match &self.session {
            Some(session) => session.end(self).await,
            None => Ok(()),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    pub(crate) fn caches(&self) -> &Caches {
        &self.shared.caches
    }

    /// Any request, for what the table of operations does not have. A path that begins with `/`, below the server's address,
    /// with the login's token; any status is an answer.
    ///
    /// Errors: those of a call, without [`Error::Status`].
    pub async fn request(&self, request: Request<Bytes>) -> Result<Response<Bytes>> {
        if request.uri().authority().is_some() {
            return Err(Error::Config("a request begins with \"/\": a token is for its own server only".to_owned()));
        }
        self.fetch(Call { operation: "request", request: Ok(request) }).await
    }

    pub(crate) async fn fetch(&self, call: Call) -> Result<Response<Bytes>> {
        self.fetch_proven(call, None).await
    }

    /// The same with a proof of possession, for a request that brings its own token or none.
    pub(crate) async fn fetch_proven(&self, call: Call, proof: Option<Proof<'_>>) -> Result<Response<Bytes>> {
        let Call { operation, request } = call;
        let request = request.map_err(|source| Error::Call { operation, source })?;
        let span = tracing::debug_span!("keycloak", operation, status = tracing::field::Empty);
        async {
            let answer = self.authorized(operation, request, proof).await?;
            tracing::Span::current().record("status", answer.status().as_u16());
            Ok(answer)
        }
        .instrument(span)
        .await
    }

    /// Adds the token, and replays a 401 once: it was refused before it did anything, so any verb may be.
    async fn authorized(
        &self,
        operation: &'static str,
        mut request: Request<Bytes>,
        proof: Option<Proof<'_>>,
    ) -> Result<Response<Bytes>> {
        let Some(session) = self.session.as_ref().filter(|_| takes_token(&request)) else {
            return self.exchange(operation, &mut request, proof).await;
        };
        let token = session.token(self, None).await?;
        request.headers_mut().insert(header::AUTHORIZATION, token.header.clone());
        let answer = self.exchange(operation, &mut request, session.proof(&token)).await?;
        if answer.status() != StatusCode::UNAUTHORIZED || !session.renews() {
            return Ok(answer);
        }
        let token = session.token(self, Some(token.number)).await?;
        request.headers_mut().insert(header::AUTHORIZATION, token.header.clone());
        self.exchange(operation, &mut request, session.proof(&token)).await
    }

    /// Sends a request, with a proof if there is one to give, and once more where the server wants its nonce in it.
    async fn exchange(
        &self,
        operation: &'static str,
        request: &mut Request<Bytes>,
        proof: Option<Proof<'_>>,
    ) -> Result<Response<Bytes>> {
        let wire = &self.shared.wire;
        let Some(Proof { key, token }) = proof else { return wire.exchange(operation, request).await };
        let url = wire.base.address(request.uri())?;
        let mut again = true;
        loop {
            let proof = key.header(self.shared.clock.seconds(), request.method(), &url, token)?;
            request.headers_mut().insert("dpop", proof);
            let answer = wire.exchange(operation, request).await?;
            if !(key.note(&url, &answer) && again && wants_nonce(&answer)) {
                return Ok(answer);
            }
            again = false;
        }
    }
}

fn wants_nonce(answer: &Response<Bytes>) -> bool {
    matches!(answer.status(), StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)
        && Answer::of(answer).error.error.as_deref() == Some("use_dpop_nonce")
}

/// Whether the login's token goes with a request: not where it brings its own, nor to the OpenID Connect endpoints, which
/// authenticate clients or nobody.
fn takes_token(request: &Request<Bytes>) -> bool {
    let headers: &HeaderMap = request.headers();
    let mut segments = request.uri().path().split('/').skip(1);
    let public =
        segments.next() == Some("realms") && matches!(segments.nth(1), None | Some("protocol" | ".well-known"));
    !headers.contains_key(header::AUTHORIZATION) && !public
}

pub(crate) fn read<R: Reply>(operation: &'static str, response: Response<Bytes>) -> Result<R::Value> {
    let status = response.status();
    if !status.is_success() {
        return Err(Error::Status { operation, status, answer: Box::new(Answer::of(&response)) });
    }
    // what an error tells of the answer; a body is shared, not copied
    let (media_type, body) = (response.headers().get(header::CONTENT_TYPE).cloned(), response.body().clone());
    R::decode(response).map_err(|source| {
        let mut answer = Response::new(body);
        answer.headers_mut().extend(media_type.map(|value| (header::CONTENT_TYPE, value)));
        Error::Decode { operation, answer: Box::new(Answer::of(&answer)), source }
    })
}

impl Transport for Client {
    type Out<'a, R: Reply> = Pin<Box<dyn Future<Output = Result<R::Value>> + Send + 'a>>;

    fn send<R: Reply>(&self, call: Call) -> Self::Out<'_, R> {
        Box::pin(async move {
            let operation = call.operation;
            read::<R>(operation, self.fetch(call).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_where_it_is_asked_for() {
        for (path, takes) in [
            ("/admin/realms/acme/users", true),
            ("/realms/acme/account", true),
            ("/realms/acme/clients-registrations/default", true),
            ("/realms/acme/protocol/openid-connect/token", false),
            ("/realms/acme/.well-known/openid-configuration", false),
            ("/realms/acme", false),
        ] {
            assert_eq!(takes_token(&Request::get(path).body(Bytes::new()).unwrap()), takes, "{path}");
        }
        let own = Request::get("/admin").header("authorization", "Bearer x").body(Bytes::new()).unwrap();
        assert!(!takes_token(&own));
    }
}
