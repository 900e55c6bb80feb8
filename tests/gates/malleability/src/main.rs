//! One token has one spelling. Of twelve tokens: every substitution, insertion and deletion of one character, every
//! truncation and every extension by two characters, and in two of them every substitution of two characters of the
//! signature; none may be accepted. And of every message that differs in one character and has been signed anew, none may be
//! accepted that is not the canonical spelling of what is inside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod tokens;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use tokens::{Real, is_canonical, twelve};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How many were tried, and which were accepted.
#[derive(Default)]
struct Search {
    tried: usize,
    accepted: Vec<String>,
}

/// Every other byte at every position of `token`.
fn substitutions(token: &[u8], mut each: impl FnMut(&[u8])) {
    let mut edited = token.to_vec();
    for at in 0..token.len() {
        for byte in (0..=255).filter(|&byte| byte != token[at]) {
            edited[at] = byte;
            each(&edited);
        }
        edited[at] = token[at];
    }
}

fn insertions(token: &[u8], mut each: impl FnMut(&[u8])) {
    for at in 0..=token.len() {
        let mut edited = [&token[..at], b"\0", &token[at..]].concat();
        for byte in 0..=255 {
            edited[at] = byte;
            each(&edited);
        }
    }
}

fn deletions_and_truncations(token: &[u8], mut each: impl FnMut(&[u8])) {
    for at in 0..token.len() {
        each(&[&token[..at], &token[at + 1..]].concat());
        each(&token[..at]);
        each(&token[at + 1..]);
    }
}

fn extensions(token: &[u8], mut each: impl FnMut(&[u8])) {
    let mut edited = [token, b"\0\0"].concat();
    for pair in 0..=u16::MAX {
        edited[token.len()..].copy_from_slice(&pair.to_be_bytes());
        each(&edited);
    }
}

fn pairs_in_the_signature(token: &[u8], mut each: impl FnMut(&[u8])) {
    let mut edited = token.to_vec();
    for first in token.len() - 43..token.len() {
        for second in first + 1..token.len() {
            for &a in ALPHABET.iter().filter(|&&a| a != token[first]) {
                edited[first] = a;
                for &b in ALPHABET.iter().filter(|&&b| b != token[second]) {
                    edited[second] = b;
                    each(&edited);
                }
            }
            edited[second] = token[second];
        }
        edited[first] = token[first];
    }
}

/// Runs every search on one token.
fn search(real: &Real, pairs: bool, searches: &Mutex<BTreeMap<&'static str, Search>>) {
    real.judge(|accepts| {
        let token = real.token.as_slice();
        let run = |name, edits: &dyn Fn(&mut dyn FnMut(&[u8]))| {
            let mut found = Search::default();
            edits(&mut |edited| {
                found.tried += 1;
                if accepts(edited) {
                    found
                        .accepted
                        .push(format!("{}: {}", real.name, edited.escape_ascii()));
                }
            });
            let mut searches = searches.lock().unwrap();
            let all = searches.entry(name).or_default();
            all.tried += found.tried;
            all.accepted.append(&mut found.accepted);
        };
        run("substitutions", &|each| substitutions(token, each));
        run("insertions", &|each| insertions(token, each));
        run("deletions and truncations", &|each| {
            deletions_and_truncations(token, each)
        });
        run("extensions by two", &|each| extensions(token, each));
        if pairs {
            run("pairs in the signature", &|each| {
                pairs_in_the_signature(token, each)
            });
        }
        run("signed anew and not canonical", &|each| {
            substitutions(&token[..token.len() - 44], |message| {
                let token = real.sign(message);
                if !is_canonical(&token) {
                    each(&token);
                }
            });
        });
    });
}

fn main() -> ExitCode {
    let searches = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for (index, real) in twelve().into_iter().enumerate() {
            let searches = &searches;
            scope.spawn(move || search(&real, index < 2, searches));
        }
    });
    let mut failed = false;
    for (name, Search { tried, accepted }) in searches.into_inner().unwrap() {
        // The control has to find something in each search.
        let right = accepted.is_empty() != cfg!(feature = "planted");
        failed |= !right;
        let verdict = if right { "" } else { "FAILED: " };
        println!(
            "{verdict}{name}: {tried} tried, {} accepted",
            accepted.len()
        );
        for token in accepted.iter().take(if right { 0 } else { 5 }) {
            println!("    {token}");
        }
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
