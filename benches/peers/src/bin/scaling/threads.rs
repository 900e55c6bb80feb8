//! By the threads that share one key and one verifier.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use jotlet::{Access, ClaimsBuffer, Key, Timestamp, Verifier};
use peers::checks::items;
use peers::contenders::Item;
use peers::measure::{hundredths, median};
use peers::tokens::{SECRET, Shape, Times};
use serde::Serialize;

const THREADS: [usize; 2] = [1, 2];
/// How often a thread verifies the 64 tokens in one round: long enough that starting it counts for nothing.
const PASSES: usize = 300;

#[derive(Serialize)]
pub struct Row {
    threads: usize,
    /// F, all threads together.
    tokens_a_second: f64,
    /// As many times as one thread verifies.
    times_one: f64,
}

fn tokens_a_second(
    threads: usize,
    verifier: &Verifier<'_, Access>,
    items: &[Item],
    now: Timestamp,
) -> f64 {
    let barrier = Barrier::new(threads);
    let work = || {
        let mut buffer = ClaimsBuffer::<256>::new();
        barrier.wait();
        let start = Instant::now();
        for item in items.iter().cycle().take(items.len() * PASSES) {
            let claims = verifier.verify(black_box(&item.token), now, &mut buffer);
            black_box(claims.expect("it is valid").subject());
        }
        start.elapsed().as_secs_f64()
    };
    let longest = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter()
            .map(|one| one.join().expect("it does not panic"))
            .fold(0.0, f64::max)
    });
    (threads * items.len() * PASSES) as f64 / longest
}

pub fn measure(rounds: usize) -> Vec<Row> {
    let times = Times::of_today();
    let now = Timestamp::from_secs(times.now);
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let verifier = Verifier::<Access>::new(&key);
    let items = items(Shape::F, times);
    let mut rates = THREADS.map(|_| Vec::new());
    for _ in 0..rounds {
        for (threads, rates) in THREADS.into_iter().zip(&mut rates) {
            rates.push(tokens_a_second(threads, &verifier, &items, now));
        }
    }
    let rates = rates.map(median);
    let row = |(threads, rate): (usize, f64)| Row {
        threads,
        tokens_a_second: rate.round(),
        times_one: hundredths(rate / rates[0]),
    };
    THREADS.into_iter().zip(rates).map(row).collect()
}

pub fn print(rows: &[Row]) {
    println!("\nBy the threads\n  threads  tokens a second  times one thread");
    for Row {
        threads,
        tokens_a_second,
        times_one,
    } in rows
    {
        println!("{threads:>9} {tokens_a_second:>16.0} {times_one:>17.2}");
    }
}
