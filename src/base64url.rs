//! The segment codec of RFC 7515 section 2: base64url without padding, in its one canonical spelling.
//!
//! Decoding is a table look-up: the text comes from whoever sent the token, so what it touches in memory tells an attacker
//! nothing new. The MAC that we compute is encoded by base64ct, which has neither a table nor a branch.

use base64ct::{Base64UrlUnpadded, Encoding};

/// -1 marks a byte outside the alphabet; the sign survives every shift and `|` below.
const VALUES: [i8; 256] = values();

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_wrap
)] // Runs at compile time.
#[allow(clippy::cast_possible_truncation)]
const fn values() -> [i8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut table = [-1; 256];
    let mut i = 0;
    while i < alphabet.len() {
        table[alphabet[i] as usize] = i as i8;
        i += 1;
    }
    table
}

/// The value of one character, sign-extended: negative if it is none of the alphabet.
fn value(character: u8) -> i32 {
    i32::from(VALUES.get(usize::from(character)).copied().unwrap_or(-1))
}

/// The number of characters of a MAC: 32 bytes.
pub(crate) const MAC_LEN: usize = encoded_len(32);

/// The 24 bits of a group.
fn bits([a, b, c, d]: [u8; 4]) -> i32 {
    value(a) << 18 | value(b) << 12 | value(c) << 6 | value(d)
}

/// The number of characters that `len` bytes become.
pub(crate) const fn encoded_len(len: usize) -> usize {
    len.saturating_mul(4).div_ceil(3)
}

/// The number of bytes that `len` characters become, if `len` is a length that unpadded base64 can have.
pub(crate) const fn decoded_len(len: usize) -> Option<usize> {
    let (quads, rest) = (len / 4, len % 4);
    match rest {
        1 => None,
        0 => Some(quads.saturating_mul(3)),
        _ => Some(
            quads
                .saturating_mul(3)
                .saturating_add(rest)
                .saturating_sub(1),
        ),
    }
}

/// Decodes `text` into `out`, which must be exactly [`decoded_len`] long. `None`: not canonical base64url.
pub(crate) fn decode(text: &[u8], out: &mut [u8]) -> Option<()> {
    if decoded_len(text.len())? != out.len() {
        return None;
    }
    let (pairs, tail) = text.as_chunks();
    let (sextets, rest) = out.as_chunks_mut();
    let mut all = decode_pairs(pairs, sextets);
    let (quads, tail) = tail.as_chunks::<4>();
    let (triples, rest) = rest.as_chunks_mut::<3>();
    for (quad, triple) in quads.iter().zip(triples) {
        let bits = bits(*quad);
        all |= bits;
        let [_, x, y, z] = bits.to_be_bytes();
        *triple = [x, y, z];
    }
    // The last character of a short group has spare bits: canonical means that they are zero (RFC 4648 section 3.5).
    let spare = match (tail, rest) {
        (&[a, b], [x]) => {
            let bits = bits([a, b, b'A', b'A']);
            all |= bits;
            [_, *x, _, _] = bits.to_be_bytes();
            bits & 0xffff
        }
        (&[a, b, c], [x, y]) => {
            let bits = bits([a, b, c, b'A']);
            all |= bits;
            [_, *x, *y, _] = bits.to_be_bytes();
            bits & 0xff
        }
        _ => 0,
    };
    (all >= 0 && spare == 0).then_some(())
}

/// Decodes two groups a turn, and stores them as one number: 30 % less time on `x86_64` than one group a turn. The sign of the
/// result tells whether a character was none of the alphabet. A function of its own has registers to itself.
#[inline(never)]
fn decode_pairs(pairs: &[[u8; 8]], sextets: &mut [[u8; 6]]) -> i32 {
    let mut all = 0;
    for (&[a, b, c, d, e, f, g, h], sextet) in pairs.iter().zip(sextets) {
        let (left, right) = (bits([a, b, c, d]), bits([e, f, g, h]));
        all |= left | right;
        let both = u64::from(left.cast_unsigned()) << 24 | u64::from(right.cast_unsigned());
        let [_, _, bytes @ ..] = both.to_be_bytes();
        *sextet = bytes;
    }
    all
}

/// Encodes the first `len` bytes of `out` in place: afterwards its first [`encoded_len`] bytes are their base64url text.
/// `None`: `out` is shorter than that.
pub(crate) fn encode_in_place(out: &mut [u8], len: usize) -> Option<()> {
    out.get(..encoded_len(len))?;
    // From the last block to the first, so that no block is written over before it is read.
    let mut start = len.checked_next_multiple_of(BLOCK)?;
    while start > 0 {
        start = start.checked_sub(BLOCK)?;
        let mut block = [0; BLOCK];
        let source = out.get(start..len.min(start.checked_add(BLOCK)?))?;
        for (to, from) in block.iter_mut().zip(source) {
            *to = *from;
        }
        let characters = encoded_len(source.len());
        let target = out.get_mut(encoded_len(start)..)?.get_mut(..characters)?;
        for (to, from) in target.iter_mut().zip(&encode_block(&block)) {
            *to = *from;
        }
    }
    Some(())
}

/// Bytes that are encoded at once.
const BLOCK: usize = 48;

/// Encodes a block of a payload without a table, in a form that compilers make vectors of: a quarter of base64ct's time on
/// `x86_64`.
fn encode_block(block: &[u8; BLOCK]) -> [u8; 64] {
    let mut text = [0; 64];
    let (sextets, octets) = (block.as_chunks().0, text.as_chunks_mut().0);
    for (&[a, b, c, d, e, f], octet) in sextets.iter().zip(octets) {
        // Two times 24 bits, four times 12, eight times 6.
        let x = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        let x = x << 8 & 0x00ff_ffff_0000_0000 | x & 0x0000_0000_00ff_ffff;
        let x = x << 4 & 0x0fff_0000_0fff_0000 | x & 0x0000_0fff_0000_0fff;
        let x = x << 2 & 0x3f00_3f00_3f00_3f00 | x & 0x003f_003f_003f_003f;
        *octet = x.to_be_bytes();
    }
    for value in &mut text {
        // The steps of the alphabet: from Z to a, from z to 0, from 9 to -, from - to _. A step is masked by the sign of a
        // difference.
        let behind = |last: u8, step: u8| {
            (last.wrapping_sub(*value).cast_signed() >> 7).cast_unsigned() & step
        };
        let up = behind(25, 6).wrapping_add(behind(62, 49));
        let down = behind(51, 75).wrapping_add(behind(61, 13));
        *value = value.wrapping_add(b'A').wrapping_add(up).wrapping_sub(down);
    }
    text
}

/// Encodes by base64ct: a MAC above all, since what compilers make of [`encode_block`] may branch, as LLVM's does at
/// opt-level s. `None`: `out` is too short.
pub(crate) fn encode<'o>(bytes: &[u8], out: &'o mut [u8]) -> Option<&'o str> {
    Base64UrlUnpadded::encode(bytes, out).ok()
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
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
}
