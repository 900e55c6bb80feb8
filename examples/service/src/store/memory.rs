//! Sessions in the memory of this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jotlet::{Family, Timestamp, TokenId};

/// What has come to its end is dropped whenever the number of families has doubled.
const FIRST_SWEEP: usize = 1024;

/// The sessions.
#[derive(Default)]
pub struct Memory(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    families: HashMap<TokenId, Family>,
    sessions: HashMap<String, Vec<TokenId>>,
    cut_off: HashMap<String, CutOff>,
    next_sweep: usize,
}

struct CutOff {
    before: Timestamp,
    until: Timestamp,
}

impl Memory {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn start(&self, family: &Family, subject: &str, now: Timestamp) {
        let mut tables = self.tables();
        if tables.families.len() >= tables.next_sweep {
            tables.sweep(now);
        }
        tables.families.insert(family.session(), *family);
        tables
            .sessions
            .entry(subject.to_owned())
            .or_default()
            .push(family.session());
    }

    pub(super) fn load(&self, session: TokenId) -> Option<Family> {
        self.tables().families.get(&session).copied()
    }

    pub(super) fn swap(&self, old: &Family, new: &Family) -> bool {
        let mut tables = self.tables();
        let stored = tables.families.get_mut(&old.session());
        stored
            .filter(|stored| *stored == old)
            .map(|stored| *stored = *new)
            .is_some()
    }

    pub(super) fn sessions(&self, subject: &str, _now: Timestamp) -> Vec<TokenId> {
        self.tables()
            .sessions
            .get(subject)
            .cloned()
            .unwrap_or_default()
    }

    pub(super) fn cut_off(&self, subject: &str, before: Timestamp, until: Timestamp) {
        self.tables()
            .cut_off
            .insert(subject.to_owned(), CutOff { before, until });
    }

    pub(super) fn cut_off_before(&self, subject: &str) -> Option<Timestamp> {
        self.tables()
            .cut_off
            .get(subject)
            .map(|cut_off| cut_off.before)
    }
}

impl Tables {
    fn sweep(&mut self, now: Timestamp) {
        let Self {
            families,
            sessions,
            cut_off,
            next_sweep,
        } = self;
        families.retain(|_, family| now < family.ends_at());
        sessions.retain(|_, sessions| {
            sessions.retain(|session| families.contains_key(session));
            !sessions.is_empty()
        });
        cut_off.retain(|_, cut_off| now < cut_off.until);
        *next_sweep = families.len().saturating_mul(2).max(FIRST_SWEEP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_dropped() {
        let memory = Memory::default();
        let (now, ends_at) = (Timestamp::from_secs(0), Timestamp::from_secs(10));
        let start = |number: usize, now| {
            let session = TokenId::from_bytes((number as u128).to_be_bytes());
            let family = Family::start(session, session, ends_at);
            memory.start(&family, "alice", now);
        };
        (0..FIRST_SWEEP).for_each(|number| start(number, now));
        memory.cut_off("bob", now, ends_at);
        assert_eq!(memory.sessions("alice", now).len(), FIRST_SWEEP);
        start(FIRST_SWEEP, ends_at);
        assert_eq!(memory.sessions("alice", now).len(), 1);
        assert_eq!(memory.tables().families.len(), 1);
        assert_eq!(memory.cut_off_before("bob"), None);
    }
}
