//! The `Cookie` header, as a server reads it: RFC 6265 section 4.2.

use super::{ExtractError, is_cookie_octet, is_whitespace, split_while};

/// The value of the cookie of this name, which only one cookie may have.
///
/// ```text
/// cookie-string = cookie-pair *( ";" SP cookie-pair )
/// cookie-pair   = cookie-name "=" ( *cookie-octet / ( DQUOTE *cookie-octet DQUOTE ) )
/// ```
///
/// A `;` ends a pair even within quotes, as in a browser: a reader that respects them there can be made to swallow the
/// cookies behind a quote that somebody else has set.
pub(super) fn value<'h>(
    headers: impl Iterator<Item = &'h [u8]>,
    name: &str,
) -> Result<&'h str, ExtractError> {
    let mut found = None;
    for header in headers {
        for pair in header.split(|&byte| byte == b';') {
            let (pair_name, value) = split_while(pair, |byte| byte != b'=');
            let pair_name = trim(pair_name);
            if pair_name.is_empty() || pair_name != name.as_bytes() {
                continue;
            }
            if found.replace(value).is_some() {
                return Err(ExtractError::CookieTwice);
            }
        }
    }
    let value = found.ok_or(ExtractError::Missing)?;
    let value = trim(value.strip_prefix(b"=").unwrap_or(value));
    let unquoted = value
        .strip_prefix(b"\"")
        .and_then(|value| value.strip_suffix(b"\""));
    let value = unquoted.unwrap_or(value);
    if value.is_empty() {
        return Err(ExtractError::NoToken);
    }
    let (octets, rest) = split_while(value, is_cookie_octet);
    match core::str::from_utf8(octets) {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(ExtractError::CookieCharacter { at: octets.len() }),
    }
}

/// Without the whitespace around it.
fn trim(text: &[u8]) -> &[u8] {
    let (_, mut text) = split_while(text, is_whitespace);
    while let [inner @ .., b' ' | b'\t'] = text {
        text = inner;
    }
    text
}
