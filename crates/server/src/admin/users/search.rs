//! Lists of users, and how many there are.

use super::super::{access::AdminRole::*, paging::page, user_page};
use crate::{Error, Result, cx::Cx, error::error};
use cloakroom_api::admin::users::{self as api, User, UserQuery};
use cloakroom_store::user_search::{self, Field, Filter, Match};
use http::StatusCode;
use time::{Date, Time, UtcDateTime, format_description::well_known::Iso8601};

/// How many users are listed unless the caller says otherwise.
const USERS: i64 = 100;
/// How many words of a search and attributes of a query count, and how many ids are looked up at once.
const WORDS: usize = 20;
const IDS: usize = 1000;

pub(super) fn list(cx: &mut Cx, req: api::list::Request) -> Result<Vec<User>> {
    let admin = cx.admin()?.clone();
    admin.require(&[QueryUsers, ViewUsers, ManageUsers])?;
    let filter = filter(&req.query, true)?;
    if !admin.has_any(&[ViewUsers, ManageUsers]) {
        return Ok(Vec::new());
    }
    let (first, max) = page(req.query.first, req.query.max, USERS);
    let rows = user_search::list(cx.read()?, &admin.realm.id, &filter, first, max)?;
    let mut users = user_page::represent(cx, &admin.realm, rows, req.query.brief_representation == Some(true))?;
    for user in &mut users {
        user.access = Some([("manage".to_owned(), admin.has(ManageUsers))].into());
    }
    Ok(users)
}

pub(super) fn count(cx: &mut Cx, req: api::count::Request) -> Result<i64> {
    let admin = cx.admin()?.clone();
    admin.require(&[QueryUsers, ViewUsers, ManageUsers])?;
    let filter = filter(&req.query, false)?;
    if !admin.has_any(&[ViewUsers, ManageUsers]) {
        return Ok(0);
    }
    Ok(user_search::count(cx.read()?, &admin.realm.id, &filter)?)
}

/// What a query asks for. Lists find service accounts too once a field is asked for.
fn filter(query: &UserQuery, of_list: bool) -> Result<Filter> {
    let mut filter = Filter {
        enabled: query.enabled,
        email_verified: query.email_verified,
        provider: query.idp_alias.clone(),
        provider_user: query.idp_user_id.clone(),
        created_after: moment("createdAfter", query.created_after.as_deref(), Time::MIDNIGHT)?,
        created_before: moment("createdBefore", query.created_before.as_deref(), Time::MAX)?,
        ..Filter::default()
    };
    let mut fields = vec![
        (Field::Username, query.username.clone()),
        (Field::Email, query.email.clone()),
        (Field::FirstName, query.first_name.clone()),
        (Field::LastName, query.last_name.clone()),
    ];
    for (name, value) in
        super::super::attribute_query::parse(query.q.as_deref().unwrap_or_default()).into_iter().take(WORDS)
    {
        match name.as_str() {
            "username" => fields.push((Field::Username, Some(value))),
            "email" => fields.push((Field::Email, Some(value))),
            "firstName" => fields.push((Field::FirstName, Some(value))),
            "lastName" => fields.push((Field::LastName, Some(value))),
            _ => filter.attributes.push((name, value)),
        }
    }
    if let Some(search) = query.search.as_deref().map(str::trim) {
        match search.strip_prefix("id:") {
            Some(ids) => filter.ids = Some(ids.split_whitespace().take(IDS).map(str::to_owned).collect()),
            None => filter.words = search.split_whitespace().take(WORDS).map(word).collect(),
        }
        return Ok(filter);
    }
    let exact = query.exact == Some(true);
    let matching = |text: String| if exact { Match::Whole(text) } else { Match::Part(text) };
    filter.fields = fields.into_iter().filter_map(|(field, text)| Some((field, matching(text?)))).collect();
    filter.service_accounts = of_list
        && (!filter.fields.is_empty()
            || !filter.attributes.is_empty()
            || query.exact.is_some()
            || [query.enabled, query.email_verified].iter().any(Option::is_some)
            || [&query.idp_alias, &query.idp_user_id].iter().any(|o| o.is_some()));
    Ok(filter)
}

/// A word of a search: all of it in quotes, else its beginning.
fn word(text: &str) -> Match {
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(whole) => Match::Whole(whole.to_owned()),
        None => Match::Beginning(text.to_owned()),
    }
}

/// A date, at this time of its day, or milliseconds since 1970.
fn moment(parameter: &str, text: Option<&str>, time: Time) -> Result<Option<i64>> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(millis) = text.parse() {
        return Ok(Some(millis));
    }
    let date = Date::parse(text, &Iso8601::DATE).map_err(|_| unreadable(parameter))?;
    let millis = UtcDateTime::new(date, time).unix_timestamp_nanos() / 1_000_000;
    i64::try_from(millis).map(Some).map_err(|_| unreadable(parameter))
}

fn unreadable(parameter: &str) -> Error {
    let words = format!("Invalid value for '{parameter}', expected format is yyyy-MM-dd or an Epoch timestamp");
    error(StatusCode::BAD_REQUEST, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_mean_their_whole_day() {
        let at = |text, time| moment("createdAfter", Some(text), time).unwrap();
        assert_eq!(at("1970-01-02", Time::MIDNIGHT), Some(86_400_000));
        assert_eq!(at("1970-01-01", Time::MAX), Some(86_399_999));
        assert_eq!(at("-5", Time::MIDNIGHT), Some(-5));
        assert!(moment("createdAfter", Some("yesterday"), Time::MIDNIGHT).is_err());
    }

    #[test]
    fn a_search_is_words_and_ids() {
        let words = |search: &str| filter(&UserQuery { search: Some(search.to_owned()), ..UserQuery::default() }, true);
        let found = words("ali* \"Bob\"").unwrap();
        assert_eq!(found.words, [Match::Beginning("ali*".to_owned()), Match::Whole("Bob".to_owned())]);
        assert_eq!(words("id:1 2").unwrap().ids.unwrap(), ["1", "2"]);
    }
}
