//! A person's browser: it keeps cookies, reads forms, and follows redirects only when told to.

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use tower::ServiceExt;
use url::form_urlencoded;

pub(crate) const HOST: &str = "http://localhost";

/// One browser.
#[derive(Clone)]
pub(crate) struct Browser {
    server: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What the server answered.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Browser {
    pub(crate) fn new(server: Router) -> Self {
        Browser { server, cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, address: &str) -> Page {
        self.send(Method::GET, address, None).await
    }

    /// Sends the page's form: what it holds, and these fields.
    pub(crate) async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let action = page.action();
        let hidden = page.hidden();
        let hidden =
            hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| fields.iter().all(|(f, _)| f != n));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(hidden).extend_pairs(fields).finish();
        self.send(Method::POST, &action, Some(body)).await
    }

    /// Goes where a redirect leads, as long as that is here.
    pub(crate) async fn follow(&mut self, mut page: Page) -> Page {
        while let Some(location) = page.location().filter(|l| l.starts_with(&format!("{HOST}/realms"))) {
            page = self.get(&location).await;
        }
        page
    }

    pub(crate) async fn send(&mut self, method: Method, address: &str, form: Option<String>) -> Page {
        let path = address.strip_prefix(HOST).unwrap_or(address);
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(form.map_or_else(Body::empty, Body::from)).unwrap();
        let (parts, body) = self.server.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let html = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Page { status: parts.status, headers: parts.headers, html }
    }
}

impl Page {
    pub(crate) fn location(&self) -> Option<String> {
        Some(self.headers.get(header::LOCATION)?.to_str().unwrap().to_owned())
    }

    /// A parameter of the redirect, in its query or fragment.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let location = self.location()?;
        let (_, query) = location.split_once(['?', '#'])?;
        form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
    }

    pub(crate) fn action(&self) -> String {
        attribute(self.tag("<form"), "action")
    }

    /// Where the link with this id leads.
    pub(crate) fn link(&self, id: &str) -> String {
        let links = self.html.split("<a ").skip(1).map(|rest| rest.split('>').next().unwrap());
        let link = links.into_iter().find(|tag| attribute(tag, "id") == id);
        attribute(link.unwrap_or_else(|| panic!("no link {id} on this page: {self:?}")), "href")
    }

    fn hidden(&self) -> Vec<(String, String)> {
        let fields = self.html.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
        let hidden = fields.filter(|f| f.contains(r#"type="hidden""#));
        hidden.map(|f| (attribute(f, "name"), attribute(f, "value"))).collect()
    }

    fn tag(&self, start: &str) -> &str {
        let at = self.html.find(start).unwrap_or_else(|| panic!("{start} is not on this page: {self:?}"));
        self.html[at..].split('>').next().unwrap()
    }

    pub(crate) fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(
            self.html.contains(text),
            "{text:?} is not on this page: {} {:?}\n{}",
            self.status,
            self.headers,
            self.html
        );
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split(&format!(r#"{name}=""#)).nth(1).unwrap_or_default().split('"').next().unwrap();
    value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
