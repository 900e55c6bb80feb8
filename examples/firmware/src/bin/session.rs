//! The whole life of a session: a login issues a pair, both tokens are verified, and a refresh rotates.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::time::Duration;

use firmware::board::{entry, exit};
use firmware::tokens::{EXPIRY, NOW, SECRET};
use jotlet::{
    Access, ClaimsBuffer, Family, FamilyStore, FamilyTable, Issuer, Key, Refresh, Rotation,
    Timestamp, TokenId, Verifier,
};

#[entry]
fn main() -> ! {
    let (secret, subject, now, random) = black_box((SECRET, "alice", NOW, [0x5a; 16]));
    exit(i32::from(session(secret, subject, now, random).is_none()))
}

fn session(secret: &[u8], subject: &str, now: Timestamp, random: [u8; 16]) -> Option<()> {
    let key = Key::new(secret).ok()?;
    let issuer = Issuer::new(&key);
    let mut families = FamilyTable::<4>::new();
    let family = Family::start(TokenId::uuid(random), TokenId::from_bytes(random), EXPIRY);
    families.insert(family, now).ok()?;
    let pair = family.pair(subject);

    let mut out = [0; 384];
    let mut buffer = ClaimsBuffer::<384>::new();
    let access = pair.access(&issuer, TokenId::uuid(random)).csrf("csrf");
    let token = access.sign(now, &mut out).ok()?;
    let claims = Verifier::<Access>::new(&key).verify(token, now, &mut buffer);
    black_box(&claims.ok()?);

    let token = pair.refresh(&issuer).sign(now, &mut out).ok()?;
    let claims = Verifier::<Refresh>::new(&key).verify(token, now, &mut buffer);
    let rotation = families.rotate(&claims.ok()?, TokenId::uuid(random), now, Duration::ZERO);
    matches!(black_box(&rotation), Ok(Rotation::Rotated { .. })).then_some(())
}
