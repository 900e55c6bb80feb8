//! The pair of tokens of a login, who accepts them, and what a refusal looks like: `cargo run --example quickstart`.
#![allow(clippy::panic_in_result_fn)] // What this program shows is asserted.

use std::error::Error;
use std::fmt::Display;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jotlet::{
    Access, ClaimsBuffer, Issuer, Key, KeyError, Refresh, Timestamp, TokenId, Verifier, VerifyError,
};
use serde::{Deserialize, Serialize};

/// The application's own claims.
#[derive(Serialize, Deserialize)]
struct Rights<'a> {
    role: &'a str,
}

/// A token that Flask has made, by `tests/flask/make_fixture.py`.
#[derive(Deserialize)]
struct Fixture<'a> {
    key: &'a str,
    token: &'a str,
}

/// jotlet has no clock: here the system's, on a microcontroller the RTC, in a browser `Date.now()`.
fn clock() -> Result<Timestamp, Box<dyn Error>> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp::from_secs(since_epoch.as_secs()))
}

/// jotlet has no random source: here the system's, on a microcontroller the TRNG, in a browser `getRandomValues()`.
fn random_id() -> Result<TokenId, Box<dyn Error>> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(TokenId::from_bytes(bytes))
}

fn show(what: &str, outcome: impl Display) {
    println!("  {what:<24}{outcome}");
}

fn main() -> Result<(), Box<dyn Error>> {
    let now = clock()?;
    // A real key comes from where secrets are kept, not from the source.
    let key = Key::new(b"a shared secret of at least 32 bytes")?;
    let issuer = Issuer::new(&key);

    println!("A login issues two tokens");
    let (mut access, mut refresh) = ([0; 384], [0; 384]);
    let rights = Rights { role: "operator" };
    let access = issuer
        .access("user-42", random_id()?)
        .fresh()
        .claims(&rights)
        .sign(now, &mut access)?;
    let refresh = issuer
        .refresh("user-42", random_id()?)
        .sign(now, &mut refresh)?;
    show(
        "access",
        format_args!("{} bytes, valid for 15 minutes", access.len()),
    );
    show(
        "refresh",
        format_args!("{} bytes, valid for 30 days", refresh.len()),
    );

    println!("\nEach is accepted for what it is");
    let mut buffer = ClaimsBuffer::<384>::new();
    let verifier = Verifier::<Access>::new(&key);
    let claims = verifier.verify(access, now, &mut buffer)?;
    let rights: Rights = claims.custom()?;
    assert_eq!(claims.subject(), Some("user-42"));
    assert_eq!(rights.role, "operator");
    show("access", "user-42 is an operator");

    let refresh_verifier = Verifier::<Refresh>::new(&key);
    let claims = refresh_verifier.verify(refresh, now, &mut buffer)?;
    assert_eq!(claims.subject(), Some("user-42"));
    show("refresh", "user-42 may have a new access token");

    println!("\nAnything else is refused, and the error says why");
    let early = now.saturating_sub(Duration::from_secs(60));
    let late = now.saturating_add(Duration::from_secs(60 * 60));
    let not_before = now;
    let expired_at = now.saturating_add(Duration::from_secs(15 * 60));
    let changed = access.replacen(".e", ".f", 1); // the first character of the payload
    #[rustfmt::skip]
    let refusals = [
        ("a minute too early", access, early, VerifyError::NotYetValid { not_before, now: early }),
        ("an hour later", access, late, VerifyError::Expired { expired_at, now: late }),
        ("refresh used as access", refresh, now, VerifyError::WrongType),
        ("one changed character", &changed, now, VerifyError::WrongSignature),
    ];
    for (what, token, now, refusal) in refusals {
        let result = verifier.verify(token, now, &mut buffer);
        assert_eq!(result.err(), Some(refusal));
        show(what, refusal);
    }
    let refusal = KeyError::TooShort { len: 7 };
    assert_eq!(Key::new(b"hunter2").err(), Some(refusal));
    show("a short key", refusal);

    println!("\nFlask's tokens are the same");
    let file = include_str!("../tests/fixtures/flask_access_token.json");
    let fixture: Fixture = serde_json::from_str(file)?;
    let key = Key::new(fixture.key.as_bytes())?;
    let verifier = Verifier::<Access>::new(&key);
    let claims = verifier.verify(fixture.token, now, &mut buffer)?;
    assert_eq!(claims.subject(), Some("alice"));
    show("access from Flask", "accepted, from alice");
    Ok(())
}
