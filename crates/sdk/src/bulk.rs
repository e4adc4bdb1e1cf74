//! Many at once, some at a time.

use std::future::Future;

use cloakroom_api::admin::client_scopes::{ClientScope, ClientScopes};
use cloakroom_api::admin::clients::{self, Clients};
use cloakroom_api::admin::orgs::{Organization, Organizations};
use cloakroom_api::admin::roles::{self, RealmRoles, Role};
use cloakroom_api::admin::users::{User, Users};
use cloakroom_api::endpoint::Created;
use futures_util::{StreamExt, stream};

use crate::error::Result;
use crate::steps::Steps;

/// Does one thing for each item, at most `at_once` at a time, and gives each item's outcome in the items' order. One that
/// fails stops nothing. Dropping the future stops it; calls that were sent may still take effect.
///
/// ```
/// use cloakroom::{Client, Result, each};
///
/// async fn close(kc: &Client, ids: Vec<String>) -> usize {
///     let users = kc.realm("acme").users();
///     let outcomes: Vec<Result<()>> = each(ids, 8, async |id: String| users.delete(&id).await).await;
///     outcomes.iter().filter(|outcome| outcome.is_ok()).count()
/// }
/// ```
pub async fn each<I, T, F: Future<Output = T>>(
    items: impl IntoIterator<Item = I>,
    at_once: usize,
    act: impl Fn(I) -> F,
) -> Vec<T> {
    stream::iter(items).map(act).buffered(at_once.max(1)).collect().await
}

/// Creates many, some at a time.
///
/// ```
/// use cloakroom::{Client, CreateMany, Result, api::admin::users::User, blocking};
///
/// async fn import(kc: &Client, users: Vec<User>) -> usize {
///     let made = kc.realm("acme").users().create_many(users, 8).await;
///     for refused in made.iter().filter_map(|outcome| outcome.as_ref().err()) {
///         eprintln!("{refused}");
///     }
///     made.iter().flatten().count()
/// }
///
/// fn import_blocking(kc: &blocking::Client, users: Vec<User>) -> bool {
///     kc.realm("acme").users().create_many(users, 8).iter().all(Result::is_ok)
/// }
/// ```
pub trait CreateMany<'a, T> {
    /// One outcome an item, in the items' order, as a future for the async client.
    type Out;
    /// Creates the items, at most `at_once` at a time. One that is refused stops none of the others.
    fn create_many(&self, items: Vec<T>, at_once: usize) -> Self::Out;
}

macro_rules! creates_many {
    ($( $($Group:ident)::+ : $Item:ty; )+) => { $(
        impl<'a, C: Steps> CreateMany<'a, $Item> for $($Group)::+<'a, C> {
            type Out = C::Run<'a, Vec<Result<Created>>>;

            fn create_many(&self, items: Vec<$Item>, at_once: usize) -> Self::Out {
                let group = self.through(self.client().calls());
                let create = move |item: $Item| async move { group.create(&item).await };
                self.client().steps(each(items, at_once, create))
            }
        }
    )+ };
}

creates_many! {
    Users: User;
    RealmRoles: Role;
    roles::of_client::ClientRoles: Role;
    Clients: clients::Client;
    ClientScopes: ClientScope;
    Organizations: Organization;
}
