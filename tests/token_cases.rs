//! The project's own 284 accept and reject cases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::time::Duration;

use base64ct::{Base64, Encoding};
use jotlet::{Access, ClaimsBuffer, Key, Refresh, Timestamp, TokenType, Verifier};
use serde_json::Value;

/// The `should` cases that jotlet decides otherwise, each with its reason. There is none.
const DIFFERENT: [(&str, &str); 0] = [];

fn accepts<T: TokenType>(case: &Value) -> bool {
    let text = |name: &str| case[name].as_str().unwrap();
    let number = |name: &str| case[name].as_u64().unwrap();
    let secret = Base64::decode_vec(text("key_b64")).unwrap();
    let Ok(key) = Key::new(&secret) else {
        return false;
    };
    let verifier = Verifier::<T>::new(&key).leeway(Duration::from_secs(number("leeway")));
    let mut buffer = ClaimsBuffer::<{ 16 * 1024 }>::new();
    verifier
        .verify(
            text("token"),
            Timestamp::from_secs(number("now")),
            &mut buffer,
        )
        .is_ok()
}

#[test]
fn every_case() {
    let file: Value = serde_json::from_str(include_str!("vectors/token_cases.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 284);
    let (mut must, mut should, mut wrong) = (0, 0, Vec::new());
    for case in cases {
        let accepted = match case["expected_type"].as_str().unwrap() {
            "access" => accepts::<Access>(case),
            "refresh" => accepts::<Refresh>(case),
            other => panic!("unknown type {other}"),
        };
        let id = case["id"].as_str().unwrap();
        let agrees = accepted == (case["expect"] == "accept");
        // Of a `resource` case only a crash or a hang is a failure: it has passed by getting here.
        if agrees || case["resource"].as_bool().unwrap() || DIFFERENT.iter().any(|(d, _)| *d == id)
        {
            *if case["strictness"] == "must" {
                &mut must
            } else {
                &mut should
            } += 1;
        } else {
            wrong.push(id);
        }
    }
    println!("must: {must}, should: {should}, of {}", cases.len());
    assert!(wrong.is_empty(), "decided otherwise: {wrong:?}");
}
