//! The MAC alone over the same bytes, keyed beforehand: no verification of a token can be faster.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Run, each};
use crate::tokens::{SECRET, message};

pub const HMAC_NOTE: &str =
    "the MAC alone, by the hmac crate as jotlet has it; keyed once, cloned for each token";
pub const RING_NOTE: &str = "the MAC alone, keyed once";

pub fn hmac() -> Run {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length is a key");
    each(move |item, _| {
        let mut mac = mac.clone();
        mac.update(message(&item.token));
        black_box(mac.finalize());
    })
}

pub fn ring() -> Run {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET);
    each(move |item, _| {
        black_box(ring::hmac::sign(&key, message(&item.token)));
    })
}

pub fn aws_lc_rs() -> Run {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET);
    each(move |item, _| {
        black_box(aws_lc_rs::hmac::sign(&key, message(&item.token)));
    })
}
