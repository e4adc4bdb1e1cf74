//! From the permissions that apply to a resource to the scopes that are granted on it.

use std::collections::BTreeSet;

use cloakroom_api::admin::authz::DecisionStrategy;

use crate::{
    model::{PermissionKind, Resource},
    resolve::Wanted,
};

/// A permission that applies to what is wanted, decided.
#[derive(Clone, Copy)]
pub(crate) struct Verdict<'a> {
    pub(crate) kind: PermissionKind,
    /// It names this very resource, not only its type or its scopes.
    pub(crate) names_resource: bool,
    /// It names some resource.
    pub(crate) names_any: bool,
    pub(crate) scopes: &'a [u32],
    pub(crate) granted: bool,
}

/// The scopes that are granted, or `None` when nothing is: not the resource either.
///
/// - A resource permission grants or denies all scopes that are wanted; a scope permission those it names.
/// - What is denied stays denied, unless the resource server is AFFIRMATIVE: then what one permission grants, is granted.
/// - A permission on a resource's type or scopes denies nothing that one on the resource itself grants as a whole.
/// - A scope that a user's resource only inherits is granted by the permission that names it.
/// - What the owner of a resource shares, is granted.
pub(crate) fn settle(
    wanted: &Wanted,
    resource: Option<&Resource>,
    strategy: DecisionStrategy,
    verdicts: &[Verdict<'_>],
) -> Option<Vec<u32>> {
    let (mut granted, mut denied, mut shared) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let (mut as_a_whole, mut any_denied) = (false, false);
    let of_user = resource.is_some_and(|resource| resource.owner.is_some());

    for verdict in verdicts {
        if verdict.granted {
            match verdict.kind {
                PermissionKind::Scope => {
                    for scope in wanted.scopes.iter().filter(|scope| verdict.scopes.contains(scope)) {
                        granted.insert(*scope);
                        if resource.is_some_and(|resource| !resource.scopes.contains(scope)) {
                            denied.remove(scope);
                        }
                    }
                }
                PermissionKind::Resource => granted.extend(&wanted.scopes),
                PermissionKind::UserManaged if resource.is_some_and(|resource| resource.owner_managed) => {
                    shared.push(verdict);
                }
                PermissionKind::UserManaged => {}
            }
            as_a_whole |= verdict.names_resource && (verdict.kind != PermissionKind::Scope || of_user);
        } else {
            any_denied = true;
            if verdict.kind == PermissionKind::Resource {
                if verdict.names_resource || !as_a_whole {
                    denied.extend(&wanted.scopes);
                }
            } else if verdict.names_resource || !verdict.names_any {
                denied.extend(verdict.scopes);
            }
        }
    }

    if strategy == DecisionStrategy::Affirmative {
        denied.retain(|scope| !granted.contains(scope));
    }
    granted.retain(|scope| !denied.contains(scope));

    if shared.is_empty() {
        if !as_a_whole && granted.is_empty() && !wanted.scopes.is_empty() {
            return None;
        }
    } else {
        for verdict in shared {
            let scopes = verdict.scopes.iter();
            granted.extend(scopes.filter(|scope| wanted.scopes.is_empty() || wanted.scopes.contains(scope)));
        }
        if granted.is_empty() && resource.is_some_and(|resource| !resource.scopes.is_empty()) {
            return None;
        }
        any_denied = false;
    }
    (!any_denied || !granted.is_empty()).then(|| granted.into_iter().collect())
}
