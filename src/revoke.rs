//! Revocation: tokens that are refused before they expire.

use core::fmt;
use core::time::Duration;

use sha2::{Digest, Sha256};

use crate::claims::{Claims, TokenId};
use crate::error::VerifyError;
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
/// use jotlet::{Access, ClaimsBuffer, Denylist, Issuer, Key, Timestamp, TokenId, Verifier, VerifyError};
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
/// // Log out everywhere: what the subject was issued until now. Its longest-lived tokens live for 30 days.
/// denylist.revoke_subject("user-42", now, Duration::from_secs(30 * 86_400), now)?;
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
