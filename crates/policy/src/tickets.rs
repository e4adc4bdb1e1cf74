//! What owners granted to others: User-Managed Access.

use std::collections::HashMap;

use crate::{identity::Identity, model::Model};

/// A grant by the owner of a resource to somebody else (User-Managed Access), as granted permission tickets say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The resource, by id; or by name, for every user's resource of that name.
    pub resource: String,
    /// The scope that is granted; the whole resource without.
    pub scope: Option<String>,
    /// Who may: the user's id or username.
    pub requester: String,
}

/// Tickets by resource.
pub(crate) struct Shares<'a>(HashMap<u32, Vec<&'a Ticket>>);

/// What one requester was granted of a resource, seen as a permission.
pub(crate) struct Share {
    pub(crate) scopes: Vec<u32>,
    /// The requester and the owner fulfil it.
    pub(crate) granted: bool,
}

impl<'a> Shares<'a> {
    pub(crate) fn new(model: &Model, tickets: &'a [Ticket]) -> Self {
        let mut shares: HashMap<u32, Vec<&Ticket>> = HashMap::new();
        for ticket in tickets {
            let with_id = model.index.with_id(&ticket.resource);
            let named = || model.index.named(&ticket.resource).iter().copied();
            let owned = |at: &u32| model.resource_at(*at).owner.is_some();
            match with_id {
                Some(at) => shares.entry(at).or_default().push(ticket),
                None => named().filter(owned).for_each(|at| shares.entry(at).or_default().push(ticket)),
            }
        }
        Self(shares)
    }

    pub(crate) fn resources(&self) -> impl Iterator<Item = u32> {
        self.0.keys().copied()
    }

    /// The tickets of a resource that somebody holds.
    pub(crate) fn with(&self, resource: u32, identity: &Identity) -> impl Iterator<Item = &'a Ticket> {
        let tickets = self.0.get(&resource).into_iter().flatten().copied();
        tickets.filter(|ticket| identity.is(&ticket.requester))
    }

    /// One permission for each requester that a resource is shared with.
    pub(crate) fn of(&self, resource: u32, model: &Model, identity: &Identity) -> Vec<Share> {
        let owner = model.resource_at(resource).owned_by(identity);
        let mut shares: Vec<Share> = Vec::new();
        let mut at: HashMap<&str, usize> = HashMap::new();
        for ticket in self.0.get(&resource).into_iter().flatten() {
            let requester = ticket.requester.as_str();
            let at = *at.entry(requester).or_insert_with(|| {
                shares.push(Share { scopes: Vec::new(), granted: owner || identity.is(requester) });
                shares.len() - 1
            });
            shares[at].scopes.extend(ticket.scope.as_deref().and_then(|scope| model.scope(scope)));
        }
        shares
    }
}
