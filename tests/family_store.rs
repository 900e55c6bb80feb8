//! Where families are kept: the table at its limits, lost races, and many threads at one family.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use common::{Buffer, key};
use jotlet::{
    Access, Claims, Family, FamilyStore, FamilyTable, Issuer, Refresh, RegisteredClaim, Rotation,
    StoreError, TableError, Timestamp, TokenId, Verifier, VerifyError,
};

const NOW: Timestamp = Timestamp::from_secs(1000);
const END: Timestamp = Timestamp::from_secs(2000);
const NONE: Duration = Duration::ZERO;

fn id(n: u64) -> TokenId {
    TokenId::from_bytes((u128::from(n)).to_be_bytes())
}

/// A family whose session is `id(n)`, and its refresh token `id(n + 1000)`.
fn family(n: u64, ends_at: Timestamp) -> Family {
    Family::start(id(n), id(n + 1000), ends_at)
}

/// The claims of the family's current refresh token.
fn with_claims<R>(family: &Family, use_claims: impl FnOnce(&Claims<'_, Refresh>) -> R) -> R {
    let key = key();
    let token = family
        .pair("a")
        .refresh(&Issuer::new(&key))
        .sign_owned::<512>(NOW);
    let mut buffer = Buffer::new();
    let claims = Verifier::<Refresh>::new(&key).verify(token.unwrap(), NOW, &mut buffer);
    use_claims(&claims.unwrap())
}

#[test]
fn a_table_is_full_at_its_capacity_and_drops_nothing_that_is_live() {
    let mut table = FamilyTable::<4>::new();
    let ends: Vec<Timestamp> = (0..4).map(|n| Timestamp::from_secs(1500 + n)).collect();
    for (n, &ends_at) in (0..).zip(&ends) {
        table.insert(family(n, ends_at), NOW).unwrap();
    }
    let before = table.families().to_vec();
    let full = Err(TableError::Full { capacity: 4 });
    assert_eq!(table.insert(family(9, END), NOW), full);
    assert_eq!(
        table.insert(family(9, END), Timestamp::from_secs(1499)),
        full
    );
    assert_eq!(table.families(), before);

    // The first comes to its end, and makes room for one.
    let now = Timestamp::from_secs(1500);
    assert_eq!(table.insert(family(9, END), now), Ok(()));
    assert_eq!(table.insert(family(10, END), now), full);
    assert_eq!(table.load(id(0)), Ok(None));
    for live in &before[1..] {
        assert_eq!(table.load(live.session()), Ok(Some(*live)));
    }

    // All come to their end, also at the end of the clock.
    assert_eq!(table.insert(family(11, END), Timestamp::MAX), Ok(()));
    assert_eq!(table.families(), [family(11, END)]);
}

#[test]
fn a_table_without_room_is_always_full() {
    let mut table = FamilyTable::<0>::new();
    let full = Err(TableError::Full { capacity: 0 });
    assert_eq!(table.insert(family(1, END), Timestamp::MAX), full);
}

#[test]
fn a_revoked_family_keeps_its_place_until_its_end() {
    let mut table = FamilyTable::<1>::new();
    let stolen = family(1, END);
    table.insert(stolen, NOW).unwrap();
    assert_eq!(table.revoke(stolen.session()), Ok(true));
    assert_eq!(table.revoke(stolen.session()), Ok(true));
    assert_eq!(table.revoke(id(2)), Ok(false));

    let full = Err(TableError::Full { capacity: 1 });
    assert_eq!(table.insert(family(2, END), NOW), full);
    with_claims(&stolen, |claims| {
        let rotation = table.rotate(claims, id(5), NOW, NONE);
        assert_eq!(rotation, Ok(Rotation::Revoked));
        assert_eq!(table.insert(family(2, END), END), Ok(()));
        let rotation = table.rotate(claims, id(5), END, NONE);
        assert_eq!(rotation, Ok(Rotation::Unknown));
    });
}

#[test]
fn the_access_tokens_of_a_revoked_family_are_refused() {
    let key = key();
    let issuer = Issuer::new(&key);
    let mut table = FamilyTable::<2>::new();
    table.insert(family(1, END), NOW).unwrap();
    let check = |table: &FamilyTable<2>, session: Option<&str>| {
        let builder = issuer.access("a", id(9));
        let builder = match session {
            Some(session) => builder.session_id(session),
            None => builder,
        };
        let token = builder.sign_owned::<512>(NOW).unwrap();
        let verifier = Verifier::<Access>::new(&key);
        let mut buffer = Buffer::new();
        let claims = verifier.verify_with(token, NOW, &mut buffer, table);
        claims.map(drop)
    };
    let [one, two] = [1, 2].map(|n| id(n).text());
    assert_eq!(check(&table, Some(one.as_str())), Ok(()));
    let unknown = Err(VerifyError::RevocationUnknown);
    for other in [two.as_str(), "", "x", &one.as_str()[1..]] {
        assert_eq!(check(&table, Some(other)), unknown, "{other}");
    }
    let claim = RegisteredClaim::SessionId;
    let missing = Err(VerifyError::MissingClaim { claim });
    assert_eq!(check(&table, None), missing);

    assert_eq!(table.revoke(id(1)), Ok(true));
    let revoked = Err(VerifyError::Revoked);
    assert_eq!(check(&table, Some(one.as_str())), revoked);
}

#[test]
fn a_session_is_added_once() {
    let mut table = FamilyTable::<2>::new();
    table.insert(family(1, END), NOW).unwrap();
    let again = Family::start(id(1), id(7), END);
    assert_eq!(table.insert(again, NOW), Err(TableError::SessionTaken));
    assert_eq!(table.insert(again, END), Err(TableError::SessionTaken));
    assert_eq!(table.families(), [family(1, END)]);
}

#[test]
fn only_what_is_stored_is_swapped() {
    let mut table = FamilyTable::<2>::new();
    let (stored, other) = (family(1, END), family(2, END));
    table.insert(stored, NOW).unwrap();
    assert_eq!(table.compare_and_swap(&other, &other.revoked()), Ok(false));
    assert_eq!(
        table.compare_and_swap(&stored.revoked(), &stored),
        Ok(false)
    );
    assert_eq!(table.families(), [stored]);
    assert_eq!(table.compare_and_swap(&stored, &stored.revoked()), Ok(true));
    assert_eq!(table.families(), [stored.revoked()]);
}

/// A store in which somebody else acts between each loading and swapping.
struct Raced<F>(FamilyTable<1>, F);

impl<F: FnMut(&mut FamilyTable<1>)> FamilyStore for Raced<F> {
    type Error = std::fmt::Error;

    fn load(&mut self, session: TokenId) -> Result<Option<Family>, Self::Error> {
        Ok(self.0.load(session).unwrap())
    }

    fn compare_and_swap(&mut self, old: &Family, new: &Family) -> Result<bool, Self::Error> {
        (self.1)(&mut self.0);
        Ok(self.0.compare_and_swap(old, new).unwrap())
    }
}

fn raced<F: FnMut(&mut FamilyTable<1>)>(rival: F) -> Raced<F> {
    let mut table = FamilyTable::new();
    table.insert(family(1, END), NOW).unwrap();
    Raced(table, rival)
}

#[test]
fn a_lost_race_is_decided_anew() {
    with_claims(&family(1, END), |claims| {
        let revoked = family(1, END).revoked();
        let mut store = raced(|table| assert!(table.revoke(id(1)).unwrap()));
        assert_eq!(
            store.rotate(claims, id(5), NOW, NONE),
            Ok(Rotation::Revoked)
        );
        assert_eq!(store.0.families(), [revoked]);
        let mut store = raced(|table| assert!(table.revoke(id(1)).unwrap()));
        assert_eq!(store.revoke(id(1)), Ok(true));

        // The same token from two sides: without a window the second is a replay, with one it is the repeat.
        for grace in [0, 30].map(Duration::from_secs) {
            let mut once = true;
            let mut store = raced(|table| {
                if std::mem::take(&mut once) {
                    let rival = table.rotate(claims, id(4), NOW, grace);
                    assert!(matches!(rival, Ok(Rotation::Rotated { .. })));
                }
            });
            let rotation = store.rotate(claims, id(5), NOW, grace).unwrap();
            match rotation {
                Rotation::Replayed { family } if grace.is_zero() => assert!(family.is_revoked()),
                Rotation::Rotated { .. } if !grace.is_zero() => {}
                other => panic!("{other:?}"),
            }
            assert_eq!(store.0.families()[0].is_revoked(), grace.is_zero());
        }
    });
}

#[test]
fn attempts_are_bounded() {
    with_claims(&family(1, END), |claims| {
        let (mut swaps, mut ends_at) = (0, 3000);
        let mut store = raced(|table| {
            swaps += 1;
            ends_at += 1;
            *table = FamilyTable::new();
            table
                .insert(family(1, Timestamp::from_secs(ends_at)), NOW)
                .unwrap();
        });
        let contended = StoreError::Contended { attempts: 8 };
        assert_eq!(store.rotate(claims, id(5), NOW, NONE), Err(contended));
        assert_eq!(store.revoke(id(1)), Err(contended));
        assert!(!store.0.families()[0].is_revoked());
        assert_eq!(swaps, 16);
        let text = "the family was changed by others in 8 attempts";
        assert_eq!(contended.to_string(), text);
        assert!(contended.source().is_none());
    });
}

/// A store that can't answer, or can only read.
struct Broken(Option<Family>);

impl FamilyStore for Broken {
    type Error = std::fmt::Error;

    fn load(&mut self, _: TokenId) -> Result<Option<Family>, Self::Error> {
        self.0.map(Some).ok_or(std::fmt::Error)
    }

    fn compare_and_swap(&mut self, _: &Family, _: &Family) -> Result<bool, Self::Error> {
        Err(std::fmt::Error)
    }
}

#[test]
fn a_store_that_fails_gives_no_tokens() {
    with_claims(&family(1, END), |claims| {
        for mut store in [Broken(None), Broken(Some(family(1, END)))] {
            let error = StoreError::Store(std::fmt::Error);
            assert_eq!(store.rotate(claims, id(5), NOW, NONE), Err(error));
            assert_eq!(store.revoke(id(1)), Err(error));
            assert!(error.source().is_some());
        }
    });
}

/// What a service has: one map of records that its threads reach one step at a time.
struct Shared(Mutex<HashMap<[u8; 16], [u8; Family::RECORD_LEN]>>);

impl FamilyStore for &Shared {
    type Error = jotlet::RecordError;

    fn load(&mut self, session: TokenId) -> Result<Option<Family>, Self::Error> {
        let records = self.0.lock().unwrap();
        let record = records.get(session.as_bytes());
        record.map(|record| Family::from_record(record)).transpose()
    }

    fn compare_and_swap(&mut self, old: &Family, new: &Family) -> Result<bool, Self::Error> {
        let mut records = self.0.lock().unwrap();
        let stored = records.get_mut(old.session().as_bytes());
        let stored = stored.filter(|stored| **stored == old.to_record());
        Ok(stored.map(|stored| *stored = new.to_record()).is_some())
    }
}

const THREADS: u64 = 8;
const ROUNDS: u64 = 200;

/// All threads present the same token of a new family at the same time: how many of them got a pair, and how many were
/// told that it was a replay.
fn round(store: &Shared, round: u64, grace: Duration) -> (usize, usize) {
    let family = family(round, END);
    let record = (*family.session().as_bytes(), family.to_record());
    store.0.lock().unwrap().extend([record]);
    let start = Barrier::new(THREADS as usize);
    let present = |thread: u64| {
        with_claims(&family, |claims| {
            let mut store = store;
            start.wait();
            let next = id(1_000_000 + thread);
            match store.rotate(claims, next, NOW, grace).unwrap() {
                Rotation::Rotated { .. } => (1, 0),
                Rotation::Replayed { .. } => (0, 1),
                Rotation::Revoked => (0, 0),
                other => panic!("{other:?}"),
            }
        })
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|n| scope.spawn(move || present(n)))
            .collect();
        let results = threads.into_iter().map(|thread| thread.join().unwrap());
        results.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    })
}

#[test]
fn of_many_threads_with_one_token_one_wins() {
    let store = Shared(Mutex::new(HashMap::new()));
    for n in 0..ROUNDS {
        assert_eq!(round(&store, n, NONE), (1, 1), "winners and replays");
    }
    let records = store.0.into_inner().unwrap();
    let revoked = records
        .values()
        .filter(|record| Family::from_record(*record).unwrap().is_revoked());
    assert_eq!(revoked.count() as u64, ROUNDS);
}

#[test]
fn with_a_window_two_win_and_the_third_is_a_replay() {
    let store = Shared(Mutex::new(HashMap::new()));
    for n in 0..ROUNDS {
        let grace = Duration::from_secs(30);
        assert_eq!(round(&store, n, grace), (2, 1), "winners and replays");
    }
    let records = store.0.into_inner().unwrap();
    let revoked = records
        .values()
        .filter(|record| Family::from_record(*record).unwrap().is_revoked());
    assert_eq!(revoked.count() as u64, ROUNDS);
}

#[test]
fn the_errors_say_what_is_wrong() {
    let full = TableError::Full { capacity: 4 };
    assert_eq!(full.to_string(), "the table is full with 4 families");
    let taken = TableError::SessionTaken;
    assert_eq!(taken.to_string(), "the table has a family of this session");
}
