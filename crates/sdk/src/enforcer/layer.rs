//! Layers that let a request through or not, before it reaches the service within.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::Enforcer;
use super::refusal::Refusal;
use crate::login::BoxError;

/// What decides on a request.
pub(super) trait Gate<B>: Clone + Send + Sync + 'static {
    /// Lets it through, with what was found out among its extensions, or refuses it.
    fn admit(&self, parts: &mut Parts, body: B) -> impl Future<Output = Result<B, Refusal>> + Send;
}

/// A service behind one of the layers.
#[derive(Debug, Clone)]
pub struct Guarded<S, G> {
    gate: G,
    inner: S,
}

impl<S, G> Guarded<S, G> {
    pub(super) fn new(gate: G, inner: S) -> Self {
        Self { gate, inner }
    }
}

impl<S, G, B, R> Service<Request<B>> for Guarded<S, G>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    G: Gate<B>,
    B: Send + 'static,
    R: From<Bytes>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // the one that is ready goes with the request
        let next = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, next);
        let gate = self.gate.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match gate.admit(&mut parts, body).await {
                Ok(body) => ready.call(Request::from_parts(parts, body)).await,
                Err(refusal) => Ok(refusal.into_response()),
            }
        })
    }
}

/// Puts an [`Enforcer`] around a service. The bodies of its requests can be made of bytes, as axum's can: one that a claim is
/// taken from is read before the service gets it.
#[derive(Debug, Clone)]
pub struct EnforcerLayer(Enforcer);

impl EnforcerLayer {
    pub(super) fn new(enforcer: Enforcer) -> Self {
        Self(enforcer)
    }
}

impl<S> Layer<S> for EnforcerLayer {
    type Service = Guarded<S, Self>;

    fn layer(&self, inner: S) -> Guarded<S, Self> {
        Guarded::new(self.clone(), inner)
    }
}

impl<B> Gate<B> for EnforcerLayer
where
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + From<Bytes> + Send + 'static,
{
    async fn admit(&self, parts: &mut Parts, body: B) -> Result<B, Refusal> {
        self.0.enforce(parts, body).await
    }
}
