//! TLS from a certificate and a key in PEM files.

use crate::config::{Https, Problem};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{path::Path, sync::Arc};
use tokio_rustls::TlsAcceptor;

/// TLS 1.2 and 1.3 with HTTP/2 and HTTP/1.1 on offer.
pub fn tls(https: &Https) -> Result<TlsAcceptor, Problem> {
    let chain = CertificateDer::pem_slice_iter(&read(&https.certificate, "certificate")?)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| broken(&https.certificate, "certificate", &e))?;
    if chain.is_empty() {
        return Err(broken(&https.certificate, "certificate", &"there is none in it"));
    }
    let key = PrivateKeyDer::from_pem_slice(&read(&https.key, "private key")?)
        .map_err(|e| broken(&https.key, "private key", &e))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| Problem::failed(format!("TLS cannot be set up: {e}.")))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| broken(&https.certificate, "certificate", &e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|e| broken(path, what, &e))
}

fn broken(path: &Path, what: &str, why: &dyn std::fmt::Display) -> Problem {
    Problem::usage(format!("The {what} in '{}' cannot be used: {why}.", path.display()))
}
