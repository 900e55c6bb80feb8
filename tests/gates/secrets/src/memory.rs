//! Memory of our own, and a thread that has it for a stack.

use std::collections::HashSet;
use std::ptr::null_mut;

/// Zeroed pages.
pub struct Region {
    start: *mut u8,
    len: usize,
}

impl Region {
    pub fn new(len: usize) -> Self {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let start = unsafe { libc::mmap(null_mut(), len, protection, flags, -1, 0) };
        assert_ne!(start, libc::MAP_FAILED);
        Self {
            start: start.cast(),
            len,
        }
    }

    pub fn start(&self) -> *mut u8 {
        self.start
    }

    /// Every eight bytes in a row that are in it.
    pub fn windows(&self) -> HashSet<[u8; 8]> {
        let memory = unsafe { std::slice::from_raw_parts(self.start, self.len) };
        let windows = memory
            .windows(8)
            .filter_map(|window| window.try_into().ok());
        windows.filter(|window| *window != [0; 8]).collect()
    }
}

/// Runs something on a thread that has this stack, and waits for its end.
pub fn on_stack<F: FnMut()>(stack: &Region, mut run: F) {
    extern "C" fn start<F: FnMut()>(run: *mut libc::c_void) -> *mut libc::c_void {
        unsafe { (*run.cast::<F>())() };
        null_mut()
    }
    unsafe {
        let (mut attributes, mut thread) = (std::mem::zeroed(), 0);
        assert_eq!(libc::pthread_attr_init(&mut attributes), 0);
        assert_eq!(
            libc::pthread_attr_setstack(&mut attributes, stack.start.cast(), stack.len),
            0
        );
        let argument = (&raw mut run).cast();
        assert_eq!(
            libc::pthread_create(&mut thread, &attributes, start::<F>, argument),
            0
        );
        assert_eq!(libc::pthread_join(thread, null_mut()), 0);
    }
}

/// Bytes that are nowhere else in memory.
pub fn noise(len: usize) -> Vec<u8> {
    let mut state = len as u64;
    std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    })
    .take(len)
    .collect()
}
