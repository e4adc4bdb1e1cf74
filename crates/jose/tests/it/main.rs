//! The behaviour of the crate, seen from outside.

mod round_trip;
