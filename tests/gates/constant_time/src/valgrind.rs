//! The requests to valgrind that the probe needs: what its `valgrind.h` and `memcheck.h` have as macros.

use core::arch::asm;

const MAKE_MEM_UNDEFINED: usize = 0x4d43_0001;
const MAKE_MEM_DEFINED: usize = 0x4d43_0002;
const RUNNING_ON_VALGRIND: usize = 0x1001;

/// Four rotations that add up to nothing, and an exchange of a register with itself: valgrind knows them, the processor
/// does nothing.
fn request(code: usize, start: usize, len: usize) -> usize {
    let arguments = [code, start, len, 0, 0, 0];
    let mut answer = 0;
    unsafe {
        asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") arguments.as_ptr(), inout("rdx") answer, inout("rdi") 0 => _,
        );
    }
    answer
}

/// Makes every branch on the value, and every address computed from it, an error.
pub fn secret<T: ?Sized>(value: &T) {
    request(
        MAKE_MEM_UNDEFINED,
        (&raw const *value).cast::<u8>() as usize,
        size_of_val(value),
    );
}

/// Takes that back.
pub fn public<T: ?Sized>(value: &T) {
    request(
        MAKE_MEM_DEFINED,
        (&raw const *value).cast::<u8>() as usize,
        size_of_val(value),
    );
}

pub fn is_running() -> bool {
    request(RUNNING_ON_VALGRIND, 0, 0) > 0
}
