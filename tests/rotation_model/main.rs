//! Random interleavings of honest clients, a thief, lost answers, logouts, clock steps and resets.
//!
//! Each goes through the table and through a store of records, which have to agree with a naive model and with one another
//! at every step. `PROPTEST_CASES` sets how many run.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    unreachable_pub
)]

#[path = "../common/mod.rs"]
mod common;
mod model;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use world::World;

const CASES: u32 = 2000;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A session that ends after so many seconds.
    Login(u64),
    /// Something happens in a session.
    In(Index, Act),
    /// The clock is set forward or back.
    Clock(i64),
    /// From now on, the window has so many seconds.
    Grace(u64),
    /// The device starts anew, with the families that it kept in its flash.
    Reset,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    /// The client presents the newest token that it has.
    Client {
        answer_lost: bool,
    },
    /// So does the thief, if there is one.
    Thief {
        answer_lost: bool,
    },
    /// The thief copies the client's newest token.
    Steal,
    /// Somebody presents any token that the session ever had.
    Old(Index),
    /// The client presents its token, and the random source repeats the id of the current one.
    BrokenRandom,
    Logout,
}

fn any_step() -> impl Strategy<Value = Step> {
    let lost = || prop::bool::weighted(0.15);
    let act = prop_oneof![
        20 => lost().prop_map(|answer_lost| Act::Client { answer_lost }),
        4 => lost().prop_map(|answer_lost| Act::Thief { answer_lost }),
        1 => Just(Act::Steal),
        1 => any::<Index>().prop_map(Act::Old),
        1 => Just(Act::BrokenRandom),
        1 => Just(Act::Logout),
    ];
    let clock = prop_oneof![6 => 0..8_i64, 3 => -40..40_i64, 1 => -2_000..2_000_i64];
    prop_oneof![
        4 => (1..4_000_u64).prop_map(Step::Login),
        24 => (any::<Index>(), act).prop_map(|(session, act)| Step::In(session, act)),
        6 => clock.prop_map(Step::Clock),
        1 => prop_oneof![Just(0), Just(1), Just(30)].prop_map(Step::Grace),
        1 => Just(Step::Reset),
    ]
}

#[test]
fn every_interleaving_agrees_with_the_model() {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    config.failure_persistence = None;
    let cases = config.cases;

    let counts = RefCell::new(BTreeMap::new());
    let graces = prop_oneof![Just(0), Just(30)];
    let interleavings = (graces, prop::collection::vec(any_step(), 1..60));
    let result = TestRunner::new(config).run(&interleavings, |(grace, steps)| {
        let mut world = World::new(grace);
        for step in steps {
            match step {
                Step::Login(lifetime) => world.login(lifetime),
                Step::In(session, act) => world.act(session, act),
                Step::Clock(by) => world.set_clock(by),
                Step::Grace(secs) => world.grace = secs,
                Step::Reset => world.reset(),
            }
        }
        world.probe();
        for (outcome, count) in world.counts {
            *counts.borrow_mut().entry(outcome).or_insert(0) += count;
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }

    let counts = counts.into_inner();
    println!("{cases} interleavings: {counts:?}");
    // Otherwise the interleavings would show less than they seem to.
    if cases >= CASES {
        assert_eq!(counts.len(), 8, "an outcome never happened");
    }
}
