//! What a comparison finds, and what the project wants it to find.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contenders::{BARE, JOTLET, JSONWEBTOKEN, JWT};
use crate::machine::Machine;
use crate::measure::hundredths;

/// What `results.json` holds.
#[derive(Serialize, Deserialize)]
pub struct Results {
    pub machine: Machine,
    pub contenders: Vec<Described>,
    pub profiles: BTreeMap<String, Profile>,
}

#[derive(Serialize, Deserialize)]
pub struct Described {
    pub name: String,
    pub version: String,
    pub verifies: String,
    pub issues: String,
    /// What it takes of the tokens that others refuse.
    pub takes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub struct Profile {
    pub rounds: usize,
    pub verify: Vec<Medians>,
    pub issue: Vec<Medians>,
    pub goals: Vec<Goal>,
}

#[derive(Serialize, Deserialize)]
pub struct Medians {
    pub payload: String,
    /// By contender.
    pub nanoseconds: BTreeMap<String, f64>,
}

/// How many times as long as another something is to take.
#[derive(Serialize, Deserialize)]
pub struct Goal {
    pub what: String,
    pub payload: String,
    pub is: f64,
    /// At most this, or at least.
    pub limit: f64,
    pub at_most: bool,
    pub met: bool,
}

/// What each payload is to reach: at most this many times the bare HMAC, at least this many times as fast as jsonwebtoken
/// and as jwt.
const VERIFY_GOALS: [(&str, f64, f64, f64); 3] = [
    ("S", 1.7, 4.5, 2.6),
    ("F", 1.8, 4.5, 2.8),
    ("L", 2.0, 4.0, 2.6),
];

impl Profile {
    pub fn new(rounds: usize, verify: Vec<Medians>, issue: Vec<Medians>) -> Self {
        let mut goals = Vec::new();
        let mut goal = |task, all: &[Medians], payload: &str, of: &str, to: &str, limit| {
            let medians = all.iter().find(|medians| medians.payload == payload);
            let times = &medians.expect("every payload is measured").nanoseconds;
            let (is, at_most) = (times[of] / times[to], of == JOTLET);
            goals.push(Goal {
                what: format!("{task}: {of} / {to}"),
                payload: payload.to_owned(),
                is: hundredths(is),
                limit,
                at_most,
                met: if at_most { is <= limit } else { is >= limit },
            });
        };
        for (payload, bare, jsonwebtoken, jwt) in VERIFY_GOALS {
            goal("verify", &verify, payload, JOTLET, BARE, bare);
            goal(
                "verify",
                &verify,
                payload,
                JSONWEBTOKEN,
                JOTLET,
                jsonwebtoken,
            );
            goal("verify", &verify, payload, JWT, JOTLET, jwt);
        }
        goal("issue", &issue, "F", JOTLET, BARE, 1.8);
        goal("issue", &issue, "F", JSONWEBTOKEN, JOTLET, 2.0);
        Self {
            rounds,
            verify,
            issue,
            goals,
        }
    }
}
