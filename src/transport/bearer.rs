//! The `Authorization` header: RFC 6750 section 2.1, RFC 9110 section 11.

use super::{ExtractError, is_token_character, is_whitespace, split_while};

/// The token of a request's `Authorization` headers.
///
/// ```text
/// credentials = "Bearer" 1*SP b64token
/// b64token    = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
/// ```
pub(super) fn token<'h>(
    mut headers: impl Iterator<Item = &'h [u8]>,
) -> Result<&'h str, ExtractError> {
    let header = headers.next().ok_or(ExtractError::Missing)?;
    if headers.next().is_some() {
        return Err(ExtractError::SeveralHeaders);
    }
    let wrong_at = |rest: &[u8]| ExtractError::HeaderCharacter {
        at: header.len().saturating_sub(rest.len()),
    };

    // Whitespace around a field's value is not part of it (RFC 9110 section 5.5), but not everyone takes it off.
    let (_, credentials) = split_while(header, is_whitespace);
    let (scheme, rest) = split_while(credentials, is_token_character);
    if scheme.is_empty() || rest.first().is_some_and(|&byte| byte != b' ') {
        return Err(wrong_at(rest));
    }
    if !scheme.eq_ignore_ascii_case(b"Bearer") {
        return Err(ExtractError::OtherScheme);
    }

    let (_, start) = split_while(rest, |byte| byte == b' ');
    if start.iter().copied().all(is_whitespace) {
        return Err(ExtractError::NoToken);
    }
    let (characters, rest) = split_while(start, is_b64token_character);
    let (padding, rest) = split_while(rest, |byte| byte == b'=');
    let token = start
        .get(..characters.len().saturating_add(padding.len()))
        .filter(|_| !characters.is_empty())
        .and_then(|token| core::str::from_utf8(token).ok())
        .ok_or(wrong_at(start))?;
    let (_, behind) = split_while(rest, is_whitespace);
    match (rest, behind) {
        (_, []) => Ok(token),
        ([b' ' | b'\t' | b',', ..], _) => Err(ExtractError::SeveralTokens),
        _ => Err(wrong_at(rest)),
    }
}

fn is_b64token_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte)
}
