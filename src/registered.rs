//! The registered claims: their names, sets of them, and what `fresh` says.

use core::fmt;

use crate::time::Timestamp;

/// A claim with a meaning that jotlet knows: RFC 7519 section 4.1, `OpenID` Connect, and flask-jwt-extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RegisteredClaim {
    // Texts first, then times: `payload::Registered` keeps them so, and finds a claim by its number.
    /// `iss`, a string: RFC 7519 section 4.1.1.
    Issuer,
    /// `sub`, a string: RFC 7519 section 4.1.2.
    Subject,
    /// `aud`, a string or an array of strings: RFC 7519 section 4.1.3.
    Audience,
    /// `jti`, a string: RFC 7519 section 4.1.7.
    TokenId,
    /// `type`, a string: what the token is for.
    Type,
    /// `csrf`, a string: the value that a request with a cookie repeats in a header.
    Csrf,
    /// `sid`, a string: the session, which is the family of the refresh token.
    SessionId,
    /// `exp`, a number: RFC 7519 section 4.1.4.
    Expiry,
    /// `nbf`, a number: RFC 7519 section 4.1.5.
    NotBefore,
    /// `iat`, a number: RFC 7519 section 4.1.6.
    IssuedAt,
    /// `fresh`, a boolean or a number: whether, or until when, the token stems from a login and not from a refresh.
    Fresh,
}

/// How many claims are texts.
pub(crate) const TEXTS: usize = RegisteredClaim::Expiry as usize;

/// How many claims are times.
pub(crate) const TIMES: usize = RegisteredClaim::Fresh as usize + 1 - TEXTS;

impl RegisteredClaim {
    /// In the order in which a verifier looks for what is missing.
    const ALL: [Self; TEXTS + TIMES] = [
        Self::Type,
        Self::Expiry,
        Self::NotBefore,
        Self::IssuedAt,
        Self::Issuer,
        Self::Audience,
        Self::Subject,
        Self::TokenId,
        Self::Fresh,
        Self::Csrf,
        Self::SessionId,
    ];

    /// The claim's name in a token.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "iss",
            Self::Subject => "sub",
            Self::Audience => "aud",
            Self::Expiry => "exp",
            Self::NotBefore => "nbf",
            Self::IssuedAt => "iat",
            Self::TokenId => "jti",
            Self::Type => "type",
            Self::Fresh => "fresh",
            Self::Csrf => "csrf",
            Self::SessionId => "sid",
        }
    }

    #[inline]
    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        // As numbers, the names of three letters are told apart by a search among constants.
        const ISS: u32 = number(*b"iss");
        const SUB: u32 = number(*b"sub");
        const AUD: u32 = number(*b"aud");
        const EXP: u32 = number(*b"exp");
        const NBF: u32 = number(*b"nbf");
        const IAT: u32 = number(*b"iat");
        const JTI: u32 = number(*b"jti");
        const SID: u32 = number(*b"sid");
        Some(match name {
            &[a, b, c] => match number([a, b, c]) {
                ISS => Self::Issuer,
                SUB => Self::Subject,
                AUD => Self::Audience,
                EXP => Self::Expiry,
                NBF => Self::NotBefore,
                IAT => Self::IssuedAt,
                JTI => Self::TokenId,
                SID => Self::SessionId,
                _ => return None,
            },
            b"type" => Self::Type,
            b"csrf" => Self::Csrf,
            b"fresh" => Self::Fresh,
            _ => return None,
        })
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

const fn number([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

impl fmt::Display for RegisteredClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of registered claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClaimSet(u16);

impl ClaimSet {
    /// Adds a claim; `false` if it was there already.
    pub(crate) const fn insert(&mut self, claim: RegisteredClaim) -> bool {
        let added = !self.contains(claim);
        self.0 |= claim.bit();
        added
    }

    pub(crate) const fn remove(&mut self, claim: RegisteredClaim) {
        self.0 &= !claim.bit();
    }

    pub(crate) const fn contains(self, claim: RegisteredClaim) -> bool {
        self.0 & claim.bit() != 0
    }

    /// The first claim of this set that is not in `other`.
    pub(crate) fn first_missing_in(self, other: Self) -> Option<RegisteredClaim> {
        let missing = Self(self.0 & !other.0);
        if missing.0 == 0 {
            return None;
        }
        RegisteredClaim::ALL
            .iter()
            .copied()
            .find(|&claim| missing.contains(claim))
    }
}

/// Whether a token is fresh: made by a login, and not by a refresh.
///
/// ```
/// use jotlet::{Freshness, Timestamp};
///
/// let until = Freshness::Until(Timestamp::from_secs(300));
/// assert!(until.at(Timestamp::from_secs(299)));
/// assert!(!until.at(Timestamp::from_secs(300)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Freshness {
    /// Not fresh: `false` in the token, or no such claim.
    #[default]
    Stale,
    /// Fresh for as long as it is valid: `true` in the token.
    Fresh,
    /// Fresh until that time: a number in the token.
    Until(Timestamp),
}

impl Freshness {
    /// Whether the token is fresh at `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> bool {
        match self {
            Self::Stale => false,
            Self::Fresh => true,
            Self::Until(end) => now < end,
        }
    }
}
