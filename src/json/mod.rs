//! JSON, RFC 8259 to the letter: a strict reader that puts the text it reads into a plainer form in place, and a writer.

mod number;
mod reader;
mod string;
mod writer;

pub use reader::MAX_DEPTH;
pub(crate) use reader::Reader;
pub(crate) use string::{Span, StringArray};
pub(crate) use writer::{Writer, decimal_len, hex};

/// Why the reader stopped: one number, so that it is returned in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadError(u32);

impl ReadError {
    /// More than [`MAX_DEPTH`] arrays and objects are open.
    pub(crate) const TOO_DEEP: Self = Self(u32::MAX);
    /// A value is of another kind than the one asked for, or a number is not a time that can be told.
    pub(crate) const VALUE: Self = Self(u32::MAX - 1);

    /// The text breaks the grammar at this byte.
    fn syntax(at: usize) -> Self {
        Self(at as u32)
    }

    /// The byte at which the text breaks the grammar, where that is the reason.
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}
