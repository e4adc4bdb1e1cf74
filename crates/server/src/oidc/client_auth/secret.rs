//! `client_secret_basic`, `client_secret_post`, and `none` for public clients.

use super::{CREDENTIALS, Refused};
use crate::{error::oauth, realm_view::ClientView};
use cloakroom_api::{endpoint::Form, fields::Secret};
use data_encoding::BASE64;
use http::{HeaderMap, StatusCode, header};

/// What a request says about its client.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) client_id: Option<String>,
    secret: Option<Secret>,
}

impl Given {
    /// Reads header and form; the form wins.
    pub(super) fn read(headers: &HeaderMap, form: &Form) -> Self {
        let basic = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(basic);
        let secret = form.get("client_secret").map(Secret::from);
        match (form.get("client_id"), basic) {
            // a secret in the header speaks for the client that the header names
            (Some(id), Some((other, of_header))) if id == other => {
                Given { client_id: Some(id.to_owned()), secret: secret.or(Some(of_header)) }
            }
            (Some(id), _) => Given { client_id: Some(id.to_owned()), secret },
            (None, Some((id, of_header))) => Given { client_id: Some(id), secret: secret.or(Some(of_header)) },
            (None, None) => Given { client_id: None, secret },
        }
    }
}

/// Both parts are encoded as in a form (RFC 6749 section 2.3.1).
fn basic(value: &str) -> Option<(String, Secret)> {
    let (scheme, text) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = BASE64.decode(text.trim().as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decode(id)?, Secret::from(decode(secret)?)))
}

fn decode(text: &str) -> Option<String> {
    let spaces = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaces).decode_utf8().ok().map(|text| text.into_owned())
}

/// Checks the secret of a confidential client; a public one has none to show.
pub(super) fn check(now: i64, client: &ClientView, given: &Given) -> Result<(), Refused> {
    if client.settings.public_client == Some(true) {
        return Ok(());
    }
    let is = |expected: Option<&Secret>| {
        given.secret.as_ref().zip(expected.filter(|s| !s.is_empty())).is_some_and(|(given, expected)| given == expected)
    };
    // after a rotation the secret before is good for a while
    let until = client.attribute("client.secret.rotated.expiration.time").and_then(|at| at.parse::<i64>().ok());
    let rotated =
        client.attribute("client.secret.rotated").map(Secret::from).filter(|_| until.is_some_and(|at| now < at));
    if is(client.settings.secret.as_ref()) || is(rotated.as_ref()) {
        return Ok(());
    }
    let error = oauth(StatusCode::UNAUTHORIZED, "unauthorized_client", CREDENTIALS);
    Err(Refused { client: None, by_secret: true, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(authorization: Option<&str>, fields: &[(&str, &str)]) -> (Option<String>, Option<String>) {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        let form = Form(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        let Given { client_id, secret } = Given::read(&headers, &form);
        (client_id, secret.map(Secret::into_exposed))
    }

    fn header(id: &str, secret: &str) -> String {
        format!("basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()))
    }

    #[test]
    fn both_parts_of_the_header_are_decoded() {
        let (id, secret) = given(Some(&header("odd%3Aclient+%C3%BC", "a%2Bb")), &[]);
        assert_eq!((id.as_deref(), secret.as_deref()), (Some("odd:client ü"), Some("a+b")));
    }

    #[test]
    fn the_form_wins_and_a_header_speaks_for_its_own_client_only() {
        let both = header("app", "wrong");
        let (id, secret) = given(Some(&both), &[("client_id", "app"), ("client_secret", "right")]);
        assert_eq!((id.as_deref(), secret.as_deref()), (Some("app"), Some("right")));
        let (id, secret) = given(Some(&both), &[("client_id", "other")]);
        assert_eq!((id.as_deref(), secret), (Some("other"), None));
    }

    #[test]
    fn other_headers_say_nothing() {
        for value in ["Basic", "Basic !!!", "Bearer abc", "Basic YXBw"] {
            assert_eq!(given(Some(value), &[]), (None, None), "{value}");
        }
    }
}
