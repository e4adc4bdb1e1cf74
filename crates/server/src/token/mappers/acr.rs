//! `oidc-acr-mapper`: how well the user was authenticated, by the names that the client or the realm has for its levels.

use super::{Claims, Input, Map};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct Acr;

/// The note of the client session that holds the level.
pub(crate) const LEVEL: &str = "acr";

impl Map for Acr {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let level = input.client_notes.get(LEVEL).map_or("1", String::as_str);
        claims.set("acr", name(input, level).unwrap_or_else(|| level.to_owned()));
    }
}

fn name(input: &Input<'_>, level: &str) -> Option<String> {
    let read = |map: Option<&str>| {
        let levels: BTreeMap<String, serde_json::Value> = serde_json::from_str(map?).ok()?;
        Some(levels).filter(|levels| !levels.is_empty())
    };
    let of_client = read(input.client.settings.attributes.as_ref().and_then(|a| a.get("acr.loa.map")));
    let levels = of_client.or_else(|| read(input.realm.settings.attributes.as_ref()?.get("acr.loa.map")))?;
    levels.into_iter().find(|(_, value)| crate::token::claims::text_of(value) == level).map(|(name, _)| name)
}
