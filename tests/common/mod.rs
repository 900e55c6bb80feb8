//! What several test files need: signing by hand, and the vectors that are not part of the repository.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

use std::path::PathBuf;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Access, Claims, ClaimsBuffer, Key, Timestamp, Verifier};
use proptest::prelude::*;
use proptest::sample::select;
use sha2::Sha256;

pub const SECRET: &[u8] = b"a shared secret of at least 32 bytes";
pub const NOW: Timestamp = Timestamp::from_secs(1_767_225_600);

/// How many cases proptest tries, unless `PROPTEST_CASES` tells. It keeps no file of those that failed: it prints them.
pub fn cases(cases: u32) -> ProptestConfig {
    let told = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: told.map_or(cases, |told| told.parse().unwrap()),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Texts with all that JSON has to escape, and characters of every length.
pub fn text() -> impl Strategy<Value = String> {
    let special: Vec<char> = "\"\\/,:{}[]\0\u{1f}\n\t\u{7f}é\u{ffff}\u{2028}🚀\u{10ffff}"
        .chars()
        .collect();
    let character = prop_oneof![select(special), prop::char::range('a', 'z'), any::<char>()];
    prop::collection::vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
}

/// Room for the payload of any token.
pub type Buffer = ClaimsBuffer<{ 16 * 1024 }>;

pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A token of any header and payload under a right MAC.
pub fn forge(key: &[u8], header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let header = Base64UrlUnpadded::encode_string(header.as_ref());
    seal(
        key,
        &format!(
            "{header}.{}",
            Base64UrlUnpadded::encode_string(payload.as_ref())
        ),
    )
}

pub fn key() -> Key {
    Key::new(SECRET).unwrap()
}

/// A token of this payload, by [`SECRET`] and with the usual header.
pub fn signed(payload: impl AsRef<[u8]>) -> String {
    forge(SECRET, HEADER, payload)
}

/// Verifies a payload as that of an access token, and passes its claims on.
pub fn with_payload<R>(payload: &str, read: impl FnOnce(&Claims<'_, Access>) -> R) -> R {
    let mut buffer = Buffer::new();
    let claims = Verifier::<Access>::new(&key()).verify(signed(payload), NOW, &mut buffer);
    read(&claims.unwrap())
}

/// A text and the right MAC over it.
pub fn seal(key: &[u8], message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    format!(
        "{message}.{}",
        Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes())
    )
}

/// A file or folder of the shared vectors. Without them a test says that it is skipped; with `CI=true` it fails.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/vectors")
        .join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "no vectors at {}",
        found.display()
    );
    println!("SKIPPED: no vectors at ../shared/vectors/{path}");
    None
}

pub fn shared_json(path: &str) -> Option<serde_json::Value> {
    shared(path).map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
}

pub fn base64url(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}
