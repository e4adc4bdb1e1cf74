//! Sessions that are kept between commands, of any number of servers and realms: a file that only its owner can read.
//!
//! The file has the form of kcadm's own `kcadm.config`, so that there is one reader and one writer for both.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use cloakroom::oidc::{TokenAnswer, TokenRequest};
use cloakroom::{ClientAuth, Error, Secret, blocking};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client_key::ClientKey;
use crate::clock::now;
use crate::connect::auth;
use crate::failure::{Failure, Result};
use crate::private_file;

/// How long before its end a token is not used any more, in milliseconds.
const MARGIN: u64 = 5_000;

/// The file: which session is the current one, and all there are.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Sessions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) server_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) realm: Option<String>,
    /// The certificates that servers are trusted by: PEM or PKCS12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) truststore: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trustpass: Option<Secret>,
    /// By server, then by realm.
    pub(crate) endpoints: BTreeMap<String, BTreeMap<String, Session>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// One session. Times are milliseconds since 1970.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Session {
    #[serde(skip)]
    pub(crate) server: String,
    /// The realm of the login.
    #[serde(skip)]
    pub(crate) realm: String,
    /// Where it is kept.
    #[serde(skip)]
    file: Option<PathBuf>,
    pub(crate) client_id: String,
    token: Secret,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<Secret>,
    /// A client assertion that is good until `sig_expires_at`, as kcadm keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_token: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<Secret>,
    /// The key that the client signs with: where it is, not the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_key: Option<ClientKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grant_type_for_authentication: Option<String>,
    pub(crate) expires_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_expires_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sig_expires_at: Option<u64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// How a session's client proves who it is.
#[derive(Debug, Clone, Default)]
pub(crate) enum Proof {
    #[default]
    None,
    Secret(Secret),
    Key(ClientKey),
    /// An assertion, and when it ends.
    Assertion(Secret, u64),
}

impl Session {
    pub(crate) fn new(server: &str, realm: &str, id: &str, proof: Proof, grant: &str, answer: &TokenAnswer) -> Self {
        let mut session = Session {
            server: server.trim_end_matches('/').to_owned(),
            realm: realm.to_owned(),
            client_id: id.to_owned(),
            grant_type_for_authentication: Some(grant.to_owned()),
            ..Session::default()
        };
        match proof {
            Proof::None => {}
            Proof::Secret(secret) => session.secret = Some(secret),
            Proof::Key(key) => session.client_key = Some(key),
            Proof::Assertion(token, until) => {
                session.signing_token = Some(token);
                session.sig_expires_at = Some(until);
            }
        }
        session.take(answer);
        session
    }

    fn take(&mut self, answer: &TokenAnswer) {
        let after =
            |seconds: i64| now().saturating_add(u64::try_from(seconds).unwrap_or_default().saturating_mul(1000));
        self.token = answer.access_token.clone().unwrap_or_default();
        self.expires_at = after(answer.expires_in.unwrap_or_default());
        self.refresh_token = answer.refresh_token.clone();
        // a lifetime of nothing is one without end, of an offline session; kcadm reads the time into a signed number
        let life = self.refresh_token.as_ref().map(|_| answer.refresh_expires_in.unwrap_or_default());
        self.refresh_expires_at = life.map(|life| if life == 0 { i64::MAX.unsigned_abs() } else { after(life) });
    }

    /// Whether the access token can still be used; if not, whether the session can get another.
    pub(crate) fn is_live(&self) -> bool {
        now() + MARGIN < self.expires_at
    }

    pub(crate) fn renews(&self) -> bool {
        let lasts = |end: Option<u64>| end.is_none_or(|end| now() + MARGIN < end);
        match &self.refresh_token {
            Some(_) => lasts(self.refresh_expires_at) && lasts(self.sig_expires_at),
            None => self.is_service() && lasts(self.sig_expires_at),
        }
    }

    /// A client's own session, which needs no refresh token.
    fn is_service(&self) -> bool {
        let proven = self.secret.is_some() || self.client_key.is_some() || self.signing_token.is_some();
        self.grant_type_for_authentication.as_deref() == Some("client_credentials") && proven
    }

    /// The token as it is, for a look at its claims.
    pub(crate) fn token(&self) -> &Secret {
        &self.token
    }

    /// The session's access token, renewed and kept if it is about to expire.
    pub(crate) fn access_token(mut self, kc: &blocking::Client) -> Result<Secret> {
        if self.is_live() {
            return Ok(self.token);
        }
        if !self.renews() {
            return Err(self.over());
        }
        let request = match &self.refresh_token {
            Some(refresh) => TokenRequest::refresh(refresh.clone()),
            None => TokenRequest::client_credentials(),
        };
        let app = kc.oidc(&self.realm, &self.client_id, self.auth()?);
        let answer = match app.token(request) {
            Err(e) if e.is_bad_request() || e.is_unauthorized() => return Err(self.over()),
            answer => answer?,
        };
        self.take(&answer);
        if let Err(e) = self.keep() {
            eprintln!("cloakroom: the renewed session is not kept: {e}");
        }
        Ok(self.token)
    }

    fn auth(&self) -> Result<ClientAuth> {
        if let Some(key) = &self.client_key {
            return key.auth();
        }
        if let Some(assertion) = self.signing_token.clone() {
            return Ok(ClientAuth::assertion_from(move || std::future::ready(Ok(assertion.clone()))));
        }
        Ok(auth(self.secret.as_ref().map(Secret::expose)))
    }

    fn over(&self) -> Failure {
        Failure::NotLoggedIn(format!("the session at {} is over: run `cloakroom login`", self.server))
    }

    /// Ends it at the server.
    pub(crate) fn end(&self, kc: &blocking::Client) -> Result<()> {
        let Some(refresh) = &self.refresh_token else { return Ok(()) };
        match kc.oidc(&self.realm, &self.client_id, self.auth()?).logout(refresh.expose()) {
            // it was over already
            Err(e) if e.is_bad_request() => Ok(()),
            ended => Ok(ended.map_err(|e: Error| Failure::from(e))?),
        }
    }

    /// Writes it where it came from, with what others have written there meanwhile.
    fn keep(&self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut sessions = Sessions::load(file)?;
        sessions.put(self.clone());
        sessions.save(file)
    }
}

impl Sessions {
    /// What the file holds; nothing where there is none.
    pub(crate) fn load(file: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(file) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.map_err(|e| unusable(file, &e))?,
        };
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let mut sessions: Self = serde_json::from_str(&text).map_err(|e| unusable(file, &e))?;
        for (server, realms) in &mut sessions.endpoints {
            for (realm, session) in realms {
                (session.server, session.realm) = (server.clone(), realm.clone());
                session.file = Some(file.to_owned());
            }
        }
        Ok(sessions)
    }

    /// Whole or not at all: a reader never sees half a file.
    pub(crate) fn save(&self, file: &Path) -> Result<()> {
        let cannot = |e| unwritable(file, &e);
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(cannot)?;
        }
        let text = serde_json::to_vec_pretty(self).map_err(|e| cannot(e.into()))?;
        private_file::write(file, cannot, |out| out.write_all(&text).map_err(cannot))
    }

    /// The session of a server and realm; where they are not named, those of the current one.
    pub(crate) fn find(&self, server: Option<&str>, realm: Option<&str>) -> Option<&Session> {
        let server = server.or(self.server_url.as_deref())?.trim_end_matches('/');
        let (_, realms) = self.endpoints.iter().find(|(known, _)| known.trim_end_matches('/') == server)?;
        if let Some(realm) = realm {
            return realms.get(realm);
        }
        let current = self.server_url.as_deref().map(|url| url.trim_end_matches('/')) == Some(server);
        let current = self.realm.as_ref().filter(|_| current).and_then(|realm| realms.get(realm));
        // another server's only session needs no name
        current.or_else(|| realms.values().next().filter(|_| realms.len() == 1))
    }

    /// Adds or replaces a session.
    pub(crate) fn put(&mut self, session: Session) {
        self.endpoints.entry(session.server.clone()).or_default().insert(session.realm.clone(), session);
    }

    /// Takes a session out; the current one is then none.
    pub(crate) fn take(&mut self, server: &str, realm: &str) {
        if let Some(realms) = self.endpoints.get_mut(server) {
            realms.remove(realm);
            if realms.is_empty() {
                self.endpoints.remove(server);
            }
        }
        if self.server_url.as_deref() == Some(server) && self.realm.as_deref() == Some(realm) {
            (self.server_url, self.realm) = (None, None);
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Session> {
        self.endpoints.values().flat_map(BTreeMap::values)
    }
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    let file = file.display();
    Failure::Io(format!("the session file {file} cannot be used: {error}. `cloakroom logout --all` removes it."))
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    let file = file.display();
    Failure::Io(format!("the session file {file} cannot be written: {error}. CLOAKROOM_SESSION names another place."))
}

/// `CLOAKROOM_SESSION`, else `cloakroom/session.json` in the user's configuration folder.
pub(crate) fn file() -> Result<PathBuf> {
    let env = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(file) = env("CLOAKROOM_SESSION") {
        return Ok(file);
    }
    let folder =
        env("XDG_CONFIG_HOME").or_else(|| env("APPDATA")).or_else(|| env("HOME").map(|home| home.join(".config")));
    let folder =
        folder.ok_or_else(|| Failure::Usage("no HOME: set CLOAKROOM_SESSION to the session's file".to_owned()))?;
    Ok(folder.join("cloakroom").join("session.json"))
}
