//! Any bytes as a payload, or as the value of a claim that is ignored: read as `serde_json` reads it, or refused by both.
#![no_main]

use jotlet::{Access, Verifier};
use jotlet_fuzz::{
    ClaimsBuffer, KEY, MAX_INPUT, NOW, PLAIN, PLANTED, Reading, forge_encoded, with_neighbours,
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
    let ignored;
    let payload = if data.starts_with(b"{") {
        data
    } else {
        ignored = [br#"{"":"#, data, b"}"].concat();
        &ignored
    };
    let verifier = Verifier::<Access>::new(&*KEY)
        .missing_type_is_access()
        .allow_missing_expiry();
    let claims = verifier.verify(forge_encoded(PLAIN, payload), NOW, buffer);
    let expected = Reading::of_json(payload)
        .filter(|reading| reading.is_valid_access(NOW))
        .filter(|_| !(*PLANTED && payload.contains(&b'\\')));
    assert_eq!(
        claims.as_ref().ok().map(Reading::from),
        expected,
        "{claims:?}"
    );
}
