//! What a browser proves with its cookies: who is logged in, and which request a forgotten login was for. Both are
//! tokens signed with the realm's secret key, told apart by `typ`.

use aws_lc_rs::digest::{SHA256, digest};
use cloakroom_jose::Algorithm;
use cloakroom_store::{sessions, sessions::SessionRow, users, users::UserRow};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{cookies, request::AuthorizationRequest};
use crate::{Result, cx::Cx, error, realm_view::RealmView, token::sessions::is_alive};

const IDENTITY: &str = "Serialized-ID";
const RESTART: &str = "Restart";

#[derive(Debug, Serialize, Deserialize)]
struct Claims<T> {
    typ: String,
    iss: String,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(flatten)]
    content: T,
}

#[derive(Debug, Serialize, Deserialize)]
struct Identity {
    jti: String,
    sub: String,
    sid: String,
}

/// Who is logged in with this browser.
#[derive(Clone, Debug)]
pub(crate) struct LoggedIn {
    pub(crate) session: SessionRow,
    pub(crate) user: UserRow,
}

/// The value of the identity cookie for a session.
pub(crate) fn issue(cx: &Cx, realm: &RealmView, session: &SessionRow) -> Result<String> {
    let content = Identity { jti: cx.new_id(), sub: session.user.clone(), sid: session.id.clone() };
    sign(cx, realm, IDENTITY, Some(session.expires / 1000), content)
}

/// Who the browser's identity cookie stands for; None where there is none, or the session or the user is no longer good.
pub(crate) fn logged_in(cx: &mut Cx, realm: &RealmView) -> Result<Option<LoggedIn>> {
    let Some(token) = cookies::find(&cx.parts.headers, cookies::IDENTITY).map(str::to_owned) else { return Ok(None) };
    let Some(identity) = read::<Identity>(cx, realm, IDENTITY, &token) else { return Ok(None) };
    let now = cx.now();
    let session = sessions::get(cx.read()?, &realm.id, &identity.sid, false)?;
    let Some(session) = session.filter(|s| s.user == identity.sub && is_alive(&realm.settings, s, now)) else {
        return Ok(None);
    };
    let user = users::by_id(cx.read()?, &realm.id, &session.user)?;
    let good = |user: &UserRow| user.enabled && session.started / 1000 >= user.not_before;
    Ok(user.filter(good).map(|user| LoggedIn { session, user }))
}

/// The value of the restart cookie; None for requests that are too long for one.
pub(crate) fn restart_token(cx: &Cx, realm: &RealmView, request: &AuthorizationRequest) -> Result<Option<String>> {
    let token = sign(cx, realm, RESTART, None, request)?;
    Ok(Some(token).filter(|t| t.len() <= 3500))
}

/// The request that the browser's restart cookie remembers.
pub(crate) fn restart(cx: &Cx, realm: &RealmView) -> Option<AuthorizationRequest> {
    let token = cookies::find(&cx.parts.headers, cookies::RESTART)?;
    read(cx, realm, RESTART, token)
}

/// What scripts of our own pages may know of a secret id: that it changed.
pub(crate) fn fingerprint(id: &str) -> String {
    BASE64URL_NOPAD.encode(digest(&SHA256, id.as_bytes()).as_ref())
}

fn sign(cx: &Cx, realm: &RealmView, typ: &str, exp: Option<i64>, content: impl Serialize) -> Result<String> {
    let key = realm.keys.signing(Algorithm::HS512).ok_or_else(|| error::internal("the realm has no HS512 key"))?;
    let claims = Claims { typ: typ.to_owned(), iss: realm.issuer(&cx.base), iat: cx.now_seconds(), exp, content };
    Ok(key.sign(&claims)?)
}

fn read<T: DeserializeOwned>(cx: &Cx, realm: &RealmView, typ: &str, token: &str) -> Option<T> {
    let verified = realm.keys.verify(token).ok()?;
    let claims: Claims<T> = verified.claims().ok()?;
    let fits = claims.typ == typ && claims.iss == realm.issuer(&cx.base);
    (fits && claims.exp.is_none_or(|exp| exp > cx.now_seconds())).then_some(claims.content)
}
