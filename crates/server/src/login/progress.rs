//! One login at work: a tab of a browser with its realm and client, loaded, moved on, kept.

use std::sync::Arc;

use axum::response::Response;
use cloakroom_store::{auth_sessions, users, users::UserRow};
use http::{StatusCode, header};

use super::{
    cookies::{self, Cookie},
    flow::Flow,
    identity,
    links::Links,
    pages::{Alert, Kind, Language, Page, Urls},
    request::{AuthorizationRequest, Pairs, single},
    response::Answer,
    show::{self, Caching, Words},
    tab::{Browser, Tab},
};
use crate::{
    Result,
    cx::Cx,
    profile::LOCALE,
    random::same,
    realm_view::{ClientView, RealmView},
    token::scope::Scopes,
};

/// A login that a request moves on.
pub(crate) struct Login<'a> {
    pub(crate) cx: &'a mut Cx,
    pub(crate) realm: Arc<RealmView>,
    pub(crate) client: Arc<ClientView>,
    pub(crate) tab: Tab,
    /// The browser's id, the value of its cookie.
    id: String,
    tab_id: String,
    /// The row, once it is locked.
    locked: Option<Browser>,
    /// Where the page that is being shown can be seen again: an endpoint, and what waits there.
    place: Option<(String, String)>,
}

impl<'a> Login<'a> {
    /// Begins a login in a new tab; the browser keeps its id if it has one that is still known.
    pub(crate) fn begin(
        cx: &'a mut Cx,
        realm: Arc<RealmView>,
        client: Arc<ClientView>,
        request: AuthorizationRequest,
    ) -> Result<Self> {
        let known = browser(cx, &realm)?.map(|(id, _)| id);
        let id = known.unwrap_or_else(|| cx.app.random.token());
        // 64 bits: within a browser's logins
        let tab_id = data_encoding::BASE64URL_NOPAD.encode(&cx.app.random.bytes::<8>());
        let tab = Tab::new(&client.id, request, cx.now());
        Ok(Login { cx, realm, client, tab, id, tab_id, locked: None, place: None })
    }

    /// The login that the browser's cookie and a link's parameters name.
    pub(crate) fn open(cx: &'a mut Cx, realm: &Arc<RealmView>, query: &Pairs) -> Result<Opened<'a>> {
        let (Some(tab_id), Some(client_id)) = (single(query, "tab_id"), single(query, "client_id")) else {
            return Ok(Opened::Unknown(cx));
        };
        let Some((id, mut browser)) = browser(cx, realm)? else { return Ok(Opened::Unknown(cx)) };
        let began = cx.now() - lifespan(realm);
        let Some(tab) = browser.tabs.remove(tab_id).filter(|tab| tab.started > began) else {
            return Ok(Opened::Unknown(cx));
        };
        let client = cx.find_client_by_id(realm, &tab.client)?;
        let Some(client) = client.filter(|c| c.client_id == client_id && c.settings.enabled != Some(false)) else {
            return Ok(Opened::Unknown(cx));
        };
        let (realm, tab_id) = (realm.clone(), tab_id.to_owned());
        Ok(Opened::Login(Box::new(Login { cx, realm, client, tab, id, tab_id, locked: None, place: None })))
    }

    /// The flow that this login follows: the client's own or the realm's.
    pub(crate) fn flow(&self) -> Option<Flow> {
        let settings = &self.realm.settings;
        let flows = &self.realm.lists.flows;
        let overrides = self.client.settings.authentication_flow_binding_overrides.as_ref();
        let own = overrides.and_then(|o| o.get("browser")).filter(|id| !id.is_empty());
        let own = own.and_then(|id| flows.iter().find(|f| f.id.as_deref() == Some(id))?.alias.as_deref());
        Flow::of_realm(flows, own.or(settings.browser_flow.as_deref()).unwrap_or("browser"))
    }

    /// Who is logging in, once that is known.
    pub(crate) fn user(&mut self) -> Result<Option<UserRow>> {
        match &self.tab.user {
            Some(id) => Ok(users::by_id(self.cx.read()?, &self.realm.id, id)?),
            None => Ok(None),
        }
    }

    /// Takes the code that the last page had to send back: of several answers to one page the first gets it.
    pub(crate) fn claim(&mut self, code: &str) -> Result<bool> {
        let (realm, now) = (self.realm.id.clone(), self.cx.now());
        let browser: Option<Browser> = auth_sessions::lock(self.cx.write()?, &realm, &self.id, now)?;
        let Some(browser) = browser else { return Ok(false) };
        let stored = browser.tabs.get(&self.tab_id).and_then(|tab| tab.code.as_deref());
        let good = stored.is_some_and(|stored| same(stored, code));
        if good {
            self.tab.code = None;
            self.locked = Some(browser);
        }
        Ok(good)
    }

    /// Whether this is the code of the page that was shown last.
    pub(crate) fn expects(&self, code: &str) -> bool {
        self.tab.code.as_deref().is_some_and(|stored| same(stored, code))
    }

    /// Keeps how far the login got.
    pub(crate) fn save(&mut self) -> Result<()> {
        let (realm, now) = (self.realm.id.clone(), self.cx.now());
        let lifespan = lifespan(&self.realm);
        let db = self.cx.write()?;
        let mut browser: Browser = match self.locked.take() {
            Some(browser) => browser,
            None => auth_sessions::lock(db, &realm, &self.id, now)?.unwrap_or_default(),
        };
        browser.forget_before(now - lifespan);
        browser.put(&self.tab_id, self.tab.clone());
        auth_sessions::put(db, &realm, &self.id, now + lifespan, &browser)?;
        self.locked = Some(browser);
        Ok(())
    }

    /// Forgets the login: it is over.
    pub(crate) fn forget(&mut self) -> Result<()> {
        let (realm, now) = (self.realm.id.clone(), self.cx.now());
        let db = self.cx.write()?;
        let browser: Option<Browser> = match self.locked.take() {
            Some(browser) => Some(browser),
            None => auth_sessions::lock(db, &realm, &self.id, now)?,
        };
        let Some(mut browser) = browser else { return Ok(()) };
        browser.tabs.remove(&self.tab_id);
        match browser.tabs.values().map(|tab| tab.started).max() {
            Some(newest) => {
                auth_sessions::put(db, &realm, &self.id, newest + lifespan(&self.realm), &browser)?;
                self.locked = Some(browser);
            }
            None => drop(auth_sessions::delete(db, &realm, &self.id)?),
        }
        Ok(())
    }

    /// Gives the login to a new id that only this browser knows: from here on it speaks for a person, and whoever may
    /// have planted or read the old id must not.
    pub(crate) fn change_id(&mut self) -> Result<()> {
        self.forget()?;
        self.locked = None;
        self.id = self.cx.app.random.token();
        self.set_session_cookies();
        Ok(())
    }

    /// The cookies of a login that begins: its id, and what it takes to begin again.
    pub(crate) fn set_cookies(&mut self) -> Result<()> {
        self.set_session_cookies();
        if let Some(token) = identity::restart_token(self.cx, &self.realm, &self.tab.request)? {
            let cookie = Cookie { name: cookies::RESTART, value: &token, max_age: None, http_only: true };
            show::set_cookie(self.cx, &self.realm, cookie);
        }
        Ok(())
    }

    fn set_session_cookies(&mut self) {
        let id = Cookie { name: cookies::AUTH_SESSION_ID, value: &self.id, max_age: None, http_only: true };
        show::set_cookie(self.cx, &self.realm, id);
        let hash = identity::fingerprint(&self.id);
        let hash = Cookie { name: cookies::AUTH_SESSION_HASH, value: &hash, max_age: Some(60), http_only: false };
        show::set_cookie(self.cx, &self.realm, hash);
    }

    /// An address under `login-actions`.
    pub(crate) fn address(&self, action: &str, first: &[(&str, &str)]) -> String {
        self.links(|links| links.to(action, first))
    }

    /// The same without scheme and host.
    pub(crate) fn path(&self, action: &str) -> String {
        self.links(|links| links.path(action, &[]))
    }

    fn links<T>(&self, with: impl FnOnce(Links<'_>) -> T) -> T {
        let realm = self.realm.issuer(&self.cx.base);
        let client_id = &self.client.client_id;
        with(Links { realm: &realm, client_id, tab: &self.tab_id, request: &self.tab.request })
    }

    /// The links that the realm offers on pages of this login.
    pub(crate) fn urls(&self) -> Urls {
        let settings = &self.realm.settings;
        self.links(|links| Urls {
            login: Some(links.path("authenticate", &[])),
            restart: Some(format!("{}&skip_logout=false", links.path("restart", &[]))),
            forgot: (settings.reset_password_allowed == Some(true)).then(|| links.path("reset-credentials", &[])),
            register: (settings.registration_allowed == Some(true)).then(|| links.path("registration", &[])),
        })
    }

    /// Prepares a form for the waiting step or action: keeps the login, and gives the form's address.
    pub(crate) fn form(&mut self, action: &str, waiting: &str) -> Result<String> {
        self.tab.waiting = Some(waiting.to_owned());
        self.place = Some((action.to_owned(), waiting.to_owned()));
        let code = match self.tab.code.take() {
            Some(code) => code,
            None => self.cx.app.random.token(),
        };
        self.tab.code = Some(code.clone());
        Ok(self.address(action, &[("session_code", &code), ("execution", waiting)]))
    }

    /// The words for this person: in the language chosen on a page, or else their own.
    pub(crate) fn words(&mut self) -> Result<Words> {
        let mut chosen = self.tab.locale.clone();
        if let (None, true, Some(user)) = (&chosen, self.speaks_languages(), &self.tab.user) {
            chosen = users::attributes(self.cx.read()?, user)?.first(LOCALE).map(str::to_owned);
        }
        let wish = self.tab.request.wishes.ui_locales.as_deref();
        Ok(Words::choose(self.cx, &self.realm, chosen.as_deref(), wish))
    }

    /// Whether the realm's pages come in several languages.
    pub(crate) fn speaks_languages(&self) -> bool {
        self.realm.settings.internationalization_enabled == Some(true)
    }

    /// The languages that this page comes in, with where to see it in each; none where there is no choice.
    fn languages(&self, words: &Words) -> Vec<Language> {
        let supported = self.realm.settings.supported_locales.as_deref().unwrap_or_default();
        let Some((action, waiting)) = self.place.as_ref().filter(|_| self.speaks_languages() && supported.len() > 1)
        else {
            return Vec::new();
        };
        // consent is shown where the required actions are
        let action = if action == "consent" { "required-action" } else { action };
        let address = self.links(|links| links.path(action, &[("execution", waiting)]));
        let language = |code: &String| {
            let key = format!("locale_{code}");
            let name = words.say(self.cx, &key, &[]);
            Language {
                name: if name == key { code.clone() } else { name },
                address: format!("{address}&kc_locale={code}"),
                current: *code == words.lang,
                code: code.clone(),
            }
        };
        supported.iter().map(language).collect()
    }

    /// Keeps the login and shows a page of it; what the login had to say comes first.
    pub(crate) fn page<P: Page>(&mut self, words: &Words, alert: Option<Alert>, page: &P) -> Result<Response> {
        let own = self.tab.alert.take().map(|key| {
            let kind = if key == "expiredActionMessage" || key == "loginTimeout" { Kind::Error } else { Kind::Info };
            words.alert(self.cx, kind, &key)
        });
        self.save()?;
        let languages = self.languages(words);
        let how = (StatusCode::OK, Caching::NoStore);
        show::page_in(self.cx, &self.realm, words, how, alert.or(own), languages, page)
    }

    /// Keeps the login and sends the browser to an address of it.
    pub(crate) fn redirect(&mut self, address: &str) -> Result<Response> {
        self.save()?;
        show::redirect(address, Caching::NoStore)
    }

    /// The beginning of an answer to the application: `state` and `iss` are added where they belong.
    pub(crate) fn answer(&self) -> Answer {
        Answer::new(&self.tab.request.redirect_uri, self.tab.request.response_mode)
    }

    /// Ends the login with an error for the application.
    pub(crate) fn refuse(mut self: Box<Self>, code: &str, description: Option<&str>) -> Result<Response> {
        if self.cx.parts.headers.contains_key(header::COOKIE) {
            self.forget()?;
        }
        let answer = self.answer().with("error", code).with_some("error_description", description);
        let answer = answer.with_some("state", self.tab.request.wishes.state.clone());
        let answer = answer.with_some("iss", self.issuer());
        show::answer(self.cx, &self.realm, answer)
    }

    /// The issuer, unless the client does not want it in answers.
    pub(crate) fn issuer(&self) -> Option<String> {
        let silent = self.setting("exclude.issuer.from.auth.response") == Some("true");
        (!silent).then(|| self.realm.issuer(&self.cx.base))
    }

    /// Names of the client scopes that this login asks for.
    pub(crate) fn scope_names(&self) -> Vec<&str> {
        let asked = Scopes::recall(&self.realm, &self.client, self.tab.request.wishes.scope.as_deref());
        asked.granted.iter().filter_map(|s| self.realm.token_scope(&s.id)).map(|s| s.name.as_str()).collect()
    }

    /// An attribute of the client.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.client.settings.attributes.as_ref()?.get(name)
    }
}

/// What a link of a login leads to.
pub(crate) enum Opened<'a> {
    Login(Box<Login<'a>>),
    /// The login is over, or was never this browser's.
    Unknown(&'a mut Cx),
}

/// The logins of this browser, by its cookie.
fn browser(cx: &mut Cx, realm: &RealmView) -> Result<Option<(String, Browser)>> {
    let Some(id) = cookies::find(&cx.parts.headers, cookies::AUTH_SESSION_ID).map(str::to_owned) else {
        return Ok(None);
    };
    let now = cx.now();
    let browser = auth_sessions::get(cx.read()?, &realm.id, &id, now)?;
    Ok(browser.map(|browser| (id, browser)))
}

/// How long a person may take to log in, in milliseconds.
fn lifespan(realm: &RealmView) -> i64 {
    i64::from(realm.settings.access_code_lifespan_login.filter(|s| *s > 0).unwrap_or(1800)) * 1000
}
