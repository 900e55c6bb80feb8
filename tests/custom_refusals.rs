//! What `Claims::custom` says of claims that do not fit the application's type.
#![allow(clippy::unwrap_used)]
// A method of a type with a lifetime is not general enough to stand for such a closure.
#![allow(clippy::redundant_closure_for_method_calls)]

mod common;

use common::with_payload;
use jotlet::CustomClaimsError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

type Text = heapless::String<64>;

#[derive(Deserialize, PartialEq, Debug)]
struct One<C> {
    x: C,
}

#[derive(Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)] // None is ever made.
enum Role {
    Reader,
    Limit(u32),
}

/// A payload with these members beside what every token needs.
fn payload(members: &str) -> String {
    format!(r#"{{"type":"access",{members},"exp":{}}}"#, u64::MAX)
}

fn custom<C: DeserializeOwned>(members: &str) -> Result<C, CustomClaimsError> {
    with_payload(&payload(members), |claims| claims.custom())
}

/// The claim `x` of this text as a `C`.
fn one<C: DeserializeOwned>(value: &str) -> Result<C, CustomClaimsError> {
    custom::<One<C>>(&format!("\"x\":{value}")).map(|one| one.x)
}

#[test]
fn a_value_of_the_wrong_kind_is_an_error_that_says_where() {
    fn refuses<C: DeserializeOwned + std::fmt::Debug>(value: &str) {
        let text = payload(&format!("\"a\":\"\\u00e9\", \"x\" : {value} "));
        let at = text.find(value).unwrap();
        // The escape before it has become shorter, but what is left of it was filled up.
        with_payload(&text, |claims| {
            let refused = CustomClaimsError::WrongValue { at };
            assert_eq!(claims.custom::<One<C>>().unwrap_err(), refused, "{value}");
        });
    }
    for value in [
        "1.5",
        "1e3",
        "1E0",
        "-1",
        "-0.0",
        "256",
        "99999999999999999999",
        "\"1\"",
        "true",
    ] {
        refuses::<u8>(value);
        refuses::<[u8; 1]>(&format!("[{value}]"));
    }
    for value in ["128", "-129", "0.5", "\"1\"", "[1]"] {
        refuses::<i8>(value);
    }
    for value in ["18446744073709551616", "1.0", "null"] {
        refuses::<u64>(value);
    }
    for value in ["9223372036854775808", "-9223372036854775809"] {
        refuses::<i64>(value);
    }
    for value in ["1", "null", "\"true\"", "{}"] {
        refuses::<bool>(value);
    }
    for value in ["1", "null", "[]", "{\"a\":1}", "false"] {
        refuses::<Text>(value);
    }
    for value in ["[1]", "[1,2,3]", "{\"0\":1}", "\"ab\"", "1"] {
        refuses::<[u8; 2]>(value);
    }
    for value in ["\"ab\"", "\"\"", "1"] {
        refuses::<char>(value);
    }
    for value in [
        "\"writer\"",
        "\"limit\"",
        "{\"limit\":\"1\"}",
        "{\"reader\":1}",
        "{}",
        "1",
    ] {
        refuses::<Role>(value);
    }
    for value in ["{\"x\":\"1\"}", "{}", "[1]", "1", "{\"x\":1,\"x\":1}"] {
        refuses::<One<u8>>(value);
    }
    refuses::<heapless::String<3>>("\"four\"");
    refuses::<heapless::String<3>>("\"fo\\\"r\"");
    refuses::<heapless::Vec<u8, 2>>("[1,2,3]");
}

#[test]
fn a_field_that_is_missing_or_there_twice_is_named() {
    assert_eq!(
        custom::<One<u8>>("\"y\":1"),
        Err(CustomClaimsError::MissingField { name: "x" })
    );
    for members in [r#""x":1,"x":1"#, r#""x":1,"\u0078":2"#] {
        assert_eq!(
            custom::<One<u8>>(members),
            Err(CustomClaimsError::DuplicateField { name: "x" })
        );
    }
}

#[test]
fn the_claims_are_an_object() {
    assert_eq!(custom::<u8>("\"x\":1"), Err(CustomClaimsError::WrongType));
    assert_eq!(
        custom::<[u8; 1]>("\"x\":1"),
        Err(CustomClaimsError::WrongType)
    );
    assert_eq!(custom::<Text>("\"x\":1"), Err(CustomClaimsError::WrongType));
    let map = custom::<std::collections::BTreeMap<String, u8>>("\"x\":1,\"y\":2").unwrap();
    assert!(
        map.into_iter()
            .eq([("x".to_owned(), 1), ("y".to_owned(), 2)])
    );
}

#[test]
fn a_string_with_escapes_has_as_much_room_as_the_scratch() {
    type Long = heapless::String<512>;
    let value = |len: usize| format!(r#""\"{}""#, "a".repeat(len - 1));
    assert_eq!(one::<Long>(&value(256)).unwrap().len(), 256);
    assert_eq!(
        one::<Long>(&value(257)),
        Err(CustomClaimsError::StringTooLong { max: 256 })
    );
    with_payload(&payload(&format!("\"x\":{}", value(300))), |claims| {
        let long: One<Long> = claims.custom_with(&mut [0; 300]).unwrap();
        assert_eq!(long.x.len(), 300);
        let short = claims.custom_with::<One<Long>>(&mut [0; 299]);
        assert_eq!(short, Err(CustomClaimsError::StringTooLong { max: 299 }));
    });
    // Without quotes and backslashes there is nothing to unescape.
    let plain = format!(r#""\u00e9{}""#, "a".repeat(400));
    with_payload(&payload(&format!("\"x\":{plain}")), |claims| {
        let long: One<Long> = claims.custom_with(&mut []).unwrap();
        assert_eq!(long.x.len(), 402);
    });
}
