//! Strings: found a word at a time, checked, and unescaped where they stand.
//!
//! An unescaped string is never longer than its escaped form, so it is written over it, its closing quote follows, and
//! spaces fill the rest. What is not a registered claim keeps the two escapes that mark the end of a string for the
//! next reader, `\"` and `\\`.

use core::ops::Range;

use super::Reader;

/// A stretch of the text: offsets, because the text is still being written to while they are collected.
///
/// 16 bits hold every offset: a token is at most [`crate::MAX_TOKEN_LEN`] characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span(u32);

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self((start as u32) << 16 | u32::from(end as u16))
    }

    pub(crate) fn start(self) -> usize {
        (self.0 >> 16) as usize
    }

    pub(crate) fn end(self) -> usize {
        usize::from(self.0 as u16)
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

/// What becomes of the escapes `\"` and `\\`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// They stay, so that the text remains JSON.
    Kept,
    /// They go: the span is the string's own value.
    Removed,
}

const WORD: usize = size_of::<usize>();

/// A word whose every byte is `byte`.
const fn repeat(byte: u8) -> usize {
    usize::from_ne_bytes([byte; WORD])
}

/// The position of the first byte of a little-endian word that is a quote, a backslash or a control character.
///
/// A byte of `x` that is below `n` borrows from its top bit in `x - n`. A borrow may set a false flag, but only above a
/// true one: the lowest flag is always right. Flipping bit 1 swaps the quote (0x22) and the space (0x20), and leaves the
/// control characters among themselves: all below 0x21 then. UTF-8's bytes of 128 and more are left out by `!word`.
#[inline]
fn first_special(word: usize) -> Option<usize> {
    let quote_or_control = (word ^ repeat(0x02)).wrapping_sub(repeat(0x21));
    let backslash = (word ^ repeat(b'\\')).wrapping_sub(repeat(1));
    let flags = (quote_or_control | backslash) & !word & repeat(0x80);
    (flags != 0).then_some((flags.trailing_zeros() / 8) as usize)
}

/// How many bytes at the start of `text` stand for themselves in a string: none of the above.
#[inline]
pub(super) fn plain_len(text: &[u8]) -> usize {
    // Most names and many values end in the first word: that much is worth having inline.
    match text.split_first_chunk() {
        Some((word, rest)) => match first_special(usize::from_le_bytes(*word)) {
            Some(len) => len,
            None => plain_len_of_rest(rest).wrapping_add(WORD),
        },
        None => plain_len_of_rest(text),
    }
}

#[inline(never)]
fn plain_len_of_rest(text: &[u8]) -> usize {
    let (words, tail) = text.as_chunks();
    let mut len = 0_usize;
    for word in words {
        if let Some(offset) = first_special(usize::from_le_bytes(*word)) {
            return len.wrapping_add(offset);
        }
        len = len.wrapping_add(WORD);
    }
    let special = |byte: &u8| matches!(byte, 0..b' ' | b'"' | b'\\');
    len.wrapping_add(tail.iter().position(special).unwrap_or(tail.len()))
}

impl Reader<'_> {
    /// A string, from behind its opening quote. Its closing quote is where it ends: unescaping leaves it there.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    #[cfg_attr(not(target_pointer_width = "32"), inline)]
    pub(super) fn string(&mut self, start: usize, quoting: Quoting) -> Span {
        let end = start.wrapping_add(plain_len(self.text.get(start..).unwrap_or_default()));
        match self.byte(end) {
            b'"' => Span::new(start, end),
            b'\\' => self.unescape(start, end, quoting),
            _ => self.no_string(end),
        }
    }

    #[cold]
    fn no_string(&mut self, at: usize) -> Span {
        let end = self.fail_at(at);
        Span::new(end, end)
    }

    /// The rest of a string, from its first escape.
    #[cold]
    fn unescape(&mut self, start: usize, escape: usize, quoting: Quoting) -> Span {
        let mut at = escape;
        let mut end = escape;
        loop {
            match self.byte(at) {
                b'"' => break,
                b'\\' => {
                    let Some((character, behind)) = self.escape(at) else {
                        return self.no_string(at);
                    };
                    at = behind;
                    if quoting == Quoting::Kept && matches!(character, '"' | '\\') {
                        self.put(&mut end, b'\\');
                    }
                    for &byte in character.encode_utf8(&mut [0; 4]).as_bytes() {
                        self.put(&mut end, byte);
                    }
                }
                byte if byte >= b' ' => {
                    self.put(&mut end, byte);
                    at = at.wrapping_add(1);
                }
                _ => return self.no_string(at),
            }
        }
        if !self.normalise {
            return Span::new(start, at);
        }
        let mut quote = end;
        self.put(&mut quote, b'"');
        self.blank(quote, at.wrapping_add(1));
        Span::new(start, end)
    }

    /// The character that an escape stands for: RFC 8259 section 7. Half a surrogate pair stands for none.
    fn escape(&self, at: usize) -> Option<(char, usize)> {
        let kind = self.byte(at.wrapping_add(1));
        let mut behind = at.wrapping_add(2);
        let character = match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut unit = self.hex4(behind)?;
                behind = behind.wrapping_add(4);
                if let 0xd800..=0xdbff = unit {
                    let low = match (self.byte(behind), self.byte(behind.wrapping_add(1))) {
                        (b'\\', b'u') => self.hex4(behind.wrapping_add(2))?,
                        _ => return None,
                    };
                    if !matches!(low, 0xdc00..=0xdfff) {
                        return None;
                    }
                    behind = behind.wrapping_add(6);
                    unit = 0x1_0000_u32.wrapping_add((unit & 0x3ff) << 10 | low & 0x3ff);
                }
                char::from_u32(unit)?
            }
            _ => return None,
        };
        Some((character, behind))
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        (at..at.wrapping_add(4)).try_fold(0, |unit, at| {
            let digit = char::from(self.byte(at)).to_digit(16)?;
            Some(unit << 4 | digit)
        })
    }

    /// Writes `byte` at `end`, which never passes what has been read, and moves `end` on.
    fn put(&mut self, end: &mut usize, byte: u8) {
        if self.normalise
            && let Some(place) = self.text.get_mut(*end)
        {
            *place = byte;
        }
        *end = end.wrapping_add(1);
    }

    /// Fills what is left with spaces.
    fn blank(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            self.put(&mut at, b' ');
        }
    }

    /// An array of strings, made into what [`StringArray`] reads where it stands.
    #[cold]
    pub(crate) fn string_array(&mut self, start: usize) -> Span {
        let mut end = start;
        let mut at = self.skip_space(start.wrapping_add(1));
        if self.byte(at) != b']' {
            loop {
                let element = self.text_value(at);
                let mut header = at.wrapping_sub(1);
                self.blank(end, header);
                for byte in length_header(element.end().wrapping_sub(element.start())) {
                    self.put(&mut header, byte);
                }
                end = element.end();
                at = self.skip_space(end.wrapping_add(1));
                match self.byte(at) {
                    b',' => at = self.skip_space(at.wrapping_add(1)),
                    b']' => break,
                    _ => return self.no_string(at),
                }
            }
        }
        self.blank(end, at.wrapping_add(1));
        Span::new(start, end)
    }
}

/// The two bytes before an element: its length in groups of seven bits, the first of which steps over the value of a space.
/// They replace its opening quote and what stood before that, the bracket, the comma, or a space.
fn length_header(len: usize) -> [u8; 2] {
    let high = len >> 7;
    let step = usize::from(high >= usize::from(b' '));
    [high.wrapping_add(step) as u8, len as u8 & 0x7f]
}

/// The elements of an array of strings that the reader has passed: spaces, two bytes of length, and the value, again and
/// again.
#[derive(Clone)]
pub(crate) struct StringArray<'t>(pub(crate) &'t str);

impl<'t> Iterator for StringArray<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.0.trim_start_matches(' ');
        let &[high, low, ..] = text.as_bytes() else {
            return None;
        };
        let high = usize::from(high).wrapping_sub(usize::from(high > b' '));
        let len = high << 7 | usize::from(low);
        let (element, rest) = text.get(2..)?.split_at_checked(len)?;
        self.0 = rest;
        Some(element)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
mod tests {
    use super::{WORD, first_special};

    #[test]
    fn the_first_special_byte_of_a_word() {
        let special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        // Every pair of neighbours at every place, between bytes that are plain but as near as can be to a borrow.
        // Miri would take an hour for all of them.
        let step = if cfg!(miri) { 51 } else { 1 };
        for first in (0..=u8::MAX).step_by(step) {
            for second in (0..=u8::MAX).step_by(step) {
                for place in 0..WORD - 1 {
                    let mut word = [b'!'; WORD];
                    word[place] = first;
                    word[place + 1] = second;
                    let expected = word.iter().position(|&byte| special(byte));
                    assert_eq!(
                        first_special(usize::from_le_bytes(word)),
                        expected,
                        "{word:x?}"
                    );
                }
            }
        }
    }
}
