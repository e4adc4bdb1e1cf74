//! How many passwords are hashed at once, and how many may wait: a login is a second of one core's work in disguise.

use crate::{Error, Result, error::overloaded};
use argon2::Block;
use std::sync::{Condvar, Mutex, PoisonError};

/// Slots for hashing, one a core, each with the memory that Argon2 fills: it is kept, not allocated per login.
pub struct Hasher {
    state: Mutex<State>,
    returned: Condvar,
    queue: usize,
}

struct State {
    free: Vec<Vec<Block>>,
    waiting: usize,
}

impl Hasher {
    /// `slots` hashes at once; `queue` requests wait for a slot, and one more is refused.
    pub fn new(slots: usize, queue: usize) -> Self {
        let free = (0..slots.max(1)).map(|_| Vec::new()).collect();
        Hasher { state: Mutex::new(State { free, waiting: 0 }), returned: Condvar::new(), queue }
    }

    /// Runs `hash` with a slot's memory, after waiting for a slot. Beyond the queue it is 503 with `Retry-After`.
    pub fn run<T>(&self, hash: impl FnOnce(&mut Vec<Block>) -> Result<T>) -> Result<T> {
        let mut slot = Slot { memory: Some(self.take()?), hasher: self };
        match &mut slot.memory {
            Some(memory) => hash(memory),
            None => Err(overloaded()),
        }
    }

    fn take(&self) -> Result<Vec<Block>, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(memory) = state.free.pop() {
            return Ok(memory);
        }
        if state.waiting >= self.queue {
            return Err(overloaded());
        }
        state.waiting += 1;
        loop {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
            if let Some(memory) = state.free.pop() {
                state.waiting -= 1;
                return Ok(memory);
            }
        }
    }
}

/// A slot in use; it is free again when dropped, also by a panic.
struct Slot<'a> {
    memory: Option<Vec<Block>>,
    hasher: &'a Hasher,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.hasher.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.free.push(self.memory.take().unwrap_or_default());
        drop(state);
        self.hasher.returned.notify_one();
    }
}
