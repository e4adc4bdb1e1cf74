//! Rotation of refresh tokens: each is good for one use (or as many as the realm allows), and a use beyond that ends all
//! that descend from the same login (RFC 9700 section 4.14).

use cloakroom_store::sessions::{ClientSessionDoc, Rotation};

/// How many logins of one client in one session are kept track of; the one that was used least recently goes.
const LOGINS: usize = 30;

/// A token that was used too often, or that another one has taken the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reused;

/// A login gave this token out.
pub fn begin(doc: &mut ClientSessionDoc, login: &str, token: &str, now: i64) {
    while doc.rotations.len() >= LOGINS {
        let oldest = doc.rotations.iter().min_by_key(|(_, r)| r.at).map(|(login, _)| login.clone());
        let Some(oldest) = oldest else { break };
        doc.rotations.remove(&oldest);
    }
    let fresh = Rotation { successors: vec![token.to_owned()], at: now, ..Rotation::default() };
    doc.rotations.insert(login.to_owned(), fresh);
}

/// A token is used and `next` given for it. `login` is what the token says it comes from: nothing, if it was made while the
/// realm did not rotate; its first use then begins the line.
pub fn advance(
    doc: &mut ClientSessionDoc,
    login: Option<&str>,
    token: &str,
    next: &str,
    max_reuse: i64,
    now: i64,
) -> Result<(), Reused> {
    let known = doc.rotations.contains_key(login.unwrap_or_default());
    if login.is_none() && !known {
        begin(doc, "", token, now);
    }
    let line = doc.rotations.get_mut(login.unwrap_or_default()).ok_or(Reused)?;
    if line.used == token {
        if line.uses > max_reuse {
            return Err(Reused);
        }
        line.uses += 1;
        line.successors.push(next.to_owned());
    } else if line.successors.iter().any(|t| t == token) {
        *line = Rotation { used: token.to_owned(), uses: 1, successors: vec![next.to_owned()], at: now };
    } else {
        return Err(Reused);
    }
    line.at = now;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> ClientSessionDoc {
        let mut doc = ClientSessionDoc::default();
        begin(&mut doc, "L", "t0", 0);
        doc
    }

    #[test]
    fn a_token_is_good_once() {
        let mut doc = login();
        assert_eq!(advance(&mut doc, Some("L"), "t0", "t1", 0, 1), Ok(()));
        assert_eq!(advance(&mut doc, Some("L"), "t0", "x", 0, 1), Err(Reused));
        assert_eq!(advance(&mut doc, Some("L"), "t1", "t2", 0, 2), Ok(()));
        assert_eq!(advance(&mut doc, Some("L"), "t0", "x", 0, 2), Err(Reused));
        assert_eq!(advance(&mut doc, Some("L"), "forged", "x", 0, 2), Err(Reused));
    }

    #[test]
    fn a_realm_may_allow_reuse_until_a_successor_is_used() {
        let mut doc = login();
        assert_eq!(advance(&mut doc, Some("L"), "t0", "a", 1, 1), Ok(()));
        assert_eq!(advance(&mut doc, Some("L"), "t0", "b", 1, 1), Ok(()));
        assert_eq!(advance(&mut doc, Some("L"), "t0", "c", 1, 1), Err(Reused));
        assert_eq!(advance(&mut doc, Some("L"), "a", "d", 1, 2), Ok(()));
        assert_eq!(advance(&mut doc, Some("L"), "b", "e", 1, 2), Err(Reused));
    }

    #[test]
    fn logins_do_not_disturb_each_other() {
        let mut doc = login();
        begin(&mut doc, "M", "m0", 5);
        assert_eq!(advance(&mut doc, Some("M"), "m0", "m1", 0, 6), Ok(()));
        assert_eq!(advance(&mut doc, Some("L"), "t0", "t1", 0, 7), Ok(()));
        assert_eq!(advance(&mut doc, Some("M"), "t1", "x", 0, 7), Err(Reused));
        assert_eq!(advance(&mut doc, Some("unknown"), "t1", "x", 0, 7), Err(Reused));
    }

    #[test]
    fn tokens_from_before_rotation_begin_a_line() {
        let mut doc = ClientSessionDoc::default();
        assert_eq!(advance(&mut doc, None, "old", "n1", 0, 1), Ok(()));
        assert_eq!(advance(&mut doc, None, "old", "n2", 0, 1), Err(Reused));
        assert_eq!(advance(&mut doc, None, "n1", "n2", 0, 1), Ok(()));
    }

    #[test]
    fn lines_are_bounded() {
        let mut doc = ClientSessionDoc::default();
        for n in 0..100 {
            begin(&mut doc, &format!("login {n}"), "t", n);
        }
        assert_eq!(doc.rotations.len(), LOGINS);
        assert!(doc.rotations.contains_key("login 99"));
    }
}
