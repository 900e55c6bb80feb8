//! Makes keys and rings, uses them and drops them on a thread whose stack is ours, then looks through that stack and through
//! the memory that they were in for what is left of the keys.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod memory;

use std::hint::black_box;

use jotlet::{Access, ClaimsBuffer, Issuer, Key, KeyRing, Refresh, Timestamp, TokenId, Verifier};
use memory::{Region, on_stack};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

const NOW: Timestamp = Timestamp::from_secs(1_767_225_600);

type Ring = KeyRing<2>;

/// Where the keys live while they are used.
#[repr(C)]
struct Room {
    key: Key,
    ring: Ring,
}

/// Makes a key and drops it. `secret` is the caller's copy of the key, elsewhere in memory.
unsafe fn make(secret: &[u8], room: *mut Room) {
    unsafe {
        (&raw mut (*room).key).write(Key::new(secret).unwrap());
        (&raw mut (*room).key).drop_in_place();
    }
    #[cfg(feature = "planted")]
    copy(secret);
}

/// A copy of the key.
#[cfg(feature = "planted")]
#[inline(never)]
fn copy(secret: &[u8]) {
    let mut copied = [0; 128];
    copied[..secret.len()].copy_from_slice(secret);
    black_box(copied);
}

/// Makes a ring, and drops it.
unsafe fn make_ring(secret: &[u8], room: *mut Room) {
    unsafe {
        let ring = &raw mut (*room).ring;
        ring.write(Ring::new("a", Key::new(secret).unwrap()).unwrap());
        (*ring).add("b", Key::new(secret).unwrap()).unwrap();
        (*ring).add("c", Key::new(secret).unwrap()).unwrap();
        (*ring).sign_with("c").unwrap();
        (*ring).remove("b").unwrap();
        ring.drop_in_place();
    }
}

/// Issues and verifies with a key and a ring, and drops them.
unsafe fn make_and_use(secret: &[u8], room: *mut Room) {
    let (subject, id) = ("user-42", TokenId::from_bytes([1; 16]));
    unsafe {
        let (key, ring) = (&raw mut (*room).key, &raw mut (*room).ring);
        key.write(Key::new(secret).unwrap());
        ring.write(Ring::new("a", Key::new(secret).unwrap()).unwrap());

        let mut buffer = ClaimsBuffer::<384>::new();
        let issuer = Issuer::new(&*key);
        let access = issuer.access(subject, id).sign_owned::<512>(NOW).unwrap();
        let verifier = Verifier::<Access>::new(&*ring);
        assert!(verifier.verify(&access, NOW, &mut buffer).is_ok());

        let issuer = Issuer::new(&*ring);
        let refresh = issuer.refresh(subject, id).sign_owned::<512>(NOW).unwrap();
        let verifier = Verifier::<Refresh>::new(&*key);
        assert!(verifier.verify(&refresh, NOW, &mut buffer).is_ok());
        let wrong = refresh.as_str().replace('.', "x.");
        assert!(verifier.verify(&wrong, NOW, &mut buffer).is_err());

        ring.drop_in_place();
        key.drop_in_place();
    }
}

/// What is as good as the key: its name, and its bytes.
fn needles(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut needles = vec![("the key", secret.to_vec())];
    let mut key = secret.to_vec();
    if key.len() > 64 {
        // RFC 2104: a key that is longer than a block is hashed first.
        key = Sha256::digest(secret).to_vec();
        needles.push(("the hashed key", key.clone()));
    }
    let padded = |pad: u8| -> Vec<u8> { key.iter().map(|byte| byte ^ pad).collect() };
    let state = |pad: u8| {
        let mut block = [pad; 64];
        block[..key.len()].copy_from_slice(&padded(pad));
        let mut state = [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ];
        compress256(&mut state, &[block]);
        state
            .iter()
            .flat_map(|word: &u32| word.to_ne_bytes())
            .collect()
    };
    needles.extend([
        ("the key ^ 0x36", padded(0x36)),
        ("the key ^ 0x5c", padded(0x5c)),
        ("the inner HMAC state", state(0x36)),
        ("the outer HMAC state", state(0x5c)),
    ]);
    needles
}

fn main() {
    let lives: [(&str, unsafe fn(&[u8], *mut Room)); 3] = [
        ("a key", make),
        ("a ring", make_ring),
        ("a key and a ring, used", make_and_use),
    ];
    for len in [32, 64, 100] {
        let secret = memory::noise(len);
        let needles = needles(&secret);
        for (life, live) in lives {
            let stack = Region::new(1 << 17);
            let room = Region::new(size_of::<Room>().next_multiple_of(4096));
            on_stack(&stack, || unsafe {
                live(black_box(&secret), room.start().cast())
            });
            for (place, region) in [("on the stack", &stack), ("in their memory", &room)] {
                let left = region.windows();
                for (name, bytes) in &needles {
                    let windows = bytes
                        .windows(8)
                        .filter(|&window| left.contains(window))
                        .count();
                    if windows > 0 {
                        println!("{life}, {len} bytes: {windows} windows of {name} {place}");
                    }
                }
            }
        }
    }
    println!("looked everywhere");
}
