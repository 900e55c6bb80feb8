//! Where sessions are kept. jotlet decides what becomes of a family; a store loads it, and replaces it if it is still the same.

mod memory;
mod redis;

use std::fmt;
use std::time::Duration;

use jotlet::{Claims, Family, Refresh, Rotation, Timestamp, TokenId};

use memory::Memory;
use redis::Redis;

/// How often an operation starts again because another one has changed the family meanwhile.
const MAX_ATTEMPTS: u32 = 8;

/// Why nothing became of an operation. Whoever asked for it gets 503, and can ask again.
pub type StoreError = jotlet::StoreError<Failure>;

/// The store did not answer, or not what it should.
#[derive(Debug)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// The families by session id, the sessions by subject, and since when a subject's tokens that have no session are accepted.
pub enum Store {
    /// In this process: gone when it ends, and with it every session.
    Memory(Memory),
    /// In Redis, shared by as many instances as there are.
    Redis(Redis),
}

/// Calls the same method of whichever store it is; Redis's answer is awaited.
macro_rules! either {
    ($store:expr, $method:ident($($argument:expr),*)) => {
        match $store {
            Self::Memory(memory) => Ok(memory.$method($($argument),*)),
            Self::Redis(redis) => redis.$method($($argument),*).await,
        }
    };
}

impl Store {
    /// Redis if there is a URL, else memory.
    ///
    /// # Errors
    /// A message for the operator: the URL is malformed. Whether Redis answers is not asked.
    pub fn new(redis_url: Option<&str>) -> Result<Self, String> {
        match redis_url {
            None => Ok(Self::Memory(Memory::default())),
            Some(url) => Redis::new(url).map(Self::Redis),
        }
    }

    /// What a health check says about the store.
    pub async fn health(&self) -> &'static str {
        match self {
            Self::Memory(_) => "memory",
            Self::Redis(redis) if redis.ping().await.is_ok() => "redis",
            Self::Redis(_) => "redis does not answer",
        }
    }

    /// Keeps the family of a login until its end.
    ///
    /// # Errors
    /// [`StoreError`]: the login has failed.
    pub async fn start(
        &self,
        family: &Family,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        either!(self, start(family, subject, now)).map_err(StoreError::Store)
    }

    /// The family of a session, if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(&self, session: TokenId) -> Result<Option<Family>, StoreError> {
        either!(self, load(session)).map_err(StoreError::Store)
    }

    /// Replaces `old` by `new` in one step, if `old` is what is stored; tells whether `new` is stored now.
    async fn swap(&self, old: &Family, new: &Family) -> Result<bool, StoreError> {
        either!(self, swap(old, new)).map_err(StoreError::Store)
    }

    /// jotlet's `FamilyStore::rotate` for a store that answers asynchronously: load, decide, store; and again if another
    /// request was faster. Nothing is to be signed unless this has returned.
    ///
    /// # Errors
    /// [`StoreError`]: the client gets no tokens.
    pub async fn rotate<'b>(
        &self,
        claims: &Claims<'b, Refresh>,
        next: TokenId,
        now: Timestamp,
        grace: Duration,
    ) -> Result<Rotation<'b>, StoreError> {
        let Some(session) = claims.session() else {
            return Ok(Rotation::Unknown);
        };
        for _ in 0..MAX_ATTEMPTS {
            let stored = self.load(session).await?;
            let rotation = Rotation::decide(stored.as_ref(), claims, next, now, grace);
            let (Some(old), Some(new)) = (&stored, rotation.family()) else {
                return Ok(rotation);
            };
            if self.swap(old, new).await? {
                return Ok(rotation);
            }
        }
        Err(StoreError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// Revokes a session, for a logout. To revoke one again, or one that is not there, is no error.
    ///
    /// # Errors
    /// [`StoreError`]: the session may still be live.
    pub async fn revoke(&self, session: TokenId) -> Result<(), StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            let Some(old) = self.load(session).await? else {
                return Ok(());
            };
            if self.swap(&old, &old.revoked()).await? {
                return Ok(());
            }
        }
        Err(StoreError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// The sessions of a subject that have not come to their end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sessions(
        &self,
        subject: &str,
        now: Timestamp,
    ) -> Result<Vec<TokenId>, StoreError> {
        either!(self, sessions(subject, now)).map_err(StoreError::Store)
    }

    /// Refuses from now on what a subject was issued before a time by someone who keeps no sessions here; for as long as such
    /// a token may live.
    ///
    /// # Errors
    /// [`StoreError`]: nothing is refused.
    pub async fn cut_off(
        &self,
        subject: &str,
        before: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        either!(self, cut_off(subject, before, until)).map_err(StoreError::Store)
    }

    /// Before which time a subject's tokens that have no session were cut off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cut_off_before(&self, subject: &str) -> Result<Timestamp, StoreError> {
        let before = either!(self, cut_off_before(subject)).map_err(StoreError::Store)?;
        Ok(before.unwrap_or_default())
    }
}
