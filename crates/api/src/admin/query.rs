//! Queries that several lists share.

use crate::representation::representations;

representations! {
    /// A page of a list.
    pub struct Page {
        /// How many entries to pass over.
        pub first: Option<i32>,
        /// How many entries to return; all when negative.
        pub max: Option<i32>,
    }

    /// How much of each entry to return.
    pub struct Brief {
        /// Whether to leave out what takes longer to find, attributes foremost.
        pub brief_representation: Option<bool>,
    }

    /// A page of a list, and how much of each entry to return.
    pub struct BriefPage {
        /// Whether to leave out what takes longer to find, attributes foremost.
        pub brief_representation: Option<bool>,
        pub first: Option<i32>,
        /// All when negative.
        pub max: Option<i32>,
    }

    /// A number of things: `{"count": 3}`.
    pub struct Count {
        pub count: Option<i64>,
    }
}
