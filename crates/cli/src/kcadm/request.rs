//! `create`, `get`, `update`, `delete` and `get-roles`, and how their answers are printed.

use bytes::Bytes;
use http::{Method, Response, header};
use serde_json::{Map, Value};

use super::print::{answer, out, pretty};
use super::stop::{Stop, failed, usage};
use super::words::Given;
use super::{api, body as given_body};
use crate::api::{Api, Asked, done};
use crate::body::is_raw;
use crate::fields::{Fields, Unnamed, csv};
use crate::path::query;
use crate::show::{head, location};

/// How the answer to a command is printed.
struct Look {
    fields: Option<Fields>,
    compressed: bool,
    csv: bool,
    quotes: bool,
    headers: bool,
}

impl Look {
    fn of(given: &Given) -> Result<Self, Stop> {
        let csv = match given.one("--format").map(str::to_lowercase).as_deref() {
            None | Some("json") => false,
            Some("csv") => true,
            Some(_) => {
                let format = given.one("--format").unwrap_or_default();
                return Err(usage(format!("Unsupported output format: {format}")));
            }
        };
        let fields = match given.one("--fields") {
            Some(text) if text.trim().is_empty() => return Err(usage("Fields spec is null or empty!")),
            text => text.map(Fields::parse).transpose().map_err(failed)?,
        };
        Ok(Look {
            fields,
            compressed: given.has("--compressed"),
            csv,
            quotes: !given.has("--noquotes"),
            headers: given.has("--print-headers"),
        })
    }

    fn head(&self, response: &Response<Bytes>) -> Result<(), Stop> {
        if self.headers { out(&(head(response) + "\n\n")) } else { Ok(()) }
    }

    fn print(&self, response: &Response<Bytes>) -> Result<(), Stop> {
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let value: Option<Value> = serde_json::from_slice(response.body()).ok().filter(|_| kind.contains("json"));
        let as_it_came = self.compressed && self.fields.is_none() && !self.csv;
        let Some(value) = value.filter(|_| !as_it_came) else {
            return answer(&String::from_utf8_lossy(response.body()));
        };
        let value = match &self.fields {
            Some(fields) => fields.pick(&value, Unnamed::Empty),
            None => value,
        };
        if self.csv {
            return answer(&csv(&value, self.fields.as_ref(), self.quotes));
        }
        answer(&if self.compressed { value.to_string() } else { pretty(&value) })
    }
}

/// `key=value`, of which the key is not empty.
pub(crate) fn pair(text: &str) -> Result<(String, String), Stop> {
    let found = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = found.ok_or_else(|| usage(format!("Invalid key=value parameter: [{text}]")))?;
    Ok((name.to_owned(), value.to_owned()))
}

fn pairs(given: &Given, option: &str) -> Result<Vec<(String, String)>, Stop> {
    given.all(option).iter().map(|text| pair(text)).collect()
}

/// The four verbs.
pub(crate) fn run(given: &Given, method: Method) -> Result<(), Stop> {
    let Some(resource) = &given.argument else {
        return Err(if given.is_empty() { Stop::Help } else { usage("Missing required parameter: 'ENDPOINT_URI'") });
    };
    let look = Look::of(given)?;
    let sends = method == Method::POST || method == Method::PUT;
    if given.has("--id") && given.has("--output") {
        return Err(usage("Options -o and -i are mutually exclusive"));
    }
    if given.has("--merge") && given.has("--no-merge") {
        return Err(usage("Options --merge and --no-merge are mutually exclusive"));
    }
    let (headers, parameters) = (pairs(given, "--header")?, pairs(given, "--query")?);
    pairs(given, "--set")?;
    let raw = is_raw(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let body = given_body(given, raw)?;
    let merges = given.has("--merge")
        || (!given.has("--no-merge") && body.file.is_none() && body.body.is_none() && body.edits());
    let api = api(given, resource)?;
    let bare = api.url(resource, &[])?;
    let url = query(&bare, &parameters);
    let present = if method == Method::PUT && merges { Some(present(&api, &url, &headers)?) } else { None };
    let paging = [("first", given.one("--offset")), ("max", given.one("--limit"))];
    let paging: Vec<_> = paging.iter().filter_map(|(name, n)| Some(((*name).to_owned(), (*n)?.to_owned()))).collect();
    let mut asked = Asked::new(method.clone(), query(&url, &paging));
    asked.headers = headers;
    // edits with nothing beneath them make an object, also where there is nothing to delete
    asked.body = body.read(present, raw)?;
    if asked.body.is_none() && merges {
        asked.body = Some(Bytes::from(Value::Object(Map::new()).to_string()));
    }
    let response = api.fetch(&asked)?;
    look.head(&response)?;
    let response = done(&asked, response)?;
    if method == Method::GET {
        return look.print(&response);
    }
    // as it stands in the address: kcadm does not decode it
    let id = location(&response).and_then(|place| place.rsplit('/').next()).filter(|id| !id.is_empty());
    let id = id.map(str::to_owned);
    if let Some(id) = &id {
        if given.has("--id") {
            out(&format!("{id}\n"))?;
        } else if !given.has("--output") {
            let kind = bare.rsplit('/').next().unwrap_or_default();
            eprintln!("Created new {} with id '{id}'", kind.strip_suffix('s').unwrap_or(kind));
        }
    }
    if !given.has("--output") {
        return Ok(());
    }
    if sends && (response.status() == http::StatusCode::NO_CONTENT || id.is_some()) {
        let url = id.map_or(url.clone(), |id| format!("{bare}/{id}"));
        return look.print(&api.fetch(&Asked::new(Method::GET, url))?);
    }
    look.print(&response)
}

fn present(api: &Api, url: &str, headers: &[(String, String)]) -> Result<Value, Stop> {
    let mut asked = Asked::new(Method::GET, url.to_owned());
    asked.headers = headers.to_vec();
    let answer = done(&asked, api.fetch(&asked)?)?;
    serde_json::from_slice(answer.body()).map_err(|e| failed(format!("HTTP request error: {e}")))
}

/// `get-roles`, whose address is known.
pub(crate) fn list(given: &Given, api: &Api, url: String) -> Result<(), Stop> {
    let look = Look::of(given)?;
    let asked = Asked::new(Method::GET, url);
    let response = api.fetch(&asked)?;
    look.head(&response)?;
    look.print(&done(&asked, response)?)
}
