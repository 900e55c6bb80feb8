//! Issuing a token.

use core::ffi::c_char;
use core::time::Duration;

use jotlet::{Access, Issuer, MAX_TOKEN_LEN, Refresh, Timestamp, TokenBuilder, TokenId, TokenType};

use crate::error::{Error, Refusal};
use crate::key::{self, Key};
use crate::memory::{Region, Text, text, zeroed};

/// What a token is to say. Start with `= {0}`, or name the fields, so that all others are 0. Times are seconds since
/// 1970-01-01T00:00:00Z.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct NewToken {
    /// Whom the token is about (`sub`); has to be there.
    pub subject: Text,
    /// Who issues it (`iss`), if the token is to say so.
    pub issuer: Text,
    /// Whom it is for (`aud`), if the token is to say so.
    pub audience: Text,
    /// What a request with a cookie repeats in a header (`csrf`), if the token is to say so.
    pub csrf: Text,
    /// The session (`sid`), if the token is to say so.
    pub session_id: Text,
    /// The time at which it is issued, and from which on it is valid.
    pub now: u64,
    /// How long it is valid, in seconds; 0: 15 minutes for an access token, 30 days for a refresh token.
    pub lifetime: u64,
    /// The time until which it is fresh, that is, stems from a login; 0: not at all, `UINT64_MAX`: for as long as it is valid.
    pub fresh_until: u64,
    /// The token's own id (`jti`): 16 bytes from a random source.
    pub id: [u8; 16],
}

/// Issues an access token into `out`, and terminates it with a NUL. `len` gets its length without the NUL, or, with an error,
/// its `detail`: with `JOTLET_ERROR_BUFFER_TOO_SMALL` the size that suffices. After that error `out` is zeroed.
///
/// # Safety
/// Every pointer is null or to memory of the caller's of that type, `out` to `size` bytes; a text to as many bytes as it says.
/// During the call nobody else writes to what is read, or touches what is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jotlet_issue_access(
    key: *const Key,
    token: *const NewToken,
    out: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Error {
    let build: Build<Access> = |issuer, subject, id| issuer.access(subject, id);
    // SAFETY: the caller has answered for all of them.
    let result = unsafe { issue(key, token, out.cast(), size, len, build) };
    result.err().unwrap_or(Error::None)
}

/// Issues a refresh token; as `jotlet_issue_access`.
///
/// # Safety
/// As for `jotlet_issue_access`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jotlet_issue_refresh(
    key: *const Key,
    token: *const NewToken,
    out: *mut c_char,
    size: usize,
    len: *mut usize,
) -> Error {
    let build: Build<Refresh> = |issuer, subject, id| issuer.refresh(subject, id);
    // SAFETY: the caller has answered for all of them.
    let result = unsafe { issue(key, token, out.cast(), size, len, build) };
    result.err().unwrap_or(Error::None)
}

/// Begins a token of a type.
type Build<T> = for<'a> fn(&'a Issuer<'a>, &'a str, TokenId) -> TokenBuilder<'a, T>;

unsafe fn issue<T: TokenType>(
    key: *const Key,
    token: *const NewToken,
    out: *mut u8,
    size: usize,
    len: *mut usize,
    build: Build<T>,
) -> Result<(), Error> {
    let read = [Region::new(key, 1)?, Region::new(token, 1)?];
    let written = [Region::new(out, size)?, Region::new(len, 1)?];
    Region::check_apart(&written, &read)?;
    // SAFETY: the caller has answered for the key.
    let key = unsafe { key::borrow(key) }?;
    // SAFETY: aligned and not null; the caller has answered for the memory.
    let token = unsafe { token.read() };
    // SAFETY: the caller has answered for the texts, here and below.
    let subject = unsafe { text(token.subject, &written) }?.ok_or(Error::NullPointer)?;
    // SAFETY: as above.
    let issuer_name = unsafe { text(token.issuer, &written) }?;
    // SAFETY: as above.
    let audience = unsafe { text(token.audience, &written) }?;
    // SAFETY: as above.
    let csrf = unsafe { text(token.csrf, &written) }?;
    // SAFETY: as above.
    let session_id = unsafe { text(token.session_id, &written) }?;
    if token.id == [0; 16] {
        return Err(Error::IdNotRandom);
    }

    let mut issuer = Issuer::new(key);
    if let Some(name) = issuer_name {
        issuer = issuer.issuer(name);
    }
    if let Some(name) = audience {
        issuer = issuer.audience(name);
    }
    let mut builder = build(&issuer, subject, TokenId::from_bytes(token.id));
    if let Some(value) = csrf {
        builder = builder.csrf(value);
    }
    if let Some(id) = session_id {
        builder = builder.session_id(id);
    }
    if token.lifetime != 0 {
        builder = builder.lifetime(Duration::from_secs(token.lifetime));
    }
    builder = match token.fresh_until {
        0 => builder,
        u64::MAX => builder.fresh(),
        until => builder.fresh_until(Timestamp::from_secs(until)),
    };
    // SAFETY: apart from all that is read; the caller has answered for the memory.
    let out = unsafe { zeroed(out, size.min(MAX_TOKEN_LEN + 1)) };
    let result = sign(&builder, token.now, out);
    let told = match result {
        Ok(length) => length,
        Err(refusal) => refusal.detail.try_into().unwrap_or(usize::MAX),
    };
    // SAFETY: aligned and not null; the caller has answered for the memory.
    unsafe { len.write(told) };
    result.map(|_| ()).map_err(|refusal| refusal.error)
}

/// Signs a token, and puts a NUL behind it.
fn sign<T: TokenType>(
    builder: &TokenBuilder<'_, T>,
    now: u64,
    out: &mut [u8],
) -> Result<usize, Refusal> {
    let room = out.split_last_mut().map_or(&mut [][..], |(_, room)| room);
    let length = builder.sign(Timestamp::from_secs(now), room)?.len();
    if let Some(end) = out.get_mut(length) {
        *end = 0;
    }
    Ok(length)
}
