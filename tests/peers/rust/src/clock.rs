//! The clock of this program, which stands at the time of the case: jsonwebtoken can't be told the time, it asks the system.

use std::sync::atomic::{AtomicI64, Ordering};

static NOW: AtomicI64 = AtomicI64::new(0);

pub fn set(now: u64) {
    NOW.store(
        i64::try_from(now).expect("a time of the cases"),
        Ordering::Relaxed,
    );
}

/// Takes the place of the C library's: what `SystemTime::now` calls on Linux with 64 bits.
#[unsafe(no_mangle)]
extern "C" fn clock_gettime(_clock: i32, time: *mut [i64; 2]) -> i32 {
    // SAFETY: the caller passes a `timespec`, two numbers of 64 bits, to be written.
    unsafe { time.write([NOW.load(Ordering::Relaxed), 0]) };
    0
}
