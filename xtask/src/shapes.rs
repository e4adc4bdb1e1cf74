//! The fields of our representations, found by reading them: a deserializer that gives every struct a value for each of
//! its fields, and notes the fields as it goes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// The fields of structs, by the name of Keycloak's class.
#[derive(Debug, Default)]
pub(crate) struct Shapes(RefCell<BTreeMap<&'static str, &'static [&'static str]>>);

impl Shapes {
    /// Notes a type and all that it holds.
    pub(crate) fn add<'a, T: Deserialize<'a>>(&'a self) -> Result<(), String> {
        T::deserialize(Probe(self)).map(drop).map_err(|e| format!("{}: {e}", std::any::type_name::<T>()))
    }

    /// The fields that were found.
    pub(crate) fn fields(self) -> BTreeMap<&'static str, &'static [&'static str]> {
        self.0.into_inner()
    }
}

/// Gives whatever is asked for, as small as it can be.
#[derive(Clone, Copy)]
struct Probe<'a>(&'a Shapes);

macro_rules! give {
    ($($method:ident $visit:ident $value:expr;)+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit($value)
        }
    )+ };
}

impl<'de> Deserializer<'de> for Probe<'de> {
    type Error = Error;

    give! {
        deserialize_bool visit_bool false;
        deserialize_i32 visit_i32 0;
        deserialize_i64 visit_i64 0;
        deserialize_f64 visit_f64 0.0;
        deserialize_str visit_str "";
        deserialize_string visit_str "";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Once(Some(self)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { names: &["name"], probe: self })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        // a type that holds itself is entered once
        let known = self.0.0.borrow_mut().insert(name, fields).is_some();
        visitor.visit_map(Fields { names: if known { &[] } else { fields }, probe: self })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let first = variants.first().ok_or_else(|| Error::custom("an enum without variants"))?;
        let variant: StrDeserializer<'_, Error> = (*first).into_deserializer();
        visitor.visit_enum(variant)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Once<'a>(Option<Probe<'a>>);

impl<'de> SeqAccess<'de> for Once<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.0.take().map(|probe| seed.deserialize(probe)).transpose()
    }
}

struct Fields<'a> {
    names: &'static [&'static str],
    probe: Probe<'a>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((first, rest)) = self.names.split_first() else { return Ok(None) };
        self.names = rest;
        let name: StrDeserializer<'de, Error> = (*first).into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.probe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloakroom_api::admin::realms::Realm;

    #[test]
    fn types_are_found_wherever_they_are_held() {
        let shapes = Shapes::default();
        shapes.add::<Realm>().unwrap();
        let fields = shapes.fields();
        assert!(fields["RealmRepresentation"].contains(&"oauth2DeviceCodeLifespan"));
        assert!(fields["ComponentExportRepresentation"].contains(&"subComponents"));
        assert!(fields["ClientPolicyExecutorRepresentation"].contains(&"configuration"));
    }
}
