//! A verifier borrows its key, which is dropped (and wiped) only after it.
use jotlet::{Access, ClaimsBuffer, Key, Timestamp, Verifier};

fn handle(key: Key, token: &str, now: Timestamp) -> bool {
    let verifier = Verifier::<Access>::new(&key);
    drop(key);
    verifier.verify(token, now, &mut ClaimsBuffer::<256>::new()).is_ok()
}

fn main() {}
