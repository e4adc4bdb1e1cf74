//! How a person logs in: the flow, its steps, the pages.

pub(crate) mod flow;
