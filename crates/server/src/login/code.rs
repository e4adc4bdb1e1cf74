//! The authorization code: made by a login, redeemed once at the token endpoint (RFC 6749 section 4.1).

use cloakroom_store::{Db, Result, single_use};
use serde::{Deserialize, Serialize};

/// What a code stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Code {
    /// The user session; it ends, and the code with it, at logout.
    pub(crate) session: String,
    /// The client's id (not `clientId`).
    pub(crate) client: String,
    /// Where the code was sent, if the request named it: then the token request has to name the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    /// How well the person was authenticated, `acr` in tokens: 0 by cookie, 1 by password.
    pub(crate) acr: String,
    /// RFC 7636.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code_challenge: Option<String>,
    /// `S256` or `plain`; absent with a challenge: `plain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code_challenge_method: Option<String>,
    /// The thumbprint of the key that tokens are to be bound to (RFC 9449 section 10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dpop_jkt: Option<String>,
}

const KIND: &str = "code";

impl Code {
    /// Keeps the code until `expires` (milliseconds). The text has Keycloak's form: a random part, session and client.
    pub(crate) fn put(&self, db: &mut Db, realm: &str, random: &str, expires: i64) -> Result<String> {
        single_use::put(db, KIND, realm, random, expires, self)?;
        Ok(format!("{random}.{}.{}", self.session, self.client))
    }

    /// Takes the code that this text names. None where there is none (any more), or its parts do not belong together.
    pub(crate) fn take(db: &mut Db, realm: &str, text: &str, now: i64) -> Result<Option<Code>> {
        let Some((random, session, client)) = parts(text) else { return Ok(None) };
        let code = single_use::take::<Code>(db, KIND, realm, random, now)?;
        Ok(code.filter(|code| code.session == session && code.client == client))
    }
}

/// The session and client that a code's text names: what to revoke when it is used again.
pub(crate) fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (random, rest) = text.split_once('.')?;
    let (session, client) = rest.split_once('.')?;
    Some((random, session, client))
}
