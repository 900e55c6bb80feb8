//! What is issued is verified again, whatever goes in; and what jotlet writes is what `serde_json` reads.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::time::Duration;

use common::{Buffer, SECRET, base64url, cases, text};
use jotlet::{
    Access, Claims, Freshness, IssueError, Issuer, Key, KeyRing, Keys, Refresh, Timestamp,
    TokenBuilder, TokenId, TokenType, Verifier,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Everything that can be told to an issuer.
#[derive(Clone, Debug)]
struct Wish {
    now: u64,
    subject: String,
    id: TokenId,
    issuer: Option<String>,
    audience: Option<String>,
    fresh: Option<Freshness>,
    csrf: Option<String>,
    session: Option<String>,
    start: Option<u64>,
    /// Seconds, or no expiry at all.
    lifetime: Option<u64>,
    own: Option<Own>,
}

/// Claims of an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Own {
    text: String,
    short: heapless::String<64>,
    number: (i64, u64, i8),
    ratio: f64,
    list: Vec<Option<String>>,
    kind: Kind,
    nested: Option<Box<Own>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Named(String),
    Both { a: bool, b: () },
}

fn own() -> impl Strategy<Value = Own> {
    let kind = prop_oneof![
        Just(Kind::Plain),
        text().prop_map(Kind::Named),
        any::<bool>().prop_map(|a| Kind::Both { a, b: () }),
    ];
    let ratio = any::<f64>().prop_filter("not in JSON", |ratio| ratio.is_finite());
    let list = prop::collection::vec(prop::option::of(text()), 0..4);
    let fields = (text(), text(), any::<(i64, u64, i8)>(), ratio, list, kind);
    let own = fields.prop_map(|(text, short, number, ratio, list, kind)| Own {
        text,
        short: short.as_str().try_into().unwrap(),
        number,
        ratio,
        list,
        kind,
        nested: None,
    });
    let own = own.boxed();
    (own.clone(), prop::option::of(own)).prop_map(|(own, nested)| Own {
        nested: nested.map(Box::new),
        ..own
    })
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![
        1_700_000_000..1_800_000_000_u64,
        0..20_u64,
        u64::MAX - 20..=u64::MAX,
        any::<u64>(),
    ]
}

fn wish() -> impl Strategy<Value = Wish> {
    let fresh = prop_oneof![
        Just(None),
        Just(Some(Freshness::Fresh)),
        time().prop_map(|until| Some(Freshness::Until(Timestamp::from_secs(until)))),
    ];
    let id = any::<([u8; 16], bool)>().prop_map(|(random, uuid)| {
        if uuid {
            TokenId::uuid(random)
        } else {
            TokenId::from_bytes(random)
        }
    });
    let texts = [(); 4].map(|()| prop::option::of(text()));
    let times = (time(), prop::option::of(time()), prop::option::of(time()));
    let rest = (text(), id, fresh, prop::option::of(own()));
    (texts, times, rest).prop_map(|(texts, times, (subject, id, fresh, own))| {
        let [issuer, audience, csrf, session] = texts;
        let (now, start, lifetime) = times;
        Wish {
            now,
            subject,
            id,
            issuer,
            audience,
            fresh,
            csrf,
            session,
            start,
            lifetime,
            own,
        }
    })
}

impl Wish {
    fn issue<T: TokenType>(&self, keys: Keys<'_>) -> String {
        let mut issuer = Issuer::new(keys);
        if let Some(text) = &self.issuer {
            issuer = issuer.issuer(text);
        }
        if let Some(text) = &self.audience {
            issuer = issuer.audience(text);
        }
        let mut builder = issuer.token::<T>(&self.subject, self.id);
        match self.fresh {
            Some(Freshness::Until(until)) => builder = builder.fresh_until(until),
            Some(_) => builder = builder.fresh(),
            None => {}
        }
        if let Some(text) = &self.csrf {
            builder = builder.csrf(text);
        }
        if let Some(text) = &self.session {
            builder = builder.session_id(text);
        }
        if let Some(start) = self.start {
            builder = builder.not_before(Timestamp::from_secs(start));
        }
        builder = match self.lifetime {
            Some(secs) => builder.lifetime(Duration::from_secs(secs)),
            None => builder.without_expiry(),
        };
        match &self.own {
            Some(own) => sign(&builder.claims(own), self.now),
            None => sign(&builder, self.now),
        }
    }

    /// The payload that is wished for.
    fn payload<T: TokenType>(&self) -> Value {
        let mut payload = match &self.own {
            Some(own) => serde_json::to_value(own).unwrap(),
            None => json!({}),
        };
        payload["iat"] = self.now.into();
        payload["nbf"] = self.start.unwrap_or(self.now).into();
        payload["jti"] = self.id.text().as_str().into();
        payload["type"] = T::NAME.into();
        payload["sub"] = self.subject.as_str().into();
        if let Some(secs) = self.lifetime {
            payload["exp"] = self.now.saturating_add(secs).into();
        }
        match self.fresh {
            None => {}
            Some(Freshness::Until(until)) => payload["fresh"] = until.as_secs().into(),
            Some(freshness) => payload["fresh"] = (freshness == Freshness::Fresh).into(),
        }
        let texts = [&self.csrf, &self.session, &self.issuer, &self.audience];
        for (name, text) in ["csrf", "sid", "iss", "aud"].into_iter().zip(texts) {
            if let Some(text) = text {
                payload[name] = text.as_str().into();
            }
        }
        payload
    }

    /// A time at which the token is valid, if there is one.
    fn valid_at(&self) -> Option<Timestamp> {
        let at = self.now.max(self.start.unwrap_or(0));
        let expires_at = self.lifetime.map(|secs| self.now.saturating_add(secs));
        let valid = expires_at.is_none_or(|expires_at| at < expires_at);
        valid.then_some(Timestamp::from_secs(at))
    }

    fn check<T: TokenType>(&self, claims: &Claims<'_, T>) {
        let secs = |secs: u64| Some(Timestamp::from_secs(secs));
        assert_eq!(claims.subject(), Some(self.subject.as_str()));
        assert_eq!(claims.token_id(), Some(self.id.text().as_str()));
        assert_eq!(claims.token_type(), Some(T::NAME));
        assert_eq!(claims.issuer(), self.issuer.as_deref());
        assert!(claims.audience().eq(self.audience.as_deref()));
        assert_eq!(claims.csrf(), self.csrf.as_deref());
        assert_eq!(claims.session_id(), self.session.as_deref());
        assert_eq!(claims.issued_at(), secs(self.now));
        assert_eq!(claims.not_before(), secs(self.start.unwrap_or(self.now)));
        let expires_at = self
            .lifetime
            .and_then(|life| secs(self.now.saturating_add(life)));
        assert_eq!(claims.expires_at(), expires_at);
        assert_eq!(claims.freshness(), self.fresh.unwrap_or_default());
        if let Some(own) = &self.own {
            assert_eq!(&claims.custom::<Own>().unwrap(), own);
        }
    }
}

/// Signs in both ways, which have to agree.
fn sign<T: TokenType, C>(builder: &TokenBuilder<'_, T, C>, now: u64) -> String {
    let now = Timestamp::from_secs(now);
    let owned = builder.sign_owned::<4000>(now).unwrap();
    let mut out = vec![0xff; owned.as_str().len()];
    assert_eq!(builder.sign(now, &mut out).unwrap(), owned.as_str());
    owned.as_str().to_owned()
}

/// Issues by `keys` and verifies by each of `verifiers`.
fn round_trip<T: TokenType>(wish: &Wish, keys: Keys<'_>, header: &Value, verifiers: &[Keys<'_>]) {
    let token = wish.issue::<T>(keys);
    let segments: Vec<&str> = token.split('.').collect();
    let read = |segment: &str| serde_json::from_slice::<Value>(&base64url(segment)).unwrap();
    assert_eq!(&read(segments[0]), header);
    assert_eq!(read(segments[1]), wish.payload::<T>());

    let Some(now) = wish.valid_at() else { return };
    for keys in verifiers {
        let mut verifier = Verifier::<T>::new(*keys).allow_missing_expiry();
        if let Some(issuer) = &wish.issuer {
            verifier = verifier.issuer(issuer);
        }
        if let Some(audience) = &wish.audience {
            verifier = verifier.audience(audience);
        }
        let mut buffer = Buffer::new();
        wish.check(&verifier.verify(&token, now, &mut buffer).unwrap());
    }
}

#[test]
fn characters_are_escaped_the_shortest_way() {
    let subject: String = ('\0'..='\u{80}').collect();
    let key = Key::new(SECRET).unwrap();
    let issuer = Issuer::new(&key);
    let builder = issuer.access(&subject, TokenId::from_bytes([1; 16]));
    let token = builder.sign_owned::<1024>(Timestamp::MAX).unwrap();
    let payload = base64url(token.as_str().split('.').nth(1).unwrap());
    let payload = String::from_utf8(payload).unwrap();
    let expected = serde_json::to_string(&subject).unwrap();
    assert!(payload.contains(&expected), "{payload}");
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn with_one_key(wish in wish()) {
        let key = Key::new(SECRET).unwrap();
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let keys = Keys::from(&key);
        round_trip::<Access>(&wish, keys, &header, &[keys]);
        round_trip::<Refresh>(&wish, keys, &header, &[keys]);
    }

    #[test]
    fn with_a_ring_that_is_rotated(wish in wish(), old in "[ !#-\\[\\]-~]{1,31}") {
        let key = |byte: u8| Key::new(&[byte; 32]).unwrap();
        let new = format!("{old}+");
        let mut ring = KeyRing::<1>::new(&old, key(1)).unwrap();
        let mut ahead = KeyRing::<2>::new(&new, key(2)).unwrap();
        ahead.add(&old, key(1)).unwrap();
        for (id, own) in [(&old, key(1)), (&new, key(2))] {
            if *id == new {
                ring.add(&new, key(2)).unwrap();
                ring.sign_with(&new).unwrap();
            }
            let header = json!({"alg": "HS256", "kid": id, "typ": "JWT"});
            let verifiers = [Keys::from(&ring), Keys::from(&ahead), Keys::from(&own)];
            round_trip::<Access>(&wish, Keys::from(&ring), &header, &verifiers);
        }
    }

    /// An application's claim never passes for a registered one.
    #[test]
    fn registered_names_are_refused(value in text(), name in "iss|sub|aud|exp|nbf|iat|jti|type|fresh|csrf|sid") {
        let key = Key::new(SECRET).unwrap();
        let issuer = Issuer::new(&key);
        let claims = std::collections::BTreeMap::from([("a", &value), (&name, &value), ("z", &value)]);
        let builder = issuer.access("sub", TokenId::from_bytes([1; 16])).claims(&claims);
        let Err(IssueError::ReservedName { claim }) = builder.sign_owned::<4000>(Timestamp::MAX) else {
            return Err(TestCaseError::fail("issued"));
        };
        prop_assert_eq!(claim.name(), name);
    }
}
