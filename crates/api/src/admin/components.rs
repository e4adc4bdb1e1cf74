//! Components: configured instances of providers (keys, user storage, registration policies), and their descriptions.

use std::collections::BTreeMap;

use crate::{
    endpoint::{Created, Json},
    endpoints,
    fields::Config,
    representation::representations,
};
use serde_json::Value;

representations! {
    /// A component. Secrets in `config` are masked by ten stars when read; stars written back keep the stored value.
    pub struct Component = "ComponentRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub provider_id: Option<String>,
        /// The provider's interface: `org.keycloak.keys.KeyProvider`.
        pub provider_type: Option<String>,
        /// The realm's id, or that of the component it belongs to.
        pub parent_id: Option<String>,
        pub sub_type: Option<String>,
        pub config: Option<Config>,
    }

    /// A component in import and export, under its provider type, with the components below it.
    pub struct ComponentExport = "ComponentExportRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub provider_id: Option<String>,
        pub sub_type: Option<String>,
        pub sub_components: Option<BTreeMap<String, Vec<ComponentExport>>>,
        pub config: Option<Config>,
    }

    /// A provider that components can be made of.
    pub struct ComponentType = "ComponentTypeRepresentation" {
        pub id: Option<String>,
        pub help_text: Option<String>,
        pub properties: Option<Vec<ConfigProperty>>,
        pub client_properties: Option<Vec<ConfigProperty>>,
        pub metadata: Option<BTreeMap<String, Value>>,
    }

    /// Describes one property of a configuration.
    pub struct ConfigProperty = "ConfigPropertyRepresentation" {
        pub name: Option<String>,
        pub label: Option<String>,
        pub help_text: Option<String>,
        pub r#type: Option<String>,
        pub default_value: Option<Value>,
        pub options: Option<Vec<String>>,
        pub secret: Option<bool>,
        pub required: Option<bool>,
        pub read_only: Option<bool>,
    }

    /// Which components to list.
    pub struct ComponentQuery {
        pub name: Option<String>,
        /// The parent's id; the realm's for those without a component above.
        pub parent: Option<String>,
        /// The provider's interface: `org.keycloak.keys.KeyProvider`.
        pub r#type: Option<String>,
        pub provider_id: Option<String>,
    }

    /// Of which interface providers are asked.
    pub struct ProviderQuery {
        /// `org.keycloak.keys.KeyProvider`, …
        pub r#type: Option<String>,
    }
}

endpoints! {
    /// The components of a realm.
    Components(realm)

    /// Creates a component.
    POST "/admin/realms/{realm}/components"
    fn create(body: Component) -> Created;

    /// Lists the components that match the query.
    GET "/admin/realms/{realm}/components"
    fn list(query: ComponentQuery) -> Json<Vec<Component>>;

    /// Gets one component.
    GET "/admin/realms/{realm}/components/{id}"
    fn get(id) -> Json<Component>;

    /// Replaces the fields that are set.
    PUT "/admin/realms/{realm}/components/{id}"
    fn update(id, body: Component);

    /// Deletes a component and those below it.
    DELETE "/admin/realms/{realm}/components/{id}"
    fn delete(id);

    /// The providers that components below this one can be made of.
    GET "/admin/realms/{realm}/components/{id}/sub-component-types"
    fn sub_types(id, query: ProviderQuery) -> Json<Vec<ComponentType>>;
}
