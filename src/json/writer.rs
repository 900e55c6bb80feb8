//! The writer: it counts what it is given even where the buffer has ended, so that the size needed is always known.

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

    /// A string with its quotes, escaped no more than RFC 8259 section 7 demands.
    pub(crate) fn string(&mut self, text: &str) {
        self.raw(b"\"");
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|&byte| escape(byte) != Escape::None) {
            let Some((clean, [special, tail @ ..])) = rest.split_at_checked(at) else {
                return;
            };
            self.raw(clean);
            match escape(*special) {
                Escape::Short(letter) => self.raw(&[b'\\', letter]),
                _ => self.raw(&[
                    b'\\',
                    b'u',
                    b'0',
                    b'0',
                    hex(special >> 4),
                    hex(special & 0xf),
                ]),
            }
            rest = tail;
        }
        self.raw(rest);
        self.raw(b"\"");
    }

    /// A number.
    pub(crate) fn number(&mut self, value: u64) {
        let mut digits = [0; 20];
        let mut rest = value;
        let mut unused = digits.len();
        for digit in digits.iter_mut().rev() {
            // A 32-bit division is one instruction on most microcontrollers, a 64-bit one is a call.
            let last = if let Ok(small) = u32::try_from(rest) {
                rest = u64::from(small / 10);
                small % 10
            } else {
                let last = (rest % 10) as u32;
                rest /= 10;
                last
            };
            *digit = b'0' | last as u8;
            unused = unused.saturating_sub(1);
            if rest == 0 {
                break;
            }
        }
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

#[derive(PartialEq, Eq)]
enum Escape {
    None,
    Short(u8),
    Unicode,
}

fn escape(byte: u8) -> Escape {
    match byte {
        b'"' | b'\\' => Escape::Short(byte),
        0x08 => Escape::Short(b'b'),
        b'\t' => Escape::Short(b't'),
        b'\n' => Escape::Short(b'n'),
        0x0c => Escape::Short(b'f'),
        b'\r' => Escape::Short(b'r'),
        0..0x20 => Escape::Unicode,
        _ => Escape::None,
    }
}

/// A lower-case hexadecimal digit. `nibble` < 16.
pub(crate) fn hex(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' | nibble
    } else {
        nibble.wrapping_add(b'a' - 10)
    }
}
