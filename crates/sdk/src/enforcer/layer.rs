//! The enforcer as a layer.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::Enforcer;

/// Puts an [`Enforcer`] around a service.
#[derive(Debug, Clone)]
pub struct EnforcerLayer(Enforcer);

impl EnforcerLayer {
    pub(super) fn new(enforcer: Enforcer) -> Self {
        Self(enforcer)
    }
}

impl<S> Layer<S> for EnforcerLayer {
    type Service = EnforcerService<S>;

    fn layer(&self, inner: S) -> EnforcerService<S> {
        EnforcerService { enforcer: self.0.clone(), inner }
    }
}

/// A service behind an [`Enforcer`].
#[derive(Debug, Clone)]
pub struct EnforcerService<S> {
    enforcer: Enforcer,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for EnforcerService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
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
        let enforcer = self.enforcer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match enforcer.enforce(&mut parts).await {
                Ok(()) => ready.call(Request::from_parts(parts, body)).await,
                Err(refusal) => Ok(refusal.into_response()),
            }
        })
    }
}
