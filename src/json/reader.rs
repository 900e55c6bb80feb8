//! The strict reader: RFC 8259 to the letter, one pass, no recursion.
//!
//! Every method takes a position in the text and gives the one behind what it has read: positions that live in registers
//! and not in the reader save a tenth of a verification. A position is at most a
//! few bytes past the text, which can't be longer than `isize::MAX`, so `wrapping_add` never wraps.
//!
//! What is wrong ends the text: the reader keeps the first error, and goes on from behind the last byte, where no rule
//! of the grammar finds what it needs. So only [`Reader::finish`] can fail, and what has been read counts only
//! after it: 1.2 kB less code on a Cortex-M4.
//!
//! What is called from several places is inlined on hosts and not on 32-bit targets, where flash counts: 400 bytes of it, for
//! 1 % of a verification's time on either.

use super::ReadError;
use super::string::{Quoting, Span};

/// How many arrays and objects may be open at once, the outermost object included.
pub const MAX_DEPTH: u32 = 128;

/// Reads one JSON object.
pub(crate) struct Reader<'t> {
    pub(super) text: &'t mut [u8],
    /// Whether strings are unescaped in place, or only checked.
    pub(super) normalise: bool,
    error: Option<ReadError>,
}

impl<'t> Reader<'t> {
    /// A reader that leaves `text` with every string unescaped.
    pub(crate) fn normalising(text: &'t mut [u8]) -> Self {
        Self {
            text,
            normalise: true,
            error: None,
        }
    }

    /// A reader that leaves `text` as it is.
    pub(crate) fn checking(text: &'t mut [u8]) -> Self {
        Self {
            text,
            normalise: false,
            error: None,
        }
    }

    /// The first thing that was wrong with what has been read.
    pub(crate) fn finish(self) -> Result<(), ReadError> {
        self.error.map_or(Ok(()), Err)
    }

    /// Keeps an error, and ends the text.
    #[cold]
    #[inline(never)]
    pub(super) fn fail(&mut self, error: ReadError) -> usize {
        self.error.get_or_insert(error);
        self.text.len()
    }

    #[cold]
    #[inline(never)]
    pub(super) fn fail_at(&mut self, at: usize) -> usize {
        self.fail(ReadError::Syntax { at })
    }

    /// Where the first name is in the object that is the whole text. `None`: it has no members.
    pub(crate) fn first_name(&mut self) -> Option<usize> {
        let brace = self.expect(0, b'{');
        let at = self.skip_space(brace);
        if self.byte(at) == b'}' {
            self.end(at)
        } else {
            Some(at)
        }
    }

    /// Where the next name is, from behind a value. `None`: there is none, and the text ends here.
    #[inline]
    pub(crate) fn next_name(&mut self, at: usize) -> Option<usize> {
        let at = self.skip_space(at);
        if self.byte(at) == b',' {
            Some(self.skip_space(at.wrapping_add(1)))
        } else {
            self.end(at)
        }
    }

    /// The closing brace, behind which only white space is left.
    fn end(&mut self, brace: usize) -> Option<usize> {
        let behind = self.expect(brace, b'}');
        let end = self.skip_space(behind);
        if end < self.text.len() {
            self.fail_at(end);
        }
        None
    }

    /// A name and its colon: the name, as what its escapes stand for, and where the value starts.
    #[allow(clippy::inline_always)] // 2 % of a verification; `skip_name` is where it is not worth that.
    #[cfg_attr(not(target_pointer_width = "32"), inline(always))]
    pub(crate) fn name(&mut self, at: usize) -> (Span, usize) {
        // Three letters, as in most registered names: where their end is need not be found first, which saves 2 %.
        let head = self.text.get(at..).and_then(|rest| rest.first_chunk());
        if let Some(&[b'"', a, b, c, b'"', b':']) = head
            && [a, b, c].iter().all(u8::is_ascii_lowercase)
        {
            let name = Span::new(at.wrapping_add(1), at.wrapping_add(4));
            return (name, self.skip_space(at.wrapping_add(6)));
        }
        let start = self.expect(at, b'"');
        let name = self.string(start, Quoting::Kept);
        let value = self.expect(name.end().wrapping_add(1), b':');
        (name, self.skip_space(value))
    }

    /// The name of a member that is passed over.
    #[inline(never)]
    fn skip_name(&mut self, at: usize) -> usize {
        self.name(at).1
    }

    /// The bytes of a span.
    #[inline]
    pub(crate) fn get(&self, span: Span) -> &[u8] {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// A string, fully unescaped. It ends before its closing quote.
    #[inline]
    pub(crate) fn text_value(&mut self, at: usize) -> Span {
        if self.byte(at) == b'"' {
            self.string(at.wrapping_add(1), Quoting::Removed)
        } else {
            let end = self.fail(ReadError::Value);
            Span::new(end, end)
        }
    }

    /// A boolean.
    pub(crate) fn bool_value(&mut self, at: usize) -> (bool, usize) {
        match self.byte(at) {
            b't' => (true, self.literal(at, b"true")),
            b'f' => (false, self.literal(at, b"false")),
            _ => (false, self.fail(ReadError::Value)),
        }
    }

    #[inline(never)]
    fn skip_string(&mut self, at: usize) -> usize {
        let value = self.string(at.wrapping_add(1), Quoting::Kept);
        value.end().wrapping_add(1)
    }

    /// Any value, checked to its last byte.
    #[inline]
    pub(crate) fn skip_value(&mut self, at: usize) -> usize {
        match self.byte(at) {
            b'"' => self.skip_string(at),
            _ => self.skip_other(at),
        }
    }

    /// Any value. The open arrays and objects are bits of a number, not frames of the stack.
    #[inline(never)]
    fn skip_other(&mut self, mut at: usize) -> usize {
        let mut open = Containers::default();
        loop {
            at = match self.byte(at) {
                b'"' => self.skip_string(at),
                bracket @ (b'{' | b'[') => {
                    let object = bracket == b'{';
                    if !open.push(object) {
                        return self.fail(ReadError::TooDeep);
                    }
                    at = self.skip_space(at.wrapping_add(1));
                    match (self.byte(at), object) {
                        (b'}', true) | (b']', false) => at,
                        (_, true) => {
                            at = self.skip_name(at);
                            continue;
                        }
                        (_, false) => continue,
                    }
                }
                b't' => self.literal(at, b"true"),
                b'f' => self.literal(at, b"false"),
                b'n' => self.literal(at, b"null"),
                _ => self.number(at),
            };
            // Behind a value, or at the closing bracket of an empty array or object.
            while let Some(object) = open.innermost() {
                at = self.skip_space(at);
                match (self.byte(at), object) {
                    (b',', _) => {
                        at = self.skip_space(at.wrapping_add(1));
                        if object {
                            at = self.skip_name(at);
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        at = at.wrapping_add(1);
                        open.pop();
                    }
                    _ => return self.fail_at(at),
                }
            }
            if open.innermost().is_none() {
                return at;
            }
        }
    }

    fn literal(&mut self, at: usize, literal: &[u8]) -> usize {
        if self
            .text
            .get(at..)
            .is_some_and(|rest| rest.starts_with(literal))
        {
            at.wrapping_add(literal.len())
        } else {
            self.fail_at(at)
        }
    }

    /// Behind a byte that white space may precede.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    #[cfg_attr(not(target_pointer_width = "32"), inline)]
    fn expect(&mut self, at: usize, wanted: u8) -> usize {
        let at = if self.byte(at) == wanted {
            at
        } else {
            self.space_end(at)
        };
        if self.byte(at) == wanted {
            at.wrapping_add(1)
        } else {
            self.fail_at(at)
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

/// The arrays (0) and objects (1) that are open inside the outermost object, innermost last.
#[derive(Default)]
struct Containers {
    kinds: u128,
    count: u32,
}

impl Containers {
    /// Whether one more may be open.
    fn push(&mut self, object: bool) -> bool {
        self.count = self.count.saturating_add(1);
        self.kinds = self.kinds << 1 | u128::from(object);
        self.count < MAX_DEPTH
    }

    fn pop(&mut self) {
        self.count = self.count.saturating_sub(1);
        self.kinds >>= 1;
    }

    fn innermost(&self) -> Option<bool> {
        (self.count > 0).then_some(self.kinds & 1 == 1)
    }
}
