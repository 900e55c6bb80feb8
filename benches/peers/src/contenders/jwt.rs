//! jwt. It checks the signature alone: the times, issuer and audience are checked by hand.

use hmac_for_jwt::{Hmac, Mac};
use jwt::header::PrecomputedAlgorithmOnlyHeader;
use jwt::{AlgorithmType, FromBase64, SignWithKey, ToBase64, Token, VerifyWithKey};
use sha2_for_jwt::Sha256;

use super::by_hand::{Strings, Timed};
use super::{Run, each};
use crate::claims::{Identity, Minimal, Session, Whole, issued};
use crate::tokens::{SECRET, Shape, Times};

pub const VERIFY_NOTE: &str =
    "exp, nbf, iss and aud are checked by hand; keyed once; checks neither iat nor type";
pub const ISSUE_NOTE: &str =
    "borrowed claims; its precomputed header, without typ: 14 characters less to sign; keyed once";

fn key() -> Hmac<Sha256> {
    Hmac::new_from_slice(SECRET).expect("any length is a key")
}

pub fn verify(shape: Shape, times: Times) -> Run {
    match shape {
        Shape::S => verified::<Minimal<String>>(times),
        Shape::F => verified::<Session<String>>(times),
        Shape::L => verified::<Identity<String, Strings>>(times),
        Shape::Whole => verified::<Whole<String, Strings>>(times),
    }
}

fn verified<C: FromBase64 + Timed + 'static>(times: Times) -> Run {
    let key = key();
    each(move |item, outcome| {
        let claims: Result<C, _> = item.token.as_str().verify_with_key(&key);
        outcome.verified(claims.ok().filter(|claims| claims.is_valid_at(times.now)));
    })
}

pub fn issue(shape: Shape, times: Times) -> Run {
    let key = key();
    match shape {
        Shape::S => each(move |item, outcome| {
            outcome.issued(signed(issued::refresh(&item.person, times), &key));
        }),
        Shape::F => each(move |item, outcome| {
            outcome.issued(signed(issued::session(&item.person, times), &key));
        }),
        Shape::L | Shape::Whole => each(move |item, outcome| {
            outcome.issued(signed(issued::identity(&item.person, times), &key));
        }),
    }
}

fn signed(claims: impl ToBase64, key: &Hmac<Sha256>) -> Option<String> {
    let header = PrecomputedAlgorithmOnlyHeader(AlgorithmType::Hs256);
    Some(Token::new(header, claims).sign_with_key(key).ok()?.into())
}
