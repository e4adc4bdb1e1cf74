//! The JOSE header (RFC 7515, 4).

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::{Algorithm, Error, Result};

/// What a token says about itself. Until the signature is verified, these are a stranger's words.
///
/// ```
/// use cloakroom_jose::{Algorithm, Header};
/// let header = Header { typ: Some("logout+jwt".to_owned()), ..Header::new(Algorithm::RS256) };
/// assert_eq!(serde_json::to_string(&header).unwrap(), r#"{"alg":"RS256","typ":"logout+jwt"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    pub alg: Algorithm,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cty: Option<String>,
    /// All other members. `jwk`, `jku`, `x5u`, `x5c` and the like end up here; this crate never acts on them.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Header {
    /// A header with `alg` alone.
    pub fn new(alg: Algorithm) -> Header {
        Header { alg, typ: None, kid: None, cty: None, other: Map::new() }
    }

    /// Reads the decoded header. Strict: one JSON object, no member twice, text where text belongs.
    pub(crate) fn parse(json: &[u8]) -> Result<Header> {
        let Members(mut members) =
            serde_json::from_slice(json).map_err(|_| Error::Malformed("the header is not a JSON object"))?;
        if members.contains_key("crit") {
            return Err(Error::CriticalExtension);
        }
        let mut text = |name| match members.shift_remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Error::Malformed("a header member is not a string")),
        };
        let alg = text("alg")?.ok_or(Error::Malformed("the header has no alg"))?.parse()?;
        let (typ, kid, cty) = (text("typ")?, text("kid")?, text("cty")?);
        Ok(Header { alg, typ, kid, cty, other: members })
    }
}

/// An object's members, each at most once (RFC 7515, 4: duplicates are refused, since readers disagree on them).
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Members, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.insert(name, map.next_value()?).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(Members(members))
    }
}
