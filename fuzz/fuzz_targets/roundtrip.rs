//! Whatever is issued is verified, says what was put in, and fits exactly the buffer that was asked for.
#![no_main]

use std::time::Duration;

use jotlet::{
    Access, Freshness, IssueError, Issuer, Keys, MAX_TOKEN_LEN, Timestamp, TokenBuilder, TokenId,
    TokenSize, Verifier, VerifyError,
};
use jotlet_fuzz::{ClaimsBuffer, KEY, RING, Reading};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    ring: bool,
    subject: &'a str,
    id: [u8; 16],
    uuid: bool,
    issuer: Option<&'a str>,
    audience: Option<&'a str>,
    csrf: Option<&'a str>,
    session_id: Option<&'a str>,
    fresh: Fresh,
    lifetime: Option<u32>,
    not_before: Option<u64>,
    custom: Option<Custom>,
    issued_at: u64,
    verified_at: u64,
    leeway: u16,
}

#[derive(Arbitrary, Debug)]
enum Fresh {
    No,
    Yes,
    Until(u64),
}

#[derive(Arbitrary, Debug, PartialEq, Serialize, Deserialize)]
struct Custom {
    text: String,
    number: i64,
    flags: Vec<bool>,
    inner: Inner,
}

#[derive(Arbitrary, Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    names: Vec<String>,
    level: Option<u8>,
}

impl Input<'_> {
    fn token_id(&self) -> TokenId {
        if self.uuid {
            TokenId::uuid(self.id)
        } else {
            TokenId::from_bytes(self.id)
        }
    }

    fn expires_at(&self) -> Option<u64> {
        self.lifetime
            .map(|lifetime| self.issued_at.saturating_add(lifetime.into()))
    }

    fn freshness(&self) -> Freshness {
        match self.fresh {
            Fresh::No => Freshness::Stale,
            Fresh::Yes => Freshness::Fresh,
            Fresh::Until(until) => Freshness::Until(Timestamp::from_secs(until)),
        }
    }

    fn reading(&self) -> Reading {
        Reading {
            subject: Some(self.subject.to_owned()),
            token_type: Some("access".to_owned()),
            token_id: Some(self.token_id().text().as_str().to_owned()),
            issuer: self.issuer.map(str::to_owned),
            csrf: self.csrf.map(str::to_owned),
            session_id: self.session_id.map(str::to_owned),
            audience: self.audience.iter().map(|&one| one.to_owned()).collect(),
            expires_at: self.expires_at(),
            not_before: Some(self.not_before.unwrap_or(self.issued_at)),
            issued_at: Some(self.issued_at),
            freshness: self.freshness(),
        }
    }

    /// The rule that the token breaks at the time of verification.
    fn refusal(&self) -> Option<VerifyError> {
        let (now, leeway) = (self.verified_at, u64::from(self.leeway));
        let not_before = self.not_before.unwrap_or(self.issued_at);
        let time = Timestamp::from_secs;
        if let Some(end) = self.expires_at()
            && now >= end.saturating_add(leeway)
        {
            Some(VerifyError::Expired {
                expired_at: time(end),
                now: time(now),
            })
        } else if now.saturating_add(leeway) < not_before {
            Some(VerifyError::NotYetValid {
                not_before: time(not_before),
                now: time(now),
            })
        } else if now.saturating_add(leeway) < self.issued_at {
            Some(VerifyError::IssuedInFuture {
                issued_at: time(self.issued_at),
                now: time(now),
            })
        } else {
            None
        }
    }

    fn keys(&self) -> Keys<'static> {
        if self.ring {
            Keys::from(&*RING)
        } else {
            Keys::from(&*KEY)
        }
    }

    /// The greatest length that a token of these texts and of `custom` bytes of JSON has.
    fn greatest_len(&self, custom: usize) -> usize {
        let escaped = |text: &str| serde_json::to_string(text).unwrap().len() - 2;
        let mut size = TokenSize::of::<Access>()
            .subject(escaped(self.subject))
            .claims(custom);
        if self.ring {
            size = size.key_id(1);
        }
        size = match self.fresh {
            Fresh::Until(_) => size.fresh_until(),
            Fresh::No | Fresh::Yes => size.fresh(),
        };
        size = self.csrf.map_or(size, |text| size.csrf(escaped(text)));
        size = self
            .session_id
            .map_or(size, |text| size.session_id(escaped(text)));
        size = self.issuer.map_or(size, |text| size.issuer(escaped(text)));
        size = self
            .audience
            .map_or(size, |text| size.audience(escaped(text)));
        size.token_len()
    }

    fn check<'b, C>(&'b self, mut builder: TokenBuilder<'b, Access, C>, custom: Option<&Custom>) {
        builder = match self.fresh {
            Fresh::No => builder,
            Fresh::Yes => builder.fresh(),
            Fresh::Until(until) => builder.fresh_until(Timestamp::from_secs(until)),
        };
        builder = match self.lifetime {
            Some(lifetime) => builder.lifetime(Duration::from_secs(lifetime.into())),
            None => builder.without_expiry(),
        };
        if let Some(start) = self.not_before {
            builder = builder.not_before(Timestamp::from_secs(start));
        }
        if let Some(csrf) = self.csrf {
            builder = builder.csrf(csrf);
        }
        if let Some(id) = self.session_id {
            builder = builder.session_id(id);
        }

        let now = Timestamp::from_secs(self.issued_at);
        let mut out = [0; MAX_TOKEN_LEN];
        let token = match builder.sign(now, &mut out) {
            Ok(token) => token,
            Err(IssueError::TooLong { len, max }) => return assert!(len > max),
            Err(other) => panic!("{other:?}"),
        };
        let json = custom.map_or(0, |custom| serde_json::to_string(custom).unwrap().len());
        assert!(token.len() <= self.greatest_len(json));
        let mut exact = vec![0xff; token.len()];
        assert_eq!(builder.sign(now, &mut exact), Ok(token));
        let needed = IssueError::BufferTooSmall {
            needed: token.len(),
        };
        assert_eq!(builder.sign(now, &mut exact[1..]), Err(needed));
        assert!(exact[1..].iter().all(|&byte| byte == 0));

        let verifier = Verifier::<Access>::new(self.keys())
            .leeway(Duration::from_secs(self.leeway.into()))
            .allow_missing_expiry();
        let mut buffer = ClaimsBuffer::new();
        let claims = verifier.verify(token, Timestamp::from_secs(self.verified_at), &mut buffer);
        assert_eq!(claims.as_ref().err().copied(), self.refusal());
        if let Ok(claims) = claims {
            assert_eq!(Reading::from(&claims), self.reading());
            if let Some(custom) = custom {
                let read = claims.custom_with::<Custom>(&mut [0; MAX_TOKEN_LEN]);
                assert_eq!(read.as_ref(), Ok(custom));
            }
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let mut issuer = Issuer::new(input.keys());
    if let Some(name) = input.issuer {
        issuer = issuer.issuer(name);
    }
    if let Some(name) = input.audience {
        issuer = issuer.audience(name);
    }
    let builder = issuer.access(input.subject, input.token_id());
    match &input.custom {
        None => input.check(builder, None),
        Some(custom) => input.check(builder.claims(custom), Some(custom)),
    }
});
