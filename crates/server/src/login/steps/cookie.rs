//! The session that the browser already has: single sign-on.

use crate::{
    Result,
    login::{actions, flow::Outcome, identity, progress::Login},
};

/// The session note with the time of the last authentication, in seconds.
pub(crate) const AUTH_TIME: &str = "AUTH_TIME";

/// Good enough, unless the request wants the person to log in again, sooner or better than that.
pub(crate) fn enter(login: &mut Login<'_>) -> Result<Outcome> {
    let realm = login.realm.clone();
    let Some(found) = identity::logged_in(login.cx, &realm)? else { return Ok(Outcome::Attempted) };
    let now = login.cx.now_seconds();
    let wishes = &login.tab.request.wishes;
    let authenticated = found.session.doc.notes.get(AUTH_TIME).and_then(|t| t.parse::<i64>().ok());
    let age = now - authenticated.unwrap_or(found.session.started / 1000);
    let most = [wishes.max_age, actions::most_age(&realm, wishes)].into_iter().flatten().min();
    let again = wishes.prompts("login") || most.is_some_and(|most| age >= most);
    let more = wants_more(wishes.acr_values.as_deref(), wishes.claims.as_deref());
    login.tab.user = Some(found.user.id);
    login.tab.session = Some(found.session.id);
    login.tab.remember_me = found.session.remember_me;
    if again {
        login.tab.alert = Some("reauthenticate".to_owned());
    }
    Ok(if again || more { Outcome::Attempted } else { Outcome::Success })
}

/// Whether the application asks for more than a cookie, which is level 0.
fn wants_more(acr_values: Option<&str>, claims: Option<&str>) -> bool {
    let above = |value: &str| value != "0";
    let claimed = || {
        let claims: serde_json::Value = serde_json::from_str(claims?).ok()?;
        let acr = claims.get("id_token")?.get("acr")?;
        let values = acr.get("values").and_then(|v| v.as_array()).into_iter().flatten();
        let values: Vec<_> = values.chain(acr.get("value")).filter_map(|v| v.as_str()).collect();
        Some(!values.is_empty() && values.into_iter().all(above))
    };
    acr_values.is_some_and(|values| values.split(' ').all(above)) || claimed() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_level_zero() {
        for (acr_values, claims, more) in [
            (None, None, false),
            (Some("1"), None, true),
            (Some("0"), None, false),
            (Some("1 0"), None, false),
            (None, Some(r#"{"id_token":{"acr":{"essential":true,"values":["5"]}}}"#), true),
            (None, Some(r#"{"id_token":{"acr":{"essential":true,"value":"0"}}}"#), false),
            (None, Some(r#"{"userinfo":{}}"#), false),
            (None, Some("{"), false),
        ] {
            assert_eq!(wants_more(acr_values, claims), more, "{acr_values:?} {claims:?}");
        }
    }
}
