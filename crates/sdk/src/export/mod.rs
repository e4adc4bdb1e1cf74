//! A whole realm as one document: what Keycloak's partial export gives, and what it leaves out.

mod document;
mod realm;
mod users;

use std::io::Write;
use std::pin::pin;
use std::sync::atomic::AtomicBool;

use cloakroom_api::admin::realms::Realms;
use cloakroom_api::admin::users::UserQuery;
use cloakroom_api::endpoint::{Json, Pages};
use futures_util::StreamExt;
use serde_json::Value;

use crate::client::Client;
use crate::error::Result;
use crate::steps::{Steps, Unsent};
use document::Document;
#[cfg(feature = "plan")]
pub(crate) use realm::{organizations, reveal, secrets};
use users::Asked;
#[cfg(feature = "plan")]
pub(crate) use users::mapped;

/// How many users are read at once unless the caller says otherwise.
const AT_ONCE: usize = 8;

/// Exports whole realms.
///
/// ```
/// use cloakroom::{Client, Export, Result, blocking};
///
/// async fn back_up(kc: &Client) -> Result<Vec<u8>> {
///     let mut file = Vec::new();
///     let exported = kc.realms().export("acme").users(true).write(&mut file, |users| println!("{users} users")).await?;
///     for secret in exported.masked {
///         eprintln!("the server does not give {secret}");
///     }
///     Ok(file)
/// }
///
/// fn show(kc: &blocking::Client) -> Result<()> {
///     kc.realms().export("acme").pretty(true).write(&mut std::io::stdout(), |_| {})?;
///     Ok(())
/// }
/// ```
pub trait Export<'a, C> {
    /// Begins the export of a realm; [`write`](RealmExport::write) does it.
    fn export(&self, realm: &'a str) -> RealmExport<'a, C>;
}

impl<'a, C: Steps> Export<'a, C> for Realms<'a, C> {
    fn export(&self, realm: &'a str) -> RealmExport<'a, C> {
        RealmExport { client: self.client(), realm, users: false, pretty: false, at_once: AT_ONCE }
    }
}

/// An export of a realm, to be written. Begin with [`Export::export`].
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is asked for until it is written"]
pub struct RealmExport<'a, C> {
    client: &'a C,
    realm: &'a str,
    users: bool,
    pretty: bool,
    at_once: usize,
}

/// What an export came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exported {
    /// How many users were written. Service accounts go with their clients and are not counted.
    pub users: u64,
    /// Where the server gives `**********` in place of a secret, such as `smtpServer.password`: to be filled in before the
    /// document is imported.
    pub masked: Vec<String>,
}

impl<'a, C: Steps> RealmExport<'a, C> {
    /// Whether users are exported, and who are members of organizations. Default: no.
    ///
    /// A user comes with attributes, required actions, roles, groups, links to identity providers and, where a client asks
    /// for consent, consents. Credentials come along where the server gives their secrets; Keycloak gives none.
    pub fn users(self, yes: bool) -> Self {
        RealmExport { users: yes, ..self }
    }

    /// Whether the document is indented. Default: one line.
    pub fn pretty(self, yes: bool) -> Self {
        RealmExport { pretty: yes, ..self }
    }

    /// How many users are read at once. Default: 8.
    pub fn at_once(self, users: usize) -> Self {
        RealmExport { at_once: users.max(1), ..self }
    }

    /// Writes the document: a realm's representation in JSON, as `POST /admin/realms` takes it. `progress` is told how many
    /// users are written, again and again.
    ///
    /// Beyond the server's partial export it has the secrets of clients, the organizations, and the users, if they are asked
    /// for. Memory holds the realm without its users, and a page of these. Takes three to six calls a user.
    ///
    /// Errors: those of the calls, each of which needs its role (`manage-realm`, `view-clients`, `view-users`);
    /// [`Error::Write`](crate::Error::Write). The document is then not whole.
    pub fn write<W: Write + Send>(
        self,
        out: &'a mut W,
        progress: impl FnMut(u64) + Send + 'a,
    ) -> C::Run<'a, Result<Exported>> {
        let RealmExport { client, realm, users, pretty, at_once } = self;
        let export = RealmExport { client: client.calls(), realm, users, pretty, at_once };
        client.steps(async move { export.run(out, progress).await })
    }
}

impl RealmExport<'_, Client> {
    async fn run(self, out: &mut (impl Write + Send), mut progress: impl FnMut(u64) + Send) -> Result<Exported> {
        let mut realm = realm::whole(self.client, self.realm, self.users).await?;
        let asked = Asked::of(&realm);
        let service_accounts = realm.remove("users");
        let masked = realm::masked(&realm);

        let mut document = Document::begin(out, self.pretty)?;
        for (name, value) in realm {
            document.field(&name, &value)?;
        }
        document.list("users")?;
        for account in service_accounts.as_ref().and_then(Value::as_array).into_iter().flatten() {
            document.item(account)?;
        }
        let mut written = 0;
        if self.users {
            let query = UserQuery { brief_representation: Some(false), ..UserQuery::default() };
            let users = self.client.realm(self.realm).users().through(&Unsent).list(&query);
            let (asked, kept_secret, realm) = (&asked, &AtomicBool::new(false), self.client.realm(self.realm));
            let whole = self
                .client
                .all::<Json<Vec<Value>>>(users)
                .map(|user| async move { users::whole(realm, asked, kept_secret, user?).await });
            let mut whole = pin!(whole.buffered(self.at_once));
            while let Some(user) = whole.next().await {
                // one that was deleted meanwhile is none
                let Some(user) = user? else { continue };
                document.item(&user)?;
                written += 1;
                progress(written);
            }
        }
        document.end_list()?;
        document.end()?;
        Ok(Exported { users: written, masked })
    }
}
