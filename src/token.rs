//! The compact form of a token, RFC 7515 section 7.1: how long it is, and one that owns its memory.

use core::fmt;

use crate::base64url::{MAC_LEN, encoded_len};
use crate::claims::TokenType;
use crate::header;
use crate::json::decimal_len;
use crate::key::key_id_header_len;
use crate::time::Timestamp;

/// The longest token that is issued or verified, in bytes.
pub const MAX_TOKEN_LEN: usize = 16 * 1024;

/// The length of a token whose encoded header and whose payload have these lengths.
pub(crate) const fn token_len(header: usize, payload: usize) -> usize {
    header
        .saturating_add(encoded_len(payload))
        .saturating_add(MAC_LEN + 2)
}

const FRESH: &str = r#","fresh":false"#;

/// The greatest length that a token can have, computed at compile time: the size of the buffer that it is signed into.
///
/// It starts with what every token has: the header of a single [`Key`](crate::Key), `iat`, `nbf`, `exp`, `jti`, `type`, an empty
/// `sub`, and in an access token `fresh`.
/// Whatever else goes in is added with the greatest length of its text. A `"` and a `\` in a text count as two bytes, a
/// control character as six.
///
/// ```
/// use jotlet::{Access, TokenSize};
///
/// const SIZE: usize = TokenSize::of::<Access>().subject(32).csrf(36).token_len();
/// let buffer = [0_u8; SIZE];
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSize {
    header: usize,
    payload: usize,
    fresh: usize,
    time: usize,
    times: usize,
}

impl TokenSize {
    /// The size of a token of the type `T`. Times may have any value.
    #[must_use]
    pub const fn of<T: TokenType>() -> Self {
        let frame = r#"{"iat":,"jti":"","type":"","sub":"","nbf":,"exp":}"#.len();
        Self {
            header: header::PLAIN.len(),
            payload: frame.saturating_add(36).saturating_add(text_len(T::NAME)),
            fresh: match T::NAME.as_bytes() {
                b"access" => FRESH.len(),
                _ => 0,
            },
            time: decimal_len(u64::MAX),
            times: 3,
        }
    }

    const fn text(self, name: &str, len: usize) -> Self {
        let member = r#","":"""#.len().saturating_add(name.len());
        Self {
            payload: self.payload.saturating_add(member).saturating_add(len),
            ..self
        }
    }

    /// No time in the token is later than this: with one before the year 2286, a time has 10 digits and not 20.
    #[must_use]
    pub const fn latest_time(self, latest: Timestamp) -> Self {
        Self {
            time: decimal_len(latest.as_secs()),
            ..self
        }
    }

    /// The header of a ring whose key ids have at most this length.
    #[must_use]
    pub const fn key_id(self, len: usize) -> Self {
        Self {
            header: encoded_len(key_id_header_len(len)),
            ..self
        }
    }

    /// A subject of at most this length.
    #[must_use]
    pub const fn subject(self, len: usize) -> Self {
        Self {
            payload: self.payload.saturating_add(len),
            ..self
        }
    }

    /// The claim `fresh`, as a boolean: an access token has it already.
    #[must_use]
    pub const fn fresh(self) -> Self {
        Self {
            fresh: FRESH.len(),
            times: 3,
            ..self
        }
    }

    /// The claim `fresh`, as a time and not as a boolean.
    #[must_use]
    pub const fn fresh_until(self) -> Self {
        Self {
            fresh: r#","fresh":"#.len(),
            times: 4,
            ..self
        }
    }

    /// The claim `csrf`.
    #[must_use]
    pub const fn csrf(self, len: usize) -> Self {
        self.text("csrf", len)
    }

    /// The claim `sid`.
    #[must_use]
    pub const fn session_id(self, len: usize) -> Self {
        self.text("sid", len)
    }

    /// The claim `iss`.
    #[must_use]
    pub const fn issuer(self, len: usize) -> Self {
        self.text("iss", len)
    }

    /// The claim `aud`.
    #[must_use]
    pub const fn audience(self, len: usize) -> Self {
        self.text("aud", len)
    }

    /// The application's claims, with the length of their JSON object.
    #[must_use]
    pub const fn claims(self, json_len: usize) -> Self {
        // Its two braces go, a comma is added.
        let members = json_len.saturating_sub(1);
        Self {
            payload: self.payload.saturating_add(members),
            ..self
        }
    }

    /// The length of the payload: the size of the [`ClaimsBuffer`](crate::ClaimsBuffer) that verifies the token.
    #[must_use]
    pub const fn payload_len(self) -> usize {
        self.payload
            .saturating_add(self.fresh)
            .saturating_add(self.time.saturating_mul(self.times))
    }

    /// The length of the token.
    #[must_use]
    pub const fn token_len(self) -> usize {
        token_len(self.header, self.payload_len())
    }
}

/// The length of a text with its escapes, which for a control character is at most six.
const fn text_len(text: &str) -> usize {
    let mut rest = text.as_bytes();
    let mut len = 0_usize;
    while let [byte, tail @ ..] = rest {
        len = len.saturating_add(match byte {
            b'"' | b'\\' => 2,
            0..0x20 => 6,
            _ => 1,
        });
        rest = tail;
    }
    len
}

/// A token in its own memory of `N` bytes.
///
/// Whoever holds a token can use it: `Debug` does not print it, and it has no `Display`.
///
/// ```
/// # use jotlet::{Issuer, Key, Timestamp, TokenId};
/// use jotlet::Token;
///
/// # let key = Key::new(&[7; 32])?;
/// # let now = Timestamp::from_secs(0);
/// let token: Token<256> =
///     Issuer::new(&key).access("user-42", TokenId::from_bytes([1; 16])).sign_owned(now)?;
/// assert!(token.as_str().starts_with("eyJ"));
/// assert_eq!(format!("{token:?}"), format!("Token({} bytes)", token.as_str().len()));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Token<const N: usize>(heapless::String<N>);

impl<const N: usize> Token<N> {
    /// A token from what `TokenBuilder` writes: the closure puts it at the start of the buffer, and tells its length.
    pub(crate) fn fill<E>(
        write: impl FnOnce(&mut [u8]) -> Result<usize, E>,
        invalid: E,
    ) -> Result<Self, E> {
        let mut bytes = heapless::Vec::<u8, N>::new();
        let _ = bytes.resize_default(N);
        let len = write(&mut bytes)?;
        bytes.truncate(len);
        heapless::String::from_utf8(bytes)
            .map(Self)
            .map_err(|_| invalid)
    }

    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> AsRef<str> for Token<N> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> AsRef<[u8]> for Token<N> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl<const N: usize> fmt::Debug for Token<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({} bytes)", self.0.len())
    }
}
