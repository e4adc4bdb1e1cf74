//! What a pairwise subject mapper needs of its client: redirect URIs of one host, or a sector identifier that lists them.
//! OpenID Connect Core section 8.1.

use crate::{Result, cx::Cx, error::oauth, realm_view::ClientView};
use cloakroom_api::admin::mappers::ProtocolMapper;
use http::StatusCode;
use std::collections::BTreeSet;

/// The kind of these mappers.
pub(crate) const KIND: &str = "oidc-sha256-pairwise-sub-mapper";

const SALT: &str = "pairwiseSubAlgorithmSalt";
const SECTOR: &str = "sectorIdentifierUri";

/// Checks the mapper against its client, and gives it a salt if it has none.
pub(crate) fn check(cx: &mut Cx, client: Option<&ClientView>, mapper: &mut ProtocolMapper) -> Result<()> {
    let config = mapper.config.get_or_insert_default();
    let sector = config.get(SECTOR).map(str::to_owned).filter(|uri| !uri.is_empty());
    if let Some(client) = client {
        let redirects = client.settings.redirect_uris.as_deref().unwrap_or_default();
        match sector {
            Some(sector) => listed(cx, &sector, redirects)?,
            None => one_host(client, &cx.base, redirects)?,
        }
    }
    if !config.contains_key(SALT) {
        config.insert(SALT, cx.new_id());
    }
    Ok(())
}

fn refused(words: &str) -> crate::Error {
    oauth(StatusCode::BAD_REQUEST, words, words)
}

fn one_host(client: &ClientView, base: &str, redirects: &[String]) -> Result<()> {
    let root = client.root_url(base).unwrap_or_default();
    let host = |uri: &String| {
        let absolute = if uri.starts_with('/') { format!("{root}{uri}") } else { uri.clone() };
        url::Url::parse(&absolute).ok()?.host_str().map(str::to_owned)
    };
    let hosts: BTreeSet<String> = redirects.iter().filter_map(host).collect();
    match hosts.len() {
        0 => Err(refused("Client redirect URIs must contain a valid host component.")),
        1 => Ok(()),
        _ => Err(refused(
            "Without a configured Sector Identifier URI, client redirect URIs must not contain multiple host components.",
        )),
    }
}

fn listed(cx: &mut Cx, sector: &str, redirects: &[String]) -> Result<()> {
    if !url::Url::parse(sector).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        let (code, words) = ("Invalid Sector Identifier URI.", "Malformed Sector Identifier URI.");
        return Err(oauth(StatusCode::BAD_REQUEST, code, words));
    }
    let unread = || refused("Failed to get redirect URIs from the Sector Identifier URI.");
    let body = cx.fetch(sector).map_err(|_| unread())?;
    let list: Vec<String> = serde_json::from_slice(&body).map_err(|_| unread())?;
    if redirects.iter().all(|uri| list.contains(uri)) {
        Ok(())
    } else {
        Err(refused("Client redirect URIs does not match redirect URIs fetched from the Sector Identifier URI."))
    }
}
