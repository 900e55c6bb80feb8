//! JSON, RFC 8259 to the letter: a strict reader that puts the text it reads into a plainer form in place, and a writer.

mod number;
mod reader;
mod string;
mod writer;

pub use reader::MAX_DEPTH;
pub(crate) use reader::Reader;
pub(crate) use string::{Span, StringArray};
pub(crate) use writer::{Writer, decimal_len, hex};

/// Why the reader stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// The text breaks the grammar at this byte.
    Syntax { at: usize },
    /// More than [`MAX_DEPTH`] arrays and objects are open.
    TooDeep,
    /// A value is of another kind than the one asked for, or a number is not a time that can be told.
    Value,
}
