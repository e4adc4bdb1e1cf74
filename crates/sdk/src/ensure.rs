//! Creating what may be there already.

use cloakroom_api::admin::authz::resources::{AuthzResources, NameQuery};
use cloakroom_api::admin::authz::scopes::AuthzScopes;
use cloakroom_api::admin::authz::{Resource, Scope};
use cloakroom_api::admin::client_scopes::{ClientScope, ClientScopes};
use cloakroom_api::admin::clients::{self, Clients};
use cloakroom_api::admin::components::{Component, ComponentQuery, Components};
use cloakroom_api::admin::flows::{AuthenticationFlow, Flows};
use cloakroom_api::admin::groups::{Group, GroupQuery, Groups};
use cloakroom_api::admin::idps::mappers::{IdentityProviderMapper, IdentityProviderMappers};
use cloakroom_api::admin::idps::{IdentityProvider, IdentityProviders};
use cloakroom_api::admin::mappers::{self, ProtocolMapper};
use cloakroom_api::admin::orgs::{Organization, OrganizationQuery, Organizations};
use cloakroom_api::admin::realms::{Realm, Realms};
use cloakroom_api::admin::roles::{self, RealmRoles, Role};
use cloakroom_api::admin::users::{User, Users};
use cloakroom_api::uma::resources::{Listed, UmaResource, UmaResourceQuery, UmaResources};

use crate::client::Client;
use crate::error::{Error, OrNone, Result};
use crate::find::Find;
use crate::steps::Steps;

/// What [`Ensure::ensure`] found or made.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensured<T> {
    /// As the server has it: what was there is not changed.
    pub value: T,
    /// Whether it is new.
    pub created: bool,
}

/// Creates what is not there yet: running it twice is running it once.
///
/// What is there is found by its name (users by username, clients by `clientId`, identity providers and flows by alias, components by name,
/// type and parent) and
/// returned as it is; [`Modify`](crate::Modify) changes it. Two that ensure the same at the same time get the same.
///
/// ```
/// use cloakroom::{Client, Ensure, Result, api::admin::users::User, blocking};
///
/// async fn hire(kc: &Client, name: &str) -> Result<User> {
///     let user = User { username: Some(name.to_owned()), enabled: Some(true), ..User::default() };
///     let ensured = kc.realm("acme").users().ensure(&user).await?;
///     println!("{name} {}", if ensured.created { "is new" } else { "was there" });
///     Ok(ensured.value)
/// }
///
/// fn hire_blocking(kc: &blocking::Client, user: &User) -> Result<User> {
///     Ok(kc.realm("acme").users().ensure(user)?.value)
/// }
/// ```
pub trait Ensure<T> {
    /// [`Result`] of [`Ensured`], as a future for the async client.
    type Out;
    /// Finds the item by its name, or creates it.
    ///
    /// Errors: [`Error::Config`] for an item without a name; those of the calls, such as a 409 for an email that another
    /// user has.
    fn ensure(&self, item: &T) -> Self::Out;
}

/// How each kind is found and made: the group, the item, and what they are called in the two steps.
macro_rules! ensures {
    ($( $($Group:ident)::+ : $Item:ty, |$group:ident, $item:ident| find $find:expr, create $create:expr; )+) => { $(
        impl<'a, C: Steps> Ensure<$Item> for $($Group)::+<'a, C> {
            type Out = C::Run<'a, Result<Ensured<$Item>>>;

            fn ensure(&self, item: &$Item) -> Self::Out {
                let ($group, $item) = (self.through(self.client().calls()), item.clone());
                self.client().steps(async move {
                    if let Some(value) = $find {
                        return Ok(Ensured { value, created: false });
                    }
                    let created = match $create {
                        Ok(_) => true,
                        // somebody else was faster, or another field than the name is taken
                        Err(e) if e.is_conflict() => return match $find {
                            Some(value) => Ok(Ensured { value, created: false }),
                            None => Err(e),
                        },
                        Err(e) => return Err(e),
                    };
                    let gone = || Error::Config("it was created, but is not there under its name".to_owned());
                    Ok(Ensured { value: $find.ok_or_else(gone)?, created })
                })
            }
        }
    )+ };
}

ensures! {
    Users: User, |users, user| find users.find(named(&user.username, "username")?).await?,
        create users.create(&user).await;

    Groups: Group, |groups, group| find {
        top_group(groups, named(&group.name, "name")?).await?
    }, create groups.create(&group).await;

    RealmRoles: Role, |roles, role| find roles.get(named(&role.name, "name")?).await.or_none()?,
        create roles.create(&role).await;

    roles::of_client::ClientRoles: Role, |roles, role| find roles.get(named(&role.name, "name")?).await.or_none()?,
        create roles.create(&role).await;

    Clients: clients::Client, |clients, client| find clients.find(named(&client.client_id, "clientId")?).await?,
        create clients.create(&client).await;

    ClientScopes: ClientScope, |scopes, scope| find scopes.find(named(&scope.name, "name")?).await?,
        create scopes.create(&scope).await;

    mappers::of_client::ClientMappers: ProtocolMapper, |mappers, mapper|
        find mappers.find(named(&mapper.name, "name")?).await?,
        create mappers.create(&mapper).await;

    mappers::of_client_scope::ScopeMappers: ProtocolMapper, |mappers, mapper|
        find mappers.find(named(&mapper.name, "name")?).await?,
        create mappers.create(&mapper).await;

    Components: Component, |components, component| find {
        let name = named(&component.name, "name")?;
        let query = ComponentQuery {
            name: Some(name.clone()),
            parent: component.parent_id.clone(),
            r#type: component.provider_type.clone(),
            provider_id: None,
        };
        components.list(&query).await?.into_iter().find(|c| c.name.as_ref() == Some(name))
    }, create components.create(&component).await;

    IdentityProviders: IdentityProvider, |idps, idp| find idps.get(named(&idp.alias, "alias")?).await.or_none()?,
        create idps.create(&idp).await;

    IdentityProviderMappers: IdentityProviderMapper, |mappers, mapper|
        find mappers.find(named(&mapper.name, "name")?).await?,
        create mappers.create(&mapper).await;

    Organizations: Organization, |orgs, org| find {
        let name = named(&org.name, "name")?;
        let query = OrganizationQuery { search: Some(name.clone()), exact: Some(true), ..OrganizationQuery::default() };
        orgs.list(&query).await?.into_iter().find(|o| o.name.as_ref() == Some(name))
    }, create orgs.create(&org).await;

    Flows: AuthenticationFlow, |flows, flow| find flows.find(named(&flow.alias, "alias")?).await?,
        create flows.create(&flow).await;

    AuthzResources: Resource, |resources, resource| find {
        resources.find(&NameQuery { name: Some(named(&resource.name, "name")?.clone()) }).await?
    }, create resources.create(&resource).await;

    AuthzScopes: Scope, |scopes, scope| find {
        scopes.find(&NameQuery { name: Some(named(&scope.name, "name")?.clone()) }).await?
    }, create scopes.create(&scope).await;

    UmaResources: UmaResource, |resources, resource| find {
        let name = named(&resource.name, "name")?;
        let (exact_name, deep) = (Some(true), Some(true));
        let query = UmaResourceQuery { name: Some(name.clone()), exact_name, deep, ..UmaResourceQuery::default() };
        resources.list(&query).await?.into_iter().find_map(Listed::resource)
    }, create resources.create(&resource).await;

    Realms: Realm, |realms, realm| find realms.get(named(&realm.realm, "realm")?).await.or_none()?,
        create realms.create(&realm).await;
}

fn named<'n>(name: &'n Option<String>, field: &str) -> Result<&'n String> {
    name.as_ref().ok_or_else(|| Error::Config(format!("without `{field}` there is nothing to look for")))
}

/// The group without a parent that has a name. Not looked for by path: there a slash within a name is as one between two.
pub(crate) async fn top_group(groups: Groups<'_, Client>, name: &str) -> Result<Option<Group>> {
    let (search, exact) = (Some(name.to_owned()), Some(true));
    let query = GroupQuery { search, exact, brief_representation: Some(false), ..GroupQuery::default() };
    Ok(groups.list(&query).await?.into_iter().find(|group| group.name.as_deref() == Some(name)))
}
