//! Somebody with a browser at a real Keycloak, as far as forms go.

use std::collections::BTreeMap;

use reqwest::{Client, RequestBuilder, Url, header, redirect::Policy};

pub(crate) struct Browser {
    http: Client,
    /// Kept by hand: Keycloak's are `Secure`, and a browser sends those to localhost all the same.
    cookies: BTreeMap<String, String>,
    at: Option<Url>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Browser { http, cookies: BTreeMap::new(), at: None }
    }

    /// The page at an address, or where it leads.
    pub(crate) async fn open(&mut self, address: &str) -> String {
        self.send(self.http.get(address)).await
    }

    /// Sends the one form of a page with these fields.
    pub(crate) async fn submit(&mut self, page: &str, fields: &[(&str, &str)]) -> String {
        let (_, form) = page.split_once("<form").expect("a form");
        let (_, action) = form.split_once("action=\"").expect("its address");
        let action = action.split('"').next().unwrap_or_default().replace("&amp;", "&");
        let action = self.at.as_ref().unwrap().join(&action).unwrap();
        self.send(self.http.post(action).form(fields)).await
    }

    async fn send(&mut self, mut request: RequestBuilder) -> String {
        loop {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
            }
            self.at = Some(answer.url().clone());
            let Some(location) = answer.headers().get(header::LOCATION) else { return answer.text().await.unwrap() };
            let next = answer.url().join(location.to_str().unwrap()).unwrap();
            request = self.http.get(next);
        }
    }
}
