//! How a client proves who it is, beyond its secret or key; and the key that tokens are bound to.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cloakroom::jose::PrivateKey;
use cloakroom::oidc::DpopKey;
use cloakroom::{ClientAuth, Secret};

use crate::connect::Credentials;
use crate::failure::{Failure, Result};
use crate::input;

#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Client")]
pub(crate) struct ClientProof {
    /// How the client proves who it is [default: basic with a secret, a signed JWT with a key]
    #[arg(long, value_name = "METHOD")]
    client_auth: Option<Method>,
    /// A JWT that somebody else signed for the client, such as the token of a Kubernetes service account
    #[arg(long, value_name = "FILE", conflicts_with = "client_auth")]
    client_assertion: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// The secret in a header
    Basic,
    /// The secret in the form
    Post,
    /// A JWT signed with the secret
    SecretJwt,
    /// The certificate of the connection: --client-cert
    Tls,
    /// Nothing: a public client
    None,
}

impl ClientProof {
    /// Whether it suffices without a secret.
    pub(crate) fn is_given(&self) -> bool {
        self.client_assertion.is_some() || self.client_auth == Some(Method::Tls)
    }

    pub(crate) fn auth(&self, credentials: &Credentials) -> Result<ClientAuth> {
        if let Some(file) = &self.client_assertion {
            return assertion(file);
        }
        let Some(method) = self.client_auth else { return credentials.auth() };
        let secret = || {
            let given = credentials.secret();
            given.ok_or_else(|| Failure::Usage("--client-auth needs the client's secret: --client-secret".to_owned()))
        };
        Ok(match method {
            Method::Basic => ClientAuth::basic(secret()?),
            Method::Post => ClientAuth::post(secret()?),
            Method::SecretJwt => ClientAuth::secret_jwt(secret()?),
            Method::Tls => ClientAuth::tls(),
            Method::None => ClientAuth::none(),
        })
    }
}

fn assertion(file: &Path) -> Result<ClientAuth> {
    let assertion = input::text(file)?.trim().to_owned();
    Ok(ClientAuth::assertion_from(move || {
        let assertion = Secret::from(assertion.as_str());
        async { Ok(assertion) }
    }))
}

/// The key that tokens are bound to (RFC 9449), with the algorithm that such keys sign with.
pub(crate) fn dpop(file: &Path) -> Result<DpopKey> {
    let unusable = |e: &dyn std::fmt::Display| {
        Failure::Usage(format!("{} has no private key in PEM that can be used: {e}", file.display()))
    };
    let key = PrivateKey::from_pem(&input::text(file)?).map_err(|e| unusable(&e))?;
    let alg = key.public().algorithms().next().ok_or_else(|| unusable(&"no algorithm signs with it"))?;
    Ok(DpopKey::new(alg, &key)?)
}
