//! User profile: which attributes the users of a realm have, who sees and edits them, and what their values must be.
//!
//! A realm's configuration is parsed once, with its [`RealmView`](crate::realm_view::RealmView). All decisions are pure
//! functions of the configuration, of who asks, and of the attributes. Here `username`, `email`, `firstName` and `lastName`
//! are attributes like others.

pub mod config;
mod metadata;
mod update;
mod validator;
mod values;

pub use config::Profile;
pub use update::{Change, Rules};

use crate::password::brute_force::DISABLED_REASON;
use cloakroom_api::{admin::profile::UnmanagedAttributePolicy, fields::Attributes};
use config::Attribute;

/// The name of the attribute that is the username.
pub const USERNAME: &str = "username";
/// The name of the attribute that is the e-mail address.
pub const EMAIL: &str = "email";
/// The name of the attribute that is the given name.
pub const FIRST_NAME: &str = "firstName";
/// The name of the attribute that is the family name.
pub const LAST_NAME: &str = "lastName";
/// The name of the attribute that is the person's language.
pub const LOCALE: &str = "locale";

/// Who sees or changes a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context<'a> {
    /// An administrator, through the Admin API.
    Admin,
    /// The user, at an application that asked for these scopes.
    User {
        /// Names of client scopes.
        scopes: &'a [&'a str],
    },
}

impl Context<'_> {
    fn role(self) -> &'static str {
        match self {
            Context::Admin => "admin",
            Context::User { .. } => "user",
        }
    }

    fn is_among(self, roles: &[String]) -> bool {
        roles.iter().any(|role| role == self.role())
    }

    fn asks_for_one_of(self, scopes: &[String]) -> bool {
        match self {
            Context::Admin => false,
            Context::User { scopes: asked } => scopes.iter().any(|scope| asked.contains(&scope.as_str())),
        }
    }
}

impl Profile {
    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The attributes that may be seen, without those that are columns of a user.
    pub fn visible(&self, context: Context<'_>, attributes: &Attributes) -> Attributes {
        let visible = |name: &str| match self.attribute(name) {
            Some(attribute) => attribute.is_visible(context),
            // why a user is locked out is an administrator's business, whatever the configuration
            None if name == DISABLED_REASON => context == Context::Admin,
            None => self.shows_unmanaged(context),
        };
        attributes.0.iter().filter(|(name, _)| !is_column(name) && visible(name)).map(own).collect()
    }

    /// The attributes that the configuration does not know and that may be seen.
    pub fn unmanaged(&self, context: Context<'_>, attributes: &Attributes) -> Attributes {
        if !self.shows_unmanaged(context) {
            return Attributes::default();
        }
        let unmanaged = |name: &str| !is_column(name) && self.attribute(name).is_none();
        attributes.0.iter().filter(|(name, _)| unmanaged(name)).map(own).collect()
    }

    fn shows_unmanaged(&self, context: Context<'_>) -> bool {
        match self.unmanaged_policy {
            None => false,
            Some(UnmanagedAttributePolicy::Enabled) => true,
            Some(UnmanagedAttributePolicy::AdminView | UnmanagedAttributePolicy::AdminEdit) => {
                context == Context::Admin
            }
        }
    }

    fn edits_unmanaged(&self, context: Context<'_>) -> bool {
        match self.unmanaged_policy {
            None | Some(UnmanagedAttributePolicy::AdminView) => false,
            Some(UnmanagedAttributePolicy::Enabled) => true,
            Some(UnmanagedAttributePolicy::AdminEdit) => context == Context::Admin,
        }
    }
}

impl Attribute {
    fn is_editable(&self, context: Context<'_>) -> bool {
        context.is_among(&self.edit)
    }

    fn is_visible(&self, context: Context<'_>) -> bool {
        context.is_among(&self.view) || self.is_editable(context)
    }

    fn is_selected(&self, context: Context<'_>) -> bool {
        self.selector.is_empty() || context == Context::Admin || context.asks_for_one_of(&self.selector)
    }

    fn is_required(&self, context: Context<'_>) -> bool {
        let Some((roles, scopes)) = &self.required else { return false };
        match (roles.is_empty(), scopes.is_empty()) {
            (true, true) => true,
            (_, true) => context.is_among(roles),
            (roleless, false) => (roleless || context.is_among(roles)) && context.asks_for_one_of(scopes),
        }
    }
}

fn is_column(name: &str) -> bool {
    matches!(name, USERNAME | EMAIL | FIRST_NAME | LAST_NAME)
}

fn own((name, values): (&String, &Vec<String>)) -> (String, Vec<String>) {
    (name.clone(), values.clone())
}
