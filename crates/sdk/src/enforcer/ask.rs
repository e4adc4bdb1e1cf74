//! The enforcer's calls of Keycloak: find resources, ask for permissions, make tickets.

use http::StatusCode;

use super::claims::Pushed;
use super::path_cache::Protected;
use super::path_rule::{Needs, PathRule};
use super::refusal::Refusal;
use super::{Bearer, Inner};
use crate::api::admin::authz::Permission;
use crate::api::uma::resources::{Listed, UmaResourceQuery};
use crate::api::uma::tickets::PermissionRequest;
use crate::error::Error;
use crate::uma::{Challenge, PermissionExpr, RptRequest};

/// What Keycloak says to a request for permissions.
pub(super) enum Answer {
    /// What is granted; nothing when denied.
    Granted(Vec<Permission>),
    /// There is no such resource, or it has no such scope.
    Gone,
}

impl Inner {
    /// The resource that a rule names, or else the one whose URIs fit the path best, or else that of the rule's pattern.
    pub(super) async fn find(&self, rule: Option<&PathRule>, path: &str) -> Result<Option<Protected>, Refusal> {
        let deep = Some(true);
        if let Some(name) = rule.and_then(|rule| rule.resource.as_deref()) {
            let (name, exact_name) = (Some(name.to_owned()), Some(true));
            return self.first(UmaResourceQuery { name, exact_name, deep, ..UmaResourceQuery::default() }).await;
        }
        for path in [Some(path), path.strip_suffix('/').filter(|path| !path.is_empty())].into_iter().flatten() {
            let (uri, matching_uri) = (Some(path.to_owned()), Some(true));
            let query = UmaResourceQuery { uri, matching_uri, deep, ..UmaResourceQuery::default() };
            if let Some(found) = self.first(query).await? {
                return Ok(Some(found));
            }
        }
        let Some(rule) = rule else { return Ok(None) };
        let uri = Some(rule.pattern.clone());
        self.first(UmaResourceQuery { uri, deep, ..UmaResourceQuery::default() }).await
    }

    async fn first(&self, query: UmaResourceQuery) -> Result<Option<Protected>, Refusal> {
        let found = self.client.realm(&self.realm).uma().resources().list(&query).await;
        let found = found.map_err(|error| unavailable("a resource cannot be looked up", &error))?;
        let id = found.first().map(Listed::id).filter(|id| !id.is_empty());
        Ok(id.map(|id| Protected { key: String::new(), id: id.to_owned() }))
    }

    /// Asks for a resource with scopes on behalf of the token's owner.
    pub(super) async fn ask(
        &self,
        bearer: &Bearer,
        resource: &Protected,
        needs: &Needs<'_>,
        claims: &Pushed,
    ) -> Result<Answer, Refusal> {
        let permission = PermissionExpr::resource(&*resource.id);
        let permission = needs.scopes.iter().fold(permission, |permission, &scope| permission.scope(scope));
        let mut request = RptRequest::user(bearer.token().clone()).audience(&self.client_id).permission(permission);
        if !claims.is_empty() {
            request = request.claims(claims).map_err(|error| unavailable("claims cannot be sent", &error))?;
        }
        match self.oidc.permissions(request).await {
            Ok(granted) => Ok(Answer::Granted(granted)),
            Err(error) => match error.code() {
                Some("invalid_resource" | "invalid_scope") => Ok(Answer::Gone),
                Some("invalid_grant" | "invalid_token") => Err(Refusal::invalid_token(&self.realm)),
                _ if error.is_unauthorized() => Err(Refusal::invalid_token(&self.realm)),
                _ if error.is_forbidden() => Ok(Answer::Granted(Vec::new())),
                _ => Err(unavailable("permissions cannot be asked for", &error)),
            },
        }
    }

    /// A ticket for what is lacking (Federated Authorization for UMA 2.0, 4), as the refusal that carries it.
    pub(super) async fn ticket(
        &self,
        resource: &Protected,
        needs: &Needs<'_>,
        claims: &Pushed,
    ) -> Result<Refusal, Refusal> {
        let scopes: Vec<String> = needs.scopes.iter().map(|&scope| scope.to_owned()).collect();
        let lacking = PermissionRequest {
            resource_id: Some(resource.id.clone()),
            resource_scopes: Some(scopes).filter(|scopes| !scopes.is_empty()),
            claims: Some(claims.clone()).filter(|claims| !claims.is_empty()),
        };
        let realm = self.client.realm(&self.realm);
        let made = match realm.uma().permissions().create(&vec![lacking]).await {
            Ok(made) => made,
            Err(Error::Status { status, .. }) if status == StatusCode::BAD_REQUEST => {
                self.cache.forget(resource);
                return Ok(Refusal::Forbidden);
            }
            Err(error) => return Err(unavailable("no ticket can be made", &error)),
        };
        let Some(ticket) = made.body.ticket else { return Ok(Refusal::Forbidden) };
        let discovery = realm.uma().realm().discovery().await;
        let issuer = discovery.map_err(|error| unavailable("the issuer is not known", &error))?.issuer;
        let as_uri = issuer.unwrap_or_default();
        Ok(Refusal::Ticket(Challenge { realm: self.realm.clone(), as_uri, ticket }))
    }
}

fn unavailable(what: &str, error: &Error) -> Refusal {
    tracing::warn!(%error, "{what}");
    Refusal::Unavailable
}
