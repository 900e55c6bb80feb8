//! A ring does not change under the verifiers that borrow it.
use jotlet::{Access, ClaimsBuffer, Key, KeyError, KeyRing, Timestamp, Verifier};

fn replace(ring: &mut KeyRing<1>, new: Key, token: &str, now: Timestamp) -> Result<bool, KeyError> {
    let verifier = Verifier::<Access>::new(&*ring);
    ring.add("2026-02", new)?;
    Ok(verifier.verify(token, now, &mut ClaimsBuffer::<256>::new()).is_ok())
}

fn main() {}
