//! The comparison: what is run, and what becomes of it.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use crate::checks;
use crate::contenders::{Contender, Item, Outcome, issuers, verifiers};
use crate::machine::{self, Machine};
use crate::measure::{Work, medians, tenths};
use crate::report;
use crate::results::{Medians, Profile, Results};
use crate::tokens::{Shape, Times};

const ROUNDS: usize = 1000;

/// Contenders with the same work.
struct Group {
    payload: &'static str,
    items: Vec<Item>,
    contenders: Vec<Contender>,
}

pub fn run(test: bool) {
    let times = Times::of_today();
    let lenient = checks::check_verifiers(times);
    let verify = Shape::ALL.map(|shape| Group {
        payload: shape.name(),
        items: checks::items(shape, times),
        contenders: verifiers(shape, times),
    });
    let issue = [Shape::S, Shape::F, Shape::L].map(|shape| Group {
        payload: shape.name(),
        items: checks::issued_items(shape, times),
        contenders: issuers(shape, times),
    });
    let described = report::describe(&verify[0].contenders, &issue[0].contenders, &lenient);

    let rounds = if test { 1 } else { ROUNDS };
    let verifications = verify.len();
    let mut measured = measure(verify.into_iter().chain(issue).collect(), rounds);
    let issues = measured.split_off(verifications);
    let profile = Profile::new(rounds, measured, issues);
    report::print(&profile, &described);
    if test {
        println!(
            "\nOne round, to see that it runs: the figures mean nothing, and are not written."
        );
        return;
    }

    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("results.json");
    let machine = Machine::this();
    // The profiles are run one by one: those of the same machine and compiler stay.
    let before: Option<Results> = fs::read(&file)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok());
    let before = before.filter(|before| before.machine == machine);
    let mut profiles = before.map_or_else(BTreeMap::new, |before| before.profiles);
    profiles.insert(machine::profile(), profile);
    let results = Results {
        machine,
        contenders: described,
        profiles,
    };
    println!("\n{}", results.machine.line());
    let json = serde_json::to_string_pretty(&results).expect("it can be written");
    fs::write(file, json + "\n").expect("results.json can be written");
    for (name, svg) in report::charts(&results) {
        fs::write(folder.join(name), svg).expect("the pictures can be written");
    }
}

/// The nanoseconds that each contender takes for a token, by group.
fn measure(mut groups: Vec<Group>, rounds: usize) -> Vec<Medians> {
    let mut works = Vec::new();
    for group in &mut groups {
        let items = &group.items;
        for contender in &mut group.contenders {
            works.push(Work::new(items.len(), || {
                let mut outcome = Outcome::default();
                (contender.run)(items, &mut outcome);
                black_box(outcome);
            }));
        }
    }
    let times = medians(&mut works, rounds);
    drop(works);
    let mut times = times.into_iter().map(tenths);
    let by_group = groups.iter().map(|group| {
        let names = group
            .contenders
            .iter()
            .map(|contender| contender.name.to_owned());
        Medians {
            payload: group.payload.to_owned(),
            nanoseconds: names.zip(times.by_ref()).collect(),
        }
    });
    by_group.collect()
}
