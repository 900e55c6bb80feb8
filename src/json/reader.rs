//! The strict reader: RFC 8259 to the letter, one pass, no recursion.

use super::ReadError;
use super::number::ceiling;
use super::string::{Quoting, Span};

/// How many arrays and objects may be open at once, the outermost object included.
pub const MAX_DEPTH: u32 = 128;

/// Reads one JSON object, member by member: [`next_name`](Self::next_name) to the first or next name, then exactly one
/// call for its value.
pub(crate) struct Reader<'t> {
    pub(super) text: &'t mut [u8],
    pub(super) at: usize,
    /// Whether strings are unescaped in place, or only checked.
    pub(super) normalise: bool,
    inside: bool,
}

// Positions grow by one a byte of a slice, whose length can't pass `isize::MAX`: `wrapping_add` never wraps here.
impl<'t> Reader<'t> {
    /// A reader that leaves `text` with every string unescaped.
    pub(crate) fn normalising(text: &'t mut [u8]) -> Self {
        Self {
            text,
            at: 0,
            normalise: true,
            inside: false,
        }
    }

    /// A reader that leaves `text` as it is.
    pub(crate) fn checking(text: &'t mut [u8]) -> Self {
        Self {
            text,
            at: 0,
            normalise: false,
            inside: false,
        }
    }

    /// The next member's name, or `None` after the last: then the text has been read to its end.
    pub(crate) fn next_name(&mut self) -> Result<Option<Span>, ReadError> {
        self.skip_space();
        if self.inside {
            match self.peek() {
                b',' => {
                    self.advance();
                    self.skip_space();
                }
                b'}' => return self.finish(),
                _ => return Err(self.syntax()),
            }
        } else {
            self.expect(b'{')?;
            self.skip_space();
            if self.peek() == b'}' {
                return self.finish();
            }
            self.inside = true;
        }
        self.name().map(Some)
    }

    /// The closing brace, and nothing after it.
    fn finish(&mut self) -> Result<Option<Span>, ReadError> {
        self.advance();
        self.skip_space();
        if self.at < self.text.len() {
            Err(self.syntax())
        } else {
            Ok(None)
        }
    }

    /// A name and its colon. What the escapes of a name stand for is what it is compared by.
    fn name(&mut self) -> Result<Span, ReadError> {
        let name = self.string(Quoting::Kept)?;
        self.skip_space();
        self.expect(b':')?;
        self.skip_space();
        Ok(name)
    }

    /// The first byte of the value at the cursor; 0 at the end of the text, which starts no value.
    pub(crate) fn peek(&self) -> u8 {
        self.byte(self.at)
    }

    /// The bytes of a span.
    pub(crate) fn get(&self, span: Span) -> &[u8] {
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// A string, fully unescaped.
    pub(crate) fn text_value(&mut self) -> Result<Span, ReadError> {
        if self.peek() == b'"' {
            self.string(Quoting::Removed)
        } else {
            Err(ReadError::Value)
        }
    }

    /// A boolean.
    pub(crate) fn bool_value(&mut self) -> Result<bool, ReadError> {
        match self.peek() {
            b't' => self.literal(b"true").map(|()| true),
            b'f' => self.literal(b"false").map(|()| false),
            _ => Err(ReadError::Value),
        }
    }

    /// A `NumericDate`, rounded up to a whole second.
    pub(crate) fn time_value(&mut self) -> Result<u64, ReadError> {
        let start = self.at;
        // Up to 19 digits fit in 64 bits; any other form takes the exact way.
        let mut value = 0_u64;
        while let digit @ b'0'..=b'9' = self.peek() {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit & 0xf));
            self.advance();
        }
        let digits = self.at.wrapping_sub(start);
        let plain = !matches!(self.peek(), b'.' | b'e' | b'E');
        if plain && (self.byte(start) != b'0' && matches!(digits, 1..=19)) {
            return Ok(value);
        }
        self.at = start;
        if !matches!(self.peek(), b'-' | b'0'..=b'9') {
            return Err(ReadError::Value);
        }
        self.number()?;
        self.text
            .get(start..self.at)
            .and_then(ceiling)
            .ok_or(ReadError::Value)
    }

    /// Any value, checked to its last byte. The open arrays and objects are bits of a number, not frames of the stack.
    pub(crate) fn skip_value(&mut self) -> Result<(), ReadError> {
        let mut open = Containers::default();
        loop {
            match self.peek() {
                b'{' => {
                    self.advance();
                    self.skip_space();
                    open.push(true)?;
                    if self.peek() != b'}' {
                        self.name()?;
                        continue;
                    }
                }
                b'[' => {
                    self.advance();
                    self.skip_space();
                    open.push(false)?;
                    if self.peek() != b']' {
                        continue;
                    }
                }
                b'"' => {
                    self.string(Quoting::Kept)?;
                }
                b't' => self.literal(b"true")?,
                b'f' => self.literal(b"false")?,
                b'n' => self.literal(b"null")?,
                _ => self.number()?,
            }
            // Behind a value, or at the closing bracket of an empty array or object.
            loop {
                let Some(object) = open.innermost() else {
                    return Ok(());
                };
                self.skip_space();
                match (self.peek(), object) {
                    (b',', _) => {
                        self.advance();
                        self.skip_space();
                        if object {
                            self.name()?;
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.advance();
                        open.pop();
                    }
                    _ => return Err(self.syntax()),
                }
            }
        }
    }

    /// `number = [ "-" ] int [ frac ] [ exp ]`, RFC 8259 section 6.
    fn number(&mut self) -> Result<(), ReadError> {
        if self.peek() == b'-' {
            self.advance();
        }
        if self.peek() == b'0' {
            self.advance();
        } else {
            self.digits()?;
        }
        if self.peek() == b'.' {
            self.advance();
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.advance();
            if matches!(self.peek(), b'+' | b'-') {
                self.advance();
            }
            self.digits()?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), ReadError> {
        if !self.peek().is_ascii_digit() {
            return Err(self.syntax());
        }
        while self.peek().is_ascii_digit() {
            self.advance();
        }
        Ok(())
    }

    fn literal(&mut self, literal: &[u8]) -> Result<(), ReadError> {
        literal.iter().try_for_each(|&byte| self.expect(byte))
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.peek() != byte {
            return Err(self.syntax());
        }
        self.advance();
        Ok(())
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.advance();
        }
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    pub(super) fn advance(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    pub(super) fn syntax(&self) -> ReadError {
        ReadError::Syntax { at: self.at }
    }
}

/// The arrays (0) and objects (1) that are open inside the outermost object, innermost last.
#[derive(Default)]
struct Containers {
    kinds: u128,
    count: u32,
}

impl Containers {
    fn push(&mut self, object: bool) -> Result<(), ReadError> {
        self.count = self.count.saturating_add(1);
        self.kinds = self.kinds << 1 | u128::from(object);
        if self.count < MAX_DEPTH {
            Ok(())
        } else {
            Err(ReadError::TooDeep)
        }
    }

    fn pop(&mut self) {
        self.count = self.count.saturating_sub(1);
        self.kinds >>= 1;
    }

    fn innermost(&self) -> Option<bool> {
        (self.count > 0).then_some(self.kinds & 1 == 1)
    }
}
