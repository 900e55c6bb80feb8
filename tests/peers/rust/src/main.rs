//! The verdicts of jotlet, jsonwebtoken, jwt-compact, jwt-simple and two controls on the token cases: `peers-board CASES`.

mod clock;
mod contenders;

use std::collections::BTreeMap;
use std::error::Error;
use std::panic::catch_unwind;

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

/// A case of `tests/vectors/token_cases.json`, which says what the fields are.
#[derive(Deserialize)]
struct Case {
    id: String,
    token: String,
    key_b64: String,
    now: u64,
    leeway: u64,
    expected_type: String,
}

impl Case {
    fn key(&self) -> Vec<u8> {
        Base64::decode_vec(&self.key_b64).expect("the case's key is base64")
    }
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Serialize)]
enum Verdict {
    #[serde(rename = "accepts")]
    Accepts,
    #[serde(rename = "refuses")]
    Refuses,
    /// It panics.
    #[serde(rename = "breaks")]
    Breaks,
    /// It can't be told the time of the case.
    #[serde(rename = "no clock")]
    NoClock,
}

impl From<bool> for Verdict {
    fn from(accepted: bool) -> Self {
        if accepted {
            Self::Accepts
        } else {
            Self::Refuses
        }
    }
}

#[derive(Serialize)]
struct Row<'c> {
    name: &'static str,
    version: &'static str,
    verdicts: BTreeMap<&'c str, Verdict>,
}

/// The version of a package that this program was built with.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry = format!("name = \"{package}\"\nversion = \"");
    let version = lock
        .split_once(&entry)
        .and_then(|(_, rest)| rest.split_once('"'));
    version.map_or("", |(version, _)| version)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which cases?")?;
    let File { cases } = serde_json::from_slice(&std::fs::read(path)?)?;
    std::panic::set_hook(Box::new(|_| {})); // a panic is a verdict
    let rows = contenders::ALL.map(|(name, package, judge)| Row {
        name,
        version: version(package),
        verdicts: cases
            .iter()
            .map(|case| {
                clock::set(case.now);
                let verdict = catch_unwind(|| judge(case)).unwrap_or(Verdict::Breaks);
                (case.id.as_str(), verdict)
            })
            .collect(),
    });
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}
