//! Keys in the caller's memory.

use core::mem::MaybeUninit;

use jotlet::Key as Inner;
use zeroize::Zeroize;

use crate::error::Error;
use crate::memory::{Region, bytes};

const _: () = assert!(size_of::<Inner>() <= size_of::<[u64; 10]>());
const _: () = assert!(align_of::<Inner>() <= align_of::<u64>());

/// Neither what zeroed memory nor what a dropped key has.
const READY: u64 = u64::from_be_bytes(*b"jotletHS");

/// A key for HS256, ready for use. It lives in the caller's memory, must not be copied, and is as secret as what it is made of.
///
/// Start with `jotlet_key key = {0};`, so that a key that was forgotten to be made is refused.
#[repr(C)]
pub struct Key {
    ready: u64,
    state: [MaybeUninit<u64>; 10],
}

/// Makes a key from at least 32 bytes that nobody can guess. They are not needed any more afterwards. What `key` held before
/// is overwritten. One thread makes or drops a key; any number may use it.
///
/// # Safety
/// `key` and `secret` with `secret_len` are null or the caller's memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jotlet_key_init(
    key: *mut Key,
    secret: *const u8,
    secret_len: usize,
) -> Error {
    // SAFETY: the caller has answered for both.
    let result = unsafe { init(key, secret, secret_len) };
    wipe_stack();
    result.err().unwrap_or(Error::None)
}

/// Not inlined, so that [`wipe_stack`] runs on the same stretch of the stack: a key is there on its way to the caller's memory.
#[inline(never)]
unsafe fn init(key: *mut Key, secret: *const u8, secret_len: usize) -> Result<(), Error> {
    let region = Region::new(key, 1)?;
    // SAFETY: the caller has answered for the secret.
    let secret = unsafe { bytes(secret, secret_len, &[region]) }?;
    // SAFETY: aligned and not null; the caller has answered for the memory.
    unsafe { (*key).ready = 0 };
    let made = Inner::new(secret)?;
    // SAFETY: likewise.
    let state = unsafe { &raw mut (*key).state };
    // SAFETY: likewise; the state is as large and as aligned as the key, which the assertions above see to.
    unsafe { state.cast::<Inner>().write(made) };
    // SAFETY: likewise.
    unsafe { (*key).ready = READY };
    Ok(())
}

/// Overwrites more of the stack than [`init`] has used beside what jotlet wipes.
#[inline(never)]
fn wipe_stack() {
    let mut frames = [0_u64; 128];
    frames.zeroize();
}

/// Wipes a key. A key that is not there is refused, so that a second drop does no harm.
///
/// # Safety
/// `key` is null or a `jotlet_key` of the caller's that no other thread uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jotlet_key_drop(key: *mut Key) -> Error {
    // SAFETY: the caller has answered for the key.
    match unsafe { state(key) } {
        Ok(state) => {
            // SAFETY: `state` has found a key there, and no one else uses it.
            unsafe { state.cast_mut().drop_in_place() };
            // SAFETY: aligned and not null; the caller has answered for the memory.
            unsafe { (*key).ready = 0 };
            Error::None
        }
        Err(error) => error,
    }
}

/// The key that `jotlet_key_init` has made.
///
/// # Safety
/// `key` is null or a `jotlet_key` of the caller's.
unsafe fn state(key: *const Key) -> Result<*const Inner, Error> {
    Region::new(key, 1)?;
    // SAFETY: aligned and not null; the caller has answered for the memory.
    if unsafe { (*key).ready } != READY {
        return Err(Error::NoKey);
    }
    // SAFETY: likewise.
    let state = unsafe { &raw const (*key).state };
    Ok(state.cast())
}

/// # Safety
/// As for [`state`], and the key is not dropped for `'a`.
pub(crate) unsafe fn borrow<'a>(key: *const Key) -> Result<&'a Inner, Error> {
    // SAFETY: the caller has answered for the key.
    let state = unsafe { state(key) }?;
    // SAFETY: `state` has found a key there.
    Ok(unsafe { &*state })
}
