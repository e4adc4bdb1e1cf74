//! Importing into a realm that is there: users, groups, clients, roles and identity providers, all or nothing.

use super::{Import, passwords, unknown};
use crate::{
    Result,
    admin::clients::NEEDED,
    caches::Touched,
    cx::Cx,
    error::{conflict, message, oauth},
    password::Policy,
    realm::new_client::REALM_CLIENT,
    realm_view::RealmView,
};
use cloakroom_api::admin::{
    clients::Client,
    groups::Group,
    idps::{IdentityProvider, IdentityProviderMapper},
    realms::{PartialImport, PartialImportResult, PartialImportResults, Realm},
    roles::{Composites, Role},
    users::User,
};
use cloakroom_store::{clients, groups, realms, roles, users};
use http::StatusCode;

/// What becomes of a thing whose name is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    Fail,
    Skip,
    Overwrite,
}

/// What was done so far.
struct Report {
    taken: Taken,
    results: Vec<PartialImportResult>,
}

impl Report {
    /// Decides on a thing: whether it is to be written, and whether the one that is there goes first.
    fn decide(&mut self, existing: Option<&str>, kind: &str, name: &str, words: impl Fn() -> String) -> Result<bool> {
        match (existing, self.taken) {
            (Some(_), Taken::Fail) => Err(conflict(words())),
            (Some(id), Taken::Skip) => {
                self.note("SKIPPED", kind, name, id);
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    /// Notes what was written.
    fn wrote(&mut self, existed: bool, kind: &str, name: &str, id: &str) {
        self.note(if existed { "OVERWRITTEN" } else { "ADDED" }, kind, name, id);
    }

    fn note(&mut self, action: &str, kind: &str, name: &str, id: &str) {
        self.results.push(PartialImportResult {
            action: Some(action.to_owned()),
            resource_type: Some(kind.to_owned()),
            resource_name: Some(name.to_owned()),
            id: Some(id.to_owned()),
            representation: None,
        });
    }

    fn finished(self) -> PartialImportResults {
        let count = |action: &str| {
            let number = self.results.iter().filter(|r| r.action.as_deref() == Some(action)).count();
            Some(i32::try_from(number).unwrap_or(i32::MAX))
        };
        PartialImportResults {
            overwritten: count("OVERWRITTEN"),
            added: count("ADDED"),
            skipped: count("SKIPPED"),
            results: Some(self.results),
        }
    }
}

/// Imports what is given; the first thing that cannot be imported undoes it all.
pub fn partial(cx: &mut Cx, realm: &RealmView, mut given: PartialImport) -> Result<PartialImportResults> {
    let taken = match given.if_resource_exists.as_deref().or(given.policy.as_deref()) {
        None | Some("FAIL") => Taken::Fail,
        Some("SKIP") => Taken::Skip,
        Some("OVERWRITE") => Taken::Overwrite,
        Some(_) => return Err(oauth(StatusCode::BAD_REQUEST, "unknown_error", "Cannot parse the JSON")),
    };
    let app = cx.app.clone();
    let policy = Policy::of(realm);
    for user in given.users.iter_mut().flatten() {
        passwords::hash(&app, &policy, user)?;
    }
    let mut report = Report { taken, results: Vec::new() };
    let now = cx.now();
    let mut import = Import::new(&app, cx.write()?, &realm.id, now);
    let replaced = import.some_clients(given.clients.unwrap_or_default(), &mut report)?;
    let own = given.roles.unwrap_or_default();
    let mut composites = import.some_roles(realm, None, own.realm.unwrap_or_default(), &mut report)?;
    for (client, list) in own.client.into_iter().chain(own.application).flatten() {
        composites.extend(import.some_roles(realm, Some(&client), list, &mut report)?);
    }
    import.composites(composites)?;
    let (listed, mappers) = (given.identity_providers, given.identity_provider_mappers);
    let changed = import.some_providers(listed.unwrap_or_default(), mappers.unwrap_or_default(), &mut report)?;
    import.some_groups(given.groups.unwrap_or_default(), &mut report)?;
    import.some_users(&realm.settings, given.users.unwrap_or_default(), &mut report)?;
    import.service_accounts(realm.default_role.as_deref())?;
    if changed {
        cx.touched(Touched::Realm { id: realm.id.clone() });
    }
    for id in replaced {
        cx.touched(Touched::Client { realm: realm.id.clone(), id });
    }
    Ok(report.finished())
}

impl Import<'_> {
    /// Adds clients; those that every realm has stay as they are. Returns the ids of those that were replaced.
    fn some_clients(&mut self, list: Vec<Client>, report: &mut Report) -> Result<Vec<String>> {
        const KIND: &str = "CLIENT";
        let mut replaced = Vec::new();
        for mut client in list {
            let name = client.client_id.clone().unwrap_or_default();
            let existing = clients::by_client_id(self.db, self.realm, &name)?;
            let of_administration =
                |c: &Client| c.attributes.as_ref().and_then(|a| a.get(REALM_CLIENT)) == Some("true");
            if NEEDED.contains(&name.as_str()) || existing.as_ref().is_some_and(of_administration) {
                continue;
            }
            let existing = existing.and_then(|c| c.id);
            let words = || format!("Client id '{name}' already exists");
            if !report.decide(existing.as_deref(), KIND, &name, words)? {
                continue;
            }
            if let Some(id) = &existing {
                clients::delete(self.db, self.realm, id)?;
            }
            client.id = Some(self.id(client.id.take()));
            self.clients(vec![client])?;
            let id = self.client(&name)?;
            report.wrote(existing.is_some(), KIND, &name, &id);
            replaced.extend(existing);
        }
        Ok(replaced)
    }

    /// Adds roles of the realm or of a client. Returns what they contain, to be added when all roles are there.
    fn some_roles(
        &mut self,
        realm: &RealmView,
        client: Option<&str>,
        list: Vec<Role>,
        report: &mut Report,
    ) -> Result<Vec<(String, Composites)>> {
        let of = match client {
            Some(client) => {
                Some(clients::by_client_id(self.db, self.realm, client)?.and_then(|c| c.id).ok_or_else(|| {
                    let words = format!("Can not import client roles for nonexistent client named {client}");
                    message(StatusCode::PRECONDITION_FAILED, words)
                })?)
            }
            None => None,
        };
        let mut composites = Vec::new();
        for role in list {
            let name = role.name.clone().unwrap_or_default();
            let (kind, shown) = match client {
                Some(client) => ("CLIENT_ROLE", format!("{client}-->{name}")),
                None => ("REALM_ROLE", name.clone()),
            };
            let existing = roles::by_name(self.db, self.realm, of.as_deref(), &name)?;
            let words = || match client {
                Some(client) => format!("Client role '{name}' for client '{client}' already exists."),
                None => format!("Realm role '{name}' already exists."),
            };
            // a client's role is reported by the id of the client
            let reported = |id: &str| of.clone().unwrap_or_else(|| id.to_owned());
            let known = existing.as_ref().map(|role| reported(&role.id));
            if !report.decide(known.as_deref(), kind, &shown, words)? {
                continue;
            }
            let existed = existing.is_some();
            let id = match existing {
                // the realm cannot be without it: it is changed, and keeps its id
                Some(mut old) if realm.default_role.as_deref() == Some(&old.id) => {
                    old.description = role.description;
                    old.attributes = role.attributes.unwrap_or_default();
                    roles::update(self.db, self.realm, &old)?;
                    composites.extend(role.composites.map(|c| (old.id.clone(), c)));
                    old.id
                }
                old => {
                    if let Some(old) = old {
                        roles::delete(self.db, self.realm, &old.id)?;
                    }
                    composites.extend(self.add_role(client, role)?);
                    self.role(client, &name)?
                }
            };
            report.wrote(existed, kind, &shown, &reported(&id));
        }
        Ok(composites)
    }

    /// Adds groups with those below them. A path tells which group one belongs under.
    fn some_groups(&mut self, list: Vec<Group>, report: &mut Report) -> Result<()> {
        const KIND: &str = "GROUP";
        for group in list {
            let name = group.name.clone().unwrap_or_default();
            let path = group.path.clone().filter(|p| !p.is_empty()).unwrap_or_else(|| format!("/{name}"));
            let existing = groups::by_path(self.db, self.realm, path.strip_prefix('/').unwrap_or(&path))?;
            let words = || format!("Group '{path}' already exists");
            if !report.decide(existing.as_ref().map(|g| g.id.as_str()), KIND, &name, words)? {
                continue;
            }
            let parent = match (&existing, path.rsplit_once('/').map(|(above, _)| above)) {
                (Some(old), _) => old.parent.clone(),
                (None, Some(above)) if !above.is_empty() => {
                    Some(self.group_of_path(above)?.ok_or_else(|| unknown("group", above))?)
                }
                _ => None,
            };
            if let Some(old) = &existing {
                groups::delete(self.db, self.realm, &old.id)?;
            }
            let id = self.group(parent.as_deref(), group)?;
            report.wrote(existing.is_some(), KIND, &name, &id);
        }
        Ok(())
    }

    /// Adds users. A name or an address that somebody has is taken.
    fn some_users(&mut self, settings: &Realm, list: Vec<User>, report: &mut Report) -> Result<()> {
        const KIND: &str = "USER";
        for user in list {
            let name = user.username.clone().unwrap_or_default();
            let mut existing = Vec::from_iter(users::by_username(self.db, self.realm, &name)?);
            if let Some(email) = user.email.as_deref().filter(|_| settings.duplicate_emails_allowed != Some(true)) {
                existing.extend(users::by_email(self.db, self.realm, email)?);
            }
            let words = || format!("User with user name {name} already exists.");
            if !report.decide(existing.first().map(|u| u.id.as_str()), KIND, &name, words)? {
                continue;
            }
            for old in &existing {
                users::delete(self.db, self.realm, &old.id)?;
            }
            let id = self.user(settings, user)?;
            report.wrote(!existing.is_empty(), KIND, &name, &id);
        }
        Ok(())
    }

    /// Adds identity providers and their mappers to the realm's settings. Whether they changed.
    fn some_providers(
        &mut self,
        list: Vec<IdentityProvider>,
        mappers: Vec<IdentityProviderMapper>,
        report: &mut Report,
    ) -> Result<bool> {
        const KIND: &str = "IDP";
        const OF_MAPPERS: &str = "IDP_MAPPER";
        let Some(mut row) = realms::lock(self.db, self.realm)? else { return Ok(false) };
        let providers = row.settings.identity_providers.get_or_insert_default();
        let known = row.settings.identity_provider_mappers.get_or_insert_default();
        let mut changed = false;
        for mut provider in list {
            let name = provider.alias.clone().unwrap_or_default();
            let place = providers.iter().position(|p| p.alias == provider.alias);
            let id = place.and_then(|at| providers.get(at)?.internal_id.clone());
            if !report.decide(id.as_deref(), KIND, &name, || format!("Identity Provider '{name}' already exists."))? {
                continue;
            }
            if let Some(place) = place {
                providers.remove(place);
                known.retain(|m| m.identity_provider_alias != provider.alias);
            }
            provider.enabled.get_or_insert(true);
            let id = provider.internal_id.get_or_insert_with(|| self.app.random.uuid()).clone();
            providers.push(provider);
            report.wrote(place.is_some(), KIND, &name, &id);
            changed = true;
        }
        for mut mapper in mappers {
            let name = mapper.name.clone().unwrap_or_default();
            let alias = mapper.identity_provider_alias.clone().unwrap_or_default();
            if !providers.iter().any(|p| p.alias.as_deref() == Some(&alias)) {
                return Err(unknown("identity provider", &alias));
            }
            let same = |m: &IdentityProviderMapper| {
                m.name == mapper.name && m.identity_provider_alias == mapper.identity_provider_alias
            };
            let place = known.iter().position(same);
            let id = place.and_then(|at| known.get(at)?.id.clone());
            let words = || format!("Identity Provider Mapper '{name}' already exists.");
            if !report.decide(id.as_deref(), OF_MAPPERS, &name, words)? {
                continue;
            }
            if let Some(place) = place {
                known.remove(place);
            }
            let id = mapper.id.get_or_insert_with(|| self.app.random.uuid()).clone();
            known.push(mapper);
            report.wrote(place.is_some(), OF_MAPPERS, &name, &id);
            changed = true;
        }
        if changed {
            realms::update(self.db, &row)?;
        }
        Ok(changed)
    }
}
