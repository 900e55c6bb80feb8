//! A verifier is one for a type of token.
use jotlet::{ClaimsBuffer, Key, Timestamp, Verifier};

fn handle(key: &Key, token: &str, now: Timestamp) -> bool {
    let mut buffer = ClaimsBuffer::<256>::new();
    Verifier::new(key).verify(token, now, &mut buffer).is_ok()
}

fn main() {}
