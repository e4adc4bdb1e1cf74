//! Realms made as files say.

use std::process::{Child, Command, Output, Stdio};

use cloakroom::Client;
use cloakroom::api::admin::roles::RoleQuery;
use serde_json::json;

use crate::durability::Server;
use crate::site::Site;

const ACME: &str = "\
realm: acme
displayName: Acme
roles: {realm: [{name: boss}]}
clients:
- clientId: shop
  secret: $(env:SHOP_SECRET)
  redirectUris: [https://shop.test/*]
users:
- username: ann
  enabled: true
  realmRoles: [boss]
";

/// Writes a file, in which `acme` becomes the name of the test's realm.
fn write(site: &Site, name: &str, text: &str) -> String {
    let file = site.home.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text.replace("acme", &site.realm)).unwrap();
    file.display().to_string()
}

const AS_ADMIN: [(&str, &str); 3] =
    [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin"), ("SHOP_SECRET", "hush")];

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_is_planned_applied_and_then_there_is_nothing_to_do() {
    let site = Site::new().await;
    let file = write(&site, "acme.yaml", ACME);
    let run = |args: &[&str]| site.run_with(args, &AS_ADMIN, "");
    let detailed = |command: &str| run(&[command, "-f", &file, "--detailed-exitcode"]);

    let plan = detailed("plan");
    assert_eq!(plan.code, 2, "{plan:?}");
    for words in [
        &format!("realm {} (new)", site.realm),
        "+ client shop",
        "secret: \"(hidden)\"",
        "4 to create, 1 to change, 0 to delete",
    ] {
        assert!(plan.out.contains(words), "{words:?} is not in {}", plan.out);
    }
    assert!(
        !plan.out.contains("hush") && plan.err.is_empty(),
        "no secrets, and no progress without a terminal: {plan:?}"
    );
    let applied = detailed("apply");
    assert_eq!(applied.code, 2, "{applied:?}");
    assert!(applied.err.contains("steps done"), "{applied:?}");
    let nothing_to_do = format!("realm {}: nothing to do", site.realm);
    for command in ["plan", "diff", "apply"] {
        let nothing = detailed(command);
        assert_eq!((nothing.code, nothing.out.trim()), (0, nothing_to_do.as_str()), "{nothing:?}");
    }

    write(&site, "acme.yaml", &ACME.replace("shop.test", "shop.example"));
    let json = run(&["plan", "-f", &file, "--output", "json"]).json();
    let attribute =
        json!({ "path": "redirectUris", "old": ["https://shop.test/*"], "new": ["https://shop.example/*"] });
    assert_eq!(json.pointer("/changes/0/attributes"), Some(&json!([attribute])));
    assert_eq!(json["summary"], json!({ "create": 0, "update": 1, "delete": 0 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_put_together_and_pruned() {
    let site = Site::new().await;
    write(&site, "realms/1.yaml", ACME);
    write(&site, "realms/2/more.json", r#"{ "roles": { "realm": [{ "name": "worker" }] } }"#);
    let folder = site.home.join("realms").display().to_string();
    let run = |args: &[&str]| site.run_with(args, &AS_ADMIN, "");
    run(&["apply", "-f", &folder]).ok();
    std::fs::remove_dir_all(site.home.join("realms/2")).unwrap();
    assert!(run(&["plan", "-f", &folder]).ok().contains("nothing to do"), "nothing is deleted unasked");
    let pruned = run(&["apply", "-f", &folder, "--prune"]).ok();
    assert!(
        pruned.contains("- realm role worker") && pruned.contains("0 to create, 0 to change, 1 to delete"),
        "{pruned}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_small_and_leaves_nothing_to_do() {
    let site = Site::new().await;
    let file = write(&site, "acme.yaml", ACME);
    let run = |args: &[&str]| site.run_with(args, &AS_ADMIN, "");
    run(&["apply", "-f", &file]).ok();
    let exported = run(&["export", &site.realm, "--users"]).ok();
    for words in [
        &format!("realm: {}", site.realm),
        "displayName: Acme",
        "clientId: shop",
        "$(env:SHOP_SECRET:-**********)",
        "username: ann",
    ] {
        assert!(exported.contains(words), "{words:?} is not in {exported}");
    }
    assert!(exported.lines().count() < 50, "what every realm has is left out\n{exported}");
    let out = site.home.join("out/").display().to_string() + "/";
    run(&["export", &site.realm, "--users", "--format", "json", "-o", &out]).ok();
    let plan = run(&["plan", "-f", &out, "--detailed-exitcode"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    #[cfg(unix)]
    {
        let mode = |file: &str| {
            let metadata = std::fs::metadata(site.home.join("out").join(file)).unwrap();
            std::os::unix::fs::MetadataExt::mode(&metadata) & 0o777
        };
        assert_eq!(mode(&format!("{}.json", site.realm)), 0o600, "secrets are nobody else's");
        assert_eq!(std::fs::read_dir(site.home.join("out")).unwrap().count(), 1, "nothing is left beside");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_file_is_told_with_its_place() {
    let site = Site::new().await;
    let run = |args: &[&str]| site.run_with(args, &AS_ADMIN, "");
    for (text, words) in [
        ("realm: acme\nclients: [\n", "bad.yaml:"),
        (
            "realm: acme\nclients:\n- clientld: shop\n",
            "bad.yaml:3:3: there is no field \"clientld\": did you mean \"clientId\"?",
        ),
        ("realm: acme\nenabled: maybe\n", "bad.yaml:2:1: enabled: neither true nor false"),
        ("realm: acme\ndisplayName: $(env:NOBODY_SETS)\n", "bad.yaml:2:1: the variable NOBODY_SETS is not set"),
        ("displayName: Acme\n", "the realm's name is missing"),
        ("{ \"realm\": \"acme\",\n  \"enabled\" }", "bad.yaml:2:"),
    ] {
        let file = write(&site, "bad.yaml", text);
        run(&["plan", "-f", &file]).fails(2, &[words]);
        run(&["plan", "-f", &file, "--detailed-exitcode"]).fails(1, &[words]);
    }
    run(&["apply", "-f", "/nowhere.yaml"]).fails(2, &["/nowhere.yaml: it cannot be read"]);
    run(&["export", "nowhere"]).fails(2, &["there is no realm nowhere"]);
    let file = write(&site, "r.yaml", "realm: acme\nroles: {client: {nobody: [{name: r}]}}\n");
    run(&["plan", "-f", &file]).fails(2, &["client role nobody/r: there is no client nobody"]);
}

/// A realm that takes a while.
fn large() -> String {
    let roles: String = (0..600).map(|at| format!("  - name: role {at}\n")).collect();
    format!("realm: large\nroles:\n  realm:\n{roles}")
}

fn applying(server: &Server, file: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
    command.args(["apply", "-f", file, "--server", &server.url, "-u", "admin"]);
    command.env("KEYCLOAK_PASSWORD", "admin").env("CLOAKROOM_SESSION", "/nonexistent");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn some_roles(kc: &Client) -> usize {
    loop {
        let roles = kc.realm("large").roles().list(&RoleQuery::default()).await.unwrap_or_default().len();
        if roles > 50 {
            return roles;
        }
        tokio::task::yield_now().await;
    }
}

fn ended(output: Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_interrupted_says_what_was_done_and_the_next_apply_finishes_it() {
    let data = std::env::temp_dir().join(format!("cloakroom-interrupted-{}", std::process::id()));
    std::fs::create_dir_all(&data).unwrap();
    let file = data.join("large.yaml").display().to_string();
    std::fs::write(&file, large()).unwrap();
    let server = Server::start(&data);

    let apply = applying(&server, &file);
    some_roles(&server.admin()).await;
    Command::new("kill").args(["-INT", &apply.id().to_string()]).status().unwrap();
    let (code, said) = ended(apply.wait_with_output().unwrap());
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("steps done; apply again to do the rest") && said.contains("interrupted"), "{said}");

    let apply = applying(&server, &file);
    let before = some_roles(&server.admin()).await;
    let roles = async |kc: Client| kc.realm("large").roles().list(&RoleQuery::default()).await.unwrap().len();
    while roles(server.admin()).await < before + 20 {
        tokio::task::yield_now().await;
    }
    server.kill();
    let (code, said) = ended(apply.wait_with_output().unwrap());
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("steps done; apply again to do the rest"), "{said}");

    let server = Server::start(&data);
    let (code, said) = ended(applying(&server, &file).wait_with_output().unwrap());
    assert_eq!(code, Some(0), "{said}");
    let done = applying(&server, &file).wait_with_output().unwrap();
    assert_eq!(String::from_utf8(done.stdout).unwrap().trim(), "realm large: nothing to do");
    server.kill();
    std::fs::remove_dir_all(&data).ok();
}
