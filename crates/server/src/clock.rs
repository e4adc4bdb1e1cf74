//! What time it is: the system's, or one that a test moves.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The one source of time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at this time, in milliseconds since 1970.
    pub fn fixed(millis: i64) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(millis)))
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
            Clock::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Clock::Fixed(at) => at.load(Ordering::Relaxed),
        }
    }

    /// Moves a fixed clock; the system's goes by itself.
    pub fn advance(&self, seconds: i64) {
        if let Clock::Fixed(at) = self {
            at.fetch_add(seconds * 1000, Ordering::Relaxed);
        }
    }
}
