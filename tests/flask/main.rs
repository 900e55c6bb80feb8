//! jotlet and a real flask-jwt-extended take each other's tokens: run by `bash tests/flask/run`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

mod app;
mod boundaries;
#[path = "../common/mod.rs"]
mod common;
mod cookies;
mod from_flask;
mod profile;
mod strictness;
mod to_flask;

use jotlet::{Claims, ClaimsBuffer, Key, Timestamp, TokenId, TokenType, Verifier, VerifyError};

const NOW: u64 = 1_767_225_600;
const DAY: u64 = 24 * 60 * 60;
const ID: TokenId = TokenId::from_bytes([0xab; 16]);

/// Everything that JSON escapes, what Python escapes beyond that, and what needs a surrogate pair.
const SUBJECTS: [&str; 7] = [
    "alice",
    "",
    "Zoë Ångström",
    "日本語",
    "😀 👩‍🚀",
    r#"a "quoted" back\slash / slash"#,
    "line\nfeed, tab\t, \u{1} \u{7f} \u{2028}",
];

fn key() -> Key {
    Key::new(app::KEY.as_bytes()).unwrap()
}

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

/// Verifies a token whose claims are looked at by the closure.
fn verify<T: TokenType, R>(
    verifier: &Verifier<'_, T>,
    token: &str,
    now: u64,
    look: impl FnOnce(Claims<'_, T>) -> R,
) -> Result<R, VerifyError> {
    let mut buffer = ClaimsBuffer::<1024>::new();
    verifier.verify(token, at(now), &mut buffer).map(look)
}
