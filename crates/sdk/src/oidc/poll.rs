//! Asking for tokens until a user has agreed elsewhere: the device flow and CIBA.

use std::time::Duration;

use cloakroom_api::oidc::ciba::BackchannelAuthentication;
use cloakroom_api::oidc::device::DeviceAuthorization;

use crate::error::{Error, Result};
use crate::oidc::{OidcClient, TokenAnswer, TokenRequest};

/// A login that its user has yet to agree to, elsewhere.
///
/// ```
/// use cloakroom::{OidcClient, Result, oidc::TokenAnswer};
///
/// async fn log_in(app: &OidcClient) -> Result<TokenAnswer> {
///     let login = app.device("openid").await?;
///     let at = login.answer.verification_uri_complete.as_deref().unwrap_or_default();
///     println!("Open {at} and compare {}", login.answer.user_code.as_deref().unwrap_or_default());
///     login.wait().await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct PendingLogin<A> {
    /// What the server answered: for a device, what to show the user.
    pub answer: A,
    app: OidcClient,
    request: TokenRequest,
    pace: Pace,
}

/// A login that its user agrees to on another device (RFC 8628). Begin with [`OidcClient::device`].
pub type DeviceLogin = PendingLogin<DeviceAuthorization>;

/// A login that its user agrees to elsewhere (OpenID Connect CIBA). Begin with [`OidcClient::backchannel`].
pub type BackchannelLogin = PendingLogin<BackchannelAuthentication>;

impl DeviceLogin {
    pub(crate) fn device(app: OidcClient, answer: DeviceAuthorization) -> Self {
        let request = TokenRequest::device(answer.device_code.clone().unwrap_or_default());
        let pace = Pace::new(answer.interval, answer.expires_in);
        PendingLogin { answer, app, request, pace }
    }
}

impl BackchannelLogin {
    pub(crate) fn backchannel(app: OidcClient, answer: BackchannelAuthentication) -> Self {
        let request = TokenRequest::backchannel(answer.auth_req_id.clone().unwrap_or_default());
        let pace = Pace::new(answer.interval, answer.expires_in);
        PendingLogin { answer, app, request, pace }
    }
}

impl<A> PendingLogin<A> {
    /// Asks for the tokens, as often as the server wants to be asked, until the user has agreed.
    ///
    /// Errors: [`Error::Status`] with the [`code`](Error::code) `access_denied` where the user refused, `expired_token` where
    /// the time to agree is over. A call that fails for the network is made again.
    pub async fn wait(mut self) -> Result<TokenAnswer> {
        loop {
            tokio::time::sleep(self.pace.interval).await;
            let error = match self.app.token(self.request.clone()).await {
                Ok(tokens) => return Ok(tokens),
                Err(error) => error,
            };
            if !self.pace.goes_on(&error) {
                return Err(error);
            }
        }
    }
}

/// How often to ask, and for how long yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pace {
    interval: Duration,
    left: Duration,
}

impl Pace {
    /// What every `slow_down` adds (RFC 8628, 3.5), and what is waited for where the server says nothing (3.2).
    const STEP: Duration = Duration::from_secs(5);

    fn new(interval: Option<i64>, expires_in: Option<i64>) -> Self {
        let seconds = |value: Option<i64>, default| {
            value.and_then(|seconds| u64::try_from(seconds).ok()).map_or(default, Duration::from_secs)
        };
        Pace { interval: seconds(interval, Self::STEP), left: seconds(expires_in, Duration::from_secs(600)) }
    }

    /// Whether to ask again after an error, and how soon.
    fn goes_on(&mut self, error: &Error) -> bool {
        match error.code() {
            Some("authorization_pending") => {}
            Some("slow_down") => self.interval += Self::STEP,
            // a server that restarts, say
            _ if error.is_network() || matches!(error.status(), 502..=504) => self.interval += Self::STEP,
            _ => return false,
        }
        self.left = self.left.saturating_sub(self.interval);
        !self.left.is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Answer;
    use bytes::Bytes;
    use http::{Response, StatusCode};

    fn refused(code: &str) -> Error {
        let body = Bytes::from(format!(r#"{{"error":"{code}"}}"#));
        let answer = Box::new(Answer::of(&Response::new(body)));
        Error::Status { operation: "Token::request", status: StatusCode::BAD_REQUEST, answer }
    }

    #[test]
    fn it_slows_down_when_told_and_ends_when_the_code_does() {
        let mut pace = Pace::new(Some(1), Some(13));
        assert!(pace.goes_on(&refused("authorization_pending")));
        assert_eq!(pace.interval, Duration::from_secs(1));
        assert!(pace.goes_on(&refused("slow_down")));
        assert_eq!(pace.interval, Duration::from_secs(6));
        assert!(!pace.goes_on(&refused("authorization_pending")), "13 s are over");
    }

    #[test]
    fn a_refusal_is_final() {
        for code in ["access_denied", "expired_token", "invalid_grant"] {
            assert!(!Pace::new(None, None).goes_on(&refused(code)));
        }
        assert_eq!(Pace::new(None, None).interval, Duration::from_secs(5));
    }
}
