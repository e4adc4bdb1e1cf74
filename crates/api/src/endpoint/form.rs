//! URL-encoded forms.

use crate::lenient::BodyError;
use serde::Serialize;

/// The fields of a form, in order and as sent: Keycloak refuses repeated ones, so they are kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(pub Vec<(String, String)>);

impl Form {
    /// The fields of a struct or of a list of pairs.
    pub fn of(fields: &impl Serialize) -> Result<Self, BodyError> {
        let text = serde_html_form::to_string(fields).map_err(BodyError::form)?;
        serde_html_form::from_str(&text).map(Form).map_err(BodyError::form)
    }
    /// Adds a field.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The name of a field that is there more than once.
    pub fn repeated(&self) -> Option<&str> {
        let mut seen = std::collections::HashSet::new();
        self.0.iter().map(|(n, _)| n.as_str()).find(|n| !seen.insert(*n))
    }
}

/// Names only: values of forms are passwords and tokens.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(n, _)| n)).finish()
    }
}
