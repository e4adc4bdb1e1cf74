//! Required actions: what users have to do at a login, once.

use crate::{
    admin::components::ConfigProperty, endpoint::Json, endpoints, fields::StringMap, representation::representations,
};

representations! {
    /// An action that users may have to do at login, such as verifying their address.
    pub struct RequiredAction = "RequiredActionProviderRepresentation" {
        pub alias: Option<String>,
        pub name: Option<String>,
        pub provider_id: Option<String>,
        pub enabled: Option<bool>,
        pub default_action: Option<bool>,
        pub priority: Option<i32>,
        pub config: Option<StringMap>,
    }

    /// The configuration of a required action.
    pub struct RequiredActionConfig = "RequiredActionConfigRepresentation" {
        pub config: Option<StringMap>,
    }

    /// Describes what a required action can be configured with.
    pub struct RequiredActionConfigInfo = "RequiredActionConfigInfoRepresentation" {
        pub properties: Option<Vec<ConfigProperty>>,
    }

    /// A required action that is there, but not in the realm.
    pub struct UnregisteredAction {
        pub provider_id: Option<String>,
        pub name: Option<String>,
    }
}

endpoints! {
    /// The required actions of a realm.
    RequiredActions(realm)

    /// Lists them, by priority.
    GET "/admin/realms/{realm}/authentication/required-actions"
    fn list() -> Json<Vec<RequiredAction>>;

    /// Those that the server has and the realm does not.
    GET "/admin/realms/{realm}/authentication/unregistered-required-actions"
    fn unregistered() -> Json<Vec<UnregisteredAction>>;

    /// Adds one that the server has; it becomes the last.
    POST "/admin/realms/{realm}/authentication/register-required-action"
    fn register(body: UnregisteredAction), cache: "no-cache";

    /// Gets one required action.
    GET "/admin/realms/{realm}/authentication/required-actions/{alias}"
    fn get(alias) -> Json<RequiredAction>;

    /// Replaces name, `enabled`, `defaultAction`, priority and `config`.
    PUT "/admin/realms/{realm}/authentication/required-actions/{alias}"
    fn update(alias, body: RequiredAction);

    /// Takes a required action out of the realm.
    DELETE "/admin/realms/{realm}/authentication/required-actions/{alias}"
    fn delete(alias);

    /// Changes places with the required action before it.
    POST "/admin/realms/{realm}/authentication/required-actions/{alias}/raise-priority"
    fn raise_priority(alias), cache: "no-cache";

    /// Changes places with the required action after it.
    POST "/admin/realms/{realm}/authentication/required-actions/{alias}/lower-priority"
    fn lower_priority(alias), cache: "no-cache";

    /// How a required action is configured.
    GET "/admin/realms/{realm}/authentication/required-actions/{alias}/config"
    fn config(alias) -> Json<RequiredActionConfig>;

    /// Replaces the configuration.
    PUT "/admin/realms/{realm}/authentication/required-actions/{alias}/config"
    fn set_config(alias, body: RequiredActionConfig), cache: "no-cache";

    /// Removes the configuration.
    DELETE "/admin/realms/{realm}/authentication/required-actions/{alias}/config"
    fn delete_config(alias), cache: "no-cache";

    /// What a required action can be configured with.
    GET "/admin/realms/{realm}/authentication/required-actions/{alias}/config-description"
    fn config_description(alias) -> Json<RequiredActionConfigInfo>;
}
