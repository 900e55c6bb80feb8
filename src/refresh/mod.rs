//! Refresh tokens that work once: rotation, and finding out about reuse (RFC 9700 section 4.14.2).
//!
//! The refresh tokens that stem from one login are a family, named by the claim `sid`. Each use replaces the family's
//! token. Whoever presents a replaced one may be a thief, or the rightful client after a thief: the family is revoked.

mod family;
mod record;
mod store;
mod table;

pub use family::{Family, TokenPair};
pub use record::RecordError;
pub use store::{FamilyStore, StoreError};
pub use table::{FamilyTable, TableError};

use core::time::Duration;

use crate::claims::{Claims, Refresh};
use crate::id::TokenId;
use crate::time::Timestamp;

/// What becomes of a refresh token that was presented, and of its family.
///
/// [`FamilyStore::rotate`] loads, decides and stores. A service whose storage is asynchronous does the same around
/// [`Rotation::decide`]: load the family by `sid`, decide, replace the stored family by [`Rotation::family`] if it is still
/// the one that was loaded, else start again; and only then sign the pair.
///
/// # The grace window
/// A client that got no answer still has the token that its request has replaced. With a window it may present that token
/// again, once: the token that was lost is not valid from then on, and presenting either of them again is a replay.
/// The window is counted in whole seconds from the rotation that replaced the token, and it is open while `now` is earlier
/// than its end. Nothing moves that end: neither the repeat, which shuts the window, nor a longer window passed later. A
/// shorter or no window passed later does shut it. A clock that has been set back since, or a second server's clock that is
/// behind, leaves the window open if it is behind by no more than the window, else shuts it.
///
/// With a window a thief has as long to use a token that the client has just replaced; the client's next refresh then is
/// the replay that reveals it. So the window is short, a few seconds, or none.
///
/// ```
/// use core::time::Duration;
/// use jotlet::{ClaimsBuffer, Family, Issuer, Key, Refresh, Rotation, Timestamp, TokenId, Verifier};
///
/// # let random = |n| TokenId::from_bytes([n; 16]);
/// # let key = Key::new(&[7; 32])?;
/// let issuer = Issuer::new(&key);
/// let now = Timestamp::from_secs(1_767_225_600);
///
/// // Login. The family is stored by its session id.
/// let ends_at = now.saturating_add(Duration::from_secs(7 * 86_400));
/// let family = Family::start(random(1), random(2), ends_at);
/// let pair = family.pair("user-42");
/// let access = pair.access(&issuer, random(3)).fresh().sign_owned::<384>(now)?;
/// let refresh = pair.refresh(&issuer).sign_owned::<384>(now)?;
///
/// // Refresh.
/// let mut buffer = ClaimsBuffer::<256>::new();
/// let claims = Verifier::<Refresh>::new(&key).verify(&refresh, now, &mut buffer)?;
/// let Rotation::Rotated { family, pair } =
///     Rotation::decide(Some(&family), &claims, random(4), now, Duration::ZERO)
/// else {
///     panic!("the family is live, and this is its token");
/// };
/// let access = pair.access(&issuer, random(5)).sign_owned::<384>(now)?;
/// let refresh = pair.refresh(&issuer).sign_owned::<384>(now)?;
///
/// // The first refresh token again.
/// let replay = Rotation::decide(Some(&family), &claims, random(6), now, Duration::ZERO);
/// assert!(matches!(replay, Rotation::Replayed { family } if family.is_revoked()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the new family has to be stored"]
pub enum Rotation<'b> {
    /// The token was replaced.
    Rotated {
        /// The family as it has to be stored before the pair is signed.
        family: Family,
        /// The tokens that the client gets.
        pair: TokenPair<'b>,
    },
    /// The token had been replaced before: the family is revoked, and everyone who holds a token of it has to log in again.
    Replayed {
        /// The family as it has to be stored.
        family: Family,
    },
    /// There is no such family, or the token is not one of a family: it has no `sub`, or its `jti` or `sid` is not a
    /// [`TokenId`]'s text, or its `sid` is not that of the family that was passed.
    Unknown,
    /// The family has come to its end.
    Expired {
        /// The first second in which the family is not live any more.
        ended_at: Timestamp,
        /// The time that the caller passed.
        now: Timestamp,
    },
    /// The family has been revoked earlier, by a replay or a logout.
    Revoked,
    /// The fresh id is one that the family has already: the random source is broken, and rotating would replace nothing.
    RepeatedId,
}

impl<'b> Rotation<'b> {
    /// Decides about a refresh token whose claims have been verified. The same input always gives the same answer.
    ///
    /// `family` is what is stored for the token's `sid`, `next` an id from the caller's random source, `grace` the window
    /// described above, [`Duration::ZERO`] for none.
    pub fn decide(
        family: Option<&Family>,
        claims: &Claims<'b, Refresh>,
        next: TokenId,
        now: Timestamp,
        grace: Duration,
    ) -> Self {
        let session = claims.session();
        let id = claims.token_id().and_then(TokenId::parse);
        let family = family.filter(|family| Some(family.session()) == session);
        let (Some(family), Some(id), Some(subject)) = (family, id, claims.subject()) else {
            return Self::Unknown;
        };
        if now >= family.ends_at() {
            let ended_at = family.ends_at();
            return Self::Expired { ended_at, now };
        }
        if family.is_revoked() {
            return Self::Revoked;
        }
        if !family.takes(id, now, grace) {
            let family = family.revoked();
            return Self::Replayed { family };
        }
        match family.rotated(id, next, now, grace) {
            Some(family) => Self::Rotated {
                family,
                pair: family.pair(subject),
            },
            None => Self::RepeatedId,
        }
    }

    /// The family as it has to be stored; `None` if it stays as it is.
    #[must_use]
    pub fn family(&self) -> Option<&Family> {
        match self {
            Self::Rotated { family, .. } | Self::Replayed { family } => Some(family),
            Self::Unknown | Self::Expired { .. } | Self::Revoked | Self::RepeatedId => None,
        }
    }
}
