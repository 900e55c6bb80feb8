//! Points in time and spans of it: every sum of times is here, and saturates.

use core::fmt;
use core::time::Duration;

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z: RFC 7519 section 2, `NumericDate`.
///
/// jotlet has no clock. Whatever the system has is turned into a `Timestamp` by the caller: an RTC, SNTP, `Date.now()`,
/// `SystemTime`. A fraction of a second that a token carries is rounded up on reading, so that comparing it with a
/// whole-second `now` gives the same answer as comparing the exact values.
///
/// ```
/// use core::time::Duration;
/// use jotlet::Timestamp;
///
/// let now = Timestamp::from_secs(1_767_225_600);
/// assert_eq!(now.saturating_add(Duration::from_secs(60)).as_secs(), 1_767_225_660);
/// assert_eq!(Timestamp::MAX.saturating_add(Duration::from_secs(60)), Timestamp::MAX);
/// let expires_at = Timestamp::from_secs(1_767_226_500);
/// assert_eq!(expires_at.saturating_duration_since(now), Duration::from_secs(900));
/// assert_eq!(now.saturating_duration_since(expires_at), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last point in time that can be told.
    pub const MAX: Self = Self(u64::MAX);

    /// A point in time from whole seconds since the epoch.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// Whole seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// This time and `span` later, at most [`Timestamp::MAX`]. A fraction of a second in `span` is dropped.
    #[must_use]
    pub const fn saturating_add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.as_secs()))
    }

    /// This time and `span` earlier, at least the epoch. A fraction of a second in `span` is dropped.
    #[must_use]
    pub const fn saturating_sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.as_secs()))
    }

    /// How long this is after `earlier`; nothing if it is before: what is left of a token, say, or of a cookie.
    #[must_use]
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
