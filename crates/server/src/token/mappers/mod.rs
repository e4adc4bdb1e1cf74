//! Protocol mappers: what a client's settings put into its tokens. Each kind is a pure function of its configuration and
//! the [`Input`], one file each.

mod acr;
mod address;
mod allowed_origins;
mod audience;
mod audience_resolve;
mod claims_parameter;
mod client_role;
mod full_name;
mod group_membership;
mod hardcoded_claim;
mod hardcoded_role;
mod nonce;
mod pairwise_subject;
mod realm_role;
mod role_name;
mod session_note;
mod session_state;
mod subject;
mod user_attribute;
mod user_property;

pub(crate) use acr::LEVEL;
pub(crate) use nonce::NONCE;

use super::{
    claims::{Claims, JsonType, Path},
    roles::Roles,
    subject::Subject,
};
use crate::realm_view::{ClientView, RealmView};
use cloakroom_api::{admin::mappers::ProtocolMapper, fields::StringMap};
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Debug};

/// What claims are gathered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An access token.
    Access,
    /// An access token that holds only what it must.
    Lightweight,
    /// An ID token.
    Id,
    /// The answer of the userinfo endpoint.
    Userinfo,
    /// The answer of the introspection endpoint.
    Introspection,
}

/// What mappers look at.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What the claims are for.
    pub place: Place,
    /// The server's address, for client URLs that are relative to it.
    pub base: &'a str,
    /// The realm.
    pub realm: &'a RealmView,
    /// The client that asks.
    pub client: &'a ClientView,
    /// The user, with attributes and groups.
    pub subject: &'a Subject,
    /// The roles that the token may carry.
    pub roles: &'a Roles,
    /// The session's id, where there is one.
    pub session: Option<&'a str>,
    /// Notes of the user session.
    pub session_notes: &'a BTreeMap<String, String>,
    /// Notes of the client's part of it.
    pub client_notes: &'a BTreeMap<String, String>,
}

/// What a mapper reads of a user that is not in its row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// Attributes, its own and those of its groups.
    pub attributes: bool,
    /// The groups.
    pub groups: bool,
}

/// One kind of mapper, with its configuration.
trait Map: Debug + Send + Sync {
    /// Changes the roles before any claim is made of them.
    fn roles(&self, _roles: &mut Roles) {}

    /// Adds claims.
    fn claims(&self, _input: &Input<'_>, _claims: &mut Claims) {}

    /// What it reads of the user.
    fn needs(&self) -> Needs {
        Needs::default()
    }

    /// Whether it goes where its configuration does not send it: what decides about roles or subjects holds everywhere.
    fn everywhere(&self) -> bool {
        false
    }
}

/// A mapper of a client or a client scope, parsed.
#[derive(Debug)]
pub struct Mapper {
    /// The id of its representation.
    pub id: String,
    /// Its name.
    pub name: String,
    places: Places,
    rank: u8,
    map: Box<dyn Map>,
}

/// Where a mapper's configuration sends its claims.
#[derive(Debug, Clone, Copy)]
struct Places {
    access: bool,
    lightweight: bool,
    id: bool,
    userinfo: bool,
    introspection: bool,
}

impl Places {
    fn read(config: &StringMap) -> Self {
        let flag = |name: &str| config.get(name).map(|v| v == "true");
        let (access, id) = (flag("access.token.claim") == Some(true), flag("id.token.claim") == Some(true));
        Places {
            access,
            id,
            lightweight: flag("lightweight.claim") == Some(true),
            // older configurations do not name these two
            userinfo: flag("userinfo.token.claim").unwrap_or(id),
            introspection: flag("introspection.token.claim").unwrap_or(access),
        }
    }

    fn has(self, place: Place) -> bool {
        match place {
            Place::Access => self.access,
            Place::Lightweight => self.lightweight,
            Place::Id => self.id,
            Place::Userinfo => self.userinfo,
            Place::Introspection => self.introspection,
        }
    }
}

impl Mapper {
    /// Parses a mapper. `None` for another protocol's, and for kinds that are not known: they put nothing into tokens.
    pub fn parse(mapper: &ProtocolMapper) -> Option<Self> {
        let empty = StringMap::new();
        let config = mapper.config.as_ref().unwrap_or(&empty);
        let kind = mapper.protocol_mapper.as_deref()?;
        let places = Places::read(config);
        let only =
            |userinfo: bool, id: bool| Places { userinfo: userinfo && places.userinfo, id: id && places.id, ..places };
        // roles are decided before audiences, audiences before claims made of roles: later ones win
        let (rank, places, map): (u8, Places, Box<dyn Map>) = match kind {
            "oidc-usermodel-attribute-mapper" => (0, places, Box::new(user_attribute::UserAttribute::read(config)?)),
            "oidc-usermodel-property-mapper" => (0, places, Box::new(user_property::UserProperty::read(config)?)),
            "oidc-full-name-mapper" => (0, places, Box::new(full_name::FullName)),
            "oidc-address-mapper" => (0, places, Box::new(address::Address::read(config))),
            "oidc-hardcoded-claim-mapper" => (0, places, Box::new(hardcoded_claim::HardcodedClaim::read(config)?)),
            "oidc-usersessionmodel-note-mapper" => (0, places, Box::new(session_note::SessionNote::read(config)?)),
            "oidc-group-membership-mapper" => (0, places, Box::new(group_membership::GroupMembership::read(config)?)),
            "oidc-audience-mapper" => (0, only(false, true), Box::new(audience::Audience::read(config)?)),
            "oidc-allowed-origins-mapper" => (0, only(false, false), Box::new(allowed_origins::AllowedOrigins)),
            "oidc-acr-mapper" => (0, only(false, true), Box::new(acr::Acr)),
            "oidc-sub-mapper" => (0, only(false, false), Box::new(subject::SubjectClaim)),
            "oidc-session-state-mapper" => (0, only(false, true), Box::new(session_state::SessionState)),
            "oidc-nonce-backwards-compatible-mapper" => (0, places, Box::new(nonce::Nonce)),
            "oidc-claims-param-token-mapper" => (0, places, Box::new(claims_parameter::ClaimsParameter)),
            "oidc-claims-param-value-idtoken-mapper" => {
                (0, places, Box::new(claims_parameter::ClaimsParameterValue::read(config)?))
            }
            "oidc-sha256-pairwise-sub-mapper" => (1, places, Box::new(pairwise_subject::PairwiseSubject::read(config))),
            "oidc-role-name-mapper" => (10, places, Box::new(role_name::RoleName::read(config)?)),
            "oidc-hardcoded-role-mapper" => (20, places, Box::new(hardcoded_role::HardcodedRole::read(config)?)),
            "oidc-audience-resolve-mapper" => (30, only(false, false), Box::new(audience_resolve::AudienceResolve)),
            "oidc-usermodel-realm-role-mapper" => (40, places, Box::new(realm_role::RealmRole::read(config)?)),
            "oidc-usermodel-client-role-mapper" => (40, places, Box::new(client_role::ClientRole::read(config)?)),
            _ => return None,
        };
        let (id, name) = (mapper.id.clone().unwrap_or_default(), mapper.name.clone().unwrap_or_default());
        Some(Mapper { id, name, places, rank, map })
    }

    /// Parses those that can be.
    pub fn parse_all(mappers: Option<&Vec<ProtocolMapper>>) -> Vec<Self> {
        mappers.into_iter().flatten().filter_map(Mapper::parse).collect()
    }

    /// What it reads of the user.
    pub fn needs(&self) -> Needs {
        self.map.needs()
    }
}

/// Lets mappers change the roles.
pub fn change_roles(mappers: &[&Mapper], roles: &mut Roles) {
    in_order(mappers).iter().for_each(|m| m.map.roles(roles));
}

/// Lets mappers add their claims for a place.
pub fn add_claims(mappers: &[&Mapper], input: &Input<'_>, claims: &mut Claims) {
    for mapper in in_order(mappers) {
        if mapper.places.has(input.place) || mapper.map.everywhere() {
            mapper.map.claims(input, claims);
        }
    }
}

fn in_order<'a>(mappers: &[&'a Mapper]) -> Vec<&'a Mapper> {
    let mut mappers = mappers.to_vec();
    mappers.sort_by_key(|m| m.rank);
    mappers
}

/// The claim that several kinds of mappers write: its name, the type of its values, one or many.
#[derive(Debug, Clone)]
struct Claim {
    path: Path,
    kind: JsonType,
    many: bool,
}

impl Claim {
    fn read(config: &StringMap) -> Option<Self> {
        Some(Claim {
            path: Path::parse(config.get("claim.name")?)?,
            kind: JsonType::named(config.get("jsonType.label")),
            many: config.get("multivalued") == Some("true"),
        })
    }

    /// Writes one value.
    fn one(&self, value: &str, claims: &mut Claims) {
        if let Some(value) = self.kind.value(value) {
            claims.map(&self.path, value);
        }
    }

    /// Writes the first value, or all of them where the claim is a list.
    fn values<'v>(&self, mut values: impl Iterator<Item = &'v str>, claims: &mut Claims) {
        if self.many {
            let list: Vec<Value> = values.filter_map(|v| self.kind.value(v)).collect();
            if !list.is_empty() {
                claims.map(&self.path, list.into());
            }
        } else if let Some(value) = values.next() {
            self.one(value, claims);
        }
    }
}

/// Role names as a claim: a list, or where the claim is not one, the text of a list.
fn write_roles<'r>(path: &Path, many: bool, prefix: &str, roles: impl Iterator<Item = &'r str>, claims: &mut Claims) {
    let names: Vec<String> = roles.map(|role| format!("{prefix}{role}")).collect();
    if names.is_empty() {
        return;
    }
    claims.map(path, if many { names.into() } else { format!("[{}]", names.join(", ")).into() });
}
