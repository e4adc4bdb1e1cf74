//! The behaviour of the crate, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy spares only the functions marked #[test]")]

mod round_trip;
