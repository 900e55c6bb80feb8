//! Events: how they are made of what other modules return, how they are written, and that no secret shows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::collections::HashMap;
use std::time::Duration;

use common::{Buffer, NOW, SECRET, key, signed};
use jotlet::{
    Access, Counters, CsrfError, Event, ExtractError, Family, Fingerprint, Issuer, Key, Outcome,
    Refresh, Rotation, Rule, Suspicion, TokenId, Verifier, VerifyError,
};
use serde_json::{Value, json};

const SALT: &[u8] = b"salt";

fn outcomes() -> Vec<Outcome> {
    Counters::new().iter().map(|(outcome, _)| outcome).collect()
}

#[test]
fn a_refusal_is_named_after_the_rule() {
    let refused = |rule: Rule| Outcome::Refused(rule).name();
    assert_eq!(refused(ExtractError::Missing.into()), "refused_no_token");
    assert_eq!(
        refused(ExtractError::OtherScheme.into()),
        "refused_no_token"
    );
    for error in [
        ExtractError::NoToken,
        ExtractError::HeaderCharacter { at: 0 },
        ExtractError::SeveralTokens,
        ExtractError::SeveralHeaders,
        ExtractError::CookieTwice,
        ExtractError::CookieCharacter { at: 0 },
    ] {
        assert_eq!(refused(error.into()), "refused_malformed_request");
    }
    for error in [
        CsrfError::MissingHeader,
        CsrfError::SeveralHeaders,
        CsrfError::MissingClaim,
        CsrfError::Mismatch,
    ] {
        assert_eq!(refused(error.into()), "refused_csrf");
    }
    // Of a refused token: `WrongSignature` is `wrong_signature`.
    for error in [
        VerifyError::TooLong { len: 2, max: 1 },
        VerifyError::NotThreeSegments,
        VerifyError::SignatureEncoding,
        VerifyError::WrongSignature,
        VerifyError::BufferTooSmall { needed: 1 },
        VerifyError::HeaderEncoding,
        VerifyError::HeaderNotJson { at: 0 },
        VerifyError::HeaderDuplicate,
        VerifyError::HeaderParameter,
        VerifyError::WrongAlgorithm,
        VerifyError::WrongMediaType,
        VerifyError::Nested,
        VerifyError::CriticalExtension,
        VerifyError::PayloadEncoding,
        VerifyError::PayloadNotJson { at: 0 },
        VerifyError::PayloadNotUtf8,
        VerifyError::TooDeep { max: 1 },
        VerifyError::DuplicateClaim {
            claim: jotlet::RegisteredClaim::Type,
        },
        VerifyError::MalformedClaim {
            claim: jotlet::RegisteredClaim::Type,
        },
        VerifyError::MissingClaim {
            claim: jotlet::RegisteredClaim::Type,
        },
        VerifyError::WrongType,
        VerifyError::Expired {
            expired_at: NOW,
            now: NOW,
        },
        VerifyError::NotYetValid {
            not_before: NOW,
            now: NOW,
        },
        VerifyError::IssuedInFuture {
            issued_at: NOW,
            now: NOW,
        },
        VerifyError::WrongIssuer,
        VerifyError::WrongAudience,
        VerifyError::NotFresh,
        VerifyError::Revoked,
        VerifyError::RevocationUnknown,
    ] {
        let debug = format!("{error:?}");
        let variant = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap();
        let snake = variant
            .chars()
            .fold(String::from("refused"), |mut name, c| {
                if c.is_uppercase() {
                    name.push('_');
                }
                name.push(c.to_ascii_lowercase());
                name
            });
        let rule = Rule::from(error);
        assert_eq!(refused(rule), snake);
        assert_eq!(format!("refused_{rule}"), snake);
    }
}

#[test]
fn what_an_honest_client_meets_is_not_suspicious() {
    let mut suspicions: HashMap<_, Vec<_>> = HashMap::new();
    for outcome in outcomes() {
        suspicions
            .entry(outcome.suspicion())
            .or_default()
            .push(outcome.name());
    }
    let harmless = [
        "issued",
        "accepted",
        "rotated",
        "revoked",
        "refused_no_token",
        "refused_buffer_too_small",
        "refused_expired",
        "refused_not_yet_valid",
        "refused_issued_in_future",
        "refused_not_fresh",
        "refused_revoked",
        "refused_revocation_unknown",
        "refused_family_expired",
        "refused_family_revoked",
        "refused_repeated_id",
    ];
    assert_eq!(suspicions[&None], harmless);
    assert_eq!(
        suspicions[&Some(Suspicion::BadSignature)],
        ["refused_wrong_signature"]
    );
    assert_eq!(suspicions[&Some(Suspicion::Replay)], ["replayed"]);
}

/// Whatever is written as a log line or as JSON, by `serde_json` and by serde-json-core, which has no heap.
fn forms<T: serde::Serialize + ToString>(value: &T) -> (String, Value) {
    let json = serde_json::to_value(value).unwrap();
    let mut out = [0; 2048];
    let len = serde_json_core::to_slice(value, &mut out).unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(out.get(..len).unwrap()).unwrap(),
        json
    );
    (value.to_string(), json)
}

#[test]
fn counters_in_text_and_json() {
    let mut counters = Counters::new();
    counters.count(Outcome::Issued);
    counters.count(Outcome::Refused(Rule::Expired));
    let (text, json) = forms(&counters);
    assert_eq!(text, "issued=1 refused_expired=1");
    let map = json.as_object().unwrap();
    assert_eq!(map.len(), outcomes().len());
    assert_eq!(
        (&map["issued"], &map["refused_expired"], &map["revoked"]),
        (&json!(1), &json!(1), &json!(0))
    );
}

#[test]
fn events_in_text_and_json() {
    let event =
        Event::new::<Refresh>(Outcome::Replayed, NOW).about(SALT, Some("alice"), Some("id"));
    // From `printf 'saltalice' | sha256sum` and `printf 'saltid' | sha256sum`.
    let expected = "at=1767225600 outcome=replayed type=refresh subject=3baa379b token=6a267e25";
    let (text, json) = forms(&event);
    assert_eq!(text, expected);
    assert_eq!(
        json,
        json!({"at": 1_767_225_600, "outcome": "replayed", "type": "refresh", "subject": "3baa379b", "token": "6a267e25"})
    );
    let (text, json) = forms(&Event::refused::<Access>(CsrfError::Mismatch, NOW));
    assert_eq!(text, "at=1767225600 outcome=refused_csrf type=access");
    assert_eq!(
        (&json["subject"], &json["token"]),
        (&Value::Null, &Value::Null)
    );
    let alice = Fingerprint::new(SALT, "alice");
    assert_eq!(alice.to_string(), "3baa379b");
    assert_eq!(format!("{alice:?}"), "Fingerprint(3baa379b)");
    assert_eq!(
        Fingerprint::new(b"", "saltalice"),
        Fingerprint::new(SALT, "alice")
    );
    assert_ne!(
        Fingerprint::new(b"pepper", "alice"),
        Fingerprint::new(SALT, "alice")
    );
}

#[test]
fn events_tell_what_the_other_modules_returned() {
    let key = key();
    let issuer = Issuer::new(&key);
    let token = issuer
        .access("alice", TokenId::from_bytes([1; 16]))
        .sign_owned::<512>(NOW)
        .unwrap();
    let verifier = Verifier::<Access>::new(&key);
    let mut buffer = Buffer::new();

    let accepted = verifier.verify(&token, NOW, &mut buffer);
    let event = Event::from_verify(&accepted, SALT, NOW);
    assert_eq!(
        (event.outcome, event.token_type, event.at),
        (Outcome::Accepted, "access", NOW)
    );
    assert_eq!(event.subject, Some(Fingerprint::new(SALT, "alice")));
    assert_eq!(
        event.token_id,
        Some(Fingerprint::new(SALT, &"01".repeat(16)))
    );

    let late = NOW.saturating_add(Duration::from_secs(900));
    let event = Event::from_verify(&verifier.verify(&token, late, &mut buffer), SALT, late);
    assert_eq!(
        event,
        Event::refused::<Access>(
            VerifyError::Expired {
                expired_at: late,
                now: late
            },
            late
        )
    );
    assert_eq!(
        (event.subject, event.token_id, event.at),
        (None, None, late)
    );

    let other = Key::new(&[9; 32]).unwrap();
    let wrong = Verifier::<Refresh>::new(&other);
    let event = Event::from_verify(&wrong.verify(&token, NOW, &mut buffer), SALT, NOW);
    assert_eq!(
        (event.outcome, event.token_type),
        (Outcome::Refused(Rule::WrongSignature), "refresh")
    );
}

#[test]
fn events_tell_what_became_of_a_refresh_token() {
    let key = key();
    let id = |n| TokenId::from_bytes([n; 16]);
    let end = NOW.saturating_add(Duration::from_secs(60));
    let first = Family::start(id(1), id(2), end);
    let pair = first.pair("alice");
    let token = pair
        .refresh(&Issuer::new(&key))
        .sign_owned::<512>(NOW)
        .unwrap();
    let mut buffer = Buffer::new();
    let claims = Verifier::<Refresh>::new(&key)
        .verify(&token, NOW, &mut buffer)
        .unwrap();
    let event = |family: Option<&Family>, next, now| {
        let rotation = Rotation::decide(family, &claims, next, now, Duration::ZERO);
        let event = Event::from_rotation(&rotation, &claims, SALT, now);
        assert_eq!(event.subject, Some(Fingerprint::new(SALT, "alice")));
        assert_eq!(
            event.token_id,
            Some(Fingerprint::new(SALT, &"02".repeat(16)))
        );
        (event.outcome.name(), rotation.family().copied())
    };
    let (rotated, second) = event(Some(&first), id(3), NOW);
    assert_eq!(rotated, "rotated");
    let (replayed, third) = event(second.as_ref(), id(4), NOW);
    assert_eq!(replayed, "replayed");
    assert_eq!(
        event(third.as_ref(), id(5), NOW).0,
        "refused_family_revoked"
    );
    assert_eq!(event(None, id(5), NOW).0, "refused_family_unknown");
    assert_eq!(event(Some(&first), id(5), end).0, "refused_family_expired");
    assert_eq!(event(Some(&first), id(2), NOW).0, "refused_repeated_id");
}

#[test]
fn no_form_shows_a_secret() {
    let payload = r#"{"type":"access","exp":9999999999,"sub":"alice-secret","jti":"jti-secret","csrf":"csrf-secret"}"#;
    let token = signed(payload);
    let key = key();
    let mut buffer = Buffer::new();
    let accepted = Verifier::<Access>::new(&key).verify(&token, NOW, &mut buffer);
    let event = Event::from_verify(&accepted, SALT, NOW);
    assert_eq!(event.outcome, Outcome::Accepted);
    let (text, json) = forms(&event);
    let all = format!("{text} {json} {event:?}");
    let secrets = ["secret", str::from_utf8(SECRET).unwrap(), "eyJ", "salt"];
    assert!(secrets.iter().all(|secret| !all.contains(secret)), "{all}");
}
