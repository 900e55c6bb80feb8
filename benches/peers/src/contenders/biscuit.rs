//! biscuit, which is built on ring. It reads the registered claims itself and flattens the others into its own struct.

use biscuit::jwa::SignatureAlgorithm;
use biscuit::jws::{RegisteredHeader, Secret};
use biscuit::{
    ClaimPresenceOptions, ClaimsSet, Empty, JWT, Presence, RegisteredClaims, TemporalOptions,
    Timestamp, Validation, ValidationOptions,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::by_hand::Strings;
use super::{Item, Run, each};
use crate::claims::{issued, private, untimed};
use crate::payloads::{AUDIENCE, ISSUER};
use crate::tokens::{SECRET, Shape, Times};

pub const VERIFY_NOTE: &str = "tolerance 0, the time is passed in; takes its options by value: they are made for each token; keys its MAC anew; checks iat too, not type";
pub const ISSUE_NOTE: &str = "its claims have to be owned; keys its MAC anew for each token";

fn time(seconds: u64) -> DateTime<Utc> {
    let seconds = seconds.try_into().ok();
    seconds
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .expect("a time of our days")
}

fn secret() -> Secret {
    Secret::Bytes(SECRET.to_vec())
}

pub fn verify(shape: Shape, times: Times) -> Run {
    match shape {
        Shape::S => decoded::<private::Nothing>(shape, times),
        Shape::F => decoded::<private::Session<String>>(shape, times),
        Shape::L => decoded::<private::Identity<String>>(shape, times),
        Shape::Whole => decoded::<private::Whole<String, Strings>>(shape, times),
    }
}

fn decoded<C: Serialize + DeserializeOwned + 'static>(shape: Shape, times: Times) -> Run {
    let secret = secret();
    let now = time(times.now);
    let exactly = move |value: &str| {
        if shape.is_identity() {
            Validation::Validate(value.to_owned())
        } else {
            Validation::Ignored
        }
    };
    let required = if shape.is_identity() {
        Presence::Required
    } else {
        Presence::Optional
    };
    each(move |item, outcome| {
        let options = ValidationOptions {
            claim_presence_options: ClaimPresenceOptions {
                expiry: Presence::Required,
                issuer: required,
                audience: required,
                ..ClaimPresenceOptions::default()
            },
            temporal_options: TemporalOptions {
                epsilon: chrono::Duration::zero(),
                now: Some(now),
            },
            issuer: exactly(ISSUER),
            audience: exactly(AUDIENCE),
            ..ValidationOptions::default()
        };
        let valid = || -> Option<ClaimsSet<C>> {
            let token = JWT::<C, Empty>::new_encoded(&item.token);
            let token = token
                .into_decoded(&secret, SignatureAlgorithm::HS256)
                .ok()?;
            token.validate(options).ok()?;
            Some(token.unwrap_decoded().1)
        };
        outcome.verified(valid());
    })
}

pub fn issue(shape: Shape, times: Times) -> Run {
    match shape {
        Shape::S => encoded(shape, times, |item| {
            issued::untimed_refresh::<String>(&item.person)
        }),
        Shape::F => encoded(shape, times, |item| {
            issued::untimed_session::<String>(&item.person)
        }),
        Shape::L | Shape::Whole => {
            encoded(shape, times, |item| -> untimed::Identity<String, String> {
                issued::untimed_identity(&item.person)
            })
        }
    }
}

fn encoded<C: Serialize + DeserializeOwned>(
    shape: Shape,
    times: Times,
    claims: impl Fn(&Item) -> C + 'static,
) -> Run {
    let secret = secret();
    let at = |seconds| Some(Timestamp::from(time(seconds)));
    let registered = RegisteredClaims {
        expiry: at(issued::expiry(shape, times)),
        not_before: at(times.issued_at),
        issued_at: at(times.issued_at),
        ..RegisteredClaims::default()
    };
    let header = RegisteredHeader {
        algorithm: SignatureAlgorithm::HS256,
        ..RegisteredHeader::default()
    };
    each(move |item, outcome| {
        let claims = ClaimsSet {
            registered: registered.clone(),
            private: claims(item),
        };
        let token = JWT::<C, Empty>::new_decoded(header.clone().into(), claims).encode(&secret);
        let token = token
            .ok()
            .and_then(|token| Some(token.encoded().ok()?.encode()));
        outcome.issued(token);
    })
}
