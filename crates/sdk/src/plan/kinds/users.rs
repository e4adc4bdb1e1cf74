//! Users, with their groups and roles. Credentials are given to new users; nobody can see whether they changed.

use std::collections::{BTreeMap, BTreeSet};

use cloakroom_api::admin::users::UserQuery;
use cloakroom_api::endpoint::Call;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::super::cx::{Cx, difference};
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::super::managed::Managed;
use super::groups::role_sets;
use super::roles::default_role;
use crate::error::Result;
use crate::export::mapped;

pub(crate) struct Users;

impl Kind for Users {
    fn name(&self) -> &'static str {
        "user"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let Some(Value::Array(users)) = tree.get("users") else { return };
        found.lists.insert(Key::new());
        let default = default_role(tree.get("realm").and_then(Value::as_str).unwrap_or_default());
        for user in users {
            let Some(name) = user.get("username").and_then(Value::as_str) else { continue };
            // usernames have no upper case
            let mut user = user.clone();
            user["username"] = name.to_lowercase().into();
            if let Some(Value::Array(roles)) = user.get_mut("realmRoles") {
                // every user has it, unless somebody took it away: files need not say so
                roles.retain(|role| *role != default);
            }
            found.add(vec![name.to_lowercase()], &user, &[]);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["users"]), "username", &key[0]), value);
    }

    fn server_made(&self) -> &'static [&'static str] {
        &[
            "createdTimestamp",
            "totp",
            "disableableCredentialTypes",
            "access",
            "origin",
            "userProfileMetadata",
            "self",
            "notBefore",
        ]
    }

    fn at_creation(&self) -> &'static [&'static str] {
        &["credentials", "federatedIdentities", "serviceAccountClientId", "clientConsents"]
    }

    fn links(&self) -> &'static [&'static str] {
        &["groups", "realmRoles", "clientRoles"]
    }

    fn built_in(&self, _: &str, key: &[String], value: &Value) -> bool {
        key[0].starts_with("service-account-") || value.get("serviceAccountClientId").is_some()
    }

    /// Exports have service accounts alone: reads the users that the files name, and of them what the files say something of.
    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let known = |tree: &Value| -> BTreeMap<String, Value> {
                let list = tree.get("users").and_then(Value::as_array).cloned().unwrap_or_default();
                let named = |user: Value| Some((user.get("username")?.as_str()?.to_lowercase(), user));
                list.into_iter().filter_map(named).collect()
            };
            let mut users = known(tree);
            let lists_users = wanted.is_some_and(|wanted| wanted.get("users").is_some());
            let wanted = wanted.map(known);
            let mut found = match &wanted {
                Some(wanted) if !(lists_users && cx.everything) => {
                    let names = wanted.keys().cloned().chain(Managed::of(tree).names("user"));
                    some(cx, names.filter(|name| !users.contains_key(name)).collect()).await?
                }
                None if !cx.users => Vec::new(),
                _ => all(cx).await?,
            };
            found.retain(|(name, _)| !users.contains_key(name));
            let there = |name: &String| users.contains_key(name) || found.iter().any(|(other, _)| other == name);
            let accounts = wanted.iter().flatten().filter_map(|(name, user)| {
                let client = user.get("serviceAccountClientId")?.as_str()?;
                (!there(name)).then_some(client)
            });
            let clients = accounts.collect();
            found.extend(service_accounts(cx, tree, wanted.is_some().then_some(clients)).await?);
            let whole = json!({ "groups": [], "realmRoles": [], "clientRoles": {} });
            let read = stream::iter(found).map(|(name, user)| {
                let asked = wanted.as_ref().map_or(Some(&whole), |wanted| wanted.get(&name));
                with_links(cx, name, user, asked)
            });
            let read: Vec<(String, Value)> = read.buffer_unordered(cx.at_once).try_collect().await?;
            users.extend(read);
            tree["users"] = users.into_values().collect();
            Ok(())
        })
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let users = cx.calls().users();
        Ok(match operation {
            Operation::Create => users.create(&Default::default()),
            Operation::Update => users.update(id, &Default::default()),
            Operation::Delete => users.delete(id),
        })
    }

    /// A service account comes with its client: its roles are given to the one that is there.
    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            if let Some(client) = body.get("serviceAccountClientId").and_then(Value::as_str) {
                let client = cx.id("client", &[client.to_owned()])?;
                let user = cx.get(cx.calls().clients().service_account_user(&client)).await?;
                return Ok(user.get("id").and_then(Value::as_str).map(str::to_owned));
            }
            cx.write(self.call(cx, Operation::Create, key, "")?, &body).await
        })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            let id = cx.id(self.name(), key)?;
            for link in links.iter().filter(|link| link.field == "groups") {
                // a new user is in the realm's default groups
                let joined = if link.old.is_null() { groups(cx, &id).await? } else { link.old.clone() };
                let link = Link { field: link.field, old: &joined, new: link.new };
                let (added, removed) = difference(&link);
                for (adds, path) in
                    added.iter().map(|path| (true, path)).chain(removed.iter().map(|path| (false, path)))
                {
                    let group = group(cx, path)?;
                    let users = cx.calls().users();
                    cx.send(if adds { users.join_group(&id, &group) } else { users.leave_group(&id, &group) }).await?;
                }
            }
            let (old, new) = role_sets(&links);
            let calls = cx.calls();
            let mappings = calls.user(&id).role_mappings();
            cx.change_roles(&old, &new, |client| role_calls!(mappings, client)).await
        })
    }
}

/// The id of the group at a path.
pub(super) fn group(cx: &Cx<'_>, path: &str) -> Result<String> {
    // a slash within a name is written `~/`
    let marked = path.trim_start_matches('/').replace("~/", "\0");
    let key: Key = marked.split('/').map(|name| name.replace('\0', "/")).collect();
    cx.id("group", &key)
}

type Named = Vec<(String, Value)>;

fn named(users: Vec<Value>) -> Named {
    users.into_iter().filter_map(|user| Some((user.get("username")?.as_str()?.to_owned(), user))).collect()
}

async fn all(cx: &Cx<'_>) -> Result<Named> {
    Ok(named(cx.all(cx.calls().users().list(&UserQuery::default())).await?))
}

/// The service accounts of these clients, which no list of users has; without names, those that an export in parts leaves out.
async fn service_accounts(cx: &Cx<'_>, tree: &Value, of: Option<BTreeSet<&str>>) -> Result<Named> {
    let accounts = tree.get("clients").and_then(Value::as_array).into_iter().flatten().filter_map(|client| {
        let name = client.get("clientId")?.as_str()?;
        let has = client.get("serviceAccountsEnabled").and_then(Value::as_bool) == Some(true);
        let asked = of.as_ref().map_or(has && cx.in_parts, |of| of.contains(name));
        Some((client.get("id")?.as_str()?.to_owned(), name.to_owned())).filter(|_| asked)
    });
    let read = stream::iter(accounts.collect::<Vec<_>>()).map(|(id, client)| async move {
        let account = cx.find(cx.calls().clients().service_account_user(&id)).await?;
        Ok::<_, crate::Error>(account.map(|mut account| {
            account["serviceAccountClientId"] = client.into();
            account
        }))
    });
    let read: Vec<Option<Value>> = read.buffer_unordered(cx.at_once).try_collect().await?;
    Ok(named(read.into_iter().flatten().collect()))
}

/// The users of these names: one by one, or all of the realm's where that is less work.
async fn some(cx: &Cx<'_>, names: Vec<String>) -> Result<Named> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let count = cx.get(cx.calls().users().count(&Default::default())).await?.as_u64().unwrap_or(u64::MAX);
    if count / 50 <= names.len() as u64 {
        let mut users = all(cx).await?;
        let names: BTreeSet<String> = names.into_iter().collect();
        users.retain(|(name, _)| names.contains(name));
        return Ok(users);
    }
    let find = |name: String| async move {
        let query = UserQuery { username: Some(name.clone()), exact: Some(true), ..UserQuery::default() };
        let users = cx.get(cx.calls().users().list(&query)).await?;
        let users = named(users.as_array().cloned().unwrap_or_default());
        Ok::<_, crate::Error>(users.into_iter().find(|(found, _)| *found == name))
    };
    let found: Vec<Option<(String, Value)>> =
        stream::iter(names).map(find).buffer_unordered(cx.at_once).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// A user with the groups and roles that are asked about.
async fn with_links(cx: &Cx<'_>, name: String, mut user: Value, asked: Option<&Value>) -> Result<(String, Value)> {
    let asks = |field: &str| asked.and_then(|asked| asked.get(field)).is_some();
    let id = user.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if asks("groups") {
        user["groups"] = groups(cx, &id).await?;
    }
    if asks("realmRoles") || asks("clientRoles") {
        let all = cx.get(cx.calls().user(&id).role_mappings().all().list()).await?;
        let (of_realm, of_clients) = mapped(&all);
        user["realmRoles"] = of_realm;
        user["clientRoles"] = of_clients.into();
    }
    Ok((name, user))
}

/// The paths of a user's groups.
async fn groups(cx: &Cx<'_>, id: &str) -> Result<Value> {
    let groups = cx.get(cx.calls().users().groups(id, &Default::default())).await?;
    Ok(groups.as_array().into_iter().flatten().filter_map(|group| group.get("path").cloned()).collect())
}
