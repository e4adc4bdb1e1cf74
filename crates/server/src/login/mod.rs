//! How a person logs in: the flow, its steps, the pages.

mod actions;
pub(crate) mod code;
pub(crate) mod cookies;
mod endpoints;
mod finish;
mod flow;
mod front_channel;
pub(crate) mod identity;
pub(crate) mod links;
mod messages;
pub(crate) mod pages;
pub(crate) mod proceed;
pub(crate) mod progress;
pub(crate) mod registration;
pub(crate) mod request;
mod resources;
pub(crate) mod response;
pub(crate) mod show;
mod steps;
mod tab;

pub(crate) use endpoints::routes;
pub(crate) use pages::Pages;
