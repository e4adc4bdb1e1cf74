//! How an answer gets to the application: in the redirect's query or fragment, or as a form.

use serde::{Deserialize, Serialize};
use url::form_urlencoded;

/// RFC 9101 and OAuth 2.0 Form Post call it `response_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// An answer to an authorization request, good or bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    /// In the order in which they are sent.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn new(redirect_uri: &str, mode: ResponseMode) -> Self {
        Answer { redirect_uri: redirect_uri.to_owned(), mode, parameters: Vec::new() }
    }

    /// Adds a parameter.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.parameters.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a parameter that may be absent.
    #[must_use]
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The `Location` of the modes that redirect.
    pub(crate) fn location(&self) -> String {
        match self.mode {
            ResponseMode::Query | ResponseMode::FormPost => with_query(&self.redirect_uri, &self.parameters),
            ResponseMode::Fragment => {
                let target = self.redirect_uri.split('#').next().unwrap_or_default();
                format!("{target}#{}", encode(&self.parameters))
            }
        }
    }
}

/// A URI with further query parameters, in front of its fragment.
pub(crate) fn with_query(uri: &str, parameters: &[(String, String)]) -> String {
    if parameters.is_empty() {
        return uri.to_owned();
    }
    let (target, fragment) = uri.split_at(uri.find('#').unwrap_or(uri.len()));
    let joint = match target.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{target}{joint}{}{fragment}", encode(parameters))
}

fn encode(parameters: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(uri: &str, mode: ResponseMode) -> String {
        Answer::new(uri, mode)
            .with("state", "a b&c=d/é")
            .with_some("none", None::<String>)
            .with("code", "x.y")
            .location()
    }

    #[test]
    fn a_query_is_added_to_what_is_there() {
        let added = "state=a+b%26c%3Dd%2F%C3%A9&code=x.y";
        for (uri, expected) in [
            ("http://localhost/cb", format!("http://localhost/cb?{added}")),
            ("http://localhost/cb?x=1", format!("http://localhost/cb?x=1&{added}")),
            ("http://localhost/cb?", format!("http://localhost/cb?{added}")),
            ("http://localhost/cb#frag", format!("http://localhost/cb?{added}#frag")),
            ("myapp://cb", format!("myapp://cb?{added}")),
        ] {
            assert_eq!(location(uri, ResponseMode::Query), expected);
        }
    }

    #[test]
    fn a_fragment_takes_the_place_of_another() {
        let expected = "http://localhost/cb?x=1#state=a+b%26c%3Dd%2F%C3%A9&code=x.y";
        assert_eq!(location("http://localhost/cb?x=1#old", ResponseMode::Fragment), expected);
    }

    #[test]
    fn no_value_breaks_out_of_its_parameter_or_header() {
        let answer =
            Answer::new("http://localhost/cb", ResponseMode::Query).with("state", "x&code=evil#\r\nSet-Cookie: a=b");
        assert_eq!(answer.location(), "http://localhost/cb?state=x%26code%3Devil%23%0D%0ASet-Cookie%3A+a%3Db");
    }
}
