//! The writer: it counts what it is given even where the buffer has ended, so that the size needed is always known.

use super::string::plain_len;

/// Writes JSON into a caller's buffer.
pub(crate) struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    pub(crate) fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// How many bytes there are so far, or would be if there were room.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The bytes so far, if there was room for all of them.
    pub(crate) fn written(&self) -> Option<&[u8]> {
        self.out.get(..self.len)
    }

    /// What is left of the buffer behind the bytes so far.
    pub(crate) fn rest(&mut self) -> &mut [u8] {
        self.out.get_mut(self.len..).unwrap_or_default()
    }

    /// Counts bytes that were put into [`rest`](Self::rest), or would have been.
    pub(crate) fn advance(&mut self, len: usize) {
        self.len = self.len.saturating_add(len);
    }

    /// Raw bytes: the caller answers for their being JSON.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        if let Some(place) = self.rest().get_mut(..bytes.len()) {
            for (to, from) in place.iter_mut().zip(bytes) {
                *to = *from;
            }
        }
        self.advance(bytes.len());
    }

    /// The content of a string, escaped no more than RFC 8259 section 7 demands.
    pub(crate) fn text(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Some((clean, [special, tail @ ..])) = rest.split_at_checked(plain_len(rest)) {
            self.raw(clean);
            if let Some(letter) = short_escape(*special) {
                self.raw(&[b'\\', letter]);
            } else {
                self.raw(b"\\u00");
                self.raw(&[hex(special >> 4), hex(special & 0xf)]);
            }
            rest = tail;
        }
        self.raw(rest);
    }

    /// A number.
    pub(crate) fn number(&mut self, value: u64) {
        let mut digits = [0; 20];
        let mut places = digits.iter_mut().rev();
        let mut put = |digit: u32| {
            if let Some(place) = places.next() {
                *place = b'0' | digit as u8;
            }
        };
        // By long division in 16-bit digits: a 64-bit division is a call that takes 800 bytes on a microcontroller.
        let mut rest = value;
        while rest > u64::from(u32::MAX) {
            let (mut quotient, mut digit) = (0, 0);
            for shift in [48, 32, 16, 0] {
                let part = digit << 16 | (rest >> shift) as u32 & 0xffff;
                quotient = quotient << 16 | u64::from(part / 10);
                digit = part % 10;
            }
            put(digit);
            rest = quotient;
        }
        let mut rest = rest as u32;
        loop {
            put(rest % 10);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let unused = places.len();
        self.raw(digits.get(unused..).unwrap_or_default());
    }
}

/// The number of digits of `value`.
pub(crate) const fn decimal_len(value: u64) -> usize {
    match value.checked_ilog10() {
        Some(log) => (log as usize).saturating_add(1),
        None => 1,
    }
}

/// The letter that a character is escaped by, if it has one.
fn short_escape(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x08 => Some(b'b'),
        b'\t' => Some(b't'),
        b'\n' => Some(b'n'),
        0x0c => Some(b'f'),
        b'\r' => Some(b'r'),
        _ => None,
    }
}

/// A lower-case hexadecimal digit. `nibble` < 16.
pub(crate) fn hex(nibble: u8) -> u8 {
    // Without a branch: the digits of an id are as good as random.
    nibble
        .wrapping_add(b'0')
        .wrapping_add(u8::from(nibble > 9).wrapping_mul(b'a' - b'9' - 1))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use super::{Writer, decimal_len};

    #[test]
    fn every_length_of_a_number() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        for value in powers
            .flat_map(|power| [power - 1, power, power + 1])
            .chain([u64::MAX])
        {
            let mut out = [0; 20];
            let mut writer = Writer::new(&mut out);
            writer.number(value);
            let len = writer.len();
            assert_eq!(&out[..len], value.to_string().as_bytes());
            assert_eq!(decimal_len(value), len);
        }
    }
}
