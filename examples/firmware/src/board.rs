//! The board: entry point, output, exit, stack pointer, and a clock that counts instructions.
//!
//! Output and exit go to the host by semihosting, which QEMU and most debug probes speak. The clock is exact in QEMU with
//! `-icount shift=0`, where every instruction takes one nanosecond; on a real board it tells time.

use core::panic::PanicInfo;

pub use arch::{TICK, entry, stack_pointer, start_clock, ticks_since};
pub use semihosting::println;

/// Ends the program; the host sees `code` as its exit status.
pub fn exit(code: i32) -> ! {
    semihosting::process::exit(code)
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    println!("{info}");
    exit(101)
}

#[cfg(target_arch = "arm")]
mod arch {
    use core::arch::asm;

    use cortex_m::peripheral::SYST;
    use cortex_m::peripheral::syst::SystClkSource;
    pub use cortex_m_rt::entry;
    use cortex_m_rt::{ExceptionFrame, exception};

    /// Instructions a tick: the SysTick of QEMU's mps2 boards runs at 25 MHz.
    pub const TICK: u32 = 40;

    /// The SysTick counts 24 bits down.
    const RELOAD: u32 = 0xff_ffff;

    /// Starts the clock, and tells what it shows.
    pub fn start_clock() -> u32 {
        // SAFETY: nothing else in this firmware uses the core's peripherals.
        let mut clock = unsafe { cortex_m::Peripherals::steal() }.SYST;
        clock.set_clock_source(SystClkSource::Core);
        clock.set_reload(RELOAD);
        clock.clear_current();
        clock.enable_counter();
        SYST::get_current()
    }

    /// Ticks since the clock showed `start`, less than 2^24.
    pub fn ticks_since(start: u32) -> u32 {
        start.wrapping_sub(SYST::get_current()) & RELOAD
    }

    #[inline(always)]
    pub fn stack_pointer() -> *mut u8 {
        let pointer;
        // SAFETY: reads a register.
        unsafe { asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack)) };
        pointer
    }

    #[exception]
    unsafe fn HardFault(_: &ExceptionFrame) -> ! {
        super::exit(102)
    }
}

#[cfg(target_arch = "riscv32")]
mod arch {
    use core::arch::asm;

    pub use riscv_rt::entry;

    /// Instructions a tick: `minstret` counts them one by one.
    pub const TICK: u32 = 1;

    /// The clock runs from the start: tells what it shows.
    pub fn start_clock() -> u32 {
        ticks_since(0)
    }

    /// Ticks since the clock showed `start`, less than 2^32.
    pub fn ticks_since(start: u32) -> u32 {
        let now: u32;
        // SAFETY: reads a counter.
        unsafe { asm!("csrr {}, minstret", out(reg) now, options(nomem, nostack)) };
        now.wrapping_sub(start)
    }

    #[inline(always)]
    pub fn stack_pointer() -> *mut u8 {
        let pointer;
        // SAFETY: reads a register.
        unsafe { asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack)) };
        pointer
    }

    #[unsafe(export_name = "ExceptionHandler")]
    fn fault(_: &riscv_rt::TrapFrame) -> ! {
        super::exit(102)
    }
}
