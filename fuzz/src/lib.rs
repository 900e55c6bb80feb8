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

/// Whether the model is to be wrong about escapes, so that `run` can see that the targets notice.
pub static PLANTED: LazyLock<bool> = LazyLock::new(|| std::env::var_os("PLANTED").is_some());

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

/// Calls `check` for an input and for some of its neighbours, in which one byte is another: they cost a third of what an
/// input costs that the fuzzer makes. The same input has the same neighbours.
pub fn with_neighbours(data: &[u8], mut check: impl FnMut(&[u8])) {
    check(data);
    let mut near = data.to_vec();
    let mut random = data.iter().fold(SEED, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for _ in 0..NEIGHBOURS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let [at, to, ..] = random.to_le_bytes().map(usize::from);
        let at = (at << 8 | to) % near.len().max(1);
        let Some(byte) = near.get_mut(at) else { return };
        let before = *byte;
        *byte = PUT[(random >> 24) as usize % PUT.len()];
        check(&near);
        near[at] = before;
    }
}

const NEIGHBOURS: usize = 31;

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// What matters to a reader of JSON or to a decoder of UTF-8.
const PUT: &[u8] = b"{}[]:,\"\\/ \t\n\r0123456789.-+eEbfnrtuaslAHSxyz-_\x00\x1f\x7f\x80\x9f\xa0\xbf\xc1\xc3\xe0\xe2\xed\xf0\xf4\xff";
