//! From a request to a handler and back: reading the body, entering the realm, the transaction's end, the answer.

use crate::{
    Result,
    admin::access::{self, AdminRole::ManageRealm},
    app::App,
    config::{base_url, client_address},
    cx::Cx,
    error::{self, Error},
    oidc::cors,
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State},
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use cloakroom_api::endpoint::{Endpoint, Incoming, Operation, ReadError, Reply};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{
    collections::HashSet,
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;

/// The largest body, in bytes, that is read before it is known who sends it; the forms of protocol endpoints are smaller.
const ANONYMOUS: usize = 1 << 20;

/// The largest body of an administrator; imports of whole realms may be larger.
const BODY: usize = 10 << 20;
const IMPORT: usize = 100 << 20;

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(120);

/// How long the rest of a refused body is thrown away: who closes at once is not heard, as the other end is still sending.
const LINGER: Duration = Duration::from_secs(10);

/// How often a transaction that lost against another one is tried.
const ATTEMPTS: usize = 4;

/// What runs for a path: on a blocking thread, with the path's values and the body.
type Run = Arc<dyn Fn(&mut Cx, Vec<String>, &[u8]) -> Result<Response> + Send + Sync>;

/// The routes of a part of the server.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    served: Vec<Operation>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves the operation whose request type the handler takes.
    #[must_use]
    pub fn at<E: Endpoint>(
        mut self,
        handler: impl Fn(&mut Cx, E) -> Result<<E::Reply as Reply>::Value> + Send + Sync + 'static,
    ) -> Self {
        self.served.push(Operation { name: E::NAME, method: method_name(&E::METHOD), path: E::PATH, cache: E::CACHE });
        let of_realm = E::PATH.starts_with("/admin/realms/{realm}");
        let of_admin = E::PATH.starts_with("/admin/");
        let run = move |cx: &mut Cx, path: Vec<String>, body: &[u8]| {
            if of_realm {
                access::enter(cx, path.first().map_or("", String::as_str))?;
            } else if of_admin {
                let caller = access::authenticate(cx)?;
                cx.set_caller(caller);
            }
            let parts = cx.parts.clone();
            let request = E::read(Incoming { parts: &parts, path, body }).map_err(|wrong| refused(E::PATH, wrong))?;
            let value = handler(cx, request)?;
            let (mut answer, bytes) = E::Reply::encode(value).map_err(error::internal)?.into_parts();
            if !E::CACHE.is_empty() {
                answer.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(E::CACHE));
            }
            Ok(Response::from_parts(answer, Body::from(bytes)))
        };
        self.route(E::METHOD, E::PATH, Arc::new(run))
    }

    /// Serves a page or a redirect: what is not an operation of the table. The handler gets the path's values and the body.
    #[must_use]
    pub fn page(
        self,
        method: Method,
        path: &'static str,
        handler: impl Fn(&mut Cx, Vec<String>, &[u8]) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        self.route(method, path, Arc::new(handler))
    }

    fn route(mut self, method: Method, path: &'static str, run: Run) -> Self {
        // HEAD comes with GET, as everywhere
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        self.router = self.router.route(path, on(filter, Route { path, run }));
        self
    }

    /// Adds the routes of another part.
    #[must_use]
    pub fn merge(mut self, other: Routes) -> Self {
        self.router = self.router.merge(other.router);
        self.served.extend(other.served);
        self
    }

    /// The operations that have a handler.
    pub fn served(&self) -> &[Operation] {
        &self.served
    }

    /// The service, below the configured path.
    pub fn into_router(self, app: Arc<App>) -> Router {
        let prefix = app.config.relative_path.trim_end_matches('/').to_owned();
        let (near, below) = (verbs_below(&self.served), prefix.clone());
        let wrong_verb = move |State(app): State<Arc<App>>, path: MatchedPath, request: Request| async move {
            let path = path.as_str().strip_prefix(&below).unwrap_or_default();
            let error = match *request.method() {
                Method::OPTIONS if path.starts_with("/realms/") => return StatusCode::OK.into_response(),
                Method::GET | Method::HEAD if path.starts_with("/admin/") => error::no_route(),
                ref verb if near.contains(&(method_name(verb), path)) => error::no_route(),
                _ => error::error(StatusCode::METHOD_NOT_ALLOWED, "HTTP 405 Method Not Allowed"),
            };
            elsewhere(app, request, error).await
        };
        let nowhere = |State(app), request: Request| elsewhere(app, request, error::no_route());
        let router = self.router.fallback(nowhere).method_not_allowed_fallback(wrong_verb).with_state(app);
        if prefix.is_empty() { router } else { Router::new().nest(&prefix, router).fallback(no_route) }
    }
}

/// The verbs that are taken one word below a path. Keycloak looks there too before it says that it does not know a verb:
/// where it finds one, the path and not the verb is wrong.
fn verbs_below(served: &[Operation]) -> Arc<HashSet<(&'static str, &'static str)>> {
    let split = |o: &Operation| o.path.rsplit_once('/').map(|(path, word)| (o.method, path, word));
    let words = served.iter().filter_map(split).filter(|(.., word)| !word.starts_with('{'));
    Arc::new(words.map(|(verb, path, _)| (verb, path)).collect())
}

/// What is said of a request that cannot be read. Protocol endpoints speak OAuth's words.
fn refused(path: &str, wrong: ReadError) -> Error {
    match wrong {
        ReadError::Body(_) if path.starts_with("/realms/") => {
            error::oauth(StatusCode::BAD_REQUEST, "invalid_request", "The request must be a URL-encoded form")
        }
        ReadError::Body(_) if path == "/admin/realms" => error::bad_request("unable to read contents from stream"),
        wrong => wrong.into(),
    }
}

fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}

async fn no_route() -> Response {
    error::no_route().into_response()
}

/// Answers what no route takes. In the Admin API who asks, and about which realm, comes first; a browser's question
/// whether a page may send a request is answered for every path.
async fn elsewhere(app: Arc<App>, request: Request, wrong: Error) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if parts.method == Method::OPTIONS && path.starts_with("/admin/") {
        return cors::preflight(&parts.headers, cors::ADMIN);
    }
    let Some(path) = path.strip_prefix("/admin/realms").map(str::to_owned) else { return wrong.into_response() };
    let enter = move |cx: &mut Cx| {
        let realm = path.split('/').nth(1).filter(|name| !name.is_empty());
        let entered = match realm.map(|name| percent_encoding::percent_decode_str(name).decode_utf8()) {
            Some(Ok(name)) if !name.contains('\0') => access::enter(cx, &name),
            _ => access::authenticate(cx).map(drop),
        };
        Ok((entered, cx.take_answer_headers()))
    };
    let answer = match Arrival::new(app, parts) {
        Ok(arrival) => arrival.run(enter).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok((entered, headers)) => {
            let mut error = entered.err().unwrap_or(wrong);
            error.headers.extend(headers);
            error.into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// One type for every route, so that axum's routing code is compiled once instead of once per operation.
#[derive(Clone)]
struct Route {
    path: &'static str,
    run: Run,
}

impl Handler<(), Arc<App>> for Route {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;
    fn call(self, request: Request, app: Arc<App>) -> Self::Future {
        Box::pin(async move {
            let template = Template(self.path);
            let mut response = serve(self, request, app).await.unwrap_or_else(Error::into_response);
            response.extensions_mut().insert(template);
            response
        })
    }
}

/// Who is at the other end of the connection: put into a request's extensions by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The other end's address.
    pub addr: SocketAddr,
    /// Whether the connection is encrypted.
    pub tls: bool,
}

impl Default for Peer {
    fn default() -> Self {
        Peer { addr: SocketAddr::from(([127, 0, 0, 1], 0)), tls: false }
    }
}

/// The template of the path that was served, for metrics.
#[derive(Debug, Clone, Copy)]
pub struct Template(pub &'static str);

async fn serve(route: Route, request: Request, app: Arc<App>) -> Result<Response> {
    let (mut parts, mut body) = request.into_parts();
    let values = RawPathParams::from_request_parts(&mut parts, &()).await.map_err(|_| error::no_route())?;
    let values: Vec<String> = values.iter().map(|(_, value)| value.to_owned()).collect();
    let arrival = Arrival::new(app, parts)?;
    let body = match arrival.receive(route.path, values.first(), &mut body).await {
        Ok(bytes) => bytes,
        Err(refused) => {
            tokio::spawn(timeout(LINGER, throw_away(body)));
            return Err(refused);
        }
    };
    arrival.run(move |cx| attempt(&route.run, cx, values.clone(), &body)).await
}

/// A request before its body is read.
struct Arrival {
    app: Arc<App>,
    parts: Arc<Parts>,
    base: String,
    address: IpAddr,
}

impl Arrival {
    /// Finds out the address that the caller reached the server at, and the caller's own.
    fn new(app: Arc<App>, parts: Parts) -> Result<Self> {
        let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
        let base = base_url(&app.config, &parts.uri, &parts.headers, peer.tls, peer.addr.ip())
            .map_err(|_| error::error(StatusCode::BAD_REQUEST, "HTTP 400 Bad Request"))?;
        let address = client_address(app.config.proxy.as_ref(), &parts.headers, peer.addr.ip());
        Ok(Arrival { app, parts: Arc::new(parts), base, address })
    }

    /// Runs something on a blocking thread, again where another transaction got in first.
    async fn run<T: Send + 'static>(&self, run: impl Fn(&mut Cx) -> Result<T> + Send + 'static) -> Result<T> {
        let Arrival { app, parts, base, address } = self;
        let (app, parts, base, address) = (app.clone(), parts.clone(), base.clone(), *address);
        let run = move || {
            let attempt = || run(&mut Cx::new(app.clone(), parts.clone(), base.clone(), address));
            for _ in 1..ATTEMPTS {
                match attempt() {
                    Err(lost) if lost.retry => continue,
                    answer => return answer,
                }
            }
            attempt()
        };
        tokio::task::spawn_blocking(run).await.map_err(error::internal)?
    }

    /// Reads the body. Of somebody unknown only a small one is read, and the largest ones only of those who may import:
    /// nobody else can fill the memory. `realm` is the realm of the path, if it names one.
    async fn receive(&self, path: &str, realm: Option<&String>, body: &mut Body) -> Result<Bytes> {
        let of_admin = path.starts_with("/admin/");
        let limit = match self.parts.method {
            _ if !of_admin => ANONYMOUS,
            Method::POST if imports(path) => IMPORT,
            _ => BODY,
        };
        let length = body.size_hint();
        if of_admin && length.upper().is_none_or(|upper| upper > ANONYMOUS as u64) {
            let (imports, realm) = (limit == IMPORT, realm.cloned());
            self.run(move |cx| match &realm {
                Some(realm) if imports => access::enter(cx, realm).and_then(|()| cx.admin()?.require(&[ManageRealm])),
                None if imports => {
                    access::authenticate(cx).and_then(|(home, by)| access::require_creator(cx, &home, &by))
                }
                _ => access::authenticate(cx).map(drop),
            })
            .await?;
        }
        if length.lower() > limit as u64 { Err(too_large()) } else { read(body, limit).await }
    }
}

async fn throw_away(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}

/// Runs the handler, then commits or, with the transaction dropped, rolls back. Headers that it set go with either answer.
fn attempt(run: &Run, cx: &mut Cx, values: Vec<String>, body: &[u8]) -> Result<Response> {
    let answer = match run(cx, values, body) {
        Ok(response) => cx.commit().map(|()| response),
        Err(error) if error.keeps_writes => cx.commit().and(Err(error)),
        Err(error) => Err(error),
    };
    let headers = cx.take_answer_headers();
    match answer {
        Ok(mut response) => {
            response.headers_mut().extend(headers);
            Ok(response)
        }
        Err(mut error) => {
            error.headers.extend(headers);
            Err(error)
        }
    }
}

fn imports(path: &str) -> bool {
    matches!(path, "/admin/realms" | "/admin/realms/{realm}/partialImport")
}

async fn read(body: &mut Body, limit: usize) -> Result<Bytes> {
    let Ok(body) = timeout(ARRIVAL, Limited::new(body, limit).collect()).await else {
        return Err(error::error(StatusCode::REQUEST_TIMEOUT, "HTTP 408 Request Timeout"));
    };
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(e) if e.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(error::error(StatusCode::BAD_REQUEST, "HTTP 400 Bad Request")),
    }
}

fn too_large() -> Error {
    error::error(StatusCode::PAYLOAD_TOO_LARGE, "HTTP 413 Request Entity Too Large")
}
