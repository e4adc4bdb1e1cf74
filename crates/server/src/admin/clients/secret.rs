//! A client's secret, and its registration access token.

use super::{
    access,
    create::{SECRET_TIME, locked},
};
use crate::{
    Result, caches::Touched, cx::Cx, error::not_found, keys, realm::new_client::SECRET, route::Routes,
    token::claims::Claims,
};
use cloakroom_api::{
    admin::{
        clients::{
            Client, delete_rotated_secret, regenerate_registration_access_token, regenerate_secret, rotated_secret,
            secret,
        },
        credentials::Credential,
    },
    fields::Secret,
};
use cloakroom_jose::Algorithm;
use cloakroom_store::clients;

/// The attributes of a secret that was replaced and is accepted still.
const ROTATED: &str = "client.secret.rotated";
const OF_ROTATED: [&str; 3] = [ROTATED, "client.secret.rotated.creation.time", "client.secret.rotated.expiration.time"];

pub(crate) fn routes() -> Routes {
    Routes::new().at(get).at(regenerate).at(rotated).at(delete_rotated).at(registration_access_token)
}

fn credential(value: Option<Secret>) -> Credential {
    Credential { r#type: Some("secret".to_owned()), value, ..Credential::default() }
}

fn get(cx: &mut Cx, req: secret::Request) -> Result<Credential> {
    Ok(credential(access::view(cx, &req.id)?.settings.secret.clone()))
}

fn regenerate(cx: &mut Cx, req: regenerate_secret::Request) -> Result<Credential> {
    let mut client = locked(cx, &req.id)?;
    let secret = Secret::from(cx.app.random.alphanumeric(SECRET));
    client.secret = Some(secret.clone());
    client.attributes.get_or_insert_default().insert(SECRET_TIME, cx.now_seconds().to_string());
    store(cx, &client)?;
    Ok(credential(Some(secret)))
}

fn rotated(cx: &mut Cx, req: rotated_secret::Request) -> Result<Credential> {
    let client = access::view(cx, &req.id)?;
    let secret = client.attribute(ROTATED).ok_or_else(|| not_found("Client does not have a rotated secret"))?;
    Ok(credential(Some(secret.into())))
}

fn delete_rotated(cx: &mut Cx, req: delete_rotated_secret::Request) -> Result<()> {
    let mut client = locked(cx, &req.id)?;
    let attributes = client.attributes.get_or_insert_default();
    for name in OF_ROTATED {
        attributes.remove(name);
    }
    store(cx, &client)
}

/// The token's id is kept with the client: a newer token has another, so the old one no longer counts.
fn registration_access_token(cx: &mut Cx, req: regenerate_registration_access_token::Request) -> Result<Client> {
    let realm = cx.admin()?.realm.clone();
    let mut client = locked(cx, &req.id)?;
    let (id, issuer) = (cx.new_id(), realm.issuer(&cx.base));
    let mut claims = Claims::new();
    claims.set("iat", cx.now_seconds());
    claims.set("jti", id.as_str());
    claims.set("iss", issuer.as_str());
    claims.set("aud", issuer);
    claims.set("typ", "RegistrationAccessToken");
    claims.set("registration_auth", "authenticated");
    let token = keys::signing(cx, &realm, Algorithm::HS512)?.sign(&claims.into_map())?;
    client.registration_access_token = Some(id.into());
    store(cx, &client)?;
    let scopes = clients::scopes(cx.read()?, &req.id)?;
    let shown = access::represent(&realm, client, &scopes);
    Ok(Client { registration_access_token: Some(token.into()), ..shown })
}

/// Writes a client whose `clientId` has not changed.
pub(crate) fn store(cx: &mut Cx, client: &Client) -> Result<()> {
    let realm = cx.admin()?.realm.id.clone();
    clients::update(cx.write()?, &realm, client)?;
    cx.touched(Touched::Client { realm, id: client.id.clone().unwrap_or_default() });
    Ok(())
}
