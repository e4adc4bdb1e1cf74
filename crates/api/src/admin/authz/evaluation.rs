//! What a user would be granted, and why.

use std::collections::BTreeMap;

use super::{Policy, Resource, Scope};
use crate::{admin::tokens::AccessToken, fields::StringMap, representation::representations};
use serde::{Deserialize, Serialize};

representations! {
    /// Asks what a user would be granted.
    pub struct PolicyEvaluationRequest = "PolicyEvaluationRequest" {
        pub context: Option<BTreeMap<String, StringMap>>,
        pub resources: Option<Vec<Resource>>,
        pub resource_type: Option<String>,
        pub client_id: Option<String>,
        pub user_id: Option<String>,
        pub role_ids: Option<Vec<String>>,
        /// Whether to answer with permissions only.
        pub entitlements: Option<bool>,
    }

    /// What a user would be granted, and why.
    pub struct PolicyEvaluationResponse = "PolicyEvaluationResponse" {
        pub results: Option<Vec<EvaluationResult>>,
        pub entitlements: Option<bool>,
        pub status: Option<DecisionEffect>,
        pub rpt: Option<AccessToken>,
    }

    /// The decision on one resource.
    pub struct EvaluationResult = "EvaluationResultRepresentation" {
        pub resource: Option<Resource>,
        pub scopes: Option<Vec<Scope>>,
        pub policies: Option<Vec<PolicyResult>>,
        pub status: Option<DecisionEffect>,
        pub allowed_scopes: Option<Vec<Scope>>,
        pub denied_scopes: Option<Vec<Scope>>,
    }

    /// What one policy decided.
    pub struct PolicyResult = "PolicyResultRepresentation" {
        pub policy: Option<Policy>,
        pub status: Option<DecisionEffect>,
        pub associated_policies: Option<Vec<PolicyResult>>,
        pub scopes: Option<Vec<String>>,
        pub resource_type: Option<String>,
    }
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DecisionEffect {
    Permit,
    Deny,
}
