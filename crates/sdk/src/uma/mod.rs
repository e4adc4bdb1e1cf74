//! Authorization services: may this user do that? Asked of the server, by requesting party tokens or plain decisions.
//!
//! Resources, tickets and policies are operations: `kc.realm("acme").uma()`, with the login of the resource server's service
//! account.
//!
//! ```
//! use cloakroom::{Client, ClientAuth, Ensure, Login, Result, api::uma::resources::UmaResource};
//!
//! async fn protect(server: &str) -> Result<String> {
//!     let login = Login::client_credentials("photos", ClientAuth::basic("secret")).realm("acme");
//!     let kc = Client::builder(server).login(login).build()?;
//!     let album = UmaResource {
//!         name: Some("Album".into()),
//!         resource_scopes: Some(vec!["view".into(), "print".into()]),
//!         ..UmaResource::default()
//!     };
//!     Ok(kc.realm("acme").uma().resources().ensure(&album).await?.value.id.unwrap_or_default())
//! }
//! ```

mod challenge;
mod expression;
mod request;

pub use challenge::Challenge;
pub use cloakroom_api::admin::authz::Permission;
pub use expression::{PermissionExpr, WrongExpression};
pub use request::{Access, RptRequest};
