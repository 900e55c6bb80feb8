//! jotlet takes what Flask creates.

use jotlet::{
    Access, Claims, Freshness, Issuer, KeyRing, Refresh, RegisteredClaim, TokenType, Verifier,
    VerifyError,
};
use serde_json::{Value, json};

use crate::app::Flask;
use crate::profile::Profile;
use crate::{DAY, ID, NOW, SUBJECTS, at, key, verify};

const FIXTURE: &str = include_str!("../fixtures/flask_access_token.json");

/// What the claims have to say, which is what Flask was asked for.
struct Expected<'a> {
    subject: &'a str,
    expiry: Option<u64>,
    fresh: Freshness,
    audience: &'a Value,
    csrf: bool,
}

#[test]
fn access_and_refresh_tokens() {
    let audiences = [
        json!(null),
        json!("api 😀"),
        json!(["web", "api 😀", "a \"b\" \\"]),
    ];
    for subject in SUBJECTS {
        for audience in &audiences {
            for csrf in [true, false] {
                for expires in [json!(null), json!(60), json!(false)] {
                    access_tokens(subject, audience, csrf, &expires);
                    refresh_token(subject, audience, csrf, &expires);
                }
            }
        }
    }
}

/// A Flask that runs half a second behind a full one, which shows in `fresh` only.
fn flask(audience: &Value, csrf: bool) -> Flask {
    Flask::at(format!("{NOW}.5")).config(json!({
        "JWT_TOKEN_LOCATION": ["cookies"],
        "JWT_COOKIE_CSRF_PROTECT": csrf,
        "JWT_ENCODE_AUDIENCE": audience,
        "JWT_ENCODE_ISSUER": "https://exämple.org",
    }))
}

fn access_tokens(subject: &str, audience: &Value, csrf: bool, expires: &Value) {
    let expiry = match expires {
        Value::Null => Some(NOW + 900),
        Value::Bool(false) => None,
        secs => Some(NOW + secs.as_u64().unwrap()),
    };
    for (argument, fresh) in [
        (json!(false), Freshness::Stale),
        (json!(true), Freshness::Fresh),
        (json!(300), Freshness::Until(at(NOW + 301))),
    ] {
        let created = flask(audience, csrf).create(
            "access",
            &json!({
                "identity": subject,
                "fresh": argument,
                "expires_delta": expires,
                "additional_claims": Profile::example(),
            }),
        );
        accepts::<Access>(
            &created,
            &Expected {
                subject,
                expiry,
                fresh,
                audience,
                csrf,
            },
        );
        refuses::<Refresh>(&created, VerifyError::WrongType);
    }
}

fn refresh_token(subject: &str, audience: &Value, csrf: bool, expires: &Value) {
    let expiry = match expires {
        Value::Null => Some(NOW + 30 * DAY),
        Value::Bool(false) => None,
        secs => Some(NOW + secs.as_u64().unwrap()),
    };
    let created = flask(audience, csrf).create(
        "refresh",
        &json!({
            "identity": subject,
            "expires_delta": expires,
            "additional_claims": Profile::example(),
        }),
    );
    let fresh = Freshness::Stale;
    accepts::<Refresh>(
        &created,
        &Expected {
            subject,
            expiry,
            fresh,
            audience,
            csrf,
        },
    );
    refuses::<Access>(&created, VerifyError::WrongType);
}

fn refuses<T: TokenType>(created: &Value, expected: VerifyError) {
    let key = key();
    let verifier = Verifier::<T>::new(&key).allow_missing_expiry();
    let result = verify(&verifier, created["token"].as_str().unwrap(), NOW, |_| ());
    assert_eq!(result, Err(expected));
}

fn accepts<T: TokenType>(created: &Value, expected: &Expected<'_>) {
    let key = key();
    let token = created["token"].as_str().unwrap();
    let mut verifier = Verifier::<T>::new(&key).issuer("https://exämple.org");
    if !expected.audience.is_null() {
        verifier = verifier.audience("api 😀");
    }
    if expected.expiry.is_none() {
        let claim = RegisteredClaim::Expiry;
        let result = verify(&verifier, token, NOW, |_| ());
        assert_eq!(result, Err(VerifyError::MissingClaim { claim }));
        verifier = verifier.allow_missing_expiry();
    }
    verify(&verifier, token, NOW, |claims| {
        agree(&claims, created, expected);
    })
    .unwrap();
}

/// Our claims against what was asked for, and the random ones against Python's reading of them.
fn agree<T>(claims: &Claims<'_, T>, created: &Value, expected: &Expected<'_>) {
    let theirs = |name: &str| {
        created["claims"]
            .get(name)
            .map(|value| value.as_str().unwrap())
    };
    assert_eq!(claims.subject(), Some(expected.subject));
    assert_eq!(claims.token_id(), theirs("jti"));
    assert_eq!(claims.issuer(), Some("https://exämple.org"));
    assert_eq!(claims.issued_at(), Some(at(NOW)));
    assert_eq!(claims.not_before(), Some(at(NOW)));
    assert_eq!(claims.expires_at(), expected.expiry.map(at));
    assert_eq!(claims.freshness(), expected.fresh);
    assert_eq!(claims.csrf(), theirs("csrf"));
    assert_eq!(claims.csrf().is_some(), expected.csrf);
    assert_eq!(claims.session_id(), None);
    let audience: Vec<_> = claims.audience().collect();
    match expected.audience {
        Value::Null => assert!(audience.is_empty()),
        Value::String(one) => assert_eq!(audience, [one]),
        several => assert_eq!(json!(audience), *several),
    }
    assert_eq!(claims.custom::<Profile>().unwrap(), Profile::example());
}

#[test]
fn another_issuer_or_audience() {
    let key = key();
    let created = flask(&json!(["web", "api"]), true).create("access", &json!({ "identity": "a" }));
    let token = created["token"].as_str().unwrap();
    let verifier = Verifier::<Access>::new(&key);
    let result = verify(
        &verifier.clone().issuer("https://example.org"),
        token,
        NOW,
        |_| (),
    );
    assert_eq!(result, Err(VerifyError::WrongIssuer));
    let result = verify(&verifier.audience("ap"), token, NOW, |_| ());
    assert_eq!(result, Err(VerifyError::WrongAudience));
}

#[test]
fn a_key_id() {
    let mut ring = KeyRing::<1>::new("new", jotlet::Key::new(&[1; 32]).unwrap()).unwrap();
    ring.add("old", key()).unwrap();
    let verifier = Verifier::<Access>::new(&ring);
    // Known, unknown, absent, and beside a parameter that jotlet does not write.
    for headers in [
        json!({ "kid": "old" }),
        json!({ "kid": "é" }),
        json!({}),
        json!({ "kid": "old", "x": "y" }),
    ] {
        let arguments = json!({ "identity": "alice", "additional_headers": headers });
        let created = Flask::at(NOW).create("access", &arguments);
        let token = created["token"].as_str().unwrap();
        let subject = verify(&verifier, token, NOW, |claims| {
            claims.subject().map(str::to_owned)
        });
        assert_eq!(subject.unwrap().as_deref(), Some("alice"), "{headers}");
    }
}

#[test]
fn one_changed_character() {
    let key = key();
    let ours = Issuer::new(&key)
        .access("alice", ID)
        .sign_owned::<512>(at(NOW))
        .unwrap();
    let created = Flask::at(NOW).create("access", &json!({ "identity": "alice" }));
    for token in [ours.as_str(), created["token"].as_str().unwrap()] {
        let at = token.len() / 2;
        let other = if token.as_bytes()[at] == b'A' {
            "B"
        } else {
            "A"
        };
        let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        let result = verify(&Verifier::<Access>::new(&key), &changed, NOW, |_| ());
        assert_eq!(result, Err(VerifyError::WrongSignature));
        assert_eq!(Flask::at(NOW).visit("/access", &changed).status, 422);
    }
}

#[test]
fn the_fixture() {
    let fixture: Value = serde_json::from_str(FIXTURE).unwrap();
    let text = |name: &str| fixture[name].as_str().unwrap();
    let number = |name: &str| fixture[name].as_u64().unwrap();
    let key = jotlet::Key::new(text("key").as_bytes()).unwrap();
    let verifier = Verifier::<Access>::new(&key);
    for now in [number("made_at"), number("expires_at") - 1] {
        let flask = Flask::at(now).config(json!({ "JWT_SECRET_KEY": text("key") }));
        assert_eq!(
            flask.visit("/access", text("token")).body["identity"],
            "alice"
        );
        let subject = verify(&verifier, text("token"), now, |claims| {
            claims.subject().map(str::to_owned)
        });
        assert_eq!(subject.unwrap().as_deref(), Some("alice"));
    }
}
