//! The ids of tokens and sessions.

use core::fmt;

use crate::json::hex;

/// A token's own id, the claim `jti` (RFC 7519 section 4.1.7): 16 bytes from the caller's random source.
///
/// ```
/// use jotlet::{TokenId, TokenIdText};
///
/// let id = TokenId::from_bytes([0xab; 16]);
/// assert_eq!(id.text().as_str(), "abababababababababababababababab");
/// let id = TokenId::uuid([0xab; 16]);
/// assert_eq!(id.text().as_str(), "abababab-abab-4bab-abab-abababababab");
/// assert_eq!(TokenId::parse("abababab-abab-4bab-abab-abababababab"), Some(id));
/// assert_eq!(TokenId::parse("ABABABAB-ABAB-4BAB-ABAB-ABABABABABAB"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TokenId {
    bytes: [u8; 16],
    uuid: bool,
}

impl TokenId {
    /// An id that is written as 32 lower-case hexadecimal digits.
    #[must_use]
    pub const fn from_bytes(random: [u8; 16]) -> Self {
        Self {
            bytes: random,
            uuid: false,
        }
    }

    /// An id that is written as a version 4 UUID (RFC 9562 section 5.4), as Flask does: six bits are not random.
    #[must_use]
    pub const fn uuid(random: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, version, g, variant, rest @ ..] = random;
        let [h, i, j, k, l, m, n] = rest;
        let (version, variant) = (version & 0x0f | 0x40, variant & 0x3f | 0x80);
        Self {
            bytes: [a, b, c, d, e, f, version, g, variant, h, i, j, k, l, m, n],
            uuid: true,
        }
    }

    /// The id with this text: 32 lower-case hexadecimal digits, or a UUID of any version in lower case (RFC 9562 section
    /// 4). Any other spelling is `None`, so that one id has one text: `parse(text)?.text()` is `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let uuid = text.len() == 36;
        let (mut bytes, mut rest) = ([0; 16], text.as_bytes());
        for (index, byte) in bytes.iter_mut().enumerate() {
            if uuid && matches!(index, 4 | 6 | 8 | 10) {
                rest = rest.strip_prefix(b"-")?;
            }
            let [high, low, tail @ ..] = rest else {
                return None;
            };
            *byte = hex_value(*high)? << 4 | hex_value(*low)?;
            rest = tail;
        }
        rest.is_empty().then_some(Self { bytes, uuid })
    }

    pub(crate) const fn from_parts(bytes: [u8; 16], uuid: bool) -> Self {
        Self { bytes, uuid }
    }

    pub(crate) const fn is_uuid(&self) -> bool {
        self.uuid
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    /// The id as it stands in a token.
    #[must_use]
    pub fn text(&self) -> TokenIdText {
        let mut digits = [0; 32];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.bytes) {
            *pair = [hex(byte >> 4), hex(byte & 0xf)];
        }
        let mut text = [b'-'; 36];
        let mut places = text.iter_mut();
        let mut rest = digits.iter();
        let groups: &[usize] = if self.uuid { &[8, 4, 4, 4, 12] } else { &[32] };
        for (index, &len) in groups.iter().enumerate() {
            if index > 0 {
                places.next();
            }
            for (place, digit) in places.by_ref().zip(rest.by_ref()).take(len) {
                *place = *digit;
            }
        }
        let unused = places.len();
        TokenIdText { text, unused }
    }
}

/// The value of a hexadecimal digit that [`hex`] writes.
const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({})", self.text().as_str())
    }
}

/// The text of a [`TokenId`].
#[derive(Clone, PartialEq, Eq)]
pub struct TokenIdText {
    text: [u8; 36],
    unused: usize,
}

impl TokenIdText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        let len = self.text.len().saturating_sub(self.unused);
        self.text.get(..len).unwrap_or_default()
    }
}

impl AsRef<str> for TokenIdText {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for TokenIdText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
