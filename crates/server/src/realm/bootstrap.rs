//! The first start: master, and who may administrate it.

use super::import;
use crate::{App, Result, admin::access::MASTER};
use cloakroom_api::admin::{clients::Client, credentials::Credential, realms::Realm, users::User};
use cloakroom_store::realms;

/// Makes master in an empty database, with the first administrators that the configuration names. Nodes that start
/// together agree: the first one makes it, the others find it made.
pub fn run(app: &App) -> Result<()> {
    let mut work = app.store.work();
    if !realms::is_empty(work.read()?)? {
        return Ok(());
    }
    work.rest();
    let now = app.clock.now();
    let master = import::prepare(app, master(app), now)?;
    let db = work.write()?;
    if !realms::is_empty(db)? {
        return Ok(());
    }
    match import::write(app, db, master, now) {
        // another node was faster
        Err(error) if error.status == http::StatusCode::CONFLICT => return Ok(()),
        other => other.map(drop)?,
    }
    Ok(work.commit()?)
}

/// What is asked of master: its administrators. They have the role `admin`, a client through its service account.
fn master(app: &App) -> Realm {
    let config = &app.config;
    let bootstrap = &config.bootstrap;
    let mut users = Vec::new();
    let mut clients = Vec::new();
    let by_default = config.makes_default_admin(true).then(|| ("admin".to_owned(), "admin".to_owned()));
    let named = bootstrap.user.as_ref().map(|(name, password)| (name.clone(), password.expose().to_owned()));
    if let Some((username, password)) = named.or(by_default) {
        let password =
            Credential { r#type: Some("password".to_owned()), value: Some(password.into()), ..Credential::default() };
        users.push(User {
            attributes: Some([("is_temporary_admin", ["true"])].into()).filter(|_| bootstrap.user.is_some()),
            credentials: Some(vec![password]),
            ..administrator(username)
        });
    }
    if let Some((client_id, secret)) = &bootstrap.client {
        users.push(User {
            service_account_client_id: Some(client_id.clone()),
            ..administrator(format!("service-account-{client_id}"))
        });
        clients.push(Client {
            client_id: Some(client_id.clone()),
            secret: Some(secret.expose().into()),
            standard_flow_enabled: Some(false),
            service_accounts_enabled: Some(true),
            attributes: Some([("is_temporary_admin", "true")].into()),
            ..Client::default()
        });
    }
    Realm { realm: Some(MASTER.to_owned()), clients: Some(clients), users: Some(users), ..Realm::default() }
}

fn administrator(username: String) -> User {
    User {
        username: Some(username),
        enabled: Some(true),
        realm_roles: Some(vec!["admin".to_owned(), super::defaults::default_role_name(MASTER)]),
        ..User::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Command, Config, Sources},
        keys::KeyMaker,
        realm_view::RealmView,
    };
    use cloakroom_jose::Algorithm;
    use cloakroom_store::{Store, roles, users};
    use std::collections::BTreeMap;

    #[test]
    fn an_empty_database_becomes_master_with_an_administrator() {
        let (env, nothing) = (BTreeMap::new(), |_: &std::path::Path| Err(std::io::ErrorKind::NotFound.into()));
        let config = Config::from(Command::StartDev, &Sources { args: &[], env: &env, read: &nothing }).unwrap();
        let mut app = App::new(Store::memory().unwrap(), config);
        app.key_maker = KeyMaker::shared();
        run(&app).unwrap();
        run(&app).unwrap();

        let mut work = app.store.work();
        let db = work.read().unwrap();
        let row = realms::by_name(db, MASTER).unwrap().unwrap();
        let master = RealmView::load(db, row).unwrap();
        assert_eq!(master.settings.access_token_lifespan, Some(60));
        assert!(master.default_role.is_some());
        assert!(master.keys.signing(Algorithm::RS256).is_some() && master.keys.signing(Algorithm::HS512).is_some());
        assert_eq!((master.scopes.len(), master.new_client_scopes.len()), (15, 14));
        let admin = users::by_username(db, &master.id, "admin").unwrap().unwrap();
        let granted = roles::of_user(db, &admin.id).unwrap();
        assert!(granted.iter().any(|r| r.name == "admin") && granted.iter().any(|r| r.name == "manage-realm"));
    }
}
