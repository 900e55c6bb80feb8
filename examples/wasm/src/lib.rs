//! jotlet as a WebAssembly module: a C-style interface over linear memory, and not one import.
//!
//! The module has no clock, no random source and no allocator. What it and its host hand each other stands in one
//! [`Exchange`], whose address [`exchange`] tells. A call goes like this:
//!
//! 1. The host writes the texts that the function takes to `texts`, one behind the other, and how many bytes each has to
//!    `lengths`, in the order that the function names; [`ABSENT`] stands for a text that is not there.
//! 2. It calls the function. 0 is success; any other number is the rule that refused, listed in [`refusal`], with its values
//!    in `values`.
//! 3. It reads the answer from the exchange before it makes the next call.
//!
//! A key lives wherever the host puts it: [`key_size`] bytes, 8-byte aligned, above `__heap_base`. The host grows the memory
//! if it needs to. Times are whole seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2), as `f64` so that JavaScript's
//! numbers fit.
#![no_std]

#[cfg(feature = "bench")]
mod bench;
mod exchange;
#[cfg(feature = "issue")]
mod issue;
pub mod refusal;
mod verify;

use jotlet::{Key, Timestamp};

use exchange::Texts;
pub use exchange::{ABSENT, Exchange, Span, TEXTS};
#[cfg(feature = "issue")]
pub use issue::issue;
pub use verify::verify;

/// Nothing in here panics; what is linked shows it (`npm test`).
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Where the exchange stands.
#[unsafe(no_mangle)]
pub extern "C" fn exchange() -> *mut Exchange {
    Exchange::address()
}

/// How many bytes a key takes.
#[unsafe(no_mangle)]
pub extern "C" fn key_size() -> usize {
    size_of::<Key>()
}

/// Makes a key at `key` from a secret, the one text. The host wipes the secret from the exchange afterwards.
///
/// # Safety
/// `key` is 8-byte aligned, and [`key_size`] bytes from there on are the host's and hold no key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn key_new(key: *mut Key) -> u32 {
    // SAFETY: this is an exported function.
    let exchange = unsafe { Exchange::get() };
    let secret = Texts::new(&exchange.lengths, &exchange.texts).bytes();
    let made = secret.and_then(|secret| Key::new(secret).map_err(refusal::of_key));
    let result = made.map(|made| {
        // SAFETY: the caller has answered for the address.
        unsafe { key.write(made) };
    });
    exchange.answer(result)
}

/// Wipes a key: its memory is the host's again.
///
/// # Safety
/// [`key_new`] has made a key at `key`, and it has not been wiped since.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn key_free(key: *mut Key) {
    // SAFETY: the caller has answered for the key.
    unsafe { key.drop_in_place() };
}

/// A time from the host; one before 1970 or none at all is 1970, one too late to be told is the last.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The cast saturates, which is what is wanted.
fn timestamp(secs: f64) -> Timestamp {
    Timestamp::from_secs(secs as u64)
}
