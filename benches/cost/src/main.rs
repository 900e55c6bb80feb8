//! How many instructions a verification and an issue take beside the bare HMAC, counted by callgrind: the same on every run.
//!
//! `cargo run --release` compares the counts with `costs.txt` and fails if one has grown by more than 2 %; `--update` writes
//! them anew. Of the maintained harnesses, gungraun compares one benchmark with its own earlier run, which it keeps under
//! `target/`, and knows no limit for the difference of two; this needs no more than valgrind's `--toggle-collect`.
//!
//! Two things the counts depend on beside jotlet: the compiler, so the table names the one that it holds for, and under another
//! one nothing is compared (`run` takes that one); and the locked versions of the dependencies. Valgrind shows the program a
//! processor without SHA instructions, so both sides of the difference have sha2's portable code.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

#[macro_use]
#[path = "../../payloads/mod.rs"]
mod payloads;
mod work;

use work::WORKS;

/// By how much a count may exceed the table.
const TOLERANCE_PERCENT: u64 = 2;

/// What distinguishes a gate that has found something from one that did not get so far.
const COSTS_MORE: u8 = 3;

struct Cost {
    name: String,
    /// Instructions with all, with the bare HMAC over the same bytes, and how many the one has more than the other.
    all: u64,
    hmac: u64,
    beside: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("costs.txt");
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["count", name] => {
            work::run(name);
            ExitCode::SUCCESS
        }
        ["--update"] => {
            let table = table(&costs());
            print!("{table}");
            fs::write(file, table).expect("costs.txt can be written");
            ExitCode::SUCCESS
        }
        [] => gate(&fs::read_to_string(file).expect("costs.txt is there")),
        other => panic!("what is {other:?}?"),
    }
}

fn costs() -> Vec<Cost> {
    let cost = |name: &str| {
        let (all, hmac) = (count(name), count(&format!("hmac of {name}")));
        Cost {
            name: name.to_owned(),
            all,
            hmac,
            beside: all.saturating_sub(hmac),
        }
    };
    WORKS.into_iter().map(cost).collect()
}

/// How many instructions callgrind sees of [`work::counted`].
fn count(name: &str) -> u64 {
    let program = env::current_exe().expect("a program knows where it is");
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--toggle-collect=*counted*",
            "--callgrind-out-file=/dev/null",
        ])
        .arg(program)
        .args(["count", name])
        .output()
        .expect("valgrind is installed");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{log}");
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count
        .filter(|count| *count > 0)
        .unwrap_or_else(|| panic!("callgrind has counted nothing: {log}"))
}

/// The first line of the table: what it holds for.
fn holds_for() -> String {
    format!("{} on {}", env!("RUSTC_VERSION"), env::consts::ARCH)
}

fn table(costs: &[Cost]) -> String {
    let mut table = format!(
        "{}\n\ninstructions       all      hmac    beside\n",
        holds_for()
    );
    for Cost {
        name,
        all,
        hmac,
        beside,
    } in costs
    {
        let _ = writeln!(table, "{name:<12} {all:>9} {hmac:>9} {beside:>9}");
    }
    table
}

fn gate(before: &str) -> ExitCode {
    let costs = costs();
    print!("{}", table(&costs));
    if before.lines().next() != Some(&holds_for()) {
        println!(
            "NOT COMPARED: costs.txt is for {}",
            before.lines().next().unwrap_or("nothing")
        );
        return ExitCode::from(u8::from(env::var("CI").is_ok_and(|ci| ci == "true")));
    }
    let mut dearer = false;
    for Cost { name, beside, .. } in &costs {
        let line = before
            .lines()
            .find_map(|line| line.strip_prefix(name.as_str()));
        let limit = line.and_then(|line| line.split_whitespace().last()?.parse::<u64>().ok());
        let limit = limit.unwrap_or_else(|| panic!("costs.txt does not tell {name}"));
        if beside * 100 > limit * (100 + TOLERANCE_PERCENT) {
            println!(
                "COSTS MORE: {name} takes {beside} instructions beside the HMAC, {limit} are in costs.txt"
            );
            dearer = true;
        } else if beside * 100 < limit * (100 - TOLERANCE_PERCENT) {
            println!(
                "Costs less: {name} takes {beside} and not {limit}; `bash benches/cost/run --update` keeps it so"
            );
        }
    }
    if dearer {
        return ExitCode::from(COSTS_MORE);
    }
    println!("None costs over {TOLERANCE_PERCENT} % more than in costs.txt");
    ExitCode::SUCCESS
}
