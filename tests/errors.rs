//! Every way to fail, brought about through the public API at least once, with the values that it carries.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::error::Error;

use base64ct::{Base64UrlUnpadded, Encoding};
use common::{Buffer, HEADER, SECRET, forge, key, seal, signed, with_payload};
use jotlet::{
    Access, ClaimsBuffer, CustomClaimsError, Denylist, IssueError, Issuer, Key, KeyError, KeyRing,
    MAX_TOKEN_LEN, RegisteredClaim, Timestamp, TokenId, Verifier, VerifyError,
};
use serde::{Deserialize, Serialize};

const ID: TokenId = TokenId::from_bytes([1; 16]);
const NOW: Timestamp = Timestamp::from_secs(1000);

/// The variants of an enum, as they stand in the source: a new one has to be added to the tests below.
fn variants(of: &str) -> Vec<&'static str> {
    let source = include_str!("../src/error.rs");
    let (_, body) = source.split_once(&format!("pub enum {of} {{\n")).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let names = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = names.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names
        .map(|line| line.trim_end_matches([',', ' ', '{']))
        .collect()
}

/// Checks that these are what was expected, that no variant of their enum is missing, and that each can be put into a log.
fn check<E: Error + PartialEq + Copy>(of: &str, produced: &[(E, E)]) {
    let mut missing = variants(of);
    let mut messages = Vec::new();
    for (error, expected) in produced {
        assert_eq!(error, expected);
        let debug = format!("{error:?}");
        let name = debug.split([' ', '{']).next().unwrap();
        missing.retain(|variant| *variant != name);
        let message = error.to_string();
        for secret in ["eyJ", "a shared secret", "hush"] {
            assert!(!message.contains(secret) && !debug.contains(secret));
        }
        assert!(message.len() > 10 && !message.contains('\n'), "{message}");
        messages.push(message);
    }
    assert_eq!(missing, [""; 0], "never produced");
    messages.sort();
    messages.dedup();
    assert!(
        messages.len() >= variants(of).len(),
        "two rules, one message"
    );
}

#[test]
fn key_errors() {
    let mut ring = KeyRing::<0>::new("a", key()).unwrap();
    let mut add = |id: &str| ring.add(id, key()).unwrap_err();
    let produced = [
        (
            Key::new(b"hush").unwrap_err(),
            KeyError::TooShort { len: 4 },
        ),
        (add(""), KeyError::KeyIdLength { len: 0 }),
        (add(&"i".repeat(33)), KeyError::KeyIdLength { len: 33 }),
        (add("\""), KeyError::KeyIdCharacter),
        (add("a"), KeyError::KeyIdTaken),
        (add("b"), KeyError::RingFull { capacity: 1 }),
        (ring.sign_with("b").unwrap_err(), KeyError::KeyIdUnknown),
        (ring.remove("a").unwrap_err(), KeyError::KeySigns),
    ];
    check("KeyError", &produced);
}

#[test]
fn issue_errors() {
    fn issue(claims: &impl Serialize) -> IssueError {
        let key = key();
        let issuer = Issuer::new(&key);
        let builder = issuer.access("hush", ID).claims(claims);
        builder.sign(NOW, &mut [0; 9000]).unwrap_err()
    }
    #[derive(Serialize)]
    struct Nested(Vec<Nested>);
    let nested = (0..130).fold(Nested(vec![]), |inner, _| Nested(vec![inner]));
    let key = key();
    let issuer = Issuer::new(&key);
    let whole = issuer.access("", ID).sign_owned::<500>(NOW).unwrap();
    let needed = whole.as_str().len();
    let too_small = issuer.access("", ID).sign(NOW, &mut []).unwrap_err();
    let subject = "s".repeat(13_002);
    let too_long = issuer.access(&subject, ID);
    let too_long = too_long.sign_owned::<500>(NOW).unwrap_err();
    let max = MAX_TOKEN_LEN;
    let produced = [
        (too_small, IssueError::BufferTooSmall { needed }),
        (
            too_long,
            IssueError::TooLong {
                len: needed + 17_336,
                max,
            },
        ),
        (
            issue(&BTreeMap::from([("a", 1), ("exp", 2)])),
            IssueError::ReservedName {
                claim: RegisteredClaim::Expiry,
            },
        ),
        (
            issue(&BTreeMap::from([("a\"", 1)])),
            IssueError::EscapedName,
        ),
        (issue(&"hush"), IssueError::NotAnObject),
        (
            issue(&BTreeMap::from([(1, 2)])),
            IssueError::NotJson { at: 1 },
        ),
        (
            issue(&BTreeMap::from([("a", nested)])),
            IssueError::TooDeep { max: 128 },
        ),
        (
            issue(&BTreeMap::from([("a", 'b')])),
            IssueError::NotSerializable,
        ),
    ];
    check("IssueError", &produced);
}

/// What a verifier that demands all that can be demanded says of a token.
fn verify(token: &str) -> VerifyError {
    let key = key();
    let verifier = Verifier::<Access>::new(&key)
        .issuer("i")
        .audience("a")
        .require_fresh();
    verifier
        .verify(token, NOW, &mut Buffer::new())
        .map(drop)
        .unwrap_err()
}

/// A payload that this verifier takes, with something in it replaced.
fn payload(from: &str, to: &str) -> String {
    let good = r#"{"type":"access","exp":2000,"nbf":0,"iat":0,"iss":"i","aud":"a","fresh":true}"#;
    assert!(good.contains(from));
    signed(good.replacen(from, to, 1))
}

fn header(header: &str) -> VerifyError {
    verify(&forge(SECRET, header, "{}"))
}

#[test]
fn verify_errors() {
    use VerifyError as E;
    let (len, max) = (MAX_TOKEN_LEN + 1, MAX_TOKEN_LEN);
    let good = payload("i", "i");
    let encoded =
        |header: &str, payload: &str| verify(&seal(SECRET, &format!("{header}.{payload}")));
    let plain = Base64UrlUnpadded::encode_string(HEADER.as_bytes());
    let key = key();
    let small = Verifier::<Access>::new(&key)
        .verify(&good, NOW, &mut ClaimsBuffer::<9>::new())
        .map(drop);
    let at = Timestamp::from_secs;
    let denied = |now: u64| {
        let mut denylist = Denylist::<1>::new();
        denylist.revoke_id("t", at(2000), NOW).unwrap();
        let _ = denylist.revoke_id("other", at(9000), at(now));
        let token = payload("{", "{\"jti\":\"t\",");
        let verifier = Verifier::<Access>::new(&key);
        let mut buffer = Buffer::new();
        let refused = verifier.verify_with(&token, NOW, &mut buffer, &denylist);
        refused.map(drop).unwrap_err()
    };
    let deep = format!("\"x\":{}", "[".repeat(128));
    let claim = RegisteredClaim::Issuer;
    let produced = [
        (verify(&"a".repeat(len)), E::TooLong { len, max }),
        (verify("eyJhbGciOiJIUzI1NiJ9.e30"), E::NotThreeSegments),
        (
            verify(&(good[..good.len() - 1].to_owned() + "=")),
            E::SignatureEncoding,
        ),
        (verify(&forge(&[8; 32], HEADER, "{}")), E::WrongSignature),
        (small.unwrap_err(), E::BufferTooSmall { needed: 77 }),
        (encoded("e30=", "e30"), E::HeaderEncoding),
        (header(r#"{"alg":"HS256"x}"#), E::HeaderNotJson { at: 14 }),
        (
            header(r#"{"alg":"HS256","alg":"HS256"}"#),
            E::HeaderDuplicate,
        ),
        (header(r#"{"alg":["HS256"]}"#), E::HeaderParameter),
        (header(r#"{"alg":"none"}"#), E::WrongAlgorithm),
        (header("{}"), E::WrongAlgorithm),
        (
            header(r#"{"alg":"HS256","typ":"at+jwt"}"#),
            E::WrongMediaType,
        ),
        (header(r#"{"alg":"HS256","cty":"JWT"}"#), E::Nested),
        (
            header(r#"{"alg":"HS256","crit":["exp"]}"#),
            E::CriticalExtension,
        ),
        (encoded(&plain, "e31"), E::PayloadEncoding),
        (
            verify(&payload("\"nbf\":0", "\"nbf\":01")),
            E::PayloadNotJson { at: 35 },
        ),
        (verify(&signed(b"{\"x\":\"\xff\"}")), E::PayloadNotUtf8),
        (
            verify(&payload("\"nbf\":0", &deep)),
            E::TooDeep { max: 128 },
        ),
        (
            verify(&payload("\"nbf\":0", "\"iss\":\"i\"")),
            E::DuplicateClaim { claim },
        ),
        (verify(&payload("\"i\"", "1")), E::MalformedClaim { claim }),
        (
            verify(&payload("\"iss\"", "\"x\"")),
            E::MissingClaim { claim },
        ),
        (verify(&payload("access", "refresh")), E::WrongType),
        (
            verify(&payload("2000", "999")),
            E::Expired {
                expired_at: at(999),
                now: NOW,
            },
        ),
        (
            verify(&payload("\"nbf\":0", "\"nbf\":1001")),
            E::NotYetValid {
                not_before: at(1001),
                now: NOW,
            },
        ),
        (
            verify(&payload("\"iat\":0", "\"iat\":1002")),
            E::IssuedInFuture {
                issued_at: at(1002),
                now: NOW,
            },
        ),
        (verify(&payload("\"i\"", "\"hush\"")), E::WrongIssuer),
        (verify(&payload("\"a\"", "[\"hush\"]")), E::WrongAudience),
        (verify(&payload("true", "1000")), E::NotFresh),
        (denied(1999), E::Revoked),
        // The clock was ahead, and what was revoked until then has made room.
        (denied(2000), E::RevocationUnknown),
    ];
    check("VerifyError", &produced);
}

#[test]
fn custom_claims_errors() {
    #[derive(Deserialize, Debug)]
    struct Custom {
        #[allow(dead_code)] // It is there to be read into.
        x: String,
    }
    #[derive(Deserialize, Debug)]
    struct WithSubject {
        #[allow(dead_code)] // As above.
        sub: String,
    }
    use CustomClaimsError as E;
    let custom = |members: &str| {
        let payload = format!(r#"{{"type":"access","exp":9999999999,{members}}}"#);
        with_payload(&payload, |claims| claims.custom::<Custom>().unwrap_err())
    };
    let long = format!(r#""x":"\\{}""#, "hush".repeat(64));
    let wrong_type = with_payload(r#"{"type":"access","exp":9999999999}"#, |claims| {
        claims.custom::<u8>()
    });
    let produced = [
        (custom(r#""y":1"#), E::MissingField { name: "x" }),
        (
            with_payload(
                r#"{"type":"access","exp":9999999999,"sub":"a"}"#,
                |claims| claims.custom::<WithSubject>().unwrap_err(),
            ),
            E::RegisteredField {
                claim: RegisteredClaim::Subject,
            },
        ),
        (custom(r#""x":"","x":"""#), E::DuplicateField { name: "x" }),
        (custom(r#""x":1"#), E::WrongValue { at: 38 }),
        (custom(&long), E::StringTooLong { max: 256 }),
        (wrong_type.unwrap_err(), E::WrongType),
    ];
    check("CustomClaimsError", &produced);
}
