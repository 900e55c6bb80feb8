//! Where Flask is lenient: what it takes and jotlet refuses, and what jotlet takes if it is told to.

use jotlet::{Access, RegisteredClaim, Verifier, VerifyError};

use crate::app::{Flask, KEY};
use crate::common::{HEADER, forge};
use crate::{NOW, key, verify};

const PLAIN: &str = r#"{"sub":"a","type":"access","exp":1767226500}"#;

fn flask_takes(token: &str) -> bool {
    Flask::at(NOW).visit("/access", token).status == 200
}

fn jotlet_refuses(token: &str) -> VerifyError {
    let key = key();
    verify(&Verifier::<Access>::new(&key), token, NOW, |_| ()).unwrap_err()
}

#[test]
fn payloads() {
    let (expiry, token_type) = (RegisteredClaim::Expiry, RegisteredClaim::Type);
    for (payload, refusal) in [
        (
            r#"{"sub":"a","exp":1767226500}"#,
            VerifyError::MissingClaim { claim: token_type },
        ),
        (
            r#"{"sub":"a","type":"access"}"#,
            VerifyError::MissingClaim { claim: expiry },
        ),
        (
            r#"{"sub":"a","type":"device","exp":1767226500}"#,
            VerifyError::WrongType,
        ),
        (
            r#"{"sub":"a","type":"access","exp":"1767226500"}"#,
            VerifyError::MalformedClaim { claim: expiry },
        ),
        (
            r#"{"sub":"a","type":"access","exp":1,"exp":1767226500}"#,
            VerifyError::DuplicateClaim { claim: expiry },
        ),
        (
            "\u{feff}{\"sub\":\"a\",\"type\":\"access\",\"exp\":1767226500}",
            VerifyError::PayloadNotJson { at: 0 },
        ),
    ] {
        let token = forge(KEY.as_bytes(), HEADER, payload);
        assert!(flask_takes(&token), "{payload}");
        assert_eq!(jotlet_refuses(&token), refusal, "{payload}");
    }
}

#[test]
fn a_header() {
    let token = forge(KEY.as_bytes(), r#"{"alg":"HS256","typ":"at+jwt"}"#, PLAIN);
    assert!(flask_takes(&token));
    assert_eq!(jotlet_refuses(&token), VerifyError::WrongMediaType);
}

/// Two spellings of one token would slip through a denylist of strings.
#[test]
fn padding() {
    let token = forge(KEY.as_bytes(), HEADER, PLAIN) + "=";
    assert!(flask_takes(&token));
    assert_eq!(jotlet_refuses(&token), VerifyError::NotThreeSegments);
}

#[test]
fn as_lenient_as_flask() {
    let key = key();
    let token = forge(KEY.as_bytes(), HEADER, r#"{"sub":"a"}"#);
    let verifier = Verifier::<Access>::new(&key)
        .missing_type_is_access()
        .allow_missing_expiry();
    assert_eq!(verify(&verifier, &token, NOW, |_| ()), Ok(()));
    assert!(flask_takes(&token));
}
