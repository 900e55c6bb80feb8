//! The 40 HS256 signatures of Wycheproof. (Its 174 vectors of HMAC-SHA256 are tested beside the key, in `src/key`.)
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Buffer, NOW, base64url, shared_json};
use jotlet::{Access, Key, Verifier, VerifyError};

/// The payloads are words, not claims: a token that is refused for that has passed as a JWS, RFC 7515 section 5.2.
fn is_valid_jws(key: &Key, token: &str) -> bool {
    let verifier = Verifier::<Access>::new(key);
    match verifier.verify(token, NOW, &mut Buffer::new()) {
        Ok(_) => true,
        Err(error) => matches!(error, VerifyError::PayloadNotJson { .. }),
    }
}

#[test]
fn json_web_signatures() {
    let Some(file) = shared_json("wycheproof/jws_hs256_only.json") else {
        return;
    };
    let (mut valid, mut invalid) = (0, 0);
    for test in file["tests"].as_array().unwrap() {
        let text = |name: &str| test[name].as_str().unwrap();
        let key = Key::new(&base64url(text("key_b64u"))).unwrap();
        let expected = text("strict_result") == "valid";
        let (id, comment) = (&test["tcId"], text("comment"));
        assert_eq!(is_valid_jws(&key, text("jws")), expected, "{id}: {comment}");
        *if expected { &mut valid } else { &mut invalid } += 1;
    }
    assert_eq!((valid, invalid), (10, 30));
}
