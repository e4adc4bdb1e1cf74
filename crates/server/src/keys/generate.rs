//! New keys for components that have none yet: key pairs with certificates, and shared secrets.

use crate::{App, Result, error};
use cloakroom_api::fields::Attributes;
use cloakroom_jose::{KeySpec, PrivateKey};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SerialNumber};
use time::{Duration, OffsetDateTime};

/// Certificates are good from a little before now, for clocks that differ, for ten years.
const EARLIER: Duration = Duration::seconds(100);
const VALIDITY: Duration = Duration::days(3652);

/// A component that wants a key: its provider, and its configuration, which gets the key.
pub struct Wanted<'a> {
    /// The provider, such as `rsa-generated`.
    pub provider: &'a str,
    /// The component's configuration.
    pub config: &'a mut Attributes,
}

/// Gives each component the key that it has not got. RSA keys take a tenth of a second each, so they are made side by
/// side; not to be called with the transaction open.
pub fn keys(app: &App, realm: &str, now: i64, wanted: Vec<Wanted<'_>>) -> Result<()> {
    std::thread::scope(|scope| {
        let mut pairs = Vec::new();
        for Wanted { provider, config } in wanted {
            match kind(provider, config) {
                Some(Kind::Pair { spec, field, .. }) if !config.contains_key(field) => {
                    let make = move || app.key_maker.pair(spec);
                    pairs.push((
                        provider,
                        config,
                        matches!(field, "privateKey").then(|| scope.spawn(make)),
                        spec,
                        field,
                    ));
                }
                Some(Kind::Secret { length }) if !config.contains_key("secret") => {
                    let mut secret = zeroize::Zeroizing::new(vec![0; length]);
                    app.random.fill(&mut secret);
                    put(config, "secret", BASE64URL_NOPAD.encode(&secret));
                    if !config.contains_key("kid") {
                        put(config, "kid", app.random.uuid());
                    }
                }
                _ => {}
            }
        }
        for (_, config, under_way, spec, field) in pairs {
            let pair = match under_way {
                Some(thread) => thread.join().map_err(|_| error::internal("a key could not be made"))??,
                None => app.key_maker.pair(spec)?,
            };
            put(config, field, pair.to_base64()?.to_string());
            if field == "privateKey" {
                put(config, "certificate", certificate(app, &pair, realm, now)?);
            } else {
                put(config, &field.replace("Private", "Public"), BASE64.encode(pair.public().spki_der()));
            }
        }
        Ok(())
    })
}

fn put(config: &mut Attributes, name: &str, value: String) {
    config.insert(name.to_owned(), vec![value]);
}

/// What a provider generates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A key pair, kept in this field of the configuration.
    Pair {
        /// Of which kind.
        spec: KeySpec,
        /// The field of the private key.
        field: &'static str,
    },
    /// A shared secret of so many bytes.
    Secret {
        /// In bytes.
        length: usize,
    },
}

/// What this component is to generate; `None` for a provider whose keys are brought along.
pub fn kind(provider: &str, config: &Attributes) -> Option<Kind> {
    let value = |name: &str| config.first(name).filter(|v| !v.is_empty());
    let curve = |name: &str| match value(name) {
        Some("P-384") => KeySpec::P384,
        Some("P-521") => KeySpec::P521,
        _ => KeySpec::P256,
    };
    let length = |usual: usize| value("secretSize").and_then(|s| s.parse().ok()).unwrap_or(usual);
    Some(match provider {
        "rsa-generated" | "rsa-enc-generated" => {
            let bits = value("keySize").and_then(|s| s.parse().ok()).unwrap_or(2048);
            Kind::Pair { spec: KeySpec::rsa(bits).unwrap_or(KeySpec::Rsa2048), field: "privateKey" }
        }
        "ecdsa-generated" => Kind::Pair { spec: curve("ecdsaEllipticCurveKey"), field: "ecdsaPrivateKey" },
        "ecdh-generated" => Kind::Pair { spec: curve("ecdhEllipticCurveKey"), field: "ecdhPrivateKey" },
        "eddsa-generated" => Kind::Pair { spec: KeySpec::Ed25519, field: "eddsaPrivateKey" },
        "hmac-generated" => Kind::Secret { length: length(if value("algorithm") == Some("HS512") { 128 } else { 64 }) },
        "aes-generated" => Kind::Secret { length: length(16) },
        _ => return None,
    })
}

/// A certificate that the key signs for itself, in the realm's name: base64 of its DER.
pub fn certificate(app: &App, key: &PrivateKey, subject: &str, now: i64) -> Result<String> {
    let pair = KeyPair::try_from(key.to_pkcs8_der()?.as_slice()).map_err(error::internal)?;
    let now = OffsetDateTime::from_unix_timestamp(now / 1000).map_err(error::internal)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject);
    params.not_before = now - EARLIER;
    params.not_after = now + VALIDITY;
    let mut serial = app.random.bytes::<16>();
    // positive, and never zero
    serial[0] = serial[0] & 0x7f | 0x01;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let certificate = params.self_signed(&pair).map_err(error::internal)?;
    Ok(BASE64.encode(certificate.der()))
}
