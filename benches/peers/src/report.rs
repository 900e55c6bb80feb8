//! The comparison, as tables and as pictures.

use crate::chart::{Bars, bars};
use crate::checks::Lenient;
use crate::contenders::{Contender, JOTLET};
use crate::machine;
use crate::results::{Described, Goal, Medians, Profile, Results};

/// The version of a package in the lock file that this program was built with.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let name = format!("name = \"{package}\"\n");
    // Of hmac there are two, the newer one behind the older.
    let entry = lock
        .split("[[package]]")
        .filter(|entry| entry.contains(&name))
        .last();
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next());
    version.expect("it is in the lock file")
}

pub fn describe(
    verifiers: &[Contender],
    issuers: &[Contender],
    lenient: &Lenient,
) -> Vec<Described> {
    let describe = |(verifies, issues): (&Contender, &Contender)| Described {
        name: verifies.name.to_owned(),
        version: version(verifies.package).to_owned(),
        verifies: verifies.note.to_owned(),
        issues: issues.note.to_owned(),
        takes: lenient
            .get(verifies.name)
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect(),
    };
    verifiers.iter().zip(issuers).map(describe).collect()
}

pub fn print(profile: &Profile, contenders: &[Described]) {
    println!(
        "Profile {}, {} rounds of 64 tokens: median ns a token (times jotlet's)",
        machine::profile(),
        profile.rounds
    );
    for (task, payloads) in [("verify", &profile.verify), ("issue", &profile.issue)] {
        print!("\n{task:<28}");
        for Medians { payload, .. } in payloads {
            print!("{payload:>18}");
        }
        println!();
        for Described { name, .. } in contenders {
            print!("{name:<28}");
            for Medians { nanoseconds, .. } in payloads {
                let (time, jotlet) = (nanoseconds[name], nanoseconds[JOTLET]);
                print!("{time:>9.0} ({:>5.2}x)", time / jotlet);
            }
            println!();
        }
    }
    println!("\nGoals");
    for Goal {
        what,
        payload,
        is,
        limit,
        at_most,
        met,
    } in &profile.goals
    {
        let sign = if *at_most { "<=" } else { ">=" };
        let met = if *met { "ok" } else { "NO" };
        println!("{met} {what:<46} {payload} {is:>5.2} {sign} {limit}");
    }
    println!(
        "\nSettings, and what each checks less or more than signature, exp, nbf, and iss and aud on L"
    );
    for Described {
        name,
        version,
        verifies,
        issues,
        takes,
    } in contenders
    {
        println!("{name} {version}\n    verify: {verifies}\n    issue: {issues}");
        if !takes.is_empty() {
            println!("    takes: {}", takes.join(", "));
        }
    }
}

/// The pictures of the profile that `cargo run --release` has.
pub fn charts(results: &Results) -> Vec<(&'static str, String)> {
    let Some(profile) = results.profiles.get("release") else {
        return Vec::new();
    };
    let chart = |title: &str, payloads: &[Medians], headings: &[&str]| {
        let groups = payloads.iter().zip(headings).map(|(medians, heading)| {
            let mut rows: Vec<(String, f64)> = medians.nanoseconds.clone().into_iter().collect();
            rows.sort_by(|a, b| a.1.total_cmp(&b.1));
            ((*heading).to_owned(), rows)
        });
        bars(&Bars {
            title: title.to_owned(),
            subtitle: results.machine.line(),
            groups: groups.collect(),
            strong: JOTLET,
            faint: "bare ",
        })
    };
    let verify = chart(
        "Verifying a token: nanoseconds, less is better",
        &profile.verify,
        &[
            "S: sub and exp, 29 bytes of JSON",
            "F: an access token as flask-jwt-extended makes it, 191 bytes",
            "L: an identity token of 881 bytes, its registered claims read",
            "L whole: the application's claims read too",
        ],
    );
    let issue = chart(
        "Issuing a token: nanoseconds, less is better",
        &profile.issue,
        &[
            "S: a refresh token",
            "F: an access token as flask-jwt-extended makes it",
            "L: an access token with issuer, audience and session",
        ],
    );
    vec![("verify.svg", verify), ("issue.svg", issue)]
}
