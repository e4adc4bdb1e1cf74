//! Servers that are not there, not what they should be, or do not end what they begin: one error each, that says what to do.

use std::time::Duration;

use cloakroom::api::admin::roles::Role;
use cloakroom::{Client, Error, Login, NetworkKind, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A server that answers every connection with these bytes, over and over where `endless`, and then closes it.
async fn saying(bytes: &'static [u8], endless: bool) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = [0; 4096];
                if stream.read(&mut head).await.is_ok_and(|read| read == 0) {
                    return;
                }
                while stream.write_all(bytes).await.is_ok() && endless {}
                stream.shutdown().await.ok();
            });
        }
    });
    format!("http://{address}")
}

async fn roles(url: &str) -> Result<Vec<Role>, Error> {
    let builder = Client::builder(url).retry(Retry::NEVER).no_proxy().timeout(Duration::from_secs(20));
    let kc = builder.max_answer(1_000_000).build()?.token("hunter2");
    let roles = kc.realm("acme").roles().list(&Default::default()).await;
    if let Err(e) = &roles {
        assert!(!format!("{e} {e:?}").contains("hunter2"), "{e:?}");
    }
    roles
}

async fn kind(url: &str) -> (NetworkKind, String) {
    match roles(url).await.unwrap_err() {
        e @ Error::Network { kind, .. } => (kind, e.to_string()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_host_that_no_one_knows_cannot_be_reached() {
    let (kind, text) = kind("http://keycloak.invalid:8080").await;
    assert_eq!(kind, NetworkKind::Connect);
    assert!(text.contains("http://keycloak.invalid:8080") && text.contains("the URL right"), "{text}");
}

#[tokio::test]
async fn a_body_that_ends_too_soon_is_a_broken_connection() {
    let url =
        saying(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[{\"name\":", false);
    assert_eq!(kind(&url.await).await.0, NetworkKind::Broken);
    let chunked = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n[{\"na";
    assert_eq!(kind(&saying(chunked, false).await).await.0, NetworkKind::Broken);
    // whole for HTTP, but not JSON to its end
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n[{\"name\":";
    let e = roles(&saying(cut, false).await).await.unwrap_err();
    assert!(matches!(&e, Error::Decode { .. }) && e.to_string().contains("cannot be read"), "{e}");
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let (kind, text) =
        kind(&saying(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[[[[", true).await).await;
    assert_eq!(kind, NetworkKind::TooLong);
    assert!(text.contains("`max_answer`"), "{text}");
}

#[tokio::test]
async fn what_does_not_speak_http_is_a_broken_connection() {
    assert_eq!(kind(&saying(b"SSH-2.0-OpenSSH_9.2\r\n", false).await).await.0, NetworkKind::Broken);
    assert_eq!(kind(&saying(b"", false).await).await.0, NetworkKind::Broken);
}

#[tokio::test]
async fn https_at_a_port_without_tls_says_so() {
    let url = saying(b"HTTP/1.1 400 Bad Request\r\n\r\n", false).await.replace("http://", "https://");
    let (kind, text) = kind(&url).await;
    assert_eq!(kind, NetworkKind::Connect);
    assert!(text.contains("https://"), "{text}");
}

#[tokio::test]
async fn nulls_and_fields_of_a_newer_server_are_taken() {
    let body = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n\
        [{\"name\": \"a\", \"attributes\": {\"k\": [null, \"v\"], \"n\": null}, \"newField\": [1]}]";
    let read = roles(&saying(body, false).await).await.unwrap();
    let attributes = read[0].attributes.as_ref().unwrap();
    assert_eq!((read[0].name.as_deref(), attributes["k"].as_slice()), (Some("a"), &["v".to_owned()][..]));
}

#[tokio::test]
async fn a_login_says_the_same_of_its_own_server() {
    let url = saying(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>", false).await;
    let login = Login::password("admin", "hunter2");
    let kc = Client::builder(&url).retry(Retry::NEVER).no_proxy().login(login).build().unwrap();
    let e = kc.access_token().await.unwrap_err();
    assert!(e.is_login() && e.to_string().contains("is the URL right"), "{e}");
    assert!(!format!("{e:?}").contains("hunter2"));
}
