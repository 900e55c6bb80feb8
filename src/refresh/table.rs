//! Families in memory of a fixed size.

use core::convert::Infallible;
use core::fmt;

use super::{Family, FamilyStore};
use crate::claims::Claims;
use crate::error::VerifyError;
use crate::id::TokenId;
use crate::registered::RegisteredClaim;
use crate::revoke::Revocations;
use crate::time::Timestamp;

/// At most `N` families in the caller's memory, for a firmware or a small service: 80 bytes a family.
///
/// A family stays until its end, also when it has been revoked, so that its tokens go on being told as revoked. When the
/// table is full, a login is refused unless a family has come to its end. No live family is ever dropped for another.
///
/// Passed to [`Verifier::verify_with`](crate::Verifier::verify_with), the table refuses the access tokens of revoked families.
///
/// ```
/// use core::time::Duration;
/// use jotlet::{
///     ClaimsBuffer, Family, FamilyStore, FamilyTable, Issuer, Key, Refresh, Rotation, Timestamp,
///     TokenId, Verifier,
/// };
///
/// # let random = |n| TokenId::from_bytes([n; 16]);
/// # let key = Key::new(&[7; 32])?;
/// # let issuer = Issuer::new(&key);
/// # let now = Timestamp::from_secs(0);
/// let mut families = FamilyTable::<16>::new();
///
/// // Login.
/// let family = Family::start(random(1), random(2), Timestamp::from_secs(7 * 86_400));
/// families.insert(family, now)?;
/// let refresh = family.pair("user-42").refresh(&issuer).sign_owned::<384>(now)?;
///
/// // Refresh, and a second time with the same token.
/// let mut buffer = ClaimsBuffer::<256>::new();
/// let claims = Verifier::<Refresh>::new(&key).verify(&refresh, now, &mut buffer)?;
/// let first = families.rotate(&claims, random(3), now, Duration::ZERO)?;
/// let second = families.rotate(&claims, random(4), now, Duration::ZERO)?;
/// assert!(matches!(first, Rotation::Rotated { .. }));
/// assert!(matches!(second, Rotation::Replayed { .. }));
///
/// // On a Cortex-M as here.
/// assert_eq!(size_of::<FamilyTable<16>>(), 1288);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FamilyTable<const N: usize>(heapless::Vec<Family, N>);

impl<const N: usize> FamilyTable<N> {
    /// An empty table.
    #[must_use]
    pub const fn new() -> Self {
        Self(heapless::Vec::new())
    }

    /// Adds the family of a login, or one that was kept elsewhere. If the table is full, families that have come to their
    /// end by `now` are dropped first.
    ///
    /// # Errors
    /// [`TableError`]: the table is as it was, but for families that have come to their end.
    pub fn insert(&mut self, family: Family, now: Timestamp) -> Result<(), TableError> {
        if self.0.iter().any(|other| other.session == family.session) {
            return Err(TableError::SessionTaken);
        }
        if self.0.is_full() {
            self.0.retain(|other| now < other.ends_at);
        }
        self.0
            .push(family)
            .map_err(|_| TableError::Full { capacity: N })
    }

    /// The families, in the order in which they were added. Some may have come to their end.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.0
    }
}

impl<const N: usize> FamilyStore for FamilyTable<N> {
    type Error = Infallible;

    fn load(&mut self, session: TokenId) -> Result<Option<Family>, Infallible> {
        let found = self.0.iter().find(|family| family.session == session);
        Ok(found.copied())
    }

    fn compare_and_swap(&mut self, old: &Family, new: &Family) -> Result<bool, Infallible> {
        let found = self.0.iter_mut().find(|family| *family == old);
        Ok(found.map(|family| *family = *new).is_some())
    }
}

/// Refuses the access tokens of a revoked family too (RFC 7009 section 2.1). A token whose family is not in the table is
/// refused as [`VerifyError::RevocationUnknown`].
impl<T, const N: usize> Revocations<T> for FamilyTable<N> {
    fn check(&self, claims: &Claims<'_, T>) -> Result<(), VerifyError> {
        let claim = RegisteredClaim::SessionId;
        let session = claims.session_id();
        let session = TokenId::parse(session.ok_or(VerifyError::MissingClaim { claim })?);
        let found = self.0.iter().find(|family| Some(family.session) == session);
        match found.map(Family::is_revoked) {
            Some(false) => Ok(()),
            Some(true) => Err(VerifyError::Revoked),
            None => Err(VerifyError::RevocationUnknown),
        }
    }
}

/// Why a family was not added to a [`FamilyTable`].
///
/// ```
/// # use jotlet::{Family, FamilyTable, TableError, Timestamp, TokenId};
/// # let random = |n| TokenId::from_bytes([n; 16]);
/// let (now, ends_at) = (Timestamp::from_secs(0), Timestamp::from_secs(600));
/// let mut families = FamilyTable::<1>::new();
/// families.insert(Family::start(random(1), random(2), ends_at), now)?;
/// let second = Family::start(random(3), random(4), ends_at);
/// assert_eq!(families.insert(second, now), Err(TableError::Full { capacity: 1 }));
/// assert_eq!(families.insert(second, ends_at), Ok(()));
/// # Ok::<(), TableError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TableError {
    /// Every place is taken by a family that has not come to its end.
    Full {
        /// How many families the table holds.
        capacity: usize,
    },
    /// The table has a family of this session: the random source has repeated an id, or the family was added before.
    SessionTaken,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { capacity } => write!(f, "the table is full with {capacity} families"),
            Self::SessionTaken => f.write_str("the table has a family of this session"),
        }
    }
}

impl core::error::Error for TableError {}
