//! `private_key_jwt` and `client_secret_jwt`: an assertion that the client signed, good once (RFC 7523).

use super::{PRIVATE_KEY_JWT, Refused, SECRET_JWT, method, unknown};
use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    outgoing::jwks,
    realm_view::{ClientView, RealmView},
};
use aws_lc_rs::digest;
use cloakroom_api::endpoint::Form;
use cloakroom_jose::{Claims, JwkSet, KeySet, Keys, PublicKey, Unverified, VerifyingKey};
use cloakroom_store::single_use;
use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use std::sync::Arc;

/// The only kind of assertion.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How old an assertion may be, and how far ahead one without `iat` may end, in seconds.
const LIFESPAN: i64 = 60;

/// How much the client's clock may be off, in seconds.
const LEEWAY: i64 = 15;

const KIND: &str = "client-assertion";

fn invalid(words: impl Into<String>) -> Error {
    oauth(StatusCode::BAD_REQUEST, "invalid_client", words)
}

/// Checks the assertion of a request and uses it up.
pub(super) fn check(
    cx: &mut Cx,
    realm: &RealmView,
    named: Option<&Arc<ClientView>>,
    form: &Form,
) -> Result<Arc<ClientView>, Refused> {
    // without `client_id` nothing is known of the client until the assertion says who it is
    let wrong = |words: String| if named.is_some() { invalid(words) } else { unknown() };
    match form.get("client_assertion_type") {
        None => return Err(wrong("Parameter client_assertion_type is missing".to_owned()).into()),
        Some(JWT_BEARER) => {}
        Some(other) => {
            let words = format!("Parameter client_assertion_type has value '{other}' but expected is '{JWT_BEARER}'");
            return Err(wrong(words).into());
        }
    }
    let Some(text) = form.get("client_assertion") else {
        return Err(wrong("client_assertion parameter is missing".to_owned()).into());
    };
    let claims = claims(text).ok_or_else(unknown)?;
    let id = claims.sub.as_deref().filter(|sub| claims.iss.as_deref() == Some(*sub)).ok_or_else(unknown)?;
    let found = cx.find_client(realm, id)?.filter(|client| client.settings.enabled != Some(false));
    let same = |client: &Arc<ClientView>| named.is_none_or(|named| named.id == client.id);
    let client = found.filter(same).ok_or_else(unknown)?;
    let refused = |error: Error| Refused { client: Some(client.clone()), by_secret: false, error };
    match method(&client) {
        SECRET_JWT => by_secret(&client, text),
        PRIVATE_KEY_JWT => by_key(cx, &client, text),
        _ => Err(unknown()),
    }
    .and_then(|()| check_claims(cx, realm, &claims))
    .map_err(refused)?;
    use_up(cx, realm, &client, &claims).map_err(refused)?;
    Ok(client)
}

/// What the assertion says. Not verified; its signature is checked with the keys of the client that it names.
fn claims(text: &str) -> Option<Claims> {
    let payload = text.split('.').nth(1).filter(|_| text.len() <= cloakroom_jose::MAX_TOKEN)?;
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?).ok()
}

fn parse<'t>(client: &ClientView, text: &'t str) -> Result<Unverified<'t>> {
    let wrong_algorithm = || invalid("Invalid signature algorithm");
    let parsed = Unverified::parse(text).map_err(|_| wrong_algorithm())?;
    let only = client.tokens.assertion_algorithm.as_deref();
    if only.is_some_and(|only| only != parsed.header().alg.name()) {
        return Err(wrong_algorithm());
    }
    Ok(parsed)
}

fn by_secret(client: &ClientView, text: &str) -> Result<()> {
    let parsed = parse(client, text)?;
    let alg = parsed.header().alg;
    let failed = |gap: &str| {
        let words =
            "Client authentication with client secret signed JWT failed: Signature on JWT token by client secret";
        oauth(StatusCode::BAD_REQUEST, "unauthorized_client", format!("{words}{gap}failed validation"))
    };
    let secret = client.settings.secret.as_ref().filter(|secret| !secret.is_empty());
    let Some(secret) = secret.filter(|_| alg.is_symmetric()) else { return Err(failed(" ")) };
    let key = VerifyingKey::from_secret(alg, secret.expose().as_bytes())?;
    parsed.verify(&key).map(drop).map_err(|_| failed("  "))
}

fn by_key(cx: &mut Cx, client: &ClientView, text: &str) -> Result<()> {
    let parsed = parse(client, text)?;
    let keys = keys(cx, client, &parsed)?;
    let header = parsed.header();
    let named = header.kid.as_deref().is_some_and(|kid| keys.has_kid(kid));
    if !named && keys.candidates(header).next().is_none() {
        return Err(invalid("Unable to load public key"));
    }
    let failed = "Client authentication with signed JWT failed: Signature on JWT token failed validation";
    parsed.verify(&keys).map(drop).map_err(|_| invalid(failed))
}

/// The client's public keys: from its own address, from its settings, or of its certificate.
fn keys(cx: &mut Cx, client: &ClientView, assertion: &Unverified<'_>) -> Result<KeySet> {
    let on = |name: &str| client.attribute(name) == Some("true");
    if on("use.jwks.url") {
        let url = client.attribute("jwks.url").unwrap_or_default();
        return jwks::at(cx, url, assertion.header())
            .map_err(|cause| invalid("Unable to load public key").because(cause));
    }
    if on("use.jwks.string") {
        let set = serde_json::from_str::<JwkSet>(client.attribute("jwks.string").unwrap_or_default());
        return Ok(set.map(|set| KeySet::from_jwks(&set)).unwrap_or_default());
    }
    let alg = assertion.header().alg;
    let of_certificate = client.attribute("jwt.credential.certificate").and_then(certified);
    let plain = || PublicKey::from_pem(client.attribute("jwt.credential.public.key")?).ok();
    let key = of_certificate.or_else(plain).and_then(|key| VerifyingKey::new(alg, &key).ok());
    // a certificate is the client's only key, whatever its tokens call it
    let kid = assertion.header().kid.clone();
    Ok(key.map(|key| kid.into_iter().fold(key, VerifyingKey::with_kid)).into_iter().collect())
}

/// The key of a certificate in base64 of DER, as Keycloak keeps it, or in PEM.
fn certified(text: &str) -> Option<PublicKey> {
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).flat_map(str::split_whitespace).collect();
    let der = data_encoding::BASE64.decode(body.as_bytes()).ok()?;
    let (_, certificate) = x509_parser::parse_x509_certificate(&der).ok()?;
    PublicKey::from_der(certificate.public_key().raw).ok()
}

fn check_claims(cx: &Cx, realm: &RealmView, claims: &Claims) -> Result<()> {
    let issuer = realm.issuer(&cx.base);
    let endpoint = |path: &str| format!("{issuer}/protocol/openid-connect/{path}");
    let ours = [
        issuer.clone(),
        endpoint("token"),
        endpoint("token/introspect"),
        endpoint("revoke"),
        endpoint("ext/par/request"),
        endpoint("ext/ciba/auth"),
    ];
    match claims.aud.as_slice() {
        [one] if ours.contains(one) => {}
        [_, _, ..] => return Err(invalid("Multiple audiences not allowed")),
        _ => return Err(invalid("Invalid token audience")),
    }
    let now = cx.now_seconds();
    let exp = claims.exp.ok_or_else(|| invalid("Token exp claim is required"))?;
    if exp <= now - LEEWAY || claims.nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
        return Err(invalid("Token is not active"));
    }
    match claims.iat {
        Some(iat) if iat > now + LEEWAY => Err(invalid("Token was issued in the future")),
        Some(iat) if iat < now - LIFESPAN - LEEWAY => {
            Err(invalid("Token was issued too far in the past to be used now"))
        }
        None if exp > now + LIFESPAN + LEEWAY => {
            Err(invalid("Token expiration is too far in the future and iat claim not present in token"))
        }
        _ => Ok(()),
    }
}

/// Notes that the assertion was used. Committed at once: it is used up whatever the request comes to.
fn use_up(cx: &mut Cx, realm: &RealmView, client: &ClientView, claims: &Claims) -> Result<()> {
    let jti = claims.jti.as_deref().filter(|jti| !jti.is_empty());
    let jti = jti.ok_or_else(|| invalid("Token jti claim is required"))?;
    let hash = digest::digest(&digest::SHA256, format!("{}\n{jti}", client.id).as_bytes());
    let key = BASE64URL_NOPAD.encode(hash.as_ref());
    // no assertion is accepted longer than this after it is seen first
    let expires = cx.now() + (LIFESPAN + 3 * LEEWAY) * 2000;
    let fresh = single_use::put(cx.write()?, KIND, &realm.id, &key, expires, &())?;
    cx.commit()?;
    if fresh { Ok(()) } else { Err(invalid("Token reuse detected")) }
}
