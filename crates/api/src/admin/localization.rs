//! A realm's own texts: by locale and key, in place of those that come with the server.

use crate::{
    endpoint::{Json, Text},
    endpoints,
    fields::StringMap,
    representation::representations,
};

representations! {
    /// Where to look for texts.
    pub struct LocalizationQuery {
        /// Whether what a locale lacks is taken from the realm's default locale.
        pub use_realm_default_locale_fallback: Option<bool>,
    }
}

endpoints! {
    /// The texts of a realm.
    Localization(realm)

    /// The locales that have texts.
    GET "/admin/realms/{realm}/localization"
    fn locales() -> Json<Vec<String>>, cache: "";

    /// The texts of a locale by key; none for a locale without.
    GET "/admin/realms/{realm}/localization/{locale}"
    fn list(locale, query: LocalizationQuery) -> Json<StringMap>, cache: "";

    /// Adds texts to those of a locale, or replaces them.
    POST "/admin/realms/{realm}/localization/{locale}"
    fn add(locale, body: StringMap);

    /// Removes all texts of a locale.
    DELETE "/admin/realms/{realm}/localization/{locale}"
    fn delete(locale);

    /// One text.
    GET "/admin/realms/{realm}/localization/{locale}/{key}"
    fn get(locale, key) -> Text, cache: "";

    /// Sets one text.
    PUT "/admin/realms/{realm}/localization/{locale}/{key}"
    fn set(locale, key, text: String);

    /// Removes one text.
    DELETE "/admin/realms/{realm}/localization/{locale}/{key}"
    fn remove(locale, key);
}
