//! The codec against base64ct, and over every value where there are not too many.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

extern crate std;

use std::string::String;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;

/// Miri would take hours for all of them.
const STEP: usize = if cfg!(miri) { 170 } else { 1 };

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; decoded_len(text.len())?];
    decode(text, &mut out).map(|()| out)
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out.resize(encoded_len(bytes.len()), 0);
    encode_in_place(&mut out, bytes.len()).unwrap();
    out
}

fn agrees_with_base64ct(text: &[u8]) {
    let oracle = core::str::from_utf8(text).ok();
    let oracle = oracle.and_then(|text| Base64UrlUnpadded::decode_vec(text).ok());
    assert_eq!(decoded(text), oracle, "{}", text.escape_ascii());
}

#[test]
fn every_ending_of_two_and_three_characters() {
    let characters = [ALPHABET, b"+/=. \0\x80\xff"].concat();
    for start in [b"".as_slice(), b"____", b"____AAAA"] {
        let mut text = start.to_vec();
        text.extend([0, 0]);
        let at = start.len();
        for [a, b] in (0..=u16::MAX).map(u16::to_be_bytes) {
            text[at..].copy_from_slice(&[a, b]);
            agrees_with_base64ct(&text);
        }
    }
    for &a in &characters {
        for &b in &characters {
            for &c in &characters {
                agrees_with_base64ct(&[a, b, c]);
            }
        }
    }
}

#[test]
fn every_byte_in_every_place() {
    for len in 0..=18 {
        for at in 0..len {
            for byte in (0..=0xff).step_by(STEP) {
                let mut text = vec![b'A'; len];
                text[at] = byte;
                agrees_with_base64ct(&text);
            }
        }
    }
}

#[test]
fn two_wrong_characters_do_not_make_up_for_each_other() {
    for len in [2, 3, 4, 8, 15, 19] {
        for second in 0..len {
            for first in 0..second {
                let mut text = vec![b'A'; len];
                (text[first], text[second]) = (b'+', b'=');
                assert_eq!(decoded(&text), None, "{}", text.escape_ascii());
            }
        }
    }
}

/// Each value in each of the eight lanes, beside each other value.
#[test]
fn no_lane_disturbs_its_neighbour() {
    for at in 0..7 {
        for pair in (0..64 * 64_usize).step_by(STEP) {
            let mut text = [b'A'; 8];
            text[at..at + 2].copy_from_slice(&[ALPHABET[pair / 64], ALPHABET[pair % 64]]);
            assert_eq!(encoded(&decoded(&text).unwrap()), text);
            agrees_with_base64ct(&text);
        }
    }
}

#[test]
fn every_length_is_encoded_in_place() {
    for len in (0..=200_usize).step_by(STEP) {
        let bytes: Vec<u8> = (0..len).map(|i| (i * 151 + len) as u8).collect();
        let text = Base64UrlUnpadded::encode_string(&bytes);
        assert_eq!(encoded_len(len), text.len());
        assert_eq!(decoded_len(text.len()), Some(len));
        assert_eq!(encoded(&bytes), text.as_bytes());
        assert_eq!(decoded(text.as_bytes()), Some(bytes.clone()));

        // What stands behind the text is left alone; one byte of room less is too little.
        let mut out = [&bytes[..], &[0xa5; 100]].concat();
        encode_in_place(&mut out, len).unwrap();
        assert_eq!(&out[..text.len()], text.as_bytes());
        assert!(out[text.len()..].iter().all(|&byte| byte == 0xa5));
        let mut short = vec![0; text.len().saturating_sub(1)];
        assert_eq!(encode_in_place(&mut short, len).is_some(), len == 0);
    }
}

#[test]
fn a_text_is_decoded_into_its_own_length_alone() {
    assert_eq!(decode(b"AAAA", &mut [0; 2]), None);
    assert_eq!(decode(b"AAAA", &mut [0; 4]), None);
    for len in (1..100).step_by(4) {
        assert_eq!(decoded_len(len), None);
        assert_eq!(decode(&vec![b'A'; len], &mut vec![0; len * 3 / 4]), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = encoded(&bytes);
        prop_assert_eq!(&text, &Base64UrlUnpadded::encode_string(&bytes).into_bytes());
        prop_assert_eq!(decoded(&text), Some(bytes));
    }

    #[test]
    fn any_text_is_judged_as_by_base64ct(text in "[A-Za-z0-9_-]{0,60}", damage in "[ -~]?", at in any::<prop::sample::Index>()) {
        let (head, tail) = text.split_at(at.index(text.len() + 1));
        agrees_with_base64ct(text.as_bytes());
        agrees_with_base64ct(String::from_iter([head, &damage, tail]).as_bytes());
    }
}
