//! What `--help` teaches beyond the list of options.
//!
//! A paragraph is one line, which clap breaks where the terminal ends; a line that is indented fits 98 columns.

pub(crate) const CLOAKROOM: &str = "\
Try it:
  cloakroom start-dev                        a server on http://localhost:8080, admin/admin
  cloakroom login -u admin                   in another terminal
  cloakroom create realms -s realm=acme -s enabled=true
  cloakroom create users -r acme -s username=bob -s enabled=true
  cloakroom get users -r acme

Environment, in place of the flags of the same names:
  KEYCLOAK_URL (--server), KEYCLOAK_AUTH_REALM (--login-realm), KEYCLOAK_REALM
  KEYCLOAK_USERNAME, KEYCLOAK_PASSWORD, KEYCLOAK_TOKEN, KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET
  KEYCLOAK_CLIENT_KEY, KEYCLOAK_CLIENT_KEY_PASSWORD, KEYCLOAK_CLIENT_CERT, KEYCLOAK_CA_FILE
  KEYCLOAK_CA_PASSWORD, KEYCLOAK_MANAGEMENT_URL
  CLOAKROOM_SESSION   the file of the sessions [default: ~/.config/cloakroom/session.json]
  NO_COLOR            turns colours off

Other names, as links to this command or as its first word (`cloakroom kcadm …`):
  kcadm, kcadm.sh                                       takes kcadm's arguments
  auth-token, auth-realm-export, auth-mc, ackc-init     take those of ackc's tools

Exit codes:
  0 done   1 refused or failed   2 wrong usage   3 not found   4 not logged in   5 no answer";

pub(crate) const LOGIN: &str = "\
Examples:
  cloakroom login -u admin                                       asks for the password
  cloakroom login --server https://id.example.com/auth -u ann --login-realm staff
  cloakroom login --client-id robot --client-secret \"$SECRET\"    as a service account
  cloakroom login --client-id robot --client-key key.pem         the same, by a signed JWT

The tokens are kept in a file that only you can read, a session for each server and realm, and renewed while the server allows \
it. A client's secret is kept there too, but no password and no private key.";

pub(crate) const STATUS: &str = "\
Examples:
  cloakroom status
  cloakroom status -o json | jq -r '.[] | select(.current).server'

A command uses the current session, that of the last login; --server and --login-realm choose another. Exit codes: 0 where it \
holds, 4 where it is over or nobody is logged in.";

pub(crate) const LOGOUT: &str = "\
Examples:
  cloakroom logout                                               of the current session
  cloakroom logout --server https://id.example.com --login-realm staff
  cloakroom logout --all                                         also where the file is damaged";

pub(crate) const ROLES: &str = "\
Examples:
  cloakroom get-roles -r acme                                    the realm's roles
  cloakroom get-roles -r acme --cclientid app                    a client's roles
  cloakroom get-roles -r acme --uusername bob --effective
  cloakroom add-roles -r acme --uusername bob --rolename editor --rolename viewer
  cloakroom add-roles -r acme --gpath /staff --cclientid realm-management --rolename view-users
  cloakroom remove-roles -r acme --rname editor --rolename viewer    from a composite role

A change is made whole: where one of the roles does not exist, nothing changes.";

pub(crate) const SET_PASSWORD: &str = "\
Examples:
  cloakroom set-password -r acme --user bob                      asks for the password
  cloakroom set-password -r acme --user bob -p \"$PASSWORD\" --temporary";

pub(crate) const TOKEN: &str = "\
Examples:
  cloakroom token -q                                             of the session
  cloakroom token -r acme password -u bob --client-id app --decode
  cloakroom token -r acme password -u bob --client-id app --otp  asks for the one-time code too
  cloakroom token -r acme client --client-id robot --client-secret \"$SECRET\"
  cloakroom token -r acme device --client-id tv --scope openid --browser
  cloakroom token -r acme refresh --client-id app - < refresh-token
  cloakroom token -r acme exchange - --client-id robot --audience billing < token
  curl -H \"Authorization: Bearer $(cloakroom token -q)\" http://localhost:8080/admin/realms

The answer is printed as JSON, with -q the access token alone. What `device` has to tell its user goes to stderr.";

pub(crate) const GET: &str = "\
Examples:
  cloakroom get realms
  cloakroom get users -r acme -q search=bo -q max=10
  cloakroom get users -r acme --all --fields id,username -o yaml
  cloakroom get clients -r acme --fields 'clientId,protocolMappers(name)' -o json
  cloakroom get users -r acme --limit 5 --fields id -o csv --noquotes
  cloakroom get clients -r acme -q clientId=app
  cloakroom get /realms/acme/.well-known/openid-configuration";

pub(crate) const CREATE: &str = "\
Examples:
  cloakroom create realms -f realm.json
  cloakroom create users -r acme -s username=bob -s enabled=true \\
    -s 'credentials[0].type=password' -s 'credentials[0].value=secret'
  cloakroom create groups -r acme -b '{\"name\":\"staff\"}' -o json
  cloakroom create clients -r acme -s clientId=app \\
    -s 'redirectUris=[\"https://app.example.com/*\"]' \\
    -s 'attributes.\"pkce.code.challenge.method\"=S256'
  cloakroom create users/ID/role-mappings/realm -r acme -s '[0].id=ROLE' -s '[0].name=editor'
  ssh host cat acme.yaml | cloakroom create realms -f -

What was made is printed with -o or -F, else its id, if it has one.

A value is JSON where it reads as JSON (true, 12, [\"a\"], null, \"12\" with its quotes), else text. \
In YAML, `no` and `off` are text; numbers with a fraction or a leading zero are text that needs quotes.";

pub(crate) const UPDATE: &str = "\
Examples:
  cloakroom update users/ID -r acme -s email=bob@example.com     the rest stays as it is
  cloakroom update realms/acme -s 'attributes.\"frontendUrl\"=https://id.example.com'
  cloakroom update users/ID/reset-password -r acme -s type=password -s value=secret
  cloakroom update clients/ID -r acme -s 'redirectUris+=https://b.example.com/*' -d attributes.old
  cloakroom update clients/ID -r acme -f client.yaml             what the file says, no more
  cloakroom update clients/ID -r acme -f client.yaml --merge     on top of what is there
  cloakroom update realms/acme -s sslRequired=all --dry-run      shows the request, sends nothing
  cloakroom update users/ID/groups/GROUP -r acme                 without a body

Nothing is printed, unless -o or -F asks for what is there afterwards.";

pub(crate) const DELETE: &str = "\
Examples:
  cloakroom delete users/ID -r acme
  cloakroom delete realms/acme
  cloakroom delete users/ID/role-mappings/realm -r acme -s '[0].id=ROLE' -s '[0].name=editor'

Nothing is asked before, and nothing is printed after.";

pub(crate) const HEALTH: &str = "\
Examples:
  cloakroom health
  cloakroom health ready --management-url http://localhost:9000

The management interface answers where the server is started with --health-enabled. No session is looked at: without --server \
and --management-url it is http://localhost:9000. Exit codes: 0 up, 1 down, 2 no management \
interface, 5 no answer.";

pub(crate) const REALM_EXPORT: &str = "\
Examples:
  cloakroom realm export acme --pretty -o acme.json
  cloakroom realm export acme --include-users > acme.json
  cloakroom create realms -f acme.json                           on another server

Users are written as they arrive: a realm of any size needs little memory. Secrets that the server does not give \
(those of identity providers and of the mail server) are named on stderr; passwords of users are never given. For files to \
keep and edit, which leave defaults out, see `cloakroom export`.";

pub(crate) const DOCTOR: &str = "\
Examples:
  cloakroom doctor acme
  cloakroom doctor --severity high                               every realm, the worst alone
  cloakroom doctor acme --ignore full-scope:legacy --fail-on medium
  cloakroom doctor -f acme.json --json                           an export, without a server
  cloakroom doctor --list                                        what is looked for, and why

Exit codes: 0 nothing at or above --fail-on, 1 findings; others as for every command.";

pub(crate) const METRICS: &str = "\
Examples:
  cloakroom metrics
  cloakroom metrics http_server password                         names with one of these words
  cloakroom metrics -o raw --management-url http://localhost:9000

The management interface answers where the server is started with --metrics-enabled. No session is looked at: without --server \
and --management-url it is http://localhost:9000.";

pub(crate) const INIT: &str = "\
Examples:
  cloakroom init                                                 compose.yaml and .env, here
  cloakroom init keycloak --directory idp --port 8180
  cloakroom init --stdout                                        to look at, without writing
  docker compose up                                              then runs it

Passwords are made at random. Where a compose file is there already nothing is written; what .env has stays as it is.";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  cloakroom completions bash > /etc/bash_completion.d/cloakroom
  cloakroom completions zsh > \"${fpath[1]}/_cloakroom\"
  cloakroom completions fish > ~/.config/fish/completions/cloakroom.fish
  cloakroom completions powershell >> $PROFILE
  cloakroom completions elvish >> ~/.config/elvish/rc.elv

bash, zsh and fish complete the paths that `get` and its like take, too.";

pub(crate) const MAN: &str = "\
Examples:
  cloakroom man | man -l -
  cloakroom man --dir ~/.local/share/man/man1                    then: man cloakroom-get";

pub(crate) const PLAN: &str = "\
Examples:
  cloakroom plan -f acme.yaml                                    shows what would change
  cloakroom apply -f acme.yaml                                   changes it, once
  cloakroom apply -f realms/ -f secrets.yaml --prune             a folder, and one file beside it
  cloakroom export acme -o acme.yaml                             a file to begin with
  cloakroom plan -f realms/ --detailed-exitcode --output json    for scripts

A file has the form of a realm export, and says as little as it likes: what it leaves out stays as it is.
  realm: acme
  registrationAllowed: true
  clients:
  - clientId: shop
    secret: $(env:SHOP_SECRET)
    redirectUris: [\"$(env:SHOP_URL:-http://localhost:3000)/*\"]
  users:
  - username: ann
    enabled: true
    groups: [/staff]
  groups:
  - name: staff
$(env:NAME), $(env:NAME:-DEFAULT) and $(file:PATH) stand for values; $$( is $( itself.

Secrets that the server never shows, and passwords of users, are sent when the thing they belong to is created, or changed \
in something else.

Exit codes: 0 done, 2 wrong files, 130 interrupted, others as for every command; with --detailed-exitcode 0 nothing to do, \
1 any error, 2 something changes or was changed.";

pub(crate) const EXPORT: &str = "\
Examples:
  cloakroom export acme                                          YAML on the standard output
  cloakroom export acme -o acme.yaml --users
  cloakroom export acme -o realms/ --format json                 writes realms/acme.json
  cloakroom export acme -o acme.yaml && cloakroom plan -f acme.yaml    nothing to do

What a new realm has by itself is left out, and so are ids. Secrets become variables such as \
$(env:SHOP_SECRET:-**********): set them to give secrets to a new realm; ten stars leave what is there.";

/// What the server's own commands have after their options.
#[cfg(feature = "server")]
pub(crate) const START: &str = "
Exit codes: 0 stopped as asked, 1 it cannot run, as where a port is taken, 2 wrong options.
";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn examples_fit_a_line() {
        let mut seen = 0;
        let cli = crate::Cli::command();
        let texts = cli.get_subcommands().chain([&cli]).flat_map(|c| [c.get_after_help(), c.get_after_long_help()]);
        for text in texts.flatten().map(ToString::to_string) {
            for line in text.lines().filter(|line| line.starts_with(' ')) {
                assert!(line.chars().count() <= 98, "{line}");
                seen += 1;
            }
        }
        assert!(seen > 80, "{seen}");
    }
}
