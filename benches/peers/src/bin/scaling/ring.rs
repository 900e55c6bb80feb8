//! By the keys of a ring: a header that jotlet writes names its key; behind any other every key is tried.

use std::hint::black_box;

use jotlet::{Access, ClaimsBuffer, Issuer, Key, KeyRing, TokenId, Verifier};
use peers::measure::{Work, medians, tenths};
use peers::payloads::NOW;
use serde::Serialize;

const KEYS: [u8; 5] = [1, 2, 4, 8, 16];

#[derive(Serialize)]
pub struct Row {
    keys: u8,
    /// Signed with the ring's last key.
    named_key: f64,
    /// Signed with the ring's last key, with a header that names none.
    unnamed_key: f64,
    /// Signed with a key that is not in the ring, with a header that names none.
    unknown_key: f64,
}

fn key(number: u8) -> Key {
    Key::new(&[number; 32]).expect("32 bytes are enough")
}

fn ring(keys: u8) -> KeyRing<15> {
    let mut ring = KeyRing::new("key-01", key(1)).expect("a key id");
    for number in 2..=keys {
        ring.add(&format!("key-{number:02}"), key(number))
            .expect("there is room");
    }
    ring
}

/// A token as F is, from an issuer.
fn token(issuer: &Issuer<'_>) -> String {
    let builder = issuer.access("alice.doe", TokenId::uuid([0x5a; 16]));
    let builder = builder.csrf("7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38");
    let token = builder.sign_owned::<512>(NOW).expect("it fits");
    token.as_str().to_owned()
}

pub fn measure(rounds: usize) -> Vec<Row> {
    let rings = KEYS.map(ring);
    let mut tokens = Vec::new();
    for (keys, mut ring) in KEYS.into_iter().zip(KEYS.map(ring)) {
        ring.sign_with(&format!("key-{keys:02}"))
            .expect("it is in the ring");
        let named = token(&Issuer::new(&ring));
        let unnamed = token(&Issuer::new(&key(keys)));
        let unknown = token(&Issuer::new(&key(99)));
        tokens.push([named, unnamed, unknown]);
    }
    let mut works = Vec::new();
    for (ring, tokens) in rings.iter().zip(&tokens) {
        for (which, token) in tokens.iter().enumerate() {
            let verifier = Verifier::<Access>::new(ring);
            let mut buffer = ClaimsBuffer::<256>::new();
            works.push(Work::repeated(16, move || {
                let claims = verifier.verify(black_box(token), NOW, &mut buffer);
                assert_eq!(black_box(claims.is_ok()), which < 2);
            }));
        }
    }
    let medians = medians(&mut works, rounds);
    let row = |(keys, times): (u8, &[f64])| Row {
        keys,
        named_key: tenths(times[0]),
        unnamed_key: tenths(times[1]),
        unknown_key: tenths(times[2]),
    };
    KEYS.into_iter().zip(medians.chunks(3)).map(row).collect()
}

pub fn print(rows: &[Row]) {
    println!(
        "\nBy the keys of a ring, ns\n  keys  the last one, named  the last one, unnamed  none of them, unnamed"
    );
    for Row {
        keys,
        named_key,
        unnamed_key,
        unknown_key,
    } in rows
    {
        println!("{keys:>6} {named_key:>20.0} {unnamed_key:>22.0} {unknown_key:>22.0}");
    }
}
