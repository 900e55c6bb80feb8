//! What is counted.

use std::hint::black_box;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Access, ClaimsBuffer, Issuer, Key, TokenId, Verifier};
use sha2::Sha256;

use crate::payloads;

/// Each of them, and `hmac of` each of them, can be run.
pub const WORKS: [&str; 4] = ["verify S", "verify F", "verify L", "issue F"];

const SECRET: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

/// Callgrind counts while this runs.
#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    work();
    black_box(());
}

/// Once for whatever is set up by a first time, and once for callgrind.
fn twice(mut work: impl FnMut()) {
    black_box(&mut work)();
    counted(&mut work);
}

pub fn run(name: &str) {
    let (task, payload) = name.rsplit_once(' ').expect("a task and a payload");
    let found = payloads::ALL
        .into_iter()
        .find(|(other, _)| *other == payload);
    let (_, json) = found.expect("a payload");
    match task {
        "verify" => verify(&token(json)),
        "hmac of verify" => hmac(&token(json)),
        "issue" => issue(),
        "hmac of issue" => {
            let mut out = [0; 512];
            let key = Key::new(SECRET).expect("32 bytes are enough");
            sign(&Issuer::new(&key), &mut out);
            let token = out.split(|byte| *byte == 0).next().unwrap_or_default();
            hmac(str::from_utf8(token).expect("a token is ASCII"));
        }
        _ => panic!("what is {task}?"),
    }
}

fn mac(message: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length is a key");
    mac.chain_update(message)
}

fn token(payload: &str) -> String {
    let [header, payload] = [r#"{"alg":"HS256","typ":"JWT"}"#, payload]
        .map(|text| Base64UrlUnpadded::encode_string(text.as_bytes()));
    let message = format!("{header}.{payload}");
    let mac = mac(message.as_bytes()).finalize().into_bytes();
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&mac))
}

fn verify(token: &str) {
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let verifier = Verifier::<Access>::new(&key).missing_type_is_access();
    let mut buffer = ClaimsBuffer::<1024>::new();
    twice(|| {
        let claims = verifier.verify(black_box(token), payloads::NOW, &mut buffer);
        black_box(claims.expect("it is valid"));
        plant();
    });
}

/// All but the signature, keyed beforehand.
fn hmac(token: &str) {
    let (message, _) = token.rsplit_once('.').expect("a token has dots");
    let keyed = mac(b"");
    twice(|| {
        let mut mac = keyed.clone();
        mac.update(black_box(message).as_bytes());
        black_box(mac.finalize());
    });
}

/// The token F, but for the order of its claims.
fn sign(issuer: &Issuer<'_>, out: &mut [u8]) {
    let builder = issuer.access(black_box("alice.doe"), TokenId::uuid([0x5a; 16]));
    let builder = builder.csrf("7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38");
    black_box(builder.sign(payloads::NOW, out)).expect("it fits");
}

fn issue() {
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let issuer = Issuer::new(&key);
    let mut out = [0; 512];
    twice(|| {
        sign(&issuer, &mut out);
        plant();
    });
}

/// What the gate has to notice in each of them: a look at every byte of a token.
fn plant() {
    if cfg!(feature = "planted") {
        for byte in black_box([0_u8; 331]) {
            black_box(byte);
        }
    }
}
