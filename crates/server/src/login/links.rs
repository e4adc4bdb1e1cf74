//! Addresses of the login: what the forms and links of its pages point to.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::{
    request::{AuthorizationRequest, Pairs, single},
    response::ResponseMode,
};

/// The parameters that every link of a login carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Links<'a> {
    /// `https://id.example.org/realms/acme`.
    pub(crate) realm: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) tab: &'a str,
    pub(crate) request: &'a AuthorizationRequest,
}

impl Links<'_> {
    /// An absolute address under `login-actions`, with these parameters first.
    pub(crate) fn to(&self, action: &str, first: &[(&str, &str)]) -> String {
        let data = ClientData::of(self.request).encode();
        let common = [("client_id", self.client_id), ("tab_id", self.tab), ("client_data", &data)];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(first).extend_pairs(common).finish();
        format!("{}/login-actions/{action}?{query}", self.realm)
    }

    /// The same without scheme and host.
    pub(crate) fn path(&self, action: &str, first: &[(&str, &str)]) -> String {
        path_of(&self.to(action, first)).to_owned()
    }
}

/// An address without its scheme and host.
pub(crate) fn path_of(address: &str) -> &str {
    let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    after_scheme.find('/').map_or("/", |at| &after_scheme[at..])
}

/// What a link tells of its request, for the case that everything else is gone: it can only ask again, and is checked
/// like any request. The names are Keycloak's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClientData {
    #[serde(rename = "ru", default, skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<String>,
    #[serde(rename = "rt", default, skip_serializing_if = "Option::is_none")]
    response_type: Option<String>,
    #[serde(rename = "rm", default, skip_serializing_if = "Option::is_none")]
    response_mode: Option<String>,
    #[serde(rename = "st", default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

impl ClientData {
    fn of(request: &AuthorizationRequest) -> Self {
        let mode = match request.response_mode {
            ResponseMode::Query => None,
            ResponseMode::Fragment => Some("fragment"),
            ResponseMode::FormPost => Some("form_post"),
        };
        ClientData {
            redirect_uri: Some(request.redirect_uri.clone()),
            response_type: Some(request.response_type.words()),
            response_mode: mode.map(str::to_owned),
            state: request.wishes.state.clone(),
        }
    }

    fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// The request's parameters, as a link has them.
    pub(crate) fn pairs(query: &Pairs) -> Option<Vec<(String, String)>> {
        let data = BASE64URL_NOPAD.decode(single(query, "client_data")?.as_bytes()).ok()?;
        let data: ClientData = serde_json::from_slice(&data).ok()?;
        let named = [
            ("redirect_uri", data.redirect_uri),
            ("response_type", data.response_type),
            ("response_mode", data.response_mode),
            ("state", data.state),
        ];
        Some(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::request::{ResponseType, Wishes};

    fn request() -> AuthorizationRequest {
        AuthorizationRequest {
            client_id: "my app".into(),
            redirect_uri: "http://localhost/cb".into(),
            redirect_uri_given: true,
            response_type: ResponseType { code: true, ..ResponseType::default() },
            response_mode: ResponseMode::Fragment,
            wishes: Wishes { state: Some("s&t".into()), ..Wishes::default() },
        }
    }

    #[test]
    fn links_say_which_login_they_belong_to() {
        let request = request();
        let links = Links { realm: "https://id.example/realms/acme", client_id: "my app", tab: "t", request: &request };
        let link = links.to("authenticate", &[("session_code", "c"), ("execution", "e")]);
        let expected = "https://id.example/realms/acme/login-actions/authenticate?session_code=c&execution=e&client_id=my+app&tab_id=t&client_data=";
        assert!(link.starts_with(expected), "{link}");
        assert!(
            links.path("restart", &[]).starts_with("/realms/acme/login-actions/restart?client_id=my+app&tab_id=t&")
        );
    }

    #[test]
    fn a_link_can_repeat_its_request() {
        let request = request();
        let links = Links { realm: "https://id.example/realms/acme", client_id: "my app", tab: "t", request: &request };
        let link = links.to("authenticate", &[]);
        let query: Vec<(String, String)> =
            form_urlencoded::parse(link.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let pairs = ClientData::pairs(&query).unwrap();
        let expected = [
            ("redirect_uri", "http://localhost/cb"),
            ("response_type", "code"),
            ("response_mode", "fragment"),
            ("state", "s&t"),
        ];
        assert_eq!(pairs, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
        for bad in ["", "%%", "bm90IGpzb24", "MQ"] {
            assert_eq!(ClientData::pairs(&[("client_data".into(), bad.into())]), None, "{bad}");
        }
    }
}
