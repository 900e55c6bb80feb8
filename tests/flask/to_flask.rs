//! Flask takes what jotlet issues.

use std::time::Duration;

use jotlet::{Freshness, Issuer, KeyRing, Timestamp, TokenId};
use serde_json::{Value, json};

use crate::app::{Answer, Flask};
use crate::profile::Profile;
use crate::{DAY, ID, NOW, SUBJECTS, at, key};

const DEFAULT_LIFETIME: u64 = 15 * 60;

fn only_refresh_tokens() -> Answer {
    Answer::refusal(422, "Only refresh tokens are allowed")
}

fn only_access_tokens() -> Answer {
    Answer::refusal(422, "Only non-refresh tokens are allowed")
}

fn accepted(subject: &str, claims: &Value) -> Answer {
    Answer {
        status: 200,
        body: json!({ "identity": subject, "claims": claims }),
    }
}

/// The claims that every token carries, and those of the application.
fn claims(subject: &str, kind: &str, fresh: Value) -> Value {
    let mut claims = serde_json::to_value(Profile::example()).unwrap();
    let registered = [
        ("iat", json!(NOW)),
        ("nbf", json!(NOW)),
        ("jti", json!(ID.text().as_str())),
        ("type", json!(kind)),
        ("sub", json!(subject)),
        ("fresh", fresh),
    ];
    for (name, value) in registered {
        claims[name] = value;
    }
    claims
}

#[test]
fn access_tokens() {
    for subject in SUBJECTS {
        for fresh in [
            Freshness::Stale,
            Freshness::Fresh,
            Freshness::Until(at(NOW + 300)),
        ] {
            for lifetime in [None, Some(60), Some(DEFAULT_LIFETIME)] {
                an_access_token(subject, fresh, lifetime);
            }
        }
    }
}

fn an_access_token(subject: &str, fresh: Freshness, lifetime: Option<u64>) {
    let (key, profile) = (key(), Profile::example());
    let issuer = Issuer::new(&key);
    let builder = issuer.access(subject, ID).claims(&profile);
    let (builder, fresh_claim) = match fresh {
        Freshness::Stale => (builder, json!(false)),
        Freshness::Fresh => (builder.fresh(), json!(true)),
        Freshness::Until(until) => (builder.fresh_until(until), json!(until.as_secs())),
    };
    let mut expected = claims(subject, "access", fresh_claim);
    let builder = match lifetime {
        None => builder.without_expiry(),
        Some(secs) => {
            expected["exp"] = json!(NOW + secs);
            if secs == DEFAULT_LIFETIME {
                builder
            } else {
                builder.lifetime(Duration::from_secs(secs))
            }
        }
    };
    let token = builder.sign_owned::<1024>(at(NOW)).unwrap();

    let flask = Flask::at(NOW);
    let accepted = accepted(subject, &expected);
    assert_eq!(flask.visit("/access", token.as_str()), accepted);
    assert_eq!(
        flask.visit("/refresh", token.as_str()),
        only_refresh_tokens()
    );
    let fresh_answer = if fresh == Freshness::Stale {
        Answer::refusal(401, "Fresh token required")
    } else {
        accepted
    };
    assert_eq!(flask.visit("/fresh", token.as_str()), fresh_answer);
}

#[test]
fn refresh_tokens() {
    let (key, profile) = (key(), Profile::example());
    let issuer = Issuer::new(&key);
    for subject in SUBJECTS {
        let builder = issuer
            .refresh(subject, ID)
            .session_id("família")
            .claims(&profile);
        let token = builder.sign_owned::<1024>(at(NOW)).unwrap();
        // Flask fills in the claim that a refresh token of jotlet does not have.
        let mut expected = claims(subject, "refresh", json!(false));
        expected["exp"] = json!(NOW + 30 * DAY);
        expected["sid"] = json!("família");

        let flask = Flask::at(NOW + 30 * DAY - 1);
        assert_eq!(
            flask.visit("/refresh", token.as_str()),
            accepted(subject, &expected)
        );
        assert_eq!(flask.visit("/access", token.as_str()), only_access_tokens());
        assert_eq!(flask.visit("/fresh", token.as_str()), only_access_tokens());
    }
}

#[test]
fn issuer_and_audience() {
    let key = key();
    let issuer = Issuer::new(&key)
        .issuer("https://exämple.org")
        .audience("api 😀");
    let token = issuer
        .access("alice", ID)
        .sign_owned::<512>(at(NOW))
        .unwrap();
    let ask = |config| {
        Flask::at(NOW)
            .config(config)
            .visit("/access", token.as_str())
    };
    for config in [
        json!({ "JWT_DECODE_AUDIENCE": "api 😀", "JWT_DECODE_ISSUER": "https://exämple.org" }),
        json!({ "JWT_DECODE_AUDIENCE": ["web", "api 😀"] }),
        json!({}),
    ] {
        let answer = ask(config);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["claims"]["iss"], "https://exämple.org");
        assert_eq!(answer.body["claims"]["aud"], "api 😀");
    }
    let other = json!({ "JWT_DECODE_AUDIENCE": "web" });
    assert_eq!(ask(other), Answer::refusal(422, "Audience doesn't match"));
    let other = json!({ "JWT_DECODE_ISSUER": "https://example.org" });
    assert_eq!(ask(other), Answer::refusal(422, "Invalid issuer"));
}

#[test]
fn a_ring_and_a_uuid() {
    let ring = KeyRing::<1>::new("2026-01", key()).unwrap();
    let id = TokenId::uuid([0xab; 16]);
    let token = Issuer::new(&ring)
        .access("alice", id)
        .sign_owned::<512>(at(NOW))
        .unwrap();
    let answer = Flask::at(NOW).visit("/access", token.as_str());
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body["claims"]["jti"],
        "abababab-abab-4bab-abab-abababababab"
    );
}

#[test]
fn the_end_of_time() {
    let key = key();
    let issuer = Issuer::new(&key);
    // The last second that Python's clock tells is in the year 9999; `exp` may be far behind it.
    let builder = issuer.refresh("alice", ID).lifetime(Duration::MAX);
    let token = builder.sign_owned::<512>(at(NOW)).unwrap();
    let answer = Flask::at(253_402_300_799_u64).visit("/refresh", token.as_str());
    assert_eq!(
        answer.body["claims"]["exp"],
        json!(Timestamp::MAX.as_secs())
    );
}
