//! jotlet for C: access and refresh tokens (JWT, HS256) without an operating system, a heap, a clock or a random source.
//!
//! All `unsafe` is here, none in jotlet. What C hands over is looked at before it is used: a null or misaligned pointer, a
//! length that no object has, and an overlap are errors. That there is memory behind a pointer is the one thing that can't be
//! seen, and that the caller answers for. `include/jotlet.h` is made from these files by cbindgen.
#![no_std]

mod error;
mod issue;
mod key;
mod memory;
mod verify;

pub use error::{Claim, Error, jotlet_error_name};
pub use issue::{NewToken, jotlet_issue_access, jotlet_issue_refresh};
pub use key::{Key, jotlet_key_drop, jotlet_key_init};
pub use memory::Text;
pub use verify::{
    Claims, Expected, JOTLET_ALLOW_MISSING_EXPIRY, JOTLET_MISSING_TYPE_IS_ACCESS,
    JOTLET_REQUIRE_FRESH, jotlet_verify_access, jotlet_verify_refresh,
};

/// Nothing in here panics, and so this is in no program; the linker only wants to see it (`./run` looks).
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
