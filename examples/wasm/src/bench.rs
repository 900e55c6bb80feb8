//! What `npm run bench` measures: verifying, and the bare HMAC over the same bytes, without the way from JavaScript and back.

use core::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use jotlet::Key;
use sha2::Sha256;

use crate::exchange::{Exchange, Texts};
use crate::verify;

/// The signature and the dot before it.
const SIGNATURE: usize = 44;

/// Makes the key of [`hmac_loop`] at `mac` from a secret, the one text. 1 is success.
///
/// # Safety
/// `mac` is 8-byte aligned, and 1 KiB from there on is the host's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hmac_new(mac: *mut Hmac<Sha256>) -> bool {
    // SAFETY: this is an exported function.
    let exchange = unsafe { Exchange::get() };
    let secret = Texts::new(&exchange.lengths, &exchange.texts).bytes();
    let Some(made) = secret
        .ok()
        .and_then(|secret| Hmac::new_from_slice(secret).ok())
    else {
        return false;
    };
    // SAFETY: the caller has answered for the address.
    unsafe { mac.write(made) };
    true
}

/// Computes the MAC of the token in the exchange `times` times.
///
/// # Safety
/// [`hmac_new`] has made a key at `mac`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hmac_loop(mac: *const Hmac<Sha256>, times: u32) {
    // SAFETY: the caller has answered for the key.
    let keyed = unsafe { &*mac };
    // SAFETY: this is an exported function.
    let exchange = unsafe { Exchange::get() };
    let token = Texts::new(&exchange.lengths, &exchange.texts).bytes();
    let token = token.unwrap_or_default();
    let message = token.get(..token.len().saturating_sub(SIGNATURE));
    for _ in 0..times {
        let mut mac = black_box(keyed).clone();
        mac.update(black_box(message.unwrap_or_default()));
        black_box(mac.finalize());
    }
}

/// Verifies the token in the exchange `times` times, and tells whether it was accepted.
///
/// # Safety
/// As for [`verify`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn verify_loop(key: *const Key, now: f64, times: u32) -> bool {
    (0..times).all(|_| {
        // SAFETY: the caller has answered for the key.
        let refused = unsafe { verify(black_box(key), black_box(now), 0.0, 0) };
        refused == 0
    })
}
