//! A deserializer over parsed JSON that gives each field the type it asks for, where the value can be taken for it.

use std::borrow::Cow;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::error::{Error, Step};

/// Representations in which Keycloak ignores fields it does not know.
const OPEN: &[&str] = &["ClientScopeRepresentation", "PartialImportRepresentation"];

/// How a value came here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reading {
    /// As a request's body: unknown fields are refused.
    Strict,
    /// As a file that people write: unknown fields are refused everywhere.
    Exact,
    /// As an answer's body: unknown fields are passed over.
    Tolerant,
    /// As a query: every value is a list of texts.
    Query,
}

/// A value to read from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    value: &'a Value,
    reading: Reading,
}

impl<'a> Source<'a> {
    pub(super) fn new(value: &'a Value, reading: Reading) -> Self {
        Self { value, reading }
    }

    /// The value where a scalar is asked: in a query the first of its list.
    fn scalar(self) -> &'a Value {
        match self.value {
            Value::Array(values) if self.reading == Reading::Query => values.first().unwrap_or(&Value::Null),
            value => value,
        }
    }

    fn mismatch(self, wanted: &str) -> Error {
        let found = match self.scalar() {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(_) => Unexpected::Other("a number"),
            Value::String(_) => Unexpected::Other("text"),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Error::invalid_type(found, &wanted)
    }

    fn integer(self) -> Result<Integer, Error> {
        let out_of_range = || Error::wrong("number out of range");
        match self.scalar() {
            Value::Number(number) => {
                if let Some(value) = number.as_i64() {
                    Ok(Integer::Signed(value))
                } else if let Some(value) = number.as_u64() {
                    Ok(Integer::Unsigned(value))
                } else {
                    let value = number.as_f64().unwrap_or(f64::NAN).trunc();
                    // the bounds are exact in floating point; i64::MAX is not
                    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
                    if fits { Ok(Integer::Signed(value as i64)) } else { Err(out_of_range()) }
                }
            }
            Value::String(text) => match text.trim() {
                "" => Err(Error::blank()),
                text => text.parse().map(Integer::Signed).map_err(|_| Error::wrong("not a whole number")),
            },
            _ => Err(self.mismatch("a whole number")),
        }
    }

    fn float(self) -> Result<f64, Error> {
        match self.scalar() {
            Value::Number(number) => Ok(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => match text.trim() {
                "" => Err(Error::blank()),
                text => text.parse().map_err(|_| Error::wrong("not a number")),
            },
            _ => Err(self.mismatch("a number")),
        }
    }

    fn boolean(self) -> Result<bool, Error> {
        match self.scalar() {
            Value::Bool(value) => Ok(*value),
            Value::Number(number) if !number.is_f64() => Ok(number.as_i64() != Some(0)),
            Value::String(text) => match text.trim() {
                "" => Err(Error::blank()),
                text if self.reading == Reading::Query => Ok(text.eq_ignore_ascii_case("true")),
                "true" | "True" | "TRUE" => Ok(true),
                "false" | "False" | "FALSE" => Ok(false),
                _ => Err(Error::wrong("neither true nor false")),
            },
            _ => Err(self.mismatch("a boolean")),
        }
    }

    fn text(self) -> Result<Cow<'a, str>, Error> {
        match self.scalar() {
            Value::String(text) => Ok(text.as_str().into()),
            Value::Bool(value) => Ok(if *value { "true" } else { "false" }.into()),
            Value::Number(number) => Ok(number.to_string().into()),
            _ => Err(self.mismatch("text")),
        }
    }

    fn list<V: Visitor<'a>>(self, values: &'a [Value], visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(List { values: values.iter().enumerate(), reading: self.reading })
    }

    fn object<V: Visitor<'a>>(
        self,
        map: &'a Map<String, Value>,
        known: Option<Known>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Object { entries: map.iter(), value: None, known, reading: self.reading })
    }
}

enum Integer {
    Signed(i64),
    Unsigned(u64),
}

/// The fields of a struct that refuses others.
#[derive(Clone, Copy)]
struct Known {
    java_name: &'static str,
    fields: &'static [&'static str],
}

macro_rules! integers {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.integer()? {
                Integer::Signed(value) => visitor.visit_i64(value),
                Integer::Unsigned(value) => visitor.visit_u64(value),
            }
        }
    )* };
}

impl<'de> Deserializer<'de> for Source<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(value), _) => visitor.visit_i64(value),
                (_, Some(value)) => visitor.visit_u64(value),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(values) => self.list(values, visitor),
            Value::Object(map) => self.object(map, None, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.boolean()?)
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(&self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text()?.into_owned())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(values) => self.list(values, visitor),
            Value::Null => self.list(&[], visitor),
            _ => Err(self.mismatch("a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(map) => self.object(map, None, visitor),
            _ => Err(self.mismatch("an object")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        java_name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let refuses = match self.reading {
            Reading::Strict => !OPEN.contains(&java_name),
            Reading::Exact => true,
            Reading::Tolerant | Reading::Query => false,
        };
        match self.value {
            Value::Object(map) => self.object(map, refuses.then_some(Known { java_name, fields }), visitor),
            _ => Err(self.mismatch("an object")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.scalar() {
            Value::String(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            _ => Err(self.mismatch("one of a set of names")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier }
}

/// The values of a list.
struct List<'de> {
    values: std::iter::Enumerate<std::slice::Iter<'de, Value>>,
    reading: Reading,
}

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((index, value)) = self.values.next() else { return Ok(None) };
        // the texts of a query's list are single values, not lists again
        let element = seed.deserialize(Source::new(value, self.reading));
        element.map(Some).map_err(|error| error.at(|| Step::Index(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The entries of an object.
struct Object<'de> {
    entries: serde_json::map::Iter<'de>,
    value: Option<(&'de str, &'de Value)>,
    known: Option<Known>,
    reading: Reading,
}

impl<'de> MapAccess<'de> for Object<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((name, value)) = self.entries.next() else { return Ok(None) };
        if let Some(known) = self.known
            && !known.fields.contains(&name.as_str())
        {
            return Err(Error::unknown(known.java_name, name, known.fields));
        }
        self.value = Some((name, value));
        let name: StrDeserializer<'de, Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((name, value)) = self.value.take() else { return Err(Error::wrong("a value without a name")) };
        let read = seed.deserialize(Source::new(value, self.reading));
        read.map_err(|error| error.at(|| Step::Name(name.to_owned())))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}
