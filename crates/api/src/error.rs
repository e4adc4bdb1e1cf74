//! The body of every error answer: one shape, written by the server and read by the client.

use serde::{Deserialize, Serialize};

/// Keycloak's error shapes in one: OAuth 2.0's `error` and `error_description` (RFC 6749 section 5.2), the Admin API's
/// `errorMessage`, and the field errors of a user profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErrorBody {
    /// A code (`invalid_grant`), or a sentence where the Admin API answers so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What happened, for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// What happened, in the Admin API's words; a message key for field errors.
    #[serde(rename = "errorMessage", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The field of the representation that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The parameters of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<serde_json::Value>>,
    /// Several field errors at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl ErrorBody {
    /// The words meant for a person, whichever field they came in.
    pub fn text(&self) -> Option<&str> {
        [&self.error_description, &self.message, &self.error]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|t| !t.is_empty())
    }
}

/// One field that a user profile refuses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// A message key, such as `error-invalid-email`.
    #[serde(rename = "errorMessage")]
    pub message: String,
    /// The parameters of the message: the field, then the limits or the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<serde_json::Value>>,
}
