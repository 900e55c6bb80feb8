//! One export a public operation. What comes in through a pointer is unknown to the compiler, so it can't prove a panic away
//! that a caller could reach.
#![no_std]
#![allow(clippy::missing_safety_doc)] // Never called: only linked.

#[cfg(feature = "custom")]
mod custom;
mod print;
mod session;
mod tokens;

/// A caller's bytes.
#[repr(C)]
pub struct Bytes {
    start: *mut u8,
    len: usize,
}

impl Bytes {
    unsafe fn get<'a>(&self) -> &'a [u8] {
        unsafe { core::slice::from_raw_parts(self.start, self.len) }
    }

    unsafe fn get_mut<'a>(&self) -> &'a mut [u8] {
        unsafe { core::slice::from_raw_parts_mut(self.start, self.len) }
    }

    unsafe fn text<'a>(&self) -> &'a str {
        unsafe { core::str::from_utf8_unchecked(self.get()) }
    }
}

/// Every panic ends here. The linker keeps it only if something calls it.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn a_panic_is_reachable() -> ! {
    loop {
        core::hint::black_box(());
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    a_panic_is_reachable()
}

#[cfg(feature = "planted")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe_planted(bytes: Bytes, at: usize) -> u8 {
    unsafe { bytes.get()[at] }
}
