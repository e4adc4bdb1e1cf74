//! Exporting a realm: everything but its users, secrets as ten stars.

use super::{providers, show};
use crate::{
    Result,
    admin::{access::MASTER, group_page::path, user_page},
    error::bad_request,
    realm_view::RealmView,
};
use cloakroom_api::{
    admin::{
        clients::Client,
        groups::Group,
        idps::IdentityProvider,
        realms::Realm,
        role_mappings::ScopeMapping,
        roles::{Composites, Role, Roles},
        users::User,
    },
    fields::{Secret, StringMap},
    secrets::MASK,
};
use cloakroom_store::{Db, client_scopes, export, groups, groups::GroupRow, roles, roles::RoleRow, users::UserRow};
use std::collections::{BTreeMap, HashMap};

/// The version of Keycloak that an export can be read by.
const VERSION: &str = "26.7.4";

/// A realm's settings with what belongs to them, and if asked its clients, and its groups and roles.
pub fn partial(db: &mut Db, realm: &RealmView, with_clients: bool, with_groups_and_roles: bool) -> Result<Realm> {
    let mut all = show::whole(db, realm)?;
    let lists = &realm.lists;
    all.keycloak_version = Some(VERSION.to_owned());
    all.authentication_flows = Some(lists.flows.clone());
    all.authenticator_config = Some(lists.flow_configs.clone());
    all.required_actions = Some(lists.required_actions.clone());
    all.localization_texts = Some(lists.texts.clone());
    all.identity_providers = Some(lists.identity_providers.iter().cloned().map(masked).collect());
    all.identity_provider_mappers = Some(lists.identity_provider_mappers.clone());
    all.components = Some(providers::export(&realm.components, &realm.id));
    all.client_scopes = Some(realm.scopes.clone());
    let scope_names: HashMap<&str, &str> =
        realm.scopes.iter().filter_map(|s| Some((s.id.as_deref()?, s.name.as_deref()?))).collect();
    let of_kind = |wanted: bool| {
        let listed = realm.new_client_scopes.iter().filter(|(_, is_default)| *is_default == wanted);
        listed.filter_map(|(id, _)| scope_names.get(id.as_str()).map(|n| (*n).to_owned())).collect::<Vec<_>>()
    };
    all.default_default_client_scopes = Some(of_kind(true));
    all.default_optional_client_scopes = Some(of_kind(false));

    let clients = export::clients(db, &realm.id)?;
    let roles = export::roles(db, &realm.id)?;
    let names = Names::new(&clients, &roles);
    let mut mappings = Mappings::default();
    for (scope, role) in client_scopes::scope_mappings(db, &realm.id)? {
        let Some(name) = scope_names.get(scope.as_str()) else { continue };
        let of_scope = ScopeMapping { client_scope: Some((*name).to_owned()), ..ScopeMapping::default() };
        mappings.add(&names, of_scope, &role);
    }
    if with_clients {
        for (client, role) in export::client_mappings(db, &realm.id)? {
            let Some(name) = names.clients.get(client.as_str()) else { continue };
            let of_client = ScopeMapping { client: Some((*name).to_owned()), ..ScopeMapping::default() };
            mappings.add(&names, of_client, &role);
        }
    }
    all.scope_mappings = Some(mappings.realm).filter(|list| !list.is_empty());
    all.client_scope_mappings = Some(mappings.clients).filter(|map| !map.is_empty());
    if with_groups_and_roles {
        all.groups = Some(tree(db, &realm.id)?);
        let mut composites = export::composites(db, &realm.id)?;
        if realm.name == MASTER {
            let admin = roles.iter().find(|r| r.client.is_none() && r.name == "admin").map(|r| r.id.clone());
            let known = roles::of_administration(db, &realm.id, None)?;
            let all = admin.iter().flat_map(|admin| known.iter().map(|role| (admin.clone(), role.id.clone())));
            composites.extend(all);
            composites.sort();
            composites.dedup();
        }
        let mut roles = all_roles(&realm.id, &names, &clients, &roles, &composites);
        roles.client = roles.client.filter(|_| with_clients);
        all.roles = Some(roles);
    }
    if with_clients {
        all.users = Some(service_accounts(db, &realm.id, &names)?).filter(|list| !list.is_empty());
        let scopes = export::client_scopes(db, &realm.id)?;
        all.clients = Some(clients.into_iter().map(|c| client(c, &scopes, &scope_names)).collect());
    }
    Ok(all)
}

/// An identity provider without its secrets.
fn masked(mut provider: IdentityProvider) -> IdentityProvider {
    provider.types = Some(uses(provider.provider_id.as_deref().unwrap_or_default()));
    if let Some(config) = &mut provider.config {
        mask(config, "clientSecret");
    }
    provider
}

/// What a kind of identity provider can be used for.
fn uses(provider: &str) -> Vec<String> {
    let uses: &[&str] = match provider {
        "oidc" | "keycloak-oidc" => &[
            "USER_AUTHENTICATION",
            "CLIENT_ASSERTION",
            "TRUST_MATERIAL",
            "EXCHANGE_EXTERNAL_TOKEN",
            "JWT_AUTHORIZATION_GRANT",
        ],
        "oauth2" => &["USER_AUTHENTICATION", "EXCHANGE_EXTERNAL_TOKEN"],
        _ => &["USER_AUTHENTICATION"],
    };
    uses.iter().map(|name| (*name).to_owned()).collect()
}

fn mask(config: &mut StringMap, name: &str) {
    if config.contains_key(name) {
        config.insert(name, MASK);
    }
}

/// What ids are called.
struct Names<'a> {
    /// The `clientId` of a client.
    clients: HashMap<&'a str, &'a str>,
    roles: HashMap<&'a str, &'a RoleRow>,
}

impl<'a> Names<'a> {
    fn new(clients: &'a [Client], roles: &'a [RoleRow]) -> Self {
        let clients = clients.iter().filter_map(|c| Some((c.id.as_deref()?, c.client_id.as_deref()?))).collect();
        Names { clients, roles: roles.iter().map(|r| (r.id.as_str(), r)).collect() }
    }
}

/// Scope mappings by whose roles they are: the realm's, or those of a client.
#[derive(Default)]
struct Mappings {
    realm: Vec<ScopeMapping>,
    clients: BTreeMap<String, Vec<ScopeMapping>>,
}

impl Mappings {
    fn add(&mut self, names: &Names<'_>, holder: ScopeMapping, role: &str) {
        let Some(role) = names.roles.get(role) else { return };
        let list = match role.client.as_deref().map(|id| names.clients.get(id)) {
            None => &mut self.realm,
            Some(Some(client)) => self.clients.entry((*client).to_owned()).or_default(),
            Some(None) => return,
        };
        let same = |m: &&mut ScopeMapping| m.client == holder.client && m.client_scope == holder.client_scope;
        match list.iter_mut().find(same) {
            Some(mapping) => mapping.roles.get_or_insert_default().push(role.name.clone()),
            None => list.push(ScopeMapping { roles: Some(vec![role.name.clone()]), ..holder }),
        }
    }
}

/// A client as exports show it: its scopes by name, its secret masked.
fn client(mut client: Client, scopes: &[(String, String, bool)], names: &HashMap<&str, &str>) -> Client {
    let id = client.id.clone().unwrap_or_default();
    let of_kind = |wanted: bool| {
        let own = scopes.iter().filter(|(client, _, is_default)| *client == id && *is_default == wanted);
        own.filter_map(|(_, scope, _)| names.get(scope.as_str()).map(|n| (*n).to_owned())).collect::<Vec<_>>()
    };
    client.default_client_scopes = Some(of_kind(true));
    client.optional_client_scopes = Some(of_kind(false));
    client.secret = client.secret.filter(|s| !s.is_empty()).map(|_| Secret::from(MASK));
    client.registration_access_token = None;
    if let Some(attributes) = &mut client.attributes {
        mask(attributes, "client.secret.rotated");
        attributes.remove("jwt.credential.private.key");
        attributes.remove("saml.signing.private.key");
        attributes.remove("saml.encryption.private.key");
    }
    client
}

/// The service accounts of clients: users that belong to them.
fn service_accounts(db: &mut Db, realm: &str, names: &Names<'_>) -> Result<Vec<User>> {
    let rows = export::service_accounts(db, realm)?;
    let ids: Vec<&str> = rows.iter().map(|u| u.id.as_str()).collect();
    let mut attributes = export::attributes(db, &ids)?;
    let mut roles = export::role_names(db, &ids)?;
    let joined = export::memberships(db, &ids)?;
    let all = if joined.is_empty() { Vec::new() } else { export::groups(db, realm)? };
    let all = all.into_iter().map(|group| (group.id.clone(), group)).collect();
    let shown = |row: UserRow| {
        let roles = roles.remove(&row.id).unwrap_or_default();
        let attributes = attributes.remove(&row.id).unwrap_or_default();
        let own = joined.iter().filter(|(user, _)| *user == row.id);
        let client = row.service_account_client.as_deref().and_then(|id| names.clients.get(id));
        User {
            service_account_client_id: client.map(|id| (*id).to_owned()),
            realm_roles: Some(roles.realm).filter(|list| !list.is_empty()),
            client_roles: Some(roles.clients).filter(|map| !map.is_empty()),
            groups: Some(own.map(|(_, group)| path(&all, group)).collect()),
            ..user_page::full(row, attributes, false)
        }
    };
    Ok(rows.into_iter().map(shown).collect())
}

fn all_roles(
    realm: &str,
    names: &Names<'_>,
    clients: &[Client],
    roles: &[RoleRow],
    composites: &[(String, String)],
) -> Roles {
    let mut contained: HashMap<&str, Composites> = HashMap::new();
    for (parent, child) in composites {
        let Some(child) = names.roles.get(child.as_str()) else { continue };
        let parts = contained.entry(parent).or_default();
        let list = match child.client.as_deref().and_then(|id| names.clients.get(id)) {
            None => parts.realm.get_or_insert_default(),
            Some(client) => parts.client.get_or_insert_default().entry((*client).to_owned()).or_default(),
        };
        list.push(child.name.clone());
    }
    let mut exported = |role: &RoleRow| Role {
        composites: contained.remove(role.id.as_str()),
        ..role.clone().representation(realm, false)
    };
    let mut of_clients: BTreeMap<String, Vec<Role>> =
        clients.iter().filter_map(|c| Some((c.client_id.clone()?, Vec::new()))).collect();
    let mut of_realm = Vec::new();
    for role in roles {
        match role.client.as_deref().map(|id| names.clients.get(id)) {
            None => of_realm.push(exported(role)),
            Some(Some(client)) => of_clients.entry((*client).to_owned()).or_default().push(exported(role)),
            Some(None) => {}
        }
    }
    Roles { realm: Some(of_realm), client: Some(of_clients), application: None }
}

/// All groups as a tree, with attributes and the names of their roles.
fn tree(db: &mut Db, realm: &str) -> Result<Vec<Group>> {
    let rows = export::groups(db, realm)?;
    let ids: Vec<&str> = rows.iter().map(|g| g.id.as_str()).collect();
    let mut parts = Parts { attributes: groups::attributes(db, &ids)?, roles: groups::role_names(db, &ids)? };
    let mut below: HashMap<Option<String>, Vec<GroupRow>> = HashMap::new();
    for row in rows {
        below.entry(row.parent.clone()).or_default().push(row);
    }
    branch(None, "", &mut below, &mut parts, 0)
}

struct Parts {
    attributes: HashMap<String, cloakroom_api::fields::Attributes>,
    roles: HashMap<String, groups::RoleNames>,
}

/// How deep groups may be nested in an export: readers of JSON, ours too, go no deeper than 128 levels of lists and objects.
const DEPTH: usize = 60;

fn branch(
    parent: Option<String>,
    above: &str,
    below: &mut HashMap<Option<String>, Vec<GroupRow>>,
    parts: &mut Parts,
    depth: usize,
) -> Result<Vec<Group>> {
    let rows = below.remove(&parent).unwrap_or_default();
    if depth >= DEPTH && !rows.is_empty() {
        return Err(bad_request(format!("Groups that are nested more than {DEPTH} deep cannot be exported")));
    }
    let group = |row: GroupRow| {
        let path = format!("{above}/{}", row.name);
        let roles = parts.roles.remove(&row.id).unwrap_or_default();
        let sub_groups = branch(Some(row.id.clone()), &path, below, parts, depth + 1)?;
        Ok(Group {
            name: Some(row.name),
            description: row.description,
            parent_id: row.parent,
            attributes: Some(parts.attributes.remove(&row.id).unwrap_or_default()),
            realm_roles: Some(roles.realm),
            client_roles: Some(roles.clients),
            sub_groups: Some(sub_groups),
            path: Some(path),
            id: Some(row.id),
            ..Group::default()
        })
    };
    rows.into_iter().map(group).collect()
}
