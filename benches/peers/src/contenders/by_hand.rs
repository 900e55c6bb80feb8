//! What a user checks by hand where the library does not.

use crate::claims::{Identity, Minimal, Session, Whole, untimed};
use crate::payloads::{AUDIENCE, ISSUER};

pub type Strings = Vec<String>;

/// Claims that say when they are valid, and on L by whom and for whom they are.
pub trait Timed {
    fn is_valid_at(&self, now: u64) -> bool;
}

impl Timed for Minimal<String> {
    fn is_valid_at(&self, now: u64) -> bool {
        now < self.exp
    }
}

impl Timed for Session<String> {
    fn is_valid_at(&self, now: u64) -> bool {
        now < self.exp && now >= self.nbf
    }
}

impl Timed for Identity<String, Strings> {
    fn is_valid_at(&self, now: u64) -> bool {
        now < self.exp && now >= self.nbf && is_ours(&self.iss, &self.aud)
    }
}

impl Timed for Whole<String, Strings> {
    fn is_valid_at(&self, now: u64) -> bool {
        now < self.exp && now >= self.nbf && is_ours(&self.iss, &self.aud)
    }
}

/// Claims that say on L by whom and for whom they are.
pub trait Addressed {
    fn is_for_us(&self) -> bool;
}

impl Addressed for untimed::Minimal<String> {
    fn is_for_us(&self) -> bool {
        true
    }
}

impl Addressed for untimed::Session<String> {
    fn is_for_us(&self) -> bool {
        true
    }
}

impl Addressed for untimed::Identity<String, Strings> {
    fn is_for_us(&self) -> bool {
        is_ours(&self.iss, &self.aud)
    }
}

impl Addressed for untimed::Whole<String, Strings> {
    fn is_for_us(&self) -> bool {
        is_ours(&self.iss, &self.aud)
    }
}

fn is_ours(issuer: &str, audience: &[String]) -> bool {
    issuer == ISSUER && audience.iter().any(|one| one == AUDIENCE)
}
