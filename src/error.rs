//! The errors of keys, tokens and claims. One variant a rule, with the values that a log needs; never a key, a token or a MAC.

use core::fmt;

use crate::registered::RegisteredClaim;
use crate::time::Timestamp;

/// Why a key or a key ring was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeyError {
    /// A key for HS256 has at least 32 bytes: RFC 7518 section 3.2.
    TooShort {
        /// The length of the key that was offered, in bytes.
        len: usize,
    },
    /// A key id in a ring is 1 to [`MAX_KEY_ID_LEN`](crate::MAX_KEY_ID_LEN) bytes.
    KeyIdLength {
        /// The length of the key id that was offered, in bytes.
        len: usize,
    },
    /// A key id in a ring is printable ASCII without `"` and `\`, so that it has one spelling in a header.
    KeyIdCharacter,
    /// Another key of the ring has this key id: RFC 7515 section 4.1.4.
    KeyIdTaken,
    /// No key of the ring has this key id.
    KeyIdUnknown,
    /// The key that signs can't be removed; let another one sign first.
    KeySigns,
    /// The ring is full.
    RingFull {
        /// How many keys the ring holds.
        capacity: usize,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { len } => {
                write!(
                    f,
                    "the key has {len} bytes, HS256 needs at least 32 (RFC 7518 3.2)"
                )
            }
            Self::KeyIdLength { len } => {
                write!(f, "the key id has {len} bytes, it must have 1 to 32")
            }
            Self::KeyIdCharacter => {
                f.write_str("the key id must be printable ASCII without quotes and backslashes")
            }
            Self::KeyIdTaken => {
                f.write_str("another key of the ring has this key id (RFC 7515 4.1.4)")
            }
            Self::KeyIdUnknown => f.write_str("no key of the ring has this key id"),
            Self::KeySigns => f.write_str("the key that signs can't be removed"),
            Self::RingFull { capacity } => write!(f, "the ring is full with {capacity} keys"),
        }
    }
}

impl core::error::Error for KeyError {}

/// Why a token was not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum IssueError {
    /// The buffer can't hold the token. It has been zeroed: nothing half-written is left in it.
    BufferTooSmall {
        /// The length that the token would have.
        needed: usize,
    },
    /// The token would be longer than any verifier takes.
    TooLong {
        /// The length that the token would have.
        len: usize,
        /// [`MAX_TOKEN_LEN`](crate::MAX_TOKEN_LEN).
        max: usize,
    },
    /// The application's claims use a name that is taken: RFC 7519 section 4.
    ReservedName {
        /// The claim of that name.
        claim: RegisteredClaim,
    },
    /// A name among the application's claims is spelled with an escape.
    EscapedName,
    /// The application's claims are not a JSON object: RFC 7519 section 7.1.
    NotAnObject,
    /// The application's claims are not valid JSON: RFC 8259.
    NotJson {
        /// The first byte, counted from the start of those claims, that breaks the grammar.
        at: usize,
    },
    /// The application's claims are nested deeper than any verifier takes.
    TooDeep {
        /// [`MAX_DEPTH`](crate::MAX_DEPTH).
        max: u32,
    },
    /// `serde` could not write the application's claims.
    NotSerializable,
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed } => {
                write!(f, "the buffer is too small: the token has {needed} bytes")
            }
            Self::TooLong { len, max } => {
                write!(
                    f,
                    "the token would have {len} bytes, at most {max} are allowed"
                )
            }
            Self::ReservedName { claim } => {
                write!(
                    f,
                    "the application's claims may not use the name {claim} (RFC 7519 4)"
                )
            }
            Self::EscapedName => {
                f.write_str("a name among the application's claims is spelled with an escape")
            }
            Self::NotAnObject => {
                f.write_str("the application's claims are not a JSON object (RFC 7519 7.1)")
            }
            Self::NotJson { at } => {
                write!(
                    f,
                    "the application's claims are not JSON at byte {at} (RFC 8259)"
                )
            }
            Self::TooDeep { max } => {
                write!(
                    f,
                    "the application's claims are nested more than {max} levels deep"
                )
            }
            Self::NotSerializable => {
                f.write_str("the application's claims could not be serialized")
            }
        }
    }
}

impl core::error::Error for IssueError {}

/// Why a token was refused. The variants stand in the order of the steps: shape, signature, header, payload, then what the
/// claims say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VerifyError {
    /// The token is longer than the verifier's cap; nothing else of it was looked at.
    TooLong {
        /// The length of the token, in bytes.
        len: usize,
        /// The verifier's cap.
        max: usize,
    },
    /// A token is three segments with two dots between them, the last of 43 characters: RFC 7515 section 7.1.
    NotThreeSegments,
    /// The signature is not canonical base64url: RFC 7515 section 2, RFC 4648 section 3.5.
    SignatureEncoding,
    /// The signature is not that of any of the keys: RFC 7515 section 5.2, step 8.
    WrongSignature,
    /// The buffer can't hold the decoded payload, or a header of a form that jotlet does not write.
    BufferTooSmall {
        /// The size that is needed, in bytes.
        needed: usize,
    },
    /// The header is not canonical base64url: RFC 7515 section 5.2, step 2.
    HeaderEncoding,
    /// The header is not one JSON object: RFC 7515 section 5.2, step 3.
    HeaderNotJson {
        /// The first byte of the decoded header that breaks the grammar.
        at: usize,
    },
    /// The header has a parameter twice: RFC 7515 section 4.
    HeaderDuplicate,
    /// A parameter of the header is not a string: RFC 7515 section 4.1.
    HeaderParameter,
    /// `alg` is absent or not `HS256`: RFC 7515 section 4.1.1, RFC 8725 section 3.1.
    WrongAlgorithm,
    /// `typ` is neither absent nor `JWT`: RFC 7519 section 5.1.
    WrongMediaType,
    /// `cty` announces a nested JWT: RFC 7519 section 5.2.
    Nested,
    /// `crit` demands an extension, and there is none that jotlet understands: RFC 7515 section 4.1.11.
    CriticalExtension,
    /// The payload is not canonical base64url: RFC 7519 section 7.2, step 8.
    PayloadEncoding,
    /// The payload is not one JSON object: RFC 7519 section 7.2, step 10.
    PayloadNotJson {
        /// The first byte of the decoded payload that breaks the grammar.
        at: usize,
    },
    /// The payload is not UTF-8: RFC 7519 section 7.2, step 10.
    PayloadNotUtf8,
    /// The header or the payload is nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep {
        /// [`MAX_DEPTH`](crate::MAX_DEPTH).
        max: u32,
    },
    /// The payload has a registered claim twice: RFC 7519 section 4.
    DuplicateClaim {
        /// The claim.
        claim: RegisteredClaim,
    },
    /// A registered claim has a value that the claim can't have: RFC 7519 section 4.1.
    MalformedClaim {
        /// The claim.
        claim: RegisteredClaim,
    },
    /// A claim that the verifier needs is absent: RFC 7519 section 4.
    MissingClaim {
        /// The claim.
        claim: RegisteredClaim,
    },
    /// The token is of another type than the one expected: RFC 8725 section 3.12.
    WrongType,
    /// The token has expired: RFC 7519 section 4.1.4.
    Expired {
        /// The first second in which the token is not valid any more.
        expired_at: Timestamp,
        /// The time that the caller passed.
        now: Timestamp,
    },
    /// The token is not valid yet: RFC 7519 section 4.1.5.
    NotYetValid {
        /// The first second in which the token is valid.
        not_before: Timestamp,
        /// The time that the caller passed.
        now: Timestamp,
    },
    /// The token says that it was issued later than now: RFC 7519 section 4.1.6.
    IssuedInFuture {
        /// When the token says it was issued.
        issued_at: Timestamp,
        /// The time that the caller passed.
        now: Timestamp,
    },
    /// `iss` is not the issuer expected: RFC 7519 section 4.1.1.
    WrongIssuer,
    /// `aud` does not contain the audience expected: RFC 7519 section 4.1.3.
    WrongAudience,
    /// The token is not, or no longer, fresh, and the verifier demands that.
    NotFresh,
    /// The token has been revoked.
    Revoked,
    /// Whether the token has been revoked is not known: the store did not answer, or has dropped the entry that would tell.
    RevocationUnknown,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len, max } => {
                write!(f, "the token has {len} bytes, at most {max} are allowed")
            }
            Self::NotThreeSegments => {
                f.write_str("a token is three segments, the last of 43 characters (RFC 7515 7.1)")
            }
            Self::SignatureEncoding => {
                f.write_str("the signature is not canonical base64url (RFC 7515 2)")
            }
            Self::WrongSignature => f.write_str("the signature is wrong (RFC 7515 5.2)"),
            Self::BufferTooSmall { needed } => {
                write!(
                    f,
                    "the claims buffer is too small: {needed} bytes are needed"
                )
            }
            Self::HeaderEncoding => {
                f.write_str("the header is not canonical base64url (RFC 7515 5.2)")
            }
            Self::HeaderNotJson { at } => {
                write!(
                    f,
                    "the header is not one JSON object at byte {at} (RFC 7515 5.2)"
                )
            }
            Self::HeaderDuplicate => f.write_str("the header has a parameter twice (RFC 7515 4)"),
            Self::HeaderParameter => {
                f.write_str("a parameter of the header is not a string (RFC 7515 4.1)")
            }
            Self::WrongAlgorithm => f.write_str("the algorithm is not HS256 (RFC 7515 4.1.1)"),
            Self::WrongMediaType => f.write_str("the media type is not JWT (RFC 7519 5.1)"),
            Self::Nested => f.write_str("nested tokens are not supported (RFC 7519 5.2)"),
            Self::CriticalExtension => {
                f.write_str("the header demands an extension (RFC 7515 4.1.11)")
            }
            Self::PayloadEncoding => {
                f.write_str("the payload is not canonical base64url (RFC 7519 7.2)")
            }
            Self::PayloadNotJson { at } => {
                write!(
                    f,
                    "the payload is not one JSON object at byte {at} (RFC 7519 7.2)"
                )
            }
            Self::PayloadNotUtf8 => f.write_str("the payload is not UTF-8 (RFC 7519 7.2)"),
            Self::TooDeep { max } => write!(f, "the JSON is nested more than {max} levels deep"),
            Self::DuplicateClaim { claim } => write!(f, "{claim} appears twice (RFC 7519 4)"),
            Self::MalformedClaim { claim } => write!(f, "{claim} is malformed (RFC 7519 4.1)"),
            Self::MissingClaim { claim } => write!(f, "{claim} is missing"),
            Self::WrongType => f.write_str("the token is of another type (RFC 8725 3.12)"),
            Self::Expired { expired_at, now } => {
                write!(f, "expired at {expired_at}, now is {now} (RFC 7519 4.1.4)")
            }
            Self::NotYetValid { not_before, now } => {
                write!(
                    f,
                    "not valid before {not_before}, now is {now} (RFC 7519 4.1.5)"
                )
            }
            Self::IssuedInFuture { issued_at, now } => {
                write!(f, "issued at {issued_at}, now is {now} (RFC 7519 4.1.6)")
            }
            Self::WrongIssuer => f.write_str("the issuer is another one (RFC 7519 4.1.1)"),
            Self::WrongAudience => f.write_str("the audience is another one (RFC 7519 4.1.3)"),
            Self::NotFresh => f.write_str("the token is not fresh"),
            Self::Revoked => f.write_str("the token has been revoked"),
            Self::RevocationUnknown => {
                f.write_str("whether the token has been revoked is not known")
            }
        }
    }
}

impl core::error::Error for VerifyError {}

/// Why the application's own claims could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CustomClaimsError {
    /// The token lacks a claim that the type has as a field.
    MissingField {
        /// The field.
        name: &'static str,
    },
    /// The type demands a registered claim, which [`Claims`](crate::Claims) has a method for and the type never sees.
    RegisteredField {
        /// The claim.
        claim: RegisteredClaim,
    },
    /// The token has a claim twice that the type has as a field.
    DuplicateField {
        /// The field.
        name: &'static str,
    },
    /// A claim's value does not fit its field.
    WrongValue {
        /// Where the value stands in the payload, in bytes.
        at: usize,
    },
    /// A string that contains a quote or a backslash is longer than the space for unescaping it.
    StringTooLong {
        /// That space, in bytes.
        max: usize,
    },
    /// The type can't be read from an object, or refuses what it was given for a reason of its own.
    WrongType,
}

impl fmt::Display for CustomClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingField { name } => write!(f, "the claim {name} is missing"),
            Self::RegisteredField { claim } => {
                write!(
                    f,
                    "the claim {claim} is registered, and not read into the type"
                )
            }
            Self::DuplicateField { name } => write!(f, "the claim {name} appears twice"),
            Self::WrongValue { at } => {
                write!(
                    f,
                    "the claim whose value is at byte {at} does not fit its field"
                )
            }
            Self::StringTooLong { max } => {
                write!(f, "a string with escapes is longer than {max} bytes")
            }
            Self::WrongType => f.write_str("the claims do not fit the type"),
        }
    }
}

impl core::error::Error for CustomClaimsError {}
