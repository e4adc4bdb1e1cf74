//! What holds for all settings.

use cloakroom_policy::{Context, Request};
use proptest::prelude::*;
use serde_json::json;

use crate::world::{NOW, alice, by, model, not, on, policy, resource};

/// Whether a permission with this strategy grants, its policies being such.
fn grants(strategy: &str, holding: &[bool], aggregated: bool, negated: bool) -> bool {
    let users = |holds: bool| if holds { vec!["alice"] } else { vec![] };
    let names: Vec<String> = (0..holding.len()).map(|at| format!("p{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let one = |at: usize| {
        let guard = policy("user", names[at], json!({ "users": users(holding[at] != negated) }));
        if negated { not(guard) } else { guard }
    };
    let mut policies: Vec<_> = (0..holding.len()).map(one).collect();
    if aggregated {
        policies.push(by(strategy, policy("aggregate", "all", json!({ "applyPolicies": names }))));
        policies.push(on("perm", &["R"], &["all"]));
    } else {
        policies.push(by(strategy, on("perm", &["R"], &names)));
    }
    let model = model(vec![resource("R", &[])], policies);
    model.decide(&alice(), &Context::at(NOW), &Request::new().permission("R")).unwrap().is_granted()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn unanimous_implies_consensus_implies_affirmative(
        holding in prop::collection::vec(any::<bool>(), 1..8), aggregated: bool, negated: bool,
    ) {
        let [unanimous, consensus, affirmative] =
            ["UNANIMOUS", "CONSENSUS", "AFFIRMATIVE"].map(|strategy| grants(strategy, &holding, aggregated, negated));
        prop_assert!(unanimous <= consensus && consensus <= affirmative);
        prop_assert_eq!(unanimous, holding.iter().all(|holds| *holds));
        prop_assert_eq!(affirmative, holding.contains(&true));
    }

    #[test]
    fn another_permit_never_takes_a_grant_away(
        holding in prop::collection::vec(any::<bool>(), 1..8), aggregated: bool,
    ) {
        for strategy in ["UNANIMOUS", "CONSENSUS", "AFFIRMATIVE"] {
            let more: Vec<bool> = holding.iter().copied().chain([true]).collect();
            prop_assert!(grants(strategy, &holding, aggregated, false) <= grants(strategy, &more, aggregated, false));
        }
    }
}
