//! The strict reader: RFC 8259 to the letter, one pass, no recursion.
//!
//! Every method takes a position in the text and gives the one behind what it has read: positions that live in registers
//! and not in the reader save a tenth of a verification. They grow by one a byte of a slice, whose length can't pass
//! `isize::MAX`, so `wrapping_add` never wraps.

use super::ReadError;
use super::number::ceiling;
use super::string::{Quoting, Span};

/// How many arrays and objects may be open at once, the outermost object included.
pub const MAX_DEPTH: u32 = 128;

/// Reads one JSON object.
pub(crate) struct Reader<'t> {
    pub(super) text: &'t mut [u8],
    /// Whether strings are unescaped in place, or only checked.
    pub(super) normalise: bool,
}

impl<'t> Reader<'t> {
    /// A reader that leaves `text` with every string unescaped.
    pub(crate) fn normalising(text: &'t mut [u8]) -> Self {
        Self {
            text,
            normalise: true,
        }
    }

    /// A reader that leaves `text` as it is.
    pub(crate) fn checking(text: &'t mut [u8]) -> Self {
        Self {
            text,
            normalise: false,
        }
    }

    /// Reads the whole text: an object, whose members `member` is called for. It gets the name, as what its escapes stand
    /// for, and where the value starts, and tells where that ends.
    pub(crate) fn object<E>(
        &mut self,
        error: impl Fn(ReadError) -> E,
        mut member: impl FnMut(&mut Self, Span, usize) -> Result<usize, E>,
    ) -> Result<(), E> {
        let mut at = self.skip_space(self.expect(0, b'{').map_err(&error)?);
        if self.byte(at) != b'}' {
            loop {
                let (name, value) = self.name(at).map_err(&error)?;
                at = member(self, name, value)?;
                at = self.skip_space(at);
                match self.byte(at) {
                    b',' => at = at.wrapping_add(1),
                    b'}' => break,
                    _ => return Err(error(ReadError::syntax(at))),
                }
            }
        }
        at = self.skip_space(at.wrapping_add(1));
        if at < self.text.len() {
            Err(error(ReadError::syntax(at)))
        } else {
            Ok(())
        }
    }

    /// A name and its colon: the name, and where the value starts.
    #[allow(clippy::inline_always)] // 5 % of a verification; `skip_name` is where it is not worth that.
    #[inline(always)]
    fn name(&mut self, at: usize) -> Result<(Span, usize), ReadError> {
        // Three letters, as in most registered names: where their end is need not be found first, which saves 2 %.
        let head = self.text.get(at..).and_then(|rest| rest.first_chunk());
        if let Some(&[b'"', a, b, c, b'"', b':']) = head
            && [a, b, c].iter().all(u8::is_ascii_lowercase)
        {
            let name = Span::new(at.wrapping_add(1), at.wrapping_add(4))?;
            return Ok((name, self.skip_space(at.wrapping_add(6))));
        }
        let start = self.expect(at, b'"')?;
        let name = self.string(start, Quoting::Kept)?;
        let value = self.expect(name.end().wrapping_add(1), b':')?;
        Ok((name, self.skip_space(value)))
    }

    /// The name of a member that is passed over.
    #[inline(never)]
    fn skip_name(&mut self, at: usize) -> Result<usize, ReadError> {
        self.name(at).map(|(_, value)| value)
    }

    /// The bytes of a span.
    #[inline]
    pub(crate) fn get(&self, span: Span) -> &[u8] {
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// A string, fully unescaped. It ends before its closing quote.
    #[inline]
    pub(crate) fn text_value(&mut self, at: usize) -> Result<Span, ReadError> {
        if self.byte(at) == b'"' {
            self.string(at.wrapping_add(1), Quoting::Removed)
        } else {
            Err(ReadError::VALUE)
        }
    }

    /// A boolean.
    pub(crate) fn bool_value(&mut self, at: usize) -> Result<(bool, usize), ReadError> {
        match self.byte(at) {
            b't' => Ok((true, self.literal(at, b"true")?)),
            b'f' => Ok((false, self.literal(at, b"false")?)),
            _ => Err(ReadError::VALUE),
        }
    }

    /// A `NumericDate`, rounded up to a whole second.
    #[inline]
    pub(crate) fn time_value(&mut self, at: usize) -> Result<(u64, usize), ReadError> {
        let mut value = 0_u64;
        let mut end = at;
        while let Some(digits) = self
            .text
            .get(end..)
            .and_then(|rest| four_digits(*rest.first_chunk()?))
        {
            value = value.wrapping_mul(10_000).wrapping_add(u64::from(digits));
            end = end.wrapping_add(4);
        }
        while let digit @ b'0'..=b'9' = self.byte(end) {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit & 0xf));
            end = end.wrapping_add(1);
        }
        let digits = end.wrapping_sub(at);
        // Up to 19 digits fit in 64 bits; every other form takes the exact way.
        let plain = !matches!(self.byte(end), b'.' | b'e' | b'E');
        if plain && matches!(digits, 1..=19) && self.byte(at) != b'0' {
            return Ok((value, end));
        }
        self.exact_time(at)
    }

    #[cold]
    fn exact_time(&mut self, at: usize) -> Result<(u64, usize), ReadError> {
        if !matches!(self.byte(at), b'-' | b'0'..=b'9') {
            return Err(ReadError::VALUE);
        }
        let end = self.number(at)?;
        let value = self
            .text
            .get(at..end)
            .and_then(ceiling)
            .ok_or(ReadError::VALUE)?;
        Ok((value, end))
    }

    #[inline(never)]
    fn skip_string(&mut self, at: usize) -> Result<usize, ReadError> {
        let value = self.string(at.wrapping_add(1), Quoting::Kept)?;
        Ok(value.end().wrapping_add(1))
    }

    /// Any value, checked to its last byte.
    #[inline]
    pub(crate) fn skip_value(&mut self, at: usize) -> Result<usize, ReadError> {
        match self.byte(at) {
            b'"' => self.skip_string(at),
            _ => self.skip_other(at),
        }
    }

    /// Any value. The open arrays and objects are bits of a number, not frames of the stack.
    #[inline(never)]
    fn skip_other(&mut self, mut at: usize) -> Result<usize, ReadError> {
        let mut open = Containers::default();
        loop {
            at = match self.byte(at) {
                b'"' => self.skip_string(at)?,
                bracket @ (b'{' | b'[') => {
                    let object = bracket == b'{';
                    open.push(object)?;
                    at = self.skip_space(at.wrapping_add(1));
                    match (self.byte(at), object) {
                        (b'}', true) | (b']', false) => at,
                        (_, true) => {
                            at = self.skip_name(at)?;
                            continue;
                        }
                        (_, false) => continue,
                    }
                }
                b't' => self.literal(at, b"true")?,
                b'f' => self.literal(at, b"false")?,
                b'n' => self.literal(at, b"null")?,
                _ => self.number(at)?,
            };
            // Behind a value, or at the closing bracket of an empty array or object.
            while let Some(object) = open.innermost() {
                at = self.skip_space(at);
                match (self.byte(at), object) {
                    (b',', _) => {
                        at = self.skip_space(at.wrapping_add(1));
                        if object {
                            at = self.skip_name(at)?;
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        at = at.wrapping_add(1);
                        open.pop();
                    }
                    _ => return Err(ReadError::syntax(at)),
                }
            }
            if open.innermost().is_none() {
                return Ok(at);
            }
        }
    }

    /// `number = [ "-" ] int [ frac ] [ exp ]`, RFC 8259 section 6.
    fn number(&self, mut at: usize) -> Result<usize, ReadError> {
        if self.byte(at) == b'-' {
            at = at.wrapping_add(1);
        }
        at = if self.byte(at) == b'0' {
            at.wrapping_add(1)
        } else {
            self.digits(at)?
        };
        if self.byte(at) == b'.' {
            at = self.digits(at.wrapping_add(1))?;
        }
        if matches!(self.byte(at), b'e' | b'E') {
            at = at.wrapping_add(1);
            if matches!(self.byte(at), b'+' | b'-') {
                at = at.wrapping_add(1);
            }
            at = self.digits(at)?;
        }
        Ok(at)
    }

    /// One digit or more.
    fn digits(&self, at: usize) -> Result<usize, ReadError> {
        let mut end = at;
        while self.byte(end).is_ascii_digit() {
            end = end.wrapping_add(1);
        }
        if end == at {
            Err(ReadError::syntax(at))
        } else {
            Ok(end)
        }
    }

    fn literal(&self, at: usize, literal: &[u8]) -> Result<usize, ReadError> {
        if self
            .text
            .get(at..)
            .is_some_and(|rest| rest.starts_with(literal))
        {
            Ok(at.wrapping_add(literal.len()))
        } else {
            Err(ReadError::syntax(at))
        }
    }

    /// Behind a byte that white space may precede.
    #[inline]
    fn expect(&self, at: usize, wanted: u8) -> Result<usize, ReadError> {
        let at = if self.byte(at) == wanted {
            at
        } else {
            self.space_end(at)
        };
        if self.byte(at) == wanted {
            Ok(at.wrapping_add(1))
        } else {
            Err(ReadError::syntax(at))
        }
    }

    /// The next position whose byte is not white space.
    #[inline]
    pub(super) fn skip_space(&self, at: usize) -> usize {
        if self.byte(at) > b' ' {
            at
        } else {
            self.space_end(at)
        }
    }

    #[cold]
    #[inline(never)]
    fn space_end(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t' | b'\n' | b'\r') {
            at = at.wrapping_add(1);
        }
        at
    }

    /// The byte at a position; 0 behind the end of the text, which no rule of the grammar allows for.
    #[inline]
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }
}

/// The number that four digits make, if they are digits: two and two, then all four in one multiplication each.
#[inline]
fn four_digits(text: [u8; 4]) -> Option<u32> {
    let word = u32::from_le_bytes(text);
    // A digit has the upper half 3, and still has it when 6 is added.
    let upper = |word: u32| word & 0xf0f0_f0f0;
    if upper(word) != 0x3030_3030 || upper(word.wrapping_add(0x0606_0606)) != 0x3030_3030 {
        return None;
    }
    let pairs = (word & 0x0f0f_0f0f).wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff;
    Some(pairs.wrapping_mul(100 << 16 | 1) >> 16)
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
            Err(ReadError::TOO_DEEP)
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
