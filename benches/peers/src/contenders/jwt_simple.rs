//! jwt-simple. It reads the registered claims itself and flattens the others into its own struct; to write them, all
//! strings are put into the others, which spares it seven copies.

use std::collections::HashSet;

use jwt_simple::algorithms::{HS256Key, MACLike};
use jwt_simple::claims::JWTClaims;
use jwt_simple::common::VerificationOptions;
use jwt_simple::prelude::Duration;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::by_hand::Strings;
use super::{Run, each};
use crate::claims::{issued, private};
use crate::payloads::{AUDIENCE, ISSUER};
use crate::tokens::{SECRET, Shape, Times};

pub const VERIFY_NOTE: &str = "tolerance 0, the time is passed in; takes its options by value: they are cloned for each token; keys its MAC anew; checks iat too, not type; takes a token without exp, iss or aud";
pub const ISSUE_NOTE: &str = "borrowed claims; keys its MAC anew for each token";

pub fn verify(shape: Shape, times: Times) -> Run {
    match shape {
        Shape::S => verified::<private::Nothing>(shape, times),
        Shape::F => verified::<private::Session<String>>(shape, times),
        Shape::L => verified::<private::Identity<String>>(shape, times),
        Shape::Whole => verified::<private::Whole<String, Strings>>(shape, times),
    }
}

fn verified<C: Serialize + DeserializeOwned + 'static>(shape: Shape, times: Times) -> Run {
    let key = HS256Key::from_bytes(SECRET);
    let only = |value: &str| {
        shape
            .is_identity()
            .then(|| HashSet::from([value.to_owned()]))
    };
    let options = VerificationOptions {
        time_tolerance: Some(Duration::from_secs(0)),
        artificial_time: Some(Duration::from_secs(times.now)),
        allowed_issuers: only(ISSUER),
        allowed_audiences: only(AUDIENCE),
        ..VerificationOptions::default()
    };
    each(move |item, outcome| {
        let claims = key.verify_token::<C>(&item.token, Some(options.clone()));
        outcome.verified(claims.ok());
    })
}

pub fn issue(shape: Shape, times: Times) -> Run {
    let key = HS256Key::from_bytes(SECRET);
    match shape {
        Shape::S => each(move |item, outcome| {
            let claims = timed(shape, times, issued::untimed_refresh::<&str>(&item.person));
            outcome.issued(key.authenticate(claims).ok());
        }),
        Shape::F => each(move |item, outcome| {
            let claims = timed(shape, times, issued::untimed_session::<&str>(&item.person));
            outcome.issued(key.authenticate(claims).ok());
        }),
        Shape::L | Shape::Whole => each(move |item, outcome| {
            let claims = timed(shape, times, issued::untimed_identity::<&str>(&item.person));
            outcome.issued(key.authenticate(claims).ok());
        }),
    }
}

fn timed<C>(shape: Shape, times: Times, custom: C) -> JWTClaims<C> {
    JWTClaims {
        issued_at: Some(Duration::from_secs(times.issued_at)),
        expires_at: Some(Duration::from_secs(issued::expiry(shape, times))),
        invalid_before: Some(Duration::from_secs(times.issued_at)),
        issuer: None,
        subject: None,
        audiences: None,
        jwt_id: None,
        nonce: None,
        custom,
    }
}
