//! Instructions and stack of the operations, exact in QEMU: `measure.py` reads what this prints.

use core::arch::asm;
use core::hint::black_box;

use firmware::board::{TICK, println, stack_pointer, start_clock, ticks_since};
use firmware::tokens::{FLASK, NOW, SECRET, SHORT};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{
    Access, ClaimsBuffer, Counters, Denylist, Detector, FamilyTable, Issuer, Key, TokenId, Verifier,
};
use sha2::Sha256;

/// So many that a tick's instructions, spread over them, are less than a half.
const CALLS: u32 = 200;

/// Far more than any operation takes.
const PAINTED: usize = 8192;
const PAINT: u8 = 0xa5;

pub fn print(key: &Key) {
    // The clock is right if it counts what is known.
    assert_eq!(instructions(&mut hundred_nops), 100);

    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("HMAC takes any key");
    let verifier = Verifier::<Access>::new(key);
    let lenient = Verifier::<Access>::new(key).missing_type_is_access();
    let issuer = Issuer::new(key);
    let mut buffer = ClaimsBuffer::<384>::new();
    let mut out = [0; 384];

    let hash = |token: &str| {
        let message = token.rsplit_once('.').expect("it has dots").0;
        instructions(&mut || {
            let mut mac = mac.clone();
            mac.update(black_box(message).as_bytes());
            black_box(mac.finalize());
        })
    };
    show("hmac S", hash(SHORT), "instructions");
    show("hmac F", hash(FLASK), "instructions");

    for (name, verifier, token) in [
        ("verify S", &lenient, SHORT),
        ("verify F", &verifier, FLASK),
    ] {
        let cost = instructions(&mut || {
            let claims = verifier.verify(black_box(token), NOW, &mut buffer);
            assert!(black_box(claims).is_ok());
        });
        show(name, cost, "instructions");
    }

    // The shortest access token, and one with F's claims.
    let (short, long) = (TokenId::from_bytes([0x5a; 16]), TokenId::uuid([0x5a; 16]));
    let csrf = "7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38";
    let cost = instructions(&mut || {
        let token = issuer.access(black_box("1"), short).sign(NOW, &mut out);
        assert!(black_box(token).is_ok());
    });
    show("issue S", cost, "instructions");
    let cost = instructions(&mut || {
        let token = issuer
            .access(black_box("alice"), long)
            .csrf(csrf)
            .sign(NOW, &mut out);
        assert!(black_box(token).is_ok_and(|token| token.len() == FLASK.len()));
    });
    show("issue F", cost, "instructions");

    let cost = stack(&mut || {
        black_box(Key::new(black_box(SECRET)).is_ok());
    });
    show("stack key", cost, "bytes");
    let cost = stack(&mut || {
        let mut buffer = ClaimsBuffer::<384>::new();
        black_box(verifier.verify(black_box(FLASK), NOW, &mut buffer).is_ok());
    });
    show("stack verify", cost, "bytes");
    let cost = stack(&mut || {
        let mut out = [0; 384];
        let token = issuer
            .access(black_box("alice"), long)
            .csrf(csrf)
            .sign(NOW, &mut out);
        black_box(token.is_ok());
    });
    show("stack issue", cost, "bytes");

    show("Key", size_of::<Key>(), "bytes");
    show("FamilyTable<16>", size_of::<FamilyTable<16>>(), "bytes");
    show("Denylist<32>", size_of::<Denylist<32>>(), "bytes");
    show("Counters", size_of::<Counters>(), "bytes");
    show("Detector<16>", size_of::<Detector<16>>(), "bytes");
}

fn show(name: &str, cost: usize, unit: &str) {
    println!("  {name:<16} {cost:>7} {unit}");
}

fn hundred_nops() {
    // SAFETY: does nothing.
    unsafe { asm!(".rept 100", "nop", ".endr", options(nomem, nostack)) };
}

/// The instructions of one call, without those of calling it.
fn instructions(operation: &mut dyn FnMut()) -> usize {
    let cost = ticks(operation) - ticks(&mut || ());
    ((cost * TICK + CALLS / 2) / CALLS) as usize
}

#[inline(never)]
fn ticks(operation: &mut dyn FnMut()) -> u32 {
    let start = start_clock();
    for _ in 0..CALLS {
        operation();
    }
    ticks_since(start)
}

/// The stack of one call: how deep it writes into what was painted before.
#[inline(never)]
fn stack(operation: &mut dyn FnMut()) -> usize {
    let top = stack_pointer();
    let painted = |depth| top.wrapping_sub(depth);
    for depth in 1..=PAINTED {
        // SAFETY: free stack, far above the end of the RAM; nothing is called here that would use it.
        unsafe { painted(depth).write_volatile(PAINT) };
    }
    operation();
    let mut depth = PAINTED;
    // SAFETY: as above, reading.
    while depth > 0 && unsafe { painted(depth).read_volatile() } == PAINT {
        depth -= 1;
    }
    depth
}
