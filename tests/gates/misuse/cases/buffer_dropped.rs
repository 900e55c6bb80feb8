//! The claims live in the buffer: they can't be returned without it.
use jotlet::{Access, Claims, ClaimsBuffer, Timestamp, Verifier, VerifyError};

fn authenticate<'v>(
    verifier: &'v Verifier<'_, Access>,
    token: &str,
    now: Timestamp,
) -> Result<Claims<'v, Access>, VerifyError> {
    let mut buffer = ClaimsBuffer::<256>::new();
    verifier.verify(token, now, &mut buffer)
}

fn main() {}
