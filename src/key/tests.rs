//! The MAC of HS256 against Wycheproof and RFC 4231, which sign messages that are no tokens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

extern crate std;

use std::vec::Vec;
use std::{fs, println};

use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

use super::{Key, keyed};
use crate::error::KeyError;

/// Whether the start of the MAC is `tag`. Most vectors have keys that [`Key::new`] refuses: for those its check is passed by.
fn has_tag(secret: &[u8], message: &[u8], tag: &[u8]) -> bool {
    let len = secret.len();
    let key = match Key::new(secret) {
        Ok(key) if len >= 32 => key,
        refused => {
            assert_eq!(refused.unwrap_err(), KeyError::TooShort { len });
            Key(keyed(secret).unwrap())
        }
    };
    let mac = key.mac(message);
    assert!(key.verify(message, &mac));
    match tag.try_into() {
        Ok(whole) => key.verify(message, whole),
        Err(_) => mac.starts_with(tag),
    }
}

#[test]
fn wycheproof() {
    let set = TestSet::load(TestName::HmacSha256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        for test in group.tests {
            assert_eq!(test.tag.len(), group.tag_size / 8);
            let expected = match test.result {
                TestResult::Valid => &mut valid,
                TestResult::Invalid | TestResult::Acceptable => &mut invalid,
            };
            *expected += 1;
            let accepted = has_tag(&test.key, &test.msg, &test.tag);
            assert_eq!(accepted, test.result == TestResult::Valid, "{}", test.tc_id);
        }
    }
    assert_eq!((valid, invalid), (66, 108));
}

#[test]
fn rfc_4231() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/vectors/rfc/rfc_vectors.json"
    );
    let Ok(file) = fs::read(file) else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no vectors at {file}"
        );
        println!("SKIPPED: no vectors at {file}");
        return;
    };
    let file: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let vectors = file["hmac_sha256"].as_array().unwrap();
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let bytes = |name: &str| -> Vec<u8> {
            let hex = vector[name].as_str().unwrap();
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            (0..hex.len()).step_by(2).map(byte).collect()
        };
        let (key, message, mut tag) = (bytes("key_hex"), bytes("msg_hex"), bytes("tag_hex"));
        assert!(has_tag(&key, &message, &tag), "{}", vector["id"]);
        tag[0] ^= 1;
        assert!(!has_tag(&key, &message, &tag), "{}", vector["id"]);
    }
}

/// A difference in any bit is a difference, and equal differences in two words do not cancel each other out.
#[test]
fn every_bit_of_a_mac_counts() {
    let key = Key::new(&[7; 32]).unwrap();
    let mac = key.mac(b"message");
    assert!(key.verify(b"message", &mac));
    assert!(!key.verify(b"messagf", &mac));
    // Miri takes a minute for the whole.
    for bit in (0..256).step_by(if cfg!(miri) { 85 } else { 1 }) {
        let mut other = mac;
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.verify(b"message", &other), "{bit}");
        for word in 1..8 {
            let mut both = other;
            both[(bit / 8 + 4 * word) % 32] ^= 1 << (bit % 8);
            assert!(!key.verify(b"message", &both), "{bit} and {word} words on");
        }
    }
}
