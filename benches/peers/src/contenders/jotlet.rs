//! jotlet: the claims are borrowed from the buffer, and read into the same structs as everyone else's.

use heapless::Vec;
use jotlet::{Access, Claims, ClaimsBuffer, Issuer, Key, Timestamp, TokenId, Verifier};

use super::{Outcome, Run, each};
use crate::claims::{Identity, Minimal, Session};
use crate::payloads::{AUDIENCE, Application, ISSUER};
use crate::tokens::{SECRET, Shape, Times};

pub const VERIFY_NOTE: &str = "the time is passed in; also checks iat, type and one spelling; S: a token without type is an access token";
pub const ISSUE_NOTE: &str = "into a buffer; the time and the id's 16 bytes are passed in";

fn key() -> &'static Key {
    Box::leak(Box::new(Key::new(SECRET).expect("32 bytes are enough")))
}

pub fn verify(shape: Shape, times: Times) -> Run {
    let verifier = Verifier::<Access>::new(key());
    let identity = verifier.clone().issuer(ISSUER).audience(AUDIENCE);
    match shape {
        Shape::S => with(
            verifier.missing_type_is_access(),
            times,
            |claims, outcome| {
                outcome.verified(minimal(&claims));
            },
        ),
        Shape::F => with(verifier, times, |claims, outcome| {
            outcome.verified(session(&claims));
        }),
        Shape::L => with(identity, times, |claims, outcome| {
            outcome.verified(self::identity(&claims));
        }),
        Shape::Whole => with(identity, times, |claims, outcome| {
            let application = claims.custom::<Application<&str, Vec<&str, 4>>>();
            outcome.verified(self::identity(&claims).zip(application.ok()));
        }),
    }
}

fn with(
    verifier: Verifier<'static, Access>,
    times: Times,
    mut deliver: impl FnMut(Claims<'_, Access>, &mut Outcome) + 'static,
) -> Run {
    let now = Timestamp::from_secs(times.now);
    let mut buffer = ClaimsBuffer::<1024>::new();
    each(move |item, outcome| {
        if let Ok(claims) = verifier.verify(&item.token, now, &mut buffer) {
            deliver(claims, outcome);
        }
    })
}

fn minimal<'b>(claims: &Claims<'b, Access>) -> Option<Minimal<&'b str>> {
    Some(Minimal {
        sub: claims.subject()?,
        exp: claims.expires_at()?.as_secs(),
    })
}

fn session<'b>(claims: &Claims<'b, Access>) -> Option<Session<&'b str>> {
    Some(Session {
        fresh: claims.freshness() == jotlet::Freshness::Fresh,
        iat: claims.issued_at()?.as_secs(),
        jti: claims.token_id()?,
        r#type: claims.token_type()?,
        sub: claims.subject()?,
        nbf: claims.not_before()?.as_secs(),
        csrf: claims.csrf()?,
        exp: claims.expires_at()?.as_secs(),
    })
}

fn identity<'b>(claims: &Claims<'b, Access>) -> Option<Identity<&'b str, Vec<&'b str, 4>>> {
    Some(Identity {
        iss: claims.issuer()?,
        aud: claims.audience().collect(),
        sub: claims.subject()?,
        r#type: claims.token_type()?,
        iat: claims.issued_at()?.as_secs(),
        nbf: claims.not_before()?.as_secs(),
        exp: claims.expires_at()?.as_secs(),
        jti: claims.token_id()?,
        sid: claims.session_id()?,
    })
}

pub fn issue(shape: Shape, times: Times) -> Run {
    let now = Timestamp::from_secs(times.issued_at);
    let issuer = Issuer::new(key());
    let mut out = [0; 2048];
    match shape {
        Shape::S => each(move |item, outcome| {
            let builder = issuer.refresh(&item.person.subject, TokenId::uuid(item.person.id));
            outcome.issued(builder.sign(now, &mut out).ok());
        }),
        Shape::F => each(move |item, outcome| {
            let builder = issuer.access(&item.person.subject, TokenId::uuid(item.person.id));
            let builder = builder.csrf(&item.person.csrf);
            outcome.issued(builder.sign(now, &mut out).ok());
        }),
        Shape::L | Shape::Whole => {
            let issuer = issuer.issuer(ISSUER).audience(AUDIENCE);
            each(move |item, outcome| {
                let id = TokenId::uuid(item.person.id);
                let builder = issuer.token::<Access>(&item.person.subject, id);
                let builder = builder.session_id(&item.person.session);
                outcome.issued(builder.sign(now, &mut out).ok());
            })
        }
    }
}
