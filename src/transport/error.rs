//! Why a request's token, a cookie or a CSRF value was refused.

use core::fmt;

/// Why no token was taken from a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExtractError {
    /// The request has no such header, or no cookie of that name.
    Missing,
    /// The `Authorization` header is of another scheme than `Bearer`: RFC 9110 section 11.1.
    OtherScheme,
    /// There is nothing behind the scheme, or the cookie is empty: RFC 6750 section 2.1.
    NoToken,
    /// The `Authorization` header has a character that can't stand there: RFC 6750 section 2.1.
    HeaderCharacter {
        /// Where it stands in the header's value, in bytes.
        at: usize,
    },
    /// There is something behind the token: RFC 6750 section 2.1.
    SeveralTokens,
    /// There is more than one `Authorization` header: RFC 9110 section 5.3.
    SeveralHeaders,
    /// There is more than one cookie of that name. A browser sends the one with the longest path first (RFC 6265 section
    /// 5.4), so whoever can set a cookie on a part of the domain could put a token of their own before the user's.
    CookieTwice,
    /// The cookie has a character that can't stand there: RFC 6265 section 4.1.1.
    CookieCharacter {
        /// Where it stands in the cookie's value, in bytes.
        at: usize,
    },
}

impl fmt::Display for ExtractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the request has no token"),
            Self::OtherScheme => f.write_str(
                "the Authorization header is of another scheme than Bearer (RFC 9110 11.1)",
            ),
            Self::NoToken => f.write_str("the token is empty (RFC 6750 2.1)"),
            Self::HeaderCharacter { at } => write!(
                f,
                "the Authorization header breaks the grammar at byte {at} (RFC 6750 2.1)"
            ),
            Self::SeveralTokens => f.write_str(
                "the Authorization header has something behind the token (RFC 6750 2.1)",
            ),
            Self::SeveralHeaders => {
                f.write_str("there is more than one Authorization header (RFC 9110 5.3)")
            }
            Self::CookieTwice => {
                f.write_str("there is more than one cookie of that name (RFC 6265 5.4)")
            }
            Self::CookieCharacter { at } => write!(
                f,
                "the cookie's value breaks the grammar at byte {at} (RFC 6265 4.1.1)"
            ),
        }
    }
}

impl core::error::Error for ExtractError {}

/// Why a cookie was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CookieError {
    /// The name is a token of RFC 9110 section 5.6.2: RFC 6265 section 4.1.1.
    Name,
    /// The value has a character that a cookie's value can't have: RFC 6265 section 4.1.1.
    Value {
        /// Where it stands in the value, in bytes.
        at: usize,
    },
    /// The name and the value are longer than browsers keep: RFC 6265bis section 5.6.
    TooLong {
        /// The length of both, in bytes.
        len: usize,
        /// [`MAX_COOKIE_LEN`](crate::MAX_COOKIE_LEN).
        max: usize,
    },
    /// The path begins with `/`, and has at most 1024 of the characters that a value can have.
    Path,
    /// The domain is a host name without a dot at either end: RFC 6265 section 4.1.2.3.
    Domain,
    /// `SameSite=None` needs `Secure`: RFC 6265bis section 5.7.
    SameSiteNoneNotSecure,
    /// A name that begins with `__Secure-` or `__Host-` needs `Secure`: RFC 6265bis section 4.1.3.
    PrefixNotSecure,
    /// A name that begins with `__Host-` needs the path `/`: RFC 6265bis section 4.1.3.2.
    HostPrefixPath,
    /// A name that begins with `__Host-` can't have a domain: RFC 6265bis section 4.1.3.2.
    HostPrefixDomain,
    /// The buffer can't hold the cookie. It has been zeroed.
    BufferTooSmall {
        /// The length of the cookie, in bytes.
        needed: usize,
    },
    /// What the cookie was written to has failed.
    Write,
}

impl fmt::Display for CookieError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("the cookie's name is not a token (RFC 6265 4.1.1)"),
            Self::Value { at } => write!(
                f,
                "the cookie's value can't have the character at byte {at} (RFC 6265 4.1.1)"
            ),
            Self::TooLong { len, max } => write!(
                f,
                "the cookie's name and value have {len} bytes, browsers keep at most {max} (RFC 6265bis 5.6)"
            ),
            Self::Path => f.write_str("the cookie's path does not begin with / or is malformed"),
            Self::Domain => {
                f.write_str("the cookie's domain is not a host name (RFC 6265 4.1.2.3)")
            }
            Self::SameSiteNoneNotSecure => {
                f.write_str("a cookie with SameSite=None must be Secure (RFC 6265bis 5.7)")
            }
            Self::PrefixNotSecure => {
                f.write_str("a cookie with this prefix must be Secure (RFC 6265bis 4.1.3)")
            }
            Self::HostPrefixPath => {
                f.write_str("a __Host- cookie must have the path / (RFC 6265bis 4.1.3.2)")
            }
            Self::HostPrefixDomain => {
                f.write_str("a __Host- cookie can't have a domain (RFC 6265bis 4.1.3.2)")
            }
            Self::BufferTooSmall { needed } => {
                write!(f, "the buffer is too small: the cookie has {needed} bytes")
            }
            Self::Write => f.write_str("the cookie could not be written"),
        }
    }
}

impl core::error::Error for CookieError {}

/// Why a request with a cookie may have been forged by another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CsrfError {
    /// The request has no header with the value.
    MissingHeader,
    /// The request has the header more than once.
    SeveralHeaders,
    /// The token has no `csrf` claim that the header could repeat.
    MissingClaim,
    /// The header's value is not that of the claim.
    Mismatch,
}

impl fmt::Display for CsrfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingHeader => "the CSRF header is missing",
            Self::SeveralHeaders => "there is more than one CSRF header",
            Self::MissingClaim => "the token has no csrf claim",
            Self::Mismatch => "the CSRF header does not match the token",
        })
    }
}

impl core::error::Error for CsrfError {}
