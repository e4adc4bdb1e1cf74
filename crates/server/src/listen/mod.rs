//! Connections: accepting them, TLS, the limits on what a caller may send or delay, and stopping without cutting anyone off.

mod tls;

#[cfg(test)]
mod tests;

use crate::{config::Problem, route::Peer};
use axum::Router;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::Service;

pub use tls::tls;

/// For the TLS handshake, and from then until the first request has arrived.
const FIRST_REQUEST: Duration = Duration::from_secs(20);
/// For the head of each further request, which is also how long a connection may lie idle: longer than the minute that
/// proxies keep theirs.
const HEAD: Duration = Duration::from_secs(75);
/// The head of a request, in bytes. HTTP/1 allows 100 headers besides.
const HEAD_SIZE: usize = 64 << 10;
/// Requests at a time on one HTTP/2 connection.
const STREAMS: u32 = 200;
/// Between attempts to accept when the machine refuses, as when no file descriptor is left.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// A bound port.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
}

impl Listener {
    /// Binds the address; port 0 takes a free one. With `tls` it speaks HTTPS alone.
    pub async fn bind(address: SocketAddr, tls: Option<TlsAcceptor>) -> Result<Self, Problem> {
        let tcp = TcpListener::bind(address).await.map_err(|e| match e.kind() {
            io::ErrorKind::AddrInUse => Problem::failed(format!("Port {} is in use already.", address.port())),
            io::ErrorKind::PermissionDenied => {
                Problem::failed(format!("Port {} needs more rights than this process has.", address.port()))
            }
            _ => Problem::failed(format!("Cannot listen on {address}: {e}.")),
        })?;
        let address = tcp.local_addr().map_err(|e| Problem::failed(format!("Cannot listen on {address}: {e}.")))?;
        Ok(Self { tcp, tls, address })
    }

    /// The address that was bound, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The start of an URL that leads here.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        if self.address.ip().is_unspecified() || self.address.ip().is_loopback() {
            format!("{scheme}://localhost:{}", self.address.port())
        } else {
            format!("{scheme}://{}", self.address)
        }
    }

    /// Serves until `stop` resolves; then takes no more connections and gives running requests `drain` to finish. Idle
    /// connections are closed at once. The peer is found in a request's extensions as [`Peer`].
    pub async fn serve(self, app: Router, stop: impl Future<Output = ()>, drain: Duration) {
        let connections = GracefulShutdown::new();
        let http = Arc::new(http());
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = self.tcp.accept() => accepted,
            };
            let (stream, addr) = match accepted {
                Ok(accepted) => accepted,
                Err(e) if is_of_one_connection(&e) => continue,
                Err(error) => {
                    tracing::error!(%error, "cannot accept a connection");
                    sleep(ACCEPT_AGAIN).await;
                    continue;
                }
            };
            let connection = Connection { http: http.clone(), app: app.clone(), watcher: connections.watcher() };
            let peer = Peer { addr, tls: self.tls.is_some() };
            tokio::spawn(connection.run(stream, self.tls.clone(), peer));
        }
        drop(self.tcp);
        if timeout(drain, connections.shutdown()).await.is_err() {
            tracing::warn!("some requests did not finish in time and are cut off");
        }
    }
}

/// The caller was gone before the connection was taken: nothing is wrong with the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// HTTP/1.1 and HTTP/2, told apart by the first bytes.
fn http() -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_SIZE);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEAD_SIZE as u32)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(HEAD)
        .keep_alive_timeout(FIRST_REQUEST);
    http
}

struct Connection {
    http: Arc<auto::Builder<TokioExecutor>>,
    app: Router,
    watcher: hyper_util::server::graceful::Watcher,
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<TlsAcceptor>, peer: Peer) {
        // answers are written whole: waiting for more to send only delays them
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let Some(tls) = tls else { return self.serve(stream, peer).await };
        match timeout(FIRST_REQUEST, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%error, peer = %peer.addr, "TLS handshake failed"),
            Err(_) => tracing::debug!(peer = %peer.addr, "TLS handshake took too long"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, peer: Peer) {
        let begun = Arc::new(AtomicBool::new(false));
        let service = service_fn({
            let (begun, app) = (begun.clone(), self.app);
            move |mut request: http::Request<Incoming>| {
                begun.store(true, Ordering::Relaxed);
                request.extensions_mut().insert(peer);
                app.clone().call(request)
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service).into_owned();
        let mut connection = pin!(self.watcher.watch(connection));
        let served = tokio::select! {
            served = &mut connection => served,
            // nothing else bounds the wait for the bytes that tell HTTP/1 from HTTP/2
            () = sleep(FIRST_REQUEST) => {
                if !begun.load(Ordering::Relaxed) {
                    return;
                }
                connection.await
            }
        };
        if let Err(error) = served {
            tracing::debug!(error, peer = %peer.addr, "connection ended");
        }
    }
}
