//! How a person logs in: the flow, its steps, the pages.

pub(crate) mod flow;
pub(crate) mod messages;
pub(crate) mod pages;
pub(crate) mod resources;
