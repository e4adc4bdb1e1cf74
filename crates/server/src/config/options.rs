//! The table of options: flags, `KC_*` names, file keys, help and defaults all come from it.

use super::Command;

/// One option. Its flag is `--name`, its variable `KC_NAME`, its file key `name`; each also exists with `-file` behind it.
#[derive(Debug)]
pub struct Opt {
    /// In lower case with dashes: `http-port`.
    pub name: &'static str,
    pub kind: Kind,
    /// What holds when nobody sets it.
    pub default: Option<&'static str>,
    /// The default of `start-dev` where it differs.
    pub default_in_dev: Option<&'static str>,
    pub group: &'static str,
    pub help: &'static str,
}

/// What may stand as an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A flag without a value; in the environment and the file `true` or `false`.
    Switch,
    Bool,
    Number,
    Port,
    Text,
    /// Text that is never shown again.
    Secret,
    Path,
    /// Values separated by commas.
    List,
    OneOf(&'static [&'static str]),
    /// Whole seconds, a number with one of `ms s m h d`, or an ISO 8601 duration such as `PT1M`.
    Duration,
}

impl Kind {
    /// What help shows behind the flag.
    pub fn placeholder(self) -> Option<String> {
        let word = match self {
            Kind::Switch => return None,
            Kind::Bool => "true|false",
            Kind::Number => "number",
            Kind::Port => "port",
            Kind::Text => "text",
            Kind::Secret => "secret",
            Kind::Path => "path",
            Kind::List => "a,b,…",
            Kind::OneOf(values) => return Some(format!("<{}>", values.join("|"))),
            Kind::Duration => "duration",
        };
        Some(format!("<{word}>"))
    }
}

impl Opt {
    /// The default for this command.
    pub fn default_for(&self, command: Command) -> Option<&'static str> {
        if command == Command::StartDev { self.default_in_dev.or(self.default) } else { self.default }
    }

    /// The name in the environment: `KC_HTTP_PORT`.
    pub fn env_name(&self) -> String {
        format!("KC_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }
}

macro_rules! options {
    ($($group:literal { $($(#[doc = $help:literal])+ $id:ident: $name:literal $kind:expr $(, default $default:literal)? $(, in dev $dev:literal)?;)+ })+) => {
        $($(
            $(#[doc = $help])+
            pub static $id: Opt = Opt {
                name: $name,
                kind: $kind,
                default: options!(@some $($default)?),
                default_in_dev: options!(@some $($dev)?),
                group: $group,
                help: concat!($($help),+),
            };
        )+)+
        /// Every option, in the order in which help shows them.
        pub static ALL: &[&Opt] = &[$($(&$id),+),+];
    };
    (@some $value:literal) => { Some($value) };
    (@some) => { None };
}

use Kind::{Bool, Duration, List, Number, OneOf, Path, Port, Secret, Switch, Text};

options! {
    "General" {
        /// File with settings, one `name=value` a line.
        CONFIG_FILE: "config-file" Path, default "conf/keycloak.conf";
        /// Folder for the database of `dev-file` and for `import/`.
        DATA_DIR: "data-dir" Path, default "data";
        /// Reads the realms in `import/` of the data folder at start. A realm that exists already is left as it is.
        IMPORT_REALM: "import-realm" Switch;
        /// Optional features to turn on, as `name` or `name:v1`.
        FEATURES: "features" List;
        /// Features to turn off.
        FEATURES_DISABLED: "features-disabled" List;
    }
    "Database" {
        /// Where data is kept: `dev-file` and `dev-mem` are SQLite in the data folder or in memory, `postgres` is for many nodes.
        DB: "db" OneOf(&["dev-file", "dev-mem", "postgres"]), default "dev-file";
        /// Full address: `jdbc:postgresql://host:5432/name` or `postgres://host:5432/name`.
        DB_URL: "db-url" Text;
        /// Host of the database, where `db-url` is not given.
        DB_URL_HOST: "db-url-host" Text, default "localhost";
        /// Port of the database, where `db-url` is not given.
        DB_URL_PORT: "db-url-port" Port, default "5432";
        /// Name of the database, where `db-url` is not given.
        DB_URL_DATABASE: "db-url-database" Text, default "keycloak";
        /// Further connection parameters, such as `?sslmode=require`, where `db-url` is not given.
        DB_URL_PROPERTIES: "db-url-properties" Text;
        /// User of the database.
        DB_USERNAME: "db-username" Text;
        /// Password of the database user.
        DB_PASSWORD: "db-password" Secret;
        /// Schema that holds the tables.
        DB_SCHEMA: "db-schema" Text, default "public";
        /// Most connections open at a time.
        DB_POOL_MAX_SIZE: "db-pool-max-size" Number, default "100";
    }
    "HTTP" {
        /// Serves plain HTTP.
        HTTP_ENABLED: "http-enabled" Bool, default "false", in dev "true";
        /// Address to listen on. Loopback alone when `start-dev` has made the first administrator itself.
        HTTP_HOST: "http-host" Text;
        /// Port for plain HTTP.
        HTTP_PORT: "http-port" Port, default "8080";
        /// Path under which everything is served, such as `/auth`.
        HTTP_RELATIVE_PATH: "http-relative-path" Text, default "/";
        /// Port for HTTPS.
        HTTPS_PORT: "https-port" Port, default "8443";
        /// Certificate, with its chain, in PEM.
        HTTPS_CERTIFICATE_FILE: "https-certificate-file" Path;
        /// Private key of the certificate, in PEM.
        HTTPS_CERTIFICATE_KEY_FILE: "https-certificate-key-file" Path;
        /// Time between failing readiness and refusing connections when the server stops, for load balancers to notice.
        SHUTDOWN_DELAY: "shutdown-delay" Duration, default "1s", in dev "0s";
        /// Time that running requests get to finish when the server stops.
        SHUTDOWN_TIMEOUT: "shutdown-timeout" Duration, default "10s";
    }
    "Hostname" {
        /// Public address: a host name, or a full URL. Scheme, port and path come from the request when it is only a name.
        HOSTNAME: "hostname" Text;
        /// Public URL of the administration console, where it differs.
        HOSTNAME_ADMIN: "hostname-admin" Text;
        /// Requires `hostname`. Without it the public address is what each request names.
        HOSTNAME_STRICT: "hostname-strict" Bool, default "true", in dev "false";
        /// Lets server-to-server addresses follow the request. Requires `hostname` to be a full URL.
        HOSTNAME_BACKCHANNEL_DYNAMIC: "hostname-backchannel-dynamic" Bool, default "false";
        /// Headers in which a proxy tells the public address. Without it they are ignored.
        PROXY_HEADERS: "proxy-headers" OneOf(&["forwarded", "xforwarded"]);
        /// Addresses and networks (`10.0.0.0/8`) of the proxies whose headers count. All, if not given.
        PROXY_TRUSTED_ADDRESSES: "proxy-trusted-addresses" List;
    }
    "Management" {
        /// Serves `/health`, `/health/live`, `/health/ready` and `/health/started` on the management port.
        HEALTH_ENABLED: "health-enabled" Bool, default "false";
        /// Serves `/metrics` on the management port.
        METRICS_ENABLED: "metrics-enabled" Bool, default "false";
        /// Port of the management interface, opened when health or metrics are on.
        HTTP_MANAGEMENT_PORT: "http-management-port" Port, default "9000";
        /// Address of the management interface, when it is not that of `http-host`.
        HTTP_MANAGEMENT_HOST: "http-management-host" Text;
        /// Path under which management is served, when it is not that of `http-relative-path`.
        HTTP_MANAGEMENT_RELATIVE_PATH: "http-management-relative-path" Text;
        /// `inherited`: management speaks TLS when the server has a certificate. `http`: it never does.
        HTTP_MANAGEMENT_SCHEME: "http-management-scheme" OneOf(&["http", "inherited"]), default "inherited";
    }
    "Logging" {
        /// Level of everything, or of parts: `info,cloakroom_server::login:debug`. Levels: off, error, warn, info, debug, trace.
        LOG_LEVEL: "log-level" List, default "info";
        /// Form of the lines on the console.
        LOG_CONSOLE_OUTPUT: "log-console-output" OneOf(&["default", "json"]), default "default";
    }
    "First administrator" {
        /// Name of the first administrator, made when the database is empty.
        BOOTSTRAP_ADMIN_USERNAME: "bootstrap-admin-username" Text, default "temp-admin";
        /// Password of the first administrator.
        BOOTSTRAP_ADMIN_PASSWORD: "bootstrap-admin-password" Secret;
        /// Name of a first service account with every right, made when the database is empty.
        BOOTSTRAP_ADMIN_CLIENT_ID: "bootstrap-admin-client-id" Text, default "temp-admin";
        /// Secret of the first service account.
        BOOTSTRAP_ADMIN_CLIENT_SECRET: "bootstrap-admin-client-secret" Secret;
    }
}

/// Keycloak's options that have nothing to steer here and no harm in being ignored. A `*` stands for any rest.
pub const IGNORED: &[&str] = &[
    "auto-build",
    "cache",
    "cache-*",
    "db-connect-timeout",
    "db-debug-jpql",
    "db-driver",
    "db-log-slow-queries-threshold",
    "db-pool-initial-size",
    "db-pool-max-lifetime",
    "db-pool-min-size",
    "event-metrics-*",
    "feature-*",
    "hostname-debug",
    "hostname-v2-*",
    "http-access-log-*",
    "http-max-queued-requests",
    "http-metrics-histograms-enabled",
    "http-metrics-slos",
    "http-pool-max-threads",
    "legacy-observability-interface",
    "log",
    "log-async",
    "log-console-*",
    "log-mdc-*",
    "openapi-*",
    "optimized",
    "server-async-bootstrap",
    "spi-*",
    "transaction-*",
    "verbose",
];

/// Those of them that stand without a value.
pub const IGNORED_SWITCHES: &[&str] = &["auto-build", "optimized", "verbose"];

/// The parts Keycloak knows as features: what `features` and `features-disabled` may name.
pub const FEATURE_NAMES: &[&str] = &[
    "account",
    "account-api",
    "admin",
    "admin-api",
    "admin-fine-grained-authz",
    "authorization",
    "authzen",
    "ciba",
    "cimd",
    "client-admin-api",
    "client-auth-abca",
    "client-auth-federated",
    "client-policies",
    "client-secret-rotation",
    "client-types",
    "clusterless",
    "db-tidb",
    "declarative-ui",
    "device-flow",
    "docker",
    "dpop",
    "fips",
    "hostname",
    "http-optimized-serializers",
    "identity-assertion-jwt",
    "identity-brokering-api",
    "impersonation",
    "instagram-broker",
    "ipa-tuura-federation",
    "jwt-authorization-grant",
    "kerberos",
    "kubernetes-service-accounts",
    "log-mdc",
    "login",
    "logout-all-sessions",
    "multi-site",
    "oid4vc-vci",
    "oid4vc-vci-preauth-code",
    "oid4vc-vci-rest-credential-offer",
    "openapi",
    "opentelemetry",
    "opentelemetry-logs",
    "opentelemetry-metrics",
    "organization",
    "par",
    "parameterized-scopes",
    "passkeys",
    "passkeys-conditional-ui-authenticator",
    "persistent-user-sessions",
    "preview",
    "quick-theme",
    "recovery-codes",
    "resource-indicators",
    "rolling-updates",
    "scim-api",
    "scripts",
    "spiffe",
    "ssf",
    "stateless",
    "step-up-authentication",
    "step-up-authentication-saml",
    "token-exchange",
    "token-exchange-delegation",
    "token-exchange-standard",
    "transient-users",
    "twitter-broker",
    "update-email",
    "user-event-metrics",
    "web-authn",
    "workflows",
];
