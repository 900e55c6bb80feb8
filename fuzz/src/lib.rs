//! What the targets share: keys, a signer, and a plain verifier on `serde_json` that jotlet is compared with.

mod model;

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Key, KeyRing, MAX_TOKEN_LEN, Timestamp};
use sha2::Sha256;

pub use model::{Reading, depth, header_is_good, members};

/// The time of most of the vectors.
pub const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// `{"alg":"HS256","typ":"JWT"}`
pub const PLAIN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// Longer inputs are left alone: a token of them would be too long.
pub const MAX_INPUT: usize = 8 * 1024;

/// Holds the claims of any token.
pub type ClaimsBuffer = jotlet::ClaimsBuffer<MAX_TOKEN_LEN>;

/// Not the key of the vectors: none of their tokens is good here.
const SECRET: &[u8; 32] = b"known to the fuzz targets alone.";

pub static KEY: LazyLock<Key> = LazyLock::new(|| Key::new(SECRET).unwrap());

/// The same key in a ring, which knows other headers.
pub static RING: LazyLock<KeyRing<1>> = LazyLock::new(|| {
    let mut ring = KeyRing::new("1", Key::new(&[1; 32]).unwrap()).unwrap();
    ring.add("2", Key::new(SECRET).unwrap()).unwrap();
    ring
});

static MAC: LazyLock<Hmac<Sha256>> = LazyLock::new(|| Hmac::new_from_slice(SECRET).unwrap());

/// A text and the right MAC over it.
pub fn seal(mut message: Vec<u8>) -> Vec<u8> {
    let mut mac = MAC.clone();
    mac.update(&message);
    let mac = Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes());
    message.push(b'.');
    message.extend(mac.bytes());
    message
}

/// A token of any header and payload under the right MAC.
pub fn forge(header: &[u8], payload: &[u8]) -> Vec<u8> {
    forge_encoded(Base64UrlUnpadded::encode_string(header), payload)
}

/// As [`forge`], with a header segment.
pub fn forge_encoded(header: impl Into<String>, payload: &[u8]) -> Vec<u8> {
    let mut message = header.into();
    message.push('.');
    message.push_str(&Base64UrlUnpadded::encode_string(payload));
    seal(message.into_bytes())
}
