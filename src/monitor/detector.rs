//! Sources that do suspicious things too often, in a fixed amount of memory.

use core::fmt;
use core::time::Duration;

use serde::ser::SerializeStruct;

use super::{Event, Suspicion};
use crate::time::Timestamp;

/// That a [`Detector`] has seen too much.
///
/// `Display` writes it as one line of `key=value` pairs, and serde as a map of the same names.
///
/// ```
/// use core::time::Duration;
/// use jotlet::{Access, Alert, Detector, Event, Rule, Timestamp};
///
/// let mut detector = Detector::<1>::new(2, Duration::from_secs(60));
/// let event = Event::refused::<Access>(Rule::WrongType, Timestamp::from_secs(100));
/// assert_eq!(detector.observe(1, &event), None);
/// let alert = detector.observe(2, &event);
/// assert_eq!(alert, Some(Alert::Crowd { sources: 1, at: event.at }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Alert {
    /// One source has done something suspicious too often.
    Burst {
        /// What it has done.
        suspicion: Suspicion,
        /// The source, as the caller named it.
        source: u64,
        /// How often, in this window and the one before.
        count: u32,
        /// When it was once too often.
        at: Timestamp,
    },
    /// More sources are suspicious at once than the detector can tell apart: it had to forget one. Somebody may be
    /// attacking from many addresses.
    Crowd {
        /// How many sources the detector tells apart.
        sources: usize,
        /// When it had to forget one.
        at: Timestamp,
    },
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Burst {
                suspicion,
                source,
                count,
                at,
            } => write!(
                f,
                "at={at} alert={suspicion} source={source:016x} count={count}"
            ),
            Self::Crowd { sources, at } => write!(f, "at={at} alert=crowd count={sources}"),
        }
    }
}

impl serde::Serialize for Alert {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Alert", 4)?;
        match self {
            Self::Burst {
                suspicion,
                source,
                count,
                at,
            } => {
                map.serialize_field("at", &at.as_secs())?;
                map.serialize_field("alert", suspicion.name())?;
                // As text: JavaScript can't tell all numbers of 64 bits apart.
                map.serialize_field("source", &format_args!("{source:016x}"))?;
                map.serialize_field("count", count)?;
            }
            Self::Crowd { sources, at } => {
                map.serialize_field("at", &at.as_secs())?;
                map.serialize_field("alert", "crowd")?;
                map.serialize_field("source", &None::<&str>)?;
                map.serialize_field("count", sources)?;
            }
        }
        map.end()
    }
}

/// Finds the sources of suspicious events that come too often, for up to `N` sources at once.
///
/// A source is whatever the caller tells its clients apart by, as 64 bits: an IPv4 address, the first half of an IPv6
/// address (the rest is the client's to choose), a number of a device or of a connection. What is suspicious is told by
/// [`Outcome::suspicion`](super::Outcome::suspicion), and each [`Suspicion`] is counted on its own.
///
/// **When it tells.** Time is cut into windows, for each source from its first suspicious event on, and what counts is the
/// current window and the one before. So `threshold` events of a source within a window's length are always noticed, and
/// events that lie two windows apart are never taken together. A burst is told once; the same source is told again only
/// after a whole window without that sort of event. If the clock goes back, a source's window starts anew, and nothing is
/// forgotten.
///
/// **When it is full.** A source that has been calm for two windows makes room. If there is none, a source is forgotten:
/// of those already told, if any (to be told twice is better than not at all), the one with the fewest events; of those
/// the one whose window started first; of those the one in the first place. This is told as [`Alert::Crowd`], once, and
/// again only after a window in which nothing had to be forgotten.
///
/// **What it can't do.** Whoever has `N` sources or more to attack from can keep the table full, and each of them
/// unnoticed by staying below the threshold; a source that is new is then forgotten first. What is noticed is the crowd.
///
/// A suspicious event costs a walk over the `N` sources, any other event nothing. A source takes 40 bytes, and the rest 32:
/// a `Detector<16>` has 672 bytes on thumbv7em too, as `examples/firmware` measures.
///
/// ```
/// use core::time::Duration;
/// use jotlet::{Access, Alert, Detector, Event, Rule, Suspicion, Timestamp};
///
/// let mut detector =
///     Detector::<16>::new(3, Duration::from_secs(60)).threshold(Suspicion::Replay, 1);
/// let source = 0xc000_0201; // 192.0.2.1
///
/// let forged = |secs| Event::refused::<Access>(Rule::WrongSignature, Timestamp::from_secs(secs));
/// assert_eq!(detector.observe(source, &forged(100)), None);
/// assert_eq!(detector.observe(source, &forged(101)), None);
/// let alert = detector.observe(source, &forged(102)).unwrap();
/// assert_eq!(alert.to_string(), "at=102 alert=bad_signature source=00000000c0000201 count=3");
/// assert_eq!(detector.observe(source, &forged(103)), None);
/// assert_eq!(size_of_val(&detector), 672);
/// ```
#[derive(Clone, Debug)]
pub struct Detector<const N: usize> {
    sources: [Source; N],
    /// In seconds, not 0.
    window: u64,
    thresholds: [u16; 3],
    /// When a source was forgotten last.
    crowded: Option<Timestamp>,
}

impl<const N: usize> Detector<N> {
    /// A detector that tells when a source has `threshold` suspicious events of a sort in a window. The window is in whole
    /// seconds, and at least one.
    #[must_use]
    pub const fn new(threshold: u16, window: Duration) -> Self {
        let secs = window.as_secs();
        Self {
            sources: [Source::FREE; N],
            window: if secs == 0 { 1 } else { secs },
            thresholds: [threshold; 3],
            crowded: None,
        }
    }

    /// Another threshold for one sort of event. With 0 and with 1, the first is told.
    #[must_use]
    pub fn threshold(mut self, suspicion: Suspicion, threshold: u16) -> Self {
        if let Some(place) = self.thresholds.get_mut(suspicion as usize) {
            *place = threshold;
        }
        self
    }

    /// Notes what happened to a token that came from `source`.
    #[must_use]
    pub fn observe(&mut self, source: u64, event: &Event) -> Option<Alert> {
        let suspicion = event.outcome.suspicion()?;
        let now = event.at;
        for one in &mut self.sources {
            one.advance(now, self.window);
        }
        let place = self.sources.iter_mut().min_by_key(|one| one.rank(source));
        let mut forgot = place.is_none();
        if let Some(place) = place {
            if !place.is(source) {
                forgot = !place.is_free();
                *place = Source {
                    key: source,
                    start: now,
                    ..Source::FREE
                };
            }
            let threshold = self.thresholds.get(suspicion as usize);
            let tally = place.tallies.get_mut(suspicion as usize)?;
            tally.current = tally.current.saturating_add(1);
            let count = tally.count();
            if count >= u32::from(*threshold?) && !tally.told {
                tally.told = true;
                return Some(Alert::Burst {
                    suspicion,
                    source,
                    count,
                    at: now,
                });
            }
        }
        let quiet = |last| seconds_since(last, now) >= self.window;
        if forgot && self.crowded.replace(now).is_none_or(quiet) {
            return Some(Alert::Crowd {
                sources: N,
                at: now,
            });
        }
        None
    }
}

/// 0 if the clock has gone back.
const fn seconds_since(start: Timestamp, now: Timestamp) -> u64 {
    now.as_secs().saturating_sub(start.as_secs())
}

#[derive(Clone, Copy, Debug)]
struct Source {
    key: u64,
    /// When its current window started.
    start: Timestamp,
    /// By [`Suspicion`].
    tallies: [Tally; 3],
}

impl Source {
    const FREE: Self = Self {
        key: 0,
        start: Timestamp::from_secs(0),
        tallies: [Tally::NONE; 3],
    };

    /// Moves the windows on to `now`.
    fn advance(&mut self, now: Timestamp, window: u64) {
        let elapsed = seconds_since(self.start, now);
        if now < self.start {
            self.start = now;
        } else if elapsed >= window {
            for tally in &mut self.tallies {
                tally.next_window();
            }
            self.start = self.start.saturating_add(Duration::from_secs(window));
            if elapsed.saturating_sub(window) >= window {
                self.tallies = [Tally::NONE; 3];
            }
        }
    }

    fn total(&self) -> u32 {
        let counts = self.tallies.into_iter().map(Tally::count);
        counts.fold(0, u32::saturating_add)
    }

    fn is_free(&self) -> bool {
        self.total() == 0
    }

    fn is(&self, source: u64) -> bool {
        self.key == source && !self.is_free()
    }

    /// The least is the place to note an event of `source` in.
    fn rank(&self, source: u64) -> (u8, u32, Timestamp) {
        let class = if self.is(source) {
            0
        } else if self.is_free() {
            1
        } else if self.tallies.iter().any(|tally| tally.told) {
            2
        } else {
            3
        };
        (class, self.total(), self.start)
    }
}

/// The events of one source and sort.
#[derive(Clone, Copy, Debug)]
struct Tally {
    previous: u16,
    current: u16,
    told: bool,
}

impl Tally {
    const NONE: Self = Self {
        previous: 0,
        current: 0,
        told: false,
    };

    const fn count(self) -> u32 {
        (self.previous as u32).saturating_add(self.current as u32)
    }

    fn next_window(&mut self) {
        *self = Self {
            previous: self.current,
            current: 0,
            told: self.told && self.current > 0,
        };
    }
}
