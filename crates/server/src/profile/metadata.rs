//! A user profile as forms need it: what to show, what can be edited, what will be checked.

use super::{
    Change, Context, Rules, USERNAME,
    config::{Attribute, Profile},
};
use cloakroom_api::{
    admin::profile::{ProfileAttributeMetadata, ProfileGroupMetadata, ProfileMetadata},
    fields::Attributes,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Profile {
    /// The metadata of a user, or of users in general.
    pub fn metadata(&self, context: Context<'_>, rules: Rules, user: Option<&Attributes>) -> ProfileMetadata {
        let change = Change { context, rules, current: user, wanted: Attributes::default() };
        let shown = self.attributes.iter().filter(|a| a.is_visible(context) && a.is_selected(context));
        let groups = self.config.groups.iter().flatten().cloned().map(|g| ProfileGroupMetadata {
            name: g.name,
            display_header: g.display_header,
            display_description: g.display_description,
            annotations: g.annotations,
        });
        ProfileMetadata {
            attributes: Some(shown.map(|a| a.metadata(&change)).collect()),
            groups: Some(groups.collect()),
        }
    }
}

impl Attribute {
    fn metadata(&self, change: &Change<'_>) -> ProfileAttributeMetadata {
        let follows = self.name == USERNAME && change.rules.email_as_username;
        let mut validators: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for check in &self.validators {
            let mut config = check.config.clone();
            config.insert("ignore.empty.value".to_owned(), json!(true));
            validators.insert(check.name.clone(), config);
        }
        if !self.multivalued {
            validators.insert("multivalued".to_owned(), [("max".to_owned(), json!("1"))].into());
        }
        ProfileAttributeMetadata {
            name: Some(self.name.clone()),
            display_name: Some(self.display_name.clone()),
            required: Some(change.requires(self)),
            read_only: Some(follows || !change.can_edit(self)),
            annotations: self.annotations.clone(),
            validators: Some(validators),
            group: self.group.clone(),
            multivalued: Some(self.multivalued),
            default_value: self.default_value.clone(),
        }
    }
}
