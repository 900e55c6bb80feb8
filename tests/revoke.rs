//! The denylist: what it refuses, at its limits and at both ends of the clock, and that nothing revoked comes back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use std::time::Duration;

use common::{Buffer, key, signed};
use jotlet::{
    Access, Claims, Denylist, Refresh, RegisteredClaim, Revocations, RevokeError, Timestamp,
    Verifier, VerifyError,
};

const fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

const MAX: u64 = u64::MAX;

fn missing(claim: RegisteredClaim) -> Result<(), VerifyError> {
    Err(VerifyError::MissingClaim { claim })
}

/// What the whole verification says of an access token with these claims.
fn verify(
    list: &impl Revocations<Access>,
    claims: &str,
    now: u64,
    leeway: u64,
) -> Result<(), VerifyError> {
    let key = key();
    let verifier = Verifier::<Access>::new(&key)
        .allow_missing_expiry()
        .leeway(Duration::from_secs(leeway));
    let token = signed(format!(r#"{{"type":"access",{claims}}}"#));
    verifier
        .verify_with(token, at(now), &mut Buffer::new(), list)
        .map(drop)
}

/// What a list says of a token with this `jti`, `sub` and `iat` that expires at 1,000.
fn check<const N: usize>(
    list: &Denylist<N>,
    id: &str,
    subject: &str,
    issued_at: u64,
) -> Result<(), VerifyError> {
    let claims = format!(r#""jti":"{id}","sub":"{subject}","iat":{issued_at},"exp":1000"#);
    verify(list, &claims, 500, 0)
}

const REVOKED: Result<(), VerifyError> = Err(VerifyError::Revoked);
const UNKNOWN: Result<(), VerifyError> = Err(VerifyError::RevocationUnknown);

#[test]
fn a_token_is_refused_by_its_id_alone() {
    let mut list = Denylist::<8>::new();
    let hex = "0123456789abcdef0123456789abcdef";
    let uuid = "01234567-89ab-4def-8123-456789abcdef";
    // What other software writes: upper case, of another length, empty, not ASCII, escaped in the token.
    let ids = [hex, uuid, "0123456789ABCDEF", "a", "", "é😀", r"\u0022\\"];
    let revoked = [hex, uuid, "0123456789ABCDEF", "a", "", "é😀", r#""\"#];
    for (number, id) in revoked.iter().enumerate() {
        for (other, text) in ids.iter().enumerate() {
            let expected = if other < number { REVOKED } else { Ok(()) };
            assert_eq!(check(&list, text, "a", 0), expected, "{text}");
        }
        list.revoke_id(id, at(1000), at(0)).unwrap();
    }
    for near in [
        "0123456789abcdef0123456789abcdee",
        "0123456789abcdef",
        "b",
        " ",
        "é",
    ] {
        assert_eq!(check(&list, near, "a", 0), Ok(()), "{near}");
    }
}

#[test]
fn the_claims_of_a_token_revoke_it() {
    let key = key();
    let mut list = Denylist::<2>::new();
    let mut revoke = |claims: &str, now: u64| {
        let token = signed(format!(r#"{{"type":"refresh",{claims}}}"#));
        let mut buffer = Buffer::new();
        let verifier = Verifier::<Refresh>::new(&key).allow_missing_expiry();
        let claims = verifier.verify(token, at(now), &mut buffer).unwrap();
        list.revoke(&claims, at(now))
    };
    assert_eq!(revoke(r#""jti":"short","exp":600"#, 0), Ok(()));
    assert_eq!(revoke(r#""jti":"endless""#, 0), Ok(()));
    assert_eq!(revoke(r#""exp":600"#, 0), Err(RevokeError::MissingTokenId));
    let full = Err(RevokeError::Full { capacity: 2 });
    assert_eq!(revoke(r#""jti":"more""#, 599), full);
    assert_eq!(revoke(r#""jti":"more""#, 600), Ok(()));
    // What never expires stays until the end of the clock.
    assert_eq!(revoke(r#""jti":"one more""#, MAX - 1), full);
    assert_eq!(verify(&list, r#""jti":"endless""#, MAX, 0), REVOKED);
    assert_eq!(verify(&list, r#""jti":"more""#, MAX, 0), REVOKED);
}

#[test]
fn a_token_without_an_id_is_refused_whatever_the_list_has() {
    let no_id = missing(RegisteredClaim::TokenId);
    let mut list = Denylist::<1>::new();
    assert_eq!(verify(&list, r#""exp":1000"#, 0, 0), no_id);
    list.revoke_id("a", at(1000), at(0)).unwrap();
    assert_eq!(verify(&list, r#""exp":1000"#, 0, 0), no_id);
    assert_eq!(verify(&list, r#""exp":1000,"jti":"b""#, 0, 0), Ok(()));
}

#[test]
fn the_list_is_asked_last() {
    let mut list = Denylist::<1>::new();
    list.revoke_id("a", at(1000), at(0)).unwrap();
    let expired = VerifyError::Expired {
        expired_at: at(1000),
        now: at(1000),
    };
    assert_eq!(verify(&list, r#""exp":1000,"jti":"a""#, 999, 0), REVOKED);
    assert_eq!(
        verify(&list, r#""exp":1000,"jti":"a""#, 1000, 0),
        Err(expired)
    );
    let refresh = verify(&list, r#""exp":1000,"jti":"a","type":"refresh""#, 0, 0);
    let claim = RegisteredClaim::Type;
    assert_eq!(refresh, Err(VerifyError::DuplicateClaim { claim }));
}

#[test]
fn a_full_list_refuses_to_revoke_and_forgets_nothing() {
    let mut list = Denylist::<4>::new();
    for (id, until) in [("b", 700), ("d", 800), ("a", 900), ("c", 1000)] {
        list.revoke_id(id, at(until), at(0)).unwrap();
    }
    let full = Err(RevokeError::Full { capacity: 4 });
    assert_eq!(list.revoke_id("e", at(1000), at(0)), full);
    assert_eq!(list.revoke_id("e", at(1000), at(699)), full);
    let longest = Duration::from_secs(100);
    assert_eq!(list.revoke_subject("s", at(500), longest, at(0)), full);
    for id in ["a", "b", "c", "d"] {
        assert_eq!(check(&list, id, "s", 0), REVOKED);
        // What is in the list already needs no room.
        assert_eq!(list.revoke_id(id, at(1000), at(0)), Ok(()));
    }
    // The one that did not fit is accepted still, until the caller cuts off everything.
    assert_eq!(check(&list, "e", "s", 100), Ok(()));
    list.revoke_all(at(101));
    assert_eq!(check(&list, "e", "s", 100), REVOKED);
    assert_eq!(check(&list, "e", "s", 101), Ok(()));
}

#[test]
fn a_list_without_room_is_always_full() {
    let mut list = Denylist::<0>::new();
    let full = Err(RevokeError::Full { capacity: 0 });
    assert_eq!(list.revoke_id("a", at(1000), at(0)), full);
    assert_eq!(list.revoke_id("a", at(1000), at(MAX)), full);
    assert_eq!(check(&list, "a", "s", 0), Ok(()));
}

#[test]
fn a_revocation_that_was_extended_lasts_as_long() {
    let mut list = Denylist::<1>::new();
    list.revoke_id("a", at(100), at(0)).unwrap();
    list.revoke_id("a", at(300), at(0)).unwrap();
    list.revoke_id("a", at(200), at(0)).unwrap();
    let full = Err(RevokeError::Full { capacity: 1 });
    assert_eq!(list.revoke_id("b", at(1000), at(299)), full);
    assert_eq!(list.revoke_id("b", at(1000), at(300)), Ok(()));
}

#[test]
fn what_was_dropped_does_not_come_back() {
    let mut list = Denylist::<1>::new();
    let token = |id: &str, exp: u64| format!(r#""jti":"{id}","exp":{exp}"#);
    list.revoke_id("a", at(100), at(0)).unwrap();
    assert_eq!(verify(&list, &token("a", 100), 99, 0), REVOKED);

    // It is over, but stays as long as nobody needs its place: also for a verifier with a leeway.
    assert_eq!(verify(&list, &token("a", 100), 110, 60), REVOKED);
    list.revoke_id("b", at(500), at(100)).unwrap();

    // Now it is gone, and a token that is no longer valid than it is not accepted any more: neither by the leeway nor
    // after the clock was set back.
    assert_eq!(verify(&list, &token("a", 100), 110, 60), UNKNOWN);
    assert_eq!(verify(&list, &token("a", 100), 50, 0), UNKNOWN);
    assert_eq!(verify(&list, &token("other", 99), 50, 0), UNKNOWN);
    assert_eq!(verify(&list, &token("other", 101), 50, 0), Ok(()));
    assert_eq!(verify(&list, r#""jti":"endless""#, 50, 0), Ok(()));
    assert_eq!(verify(&list, &token("b", 500), 50, 0), REVOKED);
}

#[test]
fn a_subject_is_cut_off_by_the_time_of_issue() {
    let mut list = Denylist::<2>::new();
    let longest = Duration::from_secs(900);
    list.revoke_subject("alice", at(100), longest, at(100))
        .unwrap();
    assert_eq!(check(&list, "x", "alice", 0), REVOKED);
    assert_eq!(check(&list, "x", "alice", 99), REVOKED);
    assert_eq!(check(&list, "x", "alice", 100), Ok(()));
    for other in ["", "Alice", "alice ", "bob", "alic\\u00e9"] {
        assert_eq!(check(&list, "x", other, 0), Ok(()), "{other}");
    }
    // A token's id is no subject, nor the other way about.
    assert_eq!(check(&list, "alice", "bob", 0), Ok(()));
    list.revoke_id("bob", at(1000), at(0)).unwrap();
    assert_eq!(check(&list, "x", "bob", 0), Ok(()));

    // Later wins, in any order.
    list.revoke_subject("alice", at(200), longest, at(200))
        .unwrap();
    list.revoke_subject("alice", at(150), longest, at(200))
        .unwrap();
    assert_eq!(check(&list, "x", "alice", 199), REVOKED);
    assert_eq!(check(&list, "x", "alice", 200), Ok(()));

    // Until the last token that was issued before has expired.
    let full = Err(RevokeError::Full { capacity: 2 });
    assert_eq!(list.revoke_id("y", at(2000), at(999)), full);
    list.revoke_id("y", at(2000), at(1000)).unwrap();
    assert_eq!(list.revoke_id("z", at(2000), at(1099)), full);
    list.revoke_id("z", at(2000), at(1100)).unwrap();
    let latest = r#""jti":"x","sub":"alice","iat":199,"exp":1099"#;
    assert_eq!(verify(&list, latest, 500, 0), UNKNOWN);
}

#[test]
fn without_the_claim_that_would_tell_there_is_no_answer() {
    let mut list = Denylist::<2>::new();
    let (no_subject, no_time) = (
        r#""jti":"x","iat":0,"exp":9"#,
        r#""jti":"x","sub":"a","exp":9"#,
    );
    let neither = r#""jti":"x","exp":9"#;
    for claims in [no_subject, no_time, neither] {
        assert_eq!(verify(&list, claims, 5, 0), Ok(()));
    }
    let longest = Duration::from_secs(100);
    list.revoke_subject("a", at(5), longest, at(5)).unwrap();
    let subject = missing(RegisteredClaim::Subject);
    let issued_at = missing(RegisteredClaim::IssuedAt);
    assert_eq!(verify(&list, no_subject, 5, 0), subject);
    assert_eq!(verify(&list, no_time, 5, 0), issued_at);
    assert_eq!(verify(&list, neither, 5, 0), subject);
    assert_eq!(
        verify(&list, r#""jti":"x","sub":"b","exp":9"#, 5, 0),
        Ok(())
    );

    let mut list = Denylist::<0>::new();
    list.revoke_all(at(5));
    assert_eq!(verify(&list, no_time, 5, 0), issued_at);
    assert_eq!(verify(&list, neither, 5, 0), issued_at);
    assert_eq!(verify(&list, no_subject, 5, 0), REVOKED);
}

#[test]
fn everyone_is_cut_off_and_that_is_never_taken_back() {
    let mut list = Denylist::<1>::new();
    list.revoke_all(at(100));
    list.revoke_all(at(50));
    assert_eq!(check(&list, "x", "anyone", 99), REVOKED);
    assert_eq!(check(&list, "x", "anyone", 100), Ok(()));
    let longest = Duration::from_secs(900);
    list.revoke_subject("a", at(200), longest, at(100)).unwrap();
    assert_eq!(check(&list, "x", "a", 199), REVOKED);
    assert_eq!(check(&list, "x", "anyone", 100), Ok(()));
    list.revoke_all(at(MAX));
    let latest = format!(r#""jti":"x","sub":"b","iat":{},"exp":{MAX}"#, MAX - 1);
    assert_eq!(verify(&list, &latest, MAX - 1, 0), REVOKED);
}

#[test]
fn both_ends_of_the_clock() {
    let mut list = Denylist::<1>::new();
    list.revoke_id("a", at(0), at(0)).unwrap();
    list.revoke_id("b", at(MAX), at(0)).unwrap();
    let full = Err(RevokeError::Full { capacity: 1 });
    assert_eq!(list.revoke_id("c", at(MAX), at(MAX - 1)), full);
    assert_eq!(
        list.revoke_subject("s", at(MAX), Duration::MAX, at(0)),
        full
    );

    let mut list = Denylist::<1>::new();
    list.revoke_subject("s", at(MAX), Duration::MAX, at(0))
        .unwrap();
    let claims = format!(r#""jti":"x","sub":"s","iat":{},"exp":{MAX}"#, MAX - 1);
    assert_eq!(verify(&list, &claims, MAX - 1, 0), REVOKED);
    let claims = format!(r#""jti":"x","sub":"s","iat":{MAX},"exp":{MAX}"#);
    assert_eq!(verify(&list, &claims, MAX - 1, 1), Ok(()));
    list.revoke_subject("t", at(0), Duration::ZERO, at(MAX))
        .unwrap();
    assert_eq!(
        verify(&list, r#""jti":"x","sub":"t","iat":0"#, 0, 0),
        Ok(())
    );
}

/// A store that has no answer.
struct Silent;

impl<T> Revocations<T> for Silent {
    fn check(&self, _: &Claims<'_, T>) -> Result<(), VerifyError> {
        Err(VerifyError::RevocationUnknown)
    }
}

#[test]
fn no_answer_is_a_refusal() {
    assert_eq!(verify(&Silent, r#""exp":9"#, 0, 0), UNKNOWN);
    let boxed: Box<dyn Revocations<Access>> = Box::new(Silent);
    let key = key();
    let token = signed(r#"{"type":"access","exp":9}"#);
    let mut buffer = Buffer::new();
    let verifier = Verifier::<Access>::new(&key);
    let refused = verifier.verify_with(&token, at(0), &mut buffer, &*boxed);
    assert_eq!(refused.unwrap_err(), VerifyError::RevocationUnknown);
    assert!(verifier.verify(&token, at(0), &mut buffer).is_ok());
}

#[test]
fn the_errors_say_what_is_wrong() {
    let full = RevokeError::Full { capacity: 4 };
    assert_eq!(full.to_string(), "the denylist is full with 4 revocations");
    let missing = RevokeError::MissingTokenId;
    assert_eq!(missing.to_string(), "the token has no jti (RFC 7519 4.1.7)");
    let revoked = VerifyError::Revoked.to_string();
    assert_eq!(revoked, "the token has been revoked");
    let unknown = VerifyError::RevocationUnknown.to_string();
    assert_eq!(unknown, "whether the token has been revoked is not known");
}
