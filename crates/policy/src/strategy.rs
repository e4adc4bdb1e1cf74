//! How several decisions become one.

use cloakroom_api::admin::authz::DecisionStrategy;

/// Whether `permits` of `total` decisions are enough. No decision at all is enough for UNANIMOUS.
pub(crate) fn enough(strategy: DecisionStrategy, permits: usize, total: usize) -> bool {
    match strategy {
        DecisionStrategy::Affirmative => permits > 0,
        DecisionStrategy::Unanimous => permits == total,
        DecisionStrategy::Consensus => permits > total - permits,
    }
}
