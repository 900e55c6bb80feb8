//! A device that lets itself be used with tokens, and then measures what they cost it.

#![no_std]
#![no_main]

mod measure;

use firmware::board::{entry, exit, println};
use firmware::tokens::{EXPIRY, FLASK, ISSUED, NOW, SECRET};
use jotlet::{
    Access, Claims, ClaimsBuffer, Issuer, Key, Refresh, Timestamp, TokenId, Verifier, VerifyError,
};

#[entry]
fn main() -> ! {
    let key = Key::new(SECRET).expect("the secret is long enough");
    println!("A token of {} bytes comes from the network:", FLASK.len());
    receive(&key);
    println!("The device issues its own:");
    issue(&key);
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
    // A real device takes these from its random source, a new one each time.
    let (first, second) = (TokenId::uuid([0x5a; 16]), TokenId::uuid([0xa5; 16]));
    let (mut out, mut buffer) = ([0; 384], ClaimsBuffer::<384>::new());

    let access = issuer
        .access("sensor-7", first)
        .fresh()
        .sign(NOW, &mut out)
        .expect("it fits");
    let claims = Verifier::<Access>::new(key).verify(access, NOW, &mut buffer);
    show("access token", &claims.expect("it is valid"));

    let refresh = issuer
        .refresh("sensor-7", second)
        .sign(NOW, &mut out)
        .expect("it fits");
    let claims = Verifier::<Refresh>::new(key).verify(refresh, NOW, &mut buffer);
    show("refresh token", &claims.expect("it is valid"));

    let verdict = Verifier::<Access>::new(key).verify(refresh, NOW, &mut buffer);
    let refusal = refuse("the refresh token used as an access token", verdict);
    assert_eq!(refusal, VerifyError::WrongType);
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
