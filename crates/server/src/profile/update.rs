//! What becomes of a user's attributes: who may set them, what is required, what each value must be.

use super::{
    Context, EMAIL, LOCALE, USERNAME,
    config::{Attribute, Profile},
    validator::Complaint,
};
use cloakroom_api::{admin::realms::Realm, error::FieldError, fields::Attributes};
use serde_json::{Value, json};

/// The realm's settings on usernames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Whether a username can be changed once it is set.
    pub edit_username: bool,
    /// Whether the e-mail address is the username.
    pub email_as_username: bool,
}

impl Rules {
    /// The rules of a realm.
    pub fn of(settings: &Realm) -> Self {
        Rules {
            edit_username: settings.edit_username_allowed == Some(true),
            email_as_username: settings.registration_email_as_username == Some(true),
        }
    }
}

/// A wish to create or change a user.
#[derive(Debug)]
pub struct Change<'a> {
    /// Who wishes.
    pub context: Context<'a>,
    /// The realm's rules.
    pub rules: Rules,
    /// All attributes of the user as they are, or `None` for a new one.
    pub current: Option<&'a Attributes>,
    /// The attributes as they shall be: those that are absent are removed, as far as that is allowed.
    pub wanted: Attributes,
}

/// How long the value of an attribute may be that the configuration does not know.
const UNMANAGED_LENGTH: usize = 2048;

/// What nobody sets by hand, whatever the configuration: it says where a user comes from.
const INTERNAL: [&str; 6] =
    ["KERBEROS_PRINCIPAL", "LDAP_ID", "LDAP_ENTRY_DN", "CREATED_TIMESTAMP", "createTimestamp", "modifyTimestamp"];
/// What only administrators set.
const FOR_ADMINS: [&str; 4] = ["userCertificate", "ENABLED", "EMAIL_VERIFIED", "disabledReason"];

impl Profile {
    /// All attributes that the user then has, or every field that is wrong.
    pub fn apply(&self, change: Change<'_>) -> Result<Attributes, Vec<FieldError>> {
        let change = change.normalized();
        let (mut result, mut errors) = (Attributes::default(), Vec::new());
        for attribute in &self.attributes {
            let values = self.decide(attribute, &change, &mut errors);
            if !values.is_empty() {
                result.insert(attribute.name.clone(), values.to_vec());
            }
        }
        self.decide_unmanaged(&change, &mut result, &mut errors);
        if errors.is_empty() { Ok(result) } else { Err(errors) }
    }

    fn decide(&self, attribute: &Attribute, change: &Change<'_>, errors: &mut Vec<FieldError>) -> Vec<String> {
        let name = attribute.name.as_str();
        let current = change.current.map_or(&[][..], |c| values(c, name));
        if !change.can_edit(attribute) {
            match change.wanted.get(name) {
                Some(wanted) if change.current.is_some() && wanted != current => {
                    errors.push(wrong(name, "error-user-attribute-read-only", vec![]));
                }
                _ => {}
            }
            return current.to_vec();
        }
        let mut wanted = values(&change.wanted, name).to_vec();
        if wanted.is_empty() && change.current.is_none() {
            wanted.extend(attribute.default_value.clone());
        }
        let required = change.requires(attribute);
        if wanted.is_empty() {
            if required {
                errors.push(wrong(name, "error-user-attribute-required", vec![]));
            }
            return wanted;
        }
        let complaint = |c: Complaint| wrong(name, &c.message, c.params);
        if !attribute.multivalued && wanted.len() > 1 {
            let params = vec![json!(i32::from(required)), json!(1)];
            errors.push(wrong(name, "error-invalid-multivalued-size", params));
        }
        for check in &attribute.validators {
            let number = if attribute.multivalued { check.validator.check_number(wanted.len()) } else { Ok(()) };
            let verdict = number.and_then(|()| wanted.iter().try_for_each(|value| check.validator.check(value)));
            errors.extend(verdict.err().map(complaint));
        }
        wanted
    }

    fn decide_unmanaged(&self, change: &Change<'_>, result: &mut Attributes, errors: &mut Vec<FieldError>) {
        let unmanaged = |name: &str| self.attribute(name).is_none();
        let edits = self.edits_unmanaged(change.context);
        let editable = |name: &str| edits && !change.is_internal(name);
        for (name, current) in change.current.into_iter().flat_map(|c| c.iter()).filter(|(name, _)| unmanaged(name)) {
            if !editable(name) {
                result.insert(name.clone(), current.clone());
            }
        }
        // people have a language only where the realm speaks several: then the configuration knows it
        let kept = |name: &str| unmanaged(name) && name != LOCALE;
        for (name, wanted) in change.wanted.iter().filter(|(name, _)| kept(name)) {
            if editable(name) {
                if wanted.iter().any(|value| value.chars().count() > UNMANAGED_LENGTH) {
                    let params = vec![json!(0), json!(UNMANAGED_LENGTH)];
                    errors.push(wrong(name, "error-invalid-length", params));
                }
                if !wanted.is_empty() {
                    result.insert(name.clone(), wanted.clone());
                }
            } else if edits && change.current.is_some_and(|c| values(c, name) != wanted) {
                errors.push(wrong(name, "error-user-attribute-read-only", vec![]));
            }
        }
    }
}

impl Change<'_> {
    /// Names are folded, blank values are none, and the username is filled in where it is not given.
    fn normalized(mut self) -> Self {
        for list in self.wanted.values_mut() {
            list.retain(|value| !value.trim().is_empty());
        }
        for name in [USERNAME, EMAIL] {
            for value in self.wanted.get_mut(name).into_iter().flatten() {
                *value = value.to_lowercase();
            }
        }
        let email = values(&self.wanted, EMAIL).to_vec();
        if self.rules.email_as_username && !email.is_empty() {
            self.wanted.insert(USERNAME.to_owned(), email);
        } else if values(&self.wanted, USERNAME).is_empty()
            && let Some(current) = self.current
        {
            self.wanted.insert(USERNAME.to_owned(), values(current, USERNAME).to_vec());
        }
        self
    }

    pub(super) fn can_edit(&self, attribute: &Attribute) -> bool {
        let username = match attribute.name.as_str() {
            // follows the address, so it changes without being edited
            USERNAME if self.rules.email_as_username => true,
            USERNAME => self.current.is_none() || self.rules.edit_username,
            _ => true,
        };
        let unasked = self.current.is_some() && !attribute.is_selected(self.context);
        username && !unasked && attribute.is_editable(self.context)
    }

    pub(super) fn requires(&self, attribute: &Attribute) -> bool {
        match attribute.name.as_str() {
            USERNAME => !self.rules.email_as_username,
            EMAIL if self.rules.email_as_username => true,
            _ => attribute.is_selected(self.context) && attribute.is_required(self.context),
        }
    }

    fn is_internal(&self, name: &str) -> bool {
        let among = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        let admins = || among(&FOR_ADMINS) || name.to_lowercase().starts_with("saml.persistent.name.id.for.");
        among(&INTERNAL) || self.context != Context::Admin && admins()
    }
}

fn values<'a>(attributes: &'a Attributes, name: &str) -> &'a [String] {
    attributes.get(name).map_or(&[], Vec::as_slice)
}

fn wrong(field: &str, message: &str, params: Vec<Value>) -> FieldError {
    let params = std::iter::once(json!(field)).chain(params).collect();
    FieldError { field: field.to_owned(), message: message.to_owned(), params: Some(params) }
}
