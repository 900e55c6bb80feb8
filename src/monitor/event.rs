//! One thing that happened to one token, without the token.

use core::fmt;

use serde::ser::SerializeStruct;
use sha2::{Digest, Sha256};

use super::{Outcome, Rule};
use crate::claims::{Claims, Refresh, TokenType};
use crate::error::VerifyError;
use crate::refresh::Rotation;
use crate::time::Timestamp;

/// Four bytes of the SHA-256 of a salt and a text: enough to find two lines of a log that speak of the same token or
/// subject, not enough to tell a few thousand of them apart for certain.
///
/// Without a salt that is kept secret, whoever reads the log can check whether a line is about a subject that they know.
///
/// ```
/// use jotlet::Fingerprint;
///
/// let user = Fingerprint::new(b"a secret of this service", "user-42");
/// assert_eq!(user.to_string(), "a7e0a7d9");
/// assert_ne!(user, Fingerprint::new(b"another secret", "user-42"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u32);

impl Fingerprint {
    /// The fingerprint of a text.
    #[must_use]
    pub fn new(salt: &[u8], text: &str) -> Self {
        let hash = Sha256::new().chain_update(salt).chain_update(text);
        let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Fingerprint {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=u32:08x}", self.0);
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What happened to a token, when, and to which one.
///
/// `Display` writes it as one line of `key=value` pairs, and serde as a map of the same names.
///
/// ```
/// # use jotlet::{Access, ClaimsBuffer, Issuer, Key, Timestamp, TokenId, Verifier};
/// use jotlet::{Event, Outcome};
///
/// # let key = Key::new(&[7; 32])?;
/// # let (now, mut buffer) = (Timestamp::from_secs(1_767_225_600), ClaimsBuffer::<256>::new());
/// # let issuer = Issuer::new(&key);
/// # let token = issuer.access("user-42", TokenId::from_bytes([1; 16])).sign_owned::<384>(now)?;
/// let salt = b"a secret of this service";
/// let event = Event::new::<Access>(Outcome::Issued, now).about(salt, Some("user-42"), None);
/// assert_eq!(event.to_string(), "at=1767225600 outcome=issued type=access subject=a7e0a7d9");
///
/// let result = Verifier::<Access>::new(&key).verify(&token, now, &mut buffer);
/// assert_eq!(
///     Event::from_verify(&result, salt, now).to_string(),
///     "at=1767225600 outcome=accepted type=access subject=a7e0a7d9 token=d88e5706",
/// );
///
/// let result = Verifier::<Access>::new(&key).verify("not.a.token", now, &mut buffer);
/// assert_eq!(
///     Event::from_verify(&result, salt, now).to_string(),
///     "at=1767225600 outcome=refused_not_three_segments type=access",
/// );
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Event {
    /// When it happened, by the caller's clock.
    pub at: Timestamp,
    /// What happened.
    pub outcome: Outcome,
    /// [`TokenType::NAME`] of the token, or of the one that was expected where a token was refused.
    pub token_type: &'static str,
    /// The fingerprint of the claim `sub`, where it is known.
    pub subject: Option<Fingerprint>,
    /// The fingerprint of the claim `jti`, where it is known.
    pub token_id: Option<Fingerprint>,
}

impl Event {
    /// An event about a token of the type `T`, of which nothing else is known.
    #[must_use]
    pub const fn new<T: TokenType>(outcome: Outcome, now: Timestamp) -> Self {
        Self {
            at: now,
            outcome,
            token_type: T::NAME,
            subject: None,
            token_id: None,
        }
    }

    /// Adds the fingerprints of the token's subject and id.
    #[must_use]
    pub fn about(self, salt: &[u8], subject: Option<&str>, token_id: Option<&str>) -> Self {
        let fingerprint = |text| Fingerprint::new(salt, text);
        Self {
            subject: subject.map(fingerprint),
            token_id: token_id.map(fingerprint),
            ..self
        }
    }

    /// What came of verifying a token.
    #[must_use]
    pub fn from_verify<T: TokenType>(
        result: &Result<Claims<'_, T>, VerifyError>,
        salt: &[u8],
        now: Timestamp,
    ) -> Self {
        match result {
            Ok(claims) => {
                let event = Self::new::<T>(Outcome::Accepted, now);
                event.about(salt, claims.subject(), claims.token_id())
            }
            Err(error) => Self::refused::<T>(*error, now),
        }
    }

    /// What became of a refresh token with these claims when it was presented.
    #[must_use]
    pub fn from_rotation(
        rotation: &Rotation<'_>,
        claims: &Claims<'_, Refresh>,
        salt: &[u8],
        now: Timestamp,
    ) -> Self {
        let event = Self::new::<Refresh>(rotation.into(), now);
        event.about(salt, claims.subject(), claims.token_id())
    }

    /// A request that was refused by an error of this crate that has a [`Rule`].
    #[must_use]
    pub fn refused<T: TokenType>(error: impl Into<Rule>, now: Timestamp) -> Self {
        Self::new::<T>(Outcome::Refused(error.into()), now)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            outcome,
            token_type,
            ..
        } = self;
        write!(f, "at={at} outcome={outcome} type={token_type}")?;
        if let Some(subject) = self.subject {
            write!(f, " subject={subject}")?;
        }
        if let Some(token_id) = self.token_id {
            write!(f, " token={token_id}")?;
        }
        Ok(())
    }
}

impl serde::Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Event", 5)?;
        map.serialize_field("at", &self.at.as_secs())?;
        map.serialize_field("outcome", &self.outcome)?;
        map.serialize_field("type", self.token_type)?;
        map.serialize_field("subject", &self.subject)?;
        map.serialize_field("token", &self.token_id)?;
        map.end()
    }
}
