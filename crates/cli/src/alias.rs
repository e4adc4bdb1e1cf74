//! The names of other tools that this command answers to: under such a name it takes that tool's own arguments.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// What runs under a name: from the arguments after it to the exit code.
pub(crate) type Personality = fn(&[OsString]) -> ExitCode;

/// One entry a name. `.sh`, `.bat` and `.exe` may follow it.
const NAMES: &[(&str, Personality)] = &[
    ("auth-token", crate::ackc::token),
    ("auth-realm-export", crate::ackc::export),
    ("auth-mc", crate::ackc::mc),
    ("ackc-init", crate::ackc::init),
    ("kcadm", crate::kcadm::run),
];

/// The personality that the command line asks for, with its arguments: by the name the command is called under (a link), or by
/// its first word (`cloakroom kcadm …`).
pub(crate) fn of(words: &[OsString]) -> Option<(Personality, &[OsString])> {
    let (called, arguments) = words.split_first()?;
    if let Some(run) = named(called) {
        return Some((run, arguments));
    }
    let (first, arguments) = arguments.split_first()?;
    Some((named(first).filter(|_| Path::new(first).components().count() == 1)?, arguments))
}

fn named(word: &OsString) -> Option<Personality> {
    let name = Path::new(word).file_name()?.to_str()?;
    let name = [".sh", ".bat", ".exe"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, run)| *run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Option<Vec<String>> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        of(&words).map(|(_, rest)| rest.iter().map(|word| word.to_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn a_link_or_the_first_word_names_the_tool() {
        let rest = Some(vec!["-q".to_owned()]);
        assert_eq!(arguments(&["/usr/local/bin/auth-token", "-q"]), rest);
        assert_eq!(arguments(&["auth-mc.exe", "-q"]), rest);
        assert_eq!(arguments(&["cloakroom", "auth-token", "-q"]), rest);
        assert_eq!(arguments(&["cloakroom", "get", "auth-token"]), None);
        let rest = Some(vec!["get".to_owned()]);
        assert_eq!(arguments(&["/opt/keycloak/bin/kcadm.sh", "get"]), rest);
        assert_eq!(arguments(&["kcadm", "get"]), rest);
        assert_eq!(arguments(&["cloakroom", "kcadm", "get"]), rest);
        assert_eq!(arguments(&["cloakroom", "kcadm.sh", "get"]), rest);
        assert_eq!(arguments(&["cloakroom", "get", "kcadm"]), None);
        assert_eq!(arguments(&["cloakroom"]), None);
    }
}
