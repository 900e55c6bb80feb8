//! Verifying a token.

use core::time::Duration;

#[cfg(feature = "issue")]
use jotlet::Refresh;
use jotlet::{Access, Audience, Key, Timestamp, Verifier};

use crate::exchange::{Exchange, Span, TEXTS, Texts};
use crate::refusal::{Refusal, of_verify, seconds};
use crate::timestamp;

/// The bits of `flags`.
const REFRESH: u32 = 1;
const REQUIRE_FRESH: u32 = 1 << 1;
const ALLOW_MISSING_EXPIRY: u32 = 1 << 2;
const MISSING_TYPE_IS_ACCESS: u32 = 1 << 3;

/// Verifies a token. The texts are the token, and, where they are expected, the issuer and the audience.
///
/// `leeway` is in seconds. `flags` is the sum of 1 for a refresh token and not an access token, 2 if it has to be fresh, 4 if
/// it may lack `exp`, 8 if an access token may lack `type`. A module without the feature `issue` knows no refresh tokens.
///
/// # Safety
/// [`key_new`](crate::key_new) has made a key at `key`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn verify(key: *const Key, now: f64, leeway: f64, flags: u32) -> u32 {
    // SAFETY: the caller has answered for the key.
    let key = unsafe { &*key };
    // SAFETY: this is an exported function.
    let exchange = unsafe { Exchange::get() };
    let now = timestamp(now);
    let result = if flags & REFRESH == 0 {
        let mut verifier = Verifier::<Access>::new(key);
        if flags & MISSING_TYPE_IS_ACCESS != 0 {
            verifier = verifier.missing_type_is_access();
        }
        run(exchange, verifier, now, leeway, flags)
    } else {
        #[cfg(feature = "issue")]
        {
            run(exchange, Verifier::<Refresh>::new(key), now, leeway, flags)
        }
        #[cfg(not(feature = "issue"))]
        Err(Refusal::INPUT)
    };
    exchange.answer(result)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The cast saturates, which is what is wanted.
fn run<T: jotlet::TokenType>(
    exchange: &mut Exchange,
    verifier: Verifier<'_, T>,
    now: Timestamp,
    leeway: f64,
    flags: u32,
) -> Result<(), Refusal> {
    let mut texts = Texts::new(&exchange.lengths, &exchange.texts);
    let token = texts.bytes()?;
    let mut verifier = verifier.leeway(Duration::from_secs(leeway as u64));
    if let Some(issuer) = texts.text()? {
        verifier = verifier.issuer(issuer);
    }
    if let Some(audience) = texts.text()? {
        verifier = verifier.audience(audience);
    }
    if flags & REQUIRE_FRESH != 0 {
        verifier = verifier.require_fresh();
    }
    if flags & ALLOW_MISSING_EXPIRY != 0 {
        verifier = verifier.allow_missing_expiry();
    }
    let claims = verifier
        .verify(token, now, &mut exchange.claims)
        .map_err(of_verify)?;
    exchange.times = [claims.expires_at(), claims.not_before(), claims.issued_at()]
        .map(|time| time.map_or(f64::NAN, seconds));
    exchange.strings = [
        claims.subject(),
        claims.token_id(),
        claims.issuer(),
        claims.csrf(),
        claims.session_id(),
    ]
    .map(Span::from);
    exchange.fresh = claims.is_fresh_at(now).into();
    // The texts of the call have been read.
    exchange.output = list(claims.audience(), &mut exchange.texts)?;
    Ok(())
}

/// Writes texts behind one another. An element takes two bytes beside its text here, and at least three in the token, so
/// there is room for all of them.
fn list(elements: Audience<'_>, out: &mut [u8; TEXTS]) -> Result<Span, Refusal> {
    let mut end = 0_usize;
    for element in elements {
        let text = element.as_bytes();
        let length = u16::try_from(text.len()).map_err(|_| Refusal::INPUT)?;
        for part in [&length.to_le_bytes(), text] {
            let place = out
                .get_mut(end..)
                .and_then(|rest| rest.get_mut(..part.len()));
            place.ok_or(Refusal::INPUT)?.copy_from_slice(part);
            end = end.saturating_add(part.len());
        }
    }
    Ok(out.get(..end).unwrap_or_default().into())
}
