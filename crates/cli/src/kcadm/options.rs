//! kcadm's commands and their options: one table, which the parser, the help and the documentation's test read.

/// An option: its names (the last is the one it is looked up by), the name of its value if it takes one, and what it does.
#[derive(Debug)]
pub(crate) struct Opt {
    pub(crate) names: &'static [&'static str],
    pub(crate) value: Option<&'static str>,
    pub(crate) many: bool,
    pub(crate) about: &'static str,
}

const fn flag(names: &'static [&'static str], about: &'static str) -> Opt {
    Opt { names, value: None, many: false, about }
}

const fn one(names: &'static [&'static str], value: &'static str, about: &'static str) -> Opt {
    Opt { names, value: Some(value), many: false, about }
}

const fn many(names: &'static [&'static str], value: &'static str, about: &'static str) -> Opt {
    Opt { names, value: Some(value), many: true, about }
}

/// A command: its words, the name of its argument if it takes one, what it does, and its groups of options.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) words: &'static [&'static str],
    pub(crate) argument: Option<&'static str>,
    pub(crate) about: &'static str,
    pub(crate) groups: &'static [&'static [Opt]],
    pub(crate) examples: &'static [&'static str],
}

impl Spec {
    pub(crate) fn name(&self) -> String {
        self.words.join(" ")
    }

    pub(crate) fn options(&self) -> impl Iterator<Item = &'static Opt> {
        self.groups.iter().copied().flatten()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&'static Opt> {
        self.options().find(|option| option.names.contains(&name))
    }
}

const GENERAL: &[Opt] = &[
    flag(&["-x"], "Makes no difference: errors tell their cause anyway"),
    flag(&["--help"], "Explains the command"),
    one(&["--config"], "FILE", "Where sessions are kept, in place of ~/.keycloak/kcadm.config"),
];

const LOGIN: &[Opt] = &[
    flag(&["--no-config"], "Neither reads nor writes that file"),
    one(&["--server"], "URL", "The server, such as http://localhost:8080 [that of the session]"),
    one(&["--realm"], "REALM", "The realm to log in to [that of the session]"),
    one(&["--user"], "NAME", "The user who logs in"),
    one(&["--password"], "TEXT", "The user's password; else KC_CLI_PASSWORD, else asked for"),
    one(&["--client"], "CLIENTID", "The client that logs in [admin-cli]"),
    one(&["--secret"], "TEXT", "The client's secret; else KC_CLI_CLIENT_SECRET, else asked for"),
    one(&["--keystore"], "FILE", "The client's private key, PKCS12 or PEM"),
    one(&["--storepass"], "TEXT", "The password of that file; else KC_CLI_STORE_PASSWORD, else asked for"),
    one(&["--keypass"], "TEXT", "The password of the key; PKCS12 files have one for both"),
    one(&["--alias"], "NAME", "The key's name within the file [the clientId]"),
    one(&["--truststore"], "FILE", "The certificates that servers are trusted by, PKCS12 or PEM"),
    one(&["--trustpass"], "TEXT", "The password of that file; else KC_CLI_TRUSTSTORE_PASSWORD, else asked for"),
    flag(&["--insecure"], "Trusts any certificate"),
];

const TARGET: &[Opt] = &[
    one(&["--token"], "TOKEN", "An access token; nobody logs in"),
    one(&["-a", "--admin-root"], "URL", "The Admin API, where it is not the server's /admin"),
    one(&["-r", "--target-realm"], "REALM", "The realm that it is about [the realm of the login]"),
];

const REQUEST: &[Opt] = &[
    many(&["-q", "--query"], "NAME=VALUE", "Adds a parameter to the query"),
    many(&["-h", "--header"], "NAME=VALUE", "Sends a header"),
];

const BODY: &[Opt] = &[
    many(&["-s", "--set"], "NAME=VALUE", "Sets a field of the body; NAME+=VALUE adds to a list"),
    many(&["-d", "--delete"], "NAME", "Deletes a field of the body"),
    one(&["-f", "--file"], "FILE", "Reads the body from a file, `-` for the standard input"),
    one(&["-b", "--body"], "TEXT", "The body itself"),
];

const MERGE: &[Opt] = &[
    flag(&["-m", "--merge"], "Puts the body on top of what is there; so it is with -s or -d and without -f"),
    flag(&["-n", "--no-merge"], "Sends the body alone"),
];

const PAGES: &[Opt] = &[
    one(&["-o", "--offset"], "COUNT", "How many items to leave out (`first`) [0]"),
    one(&["-l", "--limit"], "COUNT", "How many items to get at most (`max`) [as many as the server gives unasked]"),
];

const CREATED: &[Opt] = &[flag(&["-i", "--id"], "Prints the id of what was created, alone")];

const PRINTED: &[Opt] = &[flag(&["-o", "--output"], "Prints what is there afterwards")];

const SHOWN: &[Opt] = &[
    flag(&["-H", "--print-headers"], "Prints the status and the headers of the answer"),
    one(&["-F", "--fields"], "FIELDS", "What to print of it: id,name,config(*),-secret"),
    flag(&["-c", "--compressed"], "Prints JSON as it came"),
];

const LINES: &[Opt] =
    &[one(&["--format"], "FORMAT", "json or csv [json]"), flag(&["--noquotes"], "Prints text in csv without quotes")];

const WHOSE: &[Opt] = &[
    one(&["--uusername"], "NAME", "The user, by username"),
    one(&["--uid"], "ID", "The user, by id"),
    one(&["--gname"], "NAME", "The group, by name"),
    one(&["--gpath"], "PATH", "The group, by path"),
    one(&["--gid"], "ID", "The group, by id"),
    one(&["--rname"], "NAME", "The composite role, by name"),
    one(&["--rid"], "ID", "The composite role, by id"),
    one(&["--cclientid"], "CLIENTID", "The client whose roles they are, by clientId"),
    one(&["--cid"], "ID", "The client whose roles they are, by id"),
];

const LISTED: &[Opt] = &[
    one(&["--rolename"], "NAME", "One role, by name"),
    one(&["--roleid"], "ID", "One role, by id"),
    flag(&["--available"], "Those that could still be added"),
    flag(&["--effective"], "With those that composite roles and groups bring"),
    flag(&["--all"], "With the roles of every client"),
];

const ROLES: &[Opt] = &[many(&["--rolename"], "NAME", "A role, by name"), many(&["--roleid"], "ID", "A role, by id")];

/// Every command.
pub(crate) const COMMANDS: &[Spec] = &[
    Spec {
        words: &["config", "credentials"],
        argument: None,
        about: "Logs in, for the commands that follow",
        groups: &[GENERAL, LOGIN, &[flag(&["--status"], "Tells whether the login holds")]],
        examples: &[
            "kcadm.sh config credentials --server http://localhost:8080 --realm master --user admin",
            "kcadm.sh config credentials --server http://localhost:8080 --realm acme --client robot --secret \"$SECRET\"",
        ],
    },
    Spec {
        words: &["config", "truststore"],
        argument: Some("FILE"),
        about: "Keeps the certificates that servers are trusted by",
        groups: &[
            GENERAL,
            &[
                one(&["--trustpass"], "TEXT", "The file's password; `-` asks for it"),
                flag(&["-d", "--delete"], "Forgets the file"),
            ],
        ],
        examples: &["kcadm.sh config truststore ~/ca.pem", "kcadm.sh config truststore --delete"],
    },
    Spec {
        words: &["create"],
        argument: Some("RESOURCE"),
        about: "Creates something",
        groups: &[GENERAL, LOGIN, TARGET, BODY, REQUEST, CREATED, PRINTED, SHOWN],
        examples: &[
            "kcadm.sh create realms -s realm=acme -s enabled=true",
            "kcadm.sh create users -r acme -s username=bob -s enabled=true -i",
            "kcadm.sh create clients -r acme -f client.json -s clientId=app",
        ],
    },
    Spec {
        words: &["get"],
        argument: Some("RESOURCE"),
        about: "Gets something",
        groups: &[GENERAL, LOGIN, TARGET, REQUEST, PAGES, SHOWN, LINES],
        examples: &[
            "kcadm.sh get realms --fields id,realm",
            "kcadm.sh get clients -r acme -q clientId=app --fields id --format csv --noquotes",
            "kcadm.sh get users -r acme --offset 0 --limit 100",
        ],
    },
    Spec {
        words: &["update"],
        argument: Some("RESOURCE"),
        about: "Changes something",
        groups: &[GENERAL, LOGIN, TARGET, BODY, MERGE, REQUEST, PRINTED, SHOWN],
        examples: &["kcadm.sh update realms/acme -s registrationAllowed=true"],
    },
    Spec {
        words: &["delete"],
        argument: Some("RESOURCE"),
        about: "Deletes something",
        groups: &[GENERAL, LOGIN, TARGET, BODY, REQUEST, PRINTED, SHOWN],
        examples: &["kcadm.sh delete users/ID -r acme"],
    },
    Spec {
        words: &["get-roles"],
        argument: None,
        about: "Lists the roles of a user, a group or a composite role, or those that there are",
        groups: &[GENERAL, LOGIN, TARGET, WHOSE, LISTED, SHOWN, LINES],
        examples: &["kcadm.sh get-roles -r acme --uusername bob --effective"],
    },
    Spec {
        words: &["add-roles"],
        argument: None,
        about: "Gives roles to a user, a group or a composite role",
        groups: &[GENERAL, LOGIN, TARGET, WHOSE, ROLES],
        examples: &["kcadm.sh add-roles -r acme --uusername bob --rolename editor"],
    },
    Spec {
        words: &["remove-roles"],
        argument: None,
        about: "Takes roles from a user, a group or a composite role",
        groups: &[GENERAL, LOGIN, TARGET, WHOSE, ROLES],
        examples: &["kcadm.sh remove-roles -r acme --gname staff --rolename editor"],
    },
    Spec {
        words: &["set-password"],
        argument: None,
        about: "Gives a user a new password",
        groups: &[
            GENERAL,
            LOGIN,
            TARGET,
            &[
                one(&["--username"], "NAME", "The user, by username"),
                one(&["--userid"], "ID", "The user, by id"),
                one(&["-p", "--new-password"], "TEXT", "The new password; else KC_CLI_PASSWORD, else asked for"),
                flag(&["-t", "--temporary"], "The user has to change it at the next login"),
            ],
        ],
        examples: &["kcadm.sh set-password -r acme --username bob --new-password NEW --temporary"],
    },
    Spec {
        words: &["new-object"],
        argument: None,
        about: "Prints JSON that is made of what is set",
        groups: &[
            &[
                flag(&["-x"], "Makes no difference: errors tell their cause anyway"),
                flag(&["--help"], "Explains the command"),
            ],
            &[
                many(&["-s", "--set"], "NAME=VALUE", "Sets a field"),
                one(&["-f", "--file"], "FILE", "Begins with a file, `-` for the standard input"),
                flag(&["-c", "--compressed"], "On one line"),
            ],
        ],
        examples: &["kcadm.sh new-object -s realm=acme -s enabled=true"],
    },
];
