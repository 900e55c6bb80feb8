//! The denylist under random steps, against a list that forgets nothing.
#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use std::time::Duration;

use common::{Buffer, key, signed};
use jotlet::{Access, Denylist, Timestamp, Verifier, VerifyError};
use proptest::prelude::*;

const CAPACITY: usize = 5;
/// No token lives longer.
const LONGEST: u64 = 60;

/// A token that may be presented: its id is its place in the list of them.
#[derive(Clone, Copy, Debug)]
struct Issued {
    subject: u8,
    issued_at: u64,
    expires_at: u64,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Issue { subject: u8, lifetime: u64 },
    Clock(i64),
    Present(prop::sample::Index),
    Revoke(prop::sample::Index),
    RevokeSubject(u8),
    RevokeAll,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..4_u8, 1..=LONGEST).prop_map(|(subject, lifetime)| Step::Issue { subject, lifetime }),
        6 => prop_oneof![4 => 0..12_i64, 1 => -30..0_i64].prop_map(Step::Clock),
        12 => any::<prop::sample::Index>().prop_map(Step::Present),
        6 => any::<prop::sample::Index>().prop_map(Step::Revoke),
        2 => (0..4_u8).prop_map(Step::RevokeSubject),
        1 => Just(Step::RevokeAll),
    ]
}

/// What was revoked, and until when that is needed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Revoked {
    Token(usize),
    Subject(u8),
}

#[derive(Default)]
struct World {
    now: u64,
    issued: Vec<Issued>,
    list: Denylist<CAPACITY>,
    /// What the list has ever taken, with the time before which a subject's tokens were issued, and that until which the
    /// revocation is needed.
    revoked: Vec<(Revoked, u64, u64)>,
    all_before: u64,
    /// The latest time at which the list may have dropped something.
    latest: u64,
}

impl World {
    /// Half of the names are ids of jotlet's own form, and half are not.
    fn name(token: usize) -> String {
        if token.is_multiple_of(2) {
            format!("{token:032x}")
        } else {
            format!("token {token}")
        }
    }

    fn run(&mut self, step: Step) {
        let now = Timestamp::from_secs(self.now);
        match step {
            Step::Issue { subject, lifetime } => self.issued.push(Issued {
                subject,
                issued_at: self.now,
                expires_at: self.now + lifetime,
            }),
            Step::Clock(by) => self.now = self.now.saturating_add_signed(by),
            Step::RevokeAll => {
                self.list.revoke_all(now);
                self.all_before = self.all_before.max(self.now);
            }
            Step::RevokeSubject(subject) => {
                let longest = Duration::from_secs(LONGEST);
                let name = format!("subject {subject}");
                let result = self.list.revoke_subject(&name, now, longest, now);
                self.note(
                    result.is_ok(),
                    Revoked::Subject(subject),
                    self.now + LONGEST,
                );
            }
            _ if self.issued.is_empty() => {}
            Step::Revoke(token) => {
                let token = token.index(self.issued.len());
                let until = self.issued[token].expires_at;
                let end = Timestamp::from_secs(until);
                let result = self.list.revoke_id(&Self::name(token), end, now);
                self.note(result.is_ok(), Revoked::Token(token), until);
            }
            Step::Present(token) => self.present(token.index(self.issued.len())),
        }
    }

    fn note(&mut self, taken: bool, what: Revoked, until: u64) {
        if taken {
            self.revoked.push((what, self.now, until));
        } else {
            let mut needed = Vec::new();
            for &(what, _, until) in &self.revoked {
                if until > self.now && !needed.contains(&what) {
                    needed.push(what);
                }
            }
            assert!(needed.len() >= CAPACITY, "refused with room to spare");
        }
        self.latest = self.latest.max(self.now);
    }

    fn present(&self, token: usize) {
        let Issued {
            subject,
            issued_at,
            expires_at,
        } = self.issued[token];
        let id = Self::name(token);
        let claims = format!(
            r#"{{"type":"access","jti":"{id}","sub":"subject {subject}","iat":{issued_at},"exp":{expires_at}}}"#
        );
        let key = key();
        let verifier = Verifier::<Access>::new(&key);
        let now = Timestamp::from_secs(self.now);
        let mut buffer = Buffer::new();
        let answer = verifier.verify_with(signed(claims), now, &mut buffer, &self.list);

        let is_revoked = issued_at < self.all_before
            || self.revoked.iter().any(|(what, before, _)| match what {
                Revoked::Token(revoked) => *revoked == token,
                Revoked::Subject(revoked) => *revoked == subject && issued_at < *before,
            });
        match answer.map(drop) {
            Ok(()) => assert!(!is_revoked),
            Err(VerifyError::Revoked) => assert!(is_revoked),
            Err(VerifyError::RevocationUnknown) => assert!(expires_at <= self.latest),
            Err(VerifyError::Expired { .. }) => assert!(expires_at <= self.now),
            Err(VerifyError::IssuedInFuture { .. }) => assert!(issued_at > self.now),
            Err(other) => panic!("{other}"),
        }
    }
}

proptest! {
    /// What was revoked is not accepted, what was not is refused only where the list may have forgotten about it, and the
    /// list is full only if all it has is needed.
    #[test]
    fn nothing_that_was_revoked_comes_back(steps in prop::collection::vec(any_step(), 1..120)) {
        let mut world = World { now: 100, ..World::default() };
        for step in steps {
            world.run(step);
        }
    }
}
