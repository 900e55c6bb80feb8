//! Twelve tokens that are valid, and what verifies them.

use std::time::Duration;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Access, ClaimsBuffer, Issuer, Key, KeyRing, Keys, Timestamp, TokenId, Verifier};
use serde_json::Value;
use sha2::Sha256;

const NOW: Timestamp = Timestamp::from_secs(1_767_225_600);
const KEY_ID: &str = "2026-01";

/// A valid token, and all that is needed to verify it.
pub struct Real {
    pub name: String,
    pub token: Vec<u8>,
    secret: Vec<u8>,
    now: Timestamp,
    leeway: Duration,
}

impl Real {
    /// Lends out a verifier for this token's spellings.
    pub fn judge(&self, search: impl FnOnce(&dyn Fn(&[u8]) -> bool)) {
        let key = Key::new(&self.secret).unwrap();
        let ring = KeyRing::<1>::new(KEY_ID, Key::new(&self.secret).unwrap()).unwrap();
        let keys: Keys<'_> = if self.name == "ring" {
            (&ring).into()
        } else {
            (&key).into()
        };
        let verifier = Verifier::<Access>::new(keys).leeway(self.leeway);
        let inside = contents(&self.token);
        let accepts = |token: &[u8]| {
            if cfg!(feature = "planted") {
                // Not all of the MAC is compared, and what is encoded in the message is all that counts.
                let compared = &self.token[..self.token.len() - 3];
                return token.starts_with(compared) || contents(token).starts_with(&inside[..2]);
            }
            let mut buffer = ClaimsBuffer::<1024>::new();
            verifier.verify(token, self.now, &mut buffer).is_ok()
        };
        assert!(accepts(&self.token), "{}", self.name);
        search(&accepts);
    }

    /// A header and payload under a right MAC.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).unwrap();
        mac.update(message);
        let mac = Base64UrlUnpadded::encode_string(&mac.finalize().into_bytes());
        [message, b".", mac.as_bytes()].concat()
    }
}

/// What the segments of a token have inside, whatever the spelling: in either alphabet, with padding, with spare bits.
pub fn contents(token: &[u8]) -> Vec<Vec<u8>> {
    let segments = token.split(|&byte| byte == b'.');
    segments
        .map(|segment| {
            let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
            for byte in segment {
                let value = match byte {
                    b'A'..=b'Z' => byte - b'A',
                    b'a'..=b'z' => byte - b'a' + 26,
                    b'0'..=b'9' => byte - b'0' + 52,
                    b'-' | b'+' => 62,
                    b'_' | b'/' => 63,
                    _ => continue,
                };
                bits = bits << 6 | u32::from(value);
                count += 6;
                if count >= 8 {
                    count -= 8;
                    bytes.push((bits >> count) as u8);
                }
            }
            bytes
        })
        .collect()
}

/// Whether this is how RFC 7515 spells what is inside.
pub fn is_canonical(token: &[u8]) -> bool {
    let contents = contents(token);
    let segments: Vec<String> = contents
        .iter()
        .map(|c| Base64UrlUnpadded::encode_string(c))
        .collect();
    segments.join(".").as_bytes() == token
}

#[derive(serde::Serialize)]
struct Rights {
    role: &'static str,
    groups: [u16; 3],
    admin: bool,
}

/// Six of jotlet's own, one of Flask's, and five of the project's cases.
pub fn twelve() -> Vec<Real> {
    let secret = b"a shared secret of at least 32 bytes";
    let key = Key::new(secret).unwrap();
    let ring = KeyRing::<1>::new(KEY_ID, Key::new(secret).unwrap()).unwrap();
    let id = TokenId::uuid([0x5a; 16]);
    let issuer = Issuer::new(&key);
    let named = Issuer::new(&key)
        .issuer("https://example.com")
        .audience("api");
    let by_ring = Issuer::new(&ring);
    let rights = Rights {
        role: "operator",
        groups: [1, 22, 333],
        admin: false,
    };
    let session = id.text();
    let own = [
        ("plain", issuer.access("user-42", id).sign_owned::<768>(NOW)),
        ("ring", by_ring.access("user-42", id).sign_owned(NOW)),
        (
            "text",
            issuer
                .access("\"é\u{1f680}\\\n", id)
                .fresh_until(Timestamp::MAX)
                .sign_owned(NOW),
        ),
        (
            "issuer and audience",
            named.access("user-42", id).fresh().sign_owned(NOW),
        ),
        (
            "session",
            issuer
                .access("a", id)
                .csrf("c")
                .session_id(session.as_str())
                .sign_owned(NOW),
        ),
        (
            "claims",
            issuer.access("user-42", id).claims(&rights).sign_owned(NOW),
        ),
    ];
    let mut tokens: Vec<Real> = own
        .into_iter()
        .map(|(name, token)| Real {
            name: name.to_owned(),
            token: token.unwrap().as_str().into(),
            secret: secret.to_vec(),
            now: NOW,
            leeway: Duration::ZERO,
        })
        .collect();

    let flask = include_str!("../../../fixtures/flask_access_token.json");
    let flask: Value = serde_json::from_str(flask).unwrap();
    tokens.push(Real {
        name: "flask".to_owned(),
        token: flask["token"].as_str().unwrap().into(),
        secret: flask["key"].as_str().unwrap().into(),
        now: Timestamp::from_secs(flask["made_at"].as_u64().unwrap()),
        leeway: Duration::ZERO,
    });

    let cases = include_str!("../../../vectors/token_cases.json");
    let cases: Value = serde_json::from_str(cases).unwrap();
    for id in [
        "ok-key64",
        "ok-hdr-typ-full",
        "ok-hdr-kid-inj",
        "ok-hdr-escaped-val",
        "ok-pl-ws",
    ] {
        let mut all = cases["cases"].as_array().unwrap().iter();
        let case = all.find(|case| case["id"] == id).unwrap();
        tokens.push(Real {
            name: id.to_owned(),
            token: case["token"].as_str().unwrap().into(),
            secret: Base64::decode_vec(case["key_b64"].as_str().unwrap()).unwrap(),
            now: Timestamp::from_secs(case["now"].as_u64().unwrap()),
            leeway: Duration::from_secs(case["leeway"].as_u64().unwrap()),
        });
    }
    assert_eq!(tokens.len(), 12);
    tokens
}
