//! Who kcadm acts as: its file of sessions, and its ways to log in.

use std::path::{Path, PathBuf};

use cloakroom::oidc::TokenRequest;
use cloakroom::{ClientAuth, Secret, jose};
use serde_json::json;

use super::stop::{Stop, failed, login, usage};
use super::words::Given;
use crate::ask::ask;
use crate::client_key::ClientKey;
use crate::clock::now;
use crate::connect::{Opened, Server};
use crate::failure::Failure;
use crate::keystore;
use crate::session::{Proof, Session, Sessions};

/// How long a client's assertion is good for, in seconds. It is kept with the session, to renew its token with.
const ASSERTION: u64 = 600;

/// `--config`, else `~/.keycloak/kcadm.config`.
pub(crate) fn file(given: &Given) -> Result<PathBuf, Stop> {
    if let Some(file) = given.one("--config") {
        if given.has("--no-config") {
            return Err(usage("Options --config and --no-config are mutually exclusive"));
        }
        return Ok(file.into());
    }
    let home = ["HOME", "USERPROFILE"].iter().find_map(std::env::var_os);
    let home = home.ok_or_else(|| failed("no HOME: give --config"))?;
    Ok(Path::new(&home).join(".keycloak").join("kcadm.config"))
}

pub(crate) fn load(given: &Given) -> Result<Sessions, Stop> {
    if given.has("--no-config") {
        return Ok(Sessions::default());
    }
    let file = file(given)?;
    Sessions::load(&file).map_err(|_| failed(format!("Failed to load {}", file.display())))
}

fn save(sessions: &Sessions, given: &Given) -> Result<(), Stop> {
    let file = file(given)?;
    sessions.save(&file).map_err(|e| failed(format!("Failed to save {}: {e}", file.display())))
}

/// A secret from its option, else from the environment, else asked for.
pub(crate) fn secret(given: &Given, option: &str, variable: &str, question: &str) -> Result<Secret, Stop> {
    let known = given.owned(option).or_else(|| std::env::var(variable).ok());
    known.map_or_else(|| Ok(ask(&format!("Enter {question}: "), option)?), |known| Ok(known.into()))
}

/// How to reach a server: what it is trusted by.
fn server(given: &Given, sessions: &Sessions, url: &str) -> Result<Server, Stop> {
    let mut server = Server::plain();
    server.insecure = given.has("--insecure");
    if !url.starts_with("https:") {
        return Ok(server);
    }
    if let Some(file) = given.owned("--truststore").or_else(|| sessions.truststore.clone()).map(PathBuf::from) {
        if !file.is_file() {
            return Err(failed(format!("Truststore file not found: {}", file.display())));
        }
        let kept = sessions.trustpass.as_ref().map(|password| password.expose().to_owned());
        let known = given.owned("--trustpass").or(kept).or_else(|| std::env::var("KC_CLI_TRUSTSTORE_PASSWORD").ok());
        server.ca_password = match known {
            None if keystore::is_locked(&file)? => {
                Some(ask("Enter truststore password: ", "--trustpass")?.expose().to_owned())
            }
            known => known,
        };
        server.ca_file = Some(file);
    }
    if server.insecure {
        eprintln!("The server's certificate is not checked, so passwords and tokens can be read on the way.");
    }
    Ok(server)
}

/// `config credentials`.
pub(crate) fn credentials(given: &Given) -> Result<(), Stop> {
    if given.has("--no-config") {
        return Err(usage("Unsupported option: --no-config"));
    }
    let mut sessions = load(given)?;
    if given.has("--status") {
        return super::print::out(&(status(&sessions) + "\n"));
    }
    if given.is_empty() {
        return Err(Stop::Help);
    }
    let url = given.owned("--server").ok_or_else(|| usage("Required option not specified: --server"))?;
    let realm = given.owned("--realm").ok_or_else(|| usage("Required option not specified: --realm"))?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(failed(format!("Invalid server endpoint url: {url}")));
    }
    let logs_in = ["--user", "--secret", "--keystore", "--client"].iter().any(|option| given.has(option));
    if logs_in {
        let session = log_in(given, &sessions, &url, &realm)?;
        sessions.put(session);
    }
    (sessions.server_url, sessions.realm) = (Some(url), Some(realm));
    save(&sessions, given)
}

fn status(sessions: &Sessions) -> String {
    let none = "You are not logged in".to_owned();
    let (Some(url), Some(realm)) = (&sessions.server_url, &sessions.realm) else { return none };
    let Some(session) = sessions.find(Some(url), Some(realm)) else { return none };
    let (now, end) = (now(), session.expires_at);
    let (expired, words) = if now < end { (false, "from now") } else { (true, "ago") };
    let seconds = now.abs_diff(end) / 1000;
    format!("Logged in (server: {url}, realm: {realm}, expired: {expired}, timeToExpiry: {seconds}s {words})")
}

/// Gets tokens by what was given.
fn log_in(given: &Given, sessions: &Sessions, url: &str, realm: &str) -> Result<Session, Stop> {
    let client = given.one("--client").unwrap_or("admin-cli");
    let user = given.one("--user");
    let who = user.map_or_else(|| format!("service-account-{client}"), |user| format!("user {user}"));
    eprintln!("Logging into {url} as {who} of realm {realm}");
    let (request, kind) = match user {
        Some(user) => {
            let password = secret(given, "--password", "KC_CLI_PASSWORD", "password")?;
            (TokenRequest::password(user, password), "password")
        }
        None => (TokenRequest::client_credentials(), "client_credentials"),
    };
    let kc = server(given, sessions, url)?.client(url)?;
    let (auth, proof) = prove(given, url, realm, client)?;
    let answer = kc.oidc(realm, client, auth).token(request).map_err(|e| login(&e))?;
    Ok(Session::new(url, realm, client, proof, kind, &answer))
}

/// How the client proves who it is.
fn prove(given: &Given, url: &str, realm: &str, client: &str) -> Result<(ClientAuth, Proof), Stop> {
    if let Some(file) = given.one("--keystore") {
        if given.has("--secret") {
            return Err(usage("Can't use both --keystore and --secret"));
        }
        let file = PathBuf::from(file);
        if !file.is_file() {
            return Err(failed(format!("No such keystore file: {}", file.display())));
        }
        let assertion = assertion(given, file, client, &format!("{}/realms/{realm}", url.trim_end_matches('/')))?;
        let until = now() + ASSERTION * 1000;
        let sent = assertion.clone();
        let auth = ClientAuth::assertion_from(move || std::future::ready(Ok(sent.clone())));
        return Ok((auth, Proof::Assertion(assertion, until)));
    }
    let secret = match given.one("--secret") {
        Some("-") => Some(ask("Enter client secret: ", "--secret")?),
        Some(secret) => Some(secret.into()),
        None if given.has("--user") => None,
        None => Some(secret(given, "--secret", "KC_CLI_CLIENT_SECRET", "client secret")?),
    };
    Ok(match secret {
        Some(secret) => (ClientAuth::basic(secret.clone()), Proof::Secret(secret)),
        None => (ClientAuth::none(), Proof::None),
    })
}

fn assertion(given: &Given, file: PathBuf, client: &str, audience: &str) -> Result<Secret, Stop> {
    let locked = keystore::is_locked(&file)?;
    let password =
        locked.then(|| secret(given, "--storepass", "KC_CLI_STORE_PASSWORD", "keystore password")).transpose()?;
    let alias = Some(given.owned("--alias").unwrap_or_else(|| client.to_owned())).filter(|_| locked);
    let key = ClientKey { file, alias, kid: None, algorithm: None, password }.signing_key()?;
    let unsigned = |e: jose::Error| failed(format!("the client's assertion cannot be signed: {e}"));
    let jti = jose::Secret::generate(16).map_err(unsigned)?.to_base64url();
    let now = now() / 1000;
    let claims = json!({ "iss": client, "sub": client, "aud": audience, "jti": *jti, "iat": now, "nbf": now,
        "exp": now + ASSERTION });
    Ok(key.sign(&claims).map_err(unsigned)?.into())
}

/// `config truststore`.
pub(crate) fn truststore(given: &Given) -> Result<(), Stop> {
    let (file, deletes) = (given.argument.as_deref(), given.has("--delete"));
    let mut sessions = load(given)?;
    match (file, deletes) {
        (Some(_), true) => return Err(usage("Option --delete is mutually exclusive with specifying a TRUSTSTORE")),
        (None, true) if given.has("--trustpass") => {
            return Err(usage("Options --trustpass and --delete are mutually exclusive"));
        }
        (None, true) => (sessions.truststore, sessions.trustpass) = (None, None),
        (None, false) => return Err(Stop::Help),
        (Some(file), false) => {
            if !Path::new(file).is_file() {
                return Err(failed(format!("Truststore file not found: {file}")));
            }
            // told now rather than at the next command
            keystore::is_locked(Path::new(file))?;
            let password = match given.one("--trustpass") {
                Some("-") => Some(ask("Enter truststore password: ", "--trustpass")?),
                given => given.map(Secret::from),
            };
            let whole = std::path::absolute(file).unwrap_or_else(|_| file.into());
            (sessions.truststore, sessions.trustpass) = (Some(whole.to_string_lossy().into_owned()), password);
        }
    }
    save(&sessions, given)
}

/// A connection for a command that calls the Admin API, and the realm of the login where one is known.
pub(crate) fn open(given: &Given) -> Result<(Opened, bool), Stop> {
    let mut sessions = load(given)?;
    let token = given.one("--token");
    let url = given.owned("--server").or_else(|| sessions.server_url.clone());
    let url = url.ok_or_else(|| failed("No server specified. Use --server, or 'kcadm.sh config credentials'."))?;
    let realm = given.owned("--realm").or_else(|| sessions.realm.clone());
    if realm.is_none() && token.is_none() {
        return Err(failed("No realm or token specified. Use --realm, --token, or 'kcadm.sh config credentials'."));
    }
    let known = realm.is_some();
    let realm = realm.unwrap_or_default();
    let server = server(given, &sessions, &url)?;
    let kc = server.client(&url)?;
    let once = ["--user", "--password", "--secret", "--keystore", "--storepass", "--keypass", "--alias"];
    let login = if let Some(token) = token {
        Some(Secret::from(token))
    } else if once.iter().any(|option| given.has(option)) {
        let session = log_in(given, &sessions, &url, &realm)?;
        sessions.put(session);
        sessions.find(Some(&url), Some(&realm)).map(|session| session.token().clone())
    } else {
        let session = sessions.find(Some(&url), Some(&realm)).cloned();
        session.map(|session| session.access_token(&kc).map_err(renewal)).transpose()?
    };
    let kc = match login {
        Some(token) => kc.token(token),
        None => kc,
    };
    Ok((Opened { kc, server, url: url.trim_end_matches('/').to_owned(), realm }, known))
}

fn renewal(failure: Failure) -> Stop {
    match failure {
        Failure::Call { source, .. } => failed(format!("Failed to refresh access token - {source}")),
        other => other.into(),
    }
}
