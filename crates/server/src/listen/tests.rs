//! What a caller meets at the port.

use super::*;
use crate::config::Https;
use axum::{Extension, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, oneshot},
};

/// A server on a free port; dropping the sender stops it.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

async fn start(app: Router, tls: Option<TlsAcceptor>, drain: Duration) -> Server {
    let listener = Listener::bind(([127, 0, 0, 1], 0).into(), tls).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let address = listener.address();
    let ended = tokio::spawn(listener.serve(app, async { drop(stopped.await) }, drain));
    Server { address, stop, ended }
}

fn greeting() -> Router {
    Router::new()
        .route("/", get(|Extension(peer): Extension<Peer>| async move { format!("{} {}", peer.addr.ip(), peer.tls) }))
}

async fn ask(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // the server may answer and hang up before it has read everything
    let _ = stream.write_all(text.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_request_knows_its_peer() {
    let server = start(greeting(), None, Duration::ZERO).await;
    let answer = ask(server.address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1 false"), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = start(greeting(), None, Duration::ZERO).await;
    let long = "a".repeat(HEAD_SIZE);
    let answer = ask(server.address, &format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n")).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many = "X-Many: 1\r\n".repeat(101);
    let answer = ask(server.address, &format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn who_connects_and_says_nothing_is_hung_up_on() {
    let server = start(greeting(), None, Duration::ZERO).await;
    assert_eq!(ask(server.address, "").await, "");
    assert_eq!(ask(server.address, "PRI * HT").await, "", "nor one who starts HTTP/2 and goes quiet");
}

#[tokio::test]
async fn a_running_request_finishes_when_the_server_stops() {
    let (arrived, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let app = Router::new().route("/", {
        let (arrived, go) = (arrived.clone(), go.clone());
        get(|| async move {
            arrived.notify_one();
            go.notified().await;
            "done"
        })
    });
    let server = start(app, None, Duration::from_secs(60)).await;
    let idle = TcpStream::connect(server.address).await.unwrap();
    let asked = tokio::spawn(ask_once(server.address));
    arrived.notified().await;
    server.stop.send(()).unwrap();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go.notify_one();
    assert!(asked.await.unwrap().ends_with("done"));
    server.ended.await.unwrap();
    drop(idle);
}

async fn ask_once(address: SocketAddr) -> String {
    ask(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await
}

#[tokio::test]
async fn a_request_that_never_finishes_does_not_hold_the_server() {
    let arrived = Arc::new(Notify::new());
    let app = Router::new().route("/", {
        let arrived = arrived.clone();
        get(|| async move {
            arrived.notify_one();
            std::future::pending::<()>().await;
        })
    });
    let server = start(app, None, Duration::from_millis(1)).await;
    let asked = tokio::spawn(ask_once(server.address));
    arrived.notified().await;
    server.stop.send(()).unwrap();
    server.ended.await.unwrap();
    asked.abort();
}

#[tokio::test]
async fn a_port_in_use_is_told_in_plain_words() {
    let first = Listener::bind(([127, 0, 0, 1], 0).into(), None).await.unwrap();
    let problem = Listener::bind(first.address(), None).await.err().unwrap();
    assert_eq!(problem.to_string(), format!("Port {} is in use already.", first.address().port()));
    assert_eq!(problem.exit_code(), 1);
}

#[tokio::test]
async fn https_offers_http_2_and_http_1() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = std::env::temp_dir().join(format!("cloakroom-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let https = Https { port: 0, certificate: folder.join("cert.pem"), key: folder.join("key.pem") };
    std::fs::write(&https.certificate, made.cert.pem()).unwrap();
    std::fs::write(&https.key, made.signing_key.serialize_pem()).unwrap();
    let acceptor = tls(&https).unwrap();
    let missing = Https { certificate: folder.join("none.pem"), ..https };
    assert!(tls(&missing).err().unwrap().to_string().contains("none.pem"));
    std::fs::remove_dir_all(&folder).unwrap();

    let server = start(greeting(), Some(acceptor), Duration::ZERO).await;
    let client = reqwest::Client::builder().danger_accept_invalid_certs(true).build().unwrap();
    let answer = client.get(format!("https://{}/", server.address)).send().await.unwrap();
    assert_eq!(answer.version(), http::Version::HTTP_2);
    assert_eq!(answer.text().await.unwrap(), "127.0.0.1 true");
    let client = reqwest::Client::builder().danger_accept_invalid_certs(true).http1_only().build().unwrap();
    let answer = client.get(format!("https://{}/", server.address)).send().await.unwrap();
    assert_eq!(answer.version(), http::Version::HTTP_11);
}
