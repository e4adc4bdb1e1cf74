//! The enforcer's calls of Keycloak: find resources, ask for permissions, make tickets.

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, StatusCode};
use url::Url;
use url::form_urlencoded::Serializer;

use super::claims::Pushed;
use super::path_cache::Protected;
use super::path_rule::{Needs, PathRule};
use super::refusal::Refusal;
use super::{Bearer, Inner};
use crate::api::admin::authz::Permission;
use crate::api::error::ErrorBody;
use crate::api::uma::resources::{Listed, UmaResourceQuery};
use crate::api::uma::tickets::PermissionRequest;
use crate::error::Error;

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
        let (uri, matching_uri) = (Some(path.to_owned()), Some(true));
        let found = self.first(UmaResourceQuery { uri, matching_uri, deep, ..UmaResourceQuery::default() }).await?;
        match (found, rule) {
            (None, Some(rule)) => {
                let uri = Some(rule.pattern.clone());
                self.first(UmaResourceQuery { uri, deep, ..UmaResourceQuery::default() }).await
            }
            (found, _) => Ok(found),
        }
    }

    async fn first(&self, query: UmaResourceQuery) -> Result<Option<Protected>, Refusal> {
        let found = self.client.realm(&self.realm).uma().resources().list(&query).await;
        let found = found.map_err(|error| unavailable("a resource cannot be looked up", &error))?;
        let id = found.first().map(Listed::id).filter(|id| !id.is_empty());
        Ok(id.map(|id| Protected { key: String::new(), id: id.to_owned() }))
    }

    /// Asks for a resource with scopes on behalf of the token's owner (UMA 2.0 Grant, with Keycloak's `permission`).
    pub(super) async fn ask(
        &self,
        bearer: &Bearer,
        resource: &Protected,
        needs: &Needs<'_>,
        claims: &Pushed,
    ) -> Result<Answer, Refusal> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", bearer.token().expose()))
            .map_err(|_| Refusal::invalid_token(&self.realm))?;
        authorization.set_sensitive(true);
        let request = Request::post(token_path(&self.realm))
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(form(&self.client_id, resource, needs, claims)))
            .map_err(|_| Refusal::Unavailable)?;
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| unavailable("permissions cannot be asked for", &error))?;
        let error = || serde_json::from_slice::<ErrorBody>(answer.body()).unwrap_or_default().error.unwrap_or_default();
        match answer.status() {
            StatusCode::OK => match serde_json::from_slice(answer.body()) {
                Ok(granted) => Ok(Answer::Granted(granted)),
                Err(_) => Err(Refusal::Unavailable),
            },
            StatusCode::FORBIDDEN => Ok(Answer::Granted(Vec::new())),
            StatusCode::UNAUTHORIZED => Err(Refusal::invalid_token(&self.realm)),
            StatusCode::BAD_REQUEST => match error().as_str() {
                "invalid_resource" | "invalid_scope" => Ok(Answer::Gone),
                "invalid_grant" | "invalid_token" => Err(Refusal::invalid_token(&self.realm)),
                error => {
                    tracing::warn!(error, "permissions were not asked for as Keycloak wants it");
                    Err(Refusal::Unavailable)
                }
            },
            status => {
                tracing::warn!(status = status.as_u16(), "permissions cannot be asked for");
                Err(Refusal::Unavailable)
            }
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
        Ok(Refusal::Ticket { realm: self.realm.clone(), issuer: issuer.unwrap_or_default(), ticket })
    }
}

/// What the token endpoint is asked.
fn form(client_id: &str, resource: &Protected, needs: &Needs<'_>, claims: &Pushed) -> String {
    let permission = match &needs.scopes[..] {
        [] => resource.id.clone(),
        scopes => format!("{}#{}", resource.id, scopes.join(",")),
    };
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket")
        .append_pair("audience", client_id)
        .append_pair("permission", &permission)
        .append_pair("response_mode", "permissions");
    if !claims.is_empty() {
        let json = serde_json::to_vec(claims).unwrap_or_default();
        form.append_pair("claim_token", &BASE64.encode(&json))
            .append_pair("claim_token_format", "urn:ietf:params:oauth:token-type:jwt");
    }
    form.finish()
}

fn unavailable(what: &str, error: &Error) -> Refusal {
    tracing::warn!(%error, "{what}");
    Refusal::Unavailable
}

fn token_path(realm: &str) -> String {
    // the URL is only there to encode the realm's name
    let mut url = Url::parse("http://keycloak").ok();
    if let Some(Ok(mut segments)) = url.as_mut().map(Url::path_segments_mut) {
        segments.extend(["realms", realm, "protocol", "openid-connect", "token"]);
    }
    url.map(|url| url.path().to_owned()).unwrap_or_default()
}
