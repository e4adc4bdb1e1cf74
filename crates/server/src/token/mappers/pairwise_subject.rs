//! `oidc-sha256-pairwise-sub-mapper`: a subject that only clients of one site know the user by (OpenID Connect Core 8.1).

use super::{Claims, Input, Map, Place};
use aws_lc_rs::digest;
use cloakroom_api::fields::StringMap;
use md5::{Digest, Md5};
use url::Url;

#[derive(Debug)]
pub(super) struct PairwiseSubject {
    sector: Option<String>,
    salt: String,
}

impl PairwiseSubject {
    pub(super) fn read(config: &StringMap) -> Self {
        let sector = config.get("sectorIdentifierUri").filter(|uri| !uri.is_empty()).and_then(host);
        PairwiseSubject { sector, salt: config.get("pairwiseSubAlgorithmSalt").unwrap_or_default().to_owned() }
    }

    fn subject(&self, input: &Input<'_>) -> String {
        let root = input.client.settings.root_url.as_deref();
        let uris = input.client.settings.redirect_uris.as_deref().unwrap_or_default();
        let sector = self.sector.clone().or_else(|| uris.iter().find_map(|uri| host(uri)).or_else(|| host(root?)));
        let mut hash = digest::Context::new(&digest::SHA256);
        for part in [sector.as_deref().unwrap_or_default(), &input.subject.user.id, &self.salt] {
            hash.update(part.as_bytes());
        }
        // MD5 is no safeguard here, only Keycloak's way to make a UUID: users keep their subjects when they move over
        let short: [u8; 16] = Md5::digest(hash.finish()).into();
        uuid::Builder::from_md5_bytes(short).into_uuid().to_string()
    }
}

fn host(uri: &str) -> Option<String> {
    Url::parse(uri.trim_end_matches('*')).ok()?.host_str().map(str::to_owned)
}

impl Map for PairwiseSubject {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        if input.place != Place::Lightweight {
            claims.set("sub", self.subject(input));
        }
    }

    fn everywhere(&self) -> bool {
        true
    }
}
