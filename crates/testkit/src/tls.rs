//! A server with a certificate of the test's own.
#![expect(clippy::unwrap_used, reason = "a test without its server cannot go on")]

use std::sync::Arc;

use rcgen::KeyPair;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
pub use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// Serves JSON on a port of this machine, which it gives: `answer` is told the head of each request. It asks for certificates of
/// the authority `clients`, if there is one.
pub async fn serve(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    clients: Option<CertificateDer<'static>>,
    answer: fn(&[u8]) -> &'static str,
) -> u16 {
    let config = ServerConfig::builder();
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(clients) => {
            let mut roots = RootCertStore::empty();
            roots.add(clients).unwrap();
            config.with_client_cert_verifier(WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap())
        }
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![certificate], key).unwrap()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = [0; 4096];
            if let Ok(length @ 1..) = stream.read(&mut head).await {
                let body = answer(&head[..length]);
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
                stream.write_all(format!("{head}{body}").as_bytes()).await.ok();
                stream.shutdown().await.ok();
            }
        }
    });
    port
}
