//! What the kinds make their calls with: the client, the realm, and the ids of what has names.

use std::collections::HashMap;
use std::sync::Mutex;

use bytes::Bytes;
use cloakroom_api::endpoint::{Call, Created, Json, Pages};
use cloakroom_api::tree::Realm;
use http::{HeaderValue, Response, header};
use serde_json::{Map, Value, json};

use super::item::Key;
use super::kind::Link;
use crate::client::{Client, read};
use crate::error::{Error, OrNone, Result};
use crate::steps::Unsent;

/// One realm of one server.
pub(crate) struct Cx<'a> {
    pub(crate) client: &'a Client,
    pub(crate) realm: &'a str,
    pub(crate) at_once: usize,
    /// Whether things that nobody asked for are looked at too: they may have to go.
    pub(crate) everything: bool,
    /// Whether all users are read where files name none.
    pub(crate) users: bool,
    /// Whether the export has neither clients nor groups nor roles: each kind reads its own.
    pub(crate) in_parts: bool,
    ids: Mutex<HashMap<(&'static str, Key), String>>,
    /// Held while a document that many things share is read, changed and written.
    pub(crate) document: tokio::sync::Mutex<()>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(client: &'a Client, realm: &'a str, at_once: usize) -> Self {
        Cx {
            client,
            realm,
            at_once,
            everything: false,
            users: false,
            in_parts: false,
            ids: Mutex::default(),
            document: tokio::sync::Mutex::default(),
        }
    }

    /// The realm's calls, unsent.
    pub(crate) fn calls(&self) -> Realm<'_, Unsent> {
        Realm::new(&Unsent, self.realm)
    }

    /// Sends a call without a body of its own.
    pub(crate) async fn send(&self, call: Call) -> Result<Response<Bytes>> {
        let operation = call.operation;
        let answer = self.client.fetch(call).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(read::<()>(operation, answer).err().unwrap_or_else(|| Error::Config(format!("{operation} failed"))))
    }

    /// Sends a call with this body, and gives the id of what it created.
    pub(crate) async fn write(&self, call: Call, body: &Value) -> Result<Option<String>> {
        let unwritable = |e: serde_json::Error| Error::Config(format!("a body cannot be written: {e}"));
        let bytes = Bytes::from(serde_json::to_vec(body).map_err(unwritable)?);
        let request = call.request.map(|request| {
            let mut request = request.map(|_| bytes);
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request
        });
        let answer = self.send(Call { operation: call.operation, request }).await?;
        let location = answer.headers().get(header::LOCATION).and_then(|at| at.to_str().ok());
        let id = location.map(|at| Created::at(at).id().to_owned());
        let in_body = || {
            let body: Value = serde_json::from_slice(answer.body()).ok()?;
            body.get("id").or_else(|| body.get("_id"))?.as_str().map(str::to_owned)
        };
        Ok(id.or_else(in_body))
    }

    /// What a call answers.
    pub(crate) async fn get(&self, call: Call) -> Result<Value> {
        let operation = call.operation;
        read::<Json<Value>>(operation, self.client.fetch(call).await?)
    }

    /// What a call answers, `None` for a 404.
    pub(crate) async fn find(&self, call: Call) -> Result<Option<Value>> {
        self.get(call).await.or_none()
    }

    /// All entries of a list that pages, given the call of its beginning.
    pub(crate) async fn all(&self, call: Call) -> Result<Vec<Value>> {
        self.client.all::<Json<Vec<Value>>>(call).page_size(500).into_vec().await
    }

    fn ids(&self) -> std::sync::MutexGuard<'_, HashMap<(&'static str, Key), String>> {
        self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn note(&self, kind: &'static str, key: &[String], id: String) {
        self.ids().insert((kind, key.to_vec()), id);
    }

    /// The id of a thing that is there.
    pub(crate) fn id(&self, kind: &'static str, key: &[String]) -> Result<String> {
        let id = self.ids().get(&(kind, key.to_vec())).cloned();
        id.ok_or_else(|| Error::Config(format!("there is no {kind} {}", key.join("/"))))
    }

    /// A role as mappings name it: by id and name.
    async fn role(&self, client: Option<&str>, name: &str) -> Result<Value> {
        let (kind, key) = match client {
            None => ("realm role", vec![name.to_owned()]),
            Some(client) => ("client role", vec![client.to_owned(), name.to_owned()]),
        };
        if let Ok(id) = self.id(kind, &key) {
            return Ok(json!({ "id": id, "name": name }));
        }
        let calls = self.calls();
        let found = match client {
            None => self.find(calls.roles().get(name)).await?,
            Some(client) => {
                self.find(calls.client(&self.id("client", &[client.to_owned()])?).roles().get(name)).await?
            }
        };
        let id = found.as_ref().and_then(|role| role.get("id")?.as_str());
        let id = id.ok_or_else(|| Error::Config(format!("there is no {kind} {}", key.join("/"))))?;
        self.note(kind, &key, id.to_owned());
        Ok(json!({ "id": id, "name": name }))
    }

    /// Adds and takes away what distinguishes two sets of roles, as `realm` and `client` list them. The calls are those for
    /// the realm's roles, or a client's by its id.
    pub(crate) async fn change_roles(
        &self,
        old: &Value,
        new: &Value,
        calls: impl Fn(Option<&str>) -> (Call, Call) + Send + Sync,
    ) -> Result<()> {
        let mut containers = vec![None];
        for clients in [old.get("client"), new.get("client")].into_iter().flatten().filter_map(Value::as_object) {
            containers.extend(clients.keys().map(|client| Some(client.as_str())));
        }
        containers.sort_unstable();
        containers.dedup();
        for container in containers {
            let names = |side: &Value| {
                texts(match container {
                    None => side.get("realm"),
                    Some(client) => side.get("client").and_then(|clients| clients.get(client)),
                })
            };
            let (was, is) = (names(old), names(new));
            let id = container.map(|client| self.id("client", &[client.to_owned()])).transpose()?;
            for (adds, from, to) in [(true, &is, &was), (false, &was, &is)] {
                let mut roles = Vec::new();
                for name in from.iter().filter(|name| !to.contains(name)) {
                    roles.push(self.role(container, name).await?);
                }
                if !roles.is_empty() {
                    let (add, remove) = calls(id.as_deref());
                    self.write(if adds { add } else { remove }, &Value::Array(roles)).await?;
                }
            }
        }
        Ok(())
    }

    /// Reads the realm's attributes, changes some of them (`None` takes one out) and writes them: an update replaces them all.
    pub(crate) async fn set_attributes(&self, changes: &Map<String, Value>, settings: Value) -> Result<()> {
        let _alone = self.document.lock().await;
        let realms = cloakroom_api::admin::realms::Realms::new(&Unsent);
        let mut body = settings;
        if !changes.is_empty() {
            let now = self.get(realms.get(self.realm)).await?;
            let mut attributes = now.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
            for (name, value) in changes {
                match value {
                    Value::Null => drop(attributes.remove(name)),
                    value => drop(attributes.insert(name.clone(), value.clone())),
                }
            }
            body["attributes"] = Value::Object(attributes);
        }
        self.write(realms.update(self.realm, &Default::default()), &body).await.map(drop)
    }
}

/// What a link's two sides have that the other has not: to add, and to take away.
pub(crate) fn difference(link: &Link<'_>) -> (Vec<String>, Vec<String>) {
    let (old, new) = (texts(Some(link.old)), texts(Some(link.new)));
    let add = new.iter().filter(|name| !old.contains(name)).cloned().collect();
    (add, old.into_iter().filter(|name| !new.contains(name)).collect())
}

/// The texts of a list.
pub(crate) fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
