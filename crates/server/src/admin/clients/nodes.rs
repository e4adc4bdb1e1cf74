//! The nodes of a clustered application, and what is sent to them.

use super::{access, create::locked, secret::store};
use crate::{
    Result,
    cx::Cx,
    error::{error, not_found},
    route::Routes,
};
use cloakroom_api::admin::{
    clients::{add_node, push_revocation, remove_node, test_nodes},
    realms::GlobalRequestResult,
};
use http::StatusCode;

/// The most nodes that a client may register.
const MOST: usize = 1000;

pub(crate) fn routes() -> Routes {
    Routes::new().at(add).at(remove).at(test).at(push)
}

fn add(cx: &mut Cx, req: add_node::Request) -> Result<()> {
    let bad = |words| error(StatusCode::BAD_REQUEST, words);
    access::manage(cx, &req.id)?;
    let node = req.body.get("node").ok_or_else(|| bad("Node not found in params"))?;
    if node.contains('/') {
        return Err(bad("Character '/' not allowed."));
    }
    let mut client = locked(cx, &req.id)?;
    let nodes = client.registered_nodes.get_or_insert_default();
    if nodes.len() >= MOST && !nodes.contains_key(node) {
        return Err(bad("Too many nodes"));
    }
    nodes.insert(node.to_owned(), i32::try_from(cx.now_seconds()).unwrap_or(i32::MAX));
    store(cx, &client)
}

fn remove(cx: &mut Cx, req: remove_node::Request) -> Result<()> {
    let mut client = locked(cx, &req.id)?;
    // the name is missing from Keycloak's words
    let gone = client.registered_nodes.get_or_insert_default().remove(&req.node);
    gone.ok_or_else(|| not_found("Client does not have node "))?;
    store(cx, &client)
}

/// Nothing is sent to applications, so those that expect to hear are named as not reached.
fn unreached(cx: &mut Cx, id: &str) -> Result<GlobalRequestResult> {
    let client = access::manage(cx, id)?;
    let url = client.settings.admin_url.clone().filter(|url| !url.is_empty());
    Ok(GlobalRequestResult { failed_requests: url.map(|url| vec![url]), ..GlobalRequestResult::default() })
}

fn test(cx: &mut Cx, req: test_nodes::Request) -> Result<GlobalRequestResult> {
    unreached(cx, &req.id)
}

fn push(cx: &mut Cx, req: push_revocation::Request) -> Result<GlobalRequestResult> {
    unreached(cx, &req.id)
}
