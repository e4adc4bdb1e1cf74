//! What a token exchange is asked with (RFC 8693, and what Keycloak adds to it).

use clap::{Args, ValueEnum};
use cloakroom::Secret;
use cloakroom::oidc::{TokenRequest, TokenType};

use crate::failure::{Failure, Result};

#[derive(Args, Debug)]
#[command(next_help_heading = "Exchange")]
pub(super) struct Exchange {
    /// A client that the new token is to be for; may be given more than once
    #[arg(long, value_name = "CLIENT")]
    audience: Vec<String>,
    /// Where the new token is to be used; may be given more than once
    #[arg(long, value_name = "URI")]
    resource: Vec<String>,
    /// What kind of token to get [default: access-token]
    #[arg(long, value_name = "KIND")]
    requested_token_type: Option<Kind>,
    /// The user to get a token for: to act as somebody else
    #[arg(long, value_name = "USER")]
    requested_subject: Option<String>,
    /// The identity provider whose token of the user to get, by its alias
    #[arg(long, value_name = "ALIAS")]
    requested_issuer: Option<String>,
    /// What kind of token is exchanged [default: access-token]
    #[arg(long, value_name = "KIND")]
    subject_token_type: Option<Kind>,
    /// The identity provider that issued the token to be exchanged, by its alias
    #[arg(long, value_name = "ALIAS")]
    subject_issuer: Option<String>,
    /// The token of who acts for the subject; `-` reads it from the standard input
    #[arg(long, value_name = "TOKEN")]
    actor_token: Option<String>,
    /// What kind of token that is [default: access-token]
    #[arg(long, value_name = "KIND", requires = "actor_token")]
    actor_token_type: Option<Kind>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    AccessToken,
    RefreshToken,
    IdToken,
    Jwt,
    Saml2,
}

impl From<Kind> for TokenType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::AccessToken => TokenType::AccessToken,
            Kind::RefreshToken => TokenType::RefreshToken,
            Kind::IdToken => TokenType::IdToken,
            Kind::Jwt => TokenType::Jwt,
            Kind::Saml2 => TokenType::Saml2,
        }
    }
}

impl Exchange {
    /// The first flag that was given, if any.
    pub(super) fn given(&self) -> Option<&'static str> {
        let flags = [
            ("--audience", !self.audience.is_empty()),
            ("--resource", !self.resource.is_empty()),
            ("--requested-token-type", self.requested_token_type.is_some()),
            ("--requested-subject", self.requested_subject.is_some()),
            ("--requested-issuer", self.requested_issuer.is_some()),
            ("--subject-token-type", self.subject_token_type.is_some()),
            ("--subject-issuer", self.subject_issuer.is_some()),
            ("--actor-token", self.actor_token.is_some()),
        ];
        flags.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }

    /// Without a subject it is impersonation, by the client's own right.
    pub(super) fn request(&self, subject: Option<Secret>) -> Result<TokenRequest> {
        let mut request = match subject {
            Some(token) => TokenRequest::exchange(token),
            None if self.requested_subject.is_some() => TokenRequest::impersonation(),
            None => {
                let words =
                    "which token is exchanged? Give it after `exchange`, or - to read it; or --requested-subject";
                return Err(Failure::Usage(words.to_owned()));
            }
        };
        if let Some(kind) = self.subject_token_type {
            request = request.subject_type(kind.into());
        }
        request = self.subject_issuer.iter().fold(request, |r, alias| r.subject_issuer(alias));
        request = self.audience.iter().fold(request, |r, client| r.audience(client));
        request = self.resource.iter().fold(request, |r, uri| r.resource(uri));
        request = self.requested_token_type.iter().fold(request, |r, kind| r.requested((*kind).into()));
        request = self.requested_issuer.iter().fold(request, |r, alias| r.requested_issuer(alias));
        request = self.requested_subject.iter().fold(request, |r, user| r.requested_subject(user));
        if let Some(token) = &self.actor_token {
            let kind = TokenType::from(self.actor_token_type.unwrap_or(Kind::AccessToken));
            request = request.with("actor_token", super::stdin_or(token)?).with("actor_token_type", kind.urn());
        }
        Ok(request)
    }
}
