//! The key ring: what it takes, whose signature it believes, and a rotation from end to end.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Buffer, NOW, forge};
use jotlet::{
    Access, Issuer, Key, KeyError, KeyRing, MAX_KEY_ID_LEN, TokenId, Verifier, VerifyError,
};

const PAYLOAD: &str = r#"{"type":"access","exp":9999999999}"#;

fn key(byte: u8) -> Key {
    Key::new(&[byte; 32]).unwrap()
}

fn header(kid: &str) -> String {
    format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"JWT"}}"#)
}

/// A ring of "a" (which signs), "b" and "c".
fn ring() -> KeyRing<2> {
    let mut ring = KeyRing::new("a", key(1)).unwrap();
    ring.add("b", key(2)).unwrap();
    ring.add("c", key(3)).unwrap();
    ring
}

fn verify(ring: &KeyRing<2>, token: &str) -> Result<(), VerifyError> {
    let verifier = Verifier::<Access>::new(ring);
    verifier.verify(token, NOW, &mut Buffer::new()).map(drop)
}

fn sign(ring: &KeyRing<2>) -> String {
    let issuer = Issuer::new(ring);
    let builder = issuer.access("sub", TokenId::from_bytes([1; 16]));
    builder.sign_owned::<500>(NOW).unwrap().as_str().to_owned()
}

#[test]
fn key_ids_have_a_length_and_an_alphabet() {
    let new = |id: &str| KeyRing::<1>::new(id, key(1)).map(drop);
    let add = |id: &str| KeyRing::<1>::new("a", key(1)).unwrap().add(id, key(2));
    let longest = "k".repeat(MAX_KEY_ID_LEN);
    for id in ["k", " ", "~!#$%&'()*+,-./:;<=>?@[]^_`{|}", &longest] {
        assert_eq!(new(id), Ok(()), "{id}");
        assert_eq!(add(id), Ok(()), "{id}");
    }
    let lengths = [0, MAX_KEY_ID_LEN + 1, MAX_KEY_ID_LEN + 2, 1000, 100_000];
    for len in lengths {
        let refused = Err(KeyError::KeyIdLength { len });
        assert_eq!(new(&"k".repeat(len)), refused);
        assert_eq!(add(&"k".repeat(len)), refused);
    }
    let message = KeyError::KeyIdLength { len: 0 }.to_string();
    assert!(message.ends_with(&format!(" {MAX_KEY_ID_LEN}")));
    for character in ['"', '\\', '\0', '\n', '\u{1f}', '\u{7f}', 'é', '🚀'] {
        let refused = Err(KeyError::KeyIdCharacter);
        assert_eq!(new(&format!("k{character}")), refused);
        assert_eq!(add(&format!("{character}k")), refused);
    }
}

#[test]
fn a_ring_has_a_capacity_and_no_id_twice() {
    let mut full = ring();
    assert_eq!(
        full.add("d", key(4)),
        Err(KeyError::RingFull { capacity: 3 })
    );
    for id in ["a", "b", "c"] {
        assert_eq!(full.add(id, key(4)), Err(KeyError::KeyIdTaken));
    }
    let mut single = KeyRing::<0>::new("a", key(1)).unwrap();
    assert_eq!(single.add("a", key(2)), Err(KeyError::KeyIdTaken));
    assert_eq!(
        single.add("b", key(2)),
        Err(KeyError::RingFull { capacity: 1 })
    );

    assert_eq!(full.remove("a"), Err(KeyError::KeySigns));
    assert_eq!(full.remove("d"), Err(KeyError::KeyIdUnknown));
    assert_eq!(full.sign_with("d"), Err(KeyError::KeyIdUnknown));
    assert_eq!(full.signing_key_id(), "a");
    assert_eq!(full.remove("b"), Ok(()));
    assert_eq!(full.remove("b"), Err(KeyError::KeyIdUnknown));
    assert_eq!(full.add("d", key(4)), Ok(()));
    assert_eq!(full.sign_with("a"), Ok(()));
}

#[test]
fn a_token_of_every_key_is_believed_whatever_its_header_says() {
    let ring = ring();
    for byte in [1, 2, 3] {
        for header in [
            common::HEADER.to_owned(),
            r#"{"alg":"HS256"}"#.to_owned(),
            header("unknown"),
            r#"{"typ":"JWT","kid":"\u0061","alg":"HS256"}"#.to_owned(),
        ] {
            let token = forge(&[byte; 32], &header, PAYLOAD);
            assert_eq!(verify(&ring, &token), Ok(()), "{byte} {header}");
        }
    }
    let stranger = forge(&[4; 32], header("unknown"), PAYLOAD);
    assert_eq!(verify(&ring, &stranger), Err(VerifyError::WrongSignature));
    let stranger = forge(&[4; 32], common::HEADER, PAYLOAD);
    assert_eq!(verify(&ring, &stranger), Err(VerifyError::WrongSignature));
}

#[test]
fn a_key_id_that_the_ring_has_stands_for_that_key_alone() {
    let ring = ring();
    for (id, owner) in [("a", 1), ("b", 2), ("c", 3)] {
        for byte in [1, 2, 3, 4] {
            let token = forge(&[byte; 32], header(id), PAYLOAD);
            let own = (byte == owner).then_some(());
            let expected = own.ok_or(VerifyError::WrongSignature);
            assert_eq!(verify(&ring, &token), expected, "{id} by {byte}");
        }
    }
}

#[test]
fn a_key_id_is_a_string_and_there_once() {
    let ring = ring();
    for (header, refused) in [
        (r#"{"alg":"HS256","kid":1}"#, VerifyError::HeaderParameter),
        (
            r#"{"alg":"HS256","kid":null}"#,
            VerifyError::HeaderParameter,
        ),
        (
            r#"{"alg":"HS256","kid":"a","kid":"a"}"#,
            VerifyError::HeaderDuplicate,
        ),
        (
            r#"{"alg":"HS256","kid":"a","k\u0069d":"a"}"#,
            VerifyError::HeaderDuplicate,
        ),
    ] {
        let token = forge(&[1; 32], header, PAYLOAD);
        assert_eq!(verify(&ring, &token), Err(refused), "{header}");
    }
}

#[test]
fn the_ring_signs_with_one_key_and_says_which() {
    let mut ring = ring();
    for (id, byte) in [("a", 1), ("c", 3), ("b", 2), ("b", 2), ("a", 1)] {
        ring.sign_with(id).unwrap();
        assert_eq!(ring.signing_key_id(), id);
        let token = sign(&ring);
        let (head, payload) = {
            let mut parts = token.split('.').map(common::base64url);
            (parts.next().unwrap(), parts.next().unwrap())
        };
        assert_eq!(String::from_utf8(head).unwrap(), header(id));
        assert_eq!(forge(&[byte; 32], header(id), payload), token);
        assert_eq!(verify(&ring, &token), Ok(()));
        // A single key verifies its own, whatever key id stands there.
        let (own, other) = (key(byte), key(9));
        let verify = |key: &Key| {
            let verifier = Verifier::<Access>::new(key);
            verifier.verify(&token, NOW, &mut Buffer::new()).map(drop)
        };
        assert_eq!(verify(&own), Ok(()));
        assert_eq!(verify(&other), Err(VerifyError::WrongSignature));
    }
}

#[test]
fn a_rotation_refuses_nobody_until_the_old_key_is_removed() {
    let mut service = KeyRing::<2>::new("old", key(1)).unwrap();
    let mut sensor = KeyRing::<2>::new("old", key(1)).unwrap();
    let old = sign(&service);
    assert_eq!(verify(&sensor, &old), Ok(()));

    sensor.add("new", key(2)).unwrap();
    service.add("new", key(2)).unwrap();
    service.sign_with("new").unwrap();
    let new = sign(&service);
    for ring in [&service, &sensor] {
        assert_eq!(verify(ring, &old), Ok(()));
        assert_eq!(verify(ring, &new), Ok(()));
    }

    service.remove("old").unwrap();
    assert_eq!(verify(&service, &old), Err(VerifyError::WrongSignature));
    assert_eq!(verify(&service, &new), Ok(()));
    assert_eq!(verify(&sensor, &sign(&sensor)), Ok(()));
}
