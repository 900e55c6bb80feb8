//! Times at and beyond both ends of the clock, and to the second around every boundary.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Buffer, key, signed};
use jotlet::{Access, Issuer, RegisteredClaim, Timestamp, TokenId, Verifier, VerifyError};

const fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

const ID: TokenId = TokenId::from_bytes([1; 16]);

/// What a verifier with this leeway says of these claims at `now`.
fn verify(claims: &str, now: u64, leeway: Duration) -> Result<(), VerifyError> {
    let key = key();
    let verifier = Verifier::<Access>::new(&key).leeway(leeway);
    let token = signed(format!(r#"{{"type":"access",{claims}}}"#));
    verifier
        .verify(token, at(now), &mut Buffer::new())
        .map(drop)
}

#[test]
fn every_boundary_is_exact_to_the_second() {
    let claims = r#""iat":1000,"nbf":2000,"exp":3000"#;
    for leeway in [0, 1, 30, 2000] {
        let verify = |now| verify(claims, now, Duration::from_secs(leeway));
        let (not_before, expired_at) = (at(2000), at(3000));
        assert_eq!(verify(2000 - leeway), Ok(()), "{leeway}");
        assert_eq!(verify(2999 + leeway), Ok(()), "{leeway}");
        let now = at(3000 + leeway);
        let expired = Err(VerifyError::Expired { expired_at, now });
        assert_eq!(verify(3000 + leeway), expired, "{leeway}");
        if leeway < 2000 {
            let now = at(1999 - leeway);
            let early = Err(VerifyError::NotYetValid { not_before, now });
            assert_eq!(verify(1999 - leeway), early, "{leeway}");
        }
    }
    let issued = |now, leeway| verify(r#""iat":1000,"exp":3000"#, now, leeway);
    assert_eq!(issued(1000, Duration::ZERO), Ok(()));
    assert_eq!(issued(990, Duration::from_secs(10)), Ok(()));
    let (issued_at, now) = (at(1000), at(989));
    let future = Err(VerifyError::IssuedInFuture { issued_at, now });
    assert_eq!(issued(989, Duration::from_secs(10)), future);
    // A fraction of a second of leeway is none.
    assert!(verify(claims, 3000, Duration::from_millis(999)).is_err());
}

#[test]
fn a_fraction_in_a_token_lengthens_no_life_and_hastens_no_start() {
    let none = Duration::ZERO;
    // Until 2999.001 the token is valid: at 2999 still, at 3000 no more.
    assert_eq!(verify(r#""exp":2999.001"#, 2999, none), Ok(()));
    assert!(verify(r#""exp":2999.001"#, 3000, none).is_err());
    assert!(verify(r#""exp":2999.000"#, 2999, none).is_err());
    assert!(verify(r#""exp":9000,"nbf":2000.5"#, 2000, none).is_err());
    assert_eq!(verify(r#""exp":9000,"nbf":2000.5"#, 2001, none), Ok(()));
    assert_eq!(verify(r#""exp":9000,"nbf":20005E-1"#, 2001, none), Ok(()));
    assert!(verify(r#""exp":9000,"iat":2000.5"#, 2000, none).is_err());
}

#[test]
fn the_ends_of_the_clock() {
    const MAX: u64 = u64::MAX;
    let (none, forever) = (Duration::ZERO, Duration::MAX);
    for (claims, now, leeway, valid) in [
        ("\"exp\":0", 0, none, false),
        ("\"exp\":1", 0, none, true),
        ("\"exp\":0", 0, Duration::from_secs(1), true),
        ("\"exp\":0", MAX - 1, forever, true),
        // At the last second nothing is valid: a time that saturates there has passed.
        ("\"exp\":0", MAX, forever, false),
        ("\"exp\":18446744073709551615", MAX - 1, none, true),
        ("\"exp\":18446744073709551615", MAX, none, false),
        ("\"exp\":18446744073709551615", MAX, forever, false),
        ("\"exp\":18446744073709551614", MAX - 1, none, false),
        (
            "\"exp\":18446744073709551614",
            MAX - 1,
            Duration::from_secs(1),
            true,
        ),
        (
            "\"exp\":18446744073709551615,\"nbf\":18446744073709551615",
            0,
            none,
            false,
        ),
        (
            "\"exp\":18446744073709551615,\"nbf\":18446744073709551615",
            0,
            forever,
            true,
        ),
        (
            "\"exp\":18446744073709551615,\"nbf\":18446744073709551615",
            MAX - 1,
            none,
            false,
        ),
        (
            "\"exp\":18446744073709551615,\"iat\":18446744073709551615",
            1,
            forever,
            true,
        ),
        ("\"exp\":1,\"nbf\":0,\"iat\":0", 0, none, true),
    ] {
        let verified = verify(claims, now, leeway);
        assert_eq!(
            verified.is_ok(),
            valid,
            "{claims} at {now}, {leeway:?}: {verified:?}"
        );
    }
}

#[test]
fn the_epoch_and_the_last_second_issue_tokens() {
    let key = key();
    let verifier = Verifier::<Access>::new(&key);
    let mut buffer = Buffer::new();
    for (now, lifetime, expires_at) in [
        (0, Duration::ZERO, 0),
        (0, Duration::from_millis(1999), 1),
        (0, Duration::MAX, u64::MAX),
        (1, Duration::MAX, u64::MAX),
        (u64::MAX, Duration::ZERO, u64::MAX),
        (u64::MAX, Duration::MAX, u64::MAX),
        (u64::MAX - 901, Duration::from_secs(900), u64::MAX - 1),
    ] {
        let issuer = Issuer::new(&key).access_lifetime(lifetime);
        let token = issuer.access("", ID).sign_owned::<500>(at(now)).unwrap();
        let outcome = verifier.verify(&token, at(now), &mut buffer);
        if now < expires_at {
            let claims = outcome.unwrap();
            assert_eq!(claims.expires_at(), Some(at(expires_at)));
            assert_eq!(claims.issued_at(), Some(at(now)));
            assert_eq!(claims.not_before(), Some(at(now)));
        } else {
            let (expired_at, now) = (at(expires_at), at(now));
            let refused = VerifyError::Expired { expired_at, now };
            assert_eq!(outcome.unwrap_err(), refused);
        }
    }
}

#[test]
fn a_time_does_not_start_with_a_zero() {
    for claim in ["exp", "nbf", "iat"] {
        for value in ["00", "01", "03000", "00.5", "-01", "003000e0"] {
            let refused = verify(&format!(r#""{claim}":{value}"#), 0, Duration::ZERO);
            let malformed = matches!(refused, Err(VerifyError::PayloadNotJson { .. }));
            assert!(malformed, "{claim} {value}: {refused:?}");
        }
    }
}

#[test]
fn a_time_that_is_no_time_is_malformed() {
    for value in [
        "-1",
        "-0.5",
        "-1e-400",
        "18446744073709551616",
        "18446744073709551615.1",
        "2e19",
        "1e400",
        "\"3000\"",
        "null",
        "true",
        "[3000]",
        "{}",
    ] {
        for claim in [
            RegisteredClaim::Expiry,
            RegisteredClaim::NotBefore,
            RegisteredClaim::IssuedAt,
        ] {
            let name = claim.name();
            let mut claims = format!("\"{name}\":{value}");
            if name != "exp" {
                claims += ",\"exp\":9999999999";
            }
            let refused = verify(&claims, 5000, Duration::ZERO);
            assert_eq!(
                refused,
                Err(VerifyError::MalformedClaim { claim }),
                "{claims}"
            );
        }
    }
}
