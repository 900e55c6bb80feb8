//! How the cost of a verification grows: with the length of the token, the keys of a ring, the revoked ids, the threads; and
//! what a refusal costs.
//!
//! `cargo run --release --bin scaling` prints the tables and writes `scaling.json` and `length.svg`; `--test` does everything
//! once and writes nothing.

use std::fs;
use std::path::Path;

use peers::machine::{Machine, profile};
use serde::Serialize;

mod denylist;
mod length;
mod refusals;
mod ring;
mod threads;

#[derive(Serialize)]
struct Results {
    machine: Machine,
    profile: String,
    length: Vec<length::Series>,
    ring: Vec<ring::Row>,
    denylist: Vec<denylist::Row>,
    threads: Vec<threads::Row>,
    refusals: Vec<refusals::Row>,
}

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = |rounds: usize| if test { 1 } else { rounds };
    let results = Results {
        machine: Machine::this(),
        profile: profile(),
        length: length::measure(rounds(300)),
        ring: ring::measure(rounds(2000)),
        denylist: denylist::measure(rounds(1000)),
        threads: threads::measure(rounds(2000)),
        refusals: refusals::measure(rounds(2000)),
    };
    length::print(&results.length);
    ring::print(&results.ring);
    denylist::print(&results.denylist);
    threads::print(&results.threads);
    refusals::print(&results.refusals);
    println!("\n{}, profile {}", results.machine.line(), results.profile);
    if test {
        println!("One round, to see that it runs: the figures mean nothing, and are not written.");
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let json = serde_json::to_string_pretty(&results).expect("it can be written");
    fs::write(folder.join("scaling.json"), json + "\n").expect("scaling.json can be written");
    let svg = length::chart(&results.length, &results.machine);
    fs::write(folder.join("length.svg"), svg).expect("the picture can be written");
}
