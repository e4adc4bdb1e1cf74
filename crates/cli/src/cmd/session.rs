//! `login` and `logout`: a session that later commands use.

use crate::connect::{Connection, Grant, oidc, tokens};
use crate::failure::{Failure, Result};
use crate::output::say;
use crate::session::Session;

pub(crate) fn login(connection: &Connection) -> Result<()> {
    let credentials = &connection.credentials;
    let (url, _) = connection.place()?;
    let grant = credentials
        .grant()?
        .ok_or_else(|| Failure::Usage("who logs in? Give --username, or --client-id and --client-secret".to_owned()))?;
    let who = match &grant {
        Grant::Password { username, .. } => username.clone(),
        Grant::Client => credentials.client_id().to_owned(),
    };
    let kc = connection.server.client(&url)?;
    let realm = credentials.login_realm("master");
    let app = oidc(&kc, realm, credentials.client_id(), credentials.auth());
    let answer = tokens(&kc, app, grant.request(None))?;
    Session::new(&url, realm, credentials.client_id(), credentials.secret(), &answer).save()?;
    say(&format!("Logged in to {url} (realm {realm}) as {who}."))
}

pub(crate) fn logout(connection: &Connection) -> Result<()> {
    // also a file that cannot be read goes
    let session = Session::load().ok().flatten();
    Session::remove()?;
    match session {
        Some(session) => {
            session.end(&connection.server.client(&session.server)?)?;
            say(&format!("Logged out of {}.", session.server))
        }
        None => say("Nobody was logged in."),
    }
}
