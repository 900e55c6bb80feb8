//! What can happen to a token, and which of it is suspicious.

use core::fmt;

use super::Rule;
use crate::refresh::Rotation;

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
    /// valid yet or any more or no longer fresh, a session that has come to its end; nor does what is the server's own
    /// trouble: a buffer that is too small, a revocation that is not known, an id that repeats.
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
                | Rule::Revoked
                | Rule::RevocationUnknown
                | Rule::FamilyExpired
                | Rule::FamilyRevoked
                | Rule::RepeatedId,
            ) => None,
            Self::Refused(_) => Some(Suspicion::Refusal),
        }
    }
}

impl From<&Rotation<'_>> for Outcome {
    fn from(rotation: &Rotation<'_>) -> Self {
        match rotation {
            Rotation::Rotated { .. } => Self::Rotated,
            Rotation::Replayed { .. } => Self::Replayed,
            Rotation::Unknown => Self::Refused(Rule::FamilyUnknown),
            Rotation::Expired { .. } => Self::Refused(Rule::FamilyExpired),
            Rotation::Revoked => Self::Refused(Rule::FamilyRevoked),
            Rotation::RepeatedId => Self::Refused(Rule::RepeatedId),
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
