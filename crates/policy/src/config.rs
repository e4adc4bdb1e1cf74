//! A policy's configuration: text by name, where lists are JSON inside the text.

use std::fmt::Display;

use cloakroom_api::fields::StringMap;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The configuration of one policy; errors name the policy.
#[derive(Clone, Copy)]
pub(crate) struct Config<'a> {
    policy: &'a str,
    values: Option<&'a StringMap>,
}

impl<'a> Config<'a> {
    pub(crate) fn new(policy: &'a str, values: Option<&'a StringMap>) -> Self {
        Self { policy, values }
    }

    pub(crate) fn wrong(&self, problem: impl Display) -> Error {
        Error::policy(self.policy, problem)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.values?.get(name)
    }

    pub(crate) fn required(&self, name: &str) -> Result<&'a str> {
        self.text(name).ok_or_else(|| self.wrong(format_args!("{name} is missing")))
    }

    /// `true` as Java reads it; anything else is false.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// The list that a value holds as JSON; none when the value is missing or empty.
    pub(crate) fn list<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>> {
        match self.text(name).map(str::trim) {
            None | Some("") => Ok(Vec::new()),
            Some(json) => serde_json::from_str(json).map_err(|e| self.wrong(format_args!("{name}: {e}"))),
        }
    }
}
