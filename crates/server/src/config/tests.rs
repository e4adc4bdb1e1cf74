//! What the configuration promises: names, precedence, refusals and words.

use super::*;
use std::{collections::BTreeMap, io, path::Path};

/// A configuration from flags and variables alone.
pub(crate) fn config(command: Command, args: &[&str], env: &[(&str, &str)]) -> Result<Config, Problem> {
    with_files(command, args, env, &[])
}

fn with_files(
    command: Command,
    args: &[&str],
    env: &[(&str, &str)],
    files: &[(&str, &str)],
) -> Result<Config, Problem> {
    read(args, env, files, |sources| Config::from(command, sources))
}

fn read<T>(args: &[&str], env: &[(&str, &str)], files: &[(&str, &str)], then: impl Fn(&Sources<'_>) -> T) -> T {
    let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
    let env: BTreeMap<String, String> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let open = |path: &Path| {
        let found = files.iter().find(|(name, _)| Path::new(name) == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    then(&Sources { args: &args, env: &env, read: &open })
}

fn dev(args: &[&str], env: &[(&str, &str)]) -> Config {
    config(Command::StartDev, args, env).unwrap()
}
fn refusal(args: &[&str], env: &[(&str, &str)]) -> String {
    let problem = config(Command::StartDev, args, env).unwrap_err();
    assert_eq!(problem.exit_code(), 2);
    problem.to_string()
}
fn warnings(config: &Config) -> Vec<&str> {
    config
        .notices
        .iter()
        .filter_map(|n| if let Notice::Warning(text) = n { Some(text.as_str()) } else { None })
        .collect()
}

#[test]
fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
    let file = [("conf/keycloak.conf", "http-port=3")];
    let port = |args: &[&str], env: &[(&str, &str)], files: &[(&str, &str)]| {
        with_files(Command::StartDev, args, env, files).unwrap().http.port
    };
    assert_eq!(port(&["--http-port=1"], &[("KC_HTTP_PORT", "2")], &file), 1);
    assert_eq!(port(&[], &[("KC_HTTP_PORT", "2")], &file), 2);
    assert_eq!(port(&[], &[], &file), 3);
    assert_eq!(port(&[], &[], &[]), 8080);
}

#[test]
fn a_flag_takes_its_value_with_or_without_an_equal_sign() {
    assert_eq!(dev(&["--http-port", "1"], &[]).http.port, 1);
    assert!(dev(&["--health-enabled", "--http-port=1"], &[]).management.health);
    assert!(!dev(&["--health-enabled", "false"], &[("KC_HEALTH_ENABLED", "true")]).management.health);
    assert!(dev(&["--import-realm"], &[]).import_realm);
}

#[test]
fn an_unknown_flag_is_refused_with_the_nearest_one() {
    let words = refusal(&["--http-prot=8080"], &[]);
    assert!(words.contains("'--http-prot'") && words.contains("--http-port"), "{words}");
    assert!(refusal(&["realm"], &[]).contains("'realm'"));
    assert!(refusal(&["--db"], &[]).contains("needs a value"));
}

#[test]
fn an_unknown_variable_or_setting_is_a_warning() {
    let config = with_files(
        Command::StartDev,
        &[],
        &[("KC_HTTP_PROT", "1"), ("KC_WHATEVER", "x"), ("PATH", "/bin")],
        &[("conf/keycloak.conf", "hostnam=x")],
    );
    let config = config.unwrap();
    let words = warnings(&config);
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(words[0].contains("KC_HTTP_PROT") && words[0].contains("KC_HTTP_PORT"), "{words:?}");
    assert!(words[2].contains("hostname"), "{words:?}");
}

#[test]
fn keycloaks_options_without_meaning_here_are_accepted() {
    let args = [
        "--optimized",
        "--cache=ispn",
        "--cache-stack",
        "kubernetes",
        "--http-pool-max-threads=200",
        "--auto-build",
        "--verbose",
        "--spi-theme-cache-themes=false",
        "--transaction-xa-enabled=true",
        "--http-port=1",
    ];
    let config = dev(&args, &[("KC_CACHE", "local"), ("KC_SPI_X", "y"), ("KC_RUN_IN_CONTAINER", "true")]);
    assert_eq!(config.http.port, 1);
    assert!(warnings(&config).is_empty(), "{:?}", config.notices);
}

#[test]
fn every_option_can_be_read_from_a_file() {
    let files = [("/run/secret", "hunter2\n"), ("/run/port", "1234")];
    let env = [("KC_BOOTSTRAP_ADMIN_PASSWORD_FILE", "/run/secret")];
    let config = with_files(Command::StartDev, &["--http-port-file=/run/port"], &env, &files).unwrap();
    assert_eq!(config.bootstrap.user.unwrap().1.expose(), "hunter2");
    assert_eq!(config.http.port, 1234);
    assert!(refusal(&[], &[("KC_DB_PASSWORD_FILE", "/none")]).contains("/none"));
    let both = [("KC_DB_PASSWORD", "a"), ("KC_DB_PASSWORD_FILE", "/run/secret")];
    assert!(with_files(Command::StartDev, &[], &both, &files).unwrap_err().to_string().contains("KC_DB_PASSWORD_FILE"));
}

#[test]
fn options_whose_own_name_ends_in_file_are_not_read() {
    let config = dev(&[], &[("KC_HTTPS_CERTIFICATE_FILE", "/c.pem"), ("KC_HTTPS_CERTIFICATE_KEY_FILE", "/k.pem")]);
    assert_eq!(config.https.unwrap().key, Path::new("/k.pem"));
}

#[test]
fn a_configuration_file_that_was_named_must_exist() {
    assert!(refusal(&["--config-file=/none"], &[]).contains("/none"));
    let files = [("/etc/kc.conf", "http-port=7\nhttp-relative-path = /auth/ \nkc.db=dev-mem")];
    let config = with_files(Command::StartDev, &["-cf", "/etc/kc.conf"], &[], &files).unwrap();
    assert_eq!((config.http.port, config.relative_path.as_str()), (7, "/auth"));
    assert!(matches!(config.database, Database::Memory));
}

#[test]
fn start_wants_tls_and_a_hostname_or_to_be_told_otherwise() {
    let start = |args: &[&str]| config(Command::Start, args, &[]).map_err(|p| p.to_string());
    assert!(start(&["--hostname=id.example"]).unwrap_err().contains("--http-enabled=true"));
    assert!(start(&["--http-enabled=true"]).unwrap_err().contains("--hostname-strict=false"));
    assert!(start(&["--http-enabled=true", "--hostname-strict=false"]).is_ok());
    assert!(start(&["--http-enabled=true", "--hostname=https://id.example"]).is_ok());
    let tls = ["--https-certificate-file=c.pem", "--https-certificate-key-file=k.pem", "--hostname=id.example"];
    assert!(!start(&tls).unwrap().http.enabled);
    assert!(start(&tls[..1]).unwrap_err().contains("--https-certificate-key-file"));
}

#[test]
fn only_start_dev_on_an_empty_database_makes_a_default_password_and_then_on_loopback() {
    let loopback: IpAddr = [127, 0, 0, 1].into();
    let everywhere: IpAddr = [0, 0, 0, 0].into();
    let plain = dev(&[], &[]);
    assert!(plain.makes_default_admin(true) && !plain.makes_default_admin(false));
    assert_eq!(plain.listen_address(true), loopback);
    assert_eq!(plain.listen_address(false), loopback, "the default password may still be there");
    let asked = dev(&["--http-host=0.0.0.0"], &[]);
    assert_eq!((asked.listen_address(true), asked.listen_address(false)), (loopback, everywhere));
    let named = dev(&[], &[("KC_BOOTSTRAP_ADMIN_PASSWORD", "x")]);
    assert!(!named.makes_default_admin(true));
    assert_eq!(named.listen_address(true), everywhere);
    let start = config(Command::Start, &["--http-enabled=true", "--hostname=a"], &[]).unwrap();
    assert!(!start.makes_default_admin(true));
    assert_eq!(start.listen_address(true), everywhere);
}

#[test]
fn the_first_administrator_has_old_and_new_names() {
    let old = dev(&[], &[("KEYCLOAK_ADMIN", "root"), ("KEYCLOAK_ADMIN_PASSWORD", "pw")]);
    assert_eq!(old.bootstrap.user.as_ref().unwrap().0, "root");
    assert!(warnings(&old)[0].contains("KC_BOOTSTRAP_ADMIN_USERNAME"));
    let env =
        [("KEYCLOAK_ADMIN", "root"), ("KC_BOOTSTRAP_ADMIN_USERNAME", "boss"), ("KC_BOOTSTRAP_ADMIN_PASSWORD", "pw")];
    assert_eq!(dev(&[], &env).bootstrap.user.unwrap().0, "boss");
    let client = dev(&[], &[("KC_BOOTSTRAP_ADMIN_CLIENT_SECRET", "s")]);
    assert_eq!(client.bootstrap.client.unwrap().0, "temp-admin");
    assert!(refusal(&["--bootstrap-admin-username=x"], &[]).contains("--bootstrap-admin-password"));
}

#[test]
fn secrets_are_not_shown() {
    let env = [("KC_DB_PASSWORD", "hunter2"), ("KC_DB", "postgres"), ("KC_BOOTSTRAP_ADMIN_PASSWORD", "hunter2")];
    assert!(!format!("{:?}", dev(&[], &env)).contains("hunter2"));
    let shown = read(&["--http-port=1"], &env, &[], |sources| show(Command::StartDev, sources, false).unwrap());
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("http-port = 1 (command line)") && shown.contains("db = postgres (environment)"), "{shown}");
}

#[test]
fn wrong_values_are_refused_in_plain_words() {
    for (arg, expected) in [
        ("--http-port=abc", "'abc'"),
        ("--http-port=70000", "'70000'"),
        ("--db=mysql", "dev-file, dev-mem, postgres"),
        ("--http-enabled=yes", "true, false"),
        ("--http-relative-path=auth", "/auth"),
        ("--http-relative-path=/a//b", "/a//b"),
        ("--http-host=example.org", "IP address"),
        ("--hostname=a b", "host name"),
        ("--hostname=ftp://x", "valid URL"),
        ("--hostname=https://x/?q", "valid URL"),
        ("--hostname-admin=https://x", "--hostname"),
        ("--features=passkey", "passkeys"),
        ("--log-level=loud", "'loud'"),
        ("--shutdown-delay=soon", "'soon'"),
        ("--proxy-headers=both", "forwarded, xforwarded"),
        ("--proxy-trusted-addresses=10.0.0.0/8", "--proxy-headers"),
    ] {
        let words = refusal(&[arg], &[]);
        assert!(words.contains(expected), "{arg}: {words}");
    }
}

#[test]
fn the_database_is_put_together_from_its_parts() {
    let env = [("KC_DB", "postgres"), ("KC_DB_URL_HOST", "db"), ("KC_DB_USERNAME", "kc"), ("KC_DB_URL_DATABASE", "id")];
    let Database::Postgres(db) = dev(&[], &env).database else { panic!("not PostgreSQL") };
    assert_eq!((db.url.as_str(), db.schema.as_str(), db.pool_max_size), ("postgres://db:5432/id", "public", 100));
    let Database::File(path) = dev(&["--data-dir=/var/kc"], &[]).database else { panic!("not a file") };
    assert_eq!(path, Path::new("/var/kc/cloakroom.db"));
}

#[test]
fn levels_come_as_a_list_and_one_by_one() {
    use tracing::level_filters::LevelFilter;
    let args =
        ["--log-level=warn,org.keycloak:debug", "--log-level-cloakroom_store=trace", "--log-console-output=json"];
    let log = dev(&args, &[]).log;
    assert_eq!((log.level, log.json), (LevelFilter::WARN, true));
    let expected = [("org.keycloak", LevelFilter::DEBUG), ("cloakroom_store", LevelFilter::TRACE)];
    assert_eq!(log.categories, expected.map(|(c, l)| (c.to_owned(), l)));
}

#[test]
fn features_are_kept_without_their_versions() {
    let features = dev(&["--features=token-exchange:v1, dpop", "--features-disabled=ciba"], &[]).features;
    assert_eq!(
        (features.enabled, features.disabled),
        (vec!["token-exchange".into(), "dpop".into()], vec!["ciba".into()])
    );
}

#[test]
fn help_names_every_option_once_and_fits() {
    let text = help(Command::StartDev);
    let named: Vec<_> = text
        .lines()
        .filter_map(|line| line.trim_start().trim_start_matches("-cf, ").strip_prefix("--")?.split(' ').next())
        .collect();
    assert_eq!(named, options::ALL.iter().map(|o| o.name).collect::<Vec<_>>());
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn names_in_the_table_are_unique() {
    let mut names: Vec<_> = options::ALL.iter().map(|o| o.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
