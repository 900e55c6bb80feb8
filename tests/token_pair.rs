//! What is issued for a family, and the ids that tie tokens to it.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Buffer, key};
use jotlet::{Access, Family, Freshness, Issuer, Refresh, Timestamp, TokenId, Verifier};

const fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

const fn id(n: u8) -> TokenId {
    TokenId::from_bytes([n; 16])
}

const SESSION: TokenId = id(100);

#[test]
fn a_pair_says_whose_it_is_and_ends_with_the_family() {
    let key = key();
    let issuer = Issuer::new(&key);
    let family = Family::start(SESSION, id(1), at(1000));
    let pair = family.pair("user-42");
    let mut buffer = Buffer::new();

    for now in [0, 100, 999] {
        let token = pair.access(&issuer, id(9)).sign_owned::<512>(at(now));
        let verifier = Verifier::<Access>::new(&key);
        let claims = verifier.verify(token.unwrap(), at(now), &mut buffer);
        let claims = claims.unwrap();
        assert_eq!(claims.subject(), Some("user-42"));
        assert_eq!(claims.session_id(), Some(SESSION.text().as_str()));
        assert_eq!(claims.token_id(), Some(id(9).text().as_str()));
        assert_eq!(claims.freshness(), Freshness::Stale);
        assert_eq!(claims.expires_at(), Some(at((now + 900).min(1000))));

        let token = pair.refresh(&issuer).sign_owned::<512>(at(now)).unwrap();
        let verifier = Verifier::<Refresh>::new(&key);
        let claims = verifier.verify(token, at(now), &mut buffer).unwrap();
        assert_eq!(claims.subject(), Some("user-42"));
        assert_eq!(claims.session_id(), Some(SESSION.text().as_str()));
        assert_eq!(claims.token_id(), Some(id(1).text().as_str()));
        assert_eq!(claims.expires_at(), Some(at(1000)));
    }
}

#[test]
fn each_type_has_its_own_lifetime() {
    let key = key();
    let long = Issuer::new(&key);
    let short = Issuer::new(&key)
        .access_lifetime(Duration::from_secs(60))
        .refresh_lifetime(Duration::from_secs(3600));
    let mut buffer = Buffer::new();
    for (issuer, access, refresh) in [(long, 15 * 60, 30 * 24 * 3600), (short, 60, 3600)] {
        let token = issuer.access("", id(1)).sign_owned::<512>(at(0)).unwrap();
        let verifier = Verifier::<Access>::new(&key);
        let claims = verifier.verify(token, at(0), &mut buffer).unwrap();
        assert_eq!(claims.expires_at(), Some(at(access)));

        let token = issuer.refresh("", id(1)).sign_owned::<512>(at(0)).unwrap();
        let verifier = Verifier::<Refresh>::new(&key);
        let claims = verifier.verify(token, at(0), &mut buffer).unwrap();
        assert_eq!(claims.expires_at(), Some(at(refresh)));
    }
}

#[test]
fn a_token_is_taken_as_text_and_as_bytes() {
    let key = key();
    let issuer = Issuer::new(&key);
    let builder = issuer.access("user-42", id(1));
    let mut out = [0; 512];
    let text = builder.sign(at(0), &mut out).unwrap();
    let token = builder.sign_owned::<512>(at(0)).unwrap();
    assert_eq!(token.as_str(), text);
    assert_eq!(AsRef::<str>::as_ref(&token), text);
    assert_eq!(AsRef::<[u8]>::as_ref(&token), text.as_bytes());
}

/// The application's claims come after the cap, and must not lose it.
#[derive(serde::Serialize)]
struct Custom {}

#[test]
fn a_cap_shortens_a_life_and_never_lengthens_it() {
    let key = key();
    let issuer = Issuer::new(&key);
    let verifier = Verifier::<Access>::new(&key).allow_missing_expiry();
    let mut buffer = Buffer::new();
    let mut expiry = |cap: u64, lifetime: Option<u64>, now: u64| {
        let builder = issuer.access("a", id(1)).expires_by(at(cap));
        let builder = match lifetime {
            Some(lifetime) => builder.lifetime(Duration::from_secs(lifetime)),
            None => builder.without_expiry(),
        };
        let token = builder.claims(&Custom {}).sign_owned::<512>(at(now));
        let claims = verifier.verify(token.unwrap(), at(now), &mut buffer);
        claims.unwrap().expires_at().map(Timestamp::as_secs)
    };
    assert_eq!(expiry(1000, Some(899), 100), Some(999));
    assert_eq!(expiry(1000, Some(900), 100), Some(1000));
    assert_eq!(expiry(1000, Some(901), 100), Some(1000));
    assert_eq!(expiry(1000, Some(u64::MAX), 100), Some(1000));
    assert_eq!(expiry(1000, None, 100), Some(1000));
    assert_eq!(expiry(u64::MAX, Some(1), 100), Some(101));
}

#[test]
fn an_id_has_one_text() {
    for n in 0..=255_u8 {
        let bytes = [
            n,
            n ^ 0x5a,
            0,
            255,
            n,
            n,
            n,
            n,
            n,
            n,
            n,
            n,
            n,
            n,
            n,
            n.wrapping_add(1),
        ];
        for id in [TokenId::from_bytes(bytes), TokenId::uuid(bytes)] {
            let text = id.text();
            assert_eq!(TokenId::parse(text.as_str()), Some(id));
            assert_eq!(AsRef::<str>::as_ref(&text), text.as_str());
        }
    }
    for (byte, text) in [
        (0x00, "00000000-0000-4000-8000-000000000000"),
        (0x5a, "5a5a5a5a-5a5a-4a5a-9a5a-5a5a5a5a5a5a"),
        (0xff, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
    ] {
        assert_eq!(TokenId::uuid([byte; 16]).text().as_str(), text);
    }
    // A UUID of another version, as other software writes it.
    let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    assert_eq!(TokenId::parse(text).unwrap().text().as_str(), text);

    let uuid = TokenId::uuid([0xab; 16]).text();
    for text in [uuid.as_str(), id(0xab).text().as_str()] {
        for position in 0..text.len() {
            for wrong in ["A", "g", "-", "/", ":", "`", " ", "é", ""] {
                let mut changed = text.to_owned();
                changed.replace_range(position..=position, wrong);
                assert!(
                    changed == text || TokenId::parse(&changed).is_none(),
                    "{changed}"
                );
            }
        }
        assert_eq!(TokenId::parse(&text.to_uppercase()), None);
        assert_eq!(TokenId::parse(&format!("{{{text}}}")), None);
        assert_eq!(TokenId::parse(&format!("{text}00")), None);
        assert_eq!(TokenId::parse(&format!("{text}0000")), None);
    }
    assert_eq!(TokenId::parse(""), None);
}
