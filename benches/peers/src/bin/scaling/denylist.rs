//! By the revoked ids of a denylist.

use std::hint::black_box;

use jotlet::{Access, ClaimsBuffer, Denylist, Key, Timestamp, TokenId, Verifier};
use peers::checks::items;
use peers::measure::{Work, medians, tenths};
use peers::tokens::{SECRET, Shape, Times};
use serde::Serialize;

const CAPACITY: usize = 4096;
const REVOKED: [usize; 8] = [0, 1, 4, 16, 64, 256, 1024, CAPACITY];

#[derive(Serialize)]
pub struct Row {
    revoked: usize,
    /// Of a whole verification, F, that asks the list.
    nanoseconds: f64,
    /// More than of one that asks none.
    more: f64,
}

fn denylist(revoked: usize, times: Times) -> Box<Denylist<CAPACITY>> {
    let mut denylist = Box::new(Denylist::new());
    let (now, expires_at) = (
        Timestamp::from_secs(times.now),
        Timestamp::from_secs(times.expires_at),
    );
    for number in 0..revoked as u128 {
        // Spread over all ids, as random ones are.
        let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let id = TokenId::uuid(id.to_be_bytes()).text();
        denylist
            .revoke_id(id.as_str(), expires_at, now)
            .expect("there is room");
    }
    denylist
}

pub fn measure(rounds: usize) -> Vec<Row> {
    let times = Times::of_today();
    let now = Timestamp::from_secs(times.now);
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let verifier = Verifier::<Access>::new(&key);
    let items = items(Shape::F, times);
    let lists = REVOKED.map(|revoked| denylist(revoked, times));
    let mut plain = ClaimsBuffer::<256>::new();
    let mut works = vec![Work::new(items.len(), || {
        for item in &items {
            let claims = verifier.verify(black_box(&item.token), now, &mut plain);
            black_box(claims.expect("it is valid").subject());
        }
    })];
    for list in &lists {
        let (items, verifier) = (&items, &verifier);
        let mut buffer = ClaimsBuffer::<256>::new();
        works.push(Work::new(items.len(), move || {
            for item in items {
                let claims =
                    verifier.verify_with(black_box(&item.token), now, &mut buffer, &**list);
                black_box(claims.expect("it is not revoked").subject());
            }
        }));
    }
    let medians = medians(&mut works, rounds);
    let row = |(revoked, time): (usize, &f64)| Row {
        revoked,
        nanoseconds: tenths(*time),
        more: tenths(time - medians[0]),
    };
    REVOKED.into_iter().zip(&medians[1..]).map(row).collect()
}

pub fn print(rows: &[Row]) {
    println!("\nBy the revoked ids, ns\n  revoked  verify_with  more than verify");
    for Row {
        revoked,
        nanoseconds,
        more,
    } in rows
    {
        println!("{revoked:>9} {nanoseconds:>12.0} {more:>17.1}");
    }
}
