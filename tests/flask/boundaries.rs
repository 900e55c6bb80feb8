//! Both draw the same lines in time.

use std::time::Duration;

use jotlet::{Access, Issuer, Verifier, VerifyError};
use serde_json::{Value, json};

use crate::app::{Answer, Flask};
use crate::{ID, NOW, at, key, verify};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    NotYet,
    Accepted,
    Expired,
}

fn jotlet(token: &str, now: u64, leeway: u64) -> Verdict {
    let key = key();
    let verifier = Verifier::<Access>::new(&key).leeway(Duration::from_secs(leeway));
    match verify(&verifier, token, now, |_| ()) {
        Ok(()) => Verdict::Accepted,
        Err(VerifyError::Expired { .. }) => Verdict::Expired,
        Err(VerifyError::NotYetValid { .. } | VerifyError::IssuedInFuture { .. }) => {
            Verdict::NotYet
        }
        Err(other) => panic!("{other}"),
    }
}

fn flask(token: &str, now: &str, leeway: u64) -> Verdict {
    let flask = Flask::at(now).config(json!({ "JWT_DECODE_LEEWAY": leeway }));
    let answer = flask.visit("/access", token);
    match (answer.status, answer.body["msg"].as_str()) {
        (200, None) => Verdict::Accepted,
        (401, Some("Token has expired")) => Verdict::Expired,
        (422, Some(text)) if text.starts_with("The token is not yet valid") => Verdict::NotYet,
        _ => panic!("{answer:?}"),
    }
}

/// Tokens of both with the first second in which they are valid and the first in which they are not any more.
fn tokens() -> Vec<(String, u64, u64)> {
    let key = key();
    let issuer = Issuer::new(&key);
    let ours = |start: u64| {
        let builder = issuer.access("alice", ID).lifetime(Duration::from_secs(60));
        let token = builder
            .not_before(at(start))
            .sign_owned::<512>(at(NOW))
            .unwrap();
        token.as_str().to_owned()
    };
    let theirs = |additional: Value, config: Value| {
        let arguments =
            json!({ "identity": "alice", "expires_delta": 60, "additional_claims": additional });
        let created = Flask::at(NOW).config(config).create("access", &arguments);
        created["token"].as_str().unwrap().to_owned()
    };
    let (start, end) = (NOW + 30, NOW + 60);
    vec![
        (ours(NOW), NOW, end),
        (ours(start), start, end),
        // `iat` alone says when it starts.
        (ours(0), NOW, end),
        (theirs(json!({}), json!({})), NOW, end),
        (theirs(json!({ "nbf": start }), json!({})), start, end),
        (
            theirs(json!({}), json!({ "JWT_ENCODE_NBF": false })),
            NOW,
            end,
        ),
    ]
}

#[test]
fn validity() {
    for (token, start, end) in tokens() {
        for leeway in [0, 10] {
            for (now, expected) in [
                (start - leeway - 1, Verdict::NotYet),
                (start - leeway, Verdict::Accepted),
                (end + leeway - 1, Verdict::Accepted),
                (end + leeway, Verdict::Expired),
            ] {
                assert_eq!(jotlet(&token, now, leeway), expected);
                // Flask's clock tells fractions, and jotlet is given what is in front of them.
                for fraction in ["0", "999"] {
                    assert_eq!(
                        flask(&token, &format!("{now}.{fraction}"), leeway),
                        expected
                    );
                }
            }
        }
    }
}

fn jotlet_is_fresh(token: &str, now: u64) -> bool {
    let key = key();
    match verify(
        &Verifier::<Access>::new(&key).require_fresh(),
        token,
        now,
        |_| (),
    ) {
        Ok(()) => true,
        Err(VerifyError::NotFresh) => false,
        Err(other) => panic!("{other}"),
    }
}

fn flask_is_fresh(token: &str, now: &str) -> bool {
    let answer = Flask::at(now).visit("/fresh", token);
    let stale = Answer::refusal(401, "Fresh token required");
    assert!(answer.status == 200 || answer == stale, "{answer:?}");
    answer.status == 200
}

#[test]
fn freshness() {
    let key = key();
    let until = NOW + 300;
    let issuer = Issuer::new(&key);
    let builder = issuer.access("alice", ID).fresh_until(at(until));
    let ours = builder.sign_owned::<512>(at(NOW)).unwrap();
    let arguments = json!({ "identity": "alice", "fresh": 300 });
    let theirs = Flask::at(NOW).create("access", &arguments);
    for token in [ours.as_str(), theirs["token"].as_str().unwrap()] {
        assert!(jotlet_is_fresh(token, until - 1));
        assert!(flask_is_fresh(token, &format!("{}.999", until - 1)));
        assert!(!jotlet_is_fresh(token, until));
        assert!(!flask_is_fresh(token, &format!("{until}.001")));
        // To Flask a token is still fresh at the very instant at which that ends.
        assert!(flask_is_fresh(token, &until.to_string()));
    }

    let later = Flask::at(format!("{NOW}.25")).create("access", &arguments);
    let later = later["token"].as_str().unwrap();
    assert!(jotlet_is_fresh(later, until));
    assert!(flask_is_fresh(later, &format!("{until}.249")));
    assert!(!jotlet_is_fresh(later, until + 1));
    assert!(!flask_is_fresh(later, &format!("{until}.251")));
}
