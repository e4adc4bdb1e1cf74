//! The circumstances of a request: the time, the client's network, further attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use crate::moment;

/// The attribute with the local date and time, `yyyy-MM-dd HH:mm:ss`.
pub const DATE_TIME: &str = "kc.time.date_time";
/// The attribute with the client id of the client that asks.
pub const CLIENT_ID: &str = "kc.client.id";
/// The attribute with the network address that the request comes from.
pub const IP_ADDRESS: &str = "kc.client.network.ip_address";
/// The attribute with the host name that the request comes from.
pub const HOST: &str = "kc.client.network.host";
/// The attribute with the user agent.
pub const USER_AGENT: &str = "kc.client.user_agent";
/// The attribute with the realm's name.
pub const REALM: &str = "kc.realm.name";

/// The circumstances of a request: attributes that policies look at, by Keycloak's names of them (`kc.…`).
///
/// ```
/// use cloakroom_policy::Context;
/// let context = Context::at(1_700_000_000).utc_offset(3600).attribute("kc.client.network.ip_address", ["10.0.0.7"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    now: i64,
    utc_offset: i32,
    attributes: BTreeMap<String, Vec<String>>,
}

impl Context {
    /// At a time, in seconds since 1970 (UTC).
    pub fn at(unix_seconds: i64) -> Self {
        Self { now: unix_seconds, utc_offset: 0, attributes: BTreeMap::new() }
    }

    /// Sets the offset of local time from UTC in seconds, east is positive. Time policies speak of local time;
    /// in Keycloak that of the machine. Zero unless said.
    pub fn utc_offset(mut self, seconds: i32) -> Self {
        self.utc_offset = seconds;
        self
    }

    /// Sets an attribute. [`DATE_TIME`] given here is believed instead of the clock.
    pub fn attribute(mut self, name: impl Into<String>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.attributes.insert(name.into(), values.into_iter().map(Into::into).collect());
        self
    }

    pub(crate) fn values(&self, name: &str) -> Option<&[String]> {
        self.attributes.get(name).map(Vec::as_slice)
    }

    /// The clock's time in the offset, to the second.
    pub(crate) fn local_time(&self) -> Option<PrimitiveDateTime> {
        let offset = UtcOffset::from_whole_seconds(self.utc_offset).ok()?;
        let local = OffsetDateTime::from_unix_timestamp(self.now).ok()?.checked_to_offset(offset)?;
        Some(PrimitiveDateTime::new(local.date(), local.time()))
    }

    pub(crate) fn clock_attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        (name == DATE_TIME).then(|| self.local_time()).flatten().map(|now| moment::format(now).into())
    }
}
