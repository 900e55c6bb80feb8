//! Flask takes jotlet's tokens from cookies, with the value against CSRF that is in them.

use jotlet::Issuer;
use serde_json::json;

use crate::app::{Answer, Flask};
use crate::{ID, NOW, at, key};

fn post(path: &str, cookie: &str, token: &str, csrf: &str) -> Answer {
    let headers = format!("Cookie: {cookie}={token}\r\nX-CSRF-TOKEN: {csrf}\r\n");
    let flask = Flask::at(NOW).config(json!({ "JWT_TOKEN_LOCATION": ["cookies"] }));
    flask.send(&format!("POST {path}"), &headers, "")
}

#[test]
fn double_submit() {
    let key = key();
    let issuer = Issuer::new(&key);
    let csrf = "0e4c3f5d-7f6c-4f6e-9c80-0c1f0d1b0a5e";
    let access = issuer
        .access("alice", ID)
        .csrf(csrf)
        .sign_owned::<512>(at(NOW))
        .unwrap();
    let refresh = issuer
        .refresh("alice", ID)
        .csrf(csrf)
        .sign_owned::<512>(at(NOW))
        .unwrap();
    for (path, cookie, token) in [
        ("/access", "access_token_cookie", access.as_str()),
        ("/refresh", "refresh_token_cookie", refresh.as_str()),
    ] {
        let answer = post(path, cookie, token, csrf);
        assert_eq!(
            (answer.status, &answer.body["claims"]["csrf"]),
            (200, &json!(csrf))
        );
        let wrong = "CSRF double submit tokens do not match";
        assert_eq!(
            post(path, cookie, token, "guessed"),
            Answer::refusal(401, wrong)
        );
        assert_eq!(
            post(path, cookie, token, ""),
            Answer::refusal(401, "Missing CSRF token")
        );
    }
    let without = issuer
        .access("alice", ID)
        .sign_owned::<512>(at(NOW))
        .unwrap();
    let answer = post("/access", "access_token_cookie", without.as_str(), csrf);
    assert_eq!(answer, Answer::refusal(422, "Missing claim: csrf"));
}
