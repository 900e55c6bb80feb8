//! One buffer holds the claims of one token at a time.
use jotlet::{Access, ClaimsBuffer, Timestamp, Verifier, VerifyError};

fn same_subject(
    verifier: &Verifier<'_, Access>,
    [one, other]: [&str; 2],
    now: Timestamp,
) -> Result<bool, VerifyError> {
    let mut buffer = ClaimsBuffer::<256>::new();
    let one = verifier.verify(one, now, &mut buffer)?;
    let other = verifier.verify(other, now, &mut buffer)?;
    Ok(one.subject() == other.subject())
}

fn main() {}
