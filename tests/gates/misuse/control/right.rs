//! What compiles, and so must be told by the test that expects that it does not.
use jotlet::{Access, ClaimsBuffer, Key, Timestamp, Verifier, VerifyError};

fn main() -> Result<(), VerifyError> {
    if let Ok(key) = Key::new(b"a shared secret of at least 32 bytes") {
        let mut buffer = ClaimsBuffer::<256>::new();
        Verifier::<Access>::new(&key).verify("a token", Timestamp::from_secs(0), &mut buffer)?;
    }
    Ok(())
}
