//! The runtime, the board and the tokens, and nothing done with them: what the other binaries' flash is counted from.

#![no_std]
#![no_main]

use core::hint::black_box;

use firmware::board::{entry, exit};
use firmware::tokens::{FLASK, NOW, SECRET};

#[entry]
fn main() -> ! {
    black_box((SECRET, FLASK, NOW));
    exit(0)
}
