//! What a kind of thing is: where files have it, and which calls make, change and delete it.

use std::future::Future;
use std::pin::Pin;

use cloakroom_api::endpoint::Call;
use serde_json::Value;

use super::cx::Cx;
use super::item::{Found, Key};
use crate::error::Result;

/// Calls under way.
pub(crate) type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What is done with a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Update,
    Delete,
}

/// A change of one of the fields that are written by calls of their own.
pub(crate) struct Link<'a> {
    pub(crate) field: &'static str,
    pub(crate) old: &'a Value,
    pub(crate) new: &'a Value,
}

/// One kind of thing. All that is particular to it stands in its own file.
pub(crate) trait Kind: Sync {
    /// What one is called in messages: `client scope`.
    fn name(&self) -> &'static str;

    /// Finds the things of this kind in a realm as files and servers write it.
    fn take(&self, tree: &Value, found: &mut Found);

    /// Writes a thing into such a tree.
    fn put(&self, tree: &mut Value, key: &[String], value: &Value);

    /// The kind that the names but the last are those of.
    fn parent(&self) -> Option<&'static str> {
        None
    }

    /// The names of what a thing belongs to.
    fn above<'a>(&self, key: &'a [String]) -> &'a [String] {
        &key[..key.len().saturating_sub(1)]
    }

    /// The field of the parent's body that creates things of this kind together with the parent.
    fn within(&self) -> Option<&'static str> {
        None
    }

    /// Fields that the server makes, or that say nothing of their own.
    fn server_made(&self) -> &'static [&'static str] {
        &[]
    }

    /// Fields that are sent at creation only, since nobody can see whether they changed.
    fn at_creation(&self) -> &'static [&'static str] {
        &[]
    }

    /// Fields that calls of their own write, once everything they may refer to is there.
    fn links(&self) -> &'static [&'static str] {
        &[]
    }

    /// Fields that are replaced as a whole, although they are objects.
    fn whole(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether creating writes those fields too.
    fn links_at_creation(&self) -> bool {
        false
    }

    /// Whether masked secrets in an update keep what is stored.
    fn keeps_masks(&self) -> bool {
        false
    }

    /// Whether a server makes such things only by itself: they are changed, never created nor deleted.
    fn fixed(&self) -> bool {
        false
    }

    /// Whether this thing of a realm, which no file names, is never deleted.
    fn built_in(&self, _realm: &str, _key: &[String], _value: &Value) -> bool {
        false
    }

    /// The client that a thing is, or is a part of.
    fn client<'a>(&self, _key: &'a [String]) -> Option<&'a str> {
        None
    }

    /// Reads what an export of the realm leaves out, into the tree of the export.
    fn read<'a>(&'a self, _cx: &'a Cx<'_>, _wanted: Option<&'a Value>, _tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// The call of an operation; its body is given to it later.
    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], id: &str) -> Result<Call>;

    /// The body as the server wants it: with ids in place of names.
    fn body<'a>(&'a self, _cx: &'a Cx<'_>, _key: &'a [String], body: Value) -> Doing<'a, Value> {
        Box::pin(async { Ok(body) })
    }

    /// Creates a thing, and gives its id.
    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let body = self.body(cx, key, body).await?;
            cx.write(self.call(cx, Operation::Create, key, "")?, &body).await
        })
    }

    /// Changes a thing: `body` is all of it.
    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let mut body = self.body(cx, key, body).await?;
            let id = cx.id(self.name(), key)?;
            // mappers cannot be updated without
            body["id"] = id.clone().into();
            cx.write(self.call(cx, Operation::Update, key, &id)?, &body).await.map(drop)
        })
    }

    /// Deletes a thing.
    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _old: &'a Value) -> Doing<'a, ()> {
        Box::pin(
            async move { cx.send(self.call(cx, Operation::Delete, key, &cx.id(self.name(), key)?)?).await.map(drop) },
        )
    }

    /// Writes fields that have calls of their own.
    fn link<'a>(&'a self, _cx: &'a Cx<'_>, _key: &'a Key, _links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}
