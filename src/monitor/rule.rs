//! The rules by which tokens and requests are refused, by name.

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
            pub(super) const fn counter(self) -> &'static str {
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
    /// [`Rotation::Unknown`](crate::Rotation::Unknown).
    FamilyUnknown = "family_unknown",
    /// [`Rotation::Expired`](crate::Rotation::Expired).
    FamilyExpired = "family_expired",
    /// [`Rotation::Revoked`](crate::Rotation::Revoked).
    FamilyRevoked = "family_revoked",
    /// [`Rotation::RepeatedId`](crate::Rotation::RepeatedId).
    RepeatedId = "repeated_id",
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
