//! The application's own claims.

use jotlet::{Access, ClaimsBuffer, CustomClaimsError, Issuer, Key, Timestamp, TokenId, Verifier};
use serde::{Deserialize, Serialize};

use crate::Bytes;

#[derive(Serialize, Deserialize)]
pub struct Rights<'a> {
    role: &'a str,
    level: u64,
    admin: Option<bool>,
    ratio: f32,
    groups: [u16; 4],
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn custom_sign(
    key: &Key,
    rights: &Rights<'_>,
    now: u64,
    out: Bytes,
) -> usize {
    let issuer = Issuer::new(key);
    let builder = issuer
        .access("user-42", TokenId::from_bytes([1; 16]))
        .claims(rights);
    builder
        .sign(Timestamp::from_secs(now), unsafe { out.get_mut() })
        .map_or(0, str::len)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn custom_read(
    key: &Key,
    token: Bytes,
    now: u64,
    out: *mut Result<usize, CustomClaimsError>,
) {
    let mut buffer = ClaimsBuffer::<384>::new();
    let verifier = Verifier::<Access>::new(key);
    if let Ok(claims) = verifier.verify(
        unsafe { token.get() },
        Timestamp::from_secs(now),
        &mut buffer,
    ) {
        let rights = claims.custom::<Rights<'_>>();
        unsafe {
            out.write(rights.map(|rights| {
                rights.role.len() ^ rights.level as usize ^ rights.groups[3] as usize
            }))
        }
    }
}
