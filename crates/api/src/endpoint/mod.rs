//! What an operation is: one row of an [`endpoints!`](crate::endpoints) table, read by client and server alike.
//!
//! A row names the verb, the path, the arguments and the success answer. From it come a `Request` that the server reads
//! ([`Endpoint`]), a method that a client calls ([`Transport`]), and an entry of the group's `ALL` list.

mod call;
mod content;
mod form;
pub mod payload;
mod reply;
mod table;

pub use call::{Call, CallError, Pages, Transport};
pub use content::{Content, Part};
pub use form::Form;
pub use reply::{
    Created, CreatedEmpty, CreatedJson, CreatedOrMoved, File, Json, JsonOrNone, List, Made, OkEmpty, Reply, Text,
};
pub use table::{check_path, default_cache, read_query, segments};

use crate::lenient::{BodyError, QueryError};
use http::{Method, request::Parts};

/// One operation, for lists: what the spec check and the routing test walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operation {
    /// `Group::function`, the name that errors and traces carry.
    pub name: &'static str,
    /// The HTTP verb.
    pub method: &'static str,
    /// The path with its `{placeholders}`.
    pub path: &'static str,
    /// The `Cache-Control` of a success answer; empty for none.
    pub cache: &'static str,
}

/// A request as it arrived: what an [`Endpoint`] is read from.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// Verb, URI and headers.
    pub parts: &'a Parts,
    /// The decoded values of the path's placeholders, in order.
    pub path: Vec<String>,
    /// The whole body.
    pub body: &'a [u8],
}

/// Why a request could not be read. Each kind has an answer of its own in Keycloak.
#[derive(Debug)]
pub enum ReadError {
    /// A path segment that no resource can have.
    Path,
    /// A query parameter of the wrong form: Keycloak answers as if the path did not exist.
    Query(QueryError),
    /// A media type that the operation does not take.
    MediaType,
    /// A body that is not what the operation takes.
    Body(BodyError),
}

/// The server's half: where a request arrives and how it is read.
pub trait Endpoint: Sized + Send + 'static {
    /// `Group::function`.
    const NAME: &'static str;
    /// The HTTP verb.
    const METHOD: Method;
    /// The path with its `{placeholders}`, in axum's syntax.
    const PATH: &'static str;
    /// The `Cache-Control` of a success answer; empty for none.
    const CACHE: &'static str;
    /// The success answer.
    type Reply: Reply;
    /// Reads path, query and body.
    fn read(incoming: Incoming<'_>) -> Result<Self, ReadError>;
}
