//! The pair of tokens of a login, who accepts them, and what a refusal looks like: `cargo run --example quickstart`.
#![allow(clippy::panic_in_result_fn)] // What this program shows is asserted.

use std::error::Error;
use std::fmt::Display;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jotlet::{
    Access, ClaimsBuffer, Counters, Event, Family, FamilyStore, FamilyTable, Issuer, Key, KeyError,
    Outcome, Refresh, Rotation, Timestamp, Token, TokenId, Verifier, VerifyError,
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

    session(&key, now)?;

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

/// A session from its login to the day that its refresh token is stolen: RFC 9700 section 4.14.2.
fn session(key: &Key, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let issuer = Issuer::new(key);
    let verifier = Verifier::<Refresh>::new(key);
    let mut buffer = ClaimsBuffer::<384>::new();
    let mut families = FamilyTable::<16>::new(); // a service has a database: implement `FamilyStore`
    let mut counters = Counters::new();

    println!("\nA refresh token works once");
    let week = now.saturating_add(Duration::from_secs(7 * 24 * 60 * 60));
    let family = Family::start(random_id()?, random_id()?, week);
    families.insert(family, now)?;
    let pair = family.pair("user-42");
    let _access = pair
        .access(&issuer, random_id()?)
        .fresh()
        .sign_owned::<384>(now)?;
    let first = pair.refresh(&issuer).sign_owned::<384>(now)?;
    counters.count(Outcome::Issued);
    show("login", "an access token and the first refresh token");

    let mut present = |who: &str, token: &Token<384>| -> Result<_, Box<dyn Error>> {
        let claims = verifier.verify(token, now, &mut buffer)?;
        let rotation = families.rotate(&claims, random_id()?, now, Duration::ZERO)?;
        let event = Event::from_rotation(&rotation, &claims, b"a secret of this service", now);
        counters.count(event.outcome);
        show(who, event.outcome);
        let Rotation::Rotated { pair, .. } = rotation else {
            return Ok(None);
        };
        Ok(Some(pair.refresh(&issuer).sign_owned::<384>(now)?))
    };
    let second = present("the client refreshes", &first)?.ok_or("not rotated")?;
    assert!(present("a thief has the first", &first)?.is_none());
    assert!(present("the client again", &second)?.is_none());
    assert_eq!(counters.get(Outcome::Rotated), 1);
    assert_eq!(counters.get(Outcome::Replayed), 1);
    assert!(families.families().iter().all(Family::is_revoked));
    show("the session", "is over for both: log in again");
    show("the monitor counted", counters);
    Ok(())
}
