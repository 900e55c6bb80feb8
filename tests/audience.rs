//! `iss` and `aud`: an expectation that is set is met exactly, and what is not asked for is still well formed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Buffer, NOW, key, signed};
use jotlet::{Access, RegisteredClaim, Verifier, VerifyError};

/// Verifies an access token with these claims as the verifier demands that `demand` returns.
fn access(
    claims: &str,
    demand: impl FnOnce(Verifier<'_, Access>) -> Verifier<'_, Access>,
) -> Result<(), VerifyError> {
    let key = key();
    let token = signed(format!(r#"{{"type":"access","exp":9999999999,{claims}}}"#));
    let verifier = demand(Verifier::new(&key));
    verifier.verify(token, NOW, &mut Buffer::new()).map(drop)
}

const fn missing(claim: RegisteredClaim) -> Result<(), VerifyError> {
    Err(VerifyError::MissingClaim { claim })
}

const fn malformed(claim: RegisteredClaim) -> Result<(), VerifyError> {
    Err(VerifyError::MalformedClaim { claim })
}

#[test]
fn an_issuer_that_is_expected_is_met_exactly() {
    let issuer = "https://example.com/\"é\"";
    for (claims, expected) in [
        (r#""iss":"https://example.com/\"é\"""#, Ok(())),
        (r#""iss":"https:\/\/example.com\/\u0022\u00e9\"" "#, Ok(())),
        (
            r#""iss":"https://example.com/""#,
            Err(VerifyError::WrongIssuer),
        ),
        (
            r#""iss":"https://example.com/\"é\" ""#,
            Err(VerifyError::WrongIssuer),
        ),
        (r#""iss":"""#, Err(VerifyError::WrongIssuer)),
        (
            r#""sub":"https://example.com""#,
            missing(RegisteredClaim::Issuer),
        ),
        (
            r#""iss":["https://example.com"]"#,
            malformed(RegisteredClaim::Issuer),
        ),
        (r#""iss":null"#, malformed(RegisteredClaim::Issuer)),
    ] {
        assert_eq!(access(claims, |v| v.issuer(issuer)), expected, "{claims}");
    }
    // Unasked, it may be anything that an `iss` can be.
    assert_eq!(access(r#""iss":"other""#, |v| v), Ok(()));
    assert_eq!(
        access(r#""iss":1"#, |v| v),
        malformed(RegisteredClaim::Issuer)
    );
}

#[test]
fn an_audience_that_is_expected_is_among_those_of_the_token() {
    let wrong = Err(VerifyError::WrongAudience);
    for (claims, expected) in [
        (r#""aud":"api""#, Ok(())),
        (r#""aud":"\u0061pi""#, Ok(())),
        (r#""aud":["api"]"#, Ok(())),
        (r#""aud" : [ "web" , "\u0061p\u0069" , "" ] "#, Ok(())),
        (r#""aud":["api","api"]"#, Ok(())),
        (r#""aud":"web""#, wrong),
        (r#""aud":"API""#, wrong),
        (r#""aud":"[\"api\"]""#, wrong),
        (r#""aud":"api,api""#, wrong),
        (r#""aud":[]"#, wrong),
        (r#""aud":[ ]"#, wrong),
        (r#""aud":[""]"#, wrong),
        (r#""aud":["ap","i","api "]"#, wrong),
        (r#""aud":["\u0000\u0003api"]"#, wrong),
        (r#""sub":"api""#, missing(RegisteredClaim::Audience)),
        (r#""aud":null"#, malformed(RegisteredClaim::Audience)),
        (r#""aud":["api",1]"#, malformed(RegisteredClaim::Audience)),
        (
            r#""aud":["api",["api"]]"#,
            malformed(RegisteredClaim::Audience),
        ),
        (
            r#""aud":{"api":"api"}"#,
            malformed(RegisteredClaim::Audience),
        ),
    ] {
        assert_eq!(access(claims, |v| v.audience("api")), expected, "{claims}");
        // Unasked, only what is malformed is refused.
        let unasked = match expected {
            Err(VerifyError::MalformedClaim { .. }) => expected,
            _ => Ok(()),
        };
        assert_eq!(access(claims, |v| v), unasked, "{claims}");
    }
    assert_eq!(access(r#""aud":"""#, |v| v.audience("")), Ok(()));
    assert_eq!(access(r#""aud":[]"#, |v| v.audience("")), wrong);
}

#[test]
fn audiences_of_every_length_are_read_back() {
    let key = key();
    let names: Vec<String> = (0..60).map(|len| "é\"\\x".repeat(len / 4)).collect();
    // Lengths around every step of the form in which the reader keeps them.
    let long = |lens: &[usize]| lens.iter().map(|len| "a".repeat(*len)).collect();
    for audience in [
        names[..3].to_vec(),
        names,
        long(&[0, 127, 128, 129, 255, 256, 3000]),
        long(&[4094, 4095, 1]),
        long(&[4096, 4097, 2]),
        long(&[4223, 4224]),
        long(&[8191, 3]),
        long(&[8192, 32, 33, 34]),
        long(&[12_100]),
    ] {
        let value = serde_json::to_string(&audience).unwrap();
        let payload = format!(r#"{{"aud":{value},"type":"access","exp":9999999999}}"#);
        let mut buffer = Buffer::new();
        let verified = Verifier::<Access>::new(&key).verify(signed(payload), NOW, &mut buffer);
        assert!(verified.unwrap().audience().eq(&audience));
    }
}
