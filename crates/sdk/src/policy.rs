//! Authorization Services decided locally: from a client's exported settings, who may do what. Feature `policy`.
//!
//! The settings come from the Admin console (client, Authorization, Export), from
//! `kc.realm("acme")`'s operations on the resource server, or from a file in your repository. A decision takes
//! microseconds and no network; it is as old as the settings and the token.
//!
//! ```no_run
//! use cloakroom::policy::{Context, Identity, Model, Request};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (token, now) = ("", 0);
//! let model = Model::from_json(&std::fs::read_to_string("shop-authz-config.json")?)?;
//!
//! // the claims of a token that was verified: see cloakroom::jwt::Verifier
//! let alice = Identity::from_claims(cloakroom::jwt::decode(token)?);
//! let context = Context::at(now).attribute("kc.client.network.ip_address", ["10.0.0.7"]);
//!
//! let decision = model.decide(&alice, &context, &Request::new().permission("Album#view"))?;
//! if decision.allows("Album", "view") {
//!     println!("{:?}", decision.permissions());
//! }
//! for (policy, why) in model.undecidable() {
//!     eprintln!("{policy} always denies: {why}");
//! }
//! # Ok(())
//! # }
//! ```

pub use cloakroom_policy::*;
