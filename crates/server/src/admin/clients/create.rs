//! A new client: what is given, and the defaults for the rest.

use super::{access, service_account, urls};
use crate::{
    App, Result,
    admin::{access::AdminRole, mappers},
    caches::Touched,
    cx::Cx,
    error::{self, Expected, bad_request, conflict},
    keys::generate,
    realm::new_client::{OPENID_CONNECT, REALM_CLIENT, SECRET, origin, with_defaults},
    realm_view::RealmView,
};
use aws_lc_rs::digest;
use cloakroom_api::{
    admin::clients::{Client, create},
    endpoint::Created,
    fields::StringMap,
};
use cloakroom_jose::KeySpec;
use cloakroom_store::clients;
use data_encoding::BASE64;

/// The other protocol.
const SAML: &str = "saml";

/// When the secret was generated, in seconds since 1970.
pub(crate) const SECRET_TIME: &str = "client.secret.creation.time";

/// The longest `clientId`, in characters.
const LONGEST: usize = 255;

/// `POST …/clients`.
pub(crate) fn create(cx: &mut Cx, req: create::Request) -> Result<Created> {
    let admin = cx.admin()?.clone();
    admin.require(&[AdminRole::ManageClients])?;
    let realm = &admin.realm;
    let given = req.body;
    let id = given.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| cx.new_id());
    let client_id = given.client_id.clone().unwrap_or_else(|| id.clone());
    check_id(&client_id)?;
    let scopes = scopes(realm, &given);
    let client = new(&cx.app, Client { id: Some(id.clone()), client_id: Some(client_id.clone()), ..given }, cx.now())?;
    check(realm, &client)?;
    let taken = || conflict(format!("Client {client_id} already exists"));
    clients::insert(cx.write()?, &realm.id, &client).or_conflict(taken)?;
    for (scope, is_default) in &scopes {
        clients::add_scope(cx.write()?, &id, scope, *is_default)?;
    }
    service_account::settle(cx, realm, &client)?;
    cx.touched(Touched::Client { realm: realm.id.clone(), id: id.clone() });
    Ok(Created::at(cx.location(&realm.name, &["clients", &id])))
}

/// 400 for a `clientId` that no client can have.
pub(crate) fn check_id(client_id: &str) -> Result<()> {
    if client_id.trim().is_empty() {
        return Err(urls::invalid("Client ID cannot be blank"));
    }
    if client_id.chars().count() > LONGEST {
        return Err(urls::invalid(format!("Client ID must not be longer than {LONGEST} characters")));
    }
    Ok(())
}

/// What holds for a client however it came to be.
pub(crate) fn check(realm: &RealmView, client: &Client) -> Result<()> {
    let protocol = client.protocol.as_deref().unwrap_or(OPENID_CONNECT);
    if !matches!(protocol, OPENID_CONNECT | SAML) {
        return Err(urls::invalid(format!("Invalid protocol: {protocol}")));
    }
    urls::check(client)?;
    service_account::required(client)?;
    for (kind, flow) in client.authentication_flow_binding_overrides.iter().flat_map(StringMap::iter) {
        if !realm.lists.flows.iter().any(|f| f.id.as_deref() == Some(flow)) {
            return Err(bad_request(format!("Unable to resolve auth flow binding override for: {kind}")));
        }
    }
    Ok(())
}

/// The client scopes of a new client: those it names, else those of the realm; of its protocol only.
fn scopes(realm: &RealmView, given: &Client) -> Vec<(String, bool)> {
    let (defaults, optional) = (&given.default_client_scopes, &given.optional_client_scopes);
    if defaults.is_none() && optional.is_none() {
        return of_realm(realm, given.protocol.as_deref());
    }
    let id = |name: &String| {
        let scope = of_protocol(realm, given.protocol.as_deref()).find(|s| s.name.as_ref() == Some(name));
        scope.and_then(|s| s.id.clone())
    };
    let defaults = defaults.iter().flatten().filter_map(id).map(|id| (id, true));
    defaults.chain(optional.iter().flatten().filter_map(id).map(|id| (id, false))).collect()
}

/// The scopes that new clients of a protocol get.
pub(crate) fn of_realm(realm: &RealmView, protocol: Option<&str>) -> Vec<(String, bool)> {
    let fitting: Vec<&str> = of_protocol(realm, protocol).filter_map(|s| s.id.as_deref()).collect();
    realm.new_client_scopes.iter().filter(|(id, _)| fitting.contains(&id.as_str())).cloned().collect()
}

fn of_protocol<'r>(
    realm: &'r RealmView,
    protocol: Option<&str>,
) -> impl Iterator<Item = &'r cloakroom_api::admin::client_scopes::ClientScope> {
    let protocol = protocol.unwrap_or(OPENID_CONNECT).to_owned();
    realm.scopes.iter().filter(move |s| s.protocol.as_deref() == Some(protocol.as_str()))
}

/// What is stored of a new client. Naming the protocol brings more defaults than leaving it out.
fn new(app: &App, mut given: Client, now: i64) -> Result<Client> {
    if let Some(only) = given.direct_grants_only.take() {
        given.standard_flow_enabled.get_or_insert(!only);
        given.direct_access_grants_enabled.get_or_insert(only);
    }
    // Keycloak makes a secret before it finds a client public for want of a word, and notes when
    let secret_time = given.public_client != Some(true) && given.secret.is_none();
    let named_protocol = given.protocol.clone();
    let attributes = given.attributes.take().unwrap_or_default();
    let mut kept: StringMap = attributes.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    kept.remove(REALM_CLIENT);
    if secret_time && !kept.contains_key(SECRET_TIME) {
        kept.insert(SECRET_TIME, (now / 1000).to_string());
    }
    given.attributes = Some(kept);
    drop_blank(&mut given.redirect_uris);
    match named_protocol.as_deref() {
        Some(OPENID_CONNECT) => openid_connect(&mut given),
        Some(SAML) => saml(app, &mut given, now)?,
        _ => {}
    }
    with_defaults(&mut given);
    if secret_time && given.public_client != Some(true) {
        given.secret = Some(app.random.alphanumeric(SECRET).into());
    }
    let taken = || conflict(format!("Client {} already exists", given.client_id.as_deref().unwrap_or_default()));
    given.protocol_mappers = Some(mappers::of_new_owner(app, given.protocol_mappers.take(), taken)?);
    if given.authorization_services_enabled != Some(true) {
        given.authorization_settings = None;
    }
    (given.default_client_scopes, given.optional_client_scopes, given.default_roles) = (None, None, None);
    (given.client_template, given.registration_access_token, given.origin) = (None, None, None);
    (given.use_template_config, given.use_template_scope, given.use_template_mappers) = (None, None, None);
    let overrides = given.authentication_flow_binding_overrides.take().unwrap_or_default();
    given.authentication_flow_binding_overrides =
        Some(overrides.into_iter().filter(|(_, flow)| !flow.is_empty()).collect());
    Ok(given)
}

/// Sets of URIs have no blank entries and none twice.
pub(crate) fn drop_blank(list: &mut Option<Vec<String>>) {
    if let Some(list) = list {
        list.retain(|uri| !uri.trim().is_empty());
        list.sort();
        list.dedup();
    }
}

/// What a client of OpenID Connect gets when it says that it is one.
fn openid_connect(client: &mut Client) {
    client.public_client.get_or_insert(true);
    client.direct_access_grants_enabled.get_or_insert(true);
    let attributes = client.attributes.get_or_insert_default();
    attributes.insert("backchannel.logout.session.required", "true");
    attributes.insert("backchannel.logout.revoke.offline.tokens", "false");
    let Some(root) = client.root_url.clone().filter(|root| !root.is_empty()) else { return };
    if client.redirect_uris.as_ref().is_none_or(Vec::is_empty) {
        client.redirect_uris = Some(vec![format!("{}/*", root.trim_end_matches('/'))]);
        client.web_origins = Some(origin(&root).into_iter().collect());
    }
    client.admin_url.get_or_insert(root);
}

/// What a SAML client gets, with a key pair of its own where it signs.
fn saml(app: &App, client: &mut Client, now: i64) -> Result<()> {
    client.frontchannel_logout.get_or_insert(true);
    let client_id = client.client_id.clone().unwrap_or_default();
    let attributes = client.attributes.get_or_insert_default();
    let artifact = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, client_id.as_bytes());
    let usual = [
        ("saml.allow.ecp.flow", "false"),
        ("saml.artifact.binding.identifier", &BASE64.encode(artifact.as_ref())),
        ("saml.authnstatement", "true"),
        ("saml.client.signature", "true"),
        ("saml.force.post.binding", "true"),
        ("saml.server.signature", "true"),
        ("saml.signature.algorithm", "RSA_SHA256"),
        ("saml_force_name_id_format", "false"),
        ("saml_name_id_format", "username"),
        ("saml_signature_canonicalization_method", "http://www.w3.org/2001/10/xml-exc-c14n#"),
    ];
    for (name, value) in usual {
        if !attributes.contains_key(name) {
            attributes.insert(name, value);
        }
    }
    let signs = attributes.get("saml.client.signature") == Some("true");
    if signs && !attributes.contains_key("saml.signing.certificate") {
        let pair = app.key_maker.pair(KeySpec::Rsa2048)?;
        attributes.insert("saml.signing.private.key", pair.to_base64()?.to_string());
        attributes.insert("saml.signing.certificate", generate::certificate(app, &pair, &client_id, now)?);
    }
    Ok(())
}

/// The client of this id, locked until the transaction ends.
pub(crate) fn locked(cx: &mut Cx, id: &str) -> Result<Client> {
    let client = access::manage(cx, id)?;
    let realm = cx.admin()?.realm.id.clone();
    let locked = clients::lock(cx.write()?, &realm, &client.id)?;
    locked.ok_or_else(|| error::not_found("Could not find client"))
}
