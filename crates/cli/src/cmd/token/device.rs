//! A login on another device: what its user is shown, and the wait.

use std::process::{Command, Stdio};

use cloakroom::blocking::OidcClient;
use cloakroom::oidc::{DeviceLogin, TokenAnswer};

use crate::failure::{Failure, Result};

/// Begins the login, has it shown, and waits until its user has agreed.
pub(crate) fn login(app: &OidcClient, scope: &str, show: impl FnOnce(&DeviceLogin)) -> Result<TokenAnswer> {
    let login = app.device(scope).map_err(refused)?;
    show(&login);
    app.run(login.wait()).map_err(refused)
}

fn refused(e: cloakroom::Error) -> Failure {
    let words = match e.code() {
        Some("access_denied") => "the user refused",
        Some("expired_token") => "nobody agreed in time: run it again",
        Some("authorization_pending") => "nobody agreed in time: run it again",
        _ => return Failure::login(e),
    };
    Failure::NotLoggedIn(words.to_owned())
}

/// The address with the code in it where there is one.
pub(crate) fn address(login: &DeviceLogin) -> &str {
    let answer = &login.answer;
    answer.verification_uri_complete.as_deref().or(answer.verification_uri.as_deref()).unwrap_or_default()
}

/// What the person at the terminal has to do, on stderr: stdout is for the token.
pub(crate) fn show(login: &DeviceLogin) {
    let answer = &login.answer;
    eprintln!("Open {} in any browser", address(login));
    eprintln!("and compare the code: {}", answer.user_code.as_deref().unwrap_or_default());
    if let Some(seconds) = answer.expires_in {
        eprintln!("Waiting for {} minutes at most; Ctrl-C gives up.", (seconds + 59) / 60);
    }
}

/// Opens a browser where there is one: that of `BROWSER`, else the desktop's. None is no problem.
pub(crate) fn browse(address: &str) {
    let chosen = std::env::var("BROWSER").ok().filter(|name| !name.is_empty());
    let usual = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let program = chosen.as_deref().unwrap_or(usual);
    Command::new(program).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok();
}
