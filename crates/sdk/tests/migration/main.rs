//! Every cell of the migration guides is compiled, and the guides are written from here.
//!
//! The tables are functions that nobody calls: what they hold must compile, and its text goes into `docs/`. Written anew with
//! `CLOAKROOM_BLESS=1 cargo test -p cloakroom --test migration`.

#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]
#![expect(dead_code, reason = "compiled, never run")]
#![allow(clippy::too_many_arguments, reason = "what the rows of a table speak of")]

mod python_keycloak;
mod python_keycloak_access;
mod python_keycloak_client;
mod python_keycloak_more;

/// One table: its title, and the other library's method beside ours.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    pub(crate) rows: &'static [(&'static str, &'static str)],
}

/// Declares tables: a name, a title, what the rows speak of, and the rows.
macro_rules! tables {
    ($( $name:ident $title:literal ($($arg:ident: $kind:ty),* $(,)?) { $( $theirs:tt => $ours:expr; )+ } )+) => {
        $( async fn $name($($arg: $kind),*) -> cloakroom::Result<()> {
            $( let _ = $ours; )+
            Ok(())
        } )+
        pub(crate) const TABLES: &[crate::Table] = &[ $( crate::Table {
            title: $title,
            rows: &[ $( (stringify!($theirs), stringify!($ours)), )+ ],
        } ),+ ];
    };
}
pub(crate) use tables;

fn written(other: &str, intro: &str, tables: &[&[Table]]) -> String {
    let mut text = intro.to_owned();
    for table in tables.iter().copied().flatten() {
        text.push_str(&format!("\n## {}\n\n| {other} | cloakroom |\n|---|---|\n", table.title));
        for (theirs, ours) in table.rows {
            let theirs = theirs.trim_matches('"');
            let ours = ours.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
            text.push_str(&format!("| `{theirs}` | `{ours}` |\n"));
        }
    }
    text
}

fn is_written(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("CLOAKROOM_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    // a crate without its repository has no guides
    let Ok(there) = std::fs::read_to_string(&path) else { return };
    assert!(there == text, "docs/{name} is not what the tables say: CLOAKROOM_BLESS=1 writes it");
}

#[test]
fn the_guide_for_python_keycloak_is_that_of_the_tables() {
    let tables = [python_keycloak::TABLES, python_keycloak_access::TABLES, python_keycloak_more::TABLES];
    let methods: Vec<&str> = tables.iter().copied().flatten().flat_map(|t| t.rows).map(|(theirs, _)| *theirs).collect();
    assert_eq!(methods.len(), 236 + 20 + 13, "each public method has a row");
    is_written("from-python-keycloak.md", &written("python-keycloak", include_str!("python_keycloak.md"), &tables));
}

#[test]
fn the_guide_for_python_keycloak_client_is_that_of_the_tables() {
    let text =
        written("python-keycloak-client", include_str!("python_keycloak_client.md"), &[python_keycloak_client::TABLES]);
    is_written("from-python-keycloak-client.md", &text);
}
