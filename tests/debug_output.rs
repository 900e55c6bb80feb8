//! Nothing public prints a key, a token, a MAC or a value against CSRF: every type that the crate exports is formatted here,
//! after it has seen all of them.
#![allow(clippy::unwrap_used, clippy::too_many_lines, clippy::format_collect)]

mod common;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::{Debug, Display};
use std::time::Duration;

use common::{Buffer, NOW, base64url};
use jotlet::{
    ACCESS_COOKIE, Access, Counters, CustomClaimsError, Denylist, Detector, Event, Family,
    FamilyStore, FamilyTable, Fingerprint, Freshness, Issuer, Key, KeyRing, Keys, Refresh,
    RegisteredClaim, RequestToken, Rule, SameSite, SetCookie, StoreError, Suspicion, Timestamp,
    TokenId, TokenSize, Verifier,
};

const SECRET: &[u8; 36] = b"oK4vmT9xqZ2-wRb7LcD1yHs6EfJ3uNg8PaX5";
const CSRF: &str = "6Yk1QzR0dVw5hXb8";

/// What has been printed, by the name of the type.
#[derive(Default)]
struct Log(Vec<(&'static str, String)>);

impl Log {
    fn debug(&mut self, name: &'static str, value: &impl Debug) {
        self.0.push((name, compact(&format!("{value:?}"))));
        self.0.push((name, compact(&format!("{value:#?}"))));
    }

    fn both(&mut self, name: &'static str, value: &(impl Debug + Display)) {
        self.debug(name, value);
        self.0.push((name, compact(&value.to_string())));
    }
}

/// Without white space: a list of bytes looks the same in `{:?}` and `{:#?}` then.
fn compact(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Bytes as a log might show them: as text, as a list, and in hexadecimal; in parts, so that an excerpt is found too.
fn spellings(secret: &[u8]) -> BTreeSet<String> {
    let mut spellings = BTreeSet::new();
    for part in secret.windows(8) {
        spellings.extend(str::from_utf8(part).map(String::from));
        spellings.insert(
            compact(&format!("{part:?}"))
                .trim_matches(['[', ']'])
                .to_string(),
        );
        let hex: String = part.iter().map(|byte| format!("{byte:02x}")).collect();
        spellings.extend([hex.to_uppercase(), hex]);
    }
    spellings
}

/// The types that the crate exports.
fn exported() -> BTreeSet<&'static str> {
    let source = include_str!("../src/lib.rs");
    let exports = source.split("pub use ").skip(1);
    let names = exports.flat_map(|export| {
        let (_, names) = export.split(';').next().unwrap().split_once("::").unwrap();
        names.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
    });
    let is_type = |name: &&str| name.chars().any(|c| c.is_ascii_lowercase());
    let traits = ["TokenType", "FamilyStore", "Revocations"];
    names
        .filter(is_type)
        .filter(|name| !traits.contains(name))
        .collect()
}

#[test]
fn nothing_prints_a_secret() {
    let mut log = Log::default();
    let id = TokenId::from_bytes([1; 16]);
    let key = Key::new(SECRET).unwrap();
    let ring = KeyRing::<1>::new("2026-01", Key::new(SECRET).unwrap()).unwrap();
    log.debug("Key", &key);
    log.debug("KeyRing", &ring);
    log.debug("Keys", &Keys::from(&key));
    log.debug("Keys", &Keys::from(&ring));

    let issuer = Issuer::new(&ring).audience("api");
    let builder = issuer.access("user-42", id).csrf(CSRF);
    let token = builder.sign_owned::<512>(NOW).unwrap();
    log.debug("Issuer", &issuer);
    log.debug("TokenBuilder", &builder);
    log.debug("Token", &token);
    log.debug("TokenSize", &TokenSize::of::<Access>());

    let verifier = Verifier::<Access>::new(&ring);
    let mut buffer = Buffer::new();
    let result = verifier.verify(&token, NOW, &mut buffer);
    log.debug("Verifier", &verifier);
    let event = Event::from_verify(&result, b"salt", NOW);
    let claims = result.unwrap();
    log.debug("Claims", &claims);
    log.debug("Audience", &claims.audience());
    log.debug("Access", &Access);
    log.debug("Refresh", &Refresh);
    log.debug("TokenId", &id);
    log.debug("TokenIdText", &id.text());
    log.both("Timestamp", &NOW);
    log.debug("Freshness", &Freshness::Until(NOW));
    log.both("RegisteredClaim", &RegisteredClaim::Csrf);

    let cookie = format!("{ACCESS_COOKIE}={}", token.as_str());
    let request = RequestToken::cookie([cookie.as_str()], ACCESS_COOKIE).unwrap();
    log.debug("RequestToken", &request);
    log.debug("TokenSource", &request.source());
    log.both(
        "CsrfError",
        &request.check_csrf("POST", Some("no"), &claims).unwrap_err(),
    );
    log.debug("SetCookie", &SetCookie::new(ACCESS_COOKIE, token.as_str()));
    log.debug("SameSite", &SameSite::Lax);
    let broken = format!("Bearer {}\0", token.as_str());
    log.both(
        "ExtractError",
        &RequestToken::bearer([broken.as_str()]).unwrap_err(),
    );
    let broken = format!("{};", token.as_str());
    let broken = SetCookie::new(ACCESS_COOKIE, &broken).write_to(&mut String::new());
    log.both("CookieError", &broken.unwrap_err());

    let mut denylist = Denylist::<1>::new();
    denylist.revoke(&claims, NOW).unwrap();
    log.debug("Denylist", &denylist);
    log.both(
        "RevokeError",
        &denylist
            .revoke_id("another", Timestamp::MAX, NOW)
            .unwrap_err(),
    );

    let family = Family::start(id, id, Timestamp::MAX);
    let pair = family.pair("user-42");
    let refresh = pair.refresh(&issuer).sign_owned::<512>(NOW).unwrap();
    let mut table = FamilyTable::<1>::new();
    table.insert(family, NOW).unwrap();
    let mut buffer = Buffer::new();
    let claims = Verifier::<Refresh>::new(&ring)
        .verify(&refresh, NOW, &mut buffer)
        .unwrap();
    let next = TokenId::from_bytes([2; 16]);
    let rotation = table.rotate(&claims, next, NOW, Duration::ZERO).unwrap();
    log.debug("Rotation", &rotation);
    log.debug("Family", &family);
    log.debug("FamilyTable", &table);
    log.debug("TokenPair", &pair);
    let other = Family::start(next, next, Timestamp::MAX);
    log.both("TableError", &table.insert(other, NOW).unwrap_err());
    log.both("RecordError", &Family::from_record(b"").unwrap_err());
    log.both(
        "StoreError",
        &StoreError::<Infallible>::Contended { attempts: 1 },
    );

    log.both("Event", &event);
    log.both("Fingerprint", &Fingerprint::new(b"salt", token.as_str()));
    log.both("Outcome", &event.outcome);
    log.both("Rule", &Rule::WrongSignature);
    log.both("Suspicion", &Suspicion::Replay);
    let mut counters = Counters::new();
    counters.count(event.outcome);
    log.both("Counters", &counters);
    let mut detector = Detector::<1>::new(1, Duration::from_secs(1));
    let alert = detector
        .observe(1, &Event::refused::<Access>(Rule::WrongSignature, NOW))
        .unwrap();
    log.debug("Detector", &detector);
    log.both("Alert", &alert);

    let wrong = [token.as_str(), "A"].concat();
    let mut buffer = Buffer::new();
    log.debug("ClaimsBuffer", &buffer);
    let refused = verifier.verify(wrong, NOW, &mut buffer).unwrap_err();
    log.both("VerifyError", &refused);
    log.both("KeyError", &Key::new(b"the key").unwrap_err());
    log.both("IssueError", &builder.sign(NOW, &mut [0; 9]).unwrap_err());
    log.both(
        "CustomClaimsError",
        &CustomClaimsError::WrongValue { at: 1 },
    );

    let named: BTreeSet<&str> = log.0.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, exported());

    let tokens = [token.as_str(), refresh.as_str()];
    let macs = tokens.map(|token| base64url(token.rsplit('.').next().unwrap()));
    let mut secrets = spellings(SECRET);
    for secret in tokens
        .map(str::as_bytes)
        .into_iter()
        .chain([CSRF.as_bytes()])
    {
        secrets.extend(spellings(secret));
    }
    secrets.extend(macs.iter().flat_map(|mac| spellings(mac)));
    for (name, printed) in &log.0 {
        assert!(!printed.is_empty(), "{name} prints nothing");
        for secret in &secrets {
            assert!(
                !printed.contains(secret),
                "{name} prints {secret}: {printed}"
            );
        }
    }
}

/// The control: a type that does print them is found out.
#[test]
fn a_printed_secret_is_found() {
    #[derive(Debug)]
    #[allow(dead_code)] // Printed.
    struct Careless([u8; 36]);

    let mut log = Log::default();
    log.debug("Careless", &Careless(*SECRET));
    for (_, printed) in &log.0 {
        assert!(
            spellings(SECRET)
                .iter()
                .any(|secret| printed.contains(secret)),
            "{printed}"
        );
    }
}
