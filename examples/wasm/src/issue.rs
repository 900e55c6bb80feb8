//! Issuing a token.

use core::time::Duration;

use jotlet::{IssueError, Issuer, Key, TokenBuilder, TokenId, TokenType};

use crate::exchange::{Exchange, Texts};
use crate::refusal::{Refusal, too_long};
use crate::timestamp;

/// Issues a token. The texts are the subject and the id, which have to be there, then the issuer, the audience, the value
/// for CSRF and the session.
///
/// `lifetime` is in seconds, NaN for the default. `not_before` is NaN for `now`. `fresh` is the time until which an access token
/// is fresh: infinity for as long as it is valid, NaN for not at all. `refresh` is 1 for a refresh token, 0 for an access token.
///
/// # Safety
/// [`key_new`](crate::key_new) has made a key at `key`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn issue(
    key: *const Key,
    now: f64,
    lifetime: f64,
    not_before: f64,
    fresh: f64,
    refresh: u32,
) -> u32 {
    // SAFETY: the caller has answered for the key.
    let key = unsafe { &*key };
    // SAFETY: this is an exported function.
    let exchange = unsafe { Exchange::get() };
    let times = Times {
        now,
        lifetime,
        not_before,
        fresh,
    };
    let result = run(exchange, Issuer::new(key), &times, refresh != 0);
    exchange.answer(result)
}

struct Times {
    now: f64,
    lifetime: f64,
    not_before: f64,
    fresh: f64,
}

fn run<'e>(
    exchange: &'e mut Exchange,
    mut issuer: Issuer<'e>,
    times: &Times,
    refresh: bool,
) -> Result<(), Refusal> {
    let mut texts = Texts::new(&exchange.lengths, &exchange.texts);
    let subject = texts.text()?.ok_or(Refusal::INPUT)?;
    let id = texts.text()?.and_then(TokenId::parse);
    let id = id.ok_or(Refusal::MALFORMED_ID)?;
    if let Some(name) = texts.text()? {
        issuer = issuer.issuer(name);
    }
    if let Some(audience) = texts.text()? {
        issuer = issuer.audience(audience);
    }
    let signed = if refresh {
        let builder = issuer.refresh(subject, id);
        sign(builder, texts, times, &mut exchange.token)
    } else {
        let mut builder = issuer.access(subject, id);
        if times.fresh == f64::INFINITY {
            builder = builder.fresh();
        } else if !times.fresh.is_nan() {
            builder = builder.fresh_until(timestamp(times.fresh));
        }
        sign(builder, texts, times, &mut exchange.token)
    };
    let length = signed?;
    exchange.output = exchange.token.get(..length).unwrap_or_default().into();
    Ok(())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The cast saturates, which is what is wanted.
fn sign<'e, T: TokenType>(
    mut builder: TokenBuilder<'e, T>,
    mut texts: Texts<'e>,
    times: &Times,
    out: &mut [u8],
) -> Result<usize, Refusal> {
    if let Some(csrf) = texts.text()? {
        builder = builder.csrf(csrf);
    }
    if let Some(session) = texts.text()? {
        builder = builder.session_id(session);
    }
    if !times.lifetime.is_nan() {
        builder = builder.lifetime(Duration::from_secs(times.lifetime as u64));
    }
    if !times.not_before.is_nan() {
        builder = builder.not_before(timestamp(times.not_before));
    }
    match builder.sign(timestamp(times.now), out) {
        Ok(token) => Ok(token.len()),
        Err(IssueError::TooLong { len, max }) => Err(too_long(len, max)),
        Err(_) => Err(Refusal::OTHER),
    }
}
