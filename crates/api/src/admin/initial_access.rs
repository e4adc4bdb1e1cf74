//! Initial access tokens for dynamic client registration.

use crate::{
    endpoint::{CreatedJson, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    /// What an initial access token shall be good for.
    pub struct ClientInitialAccessCreate = "ClientInitialAccessCreatePresentation" {
        /// Seconds; 0 never expires.
        pub expiration: Option<i32>,
        /// How many clients it may register; 1 by default.
        pub count: Option<i32>,
        pub web_origins: Option<Vec<String>>,
    }

    /// An initial access token. `token` is there only in the answer that creates it.
    pub struct ClientInitialAccess = "ClientInitialAccessPresentation" {
        pub id: Option<String>,
        pub token: Option<Secret>,
        pub timestamp: Option<i32>,
        pub expiration: Option<i32>,
        pub count: Option<i32>,
        pub remaining_count: Option<i32>,
        pub web_origins: Option<Vec<String>>,
    }
}

endpoints! {
    /// The initial access tokens of a realm.
    InitialAccess(realm)

    /// Makes a token. The answer alone holds it.
    POST "/admin/realms/{realm}/clients-initial-access"
    fn create(body: ClientInitialAccessCreate) -> CreatedJson<ClientInitialAccess>;

    /// Lists the tokens that are still good, without the tokens themselves.
    GET "/admin/realms/{realm}/clients-initial-access"
    fn list() -> Json<Vec<ClientInitialAccess>>, cache: "";

    /// Makes a token worthless.
    DELETE "/admin/realms/{realm}/clients-initial-access/{id}"
    fn delete(id);
}
