//! The tokens that every contender gets, and what every contender issues.

use std::time::SystemTime;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::TokenId;
use sha2::Sha256;

use crate::payloads;

pub const SECRET: &[u8; 32] = b"0123456789abcdef0123456789abcdef";
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The characters of a signature, with the dot before it.
const SIGNATURE_LEN: usize = 44;

/// How many tokens of a payload there are.
const TOKENS: u64 = 64;

/// What a contender delivers of a verified token, and what it issues.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// All of S; issued: a refresh token with nothing more than every token of jotlet has.
    S,
    /// All of F.
    F,
    /// The registered claims of L; the application's are passed over, and not issued.
    L,
    /// All of L, the application's claims too. It is not issued.
    Whole,
}

impl Shape {
    pub const ALL: [Self; 4] = [Self::S, Self::F, Self::L, Self::Whole];

    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::F => "F",
            Self::L => "L",
            Self::Whole => "L whole",
        }
    }

    fn payload(self) -> &'static str {
        match self {
            Self::S => payloads::S,
            Self::F => payloads::F,
            Self::L | Self::Whole => payloads::L,
        }
    }

    /// Whether it has an issuer and an audience to be checked.
    pub fn is_identity(self) -> bool {
        matches!(self, Self::L | Self::Whole)
    }

    /// Whether it has `nbf` and `iat`.
    pub fn has_start(self) -> bool {
        self != Self::S
    }
}

/// The time at which the program started. The tokens are made for it, because not every library lets its user tell the time.
#[derive(Clone, Copy)]
pub struct Times {
    pub now: u64,
    pub issued_at: u64,
    pub expires_at: u64,
}

impl Times {
    pub fn of_today() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.expect("a clock after 1970").as_secs();
        Self {
            now,
            issued_at: now - 100,
            expires_at: now + 86_400,
        }
    }
}

/// What differs from token to token.
pub struct Person {
    pub subject: String,
    pub id: [u8; 16],
    pub id_text: String,
    pub csrf: String,
    pub session: String,
}

impl Person {
    fn new(shape: Shape, number: u64) -> Self {
        let subject = match shape {
            Shape::S => {
                let alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
                alphabet
                    .chars()
                    .cycle()
                    .nth(number as usize)
                    .into_iter()
                    .collect()
            }
            Shape::F => format!("alice.{number:03}"),
            Shape::L | Shape::Whole => {
                format!("{:012}-6f1c2a7e-user@example.com", 248_289_761_001 + number)
            }
        };
        let [id, csrf, session] = [0, 1, 2].map(|which| bytes(number * 3 + which));
        Self {
            subject,
            id,
            id_text: uuid(id),
            csrf: uuid(csrf),
            session: uuid(session),
        }
    }

    pub fn all(shape: Shape) -> Vec<Self> {
        (0..TOKENS).map(|number| Self::new(shape, number)).collect()
    }

    /// The payload of this person's token: as long as the one that it is made from.
    pub fn payload(&self, shape: Shape, times: Times) -> String {
        let template = shape.payload();
        let text = template
            .replace(r#""sub":"1""#, &format!(r#""sub":"{}""#, self.subject))
            .replace("alice.doe", &self.subject)
            .replace("248289761001-6f1c2a7e-user@example.com", &self.subject)
            .replace("0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10", &self.id_text)
            .replace("7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38", &self.csrf)
            .replace("5d2a8f36-1e4b-4c7d-9a0f-b83c6e512d94", &self.session)
            .replace("1767225600", &times.issued_at.to_string())
            .replace("1767226500", &times.expires_at.to_string());
        assert_eq!(text.len(), template.len());
        text
    }
}

/// 16 bytes that look random, by the mixing steps of splitmix64.
fn bytes(seed: u64) -> [u8; 16] {
    let mix = |x: u64| {
        let x = x.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ x >> 31
    };
    let both = u128::from(mix(2 * seed + 1)) << 64 | u128::from(mix(2 * seed + 2));
    both.to_be_bytes()
}

fn uuid(bytes: [u8; 16]) -> String {
    TokenId::uuid(bytes).text().as_str().to_owned()
}

/// A token of this payload.
pub fn sign(payload: &str) -> String {
    sign_with_header(HEADER, payload)
}

pub fn sign_with_header(header: &str, payload: &str) -> String {
    let [header, payload] =
        [header, payload].map(|text| Base64UrlUnpadded::encode_string(text.as_bytes()));
    let message = format!("{header}.{payload}");
    let mac = Base64UrlUnpadded::encode_string(&mac(&message));
    format!("{message}.{mac}")
}

fn mac(message: &str) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length is a key");
    mac.chain_update(message).finalize().into_bytes().into()
}

/// What is signed of a token: all but the signature. One subtraction, so that the floors measure the MAC alone.
pub fn message(token: &str) -> &[u8] {
    &token.as_bytes()[..token.len() - SIGNATURE_LEN]
}
