//! The rules that refuse, as numbers and names.

use core::ffi::{CStr, c_char};

use jotlet::{IssueError, KeyError, RegisteredClaim, VerifyError};

/// What a function answers: 0, or the rule that refused. A number keeps its meaning; new ones are added at the end.
///
/// Up to `NO_KEY` the call itself was wrong, and nothing has been written.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Error {
    /// Nothing was refused.
    None = 0,
    /// A pointer that has to be there is null.
    NullPointer = 1,
    /// A pointer to a struct is not aligned as the struct has to be.
    Misaligned = 2,
    /// A length is longer than an object can be, or reaches beyond the last address.
    Length = 3,
    /// What is written overlaps with what is read, or with something else that is written.
    Overlap = 4,
    /// A text is not UTF-8.
    NotUtf8 = 5,
    /// A bit of `flags` is set that the function does not know.
    Flags = 6,
    /// All bytes of a token's id are 0: they have to come from a random source.
    IdNotRandom = 7,
    /// The key has not been made by `jotlet_key_init`, or has been dropped.
    NoKey = 8,
    /// A secret has less than 32 bytes: RFC 7518 section 3.2.
    KeyTooShort = 9,
    /// The token is longer than 16 KiB. `detail`: its length.
    TooLong = 10,
    /// The buffer is too small. `detail`: the size that suffices.
    BufferTooSmall = 11,
    /// A token is three segments, the last of 43 characters: RFC 7515 section 7.1.
    NotThreeSegments = 12,
    /// The signature is not canonical base64url: RFC 7515 section 2.
    SignatureEncoding = 13,
    /// The signature is not that of the key: RFC 7515 section 5.2.
    WrongSignature = 14,
    /// The header is not canonical base64url: RFC 7515 section 5.2.
    HeaderEncoding = 15,
    /// The header is not one JSON object: RFC 7515 section 5.2. `detail`: the byte that breaks the grammar.
    HeaderNotJson = 16,
    /// The header has a parameter twice: RFC 7515 section 4.
    HeaderDuplicate = 17,
    /// A parameter of the header is not a string: RFC 7515 section 4.1.
    HeaderParameter = 18,
    /// `alg` is not `HS256`: RFC 7515 section 4.1.1.
    WrongAlgorithm = 19,
    /// `typ` is neither absent nor `JWT`: RFC 7519 section 5.1.
    WrongMediaType = 20,
    /// `cty` announces a nested JWT: RFC 7519 section 5.2.
    Nested = 21,
    /// `crit` demands an extension: RFC 7515 section 4.1.11.
    CriticalExtension = 22,
    /// The payload is not canonical base64url: RFC 7519 section 7.2.
    PayloadEncoding = 23,
    /// The payload is not one JSON object: RFC 7519 section 7.2. `detail`: the byte that breaks the grammar.
    PayloadNotJson = 24,
    /// The payload is not UTF-8: RFC 7519 section 7.2.
    PayloadNotUtf8 = 25,
    /// The JSON is nested too deep. `detail`: the deepest that is taken.
    TooDeep = 26,
    /// A registered claim is there twice: RFC 7519 section 4. `detail`: the claim.
    DuplicateClaim = 27,
    /// A registered claim has a value that it can't have: RFC 7519 section 4.1. `detail`: the claim.
    MalformedClaim = 28,
    /// A claim that is expected is absent: RFC 7519 section 4. `detail`: the claim.
    MissingClaim = 29,
    /// An access token where a refresh token is expected, or the other way round: RFC 8725 section 3.12.
    WrongType = 30,
    /// The token has expired: RFC 7519 section 4.1.4. `detail`: when.
    Expired = 31,
    /// The token is not valid yet: RFC 7519 section 4.1.5. `detail`: from when on it is.
    NotYetValid = 32,
    /// The token was issued later than now: RFC 7519 section 4.1.6. `detail`: when.
    IssuedInFuture = 33,
    /// `iss` is not the issuer expected: RFC 7519 section 4.1.1.
    WrongIssuer = 34,
    /// `aud` does not contain the audience expected: RFC 7519 section 4.1.3.
    WrongAudience = 35,
    /// The token is not, or no longer, fresh.
    NotFresh = 36,
    /// A rule that has no number yet.
    Other = 37,
}

/// The names for logs, in the order of the numbers.
const NAMES: [&CStr; Error::Other as usize + 1] = [
    c"none",
    c"null_pointer",
    c"misaligned",
    c"length",
    c"overlap",
    c"not_utf8",
    c"flags",
    c"id_not_random",
    c"no_key",
    c"key_too_short",
    c"too_long",
    c"buffer_too_small",
    c"not_three_segments",
    c"signature_encoding",
    c"wrong_signature",
    c"header_encoding",
    c"header_not_json",
    c"header_duplicate",
    c"header_parameter",
    c"wrong_algorithm",
    c"wrong_media_type",
    c"nested",
    c"critical_extension",
    c"payload_encoding",
    c"payload_not_json",
    c"payload_not_utf8",
    c"too_deep",
    c"duplicate_claim",
    c"malformed_claim",
    c"missing_claim",
    c"wrong_type",
    c"expired",
    c"not_yet_valid",
    c"issued_in_future",
    c"wrong_issuer",
    c"wrong_audience",
    c"not_fresh",
    c"other",
];

/// The name of an error for logs, such as `wrong_signature`, terminated; `unknown` for any other number. It is never null.
#[unsafe(no_mangle)]
pub extern "C" fn jotlet_error_name(error: u32) -> *const c_char {
    let name = usize::try_from(error)
        .ok()
        .and_then(|number| NAMES.get(number));
    name.unwrap_or(&c"unknown").as_ptr()
}

/// The claim that `detail` names.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Claim {
    /// `iss`
    Iss = 0,
    /// `sub`
    Sub = 1,
    /// `aud`
    Aud = 2,
    /// `exp`
    Exp = 3,
    /// `nbf`
    Nbf = 4,
    /// `iat`
    Iat = 5,
    /// `jti`
    Jti = 6,
    /// `type`
    Type = 7,
    /// `fresh`
    Fresh = 8,
    /// `csrf`
    Csrf = 9,
    /// `sid`
    Sid = 10,
    /// A claim that has no number yet.
    Other = 11,
}

impl From<RegisteredClaim> for Claim {
    fn from(claim: RegisteredClaim) -> Self {
        match claim {
            RegisteredClaim::Issuer => Self::Iss,
            RegisteredClaim::Subject => Self::Sub,
            RegisteredClaim::Audience => Self::Aud,
            RegisteredClaim::Expiry => Self::Exp,
            RegisteredClaim::NotBefore => Self::Nbf,
            RegisteredClaim::IssuedAt => Self::Iat,
            RegisteredClaim::TokenId => Self::Jti,
            RegisteredClaim::Type => Self::Type,
            RegisteredClaim::Fresh => Self::Fresh,
            RegisteredClaim::Csrf => Self::Csrf,
            RegisteredClaim::SessionId => Self::Sid,
            _ => Self::Other,
        }
    }
}

/// A rule that refused, and the value that a log needs with it.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) error: Error,
    pub(crate) detail: u64,
}

impl Refusal {
    fn new(error: Error, detail: usize) -> Self {
        Self {
            error,
            detail: detail as u64,
        }
    }

    fn claim(error: Error, claim: RegisteredClaim) -> Self {
        Self::new(error, Claim::from(claim) as usize)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::new(error, 0)
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::TooShort { .. } => Self::KeyTooShort,
            _ => Self::Other,
        }
    }
}

impl From<IssueError> for Refusal {
    fn from(error: IssueError) -> Self {
        match error {
            // And the byte that terminates the token.
            IssueError::BufferTooSmall { needed } => {
                Self::new(Error::BufferTooSmall, needed.saturating_add(1))
            }
            IssueError::TooLong { len, .. } => Self::new(Error::TooLong, len),
            _ => Error::Other.into(),
        }
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        let at = |error, time: jotlet::Timestamp| Self {
            error,
            detail: time.as_secs(),
        };
        let rule = match error {
            VerifyError::TooLong { len, .. } => return Self::new(Error::TooLong, len),
            VerifyError::BufferTooSmall { needed } => {
                return Self::new(Error::BufferTooSmall, crate::verify::buffer_size(needed));
            }
            VerifyError::HeaderNotJson { at } => return Self::new(Error::HeaderNotJson, at),
            VerifyError::PayloadNotJson { at } => return Self::new(Error::PayloadNotJson, at),
            VerifyError::TooDeep { max } => {
                return Self {
                    error: Error::TooDeep,
                    detail: max.into(),
                };
            }
            VerifyError::DuplicateClaim { claim } => {
                return Self::claim(Error::DuplicateClaim, claim);
            }
            VerifyError::MalformedClaim { claim } => {
                return Self::claim(Error::MalformedClaim, claim);
            }
            VerifyError::MissingClaim { claim } => return Self::claim(Error::MissingClaim, claim),
            VerifyError::Expired { expired_at, .. } => return at(Error::Expired, expired_at),
            VerifyError::NotYetValid { not_before, .. } => {
                return at(Error::NotYetValid, not_before);
            }
            VerifyError::IssuedInFuture { issued_at, .. } => {
                return at(Error::IssuedInFuture, issued_at);
            }
            VerifyError::NotThreeSegments => Error::NotThreeSegments,
            VerifyError::SignatureEncoding => Error::SignatureEncoding,
            VerifyError::WrongSignature => Error::WrongSignature,
            VerifyError::HeaderEncoding => Error::HeaderEncoding,
            VerifyError::HeaderDuplicate => Error::HeaderDuplicate,
            VerifyError::HeaderParameter => Error::HeaderParameter,
            VerifyError::WrongAlgorithm => Error::WrongAlgorithm,
            VerifyError::WrongMediaType => Error::WrongMediaType,
            VerifyError::Nested => Error::Nested,
            VerifyError::CriticalExtension => Error::CriticalExtension,
            VerifyError::PayloadEncoding => Error::PayloadEncoding,
            VerifyError::PayloadNotUtf8 => Error::PayloadNotUtf8,
            VerifyError::WrongType => Error::WrongType,
            VerifyError::WrongIssuer => Error::WrongIssuer,
            VerifyError::WrongAudience => Error::WrongAudience,
            VerifyError::NotFresh => Error::NotFresh,
            _ => Error::Other,
        };
        rule.into()
    }
}
