//! One token has one spelling: no token that differs in a single character, is cut off, or has something added is taken.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::thread;
use std::time::Duration;

use base64ct::{Base64, Encoding};
use jotlet::{Access, ClaimsBuffer, Key, Timestamp, Verifier};
use serde_json::Value;

/// A token that is valid under this key at this time.
struct Real {
    token: String,
    secret: Vec<u8>,
    now: Timestamp,
    leeway: Duration,
}

impl Real {
    /// Passes a judge for spellings of this token, which takes the token itself, to `attack`.
    fn judge(&self, attack: impl Fn(&dyn Fn(&[u8]) -> bool, &[u8])) {
        let key = Key::new(&self.secret).unwrap();
        let verifier = Verifier::<Access>::new(&key).leeway(self.leeway);
        let accepts = |token: &[u8]| {
            let mut buffer = ClaimsBuffer::<512>::new();
            verifier.verify(token, self.now, &mut buffer).is_ok()
        };
        assert!(accepts(self.token.as_bytes()), "{}", self.token);
        attack(&accepts, self.token.as_bytes());
    }
}

/// One that Flask made, and nine of the project's own cases.
fn ten() -> Vec<Real> {
    let flask: Value =
        serde_json::from_str(include_str!("fixtures/flask_access_token.json")).unwrap();
    let mut tokens = vec![Real {
        token: flask["token"].as_str().unwrap().to_owned(),
        secret: flask["key"].as_str().unwrap().into(),
        now: Timestamp::from_secs(flask["made_at"].as_u64().unwrap()),
        leeway: Duration::ZERO,
    }];
    let cases: Value = serde_json::from_str(include_str!("vectors/token_cases.json")).unwrap();
    for id in [
        "ok-key64",
        "ok-hdr-typ-full",
        "ok-hdr-kid-inj",
        "ok-hdr-escaped-val",
        "ok-hdr-empty-key",
        "ok-pl-ws",
        "ok-pl-aud-arr",
        "ok-pl-prefix",
        "t-exp-u64max-lee",
    ] {
        let mut cases = cases["cases"].as_array().unwrap().iter();
        let case = cases.find(|case| case["id"] == id).unwrap();
        tokens.push(Real {
            token: case["token"].as_str().unwrap().to_owned(),
            secret: Base64::decode_vec(case["key_b64"].as_str().unwrap()).unwrap(),
            now: Timestamp::from_secs(case["now"].as_u64().unwrap()),
            leeway: Duration::from_secs(case["leeway"].as_u64().unwrap()),
        });
    }
    assert_eq!(tokens.len(), 10);
    tokens
}

/// Attacks the ten tokens, each in a thread of its own.
fn attack_all(attack: impl Fn(&dyn Fn(&[u8]) -> bool, &[u8]) + Copy + Send) {
    thread::scope(|scope| {
        for real in ten() {
            scope.spawn(move || real.judge(attack));
        }
    });
}

#[test]
fn every_edit_of_a_single_character_is_refused() {
    attack_all(|accepts, token| {
        for at in 0..token.len() {
            let mut edited = token.to_vec();
            for byte in (0..0x80).chain([0x80, 0xbf, 0xc3, 0xff]) {
                edited[at] = byte;
                assert_eq!(accepts(&edited), edited == token, "{byte:#x} at {at}");
            }
        }
    });
}

#[test]
fn every_beginning_and_every_end_is_refused() {
    attack_all(|accepts, token| {
        for at in 1..token.len() {
            assert!(!accepts(&token[..at]), "the first {at}");
            assert!(!accepts(&token[at..]), "all but the first {at}");
        }
        assert!(!accepts(b""));
    });
}

#[test]
fn every_character_taken_out_is_refused() {
    attack_all(|accepts, token| {
        for at in 0..token.len() {
            assert!(!accepts(&[&token[..at], &token[at + 1..]].concat()), "{at}");
        }
    });
}

#[test]
fn whatever_is_added_is_refused() {
    attack_all(|accepts, token| {
        for byte in 0..=0xff {
            assert!(!accepts(&[token, &[byte]].concat()), "{byte:#x} behind it");
            assert!(!accepts(&[&[byte], token].concat()), "{byte:#x} before it");
        }
        let dots = token.iter().enumerate().filter(|(_, byte)| **byte == b'.');
        for (at, _) in dots {
            for added in ["=", "==", "A", ".", "..", " ", "\n", "%2E", "\0"] {
                for at in [at, at + 1] {
                    let (head, tail) = token.split_at(at);
                    let longer = [head, added.as_bytes(), tail].concat();
                    assert!(!accepts(&longer), "{added:?} at {at}");
                }
            }
        }
        for added in ["=", "==", ".", "..", ".e30", "\r\n", "AAAA"] {
            assert!(!accepts(&[token, added.as_bytes()].concat()), "{added:?}");
        }
        assert!(!accepts(&[token, token].concat()));
        assert!(!accepts(&[b"Bearer ", token].concat()));
    });
}
