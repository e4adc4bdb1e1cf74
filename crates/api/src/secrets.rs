//! Secrets in representations that are held as JSON: what Keycloak shows in their place, and which fields have them.

/// What Keycloak shows in a secret's place in an export, in a realm's mail settings and in a component's; sent back, it
/// means the value that is there.
pub const MASK: &str = "**********";

/// Whether a field's text is a secret, by its name: `clientSecret`, `bindCredential`, `saml.signing.private.key`, ….
pub fn is_secret(field: &str) -> bool {
    const ENDS: [&str; 8] = [
        "secret",
        "password",
        "credential",
        "privatekey",
        "private.key",
        "secretdata",
        "credentialdata",
        "accesstoken",
    ];
    let lower = field.to_lowercase();
    ENDS.iter().any(|end| lower.ends_with(end)) || lower == "kid.private" || lower.ends_with("client.secret.rotated")
}
