//! Every registered-claims path at once: issues a pair, and verifies both.

#![no_std]
#![no_main]

use core::hint::black_box;

use firmware::board::{entry, exit};
use firmware::tokens::{NOW, SECRET};
use jotlet::{Access, ClaimsBuffer, Issuer, Key, Refresh, TokenId, Verifier};

#[entry]
fn main() -> ! {
    let (secret, subject, now) = black_box((SECRET, "alice", NOW));
    exit(i32::from(pair(secret, subject, now).is_none()))
}

fn pair(secret: &[u8], subject: &str, now: jotlet::Timestamp) -> Option<()> {
    let key = Key::new(secret).ok()?;
    let issuer = Issuer::new(&key);
    let mut out = [0; 384];
    let mut buffer = ClaimsBuffer::<384>::new();
    let id = TokenId::uuid(black_box([0x5a; 16]));

    let token = issuer
        .access(subject, id)
        .csrf("csrf")
        .sign(now, &mut out)
        .ok()?;
    let claims = Verifier::<Access>::new(&key).verify(token, now, &mut buffer);
    black_box(claims).ok()?;

    let token = issuer.refresh(subject, id).sign(now, &mut out).ok()?;
    let claims = Verifier::<Refresh>::new(&key).verify(token, now, &mut buffer);
    black_box(claims).ok()?;
    Some(())
}
