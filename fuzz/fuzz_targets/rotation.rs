//! Any steps at any times: an exchange goes on from the last one or is the one repeat of it, nothing follows a replay, and
//! what is no family's record is refused.
#![no_main]

use std::time::Duration;

use jotlet::{
    Family, FamilyStore, FamilyTable, RecordError, Refresh, Rotation, Timestamp, TokenId, Verifier,
};
use jotlet_fuzz::{ClaimsBuffer, KEY, PLAIN, forge_encoded};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

#[derive(Arbitrary, Debug)]
struct Input {
    record: Vec<u8>,
    first: Id,
    ends_at: u64,
    steps: Vec<Step>,
}

/// One of few, so that ids repeat.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
struct Id {
    byte: u8,
    uuid: bool,
}

impl From<Id> for TokenId {
    fn from(id: Id) -> Self {
        let bytes = [id.byte & 0xf; 16];
        if id.uuid {
            Self::uuid(bytes)
        } else {
            Self::from_bytes(bytes)
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Step {
    /// The token with this id, or the newest one.
    Present {
        id: Option<Id>,
        next: Id,
        now: u64,
        grace: u64,
    },
    Logout,
}

/// An exchange: the token that was presented, the one that it became, and whether it was a repeat.
type Exchange = (TokenId, TokenId, bool);

fn check_record(record: &[u8]) {
    match Family::from_record(record) {
        Ok(family) => assert_eq!(family.to_record(), record),
        Err(RecordError::Length { len }) => assert_ne!(len, Family::RECORD_LEN),
        Err(_) => {}
    }
}

/// Exactly what has a record's length, and its name and checksum put right.
fn check_sealed_record(bytes: &[u8]) {
    let Some(bytes) = bytes.first_chunk::<{ Family::RECORD_LEN }>() else {
        return;
    };
    let mut record = *bytes;
    record[..5].copy_from_slice(b"jotF\x01");
    let digest = Sha256::digest(&record[..70]);
    record[70..].copy_from_slice(&digest[..8]);
    check_record(&record);
}

/// Presents a token of the session, and checks what is decided against the last exchange.
fn present(
    table: &mut FamilyTable<1>,
    last: &mut Exchange,
    presented: TokenId,
    next: TokenId,
    now: Timestamp,
    grace: Duration,
) {
    let before = table.families()[0];
    let (session, text) = (before.session().text(), presented.text());
    let payload = format!(
        r#"{{"type":"refresh","exp":{},"sub":"a","sid":"{}","jti":"{}"}}"#,
        u64::MAX,
        session.as_str(),
        text.as_str()
    );
    let token = forge_encoded(PLAIN, payload.as_bytes());
    let mut buffer = ClaimsBuffer::new();
    let verifier = Verifier::<Refresh>::new(&*KEY);
    let claims = verifier.verify(token, Timestamp::from_secs(0), &mut buffer);
    let rotation = table.rotate(&claims.unwrap(), next, now, grace).unwrap();
    let after = table.families()[0];
    assert_eq!(rotation.family().copied().unwrap_or(before), after);
    assert_eq!(after.session(), before.session());
    assert_eq!(after.ends_at(), before.ends_at());

    let (last_presented, current, was_repeat) = *last;
    let is_repeat = presented != current;
    let may_rotate = !before.is_revoked() && now < before.ends_at();
    match rotation {
        Rotation::Rotated { family, pair } => {
            assert!(may_rotate);
            assert!(!is_repeat || presented == last_presented && !was_repeat);
            assert!(!is_repeat || grace >= Duration::from_secs(1));
            assert_ne!(next, current);
            assert_eq!(pair, family.pair("a"));
            *last = (presented, next, is_repeat);
        }
        Rotation::RepeatedId => assert!(may_rotate && [last_presented, current].contains(&next)),
        Rotation::Replayed { family } => assert!(may_rotate && is_repeat && family.is_revoked()),
        Rotation::Revoked => assert!(before.is_revoked()),
        Rotation::Expired { ended_at, now } => {
            assert!(ended_at == before.ends_at() && now >= ended_at);
        }
        Rotation::Unknown => panic!("the family is in the table"),
    }
}

fuzz_target!(|input: Input| {
    check_record(&input.record);
    check_sealed_record(&input.record);

    let session = TokenId::from_bytes([0xff; 16]);
    let first = TokenId::from(input.first);
    let family = Family::start(session, first, Timestamp::from_secs(input.ends_at));
    let mut table = FamilyTable::<1>::new();
    table.insert(family, Timestamp::from_secs(0)).unwrap();
    // Nothing came before the first token: to repeat it is to present it.
    let mut last = (first, first, true);
    for step in input.steps {
        match step {
            Step::Logout => assert_eq!(table.revoke(session), Ok(true)),
            Step::Present {
                id,
                next,
                now,
                grace,
            } => {
                let presented = id.map_or(last.1, TokenId::from);
                let now = Timestamp::from_secs(now);
                let grace = Duration::from_secs(grace);
                present(&mut table, &mut last, presented, next.into(), now, grace);
            }
        }
        check_record(&table.families()[0].to_record());
    }
});
