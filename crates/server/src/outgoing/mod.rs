//! Calls that the server makes because somebody's settings say so: to addresses that it may reach, without following
//! redirects, within limits of size and time.

pub mod jwks;
mod reach;

pub use reach::Reach;

use bytes::BytesMut;
use reqwest::{
    Client, StatusCode,
    dns::{Name, Resolve, Resolving},
    redirect,
};
use std::{net::SocketAddr, sync::OnceLock, time::Duration};
use url::{Host, Url};

/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// How long a call may take, connecting included.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a call failed. For the log, not for callers: it tells what is inside the network.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Not an `http` or `https` URL.
    #[error("not a URL to call: {0}")]
    Url(String),
    /// The host is, or its name leads to, an address that is out of bounds.
    #[error("{0} is an address that must not be called")]
    Forbidden(String),
    /// The network, TLS, or a time limit.
    #[error("the call failed: {0}")]
    Network(#[from] reqwest::Error),
    /// Another status than 200; redirects are not followed.
    #[error("answered {0}")]
    Status(StatusCode),
    /// More than is read.
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
    /// Something else than what was expected.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

/// The one client for such calls.
#[derive(Debug, Default)]
pub struct Outgoing {
    reach: Reach,
    client: OnceLock<Client>,
}

impl Outgoing {
    /// A client that reaches these addresses.
    pub fn new(reach: Reach) -> Self {
        Outgoing { reach, client: OnceLock::new() }
    }

    /// Gets what is at a URL. To be called on a blocking thread of the runtime.
    pub fn get(&self, url: &str) -> Result<Vec<u8>, Failed> {
        let url = self.permitted(url)?;
        let client = self.client()?;
        tokio::runtime::Handle::current().block_on(async {
            let mut answer = client.get(url).send().await?;
            if answer.status() != StatusCode::OK {
                return Err(Failed::Status(answer.status()));
            }
            let mut body = BytesMut::new();
            while let Some(chunk) = answer.chunk().await? {
                if body.len() + chunk.len() > LONGEST {
                    return Err(Failed::TooLong);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body.to_vec())
        })
    }

    /// A host that is an address never meets the resolver: it is judged here.
    fn permitted(&self, text: &str) -> Result<Url, Failed> {
        let url = Url::parse(text).map_err(|_| Failed::Url(text.to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(Failed::Url(text.to_owned()));
        }
        let allowed = match url.host() {
            Some(Host::Ipv4(ip)) => self.reach.allows(ip.into()),
            Some(Host::Ipv6(ip)) => self.reach.allows(ip.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        if allowed { Ok(url) } else { Err(Failed::Forbidden(text.to_owned())) }
    }

    fn client(&self) -> Result<&Client, Failed> {
        if self.client.get().is_none() {
            // a proxy would resolve names itself, past the guard
            let made = Client::builder()
                .dns_resolver(Guard(self.reach))
                .redirect(redirect::Policy::none())
                .no_proxy()
                .timeout(PATIENCE)
                .user_agent("cloakroom")
                .build()?;
            let _ = self.client.set(made);
        }
        self.client.get().ok_or_else(|| Failed::Unreadable("no client".to_owned()))
    }
}

/// Resolves names to addresses that may be reached; the connection goes to one of those and no other.
struct Guard(Reach);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = found.into_iter().filter(|addr| reach.allows(addr.ip())).collect();
            if allowed.is_empty() {
                return Err(Failed::Forbidden(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_are_addresses_are_judged_before_a_connection() {
        let public = Outgoing::new(Reach::Public);
        for inside in [
            "http://127.0.0.1/jwks",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
        ] {
            assert!(matches!(public.permitted(inside), Err(Failed::Forbidden(_))), "{inside}");
        }
        for odd in ["file:///etc/passwd", "http://user@host/", "gopher://x/", "//x", ""] {
            assert!(matches!(public.permitted(odd), Err(Failed::Url(_))), "{odd}");
        }
        assert!(public.permitted("https://keys.example/jwks").is_ok());
        assert!(Outgoing::new(Reach::Any).permitted("http://127.0.0.1:8080/jwks").is_ok());
    }
}
