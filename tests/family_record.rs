//! The byte form of a family: its layout, its round trips, and that no damage goes unseen.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::time::Duration;

use common::{Buffer, key};
use jotlet::{Family, Issuer, RecordError, Refresh, Rotation, Timestamp, TokenId, Verifier};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const FLAGS: usize = 5;
const CHECKED: usize = 70;

/// The family after a refresh with a grace window.
fn rotated(family: Family, next: TokenId, now: Timestamp, grace: Duration) -> Family {
    let key = key();
    let token = family
        .pair("a")
        .refresh(&Issuer::new(&key))
        .sign_owned::<512>(now);
    let mut buffer = Buffer::new();
    let claims = Verifier::<Refresh>::new(&key).verify(token.unwrap(), now, &mut buffer);
    let rotation = Rotation::decide(Some(&family), &claims.unwrap(), next, now, grace);
    *rotation.family().unwrap()
}

/// One whose every field is set.
fn full() -> Family {
    let family = Family::start(
        TokenId::uuid([0x11; 16]),
        TokenId::from_bytes([0x33; 16]),
        Timestamp::from_secs(0x0102_0304_0506_0708),
    );
    let now = Timestamp::from_secs(0x0a0b_0c00);
    rotated(
        family,
        TokenId::from_bytes([0x22; 16]),
        now,
        Duration::from_secs(0x0d),
    )
}

/// The record with the checksum that its fields should have.
fn sealed(mut record: [u8; Family::RECORD_LEN]) -> [u8; Family::RECORD_LEN] {
    let digest = Sha256::digest(&record[..CHECKED]);
    record[CHECKED..].copy_from_slice(&digest[..8]);
    record
}

#[test]
fn the_layout_is_the_documented_one() {
    let mut expected = [0; Family::RECORD_LEN];
    expected[..4].copy_from_slice(b"jotF");
    expected[4] = 1;
    expected[5] = 2 + 4;
    expected[6..22].copy_from_slice(TokenId::uuid([0x11; 16]).as_bytes());
    expected[22..38].fill(0x22);
    expected[38..54].fill(0x33);
    expected[54..62].copy_from_slice(&[0, 0, 0, 0, 0x0a, 0x0b, 0x0c, 0x0d]);
    expected[62..70].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(full().to_record(), sealed(expected));

    // Python: hashlib.sha256(b"jotF\x01\x01" + b"\x44" * 16 + b"\x55" * 16 + bytes(24) + b"\xff" * 8).digest()[:8]
    let family = Family::start(
        TokenId::from_bytes([0x44; 16]),
        TokenId::from_bytes([0x55; 16]),
        Timestamp::MAX,
    );
    let record = family.revoked().to_record();
    assert_eq!(
        record[CHECKED..],
        [0x7f, 0x44, 0x99, 0x63, 0xa2, 0x86, 0x1a, 0xac]
    );
}

#[test]
fn every_changed_byte_is_an_error() {
    let id = TokenId::from_bytes([0; 16]);
    let empty = Family::start(id, id, Timestamp::from_secs(0));
    let every: Vec<u8> = (1..=255).collect();
    let single_bits: Vec<u8> = (0..8).map(|bit| 1 << bit).collect();
    for (family, changes) in [
        (full(), every),
        (full().revoked(), single_bits.clone()),
        (empty, single_bits),
    ] {
        let record = family.to_record();
        assert_eq!(Family::from_record(&record), Ok(family));
        for position in 0..record.len() {
            for change in &changes {
                let mut changed = record;
                changed[position] ^= change;
                let error = match position {
                    0..4 => RecordError::NotAFamily,
                    4 => RecordError::Version {
                        version: changed[4],
                    },
                    _ => RecordError::Corrupted,
                };
                assert_eq!(Family::from_record(&changed), Err(error), "{position}");
            }
        }
    }
}

#[test]
fn every_other_length_is_an_error() {
    let record = full().to_record();
    let mut longer = record.to_vec();
    longer.resize(200, 0);
    for len in 0..200 {
        let expected = match len {
            0..4 => Err(RecordError::NotAFamily),
            Family::RECORD_LEN => Ok(full()),
            len => Err(RecordError::Length { len }),
        };
        assert_eq!(Family::from_record(&longer[..len]), expected);
    }
}

#[test]
fn what_is_never_written_is_an_error_under_a_right_checksum_too() {
    let plain = full().revoked().to_record();
    let corrupted = |record, position: usize, value: u8| {
        let mut record: [u8; Family::RECORD_LEN] = record;
        record[position] |= value;
        let read = Family::from_record(&sealed(record));
        assert_eq!(read, Err(RecordError::Corrupted), "{position}");
    };
    for unknown in [32, 64, 128] {
        corrupted(plain, FLAGS, unknown);
        corrupted(full().to_record(), FLAGS, unknown);
    }
    // Without a previous token there is nothing about one.
    corrupted(plain, FLAGS, 16);
    for position in 38..62 {
        corrupted(plain, position, 1);
    }
}

#[test]
fn the_errors_say_what_is_wrong() {
    for (error, text) in [
        (RecordError::NotAFamily, "not the record of a family"),
        (
            RecordError::Version { version: 2 },
            "a family's record of the unknown version 2",
        ),
        (
            RecordError::Length { len: 77 },
            "a family's record has 78 bytes, not 77",
        ),
        (RecordError::Corrupted, "the family's record is corrupted"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

fn any_id() -> impl Strategy<Value = TokenId> {
    prop_oneof![
        any::<[u8; 16]>().prop_map(TokenId::from_bytes),
        any::<[u8; 16]>().prop_map(TokenId::uuid),
    ]
}

fn any_family() -> impl Strategy<Value = Family> {
    let next = proptest::option::of((any_id(), any::<u64>(), any::<u64>()));
    (any_id(), any_id(), any::<u64>(), next, any::<bool>()).prop_map(
        |(session, first, ends_at, next, revoked)| {
            let mut family = Family::start(session, first, Timestamp::from_secs(ends_at));
            if let Some((next, now, grace)) =
                next.filter(|(next, now, _)| *next != first && *now < ends_at)
            {
                family = rotated(
                    family,
                    next,
                    Timestamp::from_secs(now),
                    Duration::from_secs(grace),
                );
            }
            if revoked { family.revoked() } else { family }
        },
    )
}

proptest! {
    #[test]
    fn records_are_equal_if_the_families_are(one in any_family(), other in any_family()) {
        let families = [one, one.revoked(), other, other.revoked()];
        for a in families {
            prop_assert_eq!(Family::from_record(&a.to_record()), Ok(a));
            for b in families {
                prop_assert_eq!(a == b, a.to_record() == b.to_record());
            }
        }
    }

    #[test]
    fn other_bytes_are_an_error(bytes in any::<[u8; Family::RECORD_LEN]>()) {
        prop_assert!(Family::from_record(&bytes).is_err());
        let mut named = bytes;
        named[..5].copy_from_slice(b"jotF\x01");
        prop_assert_eq!(Family::from_record(&named), Err(RecordError::Corrupted));
    }
}
