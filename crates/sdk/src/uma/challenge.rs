//! What a resource server answers where a permission is lacking (UMA 2.0 Grant, 3.2.2).

use std::fmt;

use cloakroom_api::fields::Secret;

use crate::error::auth_param;

/// The `WWW-Authenticate` of a 401 that sends the caller to the authorization server with a ticket. A resource server writes
/// it, a caller reads it, and asks with [`RptRequest::ticket`](crate::uma::RptRequest::ticket).
///
/// ```
/// use cloakroom::uma::Challenge;
///
/// let header = r#"UMA realm="acme", as_uri="https://id.example.com/realms/acme", ticket="016f84e8""#;
/// let challenge = Challenge::parse(header).unwrap();
/// assert_eq!(challenge.ticket.expose(), "016f84e8");
/// assert_eq!(challenge.to_header(), header);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The realm's name.
    pub realm: String,
    /// The realm as an issuer.
    pub as_uri: String,
    /// What the caller lacked.
    pub ticket: Secret,
}

impl Challenge {
    /// Reads the header's value; `None` for another kind of challenge.
    pub fn parse(header: &str) -> Option<Self> {
        let rest = header.trim_start().strip_prefix("UMA ")?;
        Some(Challenge {
            realm: auth_param(rest, "realm").unwrap_or_default(),
            as_uri: auth_param(rest, "as_uri")?,
            ticket: auth_param(rest, "ticket")?.into(),
        })
    }

    /// The header's value.
    pub fn to_header(&self) -> String {
        let clean = |text: &str| text.replace(['"', '\\'], "");
        let (realm, as_uri) = (clean(&self.realm), clean(&self.as_uri));
        format!(r#"UMA realm="{realm}", as_uri="{as_uri}", ticket="{}""#, clean(self.ticket.expose()))
    }
}

impl fmt::Display for Challenge {
    /// Without the ticket, for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "permissions are to be asked for at {}", self.as_uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_challenges_are_none() {
        assert_eq!(Challenge::parse(r#"Bearer realm="acme""#), None);
        assert_eq!(Challenge::parse(r#"UMA realm="acme""#), None);
    }
}
