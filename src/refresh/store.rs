//! Where families are kept: what a store has to be able to do, and what is done with one.

use core::fmt;
use core::time::Duration;

use super::{Family, Rotation};
use crate::claims::{Claims, Refresh};
use crate::id::TokenId;
use crate::time::Timestamp;

/// How often an operation starts again because another one has changed the family meanwhile.
const MAX_ATTEMPTS: u32 = 8;

/// A store of families by session id, in which several callers may work at the same time.
///
/// An implementation has to load one family and to replace one if it is still what was loaded. In SQL that is
/// `UPDATE … SET record = $new WHERE session = $id AND record = $old`, which has changed one row or none. How a family
/// comes into the store, and goes when it has come to its end, is the implementation's own affair. A shared store
/// implements the trait for a reference to itself. Where a store answers asynchronously, see [`Rotation`].
///
/// ```
/// use std::collections::HashMap;
/// use jotlet::{Family, FamilyStore, RecordError, TokenId};
///
/// struct Records(HashMap<[u8; 16], [u8; Family::RECORD_LEN]>);
///
/// impl FamilyStore for Records {
///     type Error = RecordError;
///
///     fn load(&mut self, session: TokenId) -> Result<Option<Family>, RecordError> {
///         let record = self.0.get(session.as_bytes());
///         record.map(|record| Family::from_record(record)).transpose()
///     }
///
///     fn compare_and_swap(&mut self, old: &Family, new: &Family) -> Result<bool, RecordError> {
///         let stored = self.0.get_mut(old.session().as_bytes());
///         let stored = stored.filter(|stored| **stored == old.to_record());
///         Ok(stored.map(|stored| *stored = new.to_record()).is_some())
///     }
/// }
/// ```
pub trait FamilyStore {
    /// Why the store could not answer.
    type Error;

    /// The family of a session, if there is one.
    ///
    /// # Errors
    /// The store's own.
    fn load(&mut self, session: TokenId) -> Result<Option<Family>, Self::Error>;

    /// Replaces `old` by `new`, in one step, if `old` is exactly what is stored for its session; tells whether it was.
    /// Both are of the same session.
    ///
    /// # Errors
    /// The store's own.
    fn compare_and_swap(&mut self, old: &Family, new: &Family) -> Result<bool, Self::Error>;

    /// Decides about a refresh token whose claims have been verified, and stores what becomes of its family:
    /// [`Rotation::decide`], again from the start as long as another caller changes the family meanwhile.
    ///
    /// Whatever is returned has been stored. A new pair that can't be signed or delivered is lost to the client, who is
    /// left with the grace window, if there is one.
    ///
    /// # Errors
    /// [`StoreError`]: nothing has been decided, and the client must get no tokens.
    fn rotate<'b>(
        &mut self,
        claims: &Claims<'b, Refresh>,
        next: TokenId,
        now: Timestamp,
        grace: Duration,
    ) -> Result<Rotation<'b>, StoreError<Self::Error>> {
        let Some(session) = claims.session() else {
            return Ok(Rotation::Unknown);
        };
        for _ in 0..MAX_ATTEMPTS {
            let stored = self.load(session).map_err(StoreError::Store)?;
            let rotation = Rotation::decide(stored.as_ref(), claims, next, now, grace);
            let (Some(old), Some(new)) = (&stored, rotation.family()) else {
                return Ok(rotation);
            };
            if self.compare_and_swap(old, new).map_err(StoreError::Store)? {
                return Ok(rotation);
            }
        }
        Err(StoreError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// Revokes the family of a session, for a logout. `false` if there is no such family.
    ///
    /// # Errors
    /// [`StoreError`]: the family may still be live.
    fn revoke(&mut self, session: TokenId) -> Result<bool, StoreError<Self::Error>> {
        for _ in 0..MAX_ATTEMPTS {
            let Some(old) = self.load(session).map_err(StoreError::Store)? else {
                return Ok(false);
            };
            let new = old.revoked();
            if self
                .compare_and_swap(&old, &new)
                .map_err(StoreError::Store)?
            {
                return Ok(true);
            }
        }
        Err(StoreError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }
}

/// Why nothing became of an operation on a [`FamilyStore`].
///
/// ```
/// use jotlet::StoreError;
///
/// let error: StoreError<&str> = StoreError::Store("no connection");
/// assert_eq!(error.to_string(), "the store of the families failed: no connection");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum StoreError<E> {
    /// The store could not answer.
    Store(E),
    /// Each time, another caller had changed the family before the decision could be stored.
    Contended {
        /// How often it was tried.
        attempts: u32,
    },
}

impl<E: fmt::Display> fmt::Display for StoreError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "the store of the families failed: {error}"),
            Self::Contended { attempts } => {
                write!(f, "the family was changed by others in {attempts} attempts")
            }
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for StoreError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Contended { .. } => None,
        }
    }
}
