//! `get`, `create`, `update`, `delete`: any path of the Admin API.

use std::path::PathBuf;

use bytes::Bytes;
use clap::Args;
use cloakroom::api::endpoint::{Call, Reply, Transport};
use cloakroom::blocking;
use http::{Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::assign::assign;
use crate::connect::Connection;
use crate::failure::{Failure, Result};
use crate::input;
use crate::output::{Format, print, say};
use crate::path::{query, uri};

/// How many a page has when all are asked for.
const PAGE: usize = 100;

#[derive(Args, Debug)]
pub(crate) struct Target {
    /// What: a path below the realm (`users`, `clients/ID/roles`), `realms` or `realms/NAME` or `serverinfo`, or a whole
    /// path that begins with `/`
    path: String,
    /// The realm [default: that of KEYCLOAK_REALM]
    #[arg(short, long, env = "KEYCLOAK_REALM", value_name = "REALM")]
    realm: Option<String>,
    /// A parameter of the query; may be given more than once
    #[arg(short, long, value_name = "KEY=VALUE")]
    query: Vec<String>,
    /// How the answer is printed [default: table on a terminal, else json]
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Format>,
    /// The fields to print, in this order
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    fields: Vec<String>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Args, Debug)]
pub(crate) struct Body {
    /// The body: a file in JSON or YAML, `-` for the standard input
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Sets a field of the body, after the file is read; may be given more than once
    #[arg(short, long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Get {
    /// Fetches all pages of a list, not the first only
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args, Debug)]
pub(crate) struct Create {
    #[command(flatten)]
    body: Body,
    #[command(flatten)]
    target: Target,
}

#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    body: Body,
    /// Sends the changed fields alone. Else, without -f, what is there is fetched, changed, and sent whole
    #[arg(short, long)]
    no_merge: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Args, Debug)]
pub(crate) struct Delete {
    #[command(flatten)]
    body: Body,
    #[command(flatten)]
    target: Target,
}

pub(crate) fn get(args: &Get) -> Result<()> {
    let target = Sent::to(&args.target)?;
    let value = if args.all { target.all()? } else { target.json(Method::GET, None)? };
    match value {
        Some(value) => print(&value, args.target.output, &args.target.fields),
        None => Ok(()),
    }
}

pub(crate) fn create(args: &Create) -> Result<()> {
    let body = args.body.read(Value::Null)?;
    let target = Sent::to(&args.target)?;
    let answer = target.send(Method::POST, body.as_ref())?;
    if !answer.body().is_empty() {
        return target.print(&answer);
    }
    let location = answer.headers().get(header::LOCATION).and_then(|v| v.to_str().ok());
    let Some(id) = location.and_then(|l| l.rsplit('/').next()) else { return Ok(()) };
    match args.target.output {
        None => say(id),
        format => print(&json!({ "id": id, "location": location }), format, &args.target.fields),
    }
}

pub(crate) fn update(args: &Update) -> Result<()> {
    let target = Sent::to(&args.target)?;
    let merges = !args.no_merge && args.body.file.is_none() && !args.body.set.is_empty();
    let present = if merges { target.present()? } else { Value::Null };
    let body = args.body.read(present)?;
    target.print(&target.send(Method::PUT, body.as_ref())?)
}

pub(crate) fn delete(args: &Delete) -> Result<()> {
    let body = args.body.read(Value::Null)?;
    let target = Sent::to(&args.target)?;
    target.print(&target.send(Method::DELETE, body.as_ref())?)
}

impl Body {
    /// File, then assignments, on top of what is there. `None` where there is neither.
    fn read(&self, present: Value) -> Result<Option<Value>> {
        let mut body = self.file.as_deref().map(input::read).transpose()?.unwrap_or(present);
        for assignment in &self.set {
            assign(&mut body, assignment).map_err(Failure::Usage)?;
        }
        Ok(Some(body).filter(|_| self.file.is_some() || !self.set.is_empty()))
    }
}

/// A place on a server, and the client that calls it.
struct Sent<'a> {
    kc: blocking::Client,
    uri: String,
    target: &'a Target,
}

/// An answer as it is; refusals become errors as for every call.
struct Whole;

impl Reply for Whole {
    type Value = Response<Bytes>;
    const ACCEPT: &'static str = "application/json, */*;q=0.5";
    fn encode(value: Response<Bytes>) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(value)
    }
    fn decode(response: Response<Bytes>) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(response)
    }
}

impl<'a> Sent<'a> {
    fn to(target: &'a Target) -> Result<Self> {
        let uri = uri(&target.path, target.realm.as_deref(), &target.query).map_err(Failure::Usage)?;
        Ok(Sent { kc: target.connection.client()?, uri, target })
    }

    fn send(&self, method: Method, body: Option<&Value>) -> Result<Response<Bytes>> {
        self.send_to(method, &self.uri, body)
    }

    fn send_to(&self, method: Method, uri: &str, body: Option<&Value>) -> Result<Response<Bytes>> {
        let operation = match method {
            Method::POST => "create",
            Method::PUT => "update",
            Method::DELETE => "delete",
            _ => "get",
        };
        let name = format!("{method} {uri}");
        let bytes = body.map(serde_json::to_vec).transpose().map_err(|e| Failure::Usage(e.to_string()))?;
        let mut request = Request::builder().method(method.clone()).uri(uri).header(header::ACCEPT, Whole::ACCEPT);
        if body.is_some() || method == Method::POST || method == Method::PUT {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Bytes::from(bytes.unwrap_or_default()));
        let request = request.map_err(|e| Failure::Usage(format!("{name}: {e}")))?;
        let call = Call { operation, request: Ok(request) };
        self.kc.send::<Whole>(call).map_err(|e| Failure::from(e).of(name))
    }

    fn json(&self, method: Method, body: Option<&Value>) -> Result<Option<Value>> {
        read(&self.send(method, body)?)
    }

    /// What is there now; nothing where the path cannot be read, as with `reset-password`.
    fn present(&self) -> Result<Value> {
        match self.json(Method::GET, None) {
            Ok(value) => Ok(value.unwrap_or_default()),
            Err(Failure::Call { source, .. }) if matches!(source.status(), 404 | 405) => Ok(Value::Null),
            Err(e) => Err(e),
        }
    }

    /// Page after page, until one is not full.
    fn all(&self) -> Result<Option<Value>> {
        if self.target.query.iter().any(|q| q.starts_with("first=") || q.starts_with("max=")) {
            return Err(Failure::Usage("--all asks for every page: leave `first` and `max` out".to_owned()));
        }
        let mut list = Vec::new();
        loop {
            let page =
                query(&self.uri, &[format!("first={}", list.len()), format!("max={PAGE}")]).map_err(Failure::Usage)?;
            match read(&self.send_to(Method::GET, &page, None)?)? {
                // a path that does not page gives the same list again
                Some(Value::Array(page)) if !list.is_empty() && page.first() == list.first() => {
                    return Ok(Some(list.into()));
                }
                Some(Value::Array(page)) => {
                    let last = page.len() != PAGE;
                    list.extend(page);
                    if last {
                        return Ok(Some(list.into()));
                    }
                }
                other => return Ok(other),
            }
        }
    }

    /// Prints what came back, if anything did.
    fn print(&self, answer: &Response<Bytes>) -> Result<()> {
        match read(answer)? {
            Some(value) => print(&value, self.target.output, &self.target.fields),
            None => Ok(()),
        }
    }
}

/// JSON, or text where the answer is something else; nothing for an empty one.
fn read(answer: &Response<Bytes>) -> Result<Option<Value>> {
    if answer.body().is_empty() || answer.status() == StatusCode::NO_CONTENT {
        return Ok(None);
    }
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.contains("json") {
        let value = serde_json::from_slice(answer.body());
        return value.map(Some).map_err(|e| Failure::Io(format!("the answer is not the JSON it says it is: {e}")));
    }
    if kind.starts_with("text/html") {
        return Err(Failure::Usage("HTML instead of JSON: is --server right? It is the part before /admin".to_owned()));
    }
    Ok(Some(String::from_utf8_lossy(answer.body()).into_owned().into()))
}
