//! Making tokens: from a [`Context`], times and ids to what the token endpoint answers. Pure but for the signatures.

use super::{
    claims::Claims,
    context::Context,
    mappers::{NONCE, Place},
    sessions::Expiry,
};
use crate::{Result, cx::Cx, keys, realm_view::RealmView};
use cloakroom_api::{fields::Secret, oidc::token::TokenAnswer};
use cloakroom_jose::{Algorithm, half_hash};
use serde_json::{Map, Value, json};

/// What kind of session tokens belong to; two letters of their `jti`, as Keycloak writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session that ends at logout.
    Online,
    /// A session that outlives logout.
    Offline,
    /// None: a service account.
    Transient,
}

impl Kind {
    fn letters(self) -> &'static str {
        match self {
            Self::Online => "on",
            Self::Offline => "of",
            Self::Transient => "tr",
        }
    }
}

/// What is to be made, besides the access token.
#[derive(Debug, Clone)]
pub struct Order {
    /// Now, in seconds.
    pub now: i64,
    /// The kind of session.
    pub kind: Kind,
    /// Two letters for the grant, for the `jti`.
    pub grant: &'static str,
    /// When the tokens are over.
    pub expiry: Expiry,
    /// Ids for the access and the ID token.
    pub ids: [String; 2],
    /// Whether there shall be an ID token.
    pub id_token: bool,
    /// The refresh token.
    pub refresh: Option<RefreshOrder>,
}

/// The refresh token that is to be made.
#[derive(Debug, Clone)]
pub struct RefreshOrder {
    /// Its `jti`.
    pub id: String,
    /// The scopes of the grant, hidden ones too; a narrower request for access tokens does not change them.
    pub scope: String,
    /// With rotation: the login that it comes from.
    pub login: Option<String>,
}

/// The second word of an access token's `jti` prefix where it is a lightweight one.
const LIGHTWEIGHT: &str = "lt";

/// Whether an access token is a lightweight one, by its `jti`.
pub fn is_lightweight(jti: &str) -> bool {
    jti.split_once(':').is_some_and(|(prefix, _)| prefix.get(2..4) == Some(LIGHTWEIGHT))
}

/// The algorithm of tokens, unless the client has one of its own.
pub fn default_algorithm(realm: &RealmView) -> Algorithm {
    let named = realm.settings.default_signature_algorithm.as_deref();
    named.and_then(|name| name.parse().ok()).unwrap_or(Algorithm::RS256)
}

/// The claims of an access token.
pub fn access_claims(context: &Context<'_>, order: &Order) -> Claims {
    let lightweight = context.client.tokens.lightweight;
    let (word, place) = if lightweight { (LIGHTWEIGHT, Place::Lightweight) } else { ("rt", Place::Access) };
    let mut claims = Claims::new();
    claims.set("exp", order.expiry.access);
    claims.set("iat", order.now);
    claims.set("jti", format!("{}{word}{}:{}", order.kind.letters(), order.grant, order.ids[0]));
    claims.set("iss", context.issuer.as_str());
    claims.set("typ", "Bearer");
    claims.set("azp", context.client.client_id.as_str());
    claims.set_some("sid", context.session.id.as_deref());
    context.add_claims(place, &mut claims);
    claims.set("scope", context.scopes.shown());
    claims
}

/// The claims of an ID token. `at_hash` comes from the signed access token, where one goes with it.
pub fn id_claims(context: &Context<'_>, order: &Order, at_hash: Option<String>) -> Claims {
    let mut claims = Claims::new();
    claims.set("exp", order.expiry.access);
    claims.set("iat", order.now);
    claims.set("jti", order.ids[1].as_str());
    claims.set("iss", context.issuer.as_str());
    claims.add_audience(&context.client.client_id);
    claims.set("sub", context.subject.user.id.as_str());
    claims.set("typ", "ID");
    claims.set("azp", context.client.client_id.as_str());
    claims.set_some("nonce", context.session.client_notes.get(NONCE).cloned());
    claims.set_some("sid", context.session.id.as_deref());
    claims.set_some("at_hash", at_hash);
    context.add_claims(Place::Id, &mut claims);
    claims
}

fn refresh_claims(
    context: &Context<'_>,
    order: &Order,
    refresh: &RefreshOrder,
    audience: &[String],
) -> Map<String, Value> {
    let mut claims = Claims::new();
    claims.set_some("exp", order.expiry.refresh);
    claims.set("iat", order.now);
    claims.set("jti", refresh.id.as_str());
    claims.set("iss", context.issuer.as_str());
    claims.set("aud", context.issuer.as_str());
    claims.set("sub", context.subject.user.id.as_str());
    claims.set("typ", if order.kind == Kind::Offline { "Offline" } else { "Refresh" });
    claims.set("azp", context.client.client_id.as_str());
    claims.set_some("sid", context.session.id.as_deref());
    claims.set("scope", refresh.scope.as_str());
    claims.set_some("reuse_id", refresh.login.as_deref());
    claims.set("prov", "default");
    match audience {
        [] => {}
        [one] => claims.set("aud_x", one.as_str()),
        many => claims.set("aud_x", json!(many)),
    }
    claims.into_map()
}

/// Makes and signs what is ordered.
pub fn tokens(cx: &mut Cx, context: &Context<'_>, order: &Order) -> Result<TokenAnswer> {
    let (realm, client) = (context.realm, context.client);
    let usual = default_algorithm(realm);
    let claims = access_claims(context, order);
    let audience = claims.audience().to_vec();
    let access = keys::signing(cx, realm, client.tokens.access_algorithm.unwrap_or(usual))?.sign(&claims.into_map())?;
    let id_token = match order.id_token {
        false => None,
        true => {
            let key = keys::signing(cx, realm, client.tokens.id_algorithm.unwrap_or(usual))?;
            let at_hash = half_hash(key.algorithm(), &access);
            Some(key.sign(&id_claims(context, order, Some(at_hash)).into_map())?)
        }
    };
    let refresh = match &order.refresh {
        None => None,
        Some(refresh) => {
            let claims = refresh_claims(context, order, refresh, &audience);
            Some(keys::signing(cx, realm, Algorithm::HS512)?.sign(&claims)?)
        }
    };
    let left = |at: i64| (at - order.now).max(0);
    let refresh_left = order.expiry.refresh.filter(|_| refresh.is_some()).map_or(0, left);
    Ok(TokenAnswer {
        access_token: Some(Secret::from(access)),
        expires_in: Some(left(order.expiry.access)),
        refresh_expires_in: Some(refresh_left),
        refresh_token: refresh.map(Secret::from),
        token_type: Some("Bearer".to_owned()),
        id_token: id_token.map(Secret::from),
        not_before_policy: Some(not_before(context)),
        session_state: context.session.id.clone(),
        scope: Some(context.scopes.shown()),
        ..TokenAnswer::default()
    })
}

/// Tokens issued before this second are refused, as realm, client and user want it.
fn not_before(context: &Context<'_>) -> i64 {
    let of_realm = i64::from(context.realm.settings.not_before.unwrap_or(0));
    let of_client = i64::from(context.client.settings.not_before.unwrap_or(0));
    of_realm.max(of_client).max(context.subject.user.not_before)
}
