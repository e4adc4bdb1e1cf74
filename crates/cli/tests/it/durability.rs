//! What was acknowledged is on the disk: a server that is killed in the middle of writing has every answered write when it is back.

use cloakroom::{
    Client, Login,
    api::admin::users::{User, UserQuery},
};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// A server process on a free port, with its data in a folder.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cloakroom"))
            .args(["start-dev", &format!("--http-port={port}"), "--health-enabled=false", "--metrics-enabled=false"])
            .arg(format!("--data-dir={}", data.display()))
            .envs([("KC_BOOTSTRAP_ADMIN_USERNAME", "admin"), ("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // it says so once it listens
        let told = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut told = told.skip_while(|line| !line.contains("listening on"));
        assert!(told.next().is_some(), "the server did not start");
        std::thread::spawn(move || told.for_each(drop));
        Server { child, url: format!("http://localhost:{port}") }
    }

    pub(crate) fn admin(&self) -> Client {
        Client::builder(&self.url).login(Login::password("admin", "admin")).build().unwrap()
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap(); // SIGKILL on Unix
        self.child.wait().unwrap();
    }
}

fn named(username: String) -> User {
    User { username: Some(username), enabled: Some(true), ..User::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_survives_a_kill() {
    let data = std::env::temp_dir().join(format!("cloakroom-durability-{}", std::process::id()));
    let server = Server::start(&data);
    let kc = server.admin();
    kc.access_token().await.unwrap();

    // four writers; each notes what was answered, until the server is gone
    let answered = Arc::new(AtomicU32::new(0));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (kc, answered) = (kc.clone(), answered.clone());
            tokio::spawn(async move {
                let mut made = Vec::new();
                for n in 0.. {
                    let username = format!("writer-{writer}-{n}");
                    if kc.realm("master").users().create(&named(username.clone())).await.is_err() {
                        break;
                    }
                    made.push(username);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                made
            })
        })
        .collect();
    while answered.load(Ordering::Relaxed) < 100 {
        assert!(!writers.iter().all(tokio::task::JoinHandle::is_finished), "the server refuses to write");
        tokio::task::yield_now().await;
    }
    server.kill();
    let mut made = Vec::new();
    for writer in writers {
        made.extend(writer.await.unwrap());
    }

    let server = Server::start(&data);
    let query = UserQuery { max: Some(-1), ..UserQuery::default() };
    let users = server.admin().realm("master").users().list(&query).await.unwrap();
    let there: Vec<_> = users.into_iter().filter_map(|u| u.username).collect();
    let lost: Vec<_> = made.iter().filter(|name| !there.contains(name)).collect();
    assert!(made.len() >= 100 && lost.is_empty(), "of {} answered writes these are lost: {lost:?}", made.len());
    server.kill();
    std::fs::remove_dir_all(&data).ok();
}
