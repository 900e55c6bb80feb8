//! No branch and no address depends on a key or on the MAC that a token should have. The key is undefined for memcheck, and
//! so is all that is computed from it; memcheck reports every branch on it and every address made from it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod valgrind;

use std::hint::black_box;

use jotlet::{
    ACCESS_COOKIE, Access, ClaimsBuffer, CsrfError, Issuer, Key, KeyRing, RequestToken, Timestamp,
    TokenId, Verifier,
};
use valgrind::{public, secret};

const NOW: Timestamp = Timestamp::from_secs(1_767_225_600);

/// Announces what comes next: `reports.py` counts what memcheck reports from here to the next line.
fn scenario<T>(name: &str, run: impl FnOnce() -> T) -> T {
    println!("== {name}");
    run()
}

/// A key whose bytes are a secret.
fn secret_key(len: usize) -> Key {
    let bytes: Vec<u8> = (0..len).map(|i| i as u8 ^ 0x5a).collect();
    secret(bytes.as_slice());
    Key::new(&bytes).unwrap()
}

fn issue(keys: &Key) -> String {
    let issuer = Issuer::new(keys).issuer("https://example.com");
    let token = issuer
        .access("user-42", TokenId::from_bytes([1; 16]))
        .fresh()
        .sign_owned::<512>(NOW)
        .unwrap();
    let token = token.as_str().to_owned();
    // Whoever gets the token sees all of it.
    public(token.as_bytes());
    token
}

/// The token with the byte of its MAC at this position made another one.
fn with_wrong_byte(token: &str, at: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut token = token.as_bytes().to_vec();
    let character = token.len() - 43 + (at * 8).div_ceil(6);
    let value = ALPHABET
        .iter()
        .position(|&c| c == token[character])
        .unwrap();
    // Bit 2 belongs to the byte and not to the spare bits of the last character.
    token[character] = ALPHABET[value ^ 4];
    String::from_utf8(token).unwrap()
}

fn accepts(verifier: &Verifier<'_, Access>, token: &str) -> bool {
    let mut buffer = ClaimsBuffer::<384>::new();
    verifier.verify(token, NOW, &mut buffer).is_ok()
}

/// Issuing, and verifying what was issued and what was made wrong since.
fn tokens(len: usize) {
    let key = scenario(&format!("a key of {len} bytes"), || secret_key(len));
    let token = scenario("issue", || issue(&key));
    let mut tokens = vec![("MAC right".to_owned(), token.clone())];
    tokens.extend([0, 15, 31].map(|at| {
        (
            format!("MAC wrong at byte {at}"),
            with_wrong_byte(&token, at),
        )
    }));

    let verifier = Verifier::<Access>::new(&key).issuer("https://example.com");
    for (name, token) in &tokens {
        let accepted = scenario(&format!("verify, {name}"), || accepts(&verifier, token));
        assert_eq!(accepted, name == "MAC right", "{name}");
    }

    // The header names none of the ring's keys, so that each of them is tried.
    let mut ring = KeyRing::<1>::new("new", secret_key(32)).unwrap();
    ring.add("old", key).unwrap();
    let verifier = Verifier::<Access>::new(&ring).issuer("https://example.com");
    for (name, token) in &tokens {
        let accepted = scenario(&format!("verify by a ring, {name}"), || {
            accepts(&verifier, token)
        });
        assert_eq!(accepted, name == "MAC right", "{name}");
    }
}

/// The value against cross-site request forgery, right and wrong: no part of the key, but as secret.
fn csrf() {
    let key = Key::new(&[7; 32]).unwrap();
    let value = TokenId::uuid([0x5a; 16]).text();
    let issuer = Issuer::new(&key);
    let token = issuer
        .access("user-42", TokenId::from_bytes([1; 16]))
        .csrf(value.as_str());
    let token = token.sign_owned::<512>(NOW).unwrap();
    let cookie = format!("{ACCESS_COOKIE}={}", token.as_str());
    let token = RequestToken::find(None::<&str>, [cookie.as_str()], ACCESS_COOKIE).unwrap();
    let mut buffer = ClaimsBuffer::<384>::new();
    let claims = Verifier::<Access>::new(&key)
        .verify(token, NOW, &mut buffer)
        .unwrap();
    secret(claims.csrf().unwrap().as_bytes());

    for at in [None, Some(0), Some(15), Some(31), Some(35)] {
        let mut header = value.as_str().as_bytes().to_vec();
        if let Some(at) = at {
            header[at] ^= 1;
        }
        let name = at.map_or("right".to_owned(), |at| format!("wrong at byte {at}"));
        let checked = scenario(&format!("CSRF, {name}"), || {
            token.check_csrf("POST", Some(header.as_slice()), &claims)
        });
        public(&checked); // The verdict.
        assert_eq!(
            checked,
            if at.is_none() {
                Ok(())
            } else {
                Err(CsrfError::Mismatch)
            }
        );
    }
}

/// The faults that the gate is there for. Each must be reported.
mod planted {
    #[inline(never)]
    pub fn early_exit(a: &[u8], b: &[u8]) -> bool {
        for (a, b) in a.iter().zip(b) {
            if a != b {
                return false;
            }
        }
        true
    }

    #[inline(never)]
    pub fn slice_equality(a: &[u8], b: &[u8]) -> bool {
        a == b
    }

    #[inline(never)]
    pub fn table(index: u8, table: &[u8; 256]) -> u8 {
        table[usize::from(index)]
    }
}

fn main() {
    assert!(valgrind::is_running(), "to be run by valgrind");
    for len in [32, 64, 100] {
        tokens(len);
    }
    csrf();

    // Of unknown length, lest the compiler turn the faults into comparisons without a branch.
    let (mac, presented, table) = (
        black_box(vec![7; 32]),
        black_box(vec![7; 32]),
        black_box([9; 256]),
    );
    secret(mac.as_slice());
    scenario("control: an early exit", || {
        black_box(planted::early_exit(&mac, &presented))
    });
    scenario("control: slice ==", || {
        black_box(planted::slice_equality(&mac, &presented))
    });
    scenario("control: a table", || {
        black_box(planted::table(mac[0], &table))
    });
}
