//! Any text as each segment of a token under a right MAC: decoded exactly if base64ct decodes it, to the same bytes.
#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use jotlet::{Access, Issuer, MAX_TOKEN_LEN, TokenId, Verifier, VerifyError};
use jotlet_fuzz::{ClaimsBuffer, KEY, MAX_INPUT, NOW, PLAIN, forge_encoded, seal};
use libfuzzer_sys::fuzz_target;

const SIGNATURE_LEN: usize = 43;

fuzz_target!(|text: &[u8]| {
    if text.len() > MAX_INPUT {
        return;
    }
    let canonical = Base64UrlUnpadded::decode_vec(&String::from_utf8_lossy(text));
    let refusal = |token: &[u8]| {
        let mut buffer = ClaimsBuffer::new();
        Verifier::<Access>::new(&*KEY)
            .verify(token, NOW, &mut buffer)
            .err()
    };

    let token = seal([PLAIN.as_bytes(), b".", text].concat());
    assert_eq!(
        refusal(&token) == Some(VerifyError::PayloadEncoding),
        canonical.is_err()
    );

    if !text.contains(&b'.') {
        let token = seal([text, b".e30"].concat());
        assert_eq!(
            refusal(&token) == Some(VerifyError::HeaderEncoding),
            canonical.is_err()
        );
    }
    if text.len() == SIGNATURE_LEN && !text.contains(&b'.') {
        let token = [PLAIN.as_bytes(), b".e30.", text].concat();
        assert_eq!(
            refusal(&token) == Some(VerifyError::SignatureEncoding),
            canonical.is_err()
        );
    }

    // The bytes themselves: as a subject, which jotlet encodes for base64ct, and base64ct for jotlet.
    let Ok(subject) = str::from_utf8(text) else {
        return;
    };
    let mut out = [0; MAX_TOKEN_LEN];
    let id = TokenId::from_bytes([0; 16]);
    let token = Issuer::new(&*KEY).access(subject, id).sign(NOW, &mut out);
    let Ok(token) = token else { return };
    let payload = token.split('.').nth(1).unwrap();
    let json = Base64UrlUnpadded::decode_vec(payload).unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&json).unwrap()["sub"],
        subject
    );

    let token = forge_encoded(PLAIN, &json);
    let mut buffer = ClaimsBuffer::new();
    let claims = Verifier::<Access>::new(&*KEY).verify(token, NOW, &mut buffer);
    assert_eq!(claims.unwrap().subject(), Some(subject));
});
