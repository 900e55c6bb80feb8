//! Strings: found a word at a time, checked, and unescaped where they stand.
//!
//! An unescaped string is never longer than its escaped form, so it is written over it, its closing quote follows, and
//! spaces fill the rest. What is not a registered claim keeps the two escapes that mark the end of a string for the
//! next reader, `\"` and `\\`.

use super::{ReadError, Reader};

/// A stretch of the text: offsets, because the text is still being written to while they are collected.
///
/// 16 bits hold every offset: a token is at most [`crate::MAX_TOKEN_LEN`] characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Result<Self, ReadError> {
        match (u16::try_from(start), u16::try_from(end)) {
            (Ok(start), Ok(end)) => Ok(Self { start, end }),
            _ => Err(ReadError::Syntax { at: start }),
        }
    }

    pub(crate) fn start(self) -> usize {
        usize::from(self.start)
    }

    pub(crate) fn end(self) -> usize {
        usize::from(self.end)
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

/// The position in memory order of the first byte of a little-endian `word` that is a quote, a backslash or a control
/// character, if there is one. (Each of the three tests may also flag a byte that follows a true one, never one before.)
fn first_special(word: usize) -> Option<usize> {
    let zero = |w: usize| w.wrapping_sub(repeat(0x01)) & !w;
    let quote = zero(word ^ repeat(b'"'));
    let backslash = zero(word ^ repeat(b'\\'));
    let control = word.wrapping_sub(repeat(0x20)) & !word;
    match (quote | backslash | control) & repeat(0x80) {
        0 => None,
        flags => Some((flags.trailing_zeros() / 8) as usize),
    }
}

impl Reader<'_> {
    /// A string, from its opening quote at the cursor to behind its closing one.
    pub(super) fn string(&mut self, quoting: Quoting) -> Result<Span, ReadError> {
        if self.peek() != b'"' {
            return Err(self.syntax());
        }
        let start = self.at.wrapping_add(1);
        let mut end = start;
        while let Some(word) = self.text.get(end..).and_then(|rest| rest.first_chunk()) {
            match first_special(usize::from_le_bytes(*word)) {
                None => end = end.wrapping_add(WORD),
                Some(offset) => {
                    end = end.wrapping_add(offset);
                    break;
                }
            }
        }
        while self.byte(end) >= b' ' && self.byte(end) != b'"' && self.byte(end) != b'\\' {
            end = end.wrapping_add(1);
        }
        self.at = end;
        match self.peek() {
            b'"' => {
                self.advance();
                Span::new(start, end)
            }
            b'\\' => self.unescape(start, quoting),
            _ => Err(self.syntax()),
        }
    }

    /// The rest of a string, from its first escape at the cursor.
    #[cold]
    fn unescape(&mut self, start: usize, quoting: Quoting) -> Result<Span, ReadError> {
        let mut end = self.at;
        loop {
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    let character = self.escape()?;
                    if quoting == Quoting::Kept && matches!(character, '"' | '\\') {
                        self.put(&mut end, b'\\');
                    }
                    self.put_character(&mut end, character);
                }
                byte if byte >= b' ' => {
                    self.put(&mut end, byte);
                    self.advance();
                }
                _ => return Err(self.syntax()),
            }
        }
        self.advance();
        if !self.normalise {
            return Span::new(start, self.at.wrapping_sub(1));
        }
        let mut fill = end;
        self.put(&mut fill, b'"');
        self.blank(fill);
        Span::new(start, end)
    }

    /// The character that an escape stands for: RFC 8259 section 7. Half a surrogate pair stands for none.
    fn escape(&mut self) -> Result<char, ReadError> {
        self.advance();
        let byte = self.peek();
        self.advance();
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut unit = self.hex4()?;
                if let 0xd800..=0xdbff = unit {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    let low = self.hex4()?;
                    if !matches!(low, 0xdc00..=0xdfff) {
                        return Err(self.syntax());
                    }
                    unit = 0x1_0000 | (unit & 0x3ff) << 10 | low & 0x3ff;
                }
                char::from_u32(unit).ok_or_else(|| self.syntax())?
            }
            _ => return Err(self.syntax()),
        })
    }

    fn hex4(&mut self) -> Result<u32, ReadError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek())
                .to_digit(16)
                .ok_or_else(|| self.syntax())?;
            unit = unit << 4 | digit;
            self.advance();
        }
        Ok(unit)
    }

    /// Writes `byte` at `end`, which never passes the cursor, and moves `end` on.
    fn put(&mut self, end: &mut usize, byte: u8) {
        if self.normalise
            && let Some(place) = self.text.get_mut(*end)
        {
            *place = byte;
        }
        *end = end.wrapping_add(1);
    }

    /// Writes a character as UTF-8 (RFC 3629 section 3).
    fn put_character(&mut self, end: &mut usize, character: char) {
        let point = u32::from(character);
        let tail = |shift: u32| (point >> shift) as u8 & 0x3f | 0x80;
        match point {
            0..0x80 => self.put(end, point as u8),
            0x80..0x800 => {
                self.put(end, (point >> 6) as u8 | 0xc0);
                self.put(end, tail(0));
            }
            0x800..0x1_0000 => {
                self.put(end, (point >> 12) as u8 | 0xe0);
                self.put(end, tail(6));
                self.put(end, tail(0));
            }
            _ => {
                self.put(end, (point >> 18) as u8 | 0xf0);
                self.put(end, tail(12));
                self.put(end, tail(6));
                self.put(end, tail(0));
            }
        }
    }

    /// Fills what is left before the cursor with spaces.
    fn blank(&mut self, from: usize) {
        for place in self.text.get_mut(from..self.at).unwrap_or_default() {
            *place = b' ';
        }
    }

    /// An array of strings, repacked where it stands into what [`StringArray`] reads.
    #[cold]
    pub(crate) fn string_array(&mut self) -> Result<Span, ReadError> {
        let start = self.at;
        let mut end = start;
        self.advance();
        self.skip_space();
        if self.peek() == b']' {
            self.advance();
        } else {
            loop {
                if self.peek() != b'"' {
                    return Err(ReadError::Value);
                }
                let element = self.string(Quoting::Removed)?;
                self.pack(&mut end, element);
                self.skip_space();
                let byte = self.peek();
                self.advance();
                match byte {
                    b',' => self.skip_space(),
                    b']' => break,
                    _ => return Err(self.syntax()),
                }
            }
        }
        self.blank(end);
        Span::new(start, end)
    }

    /// Moves an element to `end` behind its length. Its quotes and the comma or bracket before it made room for that.
    fn pack(&mut self, end: &mut usize, element: Span) {
        let len = element.end().wrapping_sub(element.start());
        self.put(end, (len >> 7) as u8 & 0x7f);
        self.put(end, len as u8 & 0x7f);
        for from in element.start()..element.end() {
            self.put(end, self.byte(from));
        }
    }
}

/// The elements of an array of strings that the reader has repacked: each is two 7-bit bytes of length, then the value.
#[derive(Clone)]
pub(crate) struct StringArray<'t>(pub(crate) &'t str);

impl<'t> Iterator for StringArray<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let &[high, low, ..] = self.0.as_bytes() else {
            return None;
        };
        let (element, rest) = self
            .0
            .get(2..)?
            .split_at_checked(usize::from(high) << 7 | usize::from(low))?;
        self.0 = rest;
        Some(element)
    }
}
