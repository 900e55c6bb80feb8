//! What happened to tokens: an event for every outcome, counters for metrics, and a detector of suspicious sources.

mod counters;
mod detector;
mod event;
mod outcome;
mod rule;

pub use counters::Counters;
pub use detector::{Alert, Detector};
pub use event::{Event, Fingerprint};
pub use outcome::{Outcome, Suspicion};
pub use rule::Rule;
