//! How often each outcome has happened.

use core::fmt;

use serde::ser::SerializeMap;

use super::Outcome;

/// A counter of 8 bytes for every [`Outcome`], 328 bytes in all. At `u64::MAX` a counter stays.
///
/// `Display` writes the counters that are not zero as one line of `name=count` pairs; serde writes all, as a map.
///
/// ```
/// use jotlet::{Counters, Outcome, Rule};
///
/// let mut counters = Counters::new();
/// assert_eq!(size_of_val(&counters), 328);
/// counters.count(Outcome::Issued);
/// counters.count(Outcome::Refused(Rule::Expired));
/// counters.count(Outcome::Refused(Rule::Expired));
/// assert_eq!(counters.get(Outcome::Refused(Rule::Expired)), 2);
/// assert_eq!(counters.to_string(), "issued=1 refused_expired=2");
///
/// // As Prometheus reads them.
/// let metrics: String = counters
///     .iter()
///     .map(|(outcome, count)| format!("tokens_total{{outcome=\"{outcome}\"}} {count}\n"))
///     .collect();
/// assert!(metrics.starts_with("tokens_total{outcome=\"issued\"} 1\n"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters([u64; Outcome::COUNT]);

impl Counters {
    /// All counters at zero.
    #[must_use]
    pub const fn new() -> Self {
        Self([0; Outcome::COUNT])
    }

    /// Counts an outcome.
    pub fn count(&mut self, outcome: Outcome) {
        if let Some(count) = self.0.get_mut(outcome.index()) {
            *count = count.saturating_add(1);
        }
    }

    /// How often this outcome has happened.
    #[must_use]
    pub fn get(&self, outcome: Outcome) -> u64 {
        self.0.get(outcome.index()).copied().unwrap_or_default()
    }

    /// How often tokens and requests were refused, by whatever rule.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.iter()
            .filter(|(outcome, _)| matches!(outcome, Outcome::Refused(_)))
            .fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// Every outcome with its counter, those at zero too.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::all().zip(self.0)
    }

    /// Adds the counters of another part of the system, as of another thread.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }

    /// Sets all counters to zero, and returns what they were.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "what they were may be of no interest"
    )]
    pub fn reset(&mut self) -> Self {
        core::mem::take(self)
    }
}

impl Default for Counters {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for (outcome, count) in self.iter().filter(|(_, count)| *count > 0) {
            write!(f, "{space}{outcome}={count}")?;
            space = " ";
        }
        Ok(())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Counters {
    fn format(&self, f: defmt::Formatter<'_>) {
        for (outcome, count) in self.iter().filter(|(_, count)| *count > 0) {
            defmt::write!(f, "{=str}={=u64} ", outcome.name(), count);
        }
    }
}

impl serde::Serialize for Counters {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Outcome::COUNT))?;
        for (outcome, count) in self.iter() {
            map.serialize_entry(outcome.name(), &count)?;
        }
        map.end()
    }
}
