//! What is demanded of claims.

use cloakroom_jose::{ClaimError, Claims, Validation};
use serde_json::{Value, json};

fn claims(json: Value) -> Claims {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_token_ends_at_exp_and_begins_at_nbf() {
    let at = |now| Validation::at(now).check(&claims(json!({ "nbf": 100, "iat": 100, "exp": 200 })));
    assert_eq!(at(99), Err(ClaimError::NotYetValid));
    assert_eq!(at(100), Ok(()));
    assert_eq!(at(199), Ok(()));
    assert_eq!(at(200), Err(ClaimError::Expired));
}

#[test]
fn the_leeway_counts_at_both_ends() {
    let at = |now| Validation::at(now).leeway(5).check(&claims(json!({ "nbf": 100, "exp": 200 })));
    assert_eq!(at(94), Err(ClaimError::NotYetValid));
    assert_eq!(at(95), Ok(()));
    assert_eq!(at(204), Ok(()));
    assert_eq!(at(205), Err(ClaimError::Expired));
    assert_eq!(Validation::at(200).leeway(-5).check(&claims(json!({ "exp": 201 }))), Ok(()));
}

#[test]
fn an_expiry_is_demanded_unless_it_is_waived() {
    let without = claims(json!({}));
    assert_eq!(Validation::at(0).check(&without), Err(ClaimError::NoExpiry));
    assert_eq!(Validation::at(0).without_expiry().check(&without), Ok(()));
    assert_eq!(Validation::at(9).without_expiry().check(&claims(json!({ "exp": 8 }))), Err(ClaimError::Expired));
}

#[test]
fn a_token_from_the_future_or_too_far_in_the_past_is_refused() {
    let at = |iat: Value| Validation::at(1000).max_age(60).check(&claims(json!({ "iat": iat, "exp": 2000 })));
    assert_eq!(at(json!(1001)), Err(ClaimError::IssuedInFuture));
    assert_eq!(at(json!(1000)), Ok(()));
    assert_eq!(at(json!(940)), Ok(()));
    assert_eq!(at(json!(939)), Err(ClaimError::TooOld));
    assert_eq!(at(json!(null)), Err(ClaimError::NoIssuedAt));
}

#[test]
fn extreme_times_do_not_overflow() {
    for exp in [json!(i64::MAX), json!(1e300), json!(i64::MIN), json!(-1e300), json!(u64::MAX)] {
        let claims = claims(json!({ "exp": exp, "nbf": i64::MIN, "iat": i64::MIN }));
        for now in [i64::MIN, 0, i64::MAX] {
            let _ = Validation::at(now).leeway(i64::MAX).max_age(i64::MAX).check(&claims);
        }
    }
    assert_eq!(claims(json!({ "exp": 200.9 })).exp, Some(200));
    assert!(serde_json::from_value::<Claims>(json!({ "exp": "200" })).is_err());
}

#[test]
fn one_of_the_audiences_must_be_among_those_demanded() {
    let check = |aud: Value| {
        let demanded = Validation::at(0).audience("shop").audience("https://id.example/realms/shop");
        demanded.check(&claims(json!({ "exp": 1, "aud": aud })))
    };
    assert_eq!(check(json!("shop")), Ok(()));
    assert_eq!(check(json!(["account", "https://id.example/realms/shop"])), Ok(()));
    for wrong in [json!("account"), json!(["Shop"]), json!([]), json!(null), json!("shop,account"), json!("")] {
        assert_eq!(check(wrong), Err(ClaimError::Audience));
    }
    assert!(serde_json::from_value::<Claims>(json!({ "aud": { "shop": 1 } })).is_err());
}

#[test]
fn issuer_party_and_type_are_compared_exactly() {
    let token = claims(json!({ "exp": 1, "iss": "https://id.example/realms/shop", "azp": "web", "typ": "Bearer" }));
    let at = || Validation::at(0);
    assert_eq!(at().issuer("https://id.example/realms/shop").azp("web").typ("ID").typ("Bearer").check(&token), Ok(()));
    assert_eq!(at().issuer("https://id.example/realms/shop/").check(&token), Err(ClaimError::Issuer));
    assert_eq!(at().azp("Web").check(&token), Err(ClaimError::AuthorizedParty));
    assert_eq!(at().typ("Refresh").check(&token), Err(ClaimError::Type));
    let bare = claims(json!({ "exp": 1 }));
    assert_eq!(at().issuer("").check(&bare), Err(ClaimError::Issuer));
    assert_eq!(at().azp("").check(&bare), Err(ClaimError::AuthorizedParty));
    assert_eq!(at().typ("").check(&bare), Err(ClaimError::Type));
}
