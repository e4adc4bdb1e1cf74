//! `oidc-claims-param-token-mapper` and `oidc-claims-param-value-idtoken-mapper`: what the request's `claims` parameter
//! asks for (OpenID Connect Core 5.5).

use super::{Claims, Input, Map, Needs, Place};
use crate::token::claims::{JsonType, Path};
use cloakroom_api::fields::StringMap;
use serde_json::Value;

/// The note of the client session that holds the parameter.
pub(crate) const PARAMETER: &str = "claims";

/// The part of the parameter that is about a place.
fn asked(input: &Input<'_>) -> Option<Value> {
    let mut parameter: Value = serde_json::from_str(input.client_notes.get(PARAMETER)?).ok()?;
    let part = match input.place {
        Place::Id => "id_token",
        Place::Userinfo => "userinfo",
        Place::Access | Place::Lightweight | Place::Introspection => return None,
    };
    parameter.get_mut(part).map(Value::take)
}

/// Each claim of OpenID Connect, the attribute that it is made of, and its type.
const STANDARD: [(&str, &str, JsonType); 17] = [
    ("birthdate", "birthdate", JsonType::Text),
    ("email", "email", JsonType::Text),
    ("email_verified", "emailVerified", JsonType::Boolean),
    ("family_name", "lastName", JsonType::Text),
    ("gender", "gender", JsonType::Text),
    ("given_name", "firstName", JsonType::Text),
    ("locale", "locale", JsonType::Text),
    ("middle_name", "middleName", JsonType::Text),
    ("nickname", "nickname", JsonType::Text),
    ("phone_number", "phoneNumber", JsonType::Text),
    ("phone_number_verified", "phoneNumberVerified", JsonType::Boolean),
    ("picture", "picture", JsonType::Text),
    ("preferred_username", "username", JsonType::Text),
    ("profile", "profile", JsonType::Text),
    ("updated_at", "updatedAt", JsonType::Long),
    ("website", "website", JsonType::Text),
    ("zoneinfo", "zoneinfo", JsonType::Text),
];

/// Adds the standard claims that are asked for by name.
#[derive(Debug)]
pub(super) struct ClaimsParameter;

impl Map for ClaimsParameter {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let Some(Value::Object(asked)) = asked(input) else { return };
        for (claim, attribute, kind) in STANDARD.iter().filter(|(claim, ..)| asked.contains_key(*claim)) {
            let verified = input.subject.user.email_verified.to_string();
            let text = match *attribute {
                "emailVerified" => Some(verified.as_str()),
                attribute => input.subject.attribute(attribute, false).next(),
            };
            claims.set_some(claim, text.and_then(|text| kind.value(text)));
        }
        if let Some(name) = input.subject.full_name().filter(|_| asked.contains_key("name")) {
            claims.set("name", name);
        }
    }

    fn needs(&self) -> Needs {
        Needs { attributes: true, groups: false }
    }
}

/// Repeats the value that the parameter gives one claim of the ID token.
#[derive(Debug)]
pub(super) struct ClaimsParameterValue {
    name: String,
    path: Path,
}

impl ClaimsParameterValue {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        let name = config.get("claim.name")?;
        Some(ClaimsParameterValue { name: name.to_owned(), path: Path::parse(name)? })
    }
}

impl Map for ClaimsParameterValue {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let value = asked(input).and_then(|asked| asked.get(&self.name)?.get("value").cloned());
        if let Some(value) = value.filter(|_| input.place == Place::Id) {
            claims.map(&self.path, value);
        }
    }
}
