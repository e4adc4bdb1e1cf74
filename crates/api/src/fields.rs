//! Field types that representations share: attributes, text by name, secrets.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Attributes: each name has any number of values.
///
/// Reading takes a single value for a list of one, and null for none. `Debug` hides what looks like a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Attributes(pub BTreeMap<String, Vec<String>>);

impl Attributes {
    /// The first value of an attribute.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(shown)).finish()
    }
}

impl Deref for Attributes {
    type Target = BTreeMap<String, Vec<String>>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Attributes {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl IntoIterator for Attributes {
    type Item = (String, Vec<String>);
    type IntoIter = std::collections::btree_map::IntoIter<String, Vec<String>>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Into<String>, V: Into<String>, L: IntoIterator<Item = V>> FromIterator<(K, L)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (K, L)>>(entries: I) -> Self {
        let values = |(name, list): (K, L)| (name.into(), list.into_iter().map(Into::into).collect());
        Self(entries.into_iter().map(values).collect())
    }
}

impl<K: Into<String>, V: Into<String>, L: IntoIterator<Item = V>, const N: usize> From<[(K, L); N]> for Attributes {
    fn from(entries: [(K, L); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read: BTreeMap<String, OneOrMany> = Deserialize::deserialize(from)?;
        Ok(Self(read.into_iter().map(|(name, OneOrMany(values))| (name, values)).collect()))
    }
}

/// A list, or the one value it would hold; numbers and booleans as text.
struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = Vec<String>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list of values")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(vec![value.to_string()])
            }
            fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
                Ok(vec![value.to_string()])
            }
            fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
                Ok(vec![value.to_string()])
            }
            fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
                Ok(vec![value.to_string()])
            }
            fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                Ok(vec![value.to_owned()])
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(OneOrMany(value)) = list.next_element()? {
                    values.extend(value);
                }
                Ok(values)
            }
        }
        from.deserialize_any(Values).map(OneOrMany)
    }
}

/// A component's configuration: attributes, but a single value is not taken for a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config(pub Attributes);

impl Deref for Config {
    type Target = Attributes;
    fn deref(&self) -> &Attributes {
        &self.0
    }
}

impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Attributes {
        &mut self.0
    }
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(from).map(|lists| Self(Attributes(lists)))
    }
}

/// Parameters: attributes, but a list of one is written as the value alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(pub Attributes);

impl Deref for Parameters {
    type Target = Attributes;
    fn deref(&self) -> &Attributes {
        &self.0
    }
}

impl DerefMut for Parameters {
    fn deref_mut(&mut self) -> &mut Attributes {
        &mut self.0
    }
}

impl Serialize for Parameters {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        #[serde(untagged)]
        enum Value<'a> {
            One(&'a str),
            List(&'a [String]),
        }
        to.collect_map(self.iter().map(|(name, values)| match values.as_slice() {
            [one] => (name, Value::One(one)),
            list => (name, Value::List(list)),
        }))
    }
}

impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Attributes::deserialize(from).map(Self)
    }
}

/// An entry for `Debug`: `None` for the value of a name that sounds like a secret.
fn shown<'a, V>((name, value): (&'a String, &'a V)) -> (&'a str, Option<&'a V>) {
    const SECRET: [&str; 5] = ["secret", "password", "credential", "private", "token"];
    let lower = name.to_lowercase();
    (name, Some(value).filter(|_| !SECRET.iter().any(|word| lower.contains(word))))
}

/// Text by name: the configuration of a mapper, the attributes of a client.
///
/// A name may be there with null, which in an update removes it; [`get`](Self::get) and [`iter`](Self::iter) pass over
/// such names. `Debug` hides what looks like a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StringMap(BTreeMap<String, Option<String>>);

impl StringMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }

    /// Sets a name.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), Some(value.into()));
    }

    /// Notes null for a name: in an update this removes what is stored.
    pub fn insert_null(&mut self, name: impl Into<String>) {
        self.0.insert(name.into(), None);
    }

    /// Takes a name out of this map, and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).flatten()
    }

    /// Whether the name has a value.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether no name has a value.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The number of names that have a value.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// The names that have a value, sorted, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
    }

    /// The names that were sent as null.
    pub fn nulls(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name.as_str())
    }

    /// Every name, null or not.
    pub fn entries(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// Keeps the names that have a value and fulfil a condition.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &str) -> bool) {
        self.0.retain(|name, value| value.as_deref().is_some_and(|value| keep(name, value)));
    }

    /// Takes over another map's names; one that is null there is removed here, the empty text is a value.
    pub fn replace(&mut self, changes: Self) {
        for (name, value) in changes.0 {
            match value {
                Some(value) => self.insert(name, value),
                None => drop(self.0.remove(&name)),
            }
        }
    }

    /// Takes over another map's names; one that is null or empty there is removed here.
    pub fn merge(&mut self, changes: Self) {
        for (name, value) in changes.0 {
            match value.filter(|value| !value.is_empty()) {
                Some(value) => self.insert(name, value),
                None => drop(self.0.remove(&name)),
            }
        }
    }
}

impl fmt::Debug for StringMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(shown)).finish()
    }
}

impl Serialize for StringMap {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for StringMap {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = BTreeMap<String, Option<String>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object whose values are text")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((name, value)) = map.next_entry()? {
                    entries.insert(name, value);
                }
                Ok(entries)
            }
        }
        from.deserialize_map(Entries).map(Self)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for StringMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(name, value)| (name.into(), Some(value.into()))).collect())
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for StringMap {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<String>> Extend<(K, V)> for StringMap {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(name, value)| self.insert(name, value));
    }
}

impl IntoIterator for StringMap {
    type Item = (String, String);
    type IntoIter = std::iter::FilterMap<
        std::collections::btree_map::IntoIter<String, Option<String>>,
        fn((String, Option<String>)) -> Option<(String, String)>,
    >;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

/// Text that must not be seen: a password, a client's secret. Crosses the wire as it is; `Debug` hides it, comparison
/// takes the same time wherever two differ, and its memory is cleared when dropped.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, owned. The copy is no longer cleared.
    pub fn into_exposed(mut self) -> String {
        std::mem::take(&mut *self.0)
    }

    /// Whether it is the empty text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::from)
    }
}
