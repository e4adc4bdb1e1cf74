//! `get`, `create`, `update`, `delete`: any path of the Admin API.

use bytes::Bytes;
use clap::Args;
use cloakroom::api::endpoint::Created;
use http::{Method, Response};
use serde_json::Value;

use crate::api::{Aim, Api, Asked, done};
use crate::body::{Body, is_raw};
use crate::connect::split_header;
use crate::failure::{Failure, Result};
use crate::output::say;
use crate::path::{self, parameter, query};
use crate::show::{Shown, location, read};

/// How many a page has when all are asked for.
const PAGE: usize = 100;

#[derive(Args, Debug)]
pub(crate) struct Target {
    /// What: a path below the realm (`users`, `clients/ID/roles`); `realms`, `realms/NAME` or `serverinfo`; a whole path that
    /// begins with `/`; or a whole address
    path: String,
    /// A parameter of the query; may be given more than once
    #[arg(short, long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    query: Vec<String>,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    aim: Aim,
}

#[derive(Args, Debug)]
pub(crate) struct Get {
    /// Fetches all pages of a list, 100 items at a time, not the first only
    #[arg(long, conflicts_with_all = ["offset", "limit"])]
    all: bool,
    /// How many items of the list to leave out, from its beginning [default: 0]
    #[arg(long, value_name = "COUNT")]
    offset: Option<u64>,
    /// How many items of the list to get at most [default: as many as the server gives unasked, 100 of users]
    #[arg(short, long, value_name = "COUNT")]
    limit: Option<u64>,
    #[command(flatten)]
    target: Target,
}

#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Prints the id alone, as it is without -o and -F
    #[arg(short, long, conflicts_with = "output")]
    id: bool,
    #[command(flatten)]
    body: Body,
    #[command(flatten)]
    target: Target,
}

#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    body: Body,
    /// Fetches what is there, and puts the body on top of it [default: with -s and -d, unless -f is there]
    #[arg(short, long, conflicts_with = "no_merge")]
    merge: bool,
    /// Sends the body alone [default: with -f, and with -b alone]
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
    let sent = args.target.sent(args.target.aim.api()?)?;
    if args.all {
        return args.target.shown.look.print(&sent.all()?);
    }
    let paging = [("first", args.offset), ("max", args.limit)];
    let paging: Vec<_> =
        paging.iter().filter_map(|(name, n)| Some(((*name).to_owned(), n.as_ref()?.to_string()))).collect();
    args.target.shown.print(&sent.fetch(query(&sent.url, &paging))?)
}

pub(crate) fn create(args: &Create) -> Result<()> {
    let body = args.body.read(None, args.target.raw())?;
    let sent = args.target.sent(args.target.api()?)?;
    let Some(answer) = sent.send(Method::POST, body)? else { return Ok(()) };
    let look = &args.target.shown.look;
    match location(&answer).map(Created::at) {
        Some(created) if look.output.is_none() && look.fields.is_none() => say(created.id()),
        Some(created) if answer.body().is_empty() => {
            let id = path::segment(created.id()).map_err(Failure::Usage)?;
            args.target.shown.print(&sent.fetch(format!("{}/{id}", sent.bare()))?)
        }
        _ => args.target.shown.print(&answer),
    }
}

pub(crate) fn update(args: &Update) -> Result<()> {
    let merges = args.merge || (!args.no_merge && args.body.file.is_none() && args.body.edits());
    let body = if merges { args.body.taken()? } else { args.body.clone() };
    let api = if merges { args.target.aim.api()? } else { args.target.api()? };
    let sent = args.target.sent(api)?;
    let present = if merges { sent.present()? } else { None };
    let body = body.read(present, args.target.raw())?;
    let Some(answer) = sent.send(Method::PUT, body)? else { return Ok(()) };
    let look = &args.target.shown.look;
    if answer.body().is_empty() && (look.output.is_some() || look.fields.is_some()) {
        return args.target.shown.print(&sent.fetch(sent.url.clone())?);
    }
    args.target.shown.print(&answer)
}

pub(crate) fn delete(args: &Delete) -> Result<()> {
    let body = args.body.read(None, args.target.raw())?;
    let sent = args.target.sent(args.target.api()?)?;
    match sent.send(Method::DELETE, body)? {
        Some(answer) => args.target.shown.print(&answer),
        None => Ok(()),
    }
}

impl Target {
    /// Whether the headers say that the body is not JSON.
    fn raw(&self) -> bool {
        is_raw(self.aim.connection.server.header.iter().filter_map(|header| split_header(header).ok()))
    }

    /// With a login, unless nothing will be sent.
    fn api(&self) -> Result<Api> {
        if self.aim.dry_run { self.aim.offline() } else { self.aim.api() }
    }

    fn sent(&self, api: Api) -> Result<Sent<'_>> {
        let parameters: Result<Vec<_>, _> = self.query.iter().map(|typed| parameter(typed)).collect();
        let url = api.url(&self.path, &parameters.map_err(Failure::Usage)?)?;
        Ok(Sent { api, url, target: self })
    }
}

/// A place on a server, and what calls it.
struct Sent<'a> {
    api: Api,
    url: String,
    target: &'a Target,
}

impl Sent<'_> {
    /// The answer to a request that changes something; `None` where it is only shown.
    fn send(&self, method: Method, body: Option<Bytes>) -> Result<Option<Response<Bytes>>> {
        let mut asked = Asked::new(method, self.url.clone());
        asked.body = body;
        let answer = self.api.send(&asked)?;
        answer.map(|answer| self.target.shown.checked(&asked, answer)).transpose()
    }

    fn fetch(&self, url: String) -> Result<Response<Bytes>> {
        let asked = Asked::new(Method::GET, url);
        let answer = self.api.fetch(&asked)?;
        self.target.shown.checked(&asked, answer)
    }

    /// The address without a query.
    fn bare(&self) -> &str {
        self.url.split('?').next().unwrap_or_default()
    }

    /// What is there now; nothing where the path cannot be read, as with `reset-password`.
    fn present(&self) -> Result<Option<Value>> {
        let asked = Asked::new(Method::GET, self.url.clone());
        let answer = self.api.fetch(&asked)?;
        if matches!(answer.status().as_u16(), 404 | 405) { Ok(None) } else { read(&done(&asked, answer)?) }
    }

    /// Page after page, until one is not full.
    fn all(&self) -> Result<Value> {
        if self.target.query.iter().any(|q| q.starts_with("first=") || q.starts_with("max=")) {
            return Err(Failure::Usage("--all asks for every page: leave `first` and `max` out".to_owned()));
        }
        let mut list = Vec::new();
        loop {
            let paging = [("first".to_owned(), list.len().to_string()), ("max".to_owned(), PAGE.to_string())];
            match read(&self.fetch(query(&self.url, &paging))?)? {
                // a path that does not page gives the same list again
                Some(Value::Array(page)) if !list.is_empty() && page.first() == list.first() => return Ok(list.into()),
                Some(Value::Array(page)) => {
                    let last = page.len() != PAGE;
                    list.extend(page);
                    if last {
                        return Ok(list.into());
                    }
                }
                other => return Ok(other.unwrap_or_default()),
            }
        }
    }
}
