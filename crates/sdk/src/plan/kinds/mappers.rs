//! Protocol mappers: what clients and client scopes put into tokens.

use cloakroom_api::endpoint::Call;
use serde_json::Value;

use super::super::cx::Cx;
use super::super::item::{Found, at, entry, fill};
use super::super::kind::{Kind, Operation};
use crate::error::Result;

/// The mappers of one kind of things.
pub(crate) struct Mappers {
    name: &'static str,
    /// Whose they are, the list of those, and the field that names them.
    of: &'static str,
    list: &'static str,
    named: &'static str,
}

pub(crate) static OF_CLIENT: Mappers =
    Mappers { name: "client mapper", of: "client", list: "clients", named: "clientId" };
pub(crate) static OF_CLIENT_SCOPE: Mappers =
    Mappers { name: "client scope mapper", of: "client scope", list: "clientScopes", named: "name" };

const FIELD: &str = "protocolMappers";

impl Kind for Mappers {
    fn name(&self) -> &'static str {
        self.name
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        for holder in tree.get(self.list).and_then(Value::as_array).into_iter().flatten() {
            let Some(name) = holder.get(self.named).and_then(Value::as_str) else { continue };
            found.list(&[name.to_owned()], holder.get(FIELD), "name", &[]);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let holder = entry(at(tree, &[self.list]), self.named, &key[0]);
        fill(entry(at(holder, &[FIELD]), "name", &key[1]), value);
    }

    fn parent(&self) -> Option<&'static str> {
        Some(self.of)
    }

    fn client<'a>(&self, key: &'a [String]) -> Option<&'a str> {
        (self.of == "client").then(|| key[0].as_str())
    }

    fn within(&self) -> Option<&'static str> {
        Some(FIELD)
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], id: &str) -> Result<Call> {
        let holder = cx.id(self.of, &key[..1])?;
        let (client, scope) = (cx.calls().client(&holder).mappers(), cx.calls().client_scope(&holder).mappers());
        Ok(match (operation, self.of) {
            (Operation::Create, "client") => client.create(&Default::default()),
            (Operation::Update, "client") => client.update(id, &Default::default()),
            (Operation::Delete, "client") => client.delete(id),
            (Operation::Create, _) => scope.create(&Default::default()),
            (Operation::Update, _) => scope.update(id, &Default::default()),
            (Operation::Delete, _) => scope.delete(id),
        })
    }
}
