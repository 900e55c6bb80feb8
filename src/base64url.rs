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
mod tests;
