//! Exact boundaries: the sizes of buffers and tokens, and the depth of JSON.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{Buffer, NOW, SECRET, forge, key, signed};
use jotlet::{
    Access, ClaimsBuffer, IssueError, Issuer, Key, KeyRing, MAX_DEPTH, MAX_KEY_ID_LEN,
    MAX_TOKEN_LEN, Refresh, Timestamp, Token, TokenBuilder, TokenId, TokenSize, TokenType,
    Verifier, VerifyError,
};

const ID: TokenId = TokenId::uuid([7; 16]);

/// Signs into buffers of every size up to the one that fits: each smaller one tells that size, and is left zeroed.
fn fits_exactly<C>(builder: &TokenBuilder<'_, Access, C>) -> usize {
    let mut out = [0xff; MAX_TOKEN_LEN];
    let needed = builder.sign(NOW, &mut out).unwrap().len();
    for len in 0..needed {
        out.fill(0xff);
        let refused = builder.sign(NOW, &mut out[..len]);
        assert_eq!(refused, Err(IssueError::BufferTooSmall { needed }), "{len}");
        assert!(out[..len].iter().all(|&byte| byte == 0), "{len}");
        assert!(out[len..].iter().all(|&byte| byte == 0xff), "{len}");
    }
    assert_eq!(builder.sign(NOW, &mut out[..needed]).unwrap().len(), needed);
    needed
}

#[test]
fn a_buffer_that_is_too_small_tells_the_size_of_the_token() {
    let key = key();
    let issuer = Issuer::new(&key).issuer("iss").audience("aud");
    let plain = issuer.access("sub", ID);
    fits_exactly(&plain);
    fits_exactly(&issuer.access("\"\\\u{1}\n\u{1f680}", ID).fresh().csrf("\""));

    let claims = BTreeMap::from([("roles", vec!["a", "\"b\""]), ("é", vec![])]);
    let with_claims = fits_exactly(&issuer.access("sub", ID).claims(&claims));
    assert!(with_claims > fits_exactly(&plain));
    let none = BTreeMap::<&str, u8>::new();
    assert_eq!(
        fits_exactly(&issuer.access("sub", ID).claims(&none)),
        fits_exactly(&plain)
    );
}

#[test]
fn an_owned_token_has_its_exact_size() {
    const LEN: usize = TokenSize::of::<Access>()
        .latest_time(Timestamp::from_secs(9_999_999_999))
        .subject(3)
        .token_len();
    let key = key();
    let issuer = Issuer::new(&key);
    let builder = issuer.access("sub", ID);
    let exact: Token<LEN> = builder.sign_owned(NOW).unwrap();
    assert_eq!(exact.as_str().len(), LEN);
    assert_eq!(
        builder.sign_owned::<{ LEN - 1 }>(NOW).unwrap_err(),
        IssueError::BufferTooSmall { needed: LEN }
    );
    let roomy: Token<1000> = builder.sign_owned(NOW).unwrap();
    assert_eq!(roomy.as_str(), exact.as_str());
}

#[test]
fn the_size_counts_escapes_and_each_form_of_fresh_once() {
    struct Odd;
    impl TokenType for Odd {
        const NAME: &'static str = "a\"b\\c\u{1}d";
        const LIFETIME: Duration = Duration::from_secs(1);
    }
    const SIZE: TokenSize = TokenSize::of::<Odd>().latest_time(NOW).subject(3);
    let key = key();
    let issuer = Issuer::new(&key);
    let token = || issuer.token::<Odd>("sub", ID);
    for (builder, size) in [
        (token(), SIZE),
        (token().fresh(), SIZE.fresh()),
        (token().fresh_until(NOW), SIZE.fresh_until()),
        (token().fresh_until(NOW).fresh(), SIZE.fresh_until().fresh()),
        (token().fresh().fresh_until(NOW), SIZE.fresh().fresh_until()),
    ] {
        let token = builder.sign_owned::<512>(NOW).unwrap();
        // `true` is a letter shorter than `false`, which is two characters at most.
        let unused = size.token_len() - token.as_str().len();
        assert!(unused <= 2, "{unused}");
    }
}

#[test]
fn a_claims_buffer_has_its_exact_size() {
    const LEN: usize = TokenSize::of::<Refresh>()
        .latest_time(Timestamp::from_secs(9_999_999_999))
        .subject(3)
        .payload_len();
    let key = key();
    let token = Issuer::new(&key).refresh("sub", ID).sign_owned::<512>(NOW);
    let token = token.unwrap();
    let verifier = Verifier::<Refresh>::new(&key);
    let mut exact = ClaimsBuffer::<LEN>::new();
    assert!(verifier.verify(&token, NOW, &mut exact).is_ok());
    let mut short = ClaimsBuffer::<{ LEN - 1 }>::new();
    let refused = verifier.verify(&token, NOW, &mut short).unwrap_err();
    assert_eq!(refused, VerifyError::BufferTooSmall { needed: LEN });
}

#[test]
fn a_foreign_header_that_is_larger_than_the_payload_needs_its_own_size() {
    let header = r#"{"alg":"HS256","kid":"0123456789012345678901234567890123456789"}"#;
    let token = forge(SECRET, header, r#"{"type":"access","exp":9999999999}"#);
    let key = key();
    let verifier = Verifier::<Access>::new(&key);
    let mut exact = ClaimsBuffer::<64>::new();
    assert_eq!(header.len(), 64);
    assert!(verifier.verify(&token, NOW, &mut exact).is_ok());
    let mut short = ClaimsBuffer::<63>::new();
    let refused = verifier.verify(&token, NOW, &mut short).unwrap_err();
    assert_eq!(refused, VerifyError::BufferTooSmall { needed: 64 });
}

/// The token with everything in it, at its largest, and its size as computed.
#[test]
fn the_computed_size_is_the_real_maximum() {
    const CLAIMS: &str = r#"{"level":255,"role":"operator"}"#;
    const SIZE: TokenSize = TokenSize::of::<Access>()
        .key_id(MAX_KEY_ID_LEN)
        .subject(10)
        .fresh_until()
        .csrf(36)
        .session_id(5)
        .issuer(7)
        .audience(1)
        .claims(CLAIMS.len());
    let claims: serde_json::Value = serde_json::from_str(CLAIMS).unwrap();
    let claims: BTreeMap<String, Claim> = serde_json::from_value(claims).unwrap();
    let ring = KeyRing::<0>::new(&"k".repeat(MAX_KEY_ID_LEN), key()).unwrap();
    let issuer = Issuer::new(&ring).issuer("issuer!").audience("a");
    let csrf = "c".repeat(36);
    let len = |latest: Timestamp| {
        let builder = issuer.access("0123456789", ID).fresh_until(latest);
        let builder = builder.csrf(&csrf).session_id("sid-1").claims(&claims);
        let token = builder.sign_owned::<1000>(latest).unwrap();
        let payload = token.as_str().split('.').nth(1).unwrap();
        (token.as_str().len(), common::base64url(payload).len())
    };
    let computed = |size: TokenSize| (size.token_len(), size.payload_len());
    assert_eq!(len(Timestamp::MAX), computed(SIZE));
    for secs in [1_000_000, 9_999_998_000] {
        let latest = Timestamp::from_secs(secs);
        assert_eq!(len(latest), computed(SIZE.latest_time(latest)));
    }
    let empty = KeyRing::<0>::new("k", key()).unwrap();
    let token = Issuer::new(&empty)
        .refresh("", ID)
        .sign_owned::<500>(Timestamp::MAX);
    let computed = TokenSize::of::<Refresh>().key_id(1).token_len();
    assert_eq!(token.unwrap().as_str().len(), computed);
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Claim {
    Level(u8),
    Role(String),
}

#[test]
fn the_longest_token_is_issued_and_verified_and_one_over_is_not() {
    // What fits between the plain header, two dots and the signature.
    const MAX_PAYLOAD: usize = (MAX_TOKEN_LEN - 36 - 2 - 43) * 3 / 4;
    const EMPTY: usize = TokenSize::of::<Access>()
        .latest_time(Timestamp::from_secs(9_999_999_999))
        .fresh()
        .payload_len();
    let key = key();
    let issuer = Issuer::new(&key);
    let mut out = vec![0xff; MAX_TOKEN_LEN + 10];
    let mut subject = "s".repeat(MAX_PAYLOAD - EMPTY);
    let longest = issuer.access(&subject, ID).sign(NOW, &mut out).unwrap();
    assert_eq!(longest.len(), MAX_TOKEN_LEN);
    let longest = longest.to_owned();
    let verifier = Verifier::<Access>::new(&key);
    let mut buffer = ClaimsBuffer::<MAX_PAYLOAD>::new();
    let claims = verifier.verify(&longest, NOW, &mut buffer).unwrap();
    assert_eq!(claims.subject(), Some(subject.as_str()));

    let (len, max) = (MAX_TOKEN_LEN + 1, MAX_TOKEN_LEN);
    subject.push('s');
    let refused = issuer.access(&subject, ID).sign(NOW, &mut out);
    assert_eq!(refused, Err(IssueError::TooLong { len, max }));
    assert!(out.iter().all(|&byte| byte == 0));
    let refused = verifier
        .verify(longest + "s", NOW, &mut buffer)
        .unwrap_err();
    assert_eq!(refused, VerifyError::TooLong { len, max });
}

#[test]
fn claims_of_any_size_are_too_long_and_nothing_else() {
    let key = key();
    let issuer = Issuer::new(&key);
    for size in [13_000, 65_530, 65_540, 200_000] {
        let claims = BTreeMap::from([("a", "x".repeat(size)), ("b", String::new())]);
        let mut out = vec![0; 400_000];
        for room in [0, 1000, 400_000] {
            let refused = issuer
                .access("", ID)
                .claims(&claims)
                .sign(NOW, &mut out[..room]);
            let payload = r#"{"iat":,"jti":"","type":"access","sub":"","nbf":,"exp":,"fresh":false,"a":"","b":""}"#;
            let len = 36 + 1 + (payload.len() + 36 + 30 + size).div_ceil(3) * 4 + 1 + 43;
            let Err(IssueError::TooLong {
                len: told,
                max: MAX_TOKEN_LEN,
            }) = refused
            else {
                panic!("{size} {room}: {refused:?}");
            };
            assert!(
                (len - 2..=len).contains(&told),
                "{size} {room}: {told} {len}"
            );
        }
    }
}

#[test]
fn a_verifiers_own_cap_can_only_be_lower() {
    let token = signed(r#"{"type":"access","exp":9999999999}"#);
    let (key, len) = (key(), token.len());
    let verify = |max: usize| {
        let mut buffer = Buffer::new();
        let verifier = Verifier::<Access>::new(&key).max_len(max);
        verifier.verify(&token, NOW, &mut buffer).map(drop)
    };
    assert_eq!(verify(len), Ok(()));
    assert_eq!(verify(usize::MAX), Ok(()));
    for max in [0, len - 1] {
        assert_eq!(verify(max), Err(VerifyError::TooLong { len, max }));
    }
    let mut buffer = Buffer::new();
    let verifier = Verifier::<Access>::new(&key).max_len(usize::MAX);
    let long = "a".repeat(MAX_TOKEN_LEN + 1);
    assert_eq!(
        verifier.verify(long, NOW, &mut buffer).unwrap_err(),
        VerifyError::TooLong {
            len: MAX_TOKEN_LEN + 1,
            max: MAX_TOKEN_LEN
        }
    );
}

#[test]
fn a_depth_of_128_is_read_and_129_is_not() {
    assert_eq!(MAX_DEPTH, 128);
    let key: Key = key();
    let verify = |header: &str, value: &str| {
        let payload = format!(r#"{{"x":{value},"type":"access","exp":9999999999}}"#);
        let mut buffer = Buffer::new();
        let token = forge(SECRET, header, payload);
        let verified = Verifier::<Access>::new(&key).verify(token, NOW, &mut buffer);
        verified.map(drop)
    };
    let header = |value: &str| format!(r#"{{"alg":"HS256","x":{value}}}"#);
    let too_deep = Err(VerifyError::TooDeep { max: 128 });
    for (open, inner, close) in [
        ("[", "", "]"),
        (r#"{"a":"#, "1", "}"),
        (" [ 1 , ", " 2 ", " ] "),
    ] {
        let nested = |depth: usize| open.repeat(depth) + inner + &close.repeat(depth);
        assert_eq!(verify(common::HEADER, &nested(127)), Ok(()));
        assert_eq!(verify(common::HEADER, &nested(128)), too_deep);
        assert_eq!(verify(&header(&nested(127)), "1"), Ok(()));
        assert_eq!(verify(&header(&nested(128)), "1"), too_deep);
    }
    // Siblings are not depth; what is never closed is too deep before it is malformed.
    assert_eq!(
        verify(common::HEADER, &format!("[{}1]", "[[]],".repeat(500))),
        Ok(())
    );
    assert_eq!(verify(common::HEADER, &"[".repeat(12_000)), too_deep);
    assert_eq!(verify(common::HEADER, &"{\"\":[".repeat(2_000)), too_deep);
}

#[test]
fn an_issuer_nests_no_deeper_than_a_verifier_reads() {
    #[derive(serde::Serialize)]
    #[serde(transparent)]
    struct Nested(Vec<Nested>);
    let nested = |depth: usize| {
        let value = (1..depth).fold(Nested(vec![]), |inner, _| Nested(vec![inner]));
        BTreeMap::from([("x", value)])
    };
    let key = key();
    let issuer = Issuer::new(&key);
    let token = issuer
        .access("", ID)
        .claims(&nested(127))
        .sign_owned::<1000>(NOW);
    let mut buffer = Buffer::new();
    let verified = Verifier::<Access>::new(&key).verify(token.unwrap(), NOW, &mut buffer);
    assert!(verified.is_ok());
    let refused = issuer
        .access("", ID)
        .claims(&nested(128))
        .sign_owned::<1000>(NOW);
    assert_eq!(refused.unwrap_err(), IssueError::TooDeep { max: 128 });
}
