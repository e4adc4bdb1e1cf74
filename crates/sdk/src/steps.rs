//! What takes several calls, written once for both clients.

use std::future::Future;
use std::pin::Pin;

use cloakroom_api::endpoint::{Call, Reply, Transport};

use crate::client::Client;

/// A client that can take several calls in one go: the async client gives a future, the blocking one the outcome.
///
/// [`Ensure`](crate::Ensure), [`Modify`](crate::Modify) and their like are written on it, and so can be your own:
///
/// ```
/// use cloakroom::{Client, OrNone, Result, Steps, api::admin::users::Users, blocking};
///
/// /// Whether there is such a user: async or blocking, as the group's client is.
/// fn exists<'a, C: Steps>(users: Users<'a, C>, id: &'a str) -> C::Run<'a, Result<bool>> {
///     let calls = users.through(users.client().calls());
///     users.client().steps(async move { Ok(calls.get(id, &Default::default()).await.or_none()?.is_some()) })
/// }
///
/// async fn with_await(kc: &Client) -> Result<bool> {
///     exists(kc.realm("acme").users(), "42").await
/// }
///
/// fn without(kc: &blocking::Client) -> Result<bool> {
///     exists(kc.realm("acme").users(), "42")
/// }
/// ```
pub trait Steps: Transport {
    /// What several calls give: a future of `T`, or `T`.
    type Run<'a, T: Send + 'a>
    where
        Self: 'a;
    /// The client to make the calls with.
    fn calls(&self) -> &Client;
    /// Makes them.
    fn steps<'a, T: Send + 'a>(&'a self, work: impl Future<Output = T> + Send + 'a) -> Self::Run<'a, T>;
}

impl Steps for Client {
    type Run<'a, T: Send + 'a> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

    fn calls(&self) -> &Client {
        self
    }

    fn steps<'a, T: Send + 'a>(&'a self, work: impl Future<Output = T> + Send + 'a) -> Self::Run<'a, T> {
        Box::pin(work)
    }
}

/// Gives a group's calls as they are, unsent: for what is done with the JSON itself.
#[derive(Debug)]
pub(crate) struct Unsent;

impl Transport for Unsent {
    type Out<'a, R: Reply> = Call;

    fn send<R: Reply>(&self, call: Call) -> Call {
        call
    }
}
