//! Revocation: tokens that are refused before they expire.

use core::fmt;
use core::time::Duration;

use sha2::{Digest, Sha256};

use crate::claims::Claims;
use crate::error::VerifyError;
use crate::id::TokenId;
use crate::registered::RegisteredClaim;
use crate::time::Timestamp;

/// What [`Verifier::verify_with`](crate::Verifier::verify_with) asks about a token that has passed every other check.
///
/// A [`Denylist`] answers from memory. An implementation that asks a database refuses where it gets no answer.
///
/// ```
/// use jotlet::{Claims, Revocations, VerifyError};
///
/// struct Sessions<'a>(&'a dyn Fn(&str) -> Option<bool>);
///
/// impl<T> Revocations<T> for Sessions<'_> {
///     fn check(&self, claims: &Claims<'_, T>) -> Result<(), VerifyError> {
///         match claims.session_id().map(self.0) {
///             Some(Some(true)) => Ok(()),
///             Some(Some(false)) => Err(VerifyError::Revoked),
///             Some(None) | None => Err(VerifyError::RevocationUnknown),
///         }
///     }
/// }
/// ```
pub trait Revocations<T> {
    /// Whether the token is to be refused.
    ///
    /// # Errors
    /// [`VerifyError::Revoked`]; [`VerifyError::RevocationUnknown`] if it is not known whether it is revoked;
    /// [`VerifyError::MissingClaim`] if the token lacks the claim that would tell.
    fn check(&self, claims: &Claims<'_, T>) -> Result<(), VerifyError>;
}

/// At most `N` revocations in the caller's memory, 40 bytes each: of single tokens by their `jti` (RFC 7519 section 4.1.7),
/// and of everything that a subject was issued before a time. One more, which takes no place, covers every subject.
///
/// A token is found by binary search. It has to have a `jti`, else it is refused, since nobody could ever revoke it.
///
/// # When it is full
/// Revocations whose time is over make room. If there are none, revoking is an error and the list stays as it was: nothing
/// is dropped for something else, and **the token goes on being accepted**. So the error must reach whoever asked for the
/// revocation, as a logout that has failed; or the caller cuts off [everything](Self::revoke_all), which always succeeds.
///
/// # What it has dropped
/// A revocation is needed for as long as its token can be accepted, which a verifier's leeway or a clock that is set back can
/// make longer than the token's own life. Therefore the list keeps in mind the latest expiry among what it has dropped: a
/// token that expires no later is refused as [`VerifyError::RevocationUnknown`]. With no leeway and a clock that only moves
/// on, no token gets so far.
///
/// A list in RAM is empty after a reset. Where it can't be filled again, it starts with `revoke_all(now)`: nothing that was
/// issued before is accepted any more.
///
/// ```
/// use core::time::Duration;
/// use jotlet::{
///     Access, ClaimsBuffer, Denylist, Issuer, Key, Timestamp, TokenId, Verifier, VerifyError,
/// };
///
/// # let random = |n| TokenId::from_bytes([n; 16]);
/// # let key = Key::new(&[7; 32])?;
/// # let issuer = Issuer::new(&key);
/// # let now = Timestamp::from_secs(1_767_225_600);
/// # let mut buffer = ClaimsBuffer::<256>::new();
/// let mut denylist = Denylist::<32>::new();
/// let verifier = Verifier::<Access>::new(&key);
/// let token = issuer.access("user-42", random(1)).sign_owned::<384>(now)?;
///
/// // Logout: this token.
/// let claims = verifier.verify_with(&token, now, &mut buffer, &denylist)?;
/// denylist.revoke(&claims, now)?;
/// let refusal = verifier.verify_with(&token, now, &mut buffer, &denylist).unwrap_err();
/// assert_eq!(refusal, VerifyError::Revoked);
///
/// // Log out everywhere: what the subject was issued until now. No token of it lives for more
/// // than 30 days.
/// denylist.revoke_subject("user-42", now, Duration::from_secs(30 * 86_400), now)?;
///
/// // On a Cortex-M as here.
/// assert_eq!(size_of::<Denylist<32>>(), 1304);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Denylist<const N: usize> {
    /// Sorted by `of`: the tokens, then the subjects.
    entries: heapless::Vec<Revocation, N>,
    /// What was issued to whomever before this is revoked.
    issued_before: Timestamp,
    /// The latest time at which a revocation that was dropped was over.
    dropped_until: Timestamp,
}

#[derive(Clone, Copy, Debug)]
struct Revocation {
    of: Revoked,
    /// For a subject: its tokens that were issued before this are revoked.
    issued_before: Timestamp,
    /// The first second in which the revocation is not needed any more.
    until: Timestamp,
}

/// What is revoked. The order of the variants is that of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Revoked {
    Token([u8; 16]),
    Subject([u8; 16]),
}

impl<const N: usize> Denylist<N> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: heapless::Vec::new(),
            issued_before: Timestamp::from_secs(0),
            dropped_until: Timestamp::from_secs(0),
        }
    }

    /// Revokes a token that has been verified, until its `exp`; one without `exp` for ever.
    ///
    /// # Errors
    /// [`RevokeError::Full`]: the token is not revoked. [`RevokeError::MissingTokenId`].
    pub fn revoke<T>(&mut self, claims: &Claims<'_, T>, now: Timestamp) -> Result<(), RevokeError> {
        let id = claims.token_id().ok_or(RevokeError::MissingTokenId)?;
        let expires_at = claims.expires_at().unwrap_or(Timestamp::MAX);
        self.revoke_id(id, expires_at, now)
    }

    /// Revokes the token with this `jti`, any text, until it expires.
    ///
    /// # Errors
    /// [`RevokeError::Full`]: the token is not revoked.
    pub fn revoke_id(
        &mut self,
        id: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), RevokeError> {
        self.add(
            Revocation {
                of: Revoked::token(id),
                issued_before: Timestamp::MAX,
                until: expires_at,
            },
            now,
        )
    }

    /// Revokes what a subject was issued in the seconds before `issued_before` (`iat`, RFC 7519 section 4.1.6). Its tokens
    /// without `iat` are refused then.
    ///
    /// `longest` is the longest lifetime of its tokens, `Duration::MAX` if some have no `exp`: the revocation is over when
    /// the last of them has expired. Tokens of the same second as `issued_before` are spared; one second more takes
    /// them too, and with them a login in that second.
    ///
    /// # Errors
    /// [`RevokeError::Full`]: nothing is revoked.
    pub fn revoke_subject(
        &mut self,
        subject: &str,
        issued_before: Timestamp,
        longest: Duration,
        now: Timestamp,
    ) -> Result<(), RevokeError> {
        self.add(
            Revocation {
                of: Revoked::subject(subject),
                issued_before,
                until: issued_before.saturating_add(longest),
            },
            now,
        )
    }

    /// Revokes what anyone was issued in the seconds before `issued_before`. Tokens without `iat` are refused from now on.
    pub fn revoke_all(&mut self, issued_before: Timestamp) {
        self.issued_before = self.issued_before.max(issued_before);
    }

    fn find(&self, of: Revoked) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&of, |entry| entry.of)
    }

    fn add(&mut self, added: Revocation, now: Timestamp) -> Result<(), RevokeError> {
        let known = self.find(added.of).ok();
        if let Some(entry) = known.and_then(|at| self.entries.get_mut(at)) {
            entry.issued_before = entry.issued_before.max(added.issued_before);
            entry.until = entry.until.max(added.until);
            return Ok(());
        }
        if self.entries.is_full() {
            self.drop_expired(now);
        }
        // The last one goes to the end, and each that it was before moves up by one.
        let mut last = added;
        let full = RevokeError::Full { capacity: N };
        if self.entries.is_full() {
            return Err(full);
        }
        for entry in self.entries.iter_mut().filter(|entry| entry.of > added.of) {
            core::mem::swap(entry, &mut last);
        }
        self.entries.push(last).map_err(|_| full)
    }

    fn drop_expired(&mut self, now: Timestamp) {
        let dropped_until = &mut self.dropped_until;
        self.entries.retain(|entry| {
            let needed = now < entry.until;
            if !needed {
                *dropped_until = entry.until.max(*dropped_until);
            }
            needed
        });
    }

    /// Before which time the tokens of this subject have been revoked.
    fn issued_before<T>(&self, claims: &Claims<'_, T>) -> Result<Timestamp, VerifyError> {
        let Some(Revoked::Subject(_)) = self.entries.last().map(|last| last.of) else {
            return Ok(self.issued_before);
        };
        let claim = RegisteredClaim::Subject;
        let subject = claims
            .subject()
            .ok_or(VerifyError::MissingClaim { claim })?;
        let found = self.find(Revoked::subject(subject)).ok();
        let found = found.and_then(|at| self.entries.get(at));
        Ok(found.map_or(self.issued_before, |entry| {
            entry.issued_before.max(self.issued_before)
        }))
    }
}

impl<T, const N: usize> Revocations<T> for Denylist<N> {
    fn check(&self, claims: &Claims<'_, T>) -> Result<(), VerifyError> {
        let claim = RegisteredClaim::TokenId;
        let id = claims
            .token_id()
            .ok_or(VerifyError::MissingClaim { claim })?;
        if self.find(Revoked::token(id)).is_ok() {
            return Err(VerifyError::Revoked);
        }
        let issued_before = self.issued_before(claims)?;
        if issued_before > Timestamp::from_secs(0) {
            let claim = RegisteredClaim::IssuedAt;
            let issued_at = claims.issued_at();
            if issued_at.ok_or(VerifyError::MissingClaim { claim })? < issued_before {
                return Err(VerifyError::Revoked);
            }
        }
        match claims.expires_at() {
            Some(expires_at) if expires_at <= self.dropped_until => {
                Err(VerifyError::RevocationUnknown)
            }
            _ => Ok(()),
        }
    }
}

impl Revoked {
    /// Ids that jotlet writes stand for themselves, which spares the hash.
    fn token(id: &str) -> Self {
        Self::Token(match TokenId::parse(id) {
            Some(id) => *id.as_bytes(),
            None => fingerprint(id),
        })
    }

    fn subject(subject: &str) -> Self {
        Self::Subject(fingerprint(subject))
    }
}

/// The first 16 bytes of the SHA-256: to make two texts with the same ones, or one with those of a given id, takes 2^64 tries or
/// more. What that gains is one refusal too many.
fn fingerprint(text: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(text).into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// Why a [`Denylist`] did not take a revocation: what it was about is still accepted.
///
/// ```
/// use jotlet::{Denylist, RevokeError, Timestamp};
///
/// let (now, expires_at) = (Timestamp::from_secs(0), Timestamp::from_secs(900));
/// let mut denylist = Denylist::<1>::new();
/// denylist.revoke_id("first", expires_at, now)?;
/// let refusal = denylist.revoke_id("second", expires_at, now).unwrap_err();
/// assert_eq!(refusal, RevokeError::Full { capacity: 1 });
/// # Ok::<(), RevokeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RevokeError {
    /// Every place is taken by a revocation that is still needed.
    Full {
        /// How many revocations the list holds.
        capacity: usize,
    },
    /// The token has no `jti`: RFC 7519 section 4.1.7.
    MissingTokenId,
}

impl fmt::Display for RevokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { capacity } => {
                write!(f, "the denylist is full with {capacity} revocations")
            }
            Self::MissingTokenId => f.write_str("the token has no jti (RFC 7519 4.1.7)"),
        }
    }
}

impl core::error::Error for RevokeError {}
