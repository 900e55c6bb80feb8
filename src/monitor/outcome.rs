//! What can happen to a token, and which of it is suspicious.

use core::fmt;

use crate::error::VerifyError;
use crate::transport::{CsrfError, ExtractError};

/// Declares [`Rule`] together with the names, so that a rule can't be without one.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $name:literal,)*) => {
        /// The rule by which a token or a request was refused: the errors of the other modules without their values.
        ///
        /// ```
        /// use jotlet::{CsrfError, Rule, VerifyError};
        ///
        /// assert_eq!(Rule::from(VerifyError::WrongSignature).name(), "wrong_signature");
        /// assert_eq!(Rule::from(CsrfError::Mismatch), Rule::Csrf);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of declaration.
            pub(super) const ALL: &[Self] = &[$(Self::$rule,)*];

            /// The rule's name for logs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// The name of the rule's counter.
            const fn counter(self) -> &'static str {
                match self {
                    $(Self::$rule => concat!("refused_", $name),)*
                }
            }
        }
    };
}

rules! {
    /// [`ExtractError::Missing`] and [`ExtractError::OtherScheme`].
    NoToken = "no_token",
    /// Every other [`ExtractError`].
    MalformedRequest = "malformed_request",
    /// Every [`CsrfError`].
    Csrf = "csrf",
    /// [`VerifyError::TooLong`].
    TooLong = "too_long",
    /// [`VerifyError::NotThreeSegments`].
    NotThreeSegments = "not_three_segments",
    /// [`VerifyError::SignatureEncoding`].
    SignatureEncoding = "signature_encoding",
    /// [`VerifyError::WrongSignature`].
    WrongSignature = "wrong_signature",
    /// [`VerifyError::BufferTooSmall`].
    BufferTooSmall = "buffer_too_small",
    /// [`VerifyError::HeaderEncoding`].
    HeaderEncoding = "header_encoding",
    /// [`VerifyError::HeaderNotJson`].
    HeaderNotJson = "header_not_json",
    /// [`VerifyError::HeaderDuplicate`].
    HeaderDuplicate = "header_duplicate",
    /// [`VerifyError::HeaderParameter`].
    HeaderParameter = "header_parameter",
    /// [`VerifyError::WrongAlgorithm`].
    WrongAlgorithm = "wrong_algorithm",
    /// [`VerifyError::WrongMediaType`].
    WrongMediaType = "wrong_media_type",
    /// [`VerifyError::Nested`].
    Nested = "nested",
    /// [`VerifyError::CriticalExtension`].
    CriticalExtension = "critical_extension",
    /// [`VerifyError::PayloadEncoding`].
    PayloadEncoding = "payload_encoding",
    /// [`VerifyError::PayloadNotJson`].
    PayloadNotJson = "payload_not_json",
    /// [`VerifyError::PayloadNotUtf8`].
    PayloadNotUtf8 = "payload_not_utf8",
    /// [`VerifyError::TooDeep`].
    TooDeep = "too_deep",
    /// [`VerifyError::DuplicateClaim`].
    DuplicateClaim = "duplicate_claim",
    /// [`VerifyError::MalformedClaim`].
    MalformedClaim = "malformed_claim",
    /// [`VerifyError::MissingClaim`].
    MissingClaim = "missing_claim",
    /// [`VerifyError::WrongType`].
    WrongType = "wrong_type",
    /// [`VerifyError::Expired`].
    Expired = "expired",
    /// [`VerifyError::NotYetValid`].
    NotYetValid = "not_yet_valid",
    /// [`VerifyError::IssuedInFuture`].
    IssuedInFuture = "issued_in_future",
    /// [`VerifyError::WrongIssuer`].
    WrongIssuer = "wrong_issuer",
    /// [`VerifyError::WrongAudience`].
    WrongAudience = "wrong_audience",
    /// [`VerifyError::NotFresh`].
    NotFresh = "not_fresh",
    /// [`VerifyError::Revoked`].
    Revoked = "revoked",
    /// [`VerifyError::RevocationUnknown`].
    RevocationUnknown = "revocation_unknown",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl From<ExtractError> for Rule {
    fn from(error: ExtractError) -> Self {
        match error {
            ExtractError::Missing | ExtractError::OtherScheme => Self::NoToken,
            _ => Self::MalformedRequest,
        }
    }
}

impl From<CsrfError> for Rule {
    fn from(_: CsrfError) -> Self {
        Self::Csrf
    }
}

impl From<VerifyError> for Rule {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::TooLong { .. } => Self::TooLong,
            VerifyError::NotThreeSegments => Self::NotThreeSegments,
            VerifyError::SignatureEncoding => Self::SignatureEncoding,
            VerifyError::WrongSignature => Self::WrongSignature,
            VerifyError::BufferTooSmall { .. } => Self::BufferTooSmall,
            VerifyError::HeaderEncoding => Self::HeaderEncoding,
            VerifyError::HeaderNotJson { .. } => Self::HeaderNotJson,
            VerifyError::HeaderDuplicate => Self::HeaderDuplicate,
            VerifyError::HeaderParameter => Self::HeaderParameter,
            VerifyError::WrongAlgorithm => Self::WrongAlgorithm,
            VerifyError::WrongMediaType => Self::WrongMediaType,
            VerifyError::Nested => Self::Nested,
            VerifyError::CriticalExtension => Self::CriticalExtension,
            VerifyError::PayloadEncoding => Self::PayloadEncoding,
            VerifyError::PayloadNotJson { .. } => Self::PayloadNotJson,
            VerifyError::PayloadNotUtf8 => Self::PayloadNotUtf8,
            VerifyError::TooDeep { .. } => Self::TooDeep,
            VerifyError::DuplicateClaim { .. } => Self::DuplicateClaim,
            VerifyError::MalformedClaim { .. } => Self::MalformedClaim,
            VerifyError::MissingClaim { .. } => Self::MissingClaim,
            VerifyError::WrongType => Self::WrongType,
            VerifyError::Expired { .. } => Self::Expired,
            VerifyError::NotYetValid { .. } => Self::NotYetValid,
            VerifyError::IssuedInFuture { .. } => Self::IssuedInFuture,
            VerifyError::WrongIssuer => Self::WrongIssuer,
            VerifyError::WrongAudience => Self::WrongAudience,
            VerifyError::NotFresh => Self::NotFresh,
            VerifyError::Revoked => Self::Revoked,
            VerifyError::RevocationUnknown => Self::RevocationUnknown,
        }
    }
}

/// What happened to a token.
///
/// ```
/// use jotlet::{Outcome, Rule, Suspicion};
///
/// let outcome = Outcome::Refused(Rule::WrongSignature);
/// assert_eq!(outcome.name(), "refused_wrong_signature");
/// assert_eq!(outcome.suspicion(), Some(Suspicion::BadSignature));
/// assert_eq!(Outcome::Refused(Rule::Expired).suspicion(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Outcome {
    /// It was issued.
    Issued,
    /// It was verified.
    Accepted,
    /// It was verified, and exchanged for a new one.
    Rotated,
    /// It had been exchanged before: RFC 9700 section 4.14.2.
    Replayed,
    /// It was made invalid before its time, as by a logout.
    Revoked,
    /// It, or the request that it came in, broke a rule.
    Refused(Rule),
}

impl Outcome {
    /// How many outcomes there are.
    pub(super) const COUNT: usize = Self::PLAIN.len() + Rule::ALL.len();

    const PLAIN: [Self; 5] = [
        Self::Issued,
        Self::Accepted,
        Self::Rotated,
        Self::Replayed,
        Self::Revoked,
    ];

    /// Every outcome, in the order of [`index`](Self::index).
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let rules = Rule::ALL.iter().copied();
        Self::PLAIN.into_iter().chain(rules.map(Self::Refused))
    }

    /// A number below [`COUNT`](Self::COUNT).
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Issued => 0,
            Self::Accepted => 1,
            Self::Rotated => 2,
            Self::Replayed => 3,
            Self::Revoked => 4,
            Self::Refused(rule) => Self::PLAIN.len().saturating_add(rule as usize),
        }
    }

    /// The outcome's name for logs and metrics, where a refusal's is `refused_` and the name of the rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Accepted => "accepted",
            Self::Rotated => "rotated",
            Self::Replayed => "replayed",
            Self::Revoked => "revoked",
            Self::Refused(rule) => rule.counter(),
        }
    }

    /// What the outcome hints at, if it happens often.
    ///
    /// What an honest client meets in the course of time hints at nothing: a request without a token, a token that is not
    /// valid yet or any more or no longer fresh, a buffer of the verifier's that is too small.
    #[must_use]
    pub const fn suspicion(self) -> Option<Suspicion> {
        match self {
            Self::Replayed => Some(Suspicion::Replay),
            Self::Refused(Rule::WrongSignature) => Some(Suspicion::BadSignature),
            Self::Issued
            | Self::Accepted
            | Self::Rotated
            | Self::Revoked
            | Self::Refused(
                Rule::NoToken
                | Rule::BufferTooSmall
                | Rule::Expired
                | Rule::NotYetValid
                | Rule::IssuedInFuture
                | Rule::NotFresh
                | Rule::RevocationUnknown,
            ) => None,
            Self::Refused(_) => Some(Suspicion::Refusal),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for Outcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a burst of outcomes hints at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Suspicion {
    /// Somebody makes up or alters tokens: [`Rule::WrongSignature`].
    BadSignature,
    /// A refresh token was stolen: [`Outcome::Replayed`].
    Replay,
    /// Somebody tries what is not theirs: every other refusal that an honest client does not meet.
    Refusal,
}

impl Suspicion {
    /// The suspicion's name for logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadSignature => "bad_signature",
            Self::Replay => "replay",
            Self::Refusal => "refusal",
        }
    }
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
