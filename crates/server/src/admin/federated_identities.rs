//! Links between users and their accounts at identity providers.

use super::users::{find_to_manage, find_to_view};
use crate::{
    Result,
    cx::Cx,
    error::{Expected, bad_request, conflict, not_found},
    route::Routes,
};
use cloakroom_api::admin::users::{self as api, FederatedIdentity};
use cloakroom_store::federated_identities;

/// The operations on links.
pub(crate) fn routes() -> Routes {
    Routes::new().at(list).at(link).at(unlink)
}

fn list(cx: &mut Cx, req: api::federated_identities::Request) -> Result<Vec<FederatedIdentity>> {
    let (_, user) = find_to_view(cx, &req.id)?;
    Ok(federated_identities::list(cx.read()?, &user.id)?)
}

fn link(cx: &mut Cx, req: api::link::Request) -> Result<()> {
    let (_, user) = find_to_manage(cx, &req.id)?;
    let linked = || conflict("User is already linked with provider");
    let links = federated_identities::list(cx.read()?, &user.id)?;
    if links.iter().any(|l| l.identity_provider.as_deref() == Some(&req.provider)) {
        return Err(linked());
    }
    let Some(user_id) = req.body.user_id.filter(|id| !id.is_empty()) else {
        return Err(bad_request("The user's id at the provider is missing"));
    };
    let name = req.body.user_name.as_deref();
    federated_identities::insert(cx.write()?, &user.id, &req.provider, &user_id, name).or_conflict(linked)
}

fn unlink(cx: &mut Cx, req: api::unlink::Request) -> Result<()> {
    let (_, user) = find_to_manage(cx, &req.id)?;
    if federated_identities::delete(cx.write()?, &user.id, &req.provider)? {
        Ok(())
    } else {
        Err(not_found("Link not found"))
    }
}
