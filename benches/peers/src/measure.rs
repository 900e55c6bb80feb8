//! Timing. Every round runs everything once, each round in another order, so that whatever the machine does meanwhile meets
//! all of them alike.

use std::time::Instant;

/// Something to time.
pub struct Work<'a> {
    run: Box<dyn FnMut() + 'a>,
    /// How many times a run does what the figure is for.
    times: usize,
}

impl<'a> Work<'a> {
    pub fn new(times: usize, run: impl FnMut() + 'a) -> Self {
        let run = Box::new(run);
        Self { run, times }
    }

    /// Work that is done several times in a run, because once is too short for the clock.
    pub fn repeated(times: usize, mut once: impl FnMut() + 'a) -> Self {
        Self::new(times, move || (0..times).for_each(|_| once()))
    }
}

/// The nanoseconds that each of these takes: the median of the rounds.
pub fn medians(works: &mut [Work<'_>], rounds: usize) -> Vec<f64> {
    let count = works.len();
    let mut times = vec![Vec::with_capacity(rounds); count];
    for round in 0..rounds {
        for turn in 0..count {
            // Forwards and backwards, so that nothing always runs behind the same neighbour.
            let turn = if round % 2 == 0 {
                turn
            } else {
                count - 1 - turn
            };
            let which = (round + turn) % count;
            let work = &mut works[which];
            // Once without the clock, so that nothing pays for what its neighbour has left in the caches.
            (work.run)();
            let start = Instant::now();
            (work.run)();
            times[which].push(start.elapsed().as_secs_f64() * 1e9 / work.times as f64);
        }
    }
    times.into_iter().map(median).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Rounded to a tenth: more is noise.
pub fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

pub fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
