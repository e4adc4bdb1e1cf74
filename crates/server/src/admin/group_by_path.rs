//! The group at a path.

use super::{
    access::{self, AdminRole::*},
    group_page::{Shape, represent_one},
};
use crate::{
    Error, Result,
    cx::Cx,
    error::{not_found, oauth},
    route::Routes,
};
use axum::response::Response;
use cloakroom_api::admin::groups::{Group, by_path};
use cloakroom_store::groups;
use http::{Method, StatusCode};

/// The group at a path, and the empty path, which leads to none.
pub(super) fn routes() -> Routes {
    Routes::new().at(get).page(Method::GET, "/admin/realms/{realm}/group-by-path/", get_nothing)
}

fn get(cx: &mut Cx, req: by_path::Request) -> Result<Group> {
    // as sent: a slash in a name is escaped and stands for itself, a double one or a dot names nothing
    let sent = cx.parts.uri.path();
    let mut segments = sent.strip_suffix('/').unwrap_or(sent).split('/').skip(1);
    if segments.any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(oauth(StatusCode::BAD_REQUEST, "missingNormalization", "Request path not normalized"));
    }
    let admin = cx.admin()?.clone();
    let path = req.path.strip_prefix('/').unwrap_or(&req.path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let row = groups::by_path(cx.read()?, &admin.realm.id, path)?.ok_or_else(nowhere)?;
    admin.require(&[ViewUsers, ManageUsers])?;
    represent_one(cx, row, Shape { brief: false, counts: true, access: false })
}

fn get_nothing(cx: &mut Cx, path: Vec<String>, _: &[u8]) -> Result<Response> {
    access::enter(cx, path.first().map_or("", String::as_str))?;
    Err(nowhere())
}

fn nowhere() -> Error {
    not_found("Group path does not exist")
}
