//! A realm's Admin API, with somebody logged in: what every verb sends its requests through.

use bytes::Bytes;
use cloakroom::{Answer, Error, blocking};
use http::{Method, Request, Response, header};
use serde_json::Value;

use crate::connect::{Connection, Opened, Server, is_of_request, split_header};
use crate::failure::{Failure, Result};
use crate::path::{self, Place};
use crate::show;

pub(crate) struct Api {
    kc: blocking::Client,
    server: Server,
    place: Place,
    accept: &'static str,
    dry_run: bool,
}

/// A request, but for what the connection adds.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// As [`Api::url`] gives it.
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Bytes>,
}

impl Asked {
    pub(crate) fn new(method: Method, url: String) -> Self {
        Asked { method, url, headers: Vec::new(), body: None }
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = Some(Bytes::from(body.to_string()));
        self
    }

    /// How a person would name it.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.url)
    }
}

/// How a realm's API is reached, beyond the connection.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Aim {
    /// The realm [default: that of the login]
    #[arg(short, long, visible_alias = "target-realm", env = "KEYCLOAK_REALM", value_name = "REALM")]
    pub(crate) realm: Option<String>,
    /// The Admin API's address [default: that of the server with `/admin`]
    #[arg(short, long, value_name = "URL")]
    pub(crate) admin_root: Option<String>,
    /// Prints a request that would change something, with its secrets masked, in place of sending it. What only reads is sent
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

impl Aim {
    pub(crate) fn api(&self) -> Result<Api> {
        Ok(Api::over(self.connection.open()?, self.realm.as_deref(), self.admin_root.as_deref(), self.dry_run))
    }

    /// The same where nothing will be asked of the server: without a login.
    pub(crate) fn offline(&self) -> Result<Api> {
        let (url, session) = self.connection.place()?;
        let server = self.connection.server.clone();
        let realm = session.map_or_else(|| "master".to_owned(), |session| session.realm);
        let realm = self.connection.credentials.login_realm(&realm).to_owned();
        let kc = server.client(&url)?;
        let opened = Opened { kc, server, url: url.trim_end_matches('/').to_owned(), realm };
        Ok(Api::over(opened, self.realm.as_deref(), self.admin_root.as_deref(), true))
    }
}

impl Api {
    pub(crate) fn over(opened: Opened, realm: Option<&str>, admin_root: Option<&str>, dry_run: bool) -> Self {
        let Opened { kc, server, url, realm: own } = opened;
        let root = admin_root.map_or_else(|| format!("{url}/admin"), |root| root.trim_end_matches('/').to_owned());
        let realm = realm.map_or(own, str::to_owned);
        Api { kc, server, place: Place { server: url, root, realm }, accept: "application/json, */*;q=0.5", dry_run }
    }

    /// Asks for answers of one kind.
    pub(crate) fn accepting(mut self, kind: &'static str) -> Self {
        self.accept = kind;
        self
    }

    /// The whole address of what is typed.
    pub(crate) fn url(&self, path: &str, parameters: &[(String, String)]) -> Result<String> {
        path::url(&self.place, path, parameters).map_err(Failure::Usage)
    }

    /// An answer of any status; `None` where the request is shown in place of being sent.
    pub(crate) fn send(&self, asked: &Asked) -> Result<Option<Response<Bytes>>> {
        if self.dry_run && asked.method != Method::GET {
            show::request(asked)?;
            return Ok(None);
        }
        self.fetch(asked).map(Some)
    }

    /// The same for a request that changes nothing.
    pub(crate) fn fetch(&self, asked: &Asked) -> Result<Response<Bytes>> {
        let elsewhere;
        let (kc, path) = match asked.url.strip_prefix(&self.place.server).filter(|rest| rest.starts_with('/')) {
            Some(path) => (&self.kc, path),
            None => {
                let (origin, path) = path::split(&asked.url).map_err(Failure::Usage)?;
                let kc = self.server.client(origin)?;
                elsewhere = match self.kc.run(|kc| kc.access_token()) {
                    Ok(token) => kc.token(token),
                    // without a login
                    Err(Error::Config(_)) => kc,
                    Err(e) => return Err(e.into()),
                };
                (&elsewhere, path)
            }
        };
        let name = asked.name();
        let unfit = |e: http::Error| Failure::Usage(format!("{name}: {e}"));
        let mut request = Request::builder().method(asked.method.clone()).uri(path);
        for header in &self.server.header {
            let (name, value) = split_header(header)?;
            if is_of_request(name) {
                request = request.header(name, value);
            }
        }
        for (name, value) in &asked.headers {
            request = request.header(name, value);
        }
        let headers = request.headers_mut().map(std::mem::take).unwrap_or_default();
        if !headers.contains_key(header::ACCEPT) {
            request = request.header(header::ACCEPT, self.accept);
        }
        let writes = asked.body.is_some() || asked.method == Method::POST || asked.method == Method::PUT;
        if writes && !headers.contains_key(header::CONTENT_TYPE) {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let mut request = request.body(asked.body.clone().unwrap_or_default()).map_err(unfit)?;
        request.headers_mut().extend(headers);
        kc.run(|kc| kc.request(request)).map_err(|e| Failure::from(e).of(&name))
    }

    /// What is there, as JSON.
    pub(crate) fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Value> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let parameters: Vec<_> = parameters.iter().map(owned).collect();
        let asked = Asked::new(Method::GET, self.url(path, &parameters)?);
        Ok(show::read(&done(&asked, self.fetch(&asked)?)?)?.unwrap_or_default())
    }
}

/// An answer of success; any other is an error that names the request.
pub(crate) fn done(asked: &Asked, answer: Response<Bytes>) -> Result<Response<Bytes>> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let operation = match asked.method {
        Method::POST => "create",
        Method::PUT => "update",
        Method::DELETE => "delete",
        _ => "get",
    };
    let source = Error::Status { operation, status: answer.status(), answer: Box::new(Answer::of(&answer)) };
    Err(Failure::from(source).of(asked.name()))
}
