//! A realm with people in it, and settings and requests made up from a seed.

use cloakroom_policy::{Identity, Roles};
use serde_json::{Map, Value, json};

use crate::keycloak::Keycloak;

const USERS: usize = 4;
const ROLES: [&str; 3] = ["captain", "mate", "cook"];
const GROUPS: [&str; 3] = ["/crew", "/crew/deck", "/port"];
const CLIENTS: [&str; 2] = ["app", "web"];
const TYPES: [&str; 2] = ["urn:boat", "urn:sail"];
const SCOPES: [&str; 4] = ["view", "steer", "mend", "sell"];
const STRATEGIES: [&str; 3] = ["UNANIMOUS", "AFFIRMATIVE", "CONSENSUS"];
const MODES: [&str; 5] = ["ENFORCING", "ENFORCING", "ENFORCING", "PERMISSIVE", "DISABLED"];
const TIMES: [&str; 3] = ["2024-02-29 12:30:15", "1999-12-31 23:59:59", "2031-06-01 00:00:00"];

/// Numbers from a seed (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn seeded(seed: u64, model: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ model.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// Some of a list, at least `least` of them, in order.
    fn some<T: Clone>(&mut self, of: &[T], least: usize) -> Vec<T> {
        loop {
            let some: Vec<T> = of.iter().filter(|_| self.percent(40)).cloned().collect();
            if some.len() >= least.min(of.len()) {
                return some;
            }
        }
    }
}

/// What all settings have in common: people, roles, groups, clients.
pub(crate) struct World {
    people: Vec<Identity>,
    ids: Vec<String>,
    clients: Vec<String>,
}

/// A resource server, with the settings that Keycloak exports of it.
pub(crate) struct Server {
    pub(crate) client: String,
    pub(crate) settings: Value,
}

/// A request as Keycloak gets it, and who asks.
pub(crate) struct Asked {
    pub(crate) body: Value,
    pub(crate) identity: Identity,
}

impl World {
    pub(crate) async fn make(keycloak: &mut Keycloak) -> Self {
        let mut random = Random::seeded(7, 7);
        for role in ROLES {
            keycloak.create("/roles", &json!({ "name": role })).await;
        }
        let mut clients = Vec::new();
        for client in CLIENTS {
            let id = keycloak.create("/clients", &json!({ "clientId": client, "publicClient": true })).await;
            keycloak.create(&format!("/clients/{id}/roles"), &json!({ "name": "guest" })).await;
            clients.push(id);
        }
        keycloak.create("/client-scopes", &json!({ "name": "rare", "protocol": "openid-connect" })).await;
        let mut groups: Vec<String> = Vec::new();
        for group in GROUPS {
            let name = group.rsplit('/').next().unwrap();
            let parent = group.strip_suffix(name).unwrap().trim_end_matches('/');
            let at = match GROUPS.iter().position(|group| *group == parent) {
                Some(parent) => format!("/groups/{}/children", groups[parent]),
                None => "/groups".to_owned(),
            };
            groups.push(keycloak.create(&at, &json!({ "name": name })).await);
        }
        let (mut people, mut ids) = (Vec::new(), Vec::new());
        for at in 0..USERS {
            let (name, email) =
                (format!("user{at}"), format!("user{at}@{}.test", if at % 2 == 0 { "corp" } else { "home" }));
            let body = json!({ "username": name, "email": email, "enabled": true, "firstName": "F", "lastName": "L" });
            let id = keycloak.create("/users", &body).await;
            let (mut who, mut live) = (Identity::new(&id).username(&name).claim("email", email), Roles::default());
            who = who.client_scope("email").client_scope("profile");
            for role in random.some(&ROLES, 0) {
                let role = keycloak.get(&format!("/roles/{role}")).await;
                keycloak.create(&format!("/users/{id}/role-mappings/realm"), &json!([role])).await;
                let role = role["name"].as_str().unwrap();
                live.add_realm(role);
                who = who.realm_role(role);
            }
            for (client, client_id) in clients.iter().zip(CLIENTS) {
                if random.percent(50) {
                    let role = keycloak.get(&format!("/clients/{client}/roles/guest")).await;
                    keycloak.create(&format!("/users/{id}/role-mappings/clients/{client}"), &json!([role])).await;
                    live.add_client(client_id, "guest");
                    who = who.client_role(client_id, "guest");
                }
            }
            let mut member = Vec::new();
            for (group, path) in groups.iter().zip(GROUPS) {
                if random.percent(40) {
                    keycloak.put(&format!("/users/{id}/groups/{group}")).await;
                    member.push(path);
                }
            }
            people.push(who.live_roles(live).groups(member));
            ids.push(id);
        }
        Self { people, ids, clients }
    }

    /// Makes a resource server with random settings.
    pub(crate) async fn serve(&self, keycloak: &mut Keycloak, random: &mut Random) -> Server {
        let settings = self.settings(random);
        let client = json!({
            "clientId": "rs", "secret": "s", "serviceAccountsEnabled": true,
            "authorizationServicesEnabled": true, "authorizationSettings": settings,
        });
        let client = keycloak.create("/clients", &client).await;
        let at = format!("/clients/{client}/authz/resource-server");
        let mut settings = keycloak.get(&format!("{at}/settings")).await;
        let resources = keycloak.get(&format!("{at}/resource?max=100")).await;
        for resource in settings["resources"].as_array_mut().into_iter().flatten() {
            let same = |found: &&Value| found["name"] == resource["name"];
            let id = resources.as_array().unwrap().iter().find(same).unwrap()["_id"].clone();
            resource["_id"] = id;
        }
        Server { client, settings }
    }

    fn settings(&self, random: &mut Random) -> Value {
        let mut resources = Vec::new();
        for at in 0..random.below(5) + 1 {
            let scopes: Vec<Value> = random.some(&SCOPES, 0).into_iter().map(|name| json!({ "name": name })).collect();
            let mut resource = json!({ "name": format!("R{at}"), "scopes": scopes, "uris": [format!("/r/{at}")] });
            if random.percent(60) {
                resource["type"] = json!(random.one(&TYPES));
            }
            if random.percent(25) {
                resource["owner"] = json!({ "id": self.ids[random.below(USERS)] });
                resource["ownerManagedAccess"] = json!(random.percent(50));
            }
            resources.push(resource);
        }
        let scopes: Vec<Value> = SCOPES.iter().map(|name| json!({ "name": name })).collect();
        json!({
            "policyEnforcementMode": random.one(&MODES),
            "decisionStrategy": random.one(&STRATEGIES[..2]),
            "scopes": scopes, "policies": self.policies(random, &resources), "resources": resources,
        })
    }

    fn policies(&self, random: &mut Random, resources: &[Value]) -> Vec<Value> {
        let (mut policies, mut names) = (Vec::new(), Vec::new());
        for at in 0..random.below(8) + 2 {
            let name = format!("P{at}");
            let (kind, config) = self.policy(random, &names);
            policies.push(policy(random, &name, kind, config));
            names.push(name);
        }
        let server_s = resources.iter().filter(|resource| resource["owner"].is_null());
        let all: Vec<String> = server_s.map(|resource| resource["name"].as_str().unwrap().to_owned()).collect();
        for at in 0..random.below(6) + 1 {
            let mut config =
                json!({ "applyPolicies": if random.percent(90) { random.some(&names, 1) } else { vec![] } });
            let scope = random.percent(50);
            if scope {
                config["scopes"] = json!(random.some(&SCOPES, 1));
            }
            if random.percent(35) {
                config["defaultResourceType"] = json!(random.one(&TYPES));
            } else if !all.is_empty() && (!scope || random.percent(60)) {
                config["resources"] = json!(random.some(&all, 1));
            } else if !scope {
                continue;
            }
            policies.push(policy(
                random,
                &format!("permission {at}"),
                if scope { "scope" } else { "resource" },
                config,
            ));
        }
        policies
    }

    fn policy(&self, random: &mut Random, before: &[String]) -> (&'static str, Value) {
        let required = |random: &mut Random, names: Vec<&str>| -> Vec<Value> {
            names.into_iter().map(|name| json!({ "id": name, "required": random.percent(30) })).collect()
        };
        match random.below(8) {
            0 => {
                let names = random.some(&["captain", "mate", "cook", "app/guest", "web/guest"], 1);
                ("role", json!({ "roles": required(random, names), "fetchRoles": random.percent(30) }))
            }
            1 => ("user", json!({ "users": random.some(&["user0", "user1", "user2", "user3"], 1) })),
            2 => {
                let groups = random.some(&GROUPS, 1);
                let groups: Vec<Value> = groups
                    .into_iter()
                    .map(|path| json!({ "path": path, "extendChildren": random.percent(50) }))
                    .collect();
                ("group", json!({ "groups": groups }))
            }
            3 => ("client", json!({ "clients": random.some(&["app", "web", "account"], 1) })),
            4 => {
                let names = random.some(&["email", "profile", "rare"], 1);
                ("client-scope", json!({ "clientScopes": required(random, names) }))
            }
            5 => {
                let mut config = Map::new();
                for (name, texts) in
                    [("nbf", ["2024-02-29 12:30:15", "2020-01-01"]), ("noa", ["2024-02-29 12:30:15", "2030-01-01"])]
                {
                    if random.percent(40) {
                        config.insert(name.into(), json!(random.one(&texts)));
                    }
                }
                for (name, most) in [("dayMonth", 31), ("month", 12), ("year", 2040), ("hour", 24), ("minute", 60)] {
                    if random.percent(25) {
                        let from = if most > 2000 { 1990 } else { 0 };
                        let mut number = || (from + random.below(most - from)).to_string();
                        let (first, last) = (number(), number());
                        config.insert(name.into(), json!(first));
                        config.insert(format!("{name}End"), json!(last));
                    }
                }
                ("time", Value::Object(config))
            }
            6 => {
                let (claim, context) =
                    random.one(&[&("email", false), &("preferred_username", false), &("deck", true), &("none", false)]);
                let pattern = random.one(&[r"^.+@corp\.test$", "user[01]", r"\w+", "corp", "(a|b)c?", r"user\d@.*"]);
                ("regex", json!({ "targetClaim": claim, "pattern": pattern, "targetContextAttributes": context }))
            }
            _ => ("aggregate", json!({ "applyPolicies": random.some(before, 1) })),
        }
    }

    /// Makes up a request that asks for each resource once: Keycloak decides a resource that is asked for again from a
    /// cache that has forgotten what all but the first of its permissions said. Asking by several scopes, or by name
    /// for a user's resource, can do that.
    pub(crate) fn request(&self, random: &mut Random, server: &Server) -> Asked {
        let who = random.below(USERS);
        let mut identity = self.people[who].clone();
        let mut attributes = json!({ "kc.time.date_time": random.one(&TIMES) });
        if random.percent(50) {
            attributes["deck"] = json!(random.one(&["ac", "b", "upper deck", "x"]));
        }
        let known: Vec<Value> = server.settings["resources"].as_array().unwrap().clone();
        let mut resources: Vec<Value> = Vec::new();
        let scopes = |random: &mut Random, least| -> Vec<Value> {
            random.some(&SCOPES, least).into_iter().map(|name| json!({ "name": name })).collect()
        };
        match random.below(5) {
            0 => {}
            1 => resources.push(json!({ "type": random.one(&TYPES) })),
            2 => resources.push(json!({ "scopes": [{ "name": random.one(&SCOPES) }] })),
            _ => {
                for resource in random.some(&known, 1) {
                    let mut asked = if random.percent(50) || !resource["owner"].is_null() {
                        json!({ "_id": resource["_id"] })
                    } else {
                        json!({ "name": resource["name"] })
                    };
                    if random.percent(60) {
                        asked["scopes"] = json!(scopes(random, 1));
                    }
                    resources.push(asked);
                }
            }
        }
        let mut body = json!({
            "resources": resources, "userId": self.ids[who], "roleIds": [], "entitlements": false,
            "context": { "attributes": attributes },
        });
        let client = random.below(CLIENTS.len() + 1);
        match self.clients.get(client) {
            Some(id) => {
                body["clientId"] = json!(id);
                identity = identity.client(CLIENTS[client]);
            }
            None => identity = identity.client("rs"),
        }
        Asked { body, identity }
    }
}

fn policy(random: &mut Random, name: &str, kind: &str, config: Value) -> Value {
    let text = |value: Value| if value.is_string() { value } else { Value::String(value.to_string()) };
    let Value::Object(config) = config else { panic!("{config}") };
    let config: Map<String, Value> = config.into_iter().map(|(name, value)| (name, text(value))).collect();
    json!({
        "name": name, "type": kind, "config": config, "decisionStrategy": random.one(&STRATEGIES),
        "logic": if random.percent(20) { "NEGATIVE" } else { "POSITIVE" },
    })
}
