//! A user as tokens describe it: the row, and what mappers read besides.

use super::mappers::Needs;
use crate::Result;
use cloakroom_api::fields::Attributes;
use cloakroom_store::{Db, claims, claims::GroupOfUser, users, users::UserRow};

/// A user with attributes and groups, as far as they are needed.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// The row.
    pub user: UserRow,
    /// Attributes that are no columns.
    pub attributes: Attributes,
    /// The attributes of its groups, nearest first.
    pub of_groups: Vec<Attributes>,
    /// Its groups.
    pub groups: Vec<GroupOfUser>,
}

/// Whether an attribute is a column of the user's row.
pub fn is_column(attribute: &str) -> bool {
    matches!(attribute, "username" | "email" | "firstName" | "lastName")
}

impl Subject {
    /// Reads what is needed of a user.
    pub fn load(db: &mut Db, user: UserRow, needs: Needs) -> Result<Self> {
        let mut subject = Subject { user, ..Subject::default() };
        if needs.attributes {
            subject.attributes = users::attributes(db, &subject.user.id)?;
            subject.of_groups = claims::group_attributes(db, &subject.user.id)?;
        }
        if needs.groups {
            subject.groups = claims::groups(db, &subject.user.id)?;
        }
        Ok(subject)
    }

    /// The values of an attribute: the user's own, else those of the nearest group that has it; with `aggregate` all of them,
    /// each once.
    pub fn attribute<'s>(&'s self, name: &str, aggregate: bool) -> impl Iterator<Item = &'s str> {
        let mut values: Vec<&str> = match self.column(name) {
            Some(column) => column.into_iter().collect(),
            None => self.attributes.get(name).into_iter().flatten().map(String::as_str).collect(),
        };
        for group in &self.of_groups {
            if !values.is_empty() && !aggregate {
                break;
            }
            for value in group.get(name).into_iter().flatten() {
                if !values.contains(&value.as_str()) {
                    values.push(value);
                }
            }
        }
        values.into_iter()
    }

    /// The first value of one of the user's own attributes.
    pub fn own(&self, name: &str) -> Option<&str> {
        self.column(name).unwrap_or_else(|| self.attributes.first(name))
    }

    fn column(&self, name: &str) -> Option<Option<&str>> {
        match name {
            "username" => Some(Some(&self.user.username)),
            "email" => Some(self.user.email.as_deref()),
            "firstName" => Some(self.user.first_name.as_deref()),
            "lastName" => Some(self.user.last_name.as_deref()),
            _ => None,
        }
    }

    /// Given and family name, as far as there are any.
    pub fn full_name(&self) -> Option<String> {
        let parts = [&self.user.first_name, &self.user.last_name].into_iter().flatten();
        let parts: Vec<&str> = parts.map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}
