//! How a person logs in: the flow, its steps, the pages.

pub(crate) mod code;
pub(crate) mod cookies;
pub(crate) mod flow;
pub(crate) mod messages;
pub(crate) mod pages;
pub(crate) mod request;
pub(crate) mod resources;
pub(crate) mod response;
