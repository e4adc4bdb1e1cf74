//! Lists of any length: page by page, asked for ahead of time, as a stream or an iterator.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use cloakroom_api::endpoint::{Call, CallError, List, Pages};
use futures_util::Stream;
use http::{Request, Response, Uri};
use tokio::task::JoinHandle;
use tracing::Instrument;
use url::form_urlencoded;

use crate::client::{Client, read};
use crate::error::{Error, Result};

/// The entries of a list, however many there are: what `list_all` and its like give.
///
/// A [`Stream`]; [`try_next`](All::try_next) and [`into_vec`](All::into_vec) serve where the traits of streams are not at
/// hand. Pages are asked for as entries are taken, and [`read_ahead`](All::read_ahead) of them before they are needed, so
/// memory holds a few pages and never the list. Dropping it ends all calls. After an error there is nothing more.
///
/// The end is the first empty page, since a server may leave entries out of a page that the caller may not see. Entries that
/// are made or deleted meanwhile move the others: those that were there all along may be seen twice or not at all, as with
/// any list that is paged by position.
///
/// ```
/// use cloakroom::{Client, Result, api::admin::users::{User, UserQuery}};
///
/// async fn first_without_email(kc: &Client) -> Result<Option<User>> {
///     let mut users = kc.realm("acme").users().list_all(&UserQuery::default()).page_size(500);
///     while let Some(user) = users.try_next().await? {
///         if user.email.is_none() {
///             return Ok(Some(user)); // the rest is not asked for
///         }
///     }
///     Ok(None)
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is asked for until entries are taken"]
pub struct All<T> {
    client: Client,
    operation: &'static str,
    request: Result<Request<Bytes>, CallError>,
    read: fn(&'static str, Response<Bytes>) -> Result<Vec<T>>,
    /// The position of the next page, and how many entries may still be asked for.
    at: usize,
    left: usize,
    page_size: usize,
    read_ahead: usize,
    asked: VecDeque<Asked<T>>,
    entries: std::vec::IntoIter<T>,
    /// The last page, to know it again: a server that does not page gives the same one for ever.
    last: Option<u64>,
    over: bool,
}

/// A page that was asked for. It is not waited for once this is dropped.
#[derive(Debug)]
struct Asked<T>(JoinHandle<Result<Page<T>>>);

#[derive(Debug)]
struct Page<T> {
    entries: Vec<T>,
    mark: u64,
}

impl<T> Drop for Asked<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> All<T> {
    pub(crate) fn new<R: List<Item = T>>(client: Client, call: Call) -> Self {
        let Call { operation, request } = call;
        let (request, at, left) = match request.and_then(unpaged) {
            Ok((request, first, max)) => (Ok(request), first, max),
            Err(e) => (Err(e), 0, usize::MAX),
        };
        All {
            client,
            operation,
            request,
            read: read::<R>,
            at,
            left,
            page_size: 100,
            read_ahead: 1,
            asked: VecDeque::new(),
            entries: Vec::new().into_iter(),
            last: None,
            over: false,
        }
    }

    /// How many entries are asked for at a time. Default: 100.
    pub fn page_size(mut self, entries: usize) -> Self {
        self.page_size = entries.max(1);
        self
    }

    /// How many pages are asked for before they are needed. Default: 1; 0 asks for a page when the last one is used up.
    pub fn read_ahead(mut self, pages: usize) -> Self {
        self.read_ahead = pages;
        self
    }

    /// The next entry, `None` at the end.
    ///
    /// Errors: those of the call; afterwards there is nothing more.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        poll_fn(|cx| self.poll_entry(cx)).await.transpose()
    }

    /// All that is left, in memory.
    pub async fn into_vec(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(entry) = self.try_next().await? {
            all.push(entry);
        }
        Ok(all)
    }

    /// The next entry if it has arrived.
    pub(crate) fn at_hand(&mut self) -> Option<T> {
        self.entries.next()
    }

    pub(crate) fn reads_ahead(&self) -> bool {
        self.read_ahead > 0 && !self.over
    }

    fn poll_entry(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(entry) = self.at_hand() {
                return Poll::Ready(Some(Ok(entry)));
            }
            if self.over {
                return Poll::Ready(None);
            }
            match self.ask(self.read_ahead + 1) {
                Ok(()) => {}
                Err(e) => return self.end(Some(Err(e))),
            }
            let Some(next) = self.asked.front_mut() else { return self.end(None) };
            let page = match ready!(Pin::new(&mut next.0).poll(cx)) {
                Ok(Ok(page)) => page,
                Ok(Err(e)) => return self.end(Some(Err(e))),
                Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
                Err(_) => return self.end(Some(Err(Error::Config("the runtime is shutting down".to_owned())))),
            };
            self.asked.pop_front();
            if page.entries.is_empty() || self.last == Some(page.mark) {
                return self.end(None);
            }
            // more than was asked for is all there is, from a server that does not page
            self.over = page.entries.len() > self.page_size;
            self.last = Some(page.mark);
            self.entries = page.entries.into_iter();
            if self.over {
                self.asked.clear();
            } else if let Err(e) = self.ask(self.read_ahead) {
                return self.end(Some(Err(e)));
            }
        }
    }

    fn end(&mut self, last: Option<Result<T>>) -> Poll<Option<Result<T>>> {
        self.over = true;
        self.asked.clear();
        Poll::Ready(last)
    }

    /// Asks until so many pages are on their way.
    fn ask(&mut self, pages: usize) -> Result<()> {
        let operation = self.operation;
        while self.asked.len() < pages && self.left > 0 {
            let request = self.request.clone().map_err(|source| Error::Call { operation, source })?;
            let size = self.page_size.min(self.left);
            let call = Call { operation, request: paged(request, self.at, size) };
            (self.at, self.left) = (self.at.saturating_add(size), self.left - size);
            let (client, read) = (self.client.clone(), self.read);
            let page = async move {
                let answer = client.fetch(call).await?;
                let mut mark = DefaultHasher::new();
                answer.body().hash(&mut mark);
                Ok(Page { entries: read(operation, answer)?, mark: mark.finish() })
            };
            self.asked.push_back(Asked(tokio::spawn(page.in_current_span())));
        }
        Ok(())
    }
}

/// Nothing in it is pinned, entries least of all.
impl<T> Unpin for All<T> {}

impl<T: Send + 'static> Stream for All<T> {
    type Item = Result<T>;
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.get_mut().poll_entry(cx)
    }
}

impl Pages for Client {
    type All<T: Send + 'static> = All<T>;

    fn all<R: List>(&self, call: Call) -> All<R::Item> {
        All::new::<R>(self.clone(), call)
    }
}

/// The request without `first` and `max`, and these: where to begin, and how many entries to stop after.
fn unpaged(mut request: Request<Bytes>) -> Result<(Request<Bytes>, usize, usize), CallError> {
    let (mut first, mut max) = (0, usize::MAX);
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        match &*name {
            "first" => first = value.parse().unwrap_or(0),
            "max" => max = value.parse().unwrap_or(usize::MAX), // negative: all
            _ => drop(rest.append_pair(&name, &value)),
        }
    }
    let rest = rest.finish();
    set_query(&mut request, &rest)?;
    Ok((request, first, max))
}

fn paged(mut request: Request<Bytes>, first: usize, max: usize) -> Result<Request<Bytes>, CallError> {
    let query = match request.uri().query() {
        Some(rest) => format!("{rest}&first={first}&max={max}"),
        None => format!("first={first}&max={max}"),
    };
    set_query(&mut request, &query)?;
    Ok(request)
}

fn set_query(request: &mut Request<Bytes>, query: &str) -> Result<(), CallError> {
    let mut uri = request.uri().path().to_owned();
    if !query.is_empty() {
        uri.extend(["?", query]);
    }
    *request.uri_mut() = Uri::try_from(uri).map_err(|e| CallError::Query(e.to_string()))?;
    Ok(())
}
