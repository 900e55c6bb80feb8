//! The stores under test, the model, and those who act on them.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jotlet::{
    Claims, ClaimsBuffer, Family, FamilyStore, FamilyTable, Issuer, Key, RecordError, Refresh,
    Rotation, TableError, Timestamp, TokenId, TokenPair, Verifier,
};
use proptest::sample::Index;

use crate::Act;
use crate::common::key;
use crate::model::{Handed, Outcome, Session, State};

const CAPACITY: usize = 4;

#[derive(Default)]
struct Records(HashMap<[u8; 16], [u8; Family::RECORD_LEN]>);

impl FamilyStore for Records {
    type Error = RecordError;

    fn load(&mut self, session: TokenId) -> Result<Option<Family>, RecordError> {
        let record = self.0.get(session.as_bytes());
        record.map(|record| Family::from_record(record)).transpose()
    }

    fn compare_and_swap(&mut self, old: &Family, new: &Family) -> Result<bool, RecordError> {
        let stored = self.0.get_mut(old.session().as_bytes());
        let stored = stored.filter(|stored| **stored == old.to_record());
        Ok(stored.map(|stored| *stored = new.to_record()).is_some())
    }
}

pub struct World {
    key: Key,
    now: u64,
    pub grace: u64,
    ids: u64,
    sessions: Vec<Session>,
    table: FamilyTable<CAPACITY>,
    records: Records,
    pub counts: BTreeMap<Outcome, u64>,
}

impl World {
    /// One with a session.
    pub fn new(grace: u64) -> Self {
        let mut world = Self {
            key: key(),
            now: 5_000,
            grace,
            ids: 0,
            sessions: Vec::new(),
            table: FamilyTable::new(),
            records: Records::default(),
            counts: BTreeMap::new(),
        };
        world.login(3_000);
        world
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.now)
    }

    fn grace(&self) -> Duration {
        Duration::from_secs(self.grace)
    }

    fn count(&mut self, outcome: Outcome) {
        *self.counts.entry(outcome).or_default() += 1;
    }

    /// An id that was never used before.
    fn id(&mut self) -> TokenId {
        self.ids += 1;
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&self.ids.to_be_bytes()[2..]);
        if self.ids.is_multiple_of(3) {
            TokenId::uuid(bytes)
        } else {
            TokenId::from_bytes(bytes)
        }
    }

    pub fn set_clock(&mut self, by: i64) {
        self.now = self.now.saturating_add_signed(by);
    }

    pub fn reset(&mut self) {
        let flash = self.table.families().iter().map(Family::to_record);
        let mut table = FamilyTable::new();
        for record in flash {
            let family = Family::from_record(&record).unwrap();
            table.insert(family, Timestamp::from_secs(0)).unwrap();
        }
        self.table = table;
    }

    pub fn login(&mut self, lifetime: u64) {
        let now = self.now();
        let ends_at = now.saturating_add(Duration::from_secs(lifetime));
        let family = Family::start(self.id(), self.id(), ends_at);
        let stored = |session: &&Session| session.stored;
        let mut room = CAPACITY - self.sessions.iter().filter(stored).count();
        if room == 0 {
            let ended = |session: &&mut Session| session.stored && session.has_ended(self.now);
            for session in self.sessions.iter_mut().filter(ended) {
                session.stored = false;
                self.records.0.remove(session.family.session().as_bytes());
                room += 1;
            }
        }
        let inserted = self.table.insert(family, now);
        if room == 0 {
            let full = TableError::Full { capacity: CAPACITY };
            assert_eq!(inserted, Err(full));
            return self.count(Outcome::TableFull);
        }
        assert_eq!(inserted, Ok(()));
        let id = *family.session().as_bytes();
        self.records.0.insert(id, family.to_record());
        let first = self.sign(&family.pair("user-42"));
        self.sessions.push(Session::new(family, first));
    }

    pub fn act(&mut self, session: Index, act: Act) {
        // One of the latest sessions: of the earlier ones, little is left.
        let recent = self.sessions.len().min(CAPACITY + 1);
        let at = self.sessions.len() - 1 - session.index(recent);
        let session = &mut self.sessions[at];
        let newest = session.tokens.len() - 1;
        match act {
            Act::Steal => session.thief = Some(session.client),
            Act::Client { answer_lost } => {
                let became = self.refresh(at, |session| session.client, None);
                if let Some(became) = became.filter(|_| !answer_lost) {
                    self.sessions[at].client = became;
                }
            }
            Act::Thief { answer_lost } => {
                let Some(stolen) = session.thief else { return };
                let became = self.refresh(at, |_| stolen, None);
                if let Some(became) = became.filter(|_| !answer_lost) {
                    self.sessions[at].thief = Some(became);
                }
            }
            Act::Old(token) => {
                self.refresh(at, |_| token.index(newest + 1), None);
            }
            Act::BrokenRandom => {
                let current = with_claims(&self.key, &session.tokens[newest], |claims| {
                    TokenId::parse(claims.token_id().unwrap())
                });
                self.refresh(at, |session| session.client, current);
            }
            Act::Logout => {
                let (id, stored) = (session.family.session(), session.stored);
                session.revoked |= stored;
                assert_eq!(self.table.revoke(id), Ok(stored));
                assert_eq!(self.records.revoke(id), Ok(stored));
            }
        }
    }

    /// Presents a token to the model, the table and the records, with an id that is fresh if it is not given. Tells which
    /// token it became.
    fn refresh(
        &mut self,
        at: usize,
        presented: impl Fn(&Session) -> usize,
        next: Option<TokenId>,
    ) -> Option<usize> {
        let repeated_id = next.is_some();
        let next = next.unwrap_or_else(|| self.id());
        let (now, grace) = (self.now(), self.grace());
        let session = &self.sessions[at];
        let presented = presented(session);
        let expected = match session.expected(presented, self.now, self.grace) {
            Outcome::Rotated | Outcome::Repeated if repeated_id => Outcome::RepeatedId,
            outcome => outcome,
        };
        let (table, records) = (&mut self.table, &mut self.records);
        let (outcome, pair) = with_claims(&self.key, &session.tokens[presented], |claims| {
            let rotation = table.rotate(claims, next, now, grace).unwrap();
            assert_eq!(records.rotate(claims, next, now, grace).unwrap(), rotation);
            let outcome = match &rotation {
                Rotation::Rotated { .. } if expected == Outcome::Repeated => expected,
                Rotation::Rotated { .. } => Outcome::Rotated,
                Rotation::Replayed { .. } => Outcome::Replayed,
                Rotation::Unknown => Outcome::Unknown,
                Rotation::Expired { .. } => Outcome::Expired,
                Rotation::Revoked => Outcome::Revoked,
                Rotation::RepeatedId => Outcome::RepeatedId,
            };
            let pair = match rotation {
                Rotation::Rotated { family, .. } => Some(family.pair("user-42")),
                _ => None,
            };
            (outcome, pair)
        });
        assert_eq!(outcome, expected);
        self.count(outcome);

        self.sessions[at].revoked |= outcome == Outcome::Replayed;
        let new = self.sign(&pair?);
        let repeated = outcome == Outcome::Repeated;
        let session = &mut self.sessions[at];
        Some(session.exchange(presented, repeated, new, self.now, self.grace))
    }

    /// The refresh token of a pair, signed now.
    fn sign(&self, pair: &TokenPair<'_>) -> Handed {
        let now = self.now();
        let issuer = Issuer::new(&self.key);
        Handed {
            token: pair.refresh(&issuer).sign_owned(now).unwrap(),
            issued_at: now,
            state: State::Current,
            uses: 0,
        }
    }

    /// What holds at the end of it all: of the tokens that a family ever had, one rotates, and one more in a window.
    pub fn probe(&self) {
        for session in &self.sessions {
            let id = session.family.session();
            let families = self.table.families();
            let stored = families.iter().find(|family| family.session() == id);
            assert_eq!(stored.is_some(), session.stored);
            let Some(stored) = stored else { continue };
            assert_eq!(stored.is_revoked(), session.revoked);
            assert_eq!(stored.ends_at(), session.family.ends_at());

            let rotates = |handed: &&Handed| {
                with_claims(&self.key, handed, |claims| {
                    assert!(claims.expires_at().unwrap() <= stored.ends_at());
                    let next = TokenId::from_bytes([0xff; 16]);
                    let (now, grace) = (self.now(), self.grace());
                    let rotation = Rotation::decide(Some(stored), claims, next, now, grace);
                    matches!(rotation, Rotation::Rotated { .. })
                })
            };
            let rotating = session.tokens.iter().filter(rotates).count();
            assert!(rotating <= 1 + usize::from(self.grace > 0));
            assert!(session.tokens.iter().all(|token| token.uses <= 2));
        }
    }
}

/// The claims of a refresh token, verified when it was issued, so that the rotation alone decides.
fn with_claims<R>(
    key: &Key,
    handed: &Handed,
    use_claims: impl FnOnce(&Claims<'_, Refresh>) -> R,
) -> R {
    let mut buffer = ClaimsBuffer::<384>::new();
    let verifier = Verifier::<Refresh>::new(key);
    let claims = verifier.verify(&handed.token, handed.issued_at, &mut buffer);
    use_claims(&claims.unwrap())
}
