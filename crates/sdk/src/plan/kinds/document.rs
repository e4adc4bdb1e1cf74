//! Things that have no calls of their own: entries of a document that is read, changed and written as a whole.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Operation};
use super::super::managed::Managed;
use crate::error::Result;

/// The entries of one list of one document.
pub(crate) struct Entries {
    name: &'static str,
    /// Where files have the document, and the list within it.
    field: &'static str,
    list: &'static str,
    /// The calls that read and write the document.
    get: fn(&Cx<'_>) -> Call,
    set: fn(&Cx<'_>) -> Call,
}

pub(crate) static CLIENT_PROFILES: Entries = Entries {
    name: "client profile",
    field: "clientProfiles",
    list: "profiles",
    get: |cx| cx.calls().client_policies().profiles(&Default::default()),
    set: |cx| cx.calls().client_policies().set_profiles(&Default::default()),
};

pub(crate) static CLIENT_POLICIES: Entries = Entries {
    name: "client policy",
    field: "clientPolicies",
    list: "policies",
    get: |cx| cx.calls().client_policies().policies(&Default::default()),
    set: |cx| cx.calls().client_policies().set_policies(&Default::default()),
};

pub(crate) static PROFILE_GROUPS: Entries = Entries {
    name: "user profile group",
    field: PROFILE,
    list: "groups",
    get: |cx| cx.calls().profile().get(),
    set: |cx| cx.calls().profile().update(&Some(Default::default())),
};

pub(crate) static PROFILE_ATTRIBUTES: Entries = Entries {
    name: "user profile attribute",
    field: PROFILE,
    list: "attributes",
    get: |cx| cx.calls().profile().get(),
    set: |cx| cx.calls().profile().update(&Some(Default::default())),
};

const PROFILE: &str = "userProfile";

impl Entries {
    /// Reads the document, changes its list and writes it, alone.
    async fn change(&self, cx: &Cx<'_>, change: impl FnOnce(&mut Vec<Value>)) -> Result<()> {
        let _alone = cx.document.lock().await;
        let mut document = cx.get((self.get)(cx)).await?;
        if !document.get(self.list).is_some_and(Value::is_array) {
            document[self.list] = json!([]);
        }
        if let Some(Value::Array(list)) = document.get_mut(self.list) {
            change(list);
        }
        cx.write((self.set)(cx), &document).await.map(drop)
    }

    fn position(list: &[Value], key: &[String]) -> Option<usize> {
        list.iter().position(|entry| entry.get("name").and_then(Value::as_str) == Some(&key[0]))
    }
}

impl Kind for Entries {
    fn name(&self) -> &'static str {
        self.name
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let list = tree.get(self.field).and_then(|document| document.get(self.list));
        found.list(&[], list, "name", &[]);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &[self.field, self.list]), "name", &key[0]), value);
    }

    fn call(&self, cx: &Cx<'_>, _: Operation, _: &[String], _: &str) -> Result<Call> {
        Ok((self.set)(cx))
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, _: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move { self.change(cx, |list| list.push(body)).await.map(|()| None) })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(self.change(cx, move |list| {
            if let Some(at) = Self::position(list, key) {
                list[at] = body;
            }
        }))
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(
            self.change(cx, |list| list.retain(|entry| entry.get("name").and_then(Value::as_str) != Some(&key[0]))),
        )
    }
}

/// What a user profile says of attributes that it does not name.
pub(crate) struct ProfileSettings;

impl Kind for ProfileSettings {
    fn name(&self) -> &'static str {
        "user profile"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let policy = tree.get(PROFILE).map(|profile| json!({ POLICY: profile.get(POLICY) }));
        if let Some(policy) = policy {
            found.add(Key::new(), &policy, &[]);
        }
    }

    fn put(&self, tree: &mut Value, _: &[String], value: &Value) {
        fill(at(tree, &[PROFILE]), value);
    }

    fn fixed(&self) -> bool {
        true
    }

    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            // what was made before has to be known where it is no longer wanted
            let made = Managed::of(tree);
            let ours = [&PROFILE_GROUPS, &PROFILE_ATTRIBUTES].iter().any(|kind| !made.names(kind.name).is_empty());
            if ours || wanted.is_none_or(|wanted| wanted.get(PROFILE).is_some()) {
                tree[PROFILE] = cx.find(cx.calls().profile().get()).await?.unwrap_or_default();
            }
            Ok(())
        })
    }

    fn call(&self, cx: &Cx<'_>, _: Operation, _: &[String], _: &str) -> Result<Call> {
        Ok(cx.calls().profile().update(&Some(Default::default())))
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let _alone = cx.document.lock().await;
            let mut profile = cx.get(cx.calls().profile().get()).await?;
            profile[POLICY] = body.get(POLICY).cloned().unwrap_or_default();
            cx.write(self.call(cx, Operation::Update, key, "")?, &profile).await.map(drop)
        })
    }
}

const POLICY: &str = "unmanagedAttributePolicy";
