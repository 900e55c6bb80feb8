//! The application's own claims in these tests.

use serde::{Deserialize, Serialize};

/// Borrowed and owned text, numbers, an absent value, nested objects and arrays.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile<'a> {
    pub(crate) city: &'a str,
    motto: heapless::String<64>,
    level: i32,
    rate: f64,
    admin: bool,
    #[serde(borrow)]
    home: Home<'a>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Home<'a> {
    floor: Option<i8>,
    roof: Option<i8>,
    numbers: [u16; 3],
    #[serde(borrow)]
    tags: heapless::Vec<&'a str, 4>,
}

impl Profile<'_> {
    pub(crate) fn example() -> Self {
        Self {
            city: "Zürich 😀",
            motto: r#"a "quote", a \ and 👩‍🚀"#.try_into().unwrap(),
            level: -3,
            rate: 1.5,
            admin: true,
            home: Home {
                floor: Some(-1),
                roof: None,
                numbers: [0, 1, u16::MAX],
                tags: ["new", "größer", "日本", "🚀"].into_iter().collect(),
            },
        }
    }
}
