//! JSON and YAML with the places of everything in the text.

use std::collections::HashMap;
use std::fmt;

use cloakroom_api::names::pointer_step;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

/// Where something stands: line and column, counted from 1.
pub(crate) type Place = (u64, u64);

/// A file that was read: its tree, and the places of its fields and entries by the ways to them.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) tree: Value,
    places: HashMap<String, Place>,
}

impl Read {
    /// Where the field or entry at a JSON Pointer stands; of one that cannot be found, the nearest that holds it.
    pub(crate) fn place(&self, pointer: &str) -> Option<Place> {
        let mut way = pointer;
        loop {
            if let Some(place) = self.places.get(way) {
                return Some(*place);
            }
            way = &way[..way.rfind('/')?];
        }
    }
}

/// Why a text cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Line and column, counted from 1, where they are known.
    pub place: Option<(u64, u64)>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{} at line {line} column {column}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Broken {}

/// Reads JSON, or else YAML, as realm files are read.
///
/// In YAML, `no`, `off` and the like are text. Keycloak has no fractions, so a number that is not whole is a text that lost
/// its quotes, such as `012` or a version, and is refused.
///
/// ```
/// use cloakroom::plan::files::parse;
///
/// assert_eq!(parse("enabled: true")?, parse(r#"{ "enabled": true }"#)?);
/// assert_eq!(parse("country: no")?["country"], "no");
/// assert_eq!(parse("{ \"enabled\":\n }").unwrap_err().place, Some((2, 2)));
/// # Ok::<_, cloakroom::plan::files::Broken>(())
/// ```
pub fn parse(text: &str) -> Result<Value, Broken> {
    json(text).unwrap_or_else(|| yaml(text).map(|read| read.tree))
}

/// The same with the places of everything.
pub(crate) fn read(text: &str) -> Result<Read, Broken> {
    match json(text) {
        // YAML reads nearly all JSON, and knows the places
        Some(tree) => Ok(Read { tree: tree?, places: yaml(text).map(|read| read.places).unwrap_or_default() }),
        None => yaml(text),
    }
}

/// Nothing for what can only be YAML. JSON is YAML too, but its errors are better told by its own parser.
fn json(text: &str) -> Option<Result<Value, Broken>> {
    match serde_json::from_str(text) {
        Ok(tree) => Some(Ok(tree)),
        Err(e) if is_json(text) => {
            let reason = e.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            Some(Err(Broken { place: Some((e.line() as u64, e.column() as u64)), reason }))
        }
        Err(_) => None,
    }
}

/// Whether it begins as JSON does: YAML may begin with brackets too, but hardly with quotes in them.
fn is_json(text: &str) -> bool {
    let within = text.trim_start().strip_prefix(['{', '[']).map(str::trim_start);
    within.is_some_and(|within| within.starts_with(['"', '{', '[', '}', ']']))
}

fn yaml(text: &str) -> Result<Read, Broken> {
    let mut budget = serde_saphyr::budget::Budget::default();
    (budget.max_events, budget.max_nodes, budget.max_depth) = (20_000_000, 10_000_000, 128);
    let mut options = serde_saphyr::options! { strict_booleans: true };
    options.budget = Some(budget);
    let node = serde_saphyr::from_str_with_options::<Node>(text, options).map_err(|e| {
        let place = e.location().map(|at| (at.line(), at.column()));
        Broken { place, reason: first_line(&e.without_snippet().to_string()) }
    })?;
    let mut read = Read::default();
    read.tree = node.into_tree(&mut String::new(), &mut read.places);
    Ok(read)
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// A value and where it begins.
struct Node(Spanned<Held>);

enum Held {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    fn into_tree(self, way: &mut String, places: &mut HashMap<String, Place>) -> Value {
        let place = |at: &serde_saphyr::Location| (at.line(), at.column());
        places.entry(way.clone()).or_insert_with(|| place(&self.0.referenced));
        let length = way.len();
        match self.0.value {
            Held::Scalar(value) => value,
            Held::List(list) => {
                let entry = |(index, node): (usize, Node)| {
                    way.push_str(&format!("/{index}"));
                    let value = node.into_tree(way, places);
                    way.truncate(length);
                    value
                };
                list.into_iter().enumerate().map(entry).collect()
            }
            Held::Map(fields) => {
                let mut map = Map::new();
                for (name, node) in fields {
                    way.push('/');
                    way.push_str(&pointer_step(&name.value));
                    places.insert(way.clone(), place(&name.referenced));
                    map.insert(name.value, node.into_tree(way, places));
                    way.truncate(length);
                }
                Value::Object(map)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Spanned::deserialize(from).map(Node)
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Held;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Held, E> {
        Ok(Held::Scalar(value.into()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Held, E> {
        Ok(Held::Scalar(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Held, E> {
        Ok(Held::Scalar(value.into()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Held, E> {
        Err(E::custom(format!("a number that is not whole ({value}): put text in quotes, such as \"012\" or \"1.0\"")))
    }
    fn visit_str<E>(self, value: &str) -> Result<Held, E> {
        Ok(Held::Scalar(value.into()))
    }
    fn visit_unit<E>(self) -> Result<Held, E> {
        Ok(Held::Scalar(Value::Null))
    }
    fn visit_none<E>(self) -> Result<Held, E> {
        Ok(Held::Scalar(Value::Null))
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Held, D::Error> {
        from.deserialize_any(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Held, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Held::List(entries))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Held::Map(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_has_a_place() {
        let read = read("realm: acme\nclients:\n  - clientId: app\n    attributes: {a/b: no}\n").unwrap();
        let expected = json!({ "realm": "acme", "clients": [{ "clientId": "app", "attributes": { "a/b": "no" } }] });
        assert_eq!(read.tree, expected);
        assert_eq!(read.place("/clients/0/clientId"), Some((3, 5)));
        assert_eq!(read.place("/clients/0/attributes/a~1b"), Some((4, 18)));
        assert_eq!(read.place("/clients/0/nowhere/at/all"), Some((3, 5)));
    }

    #[test]
    fn json_has_places_too() {
        let read = read("{\n\t\"realm\": \"acme \\ud83d\\ude00\",\n  \"enabled\": 1.5 }").unwrap();
        assert_eq!(read.tree, json!({ "realm": "acme 😀", "enabled": 1.5 }));
        let read = super::read("{\n  \"realm\": \"acme\",\n  \"enabled\": true }").unwrap();
        assert_eq!(read.place("/enabled"), Some((3, 3)));
    }

    #[test]
    fn what_is_broken_says_where() {
        assert_eq!(read("{ \"realm\":\n  oops }").unwrap_err().place, Some((2, 3)));
        let broken = read("{ \"realm\": \"a\",\n  \"b\" ").unwrap_err();
        assert_eq!(broken.place.map(|place| place.0), Some(2));
        let broken = read("realm: acme\nclients: [a\nusers: {").unwrap_err();
        assert!(broken.place.is_some(), "{broken:?}");
        let broken = read("a: 012").unwrap_err();
        assert!(broken.reason.contains("put text in quotes"), "{broken:?}");
    }
}
