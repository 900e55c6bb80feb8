//! The rules that refuse, as numbers that do not change.
//!
//! | number | rule | `values` |
//! |---|---|---|
//! | 1 | the lengths or the texts in the exchange can't be what the host meant | |
//! | 2 | [`KeyError::TooShort`] | `len` |
//! | 3 | the token's id is none of the texts that [`jotlet::TokenId::parse`] takes | |
//! | 4 | [`VerifyError::TooLong`], `IssueError::TooLong` | `len`, `max` |
//! | 5 to 29 | the other variants of [`VerifyError`], in the order of [`of_verify`] | those of the variant; a claim by its number in the order of [`jotlet::RegisteredClaim`] |
//! | 99 | a rule that has no number yet | |

use jotlet::{KeyError, RegisteredClaim, Timestamp, VerifyError};

/// A rule that refused, and its values.
pub struct Refusal {
    /// The rule's number.
    pub rule: u32,
    /// Its values; 0 where it has none.
    pub values: [f64; 2],
}

const fn rule(rule: u32) -> Refusal {
    with(rule, 0.0, 0.0)
}

const fn with(rule: u32, a: f64, b: f64) -> Refusal {
    Refusal {
        rule,
        values: [a, b],
    }
}

impl Refusal {
    pub(crate) const INPUT: Self = rule(1);
    #[cfg(feature = "issue")]
    pub(crate) const MALFORMED_ID: Self = rule(3);
    pub(crate) const OTHER: Self = rule(99);
}

/// A time as the host gets it.
#[allow(clippy::cast_precision_loss)] // From the year 285,428,751 on.
pub(crate) fn seconds(time: Timestamp) -> f64 {
    time.as_secs() as f64
}

#[allow(clippy::cast_precision_loss)] // 32 bits fit.
fn count(number: usize) -> f64 {
    number as f64
}

fn claim(rule: u32, claim: RegisteredClaim) -> Refusal {
    with(rule, f64::from(claim as u8), 0.0)
}

pub(crate) fn of_key(error: KeyError) -> Refusal {
    match error {
        KeyError::TooShort { len } => with(2, count(len), 0.0),
        _ => Refusal::OTHER,
    }
}

pub(crate) fn too_long(len: usize, max: usize) -> Refusal {
    with(4, count(len), count(max))
}

/// The numbers of the rules of a verification.
pub(crate) fn of_verify(error: VerifyError) -> Refusal {
    match error {
        VerifyError::TooLong { len, max } => too_long(len, max),
        VerifyError::NotThreeSegments => rule(5),
        VerifyError::SignatureEncoding => rule(6),
        VerifyError::WrongSignature => rule(7),
        VerifyError::HeaderEncoding => rule(8),
        VerifyError::HeaderNotJson { at } => with(9, count(at), 0.0),
        VerifyError::HeaderDuplicate => rule(10),
        VerifyError::HeaderParameter => rule(11),
        VerifyError::WrongAlgorithm => rule(12),
        VerifyError::WrongMediaType => rule(13),
        VerifyError::Nested => rule(14),
        VerifyError::CriticalExtension => rule(15),
        VerifyError::PayloadEncoding => rule(16),
        VerifyError::PayloadNotJson { at } => with(17, count(at), 0.0),
        VerifyError::PayloadNotUtf8 => rule(18),
        VerifyError::TooDeep { max } => with(19, f64::from(max), 0.0),
        VerifyError::DuplicateClaim { claim: name } => claim(20, name),
        VerifyError::MalformedClaim { claim: name } => claim(21, name),
        VerifyError::MissingClaim { claim: name } => claim(22, name),
        VerifyError::WrongType => rule(23),
        VerifyError::Expired { expired_at, now } => with(24, seconds(expired_at), seconds(now)),
        VerifyError::NotYetValid { not_before, now } => with(25, seconds(not_before), seconds(now)),
        VerifyError::IssuedInFuture { issued_at, now } => {
            with(26, seconds(issued_at), seconds(now))
        }
        VerifyError::WrongIssuer => rule(27),
        VerifyError::WrongAudience => rule(28),
        VerifyError::NotFresh => rule(29),
        // Of the others, `BufferTooSmall` can't be: the buffer holds the payload of the longest token.
        _ => Refusal::OTHER,
    }
}
