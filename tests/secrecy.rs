//! What a log prints of the types that know a secret.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Debug;

use common::{Buffer, NOW, SECRET, key};
use jotlet::{Access, Issuer, Key, KeyRing, Keys, TokenId, Verifier};

fn hides(value: &impl Debug, secret: &str) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

/// Neither as text nor as a list of bytes.
fn hides_the_key(value: &impl Debug) {
    for part in SECRET.windows(4) {
        hides(value, str::from_utf8(part).unwrap());
        let bytes = format!("{part:?}");
        hides(value, bytes.trim_matches(['[', ']']));
    }
}

#[test]
fn keys() {
    let key: Key = key();
    let ring = KeyRing::<1>::new("2026-01", common::key()).unwrap();
    hides_the_key(&key);
    hides_the_key(&ring);
    hides_the_key(&Keys::from(&key));
    hides_the_key(&Keys::from(&ring));
    hides_the_key(&Issuer::new(&ring));
    hides_the_key(&Verifier::<Access>::new(&ring));
    assert!(format!("{ring:?}").contains("2026-01"));
}

#[test]
fn tokens_and_the_value_for_csrf() {
    let key = key();
    let issuer = Issuer::new(&key);
    let id = TokenId::from_bytes([1; 16]);
    let builder = issuer.access("user-42", id).csrf("hush");
    let token = builder.sign_owned::<500>(NOW).unwrap();
    let mut buffer = Buffer::new();
    let verifier = Verifier::<Access>::new(&key);
    let claims = verifier.verify(&token, NOW, &mut buffer).unwrap();
    assert_eq!(claims.csrf(), Some("hush"));
    hides(&claims, "hush");
    hides(&builder, "hush");
    for part in token.as_str().split('.') {
        hides(&token, part);
    }
    hides(&buffer, "hush");
    // What a log is for does come out.
    assert!(format!("{builder:?}").contains("user-42"));
}
