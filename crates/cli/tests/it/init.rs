//! `init`.

use std::path::PathBuf;

use assert_cmd::Command;

/// A folder of the test's own, removed at its end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cloakroom-init-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn init(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
        let output = command.arg("init").args(args).env_clear().current_dir(&self.0).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

fn value(env: &str, name: &str) -> String {
    env.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap().to_owned()
}

#[test]
fn both_files_are_written_with_passwords_of_their_own() {
    let (one, two) = (Folder::new("one"), Folder::new("two"));
    for folder in [&one, &two] {
        let (code, said) = folder.init(&["keycloak", "--port", "8180"]);
        assert!(code == 0 && said.contains("compose.yaml: created") && said.contains("docker compose up"), "{said}");
    }
    assert!(one.read("compose.yaml").contains("keycloak/keycloak"));
    let (first, second) = (one.read(".env"), two.read(".env"));
    for name in ["KEYCLOAK_PASSWORD", "DATABASE_PASSWORD"] {
        assert!(value(&first, name).len() >= 20 && value(&first, name) != value(&second, name));
    }
    assert_eq!(value(&first, "KEYCLOAK_URL"), "http://localhost:8180");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(one.0.join(".env")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new("again");
    folder.init(&[]);
    let (compose, env) = (folder.read("compose.yaml"), folder.read(".env"));
    assert!(compose.contains("cloakroom"));
    let (code, said) = folder.init(&["keycloak"]);
    assert!(code == 2 && said.contains("not overwritten"), "{said}");
    assert_eq!((folder.read("compose.yaml"), folder.read(".env")), (compose, env));

    let folder = Folder::new("env");
    std::fs::write(folder.0.join(".env"), "KEYCLOAK_PASSWORD=mine").unwrap();
    let (code, said) = folder.init(&["keycloak"]);
    assert!(code == 0 && said.contains("added to those that were there"), "{said}");
    let env = folder.read(".env");
    assert!(env.starts_with("KEYCLOAK_PASSWORD=mine\n\n") && env.matches("KEYCLOAK_PASSWORD=").count() == 1, "{env}");
    std::fs::rename(folder.0.join("compose.yaml"), folder.0.join("docker-compose.yml")).unwrap();
    assert_eq!(folder.init(&["keycloak"]).0, 2, "compose would read the other file");
}

#[test]
fn it_can_be_looked_at_first() {
    let folder = Folder::new("look");
    for flag in ["--stdout", "--dry-run"] {
        let (code, said) = folder.init(&["cloakroom", flag]);
        assert!(code == 0 && said.contains("# compose.yaml\n") && said.contains("KEYCLOAK_PASSWORD="), "{said}");
    }
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 0);
    let (code, said) = folder.init(&["--directory", "no/such/folder"]);
    assert!(code == 1 && said.contains("no/such/folder"), "{code} {said}");
}
