//! The smallest use: a device that verifies an access token and does nothing else.

#![no_std]
#![no_main]

use core::hint::black_box;

use firmware::board::{entry, exit};
use firmware::tokens::{FLASK, NOW, SECRET};
use jotlet::{Access, ClaimsBuffer, Key, Verifier};

#[entry]
fn main() -> ! {
    let (secret, token, now) = black_box((SECRET, FLASK, NOW));
    let Ok(key) = Key::new(secret) else { exit(1) };
    let mut buffer = ClaimsBuffer::<384>::new();
    let claims = Verifier::<Access>::new(&key).verify(token, now, &mut buffer);
    let Ok(claims) = black_box(&claims) else {
        exit(1)
    };
    exit(i32::from(claims.subject() != Some("alice")))
}
