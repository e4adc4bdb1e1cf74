//! The keys of a realm: which are there, which one is active for an algorithm. The mathematics is in `cloakroom-jose`.

mod fallback;
pub mod generate;
mod maker;
pub mod providers;

pub use fallback::signing;
pub use maker::KeyMaker;

use crate::Result;
use cloakroom_jose::{Algorithm, KeySet, PrivateKey, Secret, SigningKey, Verified};
use cloakroom_store::components::ComponentRow;
use std::sync::Arc;

/// The provider type of components that are keys.
pub const PROVIDER_TYPE: &str = "org.keycloak.keys.KeyProvider";

/// The keys of a realm, the ones to prefer first.
#[derive(Debug, Default)]
pub struct RealmKeys {
    keys: Vec<RealmKey>,
    verifying: KeySet,
}

/// One key of a realm.
#[derive(Debug)]
pub struct RealmKey {
    /// The component that it comes from.
    pub component: String,
    /// The greatest wins.
    pub priority: i64,
    /// The key's id in tokens.
    pub kid: String,
    /// The algorithm's JOSE name.
    pub algorithm: String,
    /// Whether it signs and verifies; the others encrypt.
    pub signs: bool,
    /// Whether new tokens may use it.
    pub active: bool,
    /// Whether it is used at all.
    pub enabled: bool,
    /// The key itself.
    pub material: Material,
    signing: Option<Arc<SigningKey>>,
}

/// What a key is made of.
#[derive(Debug)]
pub enum Material {
    /// A key pair, with a certificate (base64 DER) where there is one.
    Pair {
        /// The private key, and through it the public one.
        private: Box<PrivateKey>,
        /// Base64 of the DER certificate.
        certificate: Option<String>,
    },
    /// A shared secret.
    Secret(Secret),
}

impl RealmKeys {
    /// Parses the keys of a realm's components. A component whose key cannot be read is passed over and logged.
    pub fn load(components: &[ComponentRow]) -> Result<Self> {
        let mut keys: Vec<RealmKey> = Vec::new();
        for component in components.iter().filter(|c| c.provider_type.as_deref() == Some(PROVIDER_TYPE)) {
            match parse(component) {
                Ok(Some(key)) => keys.push(key),
                Ok(None) => {}
                Err(cause) => tracing::warn!(component = component.id, %cause, "a key cannot be read"),
            }
        }
        // stable: of equal priority the oldest component stays first
        keys.sort_by_key(|k| std::cmp::Reverse(k.priority));
        let verifying = keys.iter().filter(|k| k.enabled).filter_map(|k| k.signing.as_ref()?.verifying_key().ok());
        let verifying = verifying.collect::<KeySet>();
        Ok(RealmKeys { keys, verifying })
    }

    /// All keys, the ones to prefer first.
    pub fn iter(&self) -> impl Iterator<Item = &RealmKey> {
        self.keys.iter()
    }

    /// What signs new tokens of this algorithm.
    pub fn signing(&self, algorithm: Algorithm) -> Option<&Arc<SigningKey>> {
        let usable = |k: &&RealmKey| k.active && k.enabled && k.algorithm == algorithm.name();
        self.keys.iter().filter(usable).find_map(|k| k.signing.as_ref())
    }

    /// Verifies the signature of a token of the realm, by a key that is bound to the token's algorithm. Nothing is said about
    /// its claims.
    pub fn verify(&self, token: &str) -> Result<Verified, cloakroom_jose::Error> {
        cloakroom_jose::verify(token, &self.verifying)
    }
}

fn parse(component: &ComponentRow) -> Result<Option<RealmKey>, cloakroom_jose::Error> {
    let value = |name: &str| component.config.first(name);
    let flag = |name: &str| value(name).is_none_or(|v| v.eq_ignore_ascii_case("true"));
    let provider = component.provider.as_deref().unwrap_or_default();
    const PRIVATE: [&str; 4] = ["privateKey", "ecdsaPrivateKey", "eddsaPrivateKey", "ecdhPrivateKey"];
    let material = if let Some(private) = PRIVATE.into_iter().find_map(value) {
        let private = Box::new(PrivateKey::from_pem(private)?);
        Material::Pair { private, certificate: value("certificate").map(str::to_owned) }
    } else if let Some(secret) = value("secret") {
        Material::Secret(Secret::from_base64url(secret)?)
    } else {
        return Ok(None);
    };
    let algorithm = value("algorithm")
        .or(value("ecdhAlgorithm"))
        .map_or_else(|| default_algorithm(provider, component).to_owned(), str::to_owned);
    let signs = !matches!(algorithm.as_str(), "AES") && !algorithm.starts_with("RSA") && !algorithm.starts_with("ECDH");
    let (kid, signing) = match &material {
        Material::Pair { private, .. } => {
            let kid = value("kid").map_or_else(|| private.public().key_id(), str::to_owned);
            let key = algorithm.parse().ok().filter(|_| signs).map(|alg| SigningKey::new(alg, private)).transpose()?;
            (kid, key)
        }
        Material::Secret(secret) => {
            let kid = value("kid").unwrap_or(&component.id).to_owned();
            let alg = algorithm.parse().ok().filter(|_| signs);
            let key = alg.map(|alg| SigningKey::from_secret(alg, secret.as_bytes())).transpose()?;
            (kid, key)
        }
    };
    Ok(Some(RealmKey {
        component: component.id.clone(),
        priority: value("priority").and_then(|p| p.parse().ok()).unwrap_or(0),
        signing: signing.map(|key| Arc::new(key.with_kid(kid.clone()))),
        kid,
        algorithm,
        signs,
        active: flag("active"),
        enabled: flag("enabled"),
        material,
    }))
}

/// The algorithm of a component that does not name one.
fn default_algorithm(provider: &str, component: &ComponentRow) -> &'static str {
    match provider {
        "rsa-enc" | "rsa-enc-generated" => "RSA-OAEP",
        "hmac-generated" => "HS256",
        "aes-generated" => "AES",
        "ecdsa-generated" => match component.config.first("ecdsaEllipticCurveKey") {
            Some("P-384") => "ES384",
            Some("P-521") => "ES512",
            _ => "ES256",
        },
        "eddsa-generated" => "EdDSA",
        "ecdh-generated" => "ECDH-ES",
        _ => "RS256",
    }
}
