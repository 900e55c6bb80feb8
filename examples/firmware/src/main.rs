//! A device that lets itself be used with tokens, and then measures what they cost it.

#![no_std]
#![no_main]

mod measure;

use core::time::Duration;

use firmware::board::{entry, exit, println};
use firmware::tokens::{EXPIRY, FLASK, ISSUED, NOW, SECRET};
use jotlet::{
    Access, Claims, ClaimsBuffer, Family, FamilyStore, FamilyTable, Issuer, Key, Refresh, Rotation,
    Timestamp, TokenId, Verifier, VerifyError,
};

/// How long a login lasts.
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[entry]
fn main() -> ! {
    let key = Key::new(SECRET).expect("the secret is long enough");
    println!("A token of {} bytes comes from the network:", FLASK.len());
    receive(&key);
    println!("The device issues its own:");
    issue(&key);
    println!("It rotates refresh tokens:");
    rotate(&key);
    println!("What that costs:");
    measure::print(&key);
    exit(0)
}

/// Accepts a token in its time, and refuses it before and after, and with one character changed.
fn receive(key: &Key) {
    let verifier = Verifier::<Access>::new(key);
    let mut buffer = ClaimsBuffer::<384>::new();
    let claims = verifier
        .verify(FLASK, NOW, &mut buffer)
        .expect("it is valid");
    show("now", &claims);
    assert_eq!(claims.subject(), Some("alice"));

    let refusal = refuse(
        "when its time is up",
        verifier.verify(FLASK, EXPIRY, &mut buffer),
    );
    let now = EXPIRY;
    assert_eq!(
        refusal,
        VerifyError::Expired {
            expired_at: EXPIRY,
            now
        }
    );

    let now = Timestamp::from_secs(ISSUED.as_secs() - 1);
    let refusal = refuse(
        "a second too early",
        verifier.verify(FLASK, now, &mut buffer),
    );
    assert_eq!(
        refusal,
        VerifyError::NotYetValid {
            not_before: ISSUED,
            now
        }
    );

    let mut tampered = [0; FLASK.len()];
    tampered.copy_from_slice(FLASK.as_bytes());
    tampered[100] ^= 1;
    let refusal = refuse(
        "with one bit changed",
        verifier.verify(tampered, NOW, &mut buffer),
    );
    assert_eq!(refusal, VerifyError::WrongSignature);
}

/// Issues a pair, and takes each for what it is only.
fn issue(key: &Key) {
    let issuer = Issuer::new(key);
    let (mut out, mut buffer) = ([0; 384], ClaimsBuffer::<384>::new());

    let access = issuer
        .access("sensor-7", random(1))
        .fresh()
        .sign(NOW, &mut out)
        .expect("it fits");
    let claims = Verifier::<Access>::new(key).verify(access, NOW, &mut buffer);
    show("the access token", &claims.expect("it is valid"));

    let refresh = issuer
        .refresh("sensor-7", random(2))
        .sign(NOW, &mut out)
        .expect("it fits");
    let claims = Verifier::<Refresh>::new(key).verify(refresh, NOW, &mut buffer);
    show("the refresh token", &claims.expect("it is valid"));

    let verdict = Verifier::<Access>::new(key).verify(refresh, NOW, &mut buffer);
    let refusal = refuse("the refresh token as an access token", verdict);
    assert_eq!(refusal, VerifyError::WrongType);
}

/// Replaces a refresh token by the next, and revokes the whole family when the replaced one comes again.
fn rotate(key: &Key) {
    let issuer = Issuer::new(key);
    let verifier = Verifier::<Refresh>::new(key);
    let mut families = FamilyTable::<4>::new();
    let family = Family::start(random(3), random(4), NOW.saturating_add(WEEK));
    families.insert(family, NOW).expect("there is room");

    let mut out = [0; 384];
    let pair = family.pair("alice");
    let token = pair.refresh(&issuer).sign(NOW, &mut out).expect("it fits");
    let mut buffer = ClaimsBuffer::<384>::new();
    let claims = verifier.verify(token, NOW, &mut buffer).expect("valid");
    show("after the login", &claims);

    let Ok(Rotation::Rotated { pair, .. }) =
        families.rotate(&claims, random(5), NOW, Duration::ZERO)
    else {
        panic!("the family is live, and this is its token");
    };
    let next = pair
        .refresh(&issuer)
        .sign_owned::<384>(NOW)
        .expect("it fits");
    let mut second = ClaimsBuffer::<384>::new();
    let next = verifier.verify(next, NOW, &mut second).expect("valid");
    show("after a refresh", &next);

    let replay = families.rotate(&claims, random(6), NOW, Duration::ZERO);
    assert!(matches!(replay, Ok(Rotation::Replayed { .. })));
    println!("  the first one again: replayed, the family is revoked");
    let late = families.rotate(&next, random(7), NOW, Duration::ZERO);
    assert_eq!(late, Ok(Rotation::Revoked));
    println!("  the second one: revoked with its family");
}

/// What a real device takes from its random source, new each time.
fn random(n: u8) -> TokenId {
    TokenId::uuid([n; 16])
}

fn show<T>(when: &str, claims: &Claims<'_, T>) {
    let (subject, kind) = (claims.subject(), claims.token_type());
    let expiry = claims.expires_at().map(Timestamp::as_secs);
    println!("  {when}: accepted, {subject:?}, {kind:?}, until {expiry:?}");
}

fn refuse<T>(when: &str, verdict: Result<Claims<'_, T>, VerifyError>) -> VerifyError {
    let error = verdict.map(|_| ()).expect_err("it must be refused");
    println!("  {when}: refused, {error}");
    error
}
