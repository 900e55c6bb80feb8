//! Any bytes as a token: never accepted, and refused for what was seen before the MAC was checked.
#![no_main]

use jotlet::{Access, ClaimsBuffer, Keys, Verifier, VerifyError};
use jotlet_fuzz::{KEY, NOW, RING};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &[u8]| {
    for keys in [Keys::from(&*KEY), Keys::from(&*RING)] {
        // Nothing is decoded into it.
        let mut buffer = ClaimsBuffer::<0>::new();
        let refusal = Verifier::<Access>::new(keys)
            .verify(token, NOW, &mut buffer)
            .unwrap_err();
        let segments: Vec<_> = token.split(|&byte| byte == b'.').collect();
        let shape = segments.len() == 3 && segments[2].len() == 43;
        match refusal {
            VerifyError::TooLong { len, max } => assert!(len == token.len() && len > max),
            VerifyError::NotThreeSegments => assert!(!shape),
            VerifyError::WrongSignature => assert!(shape),
            VerifyError::SignatureEncoding => {}
            other => panic!("{other:?} before the MAC was checked"),
        }
    }
});
