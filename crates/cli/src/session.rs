//! The session that `cloakroom login` keeps between commands: a file that only its owner can read.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use cloakroom::oidc::{TokenAnswer, TokenRequest};
use cloakroom::{Error, Secret, blocking};
use serde::{Deserialize, Serialize};

use crate::connect::{auth, oidc};
use crate::failure::{Failure, Result};

/// How long before its end an access token is not used any more, in seconds.
const MARGIN: u64 = 10;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) server: String,
    /// The realm of the login.
    pub(crate) realm: String,
    pub(crate) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret: Option<Secret>,
    access_token: Secret,
    /// Seconds since 1970.
    expires: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Secret>,
}

impl Session {
    pub(crate) fn new(server: &str, realm: &str, id: &str, secret: Option<&str>, answer: &TokenAnswer) -> Self {
        let mut session = Session {
            server: server.to_owned(),
            realm: realm.to_owned(),
            client_id: id.to_owned(),
            client_secret: secret.map(Secret::from),
            access_token: Secret::default(),
            expires: 0,
            refresh_token: None,
        };
        session.take(answer);
        session
    }

    fn take(&mut self, answer: &TokenAnswer) {
        self.access_token = answer.access_token.clone().unwrap_or_default();
        self.expires = now().saturating_add(answer.expires_in.and_then(|s| u64::try_from(s).ok()).unwrap_or_default());
        self.refresh_token = answer.refresh_token.clone();
    }

    /// The session's access token, renewed and kept if it is about to expire.
    pub(crate) fn access_token(mut self, kc: &blocking::Client) -> Result<Secret> {
        if now() + MARGIN < self.expires {
            return Ok(self.access_token);
        }
        let secret = self.client_secret.as_ref().map(Secret::expose);
        let request = match (&self.refresh_token, secret) {
            (Some(refresh), _) => TokenRequest::refresh(refresh.clone()),
            (None, Some(_)) => TokenRequest::client_credentials(),
            (None, None) => return Err(self.over()),
        };
        let app = oidc(kc, &self.realm, &self.client_id, auth(secret));
        let answer = match kc.run(|_| async { app.token(request).await }) {
            Err(e) if e.is_bad_request() || e.is_unauthorized() => return Err(self.over()),
            answer => answer?,
        };
        self.take(&answer);
        self.save()?;
        Ok(self.access_token)
    }

    fn over(&self) -> Failure {
        Failure::NotLoggedIn(format!("the session at {} is over: run `cloakroom login`", self.server))
    }

    /// Ends it at the server.
    pub(crate) fn end(&self, kc: &blocking::Client) -> Result<(), Error> {
        let Some(refresh) = &self.refresh_token else { return Ok(()) };
        let app = oidc(kc, &self.realm, &self.client_id, auth(self.client_secret.as_ref().map(Secret::expose)));
        match kc.run(|_| async { app.logout(refresh.expose()).await }) {
            // it was over already
            Err(e) if e.is_bad_request() => Ok(()),
            ended => ended,
        }
    }

    /// `None` where nobody has logged in.
    pub(crate) fn load() -> Result<Option<Self>> {
        let file = file()?;
        let text = match std::fs::read_to_string(&file) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|e| unusable(&file, &e))?,
        };
        serde_json::from_str(&text).map(Some).map_err(|e| unusable(&file, &e))
    }

    /// Written beside and renamed, so that a reader never sees half a file.
    pub(crate) fn save(&self) -> Result<()> {
        let file = file()?;
        let written = (|| {
            let folder = file.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(folder)?;
            let beside = file.with_extension(format!("{}.tmp", std::process::id()));
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&beside)?.write_all(&serde_json::to_vec_pretty(self)?)?;
            std::fs::rename(beside, &file)
        })();
        written.map_err(|e| unusable(&file, &e))
    }

    pub(crate) fn remove() -> Result<()> {
        let file = file()?;
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(unusable(&file, &e)),
            _ => Ok(()),
        }
    }
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Io(format!("the session file {} cannot be used: {error}. `cloakroom logout` removes it.", file.display()))
}

/// `CLOAKROOM_SESSION`, else `cloakroom/session.json` in the user's configuration folder.
fn file() -> Result<PathBuf> {
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

#[expect(clippy::disallowed_methods, reason = "the expiry of a token on disk is real time")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
