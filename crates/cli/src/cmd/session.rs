//! `login`, `status` and `logout`: sessions that later commands use.

use clap::Args;
use cloakroom::jwt;
use serde_json::{Value, json};

use crate::clock::now;
use crate::connect::{Connection, Grant};
use crate::failure::{Failure, Result};
use crate::output::{Format, print, say};
use crate::session::{Session, file};

#[derive(Args, Debug)]
pub(crate) struct Status {
    /// How the answer is printed [default: table on a terminal, else json]
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Format>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Args, Debug)]
pub(crate) struct Logout {
    /// Ends every session and removes their file
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn login(connection: &Connection) -> Result<()> {
    let credentials = &connection.credentials;
    let mut sessions = connection.sessions()?;
    let (url, _) = connection.place()?;
    let grant = credentials.grant()?.ok_or_else(|| {
        Failure::Usage("who logs in? Give --username, or --client-id with --client-secret or --client-key".to_owned())
    })?;
    let (who, kind) = match &grant {
        Grant::Password { username, .. } => (username.clone(), "password"),
        Grant::Client => (credentials.client_id().to_owned(), "client_credentials"),
    };
    let server = connection.trusting()?;
    let kc = server.client(&url)?;
    let realm = credentials.login_realm("master");
    let app = kc.oidc(realm, credentials.client_id(), credentials.auth()?);
    let answer = app.token(grant.request(None)).map_err(Failure::login)?;
    let session = Session::new(&url, realm, credentials.client_id(), credentials.proof(), kind, &answer);
    (sessions.server_url, sessions.realm) = (Some(session.server.clone()), Some(realm.to_owned()));
    if let Some(trusted) = &connection.server.ca_file {
        let whole = std::path::absolute(trusted).unwrap_or_else(|_| trusted.clone());
        sessions.truststore = Some(whole.to_string_lossy().into_owned());
        sessions.trustpass = connection.server.ca_password.as_deref().map(Into::into);
    }
    sessions.put(session);
    if !connection.no_config {
        sessions.save(&file()?)?;
    }
    say(&format!("Logged in to {url} (realm {realm}) as {who}."))
}

/// Every session that is kept, the current one first.
pub(crate) fn status(args: &Status) -> Result<()> {
    let sessions = args.connection.sessions()?;
    let (_, current) = args.connection.place()?;
    let is_current = |s: &Session| current.as_ref().is_some_and(|c| (&c.server, &c.realm) == (&s.server, &s.realm));
    let mut all: Vec<&Session> = sessions.all().collect();
    all.sort_by_key(|session| !is_current(session));
    let shown: Vec<Value> = all.iter().map(|session| row(session, is_current(session))).collect();
    print(&shown.into(), args.output, &[])?;
    match current {
        Some(session) if session.is_live() || session.renews() => Ok(()),
        Some(session) => {
            Err(Failure::NotLoggedIn(format!("the session at {} is over: run `cloakroom login`", session.server)))
        }
        None => Err(Failure::NotLoggedIn("nobody is logged in: run `cloakroom login`".to_owned())),
    }
}

fn row(session: &Session, current: bool) -> Value {
    let claims: Value = jwt::decode(session.token().expose()).unwrap_or_default();
    let who = [&claims["preferred_username"], &claims["sub"]].into_iter().find_map(Value::as_str);
    let left = |end: u64| end.saturating_sub(now()) / 1000;
    let state = match (session.is_live(), session.renews()) {
        (true, _) => format!("token good for {} s", left(session.expires_at)),
        (false, true) => "renewed when it is used".to_owned(),
        (false, false) => "over".to_owned(),
    };
    json!({ "current": current, "server": session.server, "realm": session.realm, "client": session.client_id,
        "user": who, "state": state })
}

pub(crate) fn logout(args: &Logout) -> Result<()> {
    let file = file()?;
    if args.all {
        // also a file that cannot be read goes
        let sessions = args.connection.sessions().unwrap_or_default();
        let server = args.connection.trusting().unwrap_or_else(|_| args.connection.server.clone());
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::Io(format!("the session file {} cannot be removed: {e}", file.display())));
            }
            _ => {}
        }
        let count = sessions.all().count();
        for session in sessions.all() {
            session.end(&server.client(&session.server)?)?;
        }
        return say(&format!("Logged out of {count} session{}.", if count == 1 { "" } else { "s" }));
    }
    let mut sessions = args.connection.sessions()?;
    let (_, session) = args.connection.place()?;
    let Some(session) = session else { return say("Nobody was logged in.") };
    let server = args.connection.trusting()?;
    sessions.take(&session.server, &session.realm);
    sessions.save(&file)?;
    if sessions.all().next().is_none() && sessions.truststore.is_none() {
        std::fs::remove_file(&file)?;
    }
    session.end(&server.client(&session.server)?)?;
    say(&format!("Logged out of {} (realm {}).", session.server, session.realm))
}
