//! Configuration as code: for every kind of thing that it is made, is then as wanted, changes by one attribute, goes when
//! pruned, and survives being exported. The cases are in `plan/kinds.yaml`; the realm files beside it are of the kinds that
//! people write.
//!
//! With `CLOAKROOM_TEST_KEYCLOAK=http://localhost:8180` the same is asked of a real Keycloak, whose administrator is `admin`
//! with the password `admin`.

use std::path::{Path, PathBuf};

use cloakroom::plan::files::{self, Source};
use cloakroom::plan::{Action, Desired, ExportOptions, Options, Outcome, Plan, Prune, Secrets, export};
use cloakroom::{Client, Login};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

struct Case {
    kind: String,
    name: Option<String>,
    path: String,
    ours: bool,
    fixed: bool,
    with: Value,
    thing: Value,
    change: Value,
}

fn cases() -> Vec<Case> {
    let list: Value = serde_saphyr::from_str(include_str!("plan/kinds.yaml")).unwrap();
    let case = |case: &Value| {
        let tree = |field: &str| case.get(field).cloned().unwrap_or_else(|| json!({}));
        let text = |field: &str| case[field].as_str().map(str::to_owned);
        Case {
            kind: text("kind").unwrap(),
            name: text("name"),
            path: text("path").unwrap(),
            ours: case["ours"] == true,
            fixed: case["fixed"] == true,
            with: tree("with"),
            thing: tree("thing"),
            change: tree("change"),
        }
    };
    list.as_array().unwrap().iter().map(case).collect()
}

fn desired(realm: &str, trees: &[&Value]) -> Desired {
    let source = |(at, tree): (usize, &&Value)| {
        let mut tree = (*tree).clone();
        tree["realm"] = realm.into();
        Source { name: format!("{at}.json"), text: tree.to_string() }
    };
    let sources: Vec<Source> = trees.iter().enumerate().map(source).collect();
    files::load(&sources, &|_| None).unwrap().remove(0)
}

async fn plan(kc: &Client, desired: Desired, prune: Prune) -> Plan {
    Plan::make(kc, desired, &Options::default().prune(prune)).await.unwrap()
}

async fn apply(kc: &Client, desired: Desired, prune: Prune) -> (Plan, Outcome) {
    let made = plan(kc, desired.clone(), prune).await;
    let outcome = plan(kc, desired, prune).await.apply(kc, &Default::default()).await.unwrap();
    assert!(outcome.is_complete(), "{made}\n{outcome:?}");
    (made, outcome)
}

/// Applies a case from beginning to end in one realm.
async fn converges(kc: &Client, realm: &str, case: &Case) {
    let title = format!("{} ({})", case.kind, case.path);
    let (with, thing, change) = (&case.with, &case.thing, &case.change);
    apply(kc, desired(realm, &[with]), Prune::Nothing).await;
    let (made, _) = apply(kc, desired(realm, &[with, thing]), Prune::Nothing).await;
    let is_it = |c: &&cloakroom::plan::Change| {
        c.kind() == case.kind && case.name.as_ref().is_none_or(|name| c.key().join("/") == *name)
    };
    assert!(made.changes().iter().any(|c| is_it(&c)), "{title} is made\n{made}");
    let again = plan(kc, desired(realm, &[with, thing]), Prune::Nothing).await;
    assert!(again.is_empty(), "{title}: a second apply has nothing to do\n{again}");

    let (changed, _) = apply(kc, desired(realm, &[with, thing, change]), Prune::Nothing).await;
    let [one] = changed.changes() else { panic!("{title}: one thing changes\n{changed}") };
    assert!(is_it(&one) && one.action() == Action::Update, "{title}\n{changed}");
    let paths: Vec<&str> = one.attributes().iter().map(|a| a.path.as_str()).collect();
    assert_eq!(paths, [case.path.as_str()], "{title}: one attribute changes\n{changed}");
    let after = plan(kc, desired(realm, &[with, thing, change]), Prune::Nothing).await;
    assert!(after.is_empty(), "{title}: the change is made\n{after}");

    if !case.fixed {
        let (pruned, _) = apply(kc, desired(realm, &[with]), Prune::Own).await;
        let goes = |c: &cloakroom::plan::Change| c.action() == Action::Delete && is_it(&c);
        assert!(pruned.changes().iter().any(goes), "{title} is pruned\n{pruned}");
        let after = plan(kc, desired(realm, &[with]), Prune::Own).await;
        assert!(after.is_empty(), "{title} is gone\n{after}");
    }
}

/// Exports a realm and makes another like it, in which then nothing is to do.
async fn survives_export(kc: &Client, realm: &str, copy: &str) {
    let options = ExportOptions::default().users(true).secrets(Secrets::Plain);
    let mut tree = export(kc, realm, &options).await.unwrap();
    let same = plan(kc, desired(realm, &[&tree]), Prune::Nothing).await;
    assert!(same.is_empty(), "what was exported is there\n{same}");
    tree = serde_json::from_str(&tree.to_string().replace(realm, copy)).unwrap();
    apply(kc, desired(copy, &[&tree]), Prune::Nothing).await;
    let same = plan(kc, desired(copy, &[&tree]), Prune::Nothing).await;
    assert!(same.is_empty(), "what was exported was made\n{same}");
}

async fn all_kinds(kc: &Client, cases: &[Case], realm: &str) {
    for case in cases {
        converges(kc, realm, case).await;
    }
    for case in cases {
        apply(kc, desired(realm, &[&case.with, &case.thing]), Prune::Nothing).await;
    }
    survives_export(kc, realm, &format!("{realm}-copy")).await;
}

#[tokio::test]
async fn every_kind_that_the_server_has_is_made_changed_pruned_and_exported() {
    let server = TestServer::start().await;
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.ours).collect();
    all_kinds(server.admin(), &cases, "kinds").await;
}

/// A large realm is read in other calls than a small one, which nobody should see.
async fn exports_the_same_in_parts(kc: &Client, cases: &[Case], realm: &str) {
    let account = json!({ "clients": [{ "clientId": "robot", "serviceAccountsEnabled": true, "publicClient": false,
        "fullScopeAllowed": false }], "scopeMappings": [{ "client": "robot", "roles": ["offline_access"] }],
        "users": [{ "username": "service-account-robot", "serviceAccountClientId": "robot",
            "clientRoles": { "realm-management": ["view-users"] } }] });
    for thing in cases.iter().flat_map(|case| [&case.with, &case.thing]).chain([&account]) {
        apply(kc, desired(realm, &[thing]), Prune::Nothing).await;
    }
    let copy = format!("{realm}-copy");
    let exported = async |users| {
        let options = ExportOptions::default().users(users).secrets(Secrets::Plain);
        let mut tree = export(kc, realm, &options).await.unwrap();
        if let Some(Value::Array(groups)) = tree.get_mut("groups") {
            groups.retain(|group| !group["name"].as_str().unwrap().starts_with("filler"));
        }
        serde_json::from_str::<Value>(&tree.to_string().replace(realm, &copy)).unwrap()
    };
    let whole = [exported(false).await, exported(true).await];
    let many: Value = (0..210).map(|at| json!({ "name": format!("filler {at}") })).collect();
    apply(kc, desired(realm, &[&json!({ "groups": many })]), Prune::Nothing).await;
    let parts = [exported(false).await, exported(true).await];
    for (whole, parts) in whole.iter().zip(&parts) {
        apply(kc, desired(&copy, &[parts]), Prune::Nothing).await;
        let same = plan(kc, desired(&copy, &[whole]), Prune::All).await;
        assert!(same.is_empty(), "{same}");
        kc.realms().delete(&copy).await.unwrap();
        let fields = |tree: &Value| tree.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields(parts), fields(whole));
    }
}

#[tokio::test]
async fn a_large_realm_is_exported_as_a_small_one() {
    let server = TestServer::start().await;
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.ours).collect();
    exports_the_same_in_parts(server.admin(), &cases, "large").await;
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/plan/realms")
}

/// The realm files: each file and each folder is a realm of its own.
fn realms() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn load(path: &Path) -> Vec<Desired> {
    let sources = files::find(&[path.to_owned()]).unwrap();
    let env = |name: &str| (name == "SHOP_URL").then(|| "https://shop.test".to_owned());
    files::load(&sources, &env).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[tokio::test]
async fn a_plan_says_what_applying_does_and_hides_secrets() {
    let kc = TestServer::start().await;
    let thing = json!({ "clients": [{ "clientId": "shop", "secret": "hush", "name": "Shop" }] });
    let text = plan(&kc, desired("acme", &[&thing]), Prune::Nothing).await.to_string();
    for words in ["realm acme (new)", "+ client shop", "name: \"Shop\"", "secret: \"(hidden)\"", "2 to create"] {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
    apply(&kc, desired("acme", &[&thing]), Prune::Nothing).await;
    let change = json!({ "clients": [{ "clientId": "shop", "secret": "psst" }] });
    let json = plan(&kc, desired("acme", &[&change]), Prune::Nothing).await.to_json();
    assert!(!json.to_string().contains("psst") && !json.to_string().contains("hush"), "{json}");
    assert_eq!(json.pointer("/changes/0/attributes/0/path"), Some(&json!("secret")));
}

#[tokio::test]
async fn pruning_spares_what_others_made_and_all_spares_what_is_built_in() {
    let kc = TestServer::start().await;
    let ours = json!({ "roles": { "realm": [{ "name": "ours" }] } });
    apply(&kc, desired("acme", &[&ours]), Prune::Nothing).await;
    let theirs = cloakroom::api::admin::roles::Role { name: Some("theirs".into()), ..Default::default() };
    kc.realm("acme").roles().create(&theirs).await.unwrap();

    let nothing = json!({ "roles": { "realm": [] } });
    let deleted = |plan: &Plan| plan.changes().iter().map(|c| c.key().join("/")).collect::<Vec<_>>();
    assert_eq!(deleted(&plan(&kc, desired("acme", &[&nothing]), Prune::Own).await), ["ours"]);
    assert_eq!(deleted(&plan(&kc, desired("acme", &[&nothing]), Prune::All).await), ["ours", "theirs"]);
    let silent = json!({ "displayName": "Acme" });
    apply(&kc, desired("acme", &[&silent]), Prune::All).await;
    assert!(kc.realm("acme").roles().get("theirs").await.is_ok(), "a file without roles says nothing of them");
}

#[tokio::test]
async fn what_exports_leave_out_where_it_is_off_is_off() {
    let kc = TestServer::start().await;
    let wanted = json!({ "clients": [{ "clientId": "shop", "authorizationServicesEnabled": false }] });
    apply(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    let again = plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    assert!(again.is_empty(), "{again}");
}

#[tokio::test]
async fn built_in_is_what_the_server_made_and_not_what_is_called_so() {
    let kc = TestServer::start().await;
    let role = |name: &str| json!({ "name": name });
    let wanted = json!({ "clients": [{ "clientId": "foo-realm" }], "roles": {
        "realm": [role("admin"), role("create-realm"), role("default-roles-mine")],
        "client": { "foo-realm": [role("reader")] } } });
    let none = json!({ "clients": [], "roles": { "realm": [], "client": { "foo-realm": [], "acme-realm": [] } } });
    let realm: cloakroom::api::admin::realms::Realm =
        serde_json::from_value(json!({ "realm": "acme", "clients": wanted["clients"], "roles": wanted["roles"] }))
            .unwrap();
    kc.realms().create(&realm).await.unwrap();
    let names = |plan: &Plan| plan.changes().iter().map(|c| c.key().join("/")).collect::<Vec<_>>();
    let all = ["admin", "create-realm", "default-roles-mine", "foo-realm", "foo-realm/reader"];
    assert_eq!(names(&plan(&kc, desired("acme", &[&none]), Prune::All).await), all);

    let master = plan(&kc, desired("master", &[&none]), Prune::All).await;
    assert!(master.changes().is_empty() && master.kept().is_empty(), "{master}");
}

#[tokio::test]
async fn an_apply_that_was_stopped_is_finished_by_the_next() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let kc = TestServer::start().await;
    let roles: Value = (0..20).map(|at| json!({ "name": format!("role {at}") })).collect();
    let wanted = json!({ "roles": { "realm": roles } });
    let stop = Arc::new(AtomicBool::new(false));
    let halt = stop.clone();
    let progress = move |done: usize, _: usize, _: &str| halt.store(done >= 5, Ordering::Relaxed);
    let how = cloakroom::plan::Apply { stop: Some(stop), progress: Some(&progress) };
    let outcome = plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await.apply(&kc, &how).await.unwrap();
    assert!(outcome.stopped && !outcome.is_complete() && outcome.done < outcome.steps, "{outcome:?}");

    let rest = plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    assert_eq!(rest.changes().len(), outcome.steps - outcome.done, "what was done is not done again");
    apply(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    assert!(plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await.is_empty());
    let none = json!({ "roles": { "realm": [] } });
    let (pruned, _) = apply(&kc, desired("acme", &[&none]), Prune::Own).await;
    assert_eq!(pruned.changes().len(), 20, "all were noted as ours");
}

#[tokio::test]
async fn a_step_that_fails_is_named_and_the_rest_is_left() {
    let kc = TestServer::start().await;
    let wanted = json!({ "users": [{ "username": "ann", "enabled": true, "groups": ["/nowhere"] }] });
    let outcome = plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await.apply(&kc, &Default::default()).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.failed[0].0, "user ann");
    assert!(outcome.failed[0].1.to_string().contains("there is no group nowhere"), "{outcome:?}");
}

#[tokio::test]
async fn what_the_server_lets_nobody_change_is_told_and_left() {
    let kc = TestServer::start().await;
    let mapper = json!({ "name": "own", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper" });
    let wanted = json!({ "displayName": "Acme", "clients": [
        { "clientId": "realm-management", "description": "own", "protocolMappers": [mapper] },
        { "clientId": "broker", "description": "own" }] });
    let (made, _) = apply(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    let told = |plan: &Plan| plan.kept().iter().map(|c| [c.kind(), &c.key().join("/")].join(" ")).collect::<Vec<_>>();
    let kept = ["client realm-management", "client mapper realm-management/own"];
    assert_eq!(told(&made), kept);
    let again = plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    assert!(again.is_empty() && told(&again) == kept, "{again}");
    let line = "= client realm-management differs in description: the server lets nobody change that";
    assert!(again.to_string().contains(line), "{again}");
    assert_eq!(again.to_json().pointer("/kept/0/attributes/0/path"), Some(&json!("description")));
}

#[tokio::test]
async fn attributes_that_servers_show_as_fields_are_those_fields() {
    let kc = TestServer::start().await;
    let wanted = json!({ "organizationsEnabled": true, "attributes": { "organizationsEnabled": "true",
        "failureFactor": "7", "own": "x" } });
    apply(&kc, desired("acme", &[&wanted]), Prune::Nothing).await;
    assert!(plan(&kc, desired("acme", &[&wanted]), Prune::Nothing).await.is_empty());
    let change = json!({ "attributes": { "failureFactor": "8" } });
    let changed = plan(&kc, desired("acme", &[&change]), Prune::Nothing).await;
    assert_eq!(changed.changes()[0].attributes()[0].path, "failureFactor");
}

/// The administrator of the real Keycloak.
fn keycloak() -> Option<Client> {
    let Ok(url) = std::env::var("CLOAKROOM_TEST_KEYCLOAK") else {
        eprintln!("NOT TESTED against a real Keycloak: CLOAKROOM_TEST_KEYCLOAK is not set");
        return None;
    };
    let login = Login::password("admin", "admin");
    Some(Client::builder(&url).timeout(std::time::Duration::from_secs(300)).login(login).build().unwrap())
}

#[tokio::test]
async fn plan_live_every_kind_is_made_changed_pruned_and_exported() {
    let Some(kc) = keycloak() else { return };
    let realm = format!("plan-kinds-{}", std::process::id());
    all_kinds(&kc, &cases(), &realm).await;
    for realm in [realm.clone(), format!("{realm}-copy")] {
        kc.realms().delete(&realm).await.unwrap();
    }
}

#[tokio::test]
async fn plan_live_a_large_realm_is_exported_as_a_small_one() {
    let Some(kc) = keycloak() else { return };
    let realm = format!("plan-large-{}", std::process::id());
    exports_the_same_in_parts(&kc, &cases(), &realm).await;
    kc.realms().delete(&realm).await.unwrap();
}

#[tokio::test]
async fn plan_live_realm_files_are_made_once() {
    let Some(kc) = keycloak() else { return };
    let given = std::env::var("CLOAKROOM_KEYCLOAK").map(|folder| Path::new(&folder).join("realms/gocloak-realm.json"));
    for path in realms().into_iter().chain(given) {
        for desired in load(&path) {
            let realm = desired.realm().to_owned();
            kc.realms().delete(&realm).await.ok();
            apply(&kc, desired.clone(), Prune::Nothing).await;
            let again = plan(&kc, desired, Prune::Nothing).await;
            assert!(again.is_empty(), "{}\n{again}", path.display());
            survives_export(&kc, &realm, &format!("{realm}-copy")).await;
            for realm in [realm.clone(), format!("{realm}-copy")] {
                kc.realms().delete(&realm).await.unwrap();
            }
        }
    }
}

#[test]
fn the_realm_files_are_read() {
    let realms = realms();
    assert!(realms.len() >= 12, "{realms:?}");
    for path in realms {
        assert_eq!(load(&path).len(), 1, "{}", path.display());
    }
}
