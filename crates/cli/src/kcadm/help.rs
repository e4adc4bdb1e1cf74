//! kcadm's help, made from the table of its options.

use super::options::{COMMANDS, Opt, Spec};

/// What there is.
pub(crate) fn general() -> String {
    let mut text = "\
kcadm's commands, as Cloakroom runs them

Usage: kcadm.sh COMMAND [ARGUMENTS]

Commands:
"
    .to_owned();
    for spec in COMMANDS {
        text += &format!("  {:20}{}\n", spec.name(), spec.about);
    }
    text += "  help                This help; `help COMMAND` explains one

Begin with a login; the commands that follow use it:
  kcadm.sh config credentials --server http://localhost:8080 --realm master --user admin

Exit codes: 0 done, 1 it did not work, 2 the command line is wrong.
`cloakroom` itself does the same with more: see `cloakroom --help`.
";
    text
}

/// `config` alone.
pub(crate) fn config() -> String {
    let mut text = "Usage: kcadm.sh config SUB_COMMAND [ARGUMENTS]\n\nSub-commands:\n".to_owned();
    for spec in COMMANDS.iter().filter(|spec| spec.words[0] == "config") {
        text += &format!("  {:20}{}\n", spec.words[1], spec.about);
    }
    text
}

/// One command.
pub(crate) fn command(spec: &Spec) -> String {
    let argument = spec.argument.map(|name| format!(" {name}")).unwrap_or_default();
    let mut text = format!("{}\n\nUsage: kcadm.sh {}{argument} [ARGUMENTS]\n\n", spec.about, spec.name());
    if spec.argument == Some("RESOURCE") {
        text += "RESOURCE is a path below the realm (users, clients/ID/roles, …), realms, realms/NAME, serverinfo, or a whole address.\n\n";
    }
    for option in spec.options() {
        text += &line(option);
    }
    text += "\nExamples:\n";
    for example in spec.examples {
        text += &format!("  {example}\n");
    }
    text
}

fn line(option: &Opt) -> String {
    let value = option.value.map(|value| format!(" {value}")).unwrap_or_default();
    let pad = if option.names[0].starts_with("--") { "    " } else { "" };
    let names = format!("{pad}{}{value}", option.names.join(", "));
    let more = if option.many { "; may be given more than once" } else { "" };
    format!("  {names:28}{}{more}\n", option.about)
}
