//! The detector: bursts at every boundary of threshold, window and clock, and a model of what it promises.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod common;

use std::time::Duration;

use common::cases;
use jotlet::{Access, Alert, Detector, Event, Outcome, Rule, Suspicion, Timestamp};
use proptest::prelude::*;
use serde_json::json;

const WINDOW: u64 = 60;

const fn detector<const N: usize>(threshold: u16) -> Detector<N> {
    Detector::new(threshold, Duration::from_secs(WINDOW))
}

fn event(outcome: Outcome, at: u64) -> Event {
    Event::new::<Access>(outcome, Timestamp::from_secs(at))
}

fn forged(at: u64) -> Event {
    event(Outcome::Refused(Rule::WrongSignature), at)
}

/// How often a burst was told.
fn bursts<const N: usize>(
    detector: &mut Detector<N>,
    source: u64,
    times: impl IntoIterator<Item = u64>,
) -> usize {
    let told = |at| {
        matches!(
            detector.observe(source, &forged(at)),
            Some(Alert::Burst { .. })
        )
    };
    times.into_iter().map(told).filter(|&told| told).count()
}

#[test]
fn a_burst_is_told_at_the_threshold_and_once() {
    let mut detector = detector::<4>(3);
    assert_eq!(detector.observe(7, &forged(100)), None);
    assert_eq!(detector.observe(7, &forged(100)), None);
    let alert = detector.observe(7, &forged(100));
    let at = Timestamp::from_secs(100);
    let suspicion = Suspicion::BadSignature;
    assert_eq!(
        alert,
        Some(Alert::Burst {
            suspicion,
            source: 7,
            count: 3,
            at
        })
    );
    assert_eq!(bursts(&mut detector, 7, [100; 1000]), 0);
}

#[test]
fn a_source_that_goes_on_is_told_once_and_again_when_it_has_been_calm() {
    let mut detector = detector::<4>(3);
    // Two events a window, for ever: never fewer than the threshold in two windows.
    assert_eq!(bursts(&mut detector, 7, (0..10_000).step_by(30)), 1);
    // The last event was at 9990, in the window that starts at 9960: calm is what comes after 10080.
    assert_eq!(bursts(&mut detector.clone(), 7, [10_079; 3]), 0);
    assert_eq!(bursts(&mut detector, 7, [10_080; 3]), 1);
}

#[test]
fn events_count_in_this_window_and_the_one_before() {
    for (times, told) in [
        ([0, 0, WINDOW - 1], 1),
        // Across the edge between two windows, as close as they can be to fill none of them.
        ([0, WINDOW - 1, WINDOW], 1),
        ([0, WINDOW, 2 * WINDOW - 1], 1),
        ([0, WINDOW, 2 * WINDOW], 0),
        ([0, 0, 2 * WINDOW], 0),
        ([0, 0, u64::MAX], 0),
    ] {
        assert_eq!(bursts(&mut detector::<4>(3), 7, times), told, "{times:?}");
    }
}

#[test]
fn sources_and_sorts_are_counted_apart() {
    let mut detector = detector::<4>(3);
    for source in [0, 1, u64::MAX] {
        assert_eq!(bursts(&mut detector, source, [0, 0]), 0);
    }
    for outcome in [Outcome::Replayed, Outcome::Refused(Rule::Csrf)] {
        assert_eq!(detector.observe(0, &event(outcome, 0)), None);
        assert_eq!(detector.observe(0, &event(outcome, 0)), None);
    }
    let kinds = [
        (Outcome::Replayed, Suspicion::Replay),
        (Outcome::Refused(Rule::WrongType), Suspicion::Refusal),
        (
            Outcome::Refused(Rule::WrongSignature),
            Suspicion::BadSignature,
        ),
    ];
    for (outcome, expected) in kinds {
        match detector.observe(0, &event(outcome, 0)) {
            Some(Alert::Burst {
                suspicion,
                count: 3,
                source: 0,
                ..
            }) => {
                assert_eq!(suspicion, expected);
            }
            other => assert_eq!(other, None, "{expected}"),
        }
    }
    // A sort that has been calm is told again, though the source has not been.
    for at in 1..4 * WINDOW {
        let _ = detector.observe(0, &event(Outcome::Replayed, at));
    }
    assert_eq!(bursts(&mut detector, 0, [4 * WINDOW; 3]), 1);
}

#[test]
fn what_is_not_suspicious_takes_no_place() {
    let mut detector = detector::<1>(1);
    let harmless = [
        Outcome::Issued,
        Outcome::Accepted,
        Outcome::Rotated,
        Outcome::Revoked,
        Outcome::Refused(Rule::Expired),
        Outcome::Refused(Rule::NoToken),
    ];
    for (source, outcome) in (0..).zip(harmless) {
        assert_eq!(
            detector.observe(source, &event(outcome, 0)),
            None,
            "{outcome}"
        );
    }
    assert_eq!(bursts(&mut detector, 7, [0]), 1);
}

#[test]
fn thresholds_at_their_ends() {
    for threshold in [0, 1] {
        assert_eq!(bursts(&mut detector::<4>(threshold), 7, [0]), 1);
    }
    let mut detector = detector::<4>(u16::MAX);
    assert_eq!(bursts(&mut detector, 7, std::iter::repeat_n(0, 65_534)), 0);
    assert_eq!(bursts(&mut detector, 7, [0]), 1);
    // The counters stay at their end.
    assert_eq!(bursts(&mut detector, 7, std::iter::repeat_n(0, 70_000)), 0);

    let mut detector =
        Detector::<4>::new(9, Duration::from_secs(WINDOW)).threshold(Suspicion::Replay, 1);
    assert!(detector.observe(7, &event(Outcome::Replayed, 0)).is_some());
    assert_eq!(bursts(&mut detector, 7, [0; 8]), 0);
    assert_eq!(bursts(&mut detector, 7, [0]), 1);
}

#[test]
fn windows_at_their_ends() {
    // A window of nothing is one second.
    for window in [
        Duration::ZERO,
        Duration::from_millis(999),
        Duration::from_secs(1),
    ] {
        assert_eq!(bursts(&mut Detector::<4>::new(3, window), 7, [5, 6, 6]), 1);
        assert_eq!(bursts(&mut Detector::<4>::new(3, window), 7, [5, 5, 7]), 0);
    }
    let mut detector = Detector::<4>::new(3, Duration::MAX);
    assert_eq!(bursts(&mut detector, 7, [0, 1 << 40, u64::MAX - 1]), 1);
    assert_eq!(bursts(&mut detector, 7, [u64::MAX; 3]), 0);
}

#[test]
fn a_clock_that_goes_back_forgets_nothing() {
    let mut detector = detector::<4>(3);
    assert_eq!(bursts(&mut detector, 7, [1_000_000, 5, 5]), 1);
    // It was set right, and the windows go on from there: the burst is over as it would be anyhow.
    assert_eq!(bursts(&mut detector, 7, [5 + 2 * WINDOW; 3]), 1);
    for times in [[u64::MAX, 0, 0], [0, 0, 0], [u64::MAX; 3], [9, 8, 7]] {
        assert_eq!(
            bursts(&mut self::detector::<4>(3), 7, times),
            1,
            "{times:?}"
        );
    }
    // A leap forward is a time of calm.
    assert_eq!(
        bursts(&mut self::detector::<4>(3), 7, [0, 0, u64::MAX, u64::MAX]),
        0
    );
}

#[test]
fn alerts_in_text_and_json() {
    let at = Timestamp::from_secs(5);
    let suspicion = Suspicion::Replay;
    for (alert, text, json) in [
        (
            Alert::Burst {
                suspicion,
                source: 0xc000_0201,
                count: 3,
                at,
            },
            "at=5 alert=replay source=00000000c0000201 count=3",
            json!({"at": 5, "alert": "replay", "source": "00000000c0000201", "count": 3}),
        ),
        (
            Alert::Crowd { sources: 16, at },
            "at=5 alert=crowd count=16",
            json!({"at": 5, "alert": "crowd", "source": null, "count": 16}),
        ),
    ] {
        assert_eq!(alert.to_string(), text);
        assert_eq!(serde_json::to_value(alert).unwrap(), json);
        let mut out = [0; 128];
        let len = serde_json_core::to_slice(&alert, &mut out).unwrap();
        let read: serde_json::Value = serde_json::from_slice(out.get(..len).unwrap()).unwrap();
        assert_eq!(read, json);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// The three promises, against the list of all events: a burst within a window is told, or has been told since the
    /// source was last calm; what is told has happened in two windows; and nothing is told twice without a calm window.
    #[test]
    fn every_burst_is_told_once(
        threshold in 1_u16..6,
        start in prop_oneof![Just(0), Just(u64::MAX - 5000), any::<u64>().prop_map(|n| n >> 1)],
        steps in prop::collection::vec((0_u64..3, 0_u64..150), 1..120),
    ) {
        let mut detector = detector::<1>(threshold);
        let (mut times, mut told): (Vec<u64>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut now = start;
        for (factor, step) in steps {
            // Mostly small steps, so that there are bursts; some as long as two windows.
            now = now.saturating_add(step * factor / 2 % 150);
            let index = times.len();
            times.push(now);
            let alert = detector.observe(7, &forged(now)).is_some();

            let enough = usize::from(threshold);
            let since = |span: u64| times.iter().filter(|&&at| now - at < span).count();
            let longest_pause = |from: usize| {
                times.iter().skip(from).zip(times.iter().skip(from + 1)).map(|(a, b)| b - a).max()
            };
            let last = told.last().copied();
            if alert {
                prop_assert!(since(2 * WINDOW) >= enough, "told too early at {now}: {times:?}");
                let calm = last.is_none_or(|last| longest_pause(last).unwrap() > WINDOW);
                prop_assert!(calm, "told twice at {now}: {times:?}");
                told.push(index);
            } else if since(WINDOW) >= enough {
                let known = last.is_some_and(|last| longest_pause(last).unwrap() < 2 * WINDOW);
                prop_assert!(known, "not told at {now}: {times:?}");
            }
        }
    }
}
