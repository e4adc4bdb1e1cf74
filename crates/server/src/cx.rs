//! One request's context: the services it uses, its unit of work, and what it will be remembered for.

use crate::{
    Result,
    admin::access::{Admin, AdminRole},
    app::App,
    caches::Touched,
    error::{self, Error},
    outgoing,
    realm_view::{ClientView, RealmView},
    token::bearer::Bearer,
};
use argon2::Block;
use cloakroom_store::{Db, Work, clients, realms};
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use std::{net::IpAddr, sync::Arc};

/// What a handler works with. Handlers are plain functions on a blocking thread: `Ok` commits what they wrote, `Err` rolls back.
pub struct Cx {
    /// The server.
    pub app: Arc<App>,
    /// Verb, URI and headers of the request.
    pub parts: Arc<Parts>,
    /// The server's public address for this request, without a slash at its end.
    pub base: String,
    /// Who asks, behind trusted proxies.
    pub address: IpAddr,
    /// When the request arrived, in milliseconds since 1970; the same all along.
    now: i64,
    work: Work,
    touched: Vec<Touched>,
    answer_headers: HeaderMap,
    admin: Option<Admin>,
    caller: Option<(Arc<RealmView>, Bearer)>,
}

impl Cx {
    /// The context of a request.
    pub fn new(app: Arc<App>, parts: Arc<Parts>, base: String, address: IpAddr) -> Self {
        let (work, now) = (app.store.work(), app.clock.now());
        let (touched, answer_headers) = (Vec::new(), HeaderMap::new());
        Cx { app, parts, base, address, now, work, touched, answer_headers, admin: None, caller: None }
    }

    /// When the request arrived, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// When the request arrived, in seconds since 1970: the time of tokens.
    pub fn now_seconds(&self) -> i64 {
        self.now / 1000
    }

    /// An id for a new resource.
    pub fn new_id(&self) -> String {
        self.app.random.uuid()
    }

    /// A connection to read on; it sees this request's own writes.
    pub fn read(&mut self) -> Result<&mut Db> {
        Ok(self.work.read()?)
    }

    /// The request's transaction, begun by the first call. Decide first, then write: on SQLite nobody else writes meanwhile.
    pub fn write(&mut self) -> Result<&mut Db> {
        Ok(self.work.write()?)
    }

    /// Says what the request changes: the caches forget it when the change is committed.
    pub fn touched(&mut self, what: Touched) {
        if !self.touched.contains(&what) {
            self.touched.push(what);
        }
    }

    /// Marks an error that keeps what was written before it: a counted wrong password, a consumed code.
    pub fn refuse(&self, error: Error) -> Error {
        error.keeping_writes()
    }

    /// Adds a header to the answer, whatever it will be.
    pub fn answer_header(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.answer_headers.append(name, value);
        }
    }

    /// Sets a header of the answer, in place of what was set before.
    pub fn set_answer_header(&mut self, name: HeaderName, value: &str) {
        self.answer_headers.remove(&name);
        self.answer_header(name, value);
    }

    pub(crate) fn take_answer_headers(&mut self) -> HeaderMap {
        std::mem::take(&mut self.answer_headers)
    }

    /// Runs a password hash in one of the bounded slots. Must not be called while the transaction is open.
    pub fn hash<T>(&mut self, hash: impl FnOnce(&mut Vec<Block>) -> Result<T>) -> Result<T> {
        debug_assert!(!self.work.is_writing(), "hash before the transaction: others wait for it");
        self.work.rest();
        self.app.hasher.run(hash)
    }

    /// Gets what is at a URL that somebody's settings name. Must not be called while the transaction is open.
    pub fn fetch(&mut self, url: &str) -> Result<Vec<u8>, outgoing::Failed> {
        debug_assert!(!self.work.is_writing(), "call out before the transaction: others wait for it");
        self.work.rest();
        self.app.outgoing.get(url)
    }

    /// Ends the transaction and lets the caches forget what changed.
    pub(crate) fn commit(&mut self) -> Result<()> {
        self.work.commit()?;
        self.app.caches.drop_touched(&std::mem::take(&mut self.touched));
        Ok(())
    }

    /// The realm of this name, if there is one.
    pub fn find_realm(&mut self, name: &str) -> Result<Option<Arc<RealmView>>> {
        if let Some(realm) = self.app.caches.realm(name).filter(|_| self.caches_hold()) {
            return Ok(Some(realm));
        }
        if name.contains('\0') {
            return Ok(None);
        }
        let since = self.app.caches.generation();
        let db = self.work.read()?;
        let Some(row) = realms::by_name(db, name)? else { return Ok(None) };
        let realm = Arc::new(RealmView::load(db, row)?);
        if self.caches_hold() {
            self.app.caches.keep_realm(since, &realm);
        }
        Ok(Some(realm))
    }

    /// The realm of this name, for its public endpoints: 404 in their words.
    pub fn realm(&mut self, name: &str) -> Result<Arc<RealmView>> {
        self.find_realm(name)?.ok_or_else(|| error::not_found("Realm does not exist"))
    }

    /// The client of this `clientId`, if there is one.
    pub fn find_client(&mut self, realm: &RealmView, client_id: &str) -> Result<Option<Arc<ClientView>>> {
        if let Some(client) = self.app.caches.client(&realm.id, client_id).filter(|_| self.caches_hold()) {
            return Ok(Some(client));
        }
        let since = self.app.caches.generation();
        let found = clients::by_client_id(self.work.read()?, &realm.id, client_id)?;
        self.keep_client(since, realm, found)
    }

    /// The client of this id (not `clientId`), if there is one.
    pub fn find_client_by_id(&mut self, realm: &RealmView, id: &str) -> Result<Option<Arc<ClientView>>> {
        if let Some(client) = self.app.caches.client_by_id(&realm.id, id).filter(|_| self.caches_hold()) {
            return Ok(Some(client));
        }
        let since = self.app.caches.generation();
        let found = clients::by_id(self.work.read()?, &realm.id, id)?;
        self.keep_client(since, realm, found)
    }

    fn keep_client(
        &mut self,
        since: crate::caches::Generation,
        realm: &RealmView,
        found: Option<cloakroom_api::admin::clients::Client>,
    ) -> Result<Option<Arc<ClientView>>> {
        let Some(client) = found else { return Ok(None) };
        let client = Arc::new(ClientView::load(self.work.read()?, client)?);
        if self.caches_hold() {
            self.app.caches.keep_client(since, &realm.id, &client);
        }
        Ok(Some(client))
    }

    /// Whether the caches show what this request would read: not once it has written.
    fn caches_hold(&self) -> bool {
        !self.work.is_writing()
    }

    /// The administrator who asks, and the realm asked about. Known in handlers of `/admin/realms/{realm}/…`.
    pub fn admin(&self) -> Result<&Admin> {
        self.admin.as_ref().ok_or_else(error::unauthorized)
    }

    /// The administrator who asks, if they have one of these roles for the realm; else 403.
    pub fn admin_with(&self, roles: &[AdminRole]) -> Result<Admin> {
        let admin = self.admin()?;
        admin.require(roles)?;
        Ok(admin.clone())
    }

    /// The realm that issued the caller's token, and the token. Known in handlers of `/admin/…` outside a realm, once.
    pub fn caller(&mut self) -> Result<(Arc<RealmView>, Bearer)> {
        self.caller.take().ok_or_else(error::unauthorized)
    }

    pub(crate) fn set_caller(&mut self, caller: (Arc<RealmView>, Bearer)) {
        self.caller = Some(caller);
    }

    pub(crate) fn set_admin(&mut self, admin: Admin) {
        self.admin = Some(admin);
    }

    /// The token of the `Authorization: Bearer` header (RFC 6750 section 2.1).
    pub fn bearer(&self) -> Option<&str> {
        let value = self.parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }

    /// The absolute address of something in a realm of the Admin API: `cx.location(&realm.name, &["users", &id])`.
    pub fn location(&self, realm: &str, segments: &[&str]) -> String {
        let mut url = format!("{}/admin/realms", self.base);
        for segment in std::iter::once(&realm).chain(segments) {
            url.push('/');
            url.extend(percent_encoding::utf8_percent_encode(segment, SEGMENT));
        }
        url
    }
}

/// RFC 3986's unreserved characters need no escape in a path.
pub(crate) const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
