//! The authorization request (OpenID Connect Core 3.1.2.1): read, checked in Keycloak's order, refused in its words.

use serde::{Deserialize, Serialize};

use super::response::{Answer, ResponseMode};
use crate::oidc::redirect_uri::{self, Base};

/// A request that passed; kept with the login it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// Whether the request named it: then the token request has to name it too (RFC 6749 section 4.1.3).
    pub(crate) redirect_uri_given: bool,
    pub(crate) response_type: ResponseType,
    pub(crate) response_mode: ResponseMode,
    #[serde(flatten)]
    pub(crate) wishes: Wishes,
}

/// What a request may say besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Wishes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code_challenge: Option<String>,
    /// `S256` or `plain`; absent with a challenge: `plain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code_challenge_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prompt: Option<String>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_age: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) login_hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acr_values: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ui_locales: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dpop_jkt: Option<String>,
    /// Something that the person shall do, as Keycloak's clients ask for it: an alias, with a parameter after a colon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kc_action: Option<String>,
}

impl Wishes {
    /// The action that is asked for, and its parameter.
    pub(crate) fn action(&self) -> Option<(&str, Option<&str>)> {
        let asked = self.kc_action.as_deref()?;
        Some(asked.split_once(':').map_or((asked, None), |(alias, parameter)| (alias, Some(parameter))))
    }

    /// Whether `prompt` has this word; unknown words are ignored.
    pub(crate) fn prompts(&self, word: &str) -> bool {
        self.prompt.as_deref().unwrap_or_default().split(' ').any(|w| w == word)
    }

    pub(crate) fn is_openid(&self) -> bool {
        self.scope.as_deref().unwrap_or_default().split(' ').any(|s| s == "openid")
    }
}

/// What is to be issued at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResponseType {
    pub(crate) code: bool,
    pub(crate) id_token: bool,
    pub(crate) token: bool,
}

impl ResponseType {
    /// Words in any order; `none` alone asks for nothing but the login.
    fn parse(text: &str) -> Option<Self> {
        let mut found = ResponseType::default();
        if text == "none" {
            return Some(found);
        }
        for word in text.split(' ') {
            match word {
                "code" => found.code = true,
                "id_token" => found.id_token = true,
                "token" => found.token = true,
                _ => return None,
            }
        }
        Some(found)
    }

    /// Whether something is issued without a code being redeemed.
    pub(crate) fn is_front_channel(self) -> bool {
        self.id_token || self.token
    }

    fn default_mode(self) -> ResponseMode {
        if self.is_front_channel() { ResponseMode::Fragment } else { ResponseMode::Query }
    }

    /// As in `response_type`, for links that repeat the request.
    pub(crate) fn words(self) -> String {
        let words = [("code", self.code), ("id_token", self.id_token), ("token", self.token)];
        let named: Vec<_> = words.into_iter().filter(|(_, on)| *on).map(|(word, _)| word).collect();
        if named.is_empty() { "none".to_owned() } else { named.join(" ") }
    }
}

/// What the client's settings allow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientRules<'a> {
    pub(crate) standard_flow: bool,
    pub(crate) implicit_flow: bool,
    /// The challenge method that the client has to use, if any.
    pub(crate) pkce: Option<&'a str>,
    pub(crate) redirect_uris: &'a [String],
    pub(crate) base: Base<'a>,
}

/// Why a request goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The application cannot be told: the person sees this message (its key and arguments).
    Page(&'static str, Vec<String>),
    /// The application is told.
    Answer(Box<Answer>),
}

/// The parameters as they came, in order, repeated ones too.
pub(crate) type Pairs = [(String, String)];

/// The one value of a parameter; None where it is absent, empty or repeated.
pub(crate) fn single<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    let mut values = pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Some(value),
        _ => None,
    }
}

/// Checks a request of a client that exists. `scope_is_valid` says whether the client may ask for such a scope; `issuer`
/// goes into every answer (RFC 9207).
pub(crate) fn check(
    pairs: &Pairs,
    client_id: &str,
    rules: ClientRules<'_>,
    issuer: &str,
    scope_is_valid: impl FnOnce(Option<&str>) -> bool,
) -> Result<AuthorizationRequest, Refusal> {
    let get = |name| single(pairs, name);
    // neither request objects nor references to them are taken
    let max_age = get("max_age").map(str::parse::<i64>).transpose();
    let (Ok(max_age), None, None) = (max_age, get("request"), get("request_uri")) else {
        return Err(Refusal::Page("invalidRequestMessage", Vec::new()));
    };
    let owned = |name| get(name).map(str::to_owned);
    let wishes = Wishes {
        scope: pairs.iter().find(|(name, _)| name == "scope").map(|(_, value)| value.clone()),
        state: owned("state"),
        nonce: owned("nonce"),
        code_challenge: owned("code_challenge"),
        code_challenge_method: owned("code_challenge_method"),
        prompt: owned("prompt"),
        max_age: max_age.filter(|age| *age >= 0),
        login_hint: owned("login_hint"),
        acr_values: owned("acr_values"),
        claims: owned("claims"),
        ui_locales: owned("ui_locales"),
        dpop_jkt: owned("dpop_jkt"),
        kc_action: owned("kc_action"),
    };
    let given = get("redirect_uri");
    let redirect_uri = match given {
        Some(uri) => redirect_uri::allows(rules.redirect_uris, rules.base, uri).then(|| uri.to_owned()),
        None if wishes.is_openid() => None,
        None => redirect_uri::only(rules.redirect_uris, rules.base),
    };
    let Some(redirect_uri) = redirect_uri else {
        return Err(Refusal::Page("invalidParameterMessage", vec!["redirect_uri".to_owned()]));
    };
    let refuse = |mode, code: &str, description: Option<&str>| {
        let answer = Answer::new(&redirect_uri, mode)
            .with("error", code)
            .with_some("error_description", description)
            .with_some("state", wishes.state.clone())
            .with("iss", issuer);
        Err(Refusal::Answer(Box::new(answer)))
    };
    let asked_mode = get("response_mode").map(mode);
    let fallback = asked_mode.flatten().unwrap_or(ResponseMode::Query);
    let Some(words) = get("response_type") else {
        return refuse(fallback, "invalid_request", Some("Missing parameter: response_type"));
    };
    let Some(response_type) = ResponseType::parse(words) else {
        return refuse(fallback, "unsupported_response_type", None);
    };
    let response_mode = match asked_mode {
        None => response_type.default_mode(),
        Some(Some(mode)) => mode,
        Some(None) => return refuse(ResponseMode::Query, "invalid_request", Some("Invalid parameter: response_mode")),
    };
    let refuse = |code, description: &str| refuse(response_mode, code, Some(description));
    if response_type.is_front_channel() && response_mode == ResponseMode::Query {
        return refuse("invalid_request", "Response_mode 'query' not allowed for implicit or hybrid flow");
    }
    if (response_type.code || !response_type.is_front_channel()) && !rules.standard_flow {
        return refuse("unauthorized_client", &not_allowed("Standard"));
    }
    if response_type.is_front_channel() && !rules.implicit_flow {
        return refuse("unauthorized_client", &not_allowed("Implicit"));
    }
    if pairs.iter().enumerate().any(|(at, (name, _))| pairs[..at].iter().any(|(earlier, _)| earlier == name)) {
        return refuse("invalid_request", "duplicated parameter");
    }
    if !scope_is_valid(wishes.scope.as_deref()) {
        let scope = wishes.scope.as_deref().unwrap_or_default();
        return refuse("invalid_scope", &format!("Invalid scopes: {scope}"));
    }
    if response_type.id_token && wishes.nonce.is_none() {
        return refuse("invalid_request", "Missing parameter: nonce");
    }
    if let Some(wrong) =
        (response_type.code || !response_type.is_front_channel()).then(|| pkce(&wishes, rules.pkce)).flatten()
    {
        return refuse("invalid_request", wrong);
    }
    Ok(AuthorizationRequest {
        client_id: client_id.to_owned(),
        redirect_uri_given: given.is_some(),
        redirect_uri,
        response_type,
        response_mode,
        wishes,
    })
}

fn mode(text: &str) -> Option<ResponseMode> {
    match text {
        "query" => Some(ResponseMode::Query),
        "fragment" => Some(ResponseMode::Fragment),
        "form_post" => Some(ResponseMode::FormPost),
        _ => None,
    }
}

fn not_allowed(flow: &str) -> String {
    let words = "Client is not allowed to initiate browser login with given response_type.";
    format!("{words} {flow} flow is disabled for the client.")
}

/// What is wrong with the challenge (RFC 7636), for clients that must send one and for those that may.
fn pkce(wishes: &Wishes, demanded: Option<&str>) -> Option<&'static str> {
    let method = wishes.code_challenge_method.as_deref();
    let challenge = wishes.code_challenge.as_deref();
    match demanded {
        Some(_) if method.is_none() => return Some("Missing parameter: code_challenge_method"),
        Some(demanded) if method != Some(demanded) => {
            return Some("Invalid parameter: code challenge method is not matching the configured one");
        }
        None if challenge.is_none() && method.is_none() => return None,
        _ => {}
    }
    let Some(challenge) = challenge else { return Some("Missing parameter: code_challenge") };
    if method.is_some_and(|m| !matches!(m, "S256" | "plain")) {
        return Some("Invalid parameter: code_challenge_method");
    }
    let unreserved = challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    (!unreserved || !(43..=128).contains(&challenge.len())).then_some("Invalid parameter: code_challenge")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: ClientRules<'_> = ClientRules {
        standard_flow: true,
        implicit_flow: false,
        pkce: None,
        redirect_uris: &[],
        base: Base { root_url: None, server: "http://server" },
    };
    const ALL: ClientRules<'_> = ClientRules { implicit_flow: true, ..RULES };

    fn outcome(rules: ClientRules<'_>, more: &[(&str, &str)]) -> Result<AuthorizationRequest, String> {
        let mut pairs: Vec<(String, String)> =
            [("redirect_uri", "http://localhost/cb"), ("response_type", "code"), ("scope", "openid")]
                .map(|(n, v)| (n.into(), v.into()))
                .into();
        for (name, value) in more {
            pairs.retain(|(n, _)| n != name);
            if !value.is_empty() {
                pairs.push(((*name).into(), (*value).into()));
            }
        }
        let uris = ["http://localhost/*".to_owned()];
        let rules = ClientRules { redirect_uris: &uris, ..rules };
        let valid = |scope: Option<&str>| scope.is_none_or(|s| !s.contains("nope"));
        check(&pairs, "app", rules, "http://server/realms/r", valid).map_err(|refusal| match refusal {
            Refusal::Page(key, arguments) => format!("page {key} {}", arguments.join(" ")).trim_end().to_owned(),
            Refusal::Answer(answer) => {
                let rest = answer.location().replace("&iss=http%3A%2F%2Fserver%2Frealms%2Fr", "");
                rest.replace("http://localhost/cb", if answer.mode == ResponseMode::FormPost { "form" } else { "" })
            }
        })
    }

    fn refused(rules: ClientRules<'_>, more: &[(&str, &str)]) -> String {
        outcome(rules, more).expect_err("the request was accepted")
    }

    #[test]
    fn without_a_good_redirect_uri_the_person_is_told() {
        for uri in ["", "http://evil/cb", "not a uri", "http://localhost/a/../../b", "http://localhost/cb?code=x"] {
            assert_eq!(refused(RULES, &[("redirect_uri", uri)]), "page invalidParameterMessage redirect_uri");
        }
        for wrong in [("max_age", "x"), ("request", "x"), ("request_uri", "x")] {
            assert_eq!(refused(RULES, &[wrong]), "page invalidRequestMessage");
        }
    }

    #[test]
    fn the_application_is_told_what_is_wrong() {
        let invalid = |what: &str| format!("?error=invalid_request&error_description={what}");
        for (more, expected) in [
            (("response_type", ""), invalid("Missing+parameter%3A+response_type")),
            (("response_type", "zz"), "?error=unsupported_response_type".to_owned()),
            (("response_type", "code none"), "?error=unsupported_response_type".to_owned()),
            (("response_mode", "zz"), invalid("Invalid+parameter%3A+response_mode")),
            (
                ("scope", "openid nope"),
                "?error=invalid_scope&error_description=Invalid+scopes%3A+openid+nope".to_owned(),
            ),
            (("code_challenge_method", "zz"), invalid("Missing+parameter%3A+code_challenge")),
            (("code_challenge", "short"), invalid("Invalid+parameter%3A+code_challenge")),
        ] {
            assert_eq!(refused(RULES, &[more]), expected);
        }
        let x43 = "x".repeat(43);
        let challenge = ("code_challenge", x43.as_str());
        assert_eq!(
            refused(RULES, &[challenge, ("code_challenge_method", "zz")]),
            invalid("Invalid+parameter%3A+code_challenge_method")
        );
        assert_eq!(
            refused(RULES, &[("scope", "nope"), ("state", "s 1")]),
            "?error=invalid_scope&error_description=Invalid+scopes%3A+nope&state=s+1"
        );
    }

    #[test]
    fn each_flow_has_to_be_allowed() {
        let implicit = "error=unauthorized_client&error_description=Client+is+not+allowed+to+initiate+browser+login+with+given+response_type.+Implicit+flow+is+disabled+for+the+client.";
        for types in ["token", "id_token", "code id_token"] {
            assert_eq!(refused(RULES, &[("response_type", types), ("nonce", "n")]), format!("#{implicit}"));
        }
        let only_implicit = ClientRules { standard_flow: false, ..ALL };
        for types in ["code", "none", "code token"] {
            assert!(refused(only_implicit, &[("response_type", types)]).contains("Standard+flow+is+disabled"));
        }
        assert!(outcome(only_implicit, &[("response_type", "token id_token"), ("nonce", "n")]).is_ok());
    }

    #[test]
    fn tokens_do_not_travel_in_a_query() {
        let expected = "?error=invalid_request&error_description=Response_mode+%27query%27+not+allowed+for+implicit+or+hybrid+flow";
        assert_eq!(
            refused(ALL, &[("response_type", "id_token"), ("nonce", "n"), ("response_mode", "query")]),
            expected
        );
        for types in ["token", "id_token", "code token"] {
            let request = outcome(ALL, &[("response_type", types), ("nonce", "n")]).unwrap();
            assert_eq!(request.response_mode, ResponseMode::Fragment);
        }
    }

    #[test]
    fn an_id_token_from_the_front_needs_a_nonce() {
        let expected = "#error=invalid_request&error_description=Missing+parameter%3A+nonce";
        for types in ["id_token", "code id_token", "token id_token"] {
            assert_eq!(refused(ALL, &[("response_type", types)]), expected);
        }
        assert!(outcome(ALL, &[("response_type", "token")]).is_ok());
    }

    #[test]
    fn a_client_may_demand_pkce() {
        let strict = ClientRules { pkce: Some("S256"), ..ALL };
        let x43 = "x".repeat(43);
        let challenge = ("code_challenge", x43.as_str());
        let invalid = |what: &str| format!("?error=invalid_request&error_description={what}");
        assert_eq!(refused(strict, &[]), invalid("Missing+parameter%3A+code_challenge_method"));
        assert_eq!(refused(strict, &[challenge]), invalid("Missing+parameter%3A+code_challenge_method"));
        assert_eq!(
            refused(strict, &[challenge, ("code_challenge_method", "plain")]),
            invalid("Invalid+parameter%3A+code+challenge+method+is+not+matching+the+configured+one")
        );
        assert_eq!(
            refused(strict, &[("code_challenge_method", "S256")]),
            invalid("Missing+parameter%3A+code_challenge")
        );
        assert!(outcome(strict, &[challenge, ("code_challenge_method", "S256")]).is_ok());
        assert!(outcome(strict, &[("response_type", "token")]).is_ok(), "no code, nothing to prove");
    }

    #[test]
    fn a_repeated_parameter_is_refused() {
        let pairs: Vec<(String, String)> =
            [("redirect_uri", "http://localhost/cb"), ("response_type", "code"), ("state", "a"), ("state", "b")]
                .map(|(n, v)| (n.into(), v.into()))
                .into();
        let uris = ["http://localhost/*".to_owned()];
        let refusal =
            check(&pairs, "app", ClientRules { redirect_uris: &uris, ..RULES }, "http://i", |_| true).unwrap_err();
        let Refusal::Answer(answer) = refusal else { panic!("a page") };
        assert_eq!(answer.parameters[1].1, "duplicated parameter");
        assert_eq!(single(&pairs, "state"), None);
    }

    #[test]
    fn a_request_keeps_what_it_wished_for() {
        let request = outcome(
            RULES,
            &[("prompt", "login consent"), ("max_age", "10"), ("login_hint", "alice"), ("response_mode", "form_post")],
        )
        .unwrap();
        assert!(request.wishes.prompts("login") && !request.wishes.prompts("none") && request.wishes.is_openid());
        assert_eq!((request.wishes.max_age, request.response_mode), (Some(10), ResponseMode::FormPost));
        let kept: AuthorizationRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
        assert_eq!(kept, request);
        assert_eq!(request.response_type.words(), "code");
    }

    #[test]
    fn without_openid_the_only_redirect_uri_is_the_default() {
        let request = outcome(RULES, &[("redirect_uri", ""), ("scope", "")]).unwrap();
        assert_eq!((request.redirect_uri.as_str(), request.redirect_uri_given), ("http://localhost", false));
    }
}
