//! Looking things up by the name that people know them by.

use cloakroom_api::admin::client_scopes::{ClientScope, ClientScopes};
use cloakroom_api::admin::clients::{self, ClientQuery, Clients};
use cloakroom_api::admin::flows::{AuthenticationFlow, Flows};
use cloakroom_api::admin::idps::mappers::{IdentityProviderMapper, IdentityProviderMappers};
use cloakroom_api::admin::mappers::{self, ProtocolMapper};
use cloakroom_api::admin::users::{User, UserQuery, Users};

use crate::error::Result;
use crate::steps::Steps;

/// Finds by name what `get` wants the id of: users by username, clients by `clientId`, client scopes and mappers by name,
/// authentication flows by alias.
///
/// ```
/// use cloakroom::{Client, Find, Result, blocking};
///
/// async fn id_of_client(kc: &Client, client_id: &str) -> Result<Option<String>> {
///     Ok(kc.realm("acme").clients().find(client_id).await?.and_then(|client| client.id))
/// }
///
/// fn is_taken(kc: &blocking::Client, username: &str) -> Result<bool> {
///     Ok(kc.realm("acme").users().find(username)?.is_some())
/// }
/// ```
pub trait Find<'a, T> {
    /// [`Result`] of the item, or of `None`, as a future for the async client.
    type Out;
    /// The item that has the whole name; usernames in upper or lower case.
    fn find(&self, name: &str) -> Self::Out;
}

macro_rules! finds {
    ($( $($Group:ident)::+ : $Item:ty, |$group:ident, $name:ident| $find:expr; )+) => { $(
        impl<'a, C: Steps> Find<'a, $Item> for $($Group)::+<'a, C> {
            type Out = C::Run<'a, Result<Option<$Item>>>;

            fn find(&self, name: &str) -> Self::Out {
                let ($group, $name) = (self.through(self.client().calls()), name.to_owned());
                self.client().steps(async move { Ok($find) })
            }
        }
    )+ };
}

finds! {
    Users: User, |users, name| {
        let query = UserQuery { username: Some(name), exact: Some(true), ..UserQuery::default() };
        users.list(&query).await?.into_iter().next()
    };

    Clients: clients::Client, |clients, name| {
        let query = ClientQuery { client_id: Some(name.clone()), ..ClientQuery::default() };
        clients.list(&query).await?.into_iter().find(|client| client.client_id.as_ref() == Some(&name))
    };

    ClientScopes: ClientScope, |scopes, name|
        scopes.list().await?.into_iter().find(|scope| scope.name.as_ref() == Some(&name));

    mappers::of_client::ClientMappers: ProtocolMapper, |mappers, name|
        mappers.list().await?.into_iter().find(|mapper| mapper.name.as_ref() == Some(&name));

    mappers::of_client_scope::ScopeMappers: ProtocolMapper, |mappers, name|
        mappers.list().await?.into_iter().find(|mapper| mapper.name.as_ref() == Some(&name));

    IdentityProviderMappers: IdentityProviderMapper, |mappers, name|
        mappers.list().await?.into_iter().find(|mapper| mapper.name.as_ref() == Some(&name));

    Flows: AuthenticationFlow, |flows, alias|
        flows.list().await?.into_iter().find(|flow| flow.alias.as_ref() == Some(&alias));
}
