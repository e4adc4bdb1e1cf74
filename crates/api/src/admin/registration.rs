//! Policies for dynamic client registration: whom a realm lets register clients, and which. They are components; here is what
//! they can be made of. Registration itself is in [`oidc::register`](crate::oidc::register).

use crate::{admin::components::ComponentType, endpoint::Json, endpoints};

endpoints! {
    /// What policies for registration can be made of.
    RegistrationPolicies(realm)

    /// The kinds of policies, with the realm's scopes and the like among their options.
    GET "/admin/realms/{realm}/client-registration-policy/providers"
    fn providers() -> Json<Vec<ComponentType>>;
}
