//! What a realm can do as an OpenID provider, and where (OpenID Connect Discovery 1.0, RFC 8414).

use super::{cors, cors::Exposed};
use crate::{Result, cx::Cx, realm_view::RealmView, route::Routes};
use cloakroom_api::{
    endpoint::Endpoint,
    oidc::discovery::{Discovery, EndpointAliases, oauth, oauth_at_root, openid},
};
use cloakroom_jose::Algorithm;
use http::Method;
use std::collections::BTreeMap;

/// The discovery documents.
pub fn routes() -> Routes {
    let preflight = |cx: &mut Cx, _: Vec<String>, _: &[u8]| Ok(cors::preflight(&cx.parts.headers, "GET"));
    Routes::new()
        .at(|cx, request: openid::Request| answer(cx, &request.realm))
        .page(Method::OPTIONS, openid::Request::PATH, preflight)
        .page(Method::OPTIONS, oauth::Request::PATH, preflight)
        .at(|cx, request: oauth::Request| answer(cx, &request.realm))
        .at(|cx, request: oauth_at_root::Request| answer(cx, &request.realm))
}

fn answer(cx: &mut Cx, realm: &str) -> Result<Discovery> {
    let realm = cx.realm(realm)?;
    cors::any(cx, Exposed::Nothing);
    Ok(document(&realm, &cx.base))
}

fn list(words: &[&str]) -> Option<Vec<String>> {
    Some(words.iter().map(|word| (*word).to_owned()).collect())
}

fn signatures(keep: impl Fn(Algorithm) -> bool, more: &[&'static str]) -> Option<Vec<String>> {
    let names = Algorithm::ALL.into_iter().filter(|a| keep(*a)).map(Algorithm::name);
    Some(names.chain(more.iter().copied()).map(str::to_owned).collect())
}

const KEY_MANAGEMENT: [&str; 7] =
    ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "RSA-OAEP", "RSA-OAEP-256", "RSA1_5"];

const ENCRYPTION: [&str; 6] = ["A256GCM", "A192GCM", "A128GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];

const CLIENT_AUTHENTICATION: [&str; 5] =
    ["private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"];

const CLAIMS: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "email",
    "acr",
    "azp",
    "nonce",
];

const GRANTS: [&str; 10] = [
    "authorization_code",
    "client_credentials",
    "implicit",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:uma-ticket",
    "urn:openid:params:grant-type:ciba",
];

const RESPONSE_TYPES: [&str; 8] =
    ["code", "none", "id_token", "token", "id_token token", "code id_token", "code token", "code id_token token"];

const RESPONSE_MODES: [&str; 7] =
    ["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt"];

/// The levels of authentication that may be asked for: plain numbers, and the realm's own names.
fn acr_values(realm: &RealmView) -> Option<Vec<String>> {
    let map = realm.settings.attributes.as_ref().and_then(|a| a.get("acr.loa.map")).unwrap_or("{}");
    let named: BTreeMap<String, serde_json::Value> = serde_json::from_str(map).unwrap_or_default();
    Some(named.into_keys().chain(["0".to_owned(), "1".to_owned()]).collect())
}

fn scopes(realm: &RealmView) -> Option<Vec<String>> {
    let names = realm.token_scopes.iter().filter(|scope| scope.openid_connect).map(|scope| scope.name.clone());
    Some(["openid".to_owned()].into_iter().chain(names).collect())
}

fn document(realm: &RealmView, base: &str) -> Discovery {
    let issuer = realm.issuer(base);
    let at = |path: &str| Some(format!("{issuer}/protocol/openid-connect/{path}"));
    let all = || signatures(|_| true, &[]);
    let asymmetric = || signatures(|a| !a.is_symmetric(), &[]);
    Discovery {
        authorization_endpoint: at("auth"),
        token_endpoint: at("token"),
        introspection_endpoint: at("token/introspect"),
        userinfo_endpoint: at("userinfo"),
        end_session_endpoint: at("logout"),
        jwks_uri: at("certs"),
        check_session_iframe: at("login-status-iframe.html"),
        registration_endpoint: Some(format!("{issuer}/clients-registrations/openid-connect")),
        revocation_endpoint: at("revoke"),
        device_authorization_endpoint: at("auth/device"),
        backchannel_authentication_endpoint: at("ext/ciba/auth"),
        pushed_authorization_request_endpoint: at("ext/par/request"),
        mtls_endpoint_aliases: Some(EndpointAliases {
            backchannel_authentication_endpoint: at("ext/ciba/auth"),
            device_authorization_endpoint: at("auth/device"),
            introspection_endpoint: at("token/introspect"),
            pushed_authorization_request_endpoint: at("ext/par/request"),
            registration_endpoint: Some(format!("{issuer}/clients-registrations/openid-connect")),
            revocation_endpoint: at("revoke"),
            token_endpoint: at("token"),
            userinfo_endpoint: at("userinfo"),
        }),
        acr_values_supported: acr_values(realm),
        authorization_encryption_alg_values_supported: list(&KEY_MANAGEMENT),
        authorization_encryption_enc_values_supported: list(&ENCRYPTION),
        authorization_response_iss_parameter_supported: Some(true),
        authorization_signing_alg_values_supported: all(),
        backchannel_authentication_request_signing_alg_values_supported: asymmetric(),
        backchannel_logout_session_supported: Some(true),
        backchannel_logout_supported: Some(true),
        backchannel_token_delivery_modes_supported: list(&["poll", "ping"]),
        claim_types_supported: list(&["normal"]),
        claims_parameter_supported: Some(true),
        claims_supported: list(&CLAIMS),
        code_challenge_methods_supported: list(&["plain", "S256"]),
        dpop_signing_alg_values_supported: asymmetric(),
        frontchannel_logout_session_supported: Some(true),
        frontchannel_logout_supported: Some(true),
        grant_types_supported: list(&GRANTS),
        id_token_encryption_alg_values_supported: list(&KEY_MANAGEMENT),
        id_token_encryption_enc_values_supported: list(&ENCRYPTION),
        id_token_signing_alg_values_supported: all(),
        introspection_endpoint_auth_methods_supported: list(&CLIENT_AUTHENTICATION),
        introspection_endpoint_auth_signing_alg_values_supported: all(),
        prompt_values_supported: list(&["none", "login", "consent"]),
        request_object_encryption_alg_values_supported: list(&KEY_MANAGEMENT),
        request_object_encryption_enc_values_supported: list(&ENCRYPTION),
        request_object_signing_alg_values_supported: signatures(|_| true, &["none"]),
        request_parameter_supported: Some(true),
        request_uri_parameter_supported: Some(true),
        require_pushed_authorization_requests: Some(false),
        require_request_uri_registration: Some(true),
        response_modes_supported: list(&RESPONSE_MODES),
        response_types_supported: list(&RESPONSE_TYPES),
        revocation_endpoint_auth_methods_supported: list(&CLIENT_AUTHENTICATION),
        revocation_endpoint_auth_signing_alg_values_supported: all(),
        scopes_supported: scopes(realm),
        subject_types_supported: list(&["public", "pairwise"]),
        tls_client_certificate_bound_access_tokens: Some(true),
        token_endpoint_auth_methods_supported: list(&CLIENT_AUTHENTICATION),
        token_endpoint_auth_signing_alg_values_supported: all(),
        userinfo_encryption_alg_values_supported: list(&KEY_MANAGEMENT),
        userinfo_encryption_enc_values_supported: list(&ENCRYPTION),
        userinfo_signing_alg_values_supported: signatures(|_| true, &["none"]),
        issuer: Some(issuer),
    }
}
