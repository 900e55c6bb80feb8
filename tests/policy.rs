//! What a verifier can be told to demand or to let pass, against payloads that meet it and that do not.
#![allow(clippy::unwrap_used)]
// A method of a type with a lifetime is not general enough to stand for such a closure.
#![allow(clippy::redundant_closure_for_method_calls)]

mod common;

use std::time::Duration;

use common::{Buffer, NOW, key, signed};
use jotlet::{
    Access, Freshness, Key, Refresh, RegisteredClaim, Timestamp, TokenType, Verifier, VerifyError,
};

/// A token type of the application's own.
struct Invite;

impl TokenType for Invite {
    const NAME: &'static str = "invite \"2\"";
    const LIFETIME: Duration = Duration::from_secs(60);
}

/// Verifies these claims, beside an `exp`, as the verifier demands that `demand` returns.
fn verify<T: TokenType>(
    claims: &str,
    demand: impl FnOnce(Verifier<'_, T>) -> Verifier<'_, T>,
) -> Result<(), VerifyError> {
    let key: Key = key();
    let token = signed(format!(r#"{{"exp":9999999999,{claims}}}"#));
    let verifier = demand(Verifier::new(&key));
    verifier.verify(token, NOW, &mut Buffer::new()).map(drop)
}

fn access(
    claims: &str,
    demand: impl FnOnce(Verifier<'_, Access>) -> Verifier<'_, Access>,
) -> Result<(), VerifyError> {
    verify(&format!(r#""type":"access",{claims}"#), demand)
}

const fn missing(claim: RegisteredClaim) -> Result<(), VerifyError> {
    Err(VerifyError::MissingClaim { claim })
}

const fn malformed(claim: RegisteredClaim) -> Result<(), VerifyError> {
    Err(VerifyError::MalformedClaim { claim })
}

#[test]
fn the_type_is_exactly_the_one_expected() {
    for (claims, is_access, is_refresh, is_invite) in [
        (r#""type":"access""#, true, false, false),
        (r#""type":"refresh""#, false, true, false),
        (r#""type":"\u0061ccess""#, true, false, false),
        (r#""type":"invite \"2\"""#, false, false, true),
        (r#""type":"Access""#, false, false, false),
        (r#""type":"access ""#, false, false, false),
        (r#""type":"access\u0000""#, false, false, false),
        (r#""type":"""#, false, false, false),
    ] {
        let result = |right: bool| right.then_some(()).ok_or(VerifyError::WrongType);
        assert_eq!(
            verify::<Access>(claims, |v| v),
            result(is_access),
            "{claims}"
        );
        assert_eq!(
            verify::<Refresh>(claims, |v| v),
            result(is_refresh),
            "{claims}"
        );
        assert_eq!(
            verify::<Invite>(claims, |v| v),
            result(is_invite),
            "{claims}"
        );
    }
    for value in ["null", "1", "true", "[\"access\"]", "{}"] {
        let claims = format!("\"type\":{value}");
        let refused = malformed(RegisteredClaim::Type);
        assert_eq!(verify::<Access>(&claims, |v| v), refused);
        assert_eq!(verify(&claims, |v| v.missing_type_is_access()), refused);
    }
}

#[test]
fn an_absent_type_is_access_only_where_that_is_said() {
    let claims = r#""sub":"a""#;
    assert_eq!(
        verify::<Access>(claims, |v| v),
        missing(RegisteredClaim::Type)
    );
    assert_eq!(
        verify::<Refresh>(claims, |v| v),
        missing(RegisteredClaim::Type)
    );
    assert_eq!(verify(claims, |v| v.missing_type_is_access()), Ok(()));
    let refresh = r#""type":"refresh""#;
    let refused = verify(refresh, |v| v.missing_type_is_access());
    assert_eq!(refused, Err(VerifyError::WrongType));
}

#[test]
fn an_absent_expiry_passes_only_where_that_is_said() {
    let key = key();
    let verifier = Verifier::<Access>::new(&key);
    let lenient = verifier.clone().allow_missing_expiry();
    let mut buffer = Buffer::new();
    let token = signed(r#"{"type":"access"}"#);
    let refused = verifier.verify(&token, NOW, &mut buffer).unwrap_err();
    let claim = RegisteredClaim::Expiry;
    assert_eq!(refused, VerifyError::MissingClaim { claim });
    for now in [0, u64::MAX] {
        let claims = lenient.verify(&token, Timestamp::from_secs(now), &mut buffer);
        assert_eq!(claims.unwrap().expires_at(), None);
    }
    // An `exp` that is there counts, and has to be one.
    let token = signed(r#"{"type":"access","exp":5}"#);
    let now = Timestamp::from_secs(5);
    let refused = lenient.verify(&token, now, &mut buffer).unwrap_err();
    let expired_at = now;
    assert_eq!(refused, VerifyError::Expired { expired_at, now });
    let token = signed(r#"{"type":"access","exp":null}"#);
    let refused = lenient.verify(&token, now, &mut buffer).unwrap_err();
    assert_eq!(refused, VerifyError::MalformedClaim { claim });
    // Demanding it afterwards is the last word.
    let strict = lenient.require(RegisteredClaim::Expiry);
    let token = signed(r#"{"type":"access"}"#);
    let refused = strict.verify(&token, now, &mut buffer).unwrap_err();
    assert_eq!(refused, VerifyError::MissingClaim { claim });
}

#[test]
fn every_claim_can_be_demanded() {
    use RegisteredClaim as C;
    let all = [
        (C::Issuer, r#""iss":"""#),
        (C::Subject, r#""sub":"""#),
        (C::Audience, r#""aud":[]"#),
        (C::NotBefore, r#""nbf":0"#),
        (C::IssuedAt, r#""iat":0"#),
        (C::TokenId, r#""jti":"""#),
        (C::Fresh, r#""fresh":false"#),
        (C::Csrf, r#""csrf":"""#),
        (C::SessionId, r#""sid":"""#),
    ];
    for (claim, member) in all {
        let mut present = vec![r#""x":0"#];
        present.extend(all.iter().filter(|(c, _)| *c != claim).map(|(_, m)| *m));
        let absent = present.join(",");
        assert_eq!(access(&absent, |v| v.require(claim)), missing(claim));
        assert_eq!(access(member, |v| v.require(claim)), Ok(()));
    }
}

#[test]
fn a_demand_for_freshness_is_met_by_a_login_alone() {
    let now = NOW.as_secs();
    for (value, expected) in [
        ("true".to_owned(), Ok(())),
        ("false".to_owned(), Err(VerifyError::NotFresh)),
        (format!("{}", now + 1), Ok(())),
        (format!("{now}"), Err(VerifyError::NotFresh)),
        (format!("{now}.5"), Ok(())),
        (format!("{now}.0"), Err(VerifyError::NotFresh)),
        ("1.8e9".to_owned(), Ok(())),
        ("18446744073709551615".to_owned(), Ok(())),
        ("0".to_owned(), Err(VerifyError::NotFresh)),
        ("-1".to_owned(), malformed(RegisteredClaim::Fresh)),
        ("1e99".to_owned(), malformed(RegisteredClaim::Fresh)),
        ("null".to_owned(), malformed(RegisteredClaim::Fresh)),
        ("\"true\"".to_owned(), malformed(RegisteredClaim::Fresh)),
    ] {
        let claims = format!("\"fresh\":{value}");
        assert_eq!(access(&claims, |v| v.require_fresh()), expected, "{claims}");
    }
    // Leeway is for another's clock, and keeps nothing fresh.
    let lenient = access(&format!("\"fresh\":{now}"), |v| {
        v.require_fresh().leeway(Duration::MAX)
    });
    assert_eq!(lenient, Err(VerifyError::NotFresh));
    let absent = access(r#""sub":"a""#, |v| v.require_fresh());
    assert_eq!(absent, missing(RegisteredClaim::Fresh));

    let key = key();
    let mut buffer = Buffer::new();
    for (value, freshness) in [
        ("true", Freshness::Fresh),
        ("false", Freshness::Stale),
        ("1.5", Freshness::Until(Timestamp::from_secs(2))),
    ] {
        let payload = format!(r#"{{"fresh":{value},"type":"access","exp":9999999999}}"#);
        let verified = Verifier::<Access>::new(&key).verify(signed(payload), NOW, &mut buffer);
        assert_eq!(verified.unwrap().freshness(), freshness);
    }
}

#[test]
fn the_first_rule_that_is_broken_is_the_one_told() {
    // Everything is wrong with this one; each line mends the rule that the line before it told.
    let verify = |claims: &str, now: u64| {
        let key = key();
        let verifier = Verifier::<Access>::new(&key)
            .issuer("i")
            .audience("a")
            .require_fresh();
        let token = signed(format!("{{{claims}}}"));
        verifier
            .verify(token, Timestamp::from_secs(now), &mut Buffer::new())
            .map(drop)
    };
    let rest = r#""nbf":30,"iat":40,"iss":"x","aud":"x","fresh":false"#;
    assert_eq!(
        verify(&format!("{rest},\"y\":x"), 20),
        Err(VerifyError::PayloadNotJson { at: rest.len() + 6 })
    );
    let rest = format!("{rest},\"type\":\"refresh\"");
    assert_eq!(verify(&rest, 20), missing(RegisteredClaim::Expiry));
    let rest = format!("{rest},\"exp\":20");
    assert_eq!(verify(&rest, 20), Err(VerifyError::WrongType));
    let rest = rest.replace("refresh", "access");
    let at = Timestamp::from_secs;
    let now = at(20);
    assert_eq!(
        verify(&rest, 20),
        Err(VerifyError::Expired {
            expired_at: now,
            now
        })
    );
    let rest = rest.replace("\"exp\":20", "\"exp\":99");
    assert_eq!(
        verify(&rest, 20),
        Err(VerifyError::NotYetValid {
            not_before: at(30),
            now
        })
    );
    let now = at(30);
    assert_eq!(
        verify(&rest, 30),
        Err(VerifyError::IssuedInFuture {
            issued_at: at(40),
            now
        })
    );
    assert_eq!(verify(&rest, 40), Err(VerifyError::WrongIssuer));
    let rest = rest.replace("\"iss\":\"x\"", "\"iss\":\"i\"");
    assert_eq!(verify(&rest, 40), Err(VerifyError::WrongAudience));
    let rest = rest.replace("\"aud\":\"x\"", "\"aud\":\"a\"");
    assert_eq!(verify(&rest, 40), Err(VerifyError::NotFresh));
    assert_eq!(verify(&rest.replace("false", "true"), 40), Ok(()));
}
