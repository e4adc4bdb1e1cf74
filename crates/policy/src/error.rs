//! What can be wrong with settings, and with what was asked of them.

/// Why settings could not be read, or a request not be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not the JSON of a resource server's settings.
    #[error("not the settings of a resource server: {0}")]
    Json(String),

    /// A policy or permission says something that cannot be, or names what is not there.
    #[error("policy \"{policy}\": {problem}")]
    Policy {
        /// The policy's name.
        policy: String,
        /// What is wrong with it.
        problem: String,
    },

    /// A resource says something that cannot be.
    #[error("resource \"{resource}\": {problem}")]
    Resource {
        /// The resource's name.
        resource: String,
        /// What is wrong with it.
        problem: String,
    },

    /// The request asks for a resource that is not there, or that has none of the scopes asked for. Keycloak's
    /// `invalid_resource`.
    #[error("there is no resource \"{0}\"")]
    UnknownResource(String),

    /// None of the scopes asked for is known. Keycloak's `invalid_scope`.
    #[error("there is no scope {0}")]
    UnknownScope(String),
}

/// The result of reading settings and of resolving requests.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn policy(policy: &str, problem: impl std::fmt::Display) -> Self {
        Self::Policy { policy: policy.to_owned(), problem: problem.to_string() }
    }

    pub(crate) fn resource(resource: &str, problem: impl std::fmt::Display) -> Self {
        Self::Resource { resource: resource.to_owned(), problem: problem.to_string() }
    }
}
