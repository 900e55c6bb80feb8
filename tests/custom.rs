//! The application's own claims, as `Claims::custom` reads them out of payloads that others wrote.
#![allow(clippy::unwrap_used, clippy::float_cmp)]
// A method of a type with a lifetime is not general enough to stand for such a closure.
#![allow(clippy::redundant_closure_for_method_calls)]

mod common;

use common::{Buffer, NOW, key, with_payload};
use jotlet::{Access, CustomClaimsError, Issuer, TokenId, Verifier};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

type Text = heapless::String<64>;

/// A payload with these members beside what every token needs.
fn payload(members: &str) -> String {
    format!(r#"{{"type":"access",{members},"exp":{}}}"#, u64::MAX)
}

fn custom<C: DeserializeOwned>(members: &str) -> Result<C, CustomClaimsError> {
    with_payload(&payload(members), |claims| claims.custom())
}

#[derive(Deserialize, PartialEq, Debug)]
struct One<C> {
    x: C,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Borrowed<'a> {
    x: &'a str,
}

/// The claim `x` of this text as a `C`.
fn one<C: DeserializeOwned>(value: &str) -> Result<C, CustomClaimsError> {
    custom::<One<C>>(&format!("\"x\":{value}")).map(|one| one.x)
}

#[test]
fn escapes_come_out_as_characters() {
    for (spelled, meant) in [
        (r#""caf\u00e9""#, "café"),
        (r#""\ud83d\ude80 \uD83D\uDE80""#, "🚀 🚀"),
        (r#""\u4f60\u597d""#, "你好"),
        (r#""🚀é""#, "🚀é"),
        (r#""a\/b""#, "a/b"),
        (r#""\b\f\n\r\t\u0000\u001f""#, "\u{8}\u{c}\n\r\t\0\u{1f}"),
        (r#""\u007f\u2028\uffff""#, "\u{7f}\u{2028}\u{ffff}"),
        (r#""""#, ""),
    ] {
        assert_eq!(one::<Text>(spelled).unwrap(), meant, "{spelled}");
        let text = payload(&format!("\"x\":{spelled}"));
        with_payload(&text, |claims| {
            assert_eq!(claims.custom(), Ok(Borrowed { x: meant }), "{spelled}");
        });
    }
}

#[test]
fn quotes_and_backslashes_need_an_owned_field() {
    for (spelled, meant) in [
        (r#""say \"hi\"""#, r#"say "hi""#),
        (r#""C:\\dir\\""#, r"C:\dir\"),
        (r#""\u0022\u005c\u0022""#, r#""\""#),
        (r#""\\\"\\\\\"""#, r#"\"\\""#),
        (r#""\\u0041\\n""#, r"\u0041\n"),
    ] {
        assert_eq!(one::<Text>(spelled).unwrap(), meant, "{spelled}");
        let text = payload(&format!("\"x\":{spelled}"));
        let at = text.find(spelled).unwrap();
        with_payload(&text, |claims| {
            let refused = Err(CustomClaimsError::WrongValue { at });
            assert_eq!(claims.custom::<Borrowed<'_>>(), refused);
        });
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(rename_all = "lowercase")]
enum Role {
    Reader,
    Limit(u32),
    Area { north: i8, name: Text },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Everything<'a> {
    yes: bool,
    #[serde(borrow)]
    text: &'a str,
    owned: Text,
    smallest: (i8, i16, i32, i64),
    largest: (u8, u16, u32, u64),
    ratio: f64,
    absent: Option<u8>,
    null: Option<u8>,
    some: Option<Text>,
    roles: heapless::Vec<Role, 4>,
    nested: Option<Box<Everything<'a>>>,
    numbers: Vec<Vec<u16>>,
    unit: (),
}

fn everything(nested: Option<Box<Everything<'_>>>) -> Everything<'_> {
    let roles = [
        Role::Reader,
        Role::Limit(7),
        Role::Area {
            north: -7,
            name: Text::try_from(r#"the "hall""#).unwrap(),
        },
    ];
    Everything {
        yes: true,
        text: "plain, {[:]} é 🚀",
        owned: Text::try_from("\"quoted\" \\ \u{1}").unwrap(),
        smallest: (i8::MIN, i16::MIN, i32::MIN, i64::MIN),
        largest: (u8::MAX, u16::MAX, u32::MAX, u64::MAX),
        ratio: -0.1e-300,
        absent: None,
        null: None,
        some: Some(Text::try_from("here").unwrap()),
        roles: roles.into_iter().collect(),
        nested,
        numbers: vec![vec![], vec![1], vec![2, 3]],
        unit: (),
    }
}

#[test]
fn every_kind_of_field() {
    let all = everything(Some(Box::new(everything(None))));
    let text = serde_json::to_string(&all).unwrap();
    let members = text.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
    with_payload(&payload(members), |claims| {
        assert_eq!(claims.custom::<Everything<'_>>().unwrap(), all);
    });
    // The same with white space wherever RFC 8259 allows it.
    let spaced = serde_json::to_string_pretty(&all).unwrap();
    let spaced = spaced.replace('\n', " \r\n\t").replace("\":", "\"\t\n :");
    let members = spaced.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
    with_payload(&payload(members), |claims| {
        assert_eq!(claims.custom::<Everything<'_>>().unwrap(), all);
    });
}

#[test]
fn an_option_is_absent_null_or_there() {
    assert_eq!(custom::<One<Option<u8>>>("\"y\":1").unwrap().x, None);
    assert_eq!(one::<Option<u8>>("null"), Ok(None));
    assert_eq!(one::<Option<u8>>("7"), Ok(Some(7)));
}

#[test]
fn a_claim_that_the_type_lacks_is_passed_over() {
    let long = format!(r#""{}""#, r#"\""#.repeat(300));
    for other in [
        "1",
        "-1.5e3",
        "true",
        "false",
        "null",
        r#""text""#,
        r#""\"x\":2,""#,
        "[]",
        "{}",
        r#"[1,{"x":2},[[null]],"]"]"#,
        r#"{"x":2,"y":{"x":3},"z":"}"}"#,
        &long,
    ] {
        for members in [
            format!(r#""x":1,"other":{other}"#),
            format!(r#""other":{other},"x":1"#),
            format!("\"other\" :\t{other} \n,\"x\" : 1\r"),
        ] {
            assert_eq!(custom(&members), Ok(One { x: 1_u8 }), "{members}");
        }
        let nested = format!(r#""x":{{"x":1,"other":{other}}}"#);
        if other != long {
            assert_eq!(custom(&nested), Ok(One { x: One { x: 1_u8 } }), "{nested}");
        }
    }
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Exactly {
    x: u8,
}

#[derive(Deserialize)]
struct Free {
    exp: u8,
    sub: Text,
    aud: [u8; 0],
}

#[test]
fn the_registered_claims_are_not_the_applications() {
    let key = key();
    let issuer = Issuer::new(&key).issuer("iss").audience("aud");
    let token = issuer
        .access("sub", TokenId::from_bytes([1; 16]))
        .fresh()
        .csrf("csrf")
        .session_id("sid")
        .claims(&Exactly { x: 1 })
        .sign_owned::<512>(NOW)
        .unwrap();
    let mut buffer = Buffer::new();
    let claims = Verifier::<Access>::new(&key).verify(&token, NOW, &mut buffer);
    assert_eq!(claims.unwrap().custom(), Ok(Exactly { x: 1 }));

    assert_eq!(
        custom::<Exactly>(r#""x":1,"y":2"#),
        Err(CustomClaimsError::WrongType)
    );
    // Deeper down the names are free.
    let members = r#""x":{"exp":1,"sub":"a\"","aud":[]}"#;
    let free = custom::<One<Free>>(members).unwrap().x;
    assert_eq!((free.exp, free.sub.as_str(), free.aud), (1, "a\"", []));
}

#[test]
fn registered_claims_full_of_quotes_do_not_mislead() {
    let nasty = [
        r#""sub":"\"x\":1,\"y\":{\"""#,
        r#""aud":["\"","}","\\","\u0022x\u0022:3,", "]", ""]"#,
        r#""iss":"}\\\\\""  "#,
        r#""\u006ati":"\\","csrf":"\"" , "sid":"\",\"x\":4""#,
        r#""fresh":1.5e3 ,"nbf":0,"iat" : 0"#,
        r#""aud":[ ]"#,
        r#""aud":",""#,
        r#""sub":"" "#,
    ];
    for first in nasty {
        for second in nasty {
            if first[..4] == second[..4] {
                continue;
            }
            for members in [
                format!(r#""x":"\"",{first},{second}"#),
                format!(r#"{first},"x":"\"",{second}"#),
                format!("{first} ,\n{second}\t,\"x\":\"\\\"\""),
            ] {
                assert_eq!(one_text(&members).unwrap(), "\"", "{members}");
            }
        }
    }
}

fn one_text(members: &str) -> Result<Text, CustomClaimsError> {
    custom::<One<Text>>(members).map(|one| one.x)
}
