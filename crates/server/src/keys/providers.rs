//! The kinds of key components: what they can be configured with, and what their configuration must be.

use super::generate;
use crate::{App, Error, Result, error::bad_request};
use cloakroom_api::fields::Attributes;
use cloakroom_jose::PrivateKey;
use data_encoding::BASE64;
use x509_parser::prelude::{FromDer, X509Certificate};

/// What every key component can be configured with.
pub const COMMON: [&str; 3] = ["priority", "enabled", "active"];

/// The providers of keys, each with its own settings.
pub const PROVIDERS: [(&str, &[&str]); 10] = [
    ("rsa-generated", &["keySize", "algorithm"]),
    ("rsa-enc-generated", &["keySize", "algorithm"]),
    ("rsa", &["privateKey", "certificate", "algorithm"]),
    ("rsa-enc", &["privateKey", "certificate", "algorithm"]),
    ("hmac-generated", &["secretSize", "algorithm"]),
    ("aes-generated", &["secretSize"]),
    ("ecdsa-generated", &["ecdsaEllipticCurveKey"]),
    ("eddsa-generated", &["eddsaEllipticCurveKey"]),
    ("ecdh-generated", &["ecdhEllipticCurveKey", "ecdhAlgorithm"]),
    (
        "java-keystore",
        &["keystore", "keystorePassword", "keyAlias", "keyPassword", "keystoreType", "keyUse", "algorithm"],
    ),
];

/// Settings that only certain values make sense for, with the name that people see.
const CHOICES: [(&str, &str, &[&str]); 5] = [
    ("keySize", "Key size", &["1024", "2048", "3072", "4096"]),
    ("ecdsaEllipticCurveKey", "Elliptic Curve", &["P-256", "P-384", "P-521"]),
    ("ecdhEllipticCurveKey", "Elliptic Curve", &["P-256", "P-384", "P-521"]),
    ("eddsaEllipticCurveKey", "Elliptic Curve", &["Ed25519", "Ed448"]),
    ("secretSize", "Secret size", &["16", "24", "32", "64", "128", "256", "512"]),
];

/// What providers generate, beside what people configure.
const GENERATED: [&str; 10] = [
    "privateKey",
    "certificate",
    "ecdsaPrivateKey",
    "ecdsaPublicKey",
    "ecdhPrivateKey",
    "ecdhPublicKey",
    "eddsaPrivateKey",
    "eddsaPublicKey",
    "secret",
    "kid",
];

/// Checks a component's configuration and completes it: a generated key, or the certificate of a given one. `stored` is
/// the configuration before a change; a key of another size or curve is made anew. Not to be called with the transaction
/// open: a key can take a second.
pub fn complete(
    app: &App,
    realm: &str,
    now: i64,
    provider: &str,
    config: &mut Attributes,
    stored: Option<&Attributes>,
) -> Result<()> {
    check(provider, config)?;
    match provider {
        "rsa" | "rsa-enc" => certify(app, realm, now, config),
        "java-keystore" => Err(bad_request(
            "Java keystores are not supported. Use the provider 'rsa' or 'rsa-enc' with the key and the certificate as PEM",
        )),
        _ => {
            let changed = |stored: &Attributes| generate::kind(provider, stored) != generate::kind(provider, config);
            if stored.is_some_and(changed) {
                GENERATED.iter().for_each(|name| drop(config.remove(*name)));
            }
            generate::keys(app, realm, now, vec![generate::Wanted { provider, config }])
        }
    }
}

fn check(provider: &str, config: &Attributes) -> Result<()> {
    let value = |name: &str| config.first(name).map(str::trim).filter(|v| !v.is_empty());
    if value("priority").is_some_and(|v| v.parse::<i64>().is_err()) {
        return Err(bad_request("'Priority' should be a number"));
    }
    for (name, label) in [("enabled", "Enabled"), ("active", "Active")] {
        if value(name).is_some_and(|v| !v.eq_ignore_ascii_case("true") && !v.eq_ignore_ascii_case("false")) {
            return Err(bad_request(format!("'{label}' should be 'true' or 'false'")));
        }
    }
    let settings = PROVIDERS.iter().find(|(name, _)| *name == provider).map_or(&[][..], |(_, settings)| settings);
    for (name, label, choices) in CHOICES.iter().filter(|(name, ..)| settings.contains(name)) {
        if value(name).is_some_and(|v| !choices.contains(&v)) {
            let (last, others) = choices.split_last().map_or(("", &[][..]), |(last, others)| (*last, others));
            return Err(bad_request(format!("'{label}' should be {} or {last}", others.join(", "))));
        }
    }
    match (value("keySize"), value("eddsaEllipticCurveKey")) {
        (Some("1024"), _) => {
            Err(bad_request("RSA keys of 1024 bits are too weak to be made: 'Key size' should be 2048, 3072 or 4096"))
        }
        (_, Some("Ed448")) => Err(bad_request("Ed448 is not supported: 'Elliptic Curve' should be Ed25519")),
        _ => Ok(()),
    }
}

/// A given key must be readable, and its certificate its own. Without a certificate one is made.
fn certify(app: &App, realm: &str, now: i64, config: &mut Attributes) -> Result<()> {
    let Some(private) = config.first("privateKey").filter(|v| !v.trim().is_empty()) else {
        return Err(bad_request("'Private RSA Key' is required"));
    };
    let undecodable = |_| bad_request("Failed to decode private key");
    let key = PrivateKey::from_pem(private).map_err(undecodable)?;
    if key.public().kty() != "RSA" {
        return Err(bad_request("Failed to decode private key"));
    }
    match config.first("certificate").filter(|v| !v.trim().is_empty()) {
        Some(text) => {
            let der = certificate_der(text).ok_or_else(|| bad_request("Failed to decode certificate"))?;
            let (_, parsed) =
                X509Certificate::from_der(&der).map_err(|_| bad_request("Failed to decode certificate"))?;
            if parsed.public_key().raw != key.public().spki_der() {
                return Err(bad_request("Certificate does not match private key"));
            }
            config.insert("certificate".to_owned(), vec![BASE64.encode(&der)]);
        }
        None => {
            let made = generate::certificate(app, &key, realm, now)?;
            config.insert("certificate".to_owned(), vec![made]);
        }
    }
    Ok(())
}

/// The DER of a certificate in PEM or in bare base64.
pub fn certificate_der(text: &str) -> Option<Vec<u8>> {
    let body: String = text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    BASE64.decode(body.as_bytes()).ok()
}

/// When a certificate (base64 of its DER) ends, in milliseconds.
pub fn valid_to(certificate: &str) -> Option<i64> {
    let der = certificate_der(certificate)?;
    let (_, parsed) = X509Certificate::from_der(&der).ok()?;
    Some(parsed.validity().not_after.timestamp() * 1000)
}

/// The error for a provider that there is not.
pub fn unknown() -> Error {
    crate::error::error(http::StatusCode::BAD_REQUEST, "Invalid provider type or no such provider")
}
