//! What is asked for: permissions by resource and scope, or everything.

use std::collections::BTreeMap;

use cloakroom_api::admin::authz::PolicyEvaluationRequest;

use crate::tickets::Ticket;

/// What is asked for. Without a permission: everything that can be granted.
///
/// ```
/// use cloakroom_policy::Request;
/// let view = Request::new().permission("Album#view");
/// let both = Request::new().resource("Album", ["view", "delete"]).claim("organization", ["acme"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    pub(crate) asks: Vec<Ask>,
    claims: BTreeMap<String, Vec<String>>,
    tickets: Vec<Ticket>,
    pub(crate) limit: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    /// As the parameter `permission` of the UMA grant: a resource by id, name or `resource-type…:`, or none.
    Named { resource: Option<String>, scopes: Vec<String> },
    /// As `permission` with `permission_resource_format=uri`.
    Uri { uri: String, matching: bool, scopes: Vec<String> },
    /// As an entry of `resources` of the Admin API's evaluation.
    Described { id: Option<String>, name: Option<String>, kind: Option<String>, scopes: Vec<String> },
}

impl Request {
    /// Everything that can be granted: the resource server's resources, the user's own, and those shared with them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a permission as the UMA grant writes it: `resource`, `resource#scope`, `resource#scope,scope` or
    /// `#scope`, where the resource is an id, a name, or `resource-type:TYPE` (the resource server's resources of that
    /// type; `resource-type-any:`, `resource-type-owner:` and `resource-type-instance:` for everybody's, the user's own
    /// and the users').
    pub fn permission(self, expression: &str) -> Self {
        let (resource, scopes) = split(expression);
        self.ask(Ask::Named { resource, scopes })
    }

    /// Asks for scopes of a resource, by id or name; without scopes, for all that it has.
    pub fn resource(self, resource: &str, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.ask(Ask::Named { resource: Some(resource.to_owned()), scopes })
    }

    /// Asks for the resources with a URI: `/albums/7#view`. With `matching`, patterns such as `/albums/*` count;
    /// otherwise the URI must be written like this.
    pub fn uri(self, expression: &str, matching: bool) -> Self {
        match split(expression) {
            (Some(uri), scopes) => self.ask(Ask::Uri { uri, matching, scopes }),
            (None, scopes) => self.ask(Ask::Named { resource: None, scopes }),
        }
    }

    /// Pushes a claim: policies see it as an attribute of the context, and it comes back with what is granted.
    pub fn claim(mut self, name: impl Into<String>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.claims.insert(name.into(), values.into_iter().map(Into::into).collect());
        self
    }

    /// Takes an owner's grant into account. Those to others matter, too: they say who else may, and so who may not.
    pub fn ticket(mut self, ticket: Ticket) -> Self {
        self.tickets.push(ticket);
        self
    }

    /// Decides on the first resources only, in the order asked.
    pub fn limit(mut self, resources: usize) -> Self {
        self.limit = Some(resources);
        self
    }

    fn ask(mut self, ask: Ask) -> Self {
        self.asks.push(ask);
        self
    }

    pub(crate) fn claims(&self) -> &BTreeMap<String, Vec<String>> {
        &self.claims
    }

    pub(crate) fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }
}

/// What the Admin API's evaluation asks for. Entries that name nothing known are passed over; when none is left,
/// everything is asked for. The identity (`userId`, `roleIds`) is up to the caller.
impl From<&PolicyEvaluationRequest> for Request {
    fn from(from: &PolicyEvaluationRequest) -> Self {
        let asks = from.resources.iter().flatten().map(|resource| Ask::Described {
            id: resource.id.clone(),
            name: resource.name.clone(),
            kind: resource.r#type.clone(),
            scopes: resource.scopes.iter().flatten().filter_map(|scope| scope.name.clone()).collect(),
        });
        let attributes = from.context.as_ref().and_then(|context| context.get("attributes"));
        let claims = attributes.into_iter().flat_map(|attributes| attributes.iter());
        let claims = claims.map(|(name, values)| (name.to_owned(), values.split(',').map(str::to_owned).collect()));
        Self { asks: asks.collect(), claims: claims.collect(), ..Self::default() }
    }
}

/// `resource#scope,scope`
fn split(expression: &str) -> (Option<String>, Vec<String>) {
    let (resource, scopes) = expression.split_once('#').unwrap_or((expression, ""));
    let scopes = scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
    (Some(resource).filter(|resource| !resource.is_empty()).map(str::to_owned), scopes)
}
