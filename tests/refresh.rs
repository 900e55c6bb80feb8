//! The rotation of refresh tokens: what each decision is, at every boundary of the grace window and of the family.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::time::Duration;

use common::{Buffer, key, signed};
use jotlet::{Claims, Family, Refresh, Rotation, Timestamp, TokenId, Verifier};

const fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

const fn id(n: u8) -> TokenId {
    TokenId::from_bytes([n; 16])
}

const SESSION: TokenId = id(100);
const NONE: Duration = Duration::ZERO;

/// A family whose first refresh token is `id(1)`.
fn family(ends_at: u64) -> Family {
    Family::start(SESSION, id(1), at(ends_at))
}

/// The decision about the refresh token of these claims, which is verified at the time 0.
fn decide_claims(
    family: Option<&Family>,
    claims: &str,
    decide: impl FnOnce(Option<&Family>, &Claims<'_, Refresh>) -> Outcome,
) -> Outcome {
    let key = key();
    let token = signed(format!(r#"{{"type":"refresh","exp":1,{claims}}}"#));
    let mut buffer = Buffer::new();
    let claims = Verifier::<Refresh>::new(&key).verify(&token, at(0), &mut buffer);
    decide(family, &claims.unwrap())
}

/// A [`Rotation`] without the pair, which borrows from the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Rotated(Family),
    Replayed(Family),
    Unknown,
    Expired(u64),
    Revoked,
    RepeatedId,
}

impl From<Rotation<'_>> for Outcome {
    fn from(rotation: Rotation<'_>) -> Self {
        let stored = rotation.family().copied();
        let outcome = match rotation {
            Rotation::Rotated { family, .. } => Self::Rotated(family),
            Rotation::Replayed { family } => Self::Replayed(family),
            Rotation::Unknown => Self::Unknown,
            Rotation::Expired { ended_at, .. } => Self::Expired(ended_at.as_secs()),
            Rotation::Revoked => Self::Revoked,
            Rotation::RepeatedId => Self::RepeatedId,
        };
        match outcome {
            Self::Rotated(family) | Self::Replayed(family) => assert_eq!(stored, Some(family)),
            _ => assert_eq!(stored, None),
        }
        outcome
    }
}

/// The decision about the token `presented` of the family's session.
fn decide(family: Family, presented: TokenId, next: u8, now: u64, grace: Duration) -> Outcome {
    let (session, presented) = (family.session().text(), presented.text());
    let (session, presented) = (session.as_str(), presented.as_str());
    let claims = format!(r#""sub":"user-42","jti":"{presented}","sid":"{session}""#);
    decide_claims(Some(&family), &claims, |family, claims| {
        Rotation::decide(family, claims, id(next), at(now), grace).into()
    })
}

fn rotated(family: Family, presented: u8, next: u8, now: u64, grace: Duration) -> Family {
    match decide(family, id(presented), next, now, grace) {
        Outcome::Rotated(family) => family,
        other => panic!("{other:?}"),
    }
}

/// Whether the token is taken for a replay, and the family is revoked.
fn is_replay(family: Family, presented: u8, now: u64, grace: Duration) -> bool {
    match decide(family, id(presented), 200, now, grace) {
        Outcome::Replayed(family) => {
            let again = decide(family, id(presented), 201, now, grace);
            family.is_revoked() && again == Outcome::Revoked
        }
        Outcome::Rotated(_) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_next_pair_is_that_of_the_claims_and_the_new_family() {
    let session = TokenId::uuid([7; 16]);
    let family = Family::start(session, TokenId::uuid([8; 16]), at(1000));
    let claims = format!(
        r#""sub":"Zo\u00eb","jti":"{}","sid":"{}""#,
        TokenId::uuid([8; 16]).text().as_str(),
        session.text().as_str()
    );
    let outcome = decide_claims(Some(&family), &claims, |family, claims| {
        let rotation = Rotation::decide(family, claims, id(2), at(0), NONE);
        let Rotation::Rotated { family, pair } = &rotation else {
            panic!("{rotation:?}");
        };
        assert_eq!(*pair, family.pair("Zoë"));
        assert_eq!(family.ends_at(), at(1000));
        rotation.into()
    });
    assert!(matches!(outcome, Outcome::Rotated(_)));
}

#[test]
fn every_replaced_token_is_a_replay() {
    for length in 1..20 {
        let mut family = family(1000);
        for n in 1..=length {
            family = rotated(family, n, n + 1, u64::from(n), NONE);
        }
        for old in 1..=length {
            assert!(is_replay(family, old, 50, NONE), "{old} of {length}");
        }
        assert!(!is_replay(family, length + 1, 50, NONE));
    }
}

#[test]
fn the_other_spelling_of_an_id_is_another_id() {
    let uuid = TokenId::uuid([1; 16]);
    let hex = TokenId::from_bytes(*uuid.as_bytes());
    let family = Family::start(SESSION, uuid, at(1000));
    let outcome = decide(family, hex, 2, 0, NONE);
    assert_eq!(outcome, Outcome::Replayed(family.revoked()));
}

#[test]
fn the_window_is_exact_to_the_second() {
    let family = rotated(family(10_000), 1, 2, 1000, secs(30));
    for (now, replay) in [
        (0, true),
        (969, true),  // The clock is behind by more than the window.
        (970, false), // By just as much.
        (999, false),
        (1000, false), // The second of the rotation.
        (1029, false),
        (1030, true), // The end.
        (9999, true),
    ] {
        assert_eq!(is_replay(family, 1, now, secs(30)), replay, "{now}");
        assert!(!is_replay(family, 2, now, secs(30)), "{now}");
    }
}

#[test]
fn a_repeat_happens_once_and_kills_the_lost_token() {
    let first = rotated(family(10_000), 1, 2, 1000, secs(30));
    let repeated = rotated(first, 1, 3, 1010, secs(30));
    assert!(is_replay(repeated, 1, 1011, secs(30)));
    assert!(is_replay(repeated, 2, 1011, secs(30)));
    assert!(!is_replay(repeated, 3, 1011, secs(30)));

    // The next rotation opens a window of its own, for its own token.
    let next = rotated(repeated, 3, 4, 1020, secs(30));
    assert!(!is_replay(next, 3, 1049, secs(30)));
    assert!(is_replay(next, 3, 1050, secs(30)));
    assert!(is_replay(next, 1, 1021, secs(30)));
    assert!(is_replay(next, 2, 1021, secs(30)));
}

#[test]
fn a_window_that_is_not_used_shuts_when_the_next_opens() {
    let family = rotated(family(10_000), 1, 2, 1000, secs(30));
    let family = rotated(family, 2, 3, 1001, secs(30));
    assert!(is_replay(family, 1, 1002, secs(30)));
    assert!(!is_replay(family, 2, 1002, secs(30)));
}

#[test]
fn a_window_is_never_widened_by_a_longer_one_and_is_shut_by_none() {
    let family = rotated(family(10_000), 1, 2, 1000, secs(30));
    assert!(!is_replay(family, 1, 1029, secs(3600)));
    assert!(is_replay(family, 1, 1030, secs(3600)));
    assert!(is_replay(family, 1, 1030, Duration::MAX));
    assert!(is_replay(family, 1, 1001, NONE));
    assert!(is_replay(family, 1, 1001, Duration::from_millis(999)));
    assert!(!is_replay(family, 1, 1001, secs(15)));
    assert!(is_replay(family, 1, 1001, secs(14)));
}

#[test]
fn there_is_no_window_unless_one_was_passed_at_the_rotation() {
    for none in [NONE, Duration::from_millis(999)] {
        let family = rotated(family(10_000), 1, 2, 1000, none);
        for grace in [NONE, secs(30), Duration::MAX] {
            assert!(is_replay(family, 1, 1000, grace));
            assert!(is_replay(family, 1, 999, grace));
        }
    }
}

#[test]
fn the_end_is_the_end_whatever_else_is_the_case() {
    let live = family(1000);
    assert!(!is_replay(live, 1, 999, NONE));
    let rotated = rotated(live, 1, 2, 999, secs(30));
    assert_eq!(rotated.ends_at(), at(1000));
    for family in [live, rotated, live.revoked()] {
        for presented in 1..5 {
            for now in [1000, 1001, u64::MAX] {
                let outcome = decide(family, id(presented), 9, now, secs(30));
                assert_eq!(outcome, Outcome::Expired(1000));
            }
        }
    }
}

#[test]
fn both_ends_of_the_clock() {
    let last = u64::MAX - 1;
    for grace in [NONE, secs(1), secs(30), Duration::MAX] {
        assert_eq!(decide(family(0), id(1), 2, 0, grace), Outcome::Expired(0));
        let end = Outcome::Expired(u64::MAX);
        assert_eq!(decide(family(u64::MAX), id(1), 2, u64::MAX, grace), end);

        for now in [0, last] {
            let family = rotated(family(u64::MAX), 1, 2, now, grace);
            assert!(!is_replay(family, 2, now, grace));
            assert_eq!(is_replay(family, 1, now, grace), grace.is_zero());
        }
    }
    // A window that would reach beyond the end of the clock ends there, and the clock is set back by all there is.
    let family = rotated(family(u64::MAX), 1, 2, last, secs(30));
    assert!(is_replay(family, 1, 0, secs(30)));
}

#[test]
fn a_revoked_family_rotates_nothing() {
    let family = rotated(family(1000), 1, 2, 0, secs(30)).revoked();
    for presented in 1..5 {
        let outcome = decide(family, id(presented), 9, 1, secs(30));
        assert_eq!(outcome, Outcome::Revoked);
    }
}

#[test]
fn an_id_that_repeats_changes_nothing() {
    let live = family(1000);
    assert_eq!(decide(live, id(1), 1, 0, NONE), Outcome::RepeatedId);
    let rotated = rotated(live, 1, 2, 0, secs(30));
    for presented in [1, 2] {
        for next in [1, 2] {
            let outcome = decide(rotated, id(presented), next, 1, secs(30));
            assert_eq!(outcome, Outcome::RepeatedId);
        }
    }
}

#[test]
fn a_token_that_is_of_no_family_is_unknown() {
    let live = family(1000);
    let (jti, sid) = (id(1).text(), SESSION.text());
    let (jti, sid) = (jti.as_str(), sid.as_str());
    let unknown = |family: Option<&Family>, claims: &str| {
        let outcome = decide_claims(family, claims, |family, claims| {
            Rotation::decide(family, claims, id(2), at(0), NONE).into()
        });
        outcome == Outcome::Unknown
    };
    let whole = format!(r#""sub":"a","jti":"{jti}","sid":"{sid}""#);
    assert!(!unknown(Some(&live), &whole));
    assert!(unknown(None, &whole));
    assert!(unknown(
        Some(&Family::start(id(101), id(1), at(1000))),
        &whole
    ));
    assert!(unknown(
        Some(&live),
        &format!(r#""jti":"{jti}","sid":"{sid}""#)
    ));
    assert!(unknown(Some(&live), &format!(r#""sub":"a","sid":"{sid}""#)));
    assert!(unknown(Some(&live), &format!(r#""sub":"a","jti":"{jti}""#)));
    for wrong in [
        "",
        "x",
        "0",
        &sid.replace("64", "6g"),
        &sid[1..],
        &format!("{sid}0"),
    ] {
        assert!(unknown(
            Some(&live),
            &format!(r#""sub":"a","jti":"{jti}","sid":"{wrong}""#)
        ));
        assert!(unknown(
            Some(&live),
            &format!(r#""sub":"a","jti":"{wrong}","sid":"{sid}""#)
        ));
    }
}
