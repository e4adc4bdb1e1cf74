//! When a call is sent again.

use std::time::Duration;

use http::{Method, StatusCode};

/// When a call is sent again: what may be repeated is, a few times, after a pause that doubles.
///
/// Repeated are connections that failed (for every verb, since nothing was sent) and, for the idempotent verbs, broken
/// connections and the statuses 429, 502, 503 and 504. A call that timed out is not. `Retry-After` replaces the pause; one
/// beyond the longest pause gives the error at once. A `DELETE` sent twice may find the work done, and give a 404.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Retry {
    times: u32,
    first: Duration,
    longest: Duration,
}

impl Retry {
    /// Two more times, after 0.1 s and 0.2 s, and for `Retry-After` at most 10 s.
    pub const DEFAULT: Retry = Retry { times: 2, first: Duration::from_millis(100), longest: Duration::from_secs(10) };
    /// Every call is sent once.
    pub const NEVER: Retry = Retry { times: 0, ..Retry::DEFAULT };

    /// At most so many times after the first.
    pub const fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// The first pause; half of it is left to chance, so that many clients do not return as one.
    pub const fn first_pause(mut self, pause: Duration) -> Self {
        self.first = pause;
        self
    }

    /// The longest pause.
    pub const fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest = pause;
        self
    }

    /// How long to wait before the call is sent again, `None` to give up. `made` counts the attempts; `chance` is in 0..1.
    pub(crate) fn pause(&self, made: u32, method: &Method, outcome: Outcome, chance: f64) -> Option<Duration> {
        if made > self.times {
            return None;
        }
        let backoff = self.first.saturating_mul(1 << made.saturating_sub(1).min(16)).min(self.longest);
        let jittered = backoff.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
        match outcome {
            Outcome::NotConnected => Some(jittered),
            Outcome::Broken => method.is_idempotent().then_some(jittered),
            Outcome::Status(status, retry_after) => {
                let again = matches!(status.as_u16(), 429 | 502 | 503 | 504) && method.is_idempotent();
                let pause = retry_after.unwrap_or(jittered);
                (again && pause <= self.longest).then_some(pause)
            }
            Outcome::Final => None,
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Retry::DEFAULT
    }
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    NotConnected,
    Broken,
    Status(StatusCode, Option<Duration>),
    /// Nothing that another attempt would change.
    Final,
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Retry = Retry::DEFAULT;

    fn pause(made: u32, method: Method, outcome: Outcome) -> Option<u128> {
        RETRY.pause(made, &method, outcome, 1.0).map(|d| d.as_millis())
    }

    #[test]
    fn pauses_double_and_end() {
        let outcome = Outcome::Status(StatusCode::BAD_GATEWAY, None);
        assert_eq!(pause(1, Method::GET, outcome), Some(100));
        assert_eq!(pause(2, Method::GET, outcome), Some(200));
        assert_eq!(pause(3, Method::GET, outcome), None);
        assert_eq!(RETRY.pause(1, &Method::GET, outcome, 0.0), Some(Duration::from_millis(50)));
    }

    #[test]
    fn only_what_may_be_repeated_is() {
        let unavailable = Outcome::Status(StatusCode::SERVICE_UNAVAILABLE, None);
        assert!(pause(1, Method::PUT, unavailable).is_some());
        assert_eq!(pause(1, Method::POST, unavailable), None);
        assert_eq!(pause(1, Method::POST, Outcome::Broken), None);
        assert!(pause(1, Method::POST, Outcome::NotConnected).is_some());
        assert_eq!(pause(1, Method::GET, Outcome::Final), None);
        assert_eq!(pause(1, Method::GET, Outcome::Status(StatusCode::INTERNAL_SERVER_ERROR, None)), None);
    }

    #[test]
    fn retry_after_is_honoured_up_to_the_longest_pause() {
        let after = |s| Outcome::Status(StatusCode::TOO_MANY_REQUESTS, Some(Duration::from_secs(s)));
        assert_eq!(pause(1, Method::GET, after(3)), Some(3000));
        assert_eq!(pause(1, Method::GET, after(11)), None);
    }
}
