//! Scripts that were written for kcadm, unchanged: each prints and answers what kcadm 26.7.4 did at Keycloak 26.7.4.
//!
//! Beside each `scripts/NAME.sh` stands `NAME.out`, which was recorded from the real one.

use crate::site::Site;

async fn runs_as_recorded(script: &str, recorded: &str) {
    let site = Site::new().await;
    let ran = site.script(script);
    let text = format!("exit {}\n--- out\n{}\n--- err\n{}\n", ran.code, site.same(&ran.out), site.same(&ran.err));
    let (got, expected): (Vec<&str>, Vec<&str>) = (text.lines().collect(), recorded.lines().collect());
    for (n, (got, expected)) in got.iter().zip(&expected).enumerate() {
        assert_eq!(got, expected, "line {} of\n{text}", n + 1);
    }
    assert_eq!(got.len(), expected.len(), "{text}");
}

macro_rules! scripts {
    ($($test:ident: $name:literal),+ $(,)?) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            let recorded = include_str!(concat!("../scripts/", $name, ".out"));
            runs_as_recorded(include_str!(concat!("../scripts/", $name, ".sh")), recorded).await;
        }
    )+ };
}

scripts! {
    a_realm_with_roles_a_client_and_a_user: "realm",
    users_in_a_loop: "users",
    bodies_from_here_documents_and_files: "here",
    a_client_with_mappers_roles_and_a_service_account: "client",
    roles_of_users_groups_and_composites: "roles",
    what_goes_wrong: "wrong",
}
