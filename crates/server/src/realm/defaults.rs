//! What a new realm is before anything is asked of it: settings, flows, client scopes, roles, clients and keys.

use crate::{
    Result,
    admin::access::{AdminRole, MASTER, REALM_MANAGEMENT},
    error,
};
use cloakroom_api::{
    admin::{
        clients::Client,
        components::ComponentExport,
        realms::Realm,
        roles::{Composites, Role},
    },
    fields::{Attributes, Config},
};
use std::{collections::BTreeMap, sync::LazyLock};

static TEMPLATE: LazyLock<serde_json::Result<Realm>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../defaults/realm.json")));

/// Master's user profile: an administrator needs neither a name nor an address.
const MASTER_PROFILE: &str = include_str!("../../defaults/master-profile.json");

/// What stands for the realm's name in the template.
const NAME: &str = "{realm}";

/// Composite roles of a realm's administration, with what they contain.
const CONTAINED: [(AdminRole, &[AdminRole]); 3] = [
    (AdminRole::ViewUsers, &[AdminRole::QueryGroups, AdminRole::QueryUsers]),
    (AdminRole::ViewClients, &[AdminRole::QueryClients]),
    (AdminRole::ViewOrganizations, &[AdminRole::QueryOrganizations]),
];

/// A new realm of this name, as a representation for the importer. Master differs a little from all others.
pub fn realm(name: &str) -> Result<Realm> {
    let mut realm = TEMPLATE.as_ref().map_err(|e| error::internal(e.to_string()))?.clone();
    let named = |text: &mut String| *text = text.replace(NAME, name);
    realm.default_role.iter_mut().filter_map(|r| r.name.as_mut()).for_each(named);
    for role in realm.roles.iter_mut().flat_map(|r| &mut r.realm).flatten() {
        role.name.iter_mut().for_each(named);
    }
    for client in realm.clients.iter_mut().flatten() {
        client.base_url.iter_mut().for_each(named);
        client.redirect_uris.iter_mut().flatten().for_each(named);
    }
    realm.realm = Some(name.to_owned());
    if name == MASTER {
        make_master(&mut realm)?;
    }
    Ok(realm)
}

/// The name of the role that every user of a new realm has.
pub fn default_role_name(realm: &str) -> String {
    format!("default-roles-{}", realm.to_lowercase())
}

/// Master has a user profile of its own and no organizations in its flows, administrates itself through `master-realm`, and has the roles to
/// administrate all realms and to make new ones.
fn make_master(realm: &mut Realm) -> Result<()> {
    realm.display_name = Some("Keycloak".to_owned());
    realm.display_name_html = Some("<div class=\"kc-logo-text\"><span>Keycloak</span></div>".to_owned());
    realm.access_token_lifespan = Some(60);
    realm.enabled = Some(true);
    let profile = ComponentExport {
        provider_id: Some("declarative-user-profile".to_owned()),
        config: Some(Config(Attributes::from([("kc.user.profile.config", [compact(MASTER_PROFILE)?])]))),
        ..ComponentExport::default()
    };
    let components = realm.components.get_or_insert_default();
    components.insert("org.keycloak.userprofile.UserProfileProvider".to_owned(), vec![profile]);
    let of_organizations = |alias: &str| alias == "Organization" || alias.ends_with("- Conditional Organization");
    if let Some(flows) = &mut realm.authentication_flows {
        flows.retain(|flow| !flow.alias.as_deref().is_some_and(of_organizations));
        for flow in flows {
            flow.authentication_executions
                .iter_mut()
                .for_each(|e| e.retain(|e| !e.flow_alias.as_deref().is_some_and(of_organizations)));
        }
    }
    let own = management_client(MASTER);
    let own_id = own.client_id.clone().unwrap_or_default();
    if let Some(clients) = &mut realm.clients {
        clients.retain(|c| c.client_id.as_deref() != Some(REALM_MANAGEMENT));
        clients.push(own);
    }
    if let Some(roles) = &mut realm.roles {
        if let Some(of_clients) = &mut roles.client {
            of_clients.remove(REALM_MANAGEMENT);
            of_clients.insert(own_id.clone(), management_roles(&own_id));
        }
        let contained = Composites {
            realm: Some(vec!["create-realm".to_owned()]),
            client: Some(BTreeMap::from([(own_id, AdminRole::ALL.map(|r| r.name().to_owned()).to_vec())])),
            ..Composites::default()
        };
        let admin = Role { composites: Some(contained), ..role("admin", "${role_admin}") };
        roles.realm.get_or_insert_default().extend([role("create-realm", "${role_create-realm}"), admin]);
    }
    Ok(())
}

/// JSON as Keycloak keeps it in a component's setting: without blanks.
fn compact(json: &str) -> Result<String> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(error::internal)?;
    Ok(value.to_string())
}

fn role(name: &str, description: &str) -> Role {
    Role { name: Some(name.to_owned()), description: Some(description.to_owned()), ..Role::default() }
}

/// The client in master through which a realm is administrated: `NAME-realm`.
pub fn management_client(realm: &str) -> Client {
    Client {
        client_id: Some(management_client_id(realm)),
        name: Some(format!("{realm} Realm")),
        bearer_only: Some(true),
        full_scope_allowed: Some(false),
        attributes: Some([("realm_client", "true")].into()),
        ..Client::default()
    }
}

/// The `clientId` of the client in master through which a realm is administrated.
pub fn management_client_id(realm: &str) -> String {
    format!("{realm}-realm")
}

/// The roles of such a client.
pub fn management_roles(client_id: &str) -> Vec<Role> {
    let of = |admin: AdminRole| {
        let contained = CONTAINED.iter().find(|(role, _)| *role == admin).map(|(_, contained)| *contained);
        let composites = contained.map(|list| Composites {
            client: Some(BTreeMap::from([(client_id.to_owned(), list.iter().map(|r| r.name().to_owned()).collect())])),
            ..Composites::default()
        });
        Role { composites, ..role(admin.name(), &format!("${{role_{}}}", admin.name())) }
    };
    AdminRole::ALL.into_iter().map(of).collect()
}
