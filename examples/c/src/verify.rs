//! Verifying a token.

use core::ffi::c_char;
use core::mem::MaybeUninit;
use core::time::Duration;

use jotlet::{Access, ClaimsBuffer, Refresh, Timestamp, TokenType, Verifier, VerifyError};

use crate::error::{Error, Refusal};
use crate::key::{self, Key};
use crate::memory::{Region, Text, bytes, text};

/// In `flags`: the token has to be fresh, that is, stem from a login and not from a refresh.
pub const JOTLET_REQUIRE_FRESH: u32 = 1;

/// In `flags`: the token may be one without `exp`, which is valid for ever.
pub const JOTLET_ALLOW_MISSING_EXPIRY: u32 = 2;

/// In `flags`, for access tokens alone: a token without `type` is one, as for Flask.
pub const JOTLET_MISSING_TYPE_IS_ACCESS: u32 = 4;

/// What a token has to be, beside being signed and of its type. Start with `= {0}`, or name the fields, so that all others
/// are 0. Times are seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Expected {
    /// The time.
    pub now: u64,
    /// By how many seconds the issuer's clock may differ from ours.
    pub leeway: u64,
    /// What `iss` has to be, if anything.
    pub issuer: Text,
    /// What `aud` has to contain, if anything.
    pub audience: Text,
    /// The sum of `JOTLET_REQUIRE_FRESH` and the like.
    pub flags: u32,
}

/// What a verified token says. The texts are in the buffer that was handed over with it.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Claims {
    /// Whom the token is about (`sub`).
    pub subject: Text,
    /// The token's own id (`jti`).
    pub token_id: Text,
    /// Who issued it (`iss`).
    pub issuer: Text,
    /// What a request with a cookie repeats in a header (`csrf`).
    pub csrf: Text,
    /// The session (`sid`).
    pub session_id: Text,
    /// When it was issued (`iat`); 0 if it does not say.
    pub issued_at: u64,
    /// From when on it is valid (`nbf`); 0 if it does not say.
    pub not_before: u64,
    /// From when on it is not valid any more (`exp`); `UINT64_MAX` if it is valid for ever.
    pub expires_at: u64,
    /// The value that belongs to the error, if one was returned; else 0.
    pub detail: u64,
    /// 1 if the token is fresh at the time that was passed, else 0.
    pub fresh: u32,
}

impl Claims {
    const NONE: Self = Self {
        subject: Text::NONE,
        token_id: Text::NONE,
        issuer: Text::NONE,
        csrf: Text::NONE,
        session_id: Text::NONE,
        issued_at: 0,
        not_before: 0,
        expires_at: 0,
        detail: 0,
        fresh: 0,
    };

    fn new<T: TokenType>(claims: &jotlet::Claims<'_, T>, now: Timestamp) -> Self {
        let time = |time: Option<Timestamp>, absent| time.map_or(absent, Timestamp::as_secs);
        Self {
            subject: claims.subject().into(),
            token_id: claims.token_id().into(),
            issuer: claims.issuer().into(),
            csrf: claims.csrf().into(),
            session_id: claims.session_id().into(),
            issued_at: time(claims.issued_at(), 0),
            not_before: time(claims.not_before(), 0),
            expires_at: time(claims.expires_at(), u64::MAX),
            detail: 0,
            fresh: claims.is_fresh_at(now).into(),
        }
    }
}

/// Verifies an access token of `len` bytes. `buffer` takes its decoded payload, which has three quarters of its length at most.
/// It has 128, 256, 512 and so on up to 16384 bytes; any other `size` counts as the next smaller of these. After an error
/// `claims` holds nothing but `detail`, and `buffer` nothing of use.
///
/// # Safety
/// Every pointer is null or to memory of the caller's of that type, `token` to `len` bytes, `buffer` to `size`; a text to as
/// many bytes as it says. During the call nobody else writes to what is read, or touches what is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jotlet_verify_access(
    key: *const Key,
    expected: *const Expected,
    token: *const c_char,
    len: usize,
    buffer: *mut u8,
    size: usize,
    claims: *mut Claims,
) -> Error {
    let policy: Policy<Access> = |verifier, flags| {
        if flags & JOTLET_MISSING_TYPE_IS_ACCESS == 0 {
            return Some(verifier);
        }
        Some(verifier.missing_type_is_access())
    };
    // SAFETY: the caller has answered for all of them.
    let result = unsafe {
        verify(
            key,
            expected,
            token.cast(),
            len,
            buffer,
            size,
            claims,
            policy,
        )
    };
    result.err().unwrap_or(Error::None)
}

/// Verifies a refresh token; as `jotlet_verify_access`.
///
/// # Safety
/// As for `jotlet_verify_access`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jotlet_verify_refresh(
    key: *const Key,
    expected: *const Expected,
    token: *const c_char,
    len: usize,
    buffer: *mut u8,
    size: usize,
    claims: *mut Claims,
) -> Error {
    let policy: Policy<Refresh> =
        |verifier, flags| (flags & JOTLET_MISSING_TYPE_IS_ACCESS == 0).then_some(verifier);
    // SAFETY: the caller has answered for all of them.
    let result = unsafe {
        verify(
            key,
            expected,
            token.cast(),
            len,
            buffer,
            size,
            claims,
            policy,
        )
    };
    result.err().unwrap_or(Error::None)
}

/// Applies the flags that not every type of token has; `None` if the type does not have one that is set.
type Policy<T> = for<'v> fn(Verifier<'v, T>, u32) -> Option<Verifier<'v, T>>;

#[allow(clippy::too_many_arguments)] // Those of C, and one.
unsafe fn verify<T: TokenType>(
    key: *const Key,
    expected: *const Expected,
    token: *const u8,
    len: usize,
    buffer: *mut u8,
    size: usize,
    claims: *mut Claims,
    policy: Policy<T>,
) -> Result<(), Error> {
    let read = [Region::new(key, 1)?, Region::new(expected, 1)?];
    let written = [Region::new(buffer, size)?, Region::new(claims, 1)?];
    Region::check_apart(&written, &read)?;
    // SAFETY: the caller has answered for the key.
    let key = unsafe { key::borrow(key) }?;
    // SAFETY: aligned and not null; the caller has answered for the memory.
    let expected = unsafe { expected.read() };
    // SAFETY: the caller has answered for the token.
    let token = unsafe { bytes(token, len, &written) }?;
    // SAFETY: the caller has answered for the texts, here and below.
    let issuer = unsafe { text(expected.issuer, &written) }?;
    // SAFETY: as above.
    let audience = unsafe { text(expected.audience, &written) }?;

    if expected.flags >= JOTLET_MISSING_TYPE_IS_ACCESS << 1 {
        return Err(Error::Flags);
    }
    let verifier = Verifier::new(key).leeway(Duration::from_secs(expected.leeway));
    let mut verifier = policy(verifier, expected.flags).ok_or(Error::Flags)?;
    if let Some(issuer) = issuer {
        verifier = verifier.issuer(issuer);
    }
    if let Some(audience) = audience {
        verifier = verifier.audience(audience);
    }
    if expected.flags & JOTLET_REQUIRE_FRESH != 0 {
        verifier = verifier.require_fresh();
    }
    if expected.flags & JOTLET_ALLOW_MISSING_EXPIRY != 0 {
        verifier = verifier.allow_missing_expiry();
    }
    let now = Timestamp::from_secs(expected.now);
    // SAFETY: apart from all that is read; the caller has answered for the memory.
    let result = unsafe { verify_into(&verifier, token, now, buffer, size) };
    let told = result.unwrap_or_else(|refusal| Claims {
        detail: refusal.detail,
        ..Claims::NONE
    });
    // SAFETY: aligned and not null; the caller has answered for the memory.
    unsafe { claims.write(told) };
    result.map(|_| ()).map_err(|refusal| refusal.error)
}

/// The sizes of a buffer, of which [`verify_into`] makes a [`ClaimsBuffer`] each.
const MIN_SIZE: usize = 128;

/// The size of a buffer for a payload of this length.
pub(crate) fn buffer_size(needed: usize) -> usize {
    let size = needed.checked_next_power_of_two();
    size.unwrap_or(needed).max(MIN_SIZE)
}

/// Verifies a token with the caller's memory as the buffer. A [`ClaimsBuffer`] has its size in its type.
///
/// # Safety
/// The caller of the library has answered for `size` bytes at `buffer`, which are nobody else's.
unsafe fn verify_into<T: TokenType>(
    verifier: &Verifier<'_, T>,
    token: &[u8],
    now: Timestamp,
    buffer: *mut u8,
    size: usize,
) -> Result<Claims, Refusal> {
    let step = match size {
        ..MIN_SIZE => step::<T, 0>,
        MIN_SIZE..256 => step::<T, MIN_SIZE>,
        256..512 => step::<T, 256>,
        512..1024 => step::<T, 512>,
        1024..2048 => step::<T, 1024>,
        2048..4096 => step::<T, 2048>,
        4096..8192 => step::<T, 4096>,
        8192..16384 => step::<T, 8192>,
        16384.. => step::<T, 16384>,
    };
    // SAFETY: `size` is not less than what the step takes; the caller has answered for the rest.
    let claims = unsafe { step(verifier, token, now, buffer) }?;
    Ok(Claims::new(&claims, now))
}

/// # Safety
/// As for [`verify_into`], of `N` bytes.
unsafe fn step<'b, T: TokenType, const N: usize>(
    verifier: &Verifier<'_, T>,
    token: &[u8],
    now: Timestamp,
    buffer: *mut u8,
) -> Result<jotlet::Claims<'b, T>, VerifyError> {
    const { assert!(size_of::<ClaimsBuffer<N>>() == N && align_of::<ClaimsBuffer<N>>() == 1) };
    // SAFETY: the assertion, and that the caller has answered for the memory.
    let place = unsafe { &mut *buffer.cast::<MaybeUninit<ClaimsBuffer<N>>>() };
    verifier.verify(token, now, place.write(ClaimsBuffer::new()))
}
