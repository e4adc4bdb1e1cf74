//! What flows can be made of.

use crate::{endpoint::Json, endpoints, representation::representations};

representations! {
    /// A provider that an execution can use.
    pub struct AuthenticationProvider {
        pub id: Option<String>,
        pub display_name: Option<String>,
        pub description: Option<String>,
        /// Of client authenticators: whether clients have a secret for it.
        pub supports_secret: Option<bool>,
    }
}

endpoints! {
    /// What flows can be made of.
    AuthenticationProviders(realm)

    /// The authenticators of flows that users go through.
    GET "/admin/realms/{realm}/authentication/authenticator-providers"
    fn authenticators() -> Json<Vec<AuthenticationProvider>>;

    /// The authenticators of clients.
    GET "/admin/realms/{realm}/authentication/client-authenticator-providers"
    fn client_authenticators() -> Json<Vec<AuthenticationProvider>>;

    /// The forms that a `form-flow` can show.
    GET "/admin/realms/{realm}/authentication/form-providers"
    fn forms() -> Json<Vec<AuthenticationProvider>>;

    /// What can be part of a form.
    GET "/admin/realms/{realm}/authentication/form-action-providers"
    fn form_actions() -> Json<Vec<AuthenticationProvider>>;
}
