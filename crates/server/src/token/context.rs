//! All that a grant's tokens are made of, read once: user, scopes, roles and mappers.

use super::{
    claims::Claims,
    mappers::{self, Input, Mapper, Needs, Place},
    roles::Roles,
    scope::Scopes,
    subject::Subject,
};
use crate::{
    Result,
    cx::Cx,
    realm_view::{ClientView, RealmView},
};
use cloakroom_store::{
    claims::roles_in_reach,
    roles,
    sessions::{ClientSessionRow, SessionRow},
    users::UserRow,
};
use std::collections::{BTreeMap, HashSet};

/// What tokens are made of.
#[derive(Debug)]
pub struct Context<'a> {
    /// The realm.
    pub realm: &'a RealmView,
    /// The client that asks.
    pub client: &'a ClientView,
    /// The server's address for this realm.
    pub base: String,
    /// The issuer of the realm's tokens.
    pub issuer: String,
    /// The user.
    pub subject: Subject,
    /// The scopes that are left after those that the user may not have are gone.
    pub scopes: Scopes<'a>,
    /// The session, or what stands for one.
    pub session: SessionPart,
    roles: Roles,
    mappers: Vec<&'a Mapper>,
}

/// What tokens tell of a session.
#[derive(Debug, Clone, Default)]
pub struct SessionPart {
    /// The id; a service account has none.
    pub id: Option<String>,
    /// Notes of the user session.
    pub notes: BTreeMap<String, String>,
    /// Notes of the client's part of it.
    pub client_notes: BTreeMap<String, String>,
}

impl SessionPart {
    /// What tokens tell of these rows.
    pub fn of(session: &SessionRow, client: &ClientSessionRow) -> Self {
        SessionPart {
            id: Some(session.id.clone()),
            notes: session.doc.notes.clone(),
            client_notes: client.doc.notes.clone(),
        }
    }
}

impl<'a> Context<'a> {
    /// Reads what is missing: roles always, attributes and groups where a mapper needs them.
    pub fn load(
        cx: &mut Cx,
        realm: &'a RealmView,
        client: &'a ClientView,
        user: UserRow,
        mut scopes: Scopes<'a>,
        session: SessionPart,
    ) -> Result<Self> {
        let (base, issuer) = (realm.base(&cx.base).to_owned(), realm.issuer(&cx.base));
        let db = cx.read()?;
        let granted = roles::of_user(db, &user.id)?;
        let ids: HashSet<&str> = granted.iter().map(|role| role.id.as_str()).collect();
        for scope in scopes.bound(&ids) {
            let bound: Vec<&str> = scope.roles.iter().map(String::as_str).collect();
            if !roles_in_reach(db, &bound, None)?.iter().any(|role| ids.contains(role.as_str())) {
                scopes.drop(&scope.id);
            }
        }
        let reach = if client.settings.full_scope_allowed == Some(true) {
            None
        } else {
            let of_scopes = scopes.granted.iter().flat_map(|scope| &scope.roles);
            let seeds: Vec<&str> = client.scope_mappings.iter().chain(of_scopes).map(String::as_str).collect();
            Some(roles_in_reach(db, &seeds, Some(&client.id))?.into_iter().collect())
        };
        let mappers: Vec<&Mapper> =
            client.mappers.iter().chain(scopes.granted.iter().flat_map(|scope| &scope.mappers)).collect();
        let mut roles = Roles::of(&granted, reach.as_ref());
        mappers::change_roles(&mappers, &mut roles);
        let needs = mappers.iter().map(|m| m.needs()).fold(Needs::default(), |all, one| Needs {
            attributes: all.attributes || one.attributes,
            groups: all.groups || one.groups,
        });
        let subject = Subject::load(db, user, needs)?;
        Ok(Context { realm, client, base, issuer, subject, scopes, session, roles, mappers })
    }

    /// Adds what the mappers have for a place.
    pub fn add_claims(&self, place: Place, claims: &mut Claims) {
        let input = Input {
            place,
            base: &self.base,
            realm: self.realm,
            client: self.client,
            subject: &self.subject,
            roles: &self.roles,
            session: self.session.id.as_deref(),
            session_notes: &self.session.notes,
            client_notes: &self.session.client_notes,
        };
        mappers::add_claims(&self.mappers, &input, claims);
    }
}
