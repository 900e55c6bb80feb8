//! Counters: each outcome has one, and none overflows.
#![allow(clippy::arithmetic_side_effects)]

use std::collections::HashSet;

use jotlet::{Counters, Outcome, Rule};

#[test]
fn each_outcome_has_a_name_and_a_counter_of_its_own() {
    let all = Counters::new()
        .iter()
        .map(|(outcome, _)| outcome)
        .collect::<Vec<_>>();
    let names: HashSet<_> = all.iter().map(|outcome| outcome.name()).collect();
    assert_eq!(names.len(), all.len());
    let metric = |name: &&str| {
        name.bytes()
            .all(|b| b.is_ascii_lowercase() || b"_8".contains(&b))
    };
    assert!(names.iter().all(metric), "{names:?}");

    assert_eq!(size_of::<Counters>(), 8 * all.len());
    let mut counters = Counters::new();
    for (n, &outcome) in (1..).zip(&all) {
        for _ in 0..n {
            counters.count(outcome);
        }
    }
    for (n, &outcome) in (1..).zip(&all) {
        assert_eq!(counters.get(outcome), n, "{outcome}");
    }
    assert!(
        counters
            .iter()
            .map(|(_, count)| count)
            .eq(1..=all.len() as u64)
    );
    let refusals = all
        .iter()
        .filter(|outcome| outcome.name().starts_with("refused_"));
    assert_eq!(
        counters.refused(),
        refusals.map(|&outcome| counters.get(outcome)).sum::<u64>()
    );
}

#[test]
fn counters_stay_at_their_end() {
    let mut counters = Counters::new();
    counters.count(Outcome::Accepted);
    for doubled in 1..64 {
        let same = counters;
        counters.merge(&same);
        assert_eq!(counters.get(Outcome::Accepted), 1 << doubled);
    }
    let same = counters;
    counters.merge(&same);
    assert_eq!(counters.get(Outcome::Accepted), u64::MAX);
    counters.count(Outcome::Accepted);
    assert_eq!(counters.get(Outcome::Accepted), u64::MAX);
    counters.merge(&same);
    assert_eq!(counters.get(Outcome::Accepted), u64::MAX);
    assert_eq!(counters.refused(), 0);

    let mut refused = Counters::new();
    refused.count(Outcome::Refused(Rule::Csrf));
    refused.count(Outcome::Refused(Rule::Nested));
    for _ in 0..64 {
        let same = refused;
        refused.merge(&same);
    }
    assert_eq!(refused.refused(), u64::MAX);
}

#[test]
fn counters_are_merged_and_reset() {
    let (mut one, mut two) = (Counters::new(), Counters::default());
    one.count(Outcome::Issued);
    one.count(Outcome::Refused(Rule::Csrf));
    two.count(Outcome::Issued);
    two.count(Outcome::Replayed);
    one.merge(&two);
    assert_eq!(one.to_string(), "issued=2 replayed=1 refused_csrf=1");
    let before = one;
    assert_eq!(one.reset(), before);
    assert_eq!(one, Counters::new());
    assert_eq!(one.to_string(), "");
}
