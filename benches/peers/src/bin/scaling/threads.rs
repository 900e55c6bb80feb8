//! By the threads that share one key and one verifier.

use std::hint::{self, black_box};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use jotlet::{Access, ClaimsBuffer, Key, Timestamp, Verifier};
use peers::checks::items;
use peers::contenders::Item;
use peers::measure::hundredths;
use peers::tokens::{SECRET, Shape, Times};
use serde::Serialize;

const THREADS: [usize; 2] = [1, 2];
/// How often a thread verifies the 64 tokens in one round: about a millisecond's work, so that in some rounds no thread is
/// interrupted.
const PASSES: usize = 40;

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
    let running = AtomicUsize::new(0);
    let work = || {
        let mut buffer = ClaimsBuffer::<256>::new();
        // Nobody begins before all of them have a processor.
        running.fetch_add(1, Ordering::Relaxed);
        while running.load(Ordering::Relaxed) < threads {
            hint::spin_loop();
        }
        let start = Instant::now();
        for item in items.iter().cycle().take(items.len() * PASSES) {
            let claims = verifier.verify(black_box(&item.token), now, &mut buffer);
            black_box(claims.expect("it is valid").subject());
        }
        (start, Instant::now())
    };
    let times = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let all = all
            .into_iter()
            .map(|one| one.join().expect("it does not panic"));
        all.collect::<Vec<_>>()
    });
    let start = times.iter().map(|(start, _)| *start).min();
    let end = times.iter().map(|(_, end)| *end).max();
    let (start, end) = start.zip(end).expect("one thread at least");
    (threads * items.len() * PASSES) as f64 / (end - start).as_secs_f64()
}

pub fn measure(rounds: usize) -> Vec<Row> {
    let times = Times::of_today();
    let now = Timestamp::from_secs(times.now);
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let verifier = Verifier::<Access>::new(&key);
    let items = items(Shape::F, times);
    // The best round, since one in which a thread has to wait for a processor tells of the machine alone.
    let mut rates = THREADS.map(|_| 0.0);
    for _ in 0..rounds {
        for (threads, rate) in THREADS.into_iter().zip(&mut rates) {
            *rate = tokens_a_second(threads, &verifier, &items, now).max(*rate);
        }
    }
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
