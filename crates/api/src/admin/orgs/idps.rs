//! Identity providers of organizations.

use crate::{
    admin::{groups::Group, idps::IdentityProvider, orgs::groups::OrganizationGroupQuery},
    endpoint::Json,
    endpoints,
};

endpoints! {
    /// The identity providers of an organization, by alias.
    OrganizationIdentityProviders(realm, org)

    /// Gives an identity provider of the realm, named by alias, to the organization.
    POST "/admin/realms/{realm}/organizations/{org}/identity-providers"
    fn add(quoted: String);

    /// Lists the identity providers.
    GET "/admin/realms/{realm}/organizations/{org}/identity-providers"
    fn list() -> Json<Vec<IdentityProvider>>;

    /// Gets one identity provider.
    GET "/admin/realms/{realm}/organizations/{org}/identity-providers/{alias}"
    fn get(alias) -> Json<IdentityProvider>;

    /// Takes an identity provider away from the organization; the realm keeps it.
    DELETE "/admin/realms/{realm}/organizations/{org}/identity-providers/{alias}"
    fn remove(alias);

    /// The groups of the organization that the identity provider's mappers can name.
    GET "/admin/realms/{realm}/organizations/{org}/identity-providers/{alias}/groups"
    fn groups(alias, query: OrganizationGroupQuery) -> Json<Vec<Group>>, pages: groups_all;
}
