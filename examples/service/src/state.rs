//! What every request has at hand.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jotlet::{Timestamp, TokenId};

use crate::keys::{Keys, KeysError};
use crate::monitor::Monitor;
use crate::settings::{Settings, WhenStoreIsDown};
use crate::store::Store;
use crate::users::Users;

/// The service: keys, users, the store, and what the settings say.
pub struct Service {
    /// The keys.
    pub keys: Keys,
    /// Who may log in.
    pub users: Users,
    /// The sessions.
    pub store: Store,
    /// The log and the counters.
    pub monitor: Monitor,
    /// See [`Settings::access_lifetime`].
    pub access_lifetime: Duration,
    /// See [`Settings::refresh_lifetime`].
    pub refresh_lifetime: Duration,
    /// See [`Settings::refresh_grace`].
    pub refresh_grace: Duration,
    /// See [`Settings::when_store_is_down`].
    pub when_store_is_down: WhenStoreIsDown,
    /// See [`Settings::insecure_cookies`].
    pub insecure_cookies: bool,
}

impl Service {
    /// The service of these settings. Redis need not run yet.
    ///
    /// # Errors
    /// A message for the operator.
    pub fn new(settings: Settings) -> Result<Arc<Self>, String> {
        Ok(Arc::new(Self {
            keys: Keys::new(settings.keys).map_err(|error: KeysError| error.to_string())?,
            users: Users::parse(&settings.users)?,
            store: Store::new(settings.redis_url.as_deref())?,
            monitor: Monitor::new()?,
            access_lifetime: settings.access_lifetime,
            refresh_lifetime: settings.refresh_lifetime,
            refresh_grace: settings.refresh_grace,
            when_store_is_down: settings.when_store_is_down,
            insecure_cookies: settings.insecure_cookies,
        }))
    }
}

/// The system's clock. Before 1970 nothing is valid yet.
#[must_use]
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_secs(since_epoch.as_secs())
}

/// An id from the system's random source.
///
/// # Errors
/// The random source's: nothing may be issued without it.
pub fn random_id() -> Result<TokenId, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(TokenId::from_bytes(bytes))
}
