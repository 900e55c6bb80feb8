//! The room that a token with claims of the application's own asks for is the room that it takes.
#![allow(clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{NOW, key};
use jotlet::{IssueError, Issuer, TokenId};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(u8),
    Struct { a: u8, b: (i8, bool) },
}

/// Is written as what its `Display` says.
struct Spelled;

impl Serialize for Spelled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}\"{}", 1, '\u{1}'))
    }
}

#[test]
fn every_kind_of_claim_is_measured_exactly() {
    fn measured(value: impl Serialize) {
        let key = key();
        let issuer = Issuer::new(&key);
        let claims = BTreeMap::from([("x", value)]);
        let builder = issuer
            .access("sub", TokenId::from_bytes([1; 16]))
            .claims(&claims);
        let Err(IssueError::BufferTooSmall { needed }) = builder.sign(NOW, &mut []) else {
            panic!("no buffer is large enough");
        };
        let mut out = vec![0; needed];
        assert_eq!(builder.sign(NOW, &mut out).map(str::len), Ok(needed));
    }
    for number in [i64::MIN, -10, -9, -1, 0, 1, 9, 10, i64::MAX] {
        measured(number);
    }
    measured((u64::MAX, i8::MIN, i16::MIN, i32::MIN, u8::MAX, u16::MAX));
    measured((0.5, -1e300, 0.1_f32, true, false, ()));
    measured("\"\\/\u{8}\t\n\u{c}\r\u{0}\u{1f} \u{7f}é\u{1f680}");
    measured([Some(""), None]);
    measured(Shape::Unit);
    measured(Shape::Newtype(1));
    measured(Shape::Struct {
        a: 1,
        b: (-1, true),
    });
    measured(BTreeMap::from([("a", vec![]), ("b", vec![1, 2])]));
    measured(Spelled);
}
