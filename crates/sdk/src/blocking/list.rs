//! Lists of any length, without `async`.

use tokio::sync::oneshot;

use crate::blocking::Client;
use crate::error::Result;

/// The entries of a list, however many there are: [`crate::All`] as an iterator.
///
/// ```
/// use cloakroom::{Result, api::admin::users::UserQuery, blocking};
///
/// fn emails(kc: &blocking::Client) -> Result<Vec<String>> {
///     let mut emails = Vec::new();
///     for user in kc.realm("acme").users().list_all(&UserQuery::default()).page_size(500) {
///         emails.extend(user?.email);
///     }
///     Ok(emails)
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is asked for until entries are taken"]
pub struct All<T> {
    entries: crate::All<T>,
    client: Client,
    /// Pages arrive while entries are looked at.
    behind: Option<oneshot::Sender<()>>,
}

impl<T: Send + 'static> All<T> {
    pub(crate) fn new(entries: crate::All<T>, client: Client) -> Self {
        All { entries, client, behind: None }
    }

    /// How many entries are asked for at a time. Default: 100.
    pub fn page_size(self, entries: usize) -> Self {
        All { entries: self.entries.page_size(entries), ..self }
    }

    /// How many pages are asked for before they are needed. Default: 1; 0 asks for a page when the last one is used up.
    pub fn read_ahead(self, pages: usize) -> Self {
        All { entries: self.entries.read_ahead(pages), ..self }
    }

    /// All that is left, in memory.
    pub fn into_vec(self) -> Result<Vec<T>> {
        self.client.drive(self.entries.into_vec())
    }
}

impl<T: Send + 'static> Iterator for All<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        // what has arrived needs no runtime
        if let Some(entry) = self.entries.at_hand() {
            return Some(Ok(entry));
        }
        if self.behind.is_none() && self.entries.reads_ahead() {
            self.behind = self.client.go_on();
        }
        self.client.drive(self.entries.try_next()).transpose()
    }
}
