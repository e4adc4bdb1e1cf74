//! What is called, resource by resource, each in a realm of its own.
//!
//! A call whose answer the rest does not need is followed by `.ok()`: that it was refused is noted all the same.

mod authz;
mod certificates;
mod client_scopes;
mod clients;
mod events;
mod flows;
mod groups;
mod idps;
mod oidc;
mod orgs;
mod policies;
mod realms;
mod registration;
mod roles;
mod sessions;
mod storage;
mod uma;
mod users;
mod workflows;

use cloakroom_api::admin::{realms::Realms, users::User};
use cloakroom_api::endpoint::Form;
use cloakroom_api::lenient;
use cloakroom_api::tree::Realm;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::probe::{Probe, Refused};
use crate::sinks;

/// What a scene gives.
type Played = Result<(), Refused>;

/// Where a scene takes place.
struct Scene<'a> {
    probe: &'a Probe,
    name: &'static str,
    /// Ports of servers that the realm may talk to.
    mail: u16,
    directory: u16,
}

impl Scene<'_> {
    fn realm(&self) -> Realm<'_, Probe> {
        Realm::new(self.probe, self.name)
    }

    /// A user who can log in.
    async fn user(&self, name: &str) -> Result<String, Refused> {
        let user = json!({"username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
            "firstName": "First", "lastName": "Last", "credentials": [{"type": "password", "value": "password"}]});
        Ok(self.realm().users().create(&of::<User>(user)).await?.id().to_owned())
    }

    /// A client with a secret that users can log in with.
    async fn client(&self, name: &str, more: Value) -> Result<String, Refused> {
        let mut client = json!({"clientId": name, "secret": "secret", "directAccessGrantsEnabled": true,
            "serviceAccountsEnabled": true, "redirectUris": ["http://localhost/*"]});
        extend(&mut client, more);
        Ok(self.realm().clients().create(&of(client)).await?.id().to_owned())
    }

    /// Access and refresh token of a user at a client.
    async fn login(&self, user: &str, client: &str, scope: &str) -> Result<(String, String), Refused> {
        let form = secret(client).with("grant_type", "password").with("username", user).with("password", "password");
        let answer = self.realm().oidc().token().request(&form.with("scope", scope)).await?;
        let text = |token: Option<cloakroom::Secret>| token.map(cloakroom::Secret::into_exposed).unwrap_or_default();
        Ok((text(answer.access_token), text(answer.refresh_token)))
    }
}

/// The fields with which a client says who it is.
fn secret(client: &str) -> Form {
    Form::default().with("client_id", client).with("client_secret", "secret")
}

/// A representation, from JSON that may hold only what it knows.
fn of<T: DeserializeOwned>(value: Value) -> T {
    let read = lenient::read_json(value.to_string().as_bytes());
    read.unwrap_or_else(|e| panic!("{}: {e:?}: {value}", std::any::type_name::<T>()))
}

/// A query that asks for nothing special.
fn any<T: Default>() -> T {
    T::default()
}

fn extend(value: &mut Value, more: Value) {
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
}

/// Plays each scene in a realm that is made for it, and gives the names of those that could not go on.
macro_rules! scenes {
    ($probe:ident $only:ident $left:ident $ended:ident $mail:ident $directory:ident: $($scene:ident)+) => { $(
        if $only.is_none_or(|only| only == stringify!($scene)) {
            let scene = Scene {
                probe: $probe, name: concat!("live-", stringify!($scene)), mail: $mail, directory: $directory,
            };
            if $left.contains(&Some(scene.name)) {
                Realms::new($probe).delete(scene.name).await.ok();
            }
            let mut realm = json!({"realm": scene.name, "enabled": true, "smtpServer": {"host": "localhost",
                "port": $mail.to_string(), "from": "keycloak@example.org"}});
            extend(&mut realm, $scene::settings());
            let played = match Realms::new($probe).create(&of(realm)).await {
                Ok(_) => $scene::play(&scene).await,
                Err(refused) => Err(refused),
            };
            if played.is_err() {
                $ended.push(stringify!($scene));
            }
            Realms::new($probe).delete(scene.name).await.ok();
        }
    )+ };
}

pub(crate) async fn play(probe: &Probe, only: Option<&str>) -> Result<Vec<&'static str>, String> {
    let mail = sinks::mail().await.map_err(|e| e.to_string())?;
    let directory = sinks::directory().await.map_err(|e| e.to_string())?;
    let realms = Realms::new(probe).list(&any()).await.unwrap_or_default();
    // what an earlier run may have left
    let left: Vec<Option<&str>> = realms.iter().map(|realm| realm.realm.as_deref()).collect();
    let mut ended = Vec::new();
    scenes! { probe only left ended mail directory:
        realms users groups roles clients certificates client_scopes policies authz flows idps orgs workflows events
        registration storage sessions oidc uma
    }
    Ok(ended)
}

/// Calls each row of a mapping of roles.
macro_rules! map_roles {
    ($group:expr, $roles:expr) => {
        let (group, roles) = ($group, $roles);
        group.available().await.ok();
        group.add(&roles).await.ok();
        group.list().await.ok();
        group.effective(&any()).await.ok();
        group.remove(&Some(roles)).await.ok();
    };
}
use map_roles;
