//! What the pages need besides their text: style sheet, icon, script. The version in their path is taken from their
//! contents, so browsers may keep them for as long as they like.

/// A file of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) content_type: &'static str,
    pub(crate) body: &'static [u8],
}

/// How long browsers may keep one, in seconds: a year.
pub(crate) const MAX_AGE: u32 = 31_536_000;

const CSS: &[u8] = include_bytes!("../../pages/css/login.css");
const ICON: &[u8] = include_bytes!("../../pages/img/favicon.svg");
const SCRIPT: &[u8] = include_bytes!("../../pages/js/form-post.js");

const LOCALE: &[u8] = include_bytes!("../../pages/js/locale.js");

const VERSION: u64 = digest(LOCALE, digest(SCRIPT, digest(ICON, digest(CSS, 0xcbf2_9ce4_8422_2325))));

/// The folder that holds them, below the server's base path.
pub(crate) fn folder() -> String {
    format!("resources/{VERSION:016x}/login/cloakroom")
}

/// The file at a path below `resources/{version}/login/`. Pages that were opened before an update ask for an older
/// version; they get the present file, which they must not keep.
pub(crate) fn find(path: &str) -> Option<Resource> {
    let (content_type, body) = match path.strip_prefix("cloakroom/")? {
        "css/login.css" => ("text/css; charset=utf-8", CSS),
        "img/favicon.svg" => ("image/svg+xml", ICON),
        "js/locale.js" => ("text/javascript; charset=utf-8", LOCALE),
        "js/form-post.js" => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return None,
    };
    Some(Resource { content_type, body })
}

/// Whether this is the version that is served.
pub(crate) fn is_current(version: &str) -> bool {
    version == format!("{VERSION:016x}")
}

/// FNV-1a: tells versions apart, guards nothing.
const fn digest(bytes: &[u8], mut hash: u64) -> u64 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_pages_are_found() {
        assert_eq!(find("cloakroom/css/login.css").map(|r| r.content_type), Some("text/css; charset=utf-8"));
        for path in ["cloakroom/css/../css/login.css", "css/login.css", "cloakroom/", "", "keycloak/css/login.css"] {
            assert_eq!(find(path), None, "{path}");
        }
    }

    #[test]
    fn the_version_is_that_of_the_contents() {
        let folder = folder();
        let version = folder.split('/').nth(1).unwrap();
        assert!(is_current(version) && !is_current("0"));
    }
}
