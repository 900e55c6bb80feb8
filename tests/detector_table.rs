//! The detector's table: exactly full, one over, and what is forgotten first.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::time::Duration;

use jotlet::{Access, Alert, Detector, Event, Rule, Timestamp};

const WINDOW: u64 = 60;

const fn detector<const N: usize>(threshold: u16) -> Detector<N> {
    Detector::new(threshold, Duration::from_secs(WINDOW))
}

fn forged(at: u64) -> Event {
    Event::refused::<Access>(Rule::WrongSignature, Timestamp::from_secs(at))
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

fn is_crowd(alert: Option<Alert>) -> bool {
    matches!(alert, Some(Alert::Crowd { .. }))
}

#[test]
fn a_table_that_is_exactly_full_tells_all_sources_apart() {
    let mut detector = detector::<8>(3);
    for round in 0..3 {
        for source in 0..8 {
            assert_eq!(bursts(&mut detector, source, [10]), usize::from(round == 2));
        }
    }
}

#[test]
fn one_source_over_is_a_crowd_told_once_until_it_is_over() {
    let mut full = detector::<8>(3);
    for source in 0..8 {
        assert_eq!(full.observe(source, &forged(10)), None);
    }
    // Calm sources make room.
    assert_eq!(full.clone().observe(8, &forged(10 + 2 * WINDOW)), None);

    let at = Timestamp::from_secs(11);
    assert_eq!(
        full.observe(8, &forged(11)),
        Some(Alert::Crowd { sources: 8, at })
    );
    for source in 9..100 {
        assert_eq!(full.observe(source, &forged(12)), None, "{source}");
    }
    assert!(!is_crowd(
        full.clone().observe(100, &forged(12 + WINDOW - 1))
    ));
    assert!(is_crowd(full.observe(100, &forged(12 + WINDOW))));
}

#[test]
fn a_clock_that_goes_back_delays_a_crowd_by_no_more_than_a_window() {
    let mut full = detector::<8>(3);
    for source in 0..9 {
        assert_eq!(is_crowd(full.observe(source, &forged(1000))), source == 8);
    }
    assert_eq!(full.observe(9, &forged(0)), None);
    assert_eq!(full.observe(10, &forged(WINDOW - 1)), None);
    assert!(is_crowd(full.observe(11, &forged(2 * WINDOW - 1))));
}

#[test]
fn a_detector_without_places_tells_the_crowd() {
    let mut detector = detector::<0>(1);
    assert!(is_crowd(detector.observe(7, &forged(0))));
    assert_eq!(detector.observe(7, &forged(1)), None);
}

/// Which of the sources 0 to 2 still has what it had: one more event is then its burst.
fn remembered(detector: &Detector<3>, counts: [u16; 3], at: u64) -> [bool; 3] {
    [0, 1, 2].map(|source| {
        let missing = 5 - counts.get(source).unwrap();
        let times = vec![at; usize::from(missing)];
        bursts(&mut detector.clone(), source as u64, times) == 1
    })
}

#[test]
fn a_full_table_forgets_the_least_first() {
    // The fewest events, then the first place.
    for (counts, starts, forgotten) in [
        ([2, 1, 2], [0, 9, 0], 1),
        ([3, 3, 2], [0, 0, 9], 2),
        ([2, 2, 2], [5, 5, 5], 0),
    ] {
        let mut detector = detector::<3>(5);
        for (source, (count, start)) in (0..).zip(counts.into_iter().zip(starts)) {
            assert_eq!(
                bursts(&mut detector, source, vec![start; usize::from(count)]),
                0
            );
        }
        assert!(is_crowd(detector.observe(9, &forged(10))));
        let kept = [0, 1, 2].map(|source| source != forgotten);
        assert_eq!(
            remembered(&detector, counts, 10),
            kept,
            "{counts:?} {starts:?}"
        );
    }
}

#[test]
fn of_equals_a_full_table_forgets_the_one_whose_window_started_first() {
    let mut detector = detector::<3>(5);
    // The source 0 is calm when 2 comes, which takes the first place.
    for (source, at) in [(0, 0), (1, 100), (2, 125), (3, 126)] {
        assert_eq!(detector.observe(source, &forged(at)), None);
    }
    assert!(is_crowd(detector.observe(9, &forged(127))));
    assert_eq!(bursts(&mut detector.clone(), 1, [127; 4]), 0);
    assert_eq!(bursts(&mut detector, 2, [127; 4]), 1);
}

/// Else whoever gives up `N` sources would blind the detector for the others.
#[test]
fn a_full_table_forgets_what_was_told_before_what_was_not() {
    let mut detector = detector::<3>(5);
    assert_eq!(bursts(&mut detector, 0, [0; 2]), 0);
    assert_eq!(bursts(&mut detector, 1, [0; 50]), 1);
    assert_eq!(bursts(&mut detector, 2, [0; 6]), 1);
    // Of the two that were told it is the lesser, and then the other.
    assert!(is_crowd(detector.observe(9, &forged(1))));
    assert_eq!(bursts(&mut detector, 1, [1; 10]), 0);
    assert_eq!(detector.observe(8, &forged(1)), None);
    assert_eq!(bursts(&mut detector, 0, [1; 3]), 1);
}

#[test]
fn a_flood_of_sources_does_not_hide_one_that_goes_on() {
    let mut detector = detector::<16>(5);
    assert_eq!(bursts(&mut detector, 7, [0; 2]), 0);
    let mut crowds = 0;
    for burst in 0..3 {
        for source in 0..1000 {
            let alert = detector.observe(1_000_000 + burst * 1000 + source, &forged(burst));
            crowds += usize::from(is_crowd(alert));
        }
        assert_eq!(bursts(&mut detector, 7, [burst]), usize::from(burst == 2));
    }
    assert_eq!(crowds, 1);
}
