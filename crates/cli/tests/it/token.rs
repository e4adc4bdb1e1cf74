//! `token`.

use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Ran, Shell};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_printed_whole_alone_or_decoded() {
    let shell = Shell::start().await;
    let whole = shell.admin(&["token"]).json();
    assert_eq!(whole["token_type"], "Bearer");
    assert!(whole["refresh_token"].is_string() && whole.get("claims").is_none());
    assert_eq!(shell.admin(&["token", "-q"]).ok().split('.').count(), 3);
    let decoded = shell.admin(&["token", "password", "--decode"]).json();
    assert_eq!(decoded["claims"]["azp"], "admin-cli");
    shell.admin(&["token", "-q", "--decode"]).fails(2, &["--decode"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_gives_a_new_one() {
    let shell = Shell::start().await;
    let first = shell.admin(&["token"]).json();
    let refresh = first["refresh_token"].as_str().unwrap();
    let second = shell.run(&["token", "refresh", refresh]).json();
    assert_ne!(second["access_token"], first["access_token"]);
    let third = shell.run_with(&["token", "refresh", "-"], &[], &format!("{refresh}\n")).json();
    assert!(third["access_token"].is_string());
    shell.run(&["token", "refresh", "x"]).fails(4, &["invalid_grant"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_grant_lacks_is_named() {
    let shell = Shell::start().await;
    shell.run(&["token", "password"]).fails(2, &["--username"]);
    shell.run(&["token", "client"]).fails(2, &["--client-secret"]);
    shell.run(&["token", "-u", "admin"]).fails(2, &["KEYCLOAK_PASSWORD"]);
    let wrong = ["token", "client", "--client-id", "x", "--client-secret", "hunter2"];
    let ran = shell.run(&wrong);
    assert!(!ran.err.contains("hunter2"));
    ran.fails(4, &["--client-id and --client-secret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_proves_itself_in_several_ways() {
    let shell = Shell::start().await;
    let robot =
        ["-s", "clientId=robot", "-s", "secret=a-secret-of-32-characters-or-so!", "-s", "serviceAccountsEnabled=true"];
    shell.admin(&[&["create", "clients", "-r", "master"][..], &robot[..]].concat()).ok();
    let client =
        ["token", "client", "-q", "--client-id", "robot", "--client-secret", "a-secret-of-32-characters-or-so!"];
    for way in ["basic", "post"] {
        let token = shell.run(&[&client[..], &["--client-auth", way]].concat()).ok();
        assert_eq!(token.split('.').count(), 3, "{way}");
    }
    let scopes = shell.run(&[&client[..2], &client[3..], &["--scopes", "openid,email"]].concat()).json();
    assert!(scopes["scope"].as_str().unwrap().contains("openid"));
    shell.run(&["token", "client", "--client-auth", "post"]).fails(2, &["--client-secret"]);
    let missing = shell.home.join("no.jwt");
    shell
        .run(&["token", "client", "--client-assertion", missing.to_str().unwrap()])
        .fails(2, &["no.jwt cannot be read"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn options_of_one_grant_are_refused_with_another() {
    let shell = Shell::start().await;
    shell.admin(&["token", "--audience", "x"]).fails(2, &["--audience is for `token exchange`"]);
    shell.admin(&["token", "password", "abc"]).fails(2, &["`token refresh` or `token exchange`"]);
    shell.run(&["token", "client", "--client-secret", "x", "--otp"]).fails(2, &["--otp is for `token password`"]);
    shell.run(&["token", "refresh"]).fails(2, &["which token"]);
    shell.run(&["token", "exchange", "--client-secret", "x"]).fails(2, &["which token is exchanged"]);
    shell.admin(&["token", "--param", "nonsense"]).fails(2, &["name=value"]);
}

/// A token endpoint that answers each form with what it has for it.
async fn mock(forms: &[(&str, u16, serde_json::Value)]) -> MockServer {
    let server = MockServer::start().await;
    for (form, status, answer) in forms {
        let words: Vec<String> = form.split('&').map(str::to_owned).collect();
        let has = move |request: &wiremock::Request| {
            let body = format!("&{}&", String::from_utf8_lossy(&request.body));
            words.iter().all(|word| body.contains(&format!("&{word}&")))
        };
        let answer = ResponseTemplate::new(*status).set_body_json(answer);
        Mock::given(has).respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    server
}

fn run(server: &MockServer, args: &[&str], stdin: &str) -> Ran {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_cloakroom"));
    let session = std::env::temp_dir().join("cloakroom-no-such-session.json");
    command.args(args).env_clear().env("CLOAKROOM_SESSION", session).env("KEYCLOAK_URL", server.uri());
    Ran::of(command.write_stdin(stdin).output().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_sends_all_that_is_asked_for() {
    let urn = "urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3A";
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=abc&subject_token_type={urn}jwt&\
         subject_issuer=github&audience=one&audience=two&resource=https%3A%2F%2Fapi&requested_token_type={urn}refresh_token&\
         requested_issuer=google&requested_subject=bob&actor_token=xyz&actor_token_type={urn}id_token&scope=a+b&extra=1"
    );
    let server = mock(&[(&form, 200, json!({ "access_token": "a.b.c" }))]).await;
    let args = "token exchange - -q --client-id front --client-secret s --subject-token-type jwt --subject-issuer github \
        --audience one --audience two --resource https://api --requested-token-type refresh-token --requested-issuer google \
        --requested-subject bob --actor-token xyz --actor-token-type id-token --scopes a,b --param extra=1";
    let args: Vec<&str> = args.split_whitespace().collect();
    assert_eq!(run(&server, &args, "abc\n").ok(), "a.b.c");
    let form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&requested_subject=bob";
    let server = mock(&[(form, 200, json!({ "access_token": "d.e.f" }))]).await;
    let args = ["token", "exchange", "-q", "--client-secret", "s", "--requested-subject", "bob"];
    assert_eq!(run(&server, &args, "").ok(), "d.e.f");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_login_shows_where_to_go_and_waits() {
    let started = json!({ "device_code": "dc", "user_code": "ABCD-EFGH", "verification_uri": "https://id/device",
        "verification_uri_complete": "https://id/device?user_code=ABCD-EFGH", "expires_in": 60, "interval": 0 });
    let pending = |code: &str| json!({ "error": code });
    let begin = ("client_id=tv&scope=openid", 200, started);
    let poll = "device_code=dc&client_id=tv";
    let agreed =
        [begin.clone(), (poll, 400, pending("authorization_pending")), (poll, 200, json!({ "access_token": "a.b.c" }))];
    let server = mock(&agreed).await;
    let args = ["token", "device", "-q", "--client-id", "tv", "--scope", "openid"];
    let ran = run(&server, &args, "");
    assert_eq!(
        ran.err,
        "Open https://id/device?user_code=ABCD-EFGH in any browser\nand compare the code: ABCD-EFGH\n\
        Waiting for 1 minutes at most; Ctrl-C gives up.\n"
    );
    assert_eq!(ran.ok(), "a.b.c");
    for (code, words) in [("access_denied", "the user refused"), ("expired_token", "nobody agreed in time")] {
        let server = mock(&[begin.clone(), (poll, 400, pending(code))]).await;
        run(&server, &args, "").fails(4, &[words]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assertion_of_somebody_else_and_a_key_for_dpop_are_sent() {
    let folder = std::env::temp_dir().join(format!("cloakroom-token-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (assertion, key) = (folder.join("workload.jwt"), folder.join("dpop.pem"));
    std::fs::write(&assertion, "x.y.z\n").unwrap();
    let private = cloakroom::jose::PrivateKey::generate(cloakroom::jose::KeySpec::P256).unwrap();
    std::fs::write(&key, private.to_pem().unwrap().as_bytes()).unwrap();
    let form = "grant_type=client_credentials&client_id=robot&client_assertion=x.y.z&\
        client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let server = mock(&[(form, 200, json!({ "access_token": "a.b.c" }))]).await;
    let robot = ["token", "client", "-q", "--client-id", "robot", "--client-assertion", assertion.to_str().unwrap()];
    run(&server, &[&robot[..], &["--dpop-key", key.to_str().unwrap()]].concat(), "").ok();
    let sent = server.received_requests().await.unwrap().pop().unwrap();
    let proof: serde_json::Value = cloakroom::jwt::decode(sent.headers["dpop"].to_str().unwrap()).unwrap();
    assert_eq!(proof["htm"], "POST");
    run(&server, &["token", "device", "--dpop-key", assertion.to_str().unwrap()], "").fails(2, &["private key in PEM"]);
    std::fs::remove_dir_all(&folder).unwrap();
}
