//! jwt-compact. It reads the three times itself and flattens the other claims into its own struct.

use chrono::{DateTime, TimeDelta, Utc};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, Claims, Header, TimeOptions, UntrustedToken};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::by_hand::{Addressed, Strings};
use super::{Item, Run, each};
use crate::claims::{issued, untimed};
use crate::tokens::{SECRET, Shape, Times};

pub const VERIFY_NOTE: &str = "leeway 0, the time is passed in; iss and aud are checked by hand; keys its MAC anew for each token; checks neither iat nor type, takes a token in the second of its exp";
pub const ISSUE_NOTE: &str =
    "borrowed claims, the header prepared; keys its MAC anew for each token";

fn time(seconds: u64) -> DateTime<Utc> {
    let seconds = seconds.try_into().ok();
    seconds
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .expect("a time of our days")
}

pub fn verify(shape: Shape, times: Times) -> Run {
    match shape {
        Shape::S => validated::<untimed::Minimal<String>>(shape, times),
        Shape::F => validated::<untimed::Session<String>>(shape, times),
        Shape::L => validated::<untimed::Identity<String, Strings>>(shape, times),
        Shape::Whole => validated::<untimed::Whole<String, Strings>>(shape, times),
    }
}

fn validated<C: DeserializeOwned + Addressed + 'static>(shape: Shape, times: Times) -> Run {
    let key = Hs256Key::new(SECRET);
    let now = time(times.now);
    let options = TimeOptions::new(TimeDelta::zero(), move || now);
    each(move |item, outcome| {
        let valid = |token: &str| -> Option<Claims<C>> {
            let token = UntrustedToken::new(token).ok()?;
            let token = Hs256.validator::<C>(&key).validate(&token).ok()?;
            let (_, claims) = token.into_parts();
            claims.validate_expiration(&options).ok()?;
            if shape.has_start() {
                claims.validate_maturity(&options).ok()?;
            }
            claims.custom.is_for_us().then_some(claims)
        };
        outcome.verified(valid(&item.token));
    })
}

pub fn issue(shape: Shape, times: Times) -> Run {
    match shape {
        Shape::S => created(shape, times, |item, sign| {
            sign.token(issued::untimed_refresh::<&str>(&item.person))
        }),
        Shape::F => created(shape, times, |item, sign| {
            sign.token(issued::untimed_session::<&str>(&item.person))
        }),
        Shape::L | Shape::Whole => created(shape, times, |item, sign| {
            sign.token(issued::untimed_identity::<&str>(&item.person))
        }),
    }
}

/// What is prepared to sign.
struct Signer {
    key: Hs256Key,
    header: Header,
    starts_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Signer {
    fn token<C: Serialize>(&self, custom: C) -> Option<String> {
        let mut claims = Claims::new(custom);
        claims.expiration = Some(self.expires_at);
        claims.not_before = Some(self.starts_at);
        claims.issued_at = Some(self.starts_at);
        Hs256.token(&self.header, &claims, &self.key).ok()
    }
}

fn created(
    shape: Shape,
    times: Times,
    work: impl Fn(&Item, &Signer) -> Option<String> + 'static,
) -> Run {
    let signer = Signer {
        key: Hs256Key::new(SECRET),
        header: Header::empty().with_token_type("JWT"),
        starts_at: time(times.issued_at),
        expires_at: time(issued::expiry(shape, times)),
    };
    each(move |item, outcome| outcome.issued(work(item, &signer)))
}
