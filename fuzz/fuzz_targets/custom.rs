//! The application's claims out of any payload under a right MAC: what they are read as is what `serde_json` reads.
#![no_main]

use jotlet::{Access, Verifier};
use jotlet_fuzz::{ClaimsBuffer, KEY, MAX_INPUT, NOW, PLAIN, forge_encoded};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;

/// A field of each kind that serde-json-core can read.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(default)]
#[derive(Default)]
struct Custom {
    text: String,
    letter: char,
    flag: Option<bool>,
    small: i8,
    big: u64,
    float: Option<f64>,
    list: Vec<String>,
    pair: (u8, i16),
    inner: Inner,
    kind: Kind,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Inner {
    name: String,
    numbers: Vec<i32>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Unit,
    New(u16),
    Struct {
        x: bool,
    },
}

fuzz_target!(|payload: &[u8]| {
    if payload.len() > MAX_INPUT {
        return;
    }
    let verifier = Verifier::<Access>::new(&*KEY)
        .missing_type_is_access()
        .allow_missing_expiry();
    let mut buffer = ClaimsBuffer::new();
    let Ok(claims) = verifier.verify(forge_encoded(PLAIN, payload), NOW, &mut buffer) else {
        return;
    };
    let Ok(custom) = claims.custom::<Custom>() else {
        return;
    };
    match serde_json::from_slice::<Custom>(payload) {
        Ok(expected) => assert_eq!(custom, expected),
        // Where serde-json-core takes more: a number too large for a float is infinity, and -0 is an integer.
        Err(error) => {
            let infinity = custom.float.is_some_and(f64::is_infinite);
            let negative_zero = payload.windows(2).any(|two| two == b"-0");
            assert!(infinity || negative_zero, "{error}: {custom:?}");
        }
    }
});
