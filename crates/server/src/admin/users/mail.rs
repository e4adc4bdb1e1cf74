//! Mails to users that an administrator asks for. What can be checked is checked; sending needs a mail server.

use super::{find, write::is_required_action};
use crate::{
    Error, Result,
    admin::access::AdminRole::*,
    cx::Cx,
    error::{bad_request, message},
    oidc::{
        authorize::origin,
        redirect_uri::{self, Base},
    },
    route::Routes,
};
use cloakroom_api::admin::users::{self as api, MailLink};
use http::StatusCode;

pub(super) fn routes() -> Routes {
    Routes::new().at(execute_actions_email).at(send_verify_email).at(reset_password_email)
}

fn execute_actions_email(cx: &mut Cx, req: api::execute_actions_email::Request) -> Result<()> {
    check(cx, &req.id, &req.query)?;
    if !req.body.iter().all(|action| is_required_action(action)) {
        return Err(bad_request("Provided invalid required actions"));
    }
    Err(not_sent("Failed to send execute actions email"))
}

fn send_verify_email(cx: &mut Cx, req: api::send_verify_email::Request) -> Result<()> {
    check(cx, &req.id, &req.query)?;
    Err(not_sent("Failed to send verify email"))
}

fn reset_password_email(cx: &mut Cx, req: api::reset_password_email::Request) -> Result<()> {
    check(cx, &req.id, &req.query)?;
    Err(not_sent("Failed to send execute actions email"))
}

/// Whether a mail to the user may go out, and whether its link may lead where it shall.
fn check(cx: &mut Cx, id: &str, link: &MailLink) -> Result<()> {
    let (admin, user) = find(cx, id)?;
    admin.require(&[ManageUsers])?;
    if user.email.is_none() {
        return Err(bad_request("User email missing"));
    }
    if !user.enabled {
        return Err(bad_request("User is disabled"));
    }
    if link.redirect_uri.is_some() && link.client_id.is_none() {
        return Err(bad_request("Client id missing"));
    }
    let Some(client_id) = &link.client_id else { return Ok(()) };
    let Some(client) = cx.find_client(&admin.realm, client_id)? else {
        return Err(bad_request("Client doesn't exist"));
    };
    if client.settings.enabled == Some(false) {
        return Err(bad_request("Client is not enabled"));
    }
    let Some(uri) = &link.redirect_uri else { return Ok(()) };
    let patterns = client.settings.redirect_uris.as_deref().unwrap_or_default();
    let server = admin.realm.base(&cx.base);
    let root_url = client.root_url(server);
    if redirect_uri::allows(patterns, Base { root_url: root_url.as_deref(), server: origin(server) }, uri) {
        Ok(())
    } else {
        Err(bad_request("Invalid redirect uri."))
    }
}

fn not_sent(words: &str) -> Error {
    message(StatusCode::INTERNAL_SERVER_ERROR, words)
}
