//! What a client's attributes say about its tokens, parsed once.

use cloakroom_api::admin::clients::Client;
use cloakroom_jose::Algorithm;

/// Lifespans in seconds, algorithms, and switches. `None` leaves it to the realm.
#[derive(Debug, Clone, Default)]
pub struct TokenSettings {
    /// Of access tokens; -1 is as long as the session may last.
    pub access_lifespan: Option<i64>,
    /// How long a client's part of a session may go unused.
    pub session_idle: Option<i64>,
    /// How long it may last.
    pub session_max: Option<i64>,
    /// As `session_idle`, for offline sessions.
    pub offline_idle: Option<i64>,
    /// As `session_max`, for offline sessions.
    pub offline_max: Option<i64>,
    /// What access tokens are signed with.
    pub access_algorithm: Option<Algorithm>,
    /// What ID tokens are signed with.
    pub id_algorithm: Option<Algorithm>,
    /// Whether userinfo is answered as a JWT, and what it is signed with.
    pub userinfo_algorithm: Option<Algorithm>,
    /// Whether access tokens hold only what they must.
    pub lightweight: bool,
    /// Whether the client gets refresh tokens.
    pub refresh_tokens: bool,
    /// Whether the client gets refresh tokens for its service account.
    pub refresh_tokens_for_service_account: bool,
    /// Whether introspection may be answered with a JWT.
    pub introspection_jwt: bool,
    /// The only algorithm for the client's assertions.
    pub assertion_algorithm: Option<String>,
}

impl TokenSettings {
    /// Parses a client's attributes. What cannot be parsed is as if it were not there.
    pub fn of(client: &Client) -> Self {
        let text = |name: &str| client.attributes.as_ref()?.get(name).filter(|v| !v.is_empty());
        let flag = |name: &str| text(name) == Some("true");
        let algorithm = |name: &str| text(name).and_then(|v| v.parse().ok());
        let seconds = |name: &str| text(name).and_then(|v| v.trim().parse::<i64>().ok());
        let lifespan = |name: &str| seconds(name).filter(|s| *s > 0);
        TokenSettings {
            access_lifespan: seconds("access.token.lifespan").filter(|s| *s > 0 || *s == -1),
            session_idle: lifespan("client.session.idle.timeout"),
            session_max: lifespan("client.session.max.lifespan"),
            offline_idle: lifespan("client.offline.session.idle.timeout"),
            offline_max: lifespan("client.offline.session.max.lifespan"),
            access_algorithm: algorithm("access.token.signed.response.alg"),
            id_algorithm: algorithm("id.token.signed.response.alg"),
            userinfo_algorithm: algorithm("user.info.response.signature.alg"),
            lightweight: flag("client.use.lightweight.access.token.enabled"),
            refresh_tokens: text("use.refresh.tokens") != Some("false"),
            refresh_tokens_for_service_account: flag("client_credentials.use_refresh_token"),
            introspection_jwt: flag("client.introspection.response.allow.jwt.claim.enabled"),
            assertion_algorithm: text("token.endpoint.auth.signing.alg").filter(|v| *v != "any").map(str::to_owned),
        }
    }
}
