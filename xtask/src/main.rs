//! Everything CI does, as local commands: `cargo xtask ci`, or one of its parts.

mod bench;
mod ci;
mod golden;
mod live;
mod postgres;
mod process;
mod server;
mod shapes;
mod spec;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  ci                    all checks, in order; what .ci/run runs
  golden [ARGS]         play the recordings of a real Keycloak against our server and compare the score with golden.txt
                        (--write keeps a better score; other arguments go to golden.py, such as --only users/ --show 20)
  spec [--write]        our operations and representations against Keycloak's OpenAPI document and spec/missing.txt
  live [ARGS]           call every operation of the library against a real Keycloak (--url URL, else http://localhost:8180, as
                        admin/admin, with the features token-exchange:v1, admin-fine-grained-authz:v1, client-types and
                        client-secret-rotation), compare with spec/lossy.txt and spec/unexercised.txt, and compare
                        generated authorization decisions; --write brings the lists up to date, --only SCENE plays one,
                        --verbose shows what was refused, --ours gives the score of our own server
  bench                 start-up, memory, realm creation and the bare password hash of a release build
  postgres -- COMMAND   run a command with CLOAKROOM_TEST_DB pointing at a PostgreSQL made for it
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = args.split_first().map_or(("help", &[][..]), |(c, rest)| (c.as_str(), rest));
    let outcome = match command {
        "ci" => ci::run_checks(),
        "golden" => golden::run(rest),
        "spec" => spec::run(rest),
        "live" => live::run(rest),
        "bench" => bench::run_benches(),
        "postgres" => postgres::with(rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest)),
        "help" | "--help" | "-h" => {
            process::say(HELP);
            Ok(())
        }
        other => Err(format!("no command '{other}'\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
