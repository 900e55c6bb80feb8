//! The strict reader against `JSONTestSuite`, and against `serde_json` on documents made at random.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use common::{Buffer, NOW, cases, key, shared, signed, text, with_payload};
use jotlet::{Access, Timestamp, Verifier, VerifyError};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

fn verify(payload: &[u8]) -> Result<(), VerifyError> {
    let key = key();
    let verifier = Verifier::<Access>::new(&key);
    verifier
        .verify(signed(payload), NOW, &mut Buffer::new())
        .map(drop)
}

/// Whether it was the JSON that was refused, and not what it says.
fn is_about_json(error: VerifyError) -> bool {
    matches!(
        error,
        VerifyError::PayloadNotJson { .. }
            | VerifyError::PayloadNotUtf8
            | VerifyError::TooDeep { .. }
            | VerifyError::TooLong { .. }
    )
}

/// The caret stands before the first byte that is wrong; an escape or a literal is wrong from its start.
#[test]
fn an_error_tells_where_it_is() {
    for marked in [
        "^",
        "^x",
        "{^",
        "{^,}",
        "{^x:1}",
        "{\"^\n\":1}",
        r#"{"ex^\x":1}"#,
        r#"{"x" ^1}"#,
        r#"{"x":^"#,
        r#"{"x":1^"#,
        r#"{"x":1,^}"#,
        r#"{"x":1}^x"#,
        r#"{"abc":1,"ab":2^"x"}"#,
        r#"{"x":"ab^"#,
        r#"{"x":"a^\"#,
        r#"{"x":"a^\x"}"#,
        r#"{"x":"a\n^\u12g4"}"#,
        r#"{"x":"^\ud800\u0041"}"#,
        "{\"x\":\"\\\"ab^\n\"}",
        r#"{"x":^tru}"#,
        r#"{"x":0^1}"#,
        r#"{"x":1.^}"#,
        r#"{"x":1e+^}"#,
        r#"{"x":[1,^]}"#,
        r#"{"x":[1 ^2]}"#,
        r#"{"x":{^a:1}}"#,
        r#"{"x":{"a":1^]}"#,
        r#"{"sub":"ab^"#,
        r#"{"sub":"a^\x"}"#,
        r#"{"fresh":^tru}"#,
        r#"{"exp":1e^}"#,
        r#"{"exp":123^?}"#,
        r#"{"exp":12^:3}"#,
        r#"{"exp":1^;23}"#,
        r#"{"exp":1234123^<}"#,
        r#"{"aud":["a" ^"b"]}"#,
    ] {
        let at = marked.find('^').unwrap();
        let refused = Err(VerifyError::PayloadNotJson { at });
        assert_eq!(
            verify(marked.replace('^', "").as_bytes()),
            refused,
            "{marked}"
        );
    }
}

#[test]
fn json_test_suite() {
    let Some(folder) = shared("jsontestsuite/test_parsing") else {
        return;
    };
    let mut count = [0; 3];
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let document = std::fs::read(file.path()).unwrap();
        let accepted = |before: &str, after: &str| {
            let payload = [before.as_bytes(), &document, after.as_bytes()].concat();
            let verified = verify(&payload);
            // Nothing but the document can be wrong.
            assert!(
                verified.is_ok() || verified.is_err_and(is_about_json),
                "{name}"
            );
            verified.is_ok()
        };
        let first = accepted("{\"x\":", r#","type":"access","exp":9999999999}"#);
        let last = accepted(r#"{"type":"access","exp":9999999999,"x":"#, "}");
        let expected = match name.as_bytes().first() {
            Some(b'y') => true,
            Some(b'n') => false,
            // RFC 8259 leaves these open. Numbers may have any size; half a surrogate pair, what is not UTF-8, a byte
            // order mark and 500 levels are refused.
            _ => name.starts_with("i_number_"),
        };
        assert_eq!((first, last), (expected, expected), "{name}");
        *match name.as_bytes() {
            [b'y', ..] => &mut count[0],
            [b'n', ..] => &mut count[1],
            _ => &mut count[2],
        } += 1;
    }
    println!("y, n, i: {count:?}");
    assert_eq!(count, [95, 188, 35]);
}

/// A character in one of its spellings: as it is, by its short escape, by its code in lower or upper case.
fn spell(character: char, style: u8) -> String {
    let short = "\"\\/\u{8}\u{c}\n\r\t".find(character);
    match (style, short) {
        (0, _) if character >= ' ' && !matches!(character, '"' | '\\') => character.into(),
        (0 | 1, Some(at)) => format!("\\{}", &"\"\\/bfnrt"[at..=at]),
        (2, _) => units(character, |unit| format!("\\u{unit:04x}")),
        _ => units(character, |unit| format!("\\u{unit:04X}")),
    }
}

fn units(character: char, escape: impl Fn(&u16) -> String) -> String {
    let mut units = [0; 2];
    character
        .encode_utf16(&mut units)
        .iter()
        .map(escape)
        .collect()
}

/// A string, spelled in any way, with its quotes.
fn spelled(text: &str) -> impl Strategy<Value = String> + use<> {
    let characters: Vec<char> = text.chars().collect();
    prop::collection::vec(0..4_u8, characters.len()).prop_map(move |styles| {
        let spelled = characters
            .iter()
            .zip(styles)
            .map(|(c, style)| spell(*c, style));
        format!("\"{}\"", spelled.collect::<String>())
    })
}

/// JSON for some string, spelled in any way.
fn string() -> impl Strategy<Value = String> {
    text().prop_flat_map(|text| spelled(&text))
}

fn space() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "", " ", "\t", "\r\n", "  \n "])
}

/// Joins what stands between two brackets, with white space around each.
fn bracketed(
    open: &'static str,
    close: &'static str,
    items: Vec<(String, &'static str)>,
) -> String {
    let items: Vec<String> = items
        .into_iter()
        .map(|(item, space)| format!("{space}{item}{space}"))
        .collect();
    format!("{open}{}{close}", items.join(","))
}

/// JSON of any shape.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(vec![
            "null", "true", "false", "0", "-0", "1E400", "[]", "{ }"
        ])
        .prop_map(str::to_owned),
        "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?",
        string(),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        let member = (string(), space(), inner.clone())
            .prop_map(|(name, space, value)| format!("{name}{space}:{space}{value}"));
        prop_oneof![
            prop::collection::vec((inner, space()), 0..6)
                .prop_map(|items| bracketed("[", "]", items)),
            prop::collection::vec((member, space()), 0..6)
                .prop_map(|items| bracketed("{", "}", items)),
        ]
    })
}

/// A small damage: bytes taken out at a place, and bytes put in.
fn damage() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let structural = select(
        b"\"\\/{}[]:,0123456789-+.eEtrufalsn \t\n\r\0\x1f\x7f\x80\xbf\xc3\xed\xf0\xff".to_vec(),
    );
    let inserted = prop::collection::vec(prop_oneof![4 => structural, 1 => any::<u8>()], 0..3);
    (any::<prop::sample::Index>(), 0..3_usize, inserted)
}

proptest! {
    #![proptest_config(cases(600))]

    /// What serde_json reads is read, what it does not read is not.
    #[test]
    fn serde_json_agrees(document in json(), damages in prop::collection::vec(damage(), 0..3)) {
        let mut payload = format!(r#"{{"type":"access","x":{document},"exp":9999999999}}"#).into_bytes();
        prop_assert_eq!(verify(&payload), Ok(()));
        for (at, removed, inserted) in damages {
            let at = at.index(payload.len());
            let end = payload.len().min(at + removed);
            payload.splice(at..end, inserted);
        }
        let oracle = serde_json::from_slice::<serde_json::Map<String, Value>>(&payload);
        let verified = verify(&payload);
        let agrees = match (&oracle, verified) {
            (Ok(_), Err(error)) => !is_about_json(error),
            // A claim that is wrong by itself ends the reading.
            (Err(_), Err(VerifyError::MalformedClaim { .. } | VerifyError::DuplicateClaim { .. })) => true,
            (Err(_), Err(error)) => is_about_json(error),
            (oracle, Ok(())) => oracle.is_ok(),
        };
        prop_assert!(agrees, "{:?}, {:?}: {}", verified, oracle, payload.escape_ascii());
    }
}

/// The members of a payload with every claim that is text, in any order, its names and values spelled in any way.
fn claims() -> impl Strategy<Value = String> {
    let names = ["sub", "iss", "jti", "csrf", "sid"].map(|name| (spelled(name), string()));
    let list = |open, close| {
        prop::collection::vec((string(), space()), 0..5)
            .prop_map(move |items| bracketed(open, close, items))
    };
    let audience = (spelled("aud"), prop_oneof![string(), list("[", "]")]);
    let own = (
        spelled("own"),
        (string(), list("[", "]")).prop_map(|(text, list)| format!("[{text} ,[{list},\n{text}]]")),
    );
    let own = (own.0, own.1);
    let other = (spelled("other"), json());
    let fixed = (spelled("type"), spelled("access"), spelled("exp"));
    (names, audience, own, other, fixed)
        .prop_flat_map(|(names, audience, own, other, (kind, access, exp))| {
            let mut members: Vec<(String, String)> = names.into();
            members.extend([
                audience,
                own,
                other,
                (kind, access),
                (exp, "9999999999".to_owned()),
            ]);
            let len = members.len();
            (
                Just(members).prop_shuffle(),
                prop::collection::vec(space(), len),
            )
        })
        .prop_map(|(members, spaces)| {
            let members = members.into_iter().zip(spaces);
            let items = members
                .map(|((name, value), space)| (format!("{name}{space}:{space}{value}"), space));
            bracketed("{", "}", items.collect())
        })
}

#[derive(serde::Deserialize)]
struct Own {
    own: (String, (Vec<String>, String)),
}

proptest! {
    #![proptest_config(cases(600))]

    /// Every claim is what serde_json says it is.
    #[test]
    fn claims_are_what_serde_json_reads(payload in claims()) {
        let oracle: Value = serde_json::from_str(&payload).unwrap();
        let own: Own = serde_json::from_str(&payload).unwrap();
        with_payload(&payload, |claims| {
            prop_assert_eq!(claims.subject(), oracle["sub"].as_str());
            prop_assert_eq!(claims.issuer(), oracle["iss"].as_str());
            prop_assert_eq!(claims.token_id(), oracle["jti"].as_str());
            prop_assert_eq!(claims.csrf(), oracle["csrf"].as_str());
            prop_assert_eq!(claims.session_id(), oracle["sid"].as_str());
            prop_assert_eq!(claims.token_type(), oracle["type"].as_str());
            prop_assert_eq!(claims.expires_at().map(Timestamp::as_secs), oracle["exp"].as_u64());
            let audience: Vec<&str> = claims.audience().collect();
            let expected = match &oracle["aud"] {
                Value::Array(all) => all.iter().map(|one| one.as_str().unwrap()).collect(),
                one => vec![one.as_str().unwrap()],
            };
            prop_assert_eq!(audience, expected);
            let read: Own = claims.custom().unwrap();
            prop_assert_eq!(read.own, own.own);
            Ok(())
        })?;
    }
}
