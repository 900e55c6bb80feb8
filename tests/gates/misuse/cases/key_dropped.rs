//! A verifier borrows its key: it can't be returned without it.
use jotlet::{Access, Key, KeyError, Verifier};

fn verifier(secret: &[u8]) -> Result<Verifier<'_, Access>, KeyError> {
    let key = Key::new(secret)?;
    Ok(Verifier::new(&key))
}

fn main() {}
