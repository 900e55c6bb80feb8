//! The examples of the RFCs: 4231 for the MAC, 7515 A.1 (which is 7519 3.1) and 7520 4.4 for whole tokens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use common::{Buffer, NOW, base64url, seal, shared_json};
use jotlet::{
    Access, Issuer, Key, KeyError, Refresh, RegisteredClaim, Timestamp, TokenId, Verifier,
    VerifyError,
};
use serde_json::Value;

fn vectors() -> Option<Value> {
    shared_json("rfc/rfc_vectors.json")
}

/// The key and the token of the example whose name starts like this.
fn example(vectors: &Value, id: &str) -> (Vec<u8>, String) {
    let mut all = vectors["jws_hs256"].as_array().unwrap().iter();
    let example = all
        .find(|one| one["id"].as_str().unwrap().starts_with(id))
        .unwrap();
    let text = |name: &str| example[name].as_str().unwrap();
    (base64url(text("key_b64u")), text("token").to_owned())
}

fn hex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

/// RFC 4231. Its MACs themselves are tested beside [`Key`], which does not sign just any message: here its keys sign tokens.
#[test]
fn the_keys_of_rfc_4231() {
    let Some(vectors) = vectors() else { return };
    let (mut long, mut short) = (0, 0);
    for vector in vectors["hmac_sha256"].as_array().unwrap() {
        let secret = hex(vector["key_hex"].as_str().unwrap());
        let len = secret.len();
        if len < 32 {
            let refused = Key::new(&secret).map(drop);
            assert_eq!(refused, Err(KeyError::TooShort { len }));
            short += 1;
            continue;
        }
        let key = Key::new(&secret).unwrap();
        let issuer = Issuer::new(&key);
        let builder = issuer.refresh("sub", TokenId::from_bytes([1; 16]));
        let token = builder.sign_owned::<500>(NOW).unwrap();
        let (message, _) = token.as_str().rsplit_once('.').unwrap();
        assert_eq!(token.as_str(), seal(&secret, message));
        let verified = Verifier::<Refresh>::new(&key)
            .verify(&token, NOW, &mut Buffer::new())
            .map(drop);
        assert_eq!(verified, Ok(()));
        long += 1;
    }
    assert_eq!((long, short), (2, 5));
}

#[derive(serde::Deserialize)]
struct Example {
    #[serde(rename = "http://example.com/is_root")]
    is_root: bool,
}

#[test]
fn the_token_of_rfc_7515_a_1_and_rfc_7519_3_1() {
    let Some(vectors) = vectors() else { return };
    let (secret, token) = example(&vectors, "rfc7515-A.1");
    let key = Key::new(&secret).unwrap();
    let strict = Verifier::<Access>::new(&key);
    let verifier = strict.clone().missing_type_is_access().issuer("joe");
    let mut buffer = Buffer::new();

    // 2011-03-22 18:43:00, and the second before it.
    let expired_at = Timestamp::from_secs(1_300_819_380);
    let now = Timestamp::from_secs(1_300_819_379);
    let claims = verifier.verify(&token, now, &mut buffer).unwrap();
    assert_eq!(claims.issuer(), Some("joe"));
    assert_eq!(claims.expires_at(), Some(expired_at));
    assert_eq!(claims.subject(), None);
    assert!(claims.custom::<Example>().unwrap().is_root);

    let now = expired_at;
    let refused = verifier.verify(&token, now, &mut buffer).unwrap_err();
    assert_eq!(refused, VerifyError::Expired { expired_at, now });
    let refused = strict.verify(&token, now, &mut buffer).unwrap_err();
    let claim = RegisteredClaim::Type;
    assert_eq!(refused, VerifyError::MissingClaim { claim });
}

/// RFC 7520 section 4.4 signs a sentence: its signature is right, and it is refused for not being claims.
#[test]
fn the_signature_of_rfc_7520_4_4() {
    let Some(vectors) = vectors() else { return };
    let (secret, token) = example(&vectors, "rfc7520-4.4");
    let verify = |secret: &[u8], token: &str| {
        let key = Key::new(secret).unwrap();
        let verifier = Verifier::<Access>::new(&key);
        verifier.verify(token, NOW, &mut Buffer::new()).map(drop)
    };
    let not_claims = Err(VerifyError::PayloadNotJson { at: 0 });
    assert_eq!(verify(&secret, &token), not_claims);

    let wrong = Err(VerifyError::WrongSignature);
    assert_eq!(verify(&[7; 32], &token), wrong);
    let edited = token.replacen(".SXTi", ".SXTj", 1);
    assert_ne!(edited, token);
    assert_eq!(verify(&secret, &edited), wrong);
}

#[test]
fn the_key_of_the_example_on_jwt_io_is_too_short() {
    let Some(vectors) = vectors() else { return };
    let (secret, _) = example(&vectors, "jwt.io");
    let len = secret.len();
    assert!(len < 32);
    let refused = Key::new(&secret).map(drop);
    assert_eq!(refused, Err(KeyError::TooShort { len }));
}
