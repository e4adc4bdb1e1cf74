//! A pool of things that one thread at a time may use: database connections.

use crate::{Error, Result};
use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a request waits for a connection before it is answered 503.
const PATIENCE: Duration = Duration::from_secs(30);

type Make<T> = Box<dyn Fn() -> Result<T> + Send + Sync>;

struct State<T> {
    idle: Vec<T>,
    made: usize,
}

pub(crate) struct Pool<T> {
    state: Mutex<State<T>>,
    returned: Condvar,
    most: usize,
    make: Make<T>,
}

impl<T> Pool<T> {
    /// A pool of at most `most`, each made when it is first needed.
    pub(crate) fn new(most: usize, make: impl Fn() -> Result<T> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Pool {
            state: Mutex::new(State { idle: Vec::new(), made: 0 }),
            returned: Condvar::new(),
            most,
            make: Box::new(make),
        })
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one, waiting for it if all are in use.
    pub(crate) fn take(self: &Arc<Self>) -> Result<Pooled<T>> {
        let mut state = self.state();
        loop {
            if let Some(item) = state.idle.pop() {
                return Ok(Pooled { item: Some(item), pool: self.clone() });
            }
            if state.made < self.most {
                state.made += 1;
                drop(state);
                let mut place = Place { pool: self, kept: false };
                let item = (self.make)()?;
                place.kept = true;
                return Ok(Pooled { item: Some(item), pool: self.clone() });
            }
            let (next, timeout) = self.returned.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = next;
            if timeout.timed_out() && state.idle.is_empty() {
                return Err(Error::Busy(PATIENCE.as_secs()));
            }
        }
    }

    fn forget_one(&self) {
        self.state().made -= 1;
        self.returned.notify_one();
    }
}

/// A place in the pool that is free again unless the item in it was made.
struct Place<'a, T> {
    pool: &'a Pool<T>,
    kept: bool,
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        if !self.kept {
            self.pool.forget_one();
        }
    }
}

/// Something taken from a pool; it goes back when dropped.
pub(crate) struct Pooled<T> {
    item: Option<T>,
    pool: Arc<Pool<T>>,
}

impl<T> Pooled<T> {
    /// Throws it away instead of giving it back: a broken connection.
    pub(crate) fn discard(mut self) {
        self.item = None;
    }
}

impl<T> Deref for Pooled<T> {
    type Target = T;
    #[expect(clippy::expect_used, reason = "the item leaves only when this is consumed")]
    fn deref(&self) -> &T {
        self.item.as_ref().expect("a pooled item is there until it is given back")
    }
}

impl<T> DerefMut for Pooled<T> {
    #[expect(clippy::expect_used, reason = "the item leaves only when this is consumed")]
    fn deref_mut(&mut self) -> &mut T {
        self.item.as_mut().expect("a pooled item is there until it is given back")
    }
}

impl<T> Drop for Pooled<T> {
    fn drop(&mut self) {
        match self.item.take() {
            Some(item) => {
                self.pool.state().idle.push(item);
                self.pool.returned.notify_one();
            }
            None => self.pool.forget_one(),
        }
    }
}
