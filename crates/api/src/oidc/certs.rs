//! The public keys that tokens are signed with (RFC 7517).

use crate::{endpoint::Json, endpoints, representation::representations};

representations! {
    in snake_case;

    /// A set of keys.
    pub struct KeySet {
        pub keys: Option<Vec<PublicKey>>,
    }

    /// A public key. Numbers and points are base64url without padding.
    pub struct PublicKey {
        pub kid: Option<String>,
        /// `RSA`, `EC`, `OKP`.
        pub kty: Option<String>,
        pub alg: Option<String>,
        /// `sig` or `enc`.
        pub r#use: Option<String>,
        /// The certificate, then those that vouch for it: base64 with padding, DER.
        pub x5c: Option<Vec<String>>,
        pub x5t: Option<String>,
        #[serde(rename = "x5t#S256")]
        pub x5t_s256: Option<String>,
        /// The modulus of an RSA key.
        pub n: Option<String>,
        /// The exponent of an RSA key.
        pub e: Option<String>,
        /// The curve of an EC or OKP key.
        pub crv: Option<String>,
        pub x: Option<String>,
        pub y: Option<String>,
    }
}

endpoints! {
    /// The public keys of a realm.
    Certs(realm)

    /// The keys that are active or still accepted.
    GET "/realms/{realm}/protocol/openid-connect/certs"
    fn get() -> Json<KeySet>;
}
