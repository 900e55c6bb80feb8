//! The claims live in the buffer: they end with it.
use jotlet::{Access, ClaimsBuffer, Timestamp, Verifier, VerifyError};

fn handle(verifier: &Verifier<'_, Access>, token: &str, now: Timestamp) -> Result<(), VerifyError> {
    let claims = {
        let mut buffer = ClaimsBuffer::<256>::new();
        verifier.verify(token, now, &mut buffer)?
    };
    println!("{:?}", claims.subject());
    Ok(())
}

fn main() {}
