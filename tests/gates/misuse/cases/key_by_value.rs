//! A key is shared by those that sign and verify with it, and lent to them.
use jotlet::{Issuer, Key, KeyError};

fn main() -> Result<(), KeyError> {
    let key = Key::new(b"a shared secret of at least 32 bytes")?;
    let _issuer = Issuer::new(key);
    Ok(())
}
