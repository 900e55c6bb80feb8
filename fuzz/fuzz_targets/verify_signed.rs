//! Any header and payload under a right MAC: jotlet takes it exactly if the model does, and reads the same in it.
#![no_main]

use jotlet::{Access, Keys, Verifier};
use jotlet_fuzz::{
    ClaimsBuffer, KEY, MAX_INPUT, NOW, RING, Reading, forge, forge_encoded, header_is_good,
    with_neighbours,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if data.len() > MAX_INPUT {
        return;
    }
    let mut buffer = ClaimsBuffer::new();
    with_neighbours(data, |data| check(data, &mut buffer));
});

fn check(data: &[u8], buffer: &mut ClaimsBuffer) {
    // A NUL is in no JSON text: it ends the header. Without one the header is the usual one.
    let (header_is_good, payload, token) = match data.iter().position(|&byte| byte == 0) {
        Some(at) => {
            let (header, payload) = (&data[..at], &data[at + 1..]);
            (header_is_good(header), payload, forge(header, payload))
        }
        None => (true, data, forge_encoded(jotlet_fuzz::PLAIN, data)),
    };
    let expected = Reading::of_json(payload)
        .filter(|reading| header_is_good && reading.is_valid_access(NOW))
        .filter(|reading| reading.token_type.is_some() && reading.expires_at.is_some());
    for keys in [Keys::from(&*KEY), Keys::from(&*RING)] {
        let claims = Verifier::<Access>::new(keys).verify(&token, NOW, buffer);
        assert_eq!(
            claims.as_ref().ok().map(Reading::from),
            expected,
            "{claims:?}"
        );
    }
}
