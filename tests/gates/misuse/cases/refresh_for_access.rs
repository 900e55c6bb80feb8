//! A refresh token opens no resource.
use jotlet::{Access, Claims, ClaimsBuffer, Key, Refresh, Timestamp, Verifier, VerifyError};

fn account<'b>(claims: &Claims<'b, Access>) -> Option<&'b str> {
    claims.subject()
}

fn handle(key: &Key, token: &str, now: Timestamp) -> Result<(), VerifyError> {
    let mut buffer = ClaimsBuffer::<256>::new();
    let claims = Verifier::<Refresh>::new(key).verify(token, now, &mut buffer)?;
    account(&claims);
    Ok(())
}

fn main() {}
