//! `oidc-address-mapper`: the claim `address`, made of attributes (OpenID Connect Core 5.1.1).

use super::{Claims, Input, Map, Needs};
use cloakroom_api::fields::StringMap;
use serde_json::Map as Object;

#[derive(Debug)]
pub(super) struct Address {
    /// The attribute of each part.
    parts: [(&'static str, String); 6],
}

/// Each part of an address, as the claim and as the configuration name it.
const PARTS: [(&str, &str); 6] = [
    ("formatted", "formatted"),
    ("street_address", "street"),
    ("locality", "locality"),
    ("region", "region"),
    ("postal_code", "postal_code"),
    ("country", "country"),
];

impl Address {
    pub(super) fn read(config: &StringMap) -> Self {
        let attribute = |part: &str| config.get(&format!("user.attribute.{part}")).unwrap_or(part).to_owned();
        Address { parts: PARTS.map(|(claim, part)| (claim, attribute(part))) }
    }
}

impl Map for Address {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let mut address = Object::new();
        for (claim, attribute) in &self.parts {
            if let Some(value) = input.subject.attribute(attribute, false).next() {
                address.insert((*claim).to_owned(), value.into());
            }
        }
        if !address.is_empty() {
            claims.set("address", address);
        }
    }

    fn needs(&self) -> Needs {
        Needs { attributes: true, groups: false }
    }
}
