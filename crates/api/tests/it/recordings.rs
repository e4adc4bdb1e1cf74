//! Where the data of a real Keycloak lies: `CLOAKROOM_GOLDEN` (recorded answers) and `CLOAKROOM_KEYCLOAK` (realm files),
//! by default beside the repository.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The recorded answers.
pub(crate) fn golden() -> Option<PathBuf> {
    folder("CLOAKROOM_GOLDEN", "../shared/golden")
}

/// The realm files.
pub(crate) fn keycloak() -> Option<PathBuf> {
    folder("CLOAKROOM_KEYCLOAK", "../shared/keycloak")
}

/// A folder, or a loud word that there is none; where `CI` is set that fails the test.
fn folder(variable: &str, default: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let found = std::env::var_os(variable).map_or_else(|| root.join(default), PathBuf::from);
    if found.is_dir() {
        return Some(found);
    }
    let message = format!("NOT TESTED: {variable} is not set, and {} is not there", found.display());
    assert!(std::env::var_os("CI").is_none(), "{message}");
    eprintln!("{message}");
    None
}

/// A JSON file.
pub(crate) fn read(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The JSON files of a folder, in order.
pub(crate) fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    files
}
