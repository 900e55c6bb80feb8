//! How a token travels over HTTP: the `Authorization` header, cookies, and the value that guards cookies against CSRF.

mod bearer;
mod cookie;
mod csrf;
mod error;
mod set_cookie;

use core::fmt;

pub use error::{CookieError, CsrfError, ExtractError};
pub use set_cookie::{MAX_COOKIE_LEN, SameSite, SetCookie};

/// The cookie of an access token, as flask-jwt-extended names it.
pub const ACCESS_COOKIE: &str = "access_token_cookie";
/// The cookie of a refresh token, as flask-jwt-extended names it.
pub const REFRESH_COOKIE: &str = "refresh_token_cookie";
/// The cookie that tells scripts the `csrf` claim of the access token, as flask-jwt-extended names it.
pub const CSRF_ACCESS_COOKIE: &str = "csrf_access_token";
/// The cookie that tells scripts the `csrf` claim of the refresh token, as flask-jwt-extended names it.
pub const CSRF_REFRESH_COOKIE: &str = "csrf_refresh_token";
/// The header in which a request repeats the `csrf` claim, as flask-jwt-extended names it.
pub const CSRF_HEADER: &str = "X-CSRF-TOKEN";

/// How a request carried its token.
///
/// ```
/// use jotlet::{RequestToken, TokenSource};
///
/// let token = RequestToken::bearer(Some("Bearer ab.cd.ef"))?;
/// assert_eq!(token.source(), TokenSource::Header);
/// # Ok::<(), jotlet::ExtractError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TokenSource {
    /// In the `Authorization` header, where a script has put it.
    Header,
    /// In a cookie, which a browser sends whoever caused the request: it has to pass
    /// [`check_csrf`](RequestToken::check_csrf).
    Cookie,
}

/// The token of a request, not verified yet, and where it was found.
///
/// The headers are passed as an iterator over all values of that name, in any form that lends bytes: an `Option<&str>` if
/// there can be only one, or what the `http` crate's `HeaderMap::get_all` returns. `Debug` does not print the token.
///
/// ```
/// use jotlet::{ACCESS_COOKIE, ExtractError, RequestToken, TokenSource};
///
/// let token = RequestToken::find(Some("Bearer ab.cd.ef"), None::<&str>, ACCESS_COOKIE)?;
/// assert_eq!((token.as_str(), token.source()), ("ab.cd.ef", TokenSource::Header));
///
/// let cookies = ["theme=dark; access_token_cookie=ab.cd.ef"];
/// let token = RequestToken::find(None::<&str>, cookies, ACCESS_COOKIE)?;
/// assert_eq!((token.as_str(), token.source()), ("ab.cd.ef", TokenSource::Cookie));
///
/// let twice = Some("Bearer ab.cd.ef, Bearer gh.ij.kl");
/// let refusal = RequestToken::find(twice, cookies, ACCESS_COOKIE);
/// assert_eq!(refusal.unwrap_err(), ExtractError::SeveralTokens);
/// # Ok::<(), ExtractError>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestToken<'h> {
    text: &'h str,
    source: TokenSource,
}

impl<'h> RequestToken<'h> {
    /// The token of the `Authorization` headers, else that of the `Cookie` headers: the order of flask-jwt-extended's
    /// `JWT_TOKEN_LOCATION = ["headers", "cookies"]`.
    ///
    /// The cookies are looked at only if there is no `Authorization` header or its scheme is not `Bearer` (a site behind
    /// Basic authentication). A header that is malformed is an error, whatever the cookies say.
    ///
    /// # Errors
    /// As for [`bearer`](Self::bearer) and [`cookie`](Self::cookie). If neither has a token, what `bearer` says.
    pub fn find<A, C>(
        authorization: impl IntoIterator<Item = &'h A>,
        cookies: impl IntoIterator<Item = &'h C>,
        cookie_name: &str,
    ) -> Result<Self, ExtractError>
    where
        A: AsRef<[u8]> + ?Sized + 'h,
        C: AsRef<[u8]> + ?Sized + 'h,
    {
        let no_bearer = match Self::bearer(authorization) {
            Err(error @ (ExtractError::Missing | ExtractError::OtherScheme)) => error,
            decided => return decided,
        };
        match Self::cookie(cookies, cookie_name) {
            Err(ExtractError::Missing) => Err(no_bearer),
            decided => decided,
        }
    }

    /// The token of the `Authorization` headers: RFC 6750 section 2.1, RFC 9110 section 11.6.2.
    ///
    /// # Errors
    /// [`ExtractError::Missing`], [`OtherScheme`](ExtractError::OtherScheme), [`NoToken`](ExtractError::NoToken),
    /// [`HeaderCharacter`](ExtractError::HeaderCharacter), [`SeveralTokens`](ExtractError::SeveralTokens) and
    /// [`SeveralHeaders`](ExtractError::SeveralHeaders).
    pub fn bearer<A>(authorization: impl IntoIterator<Item = &'h A>) -> Result<Self, ExtractError>
    where
        A: AsRef<[u8]> + ?Sized + 'h,
    {
        let text = bearer::token(authorization.into_iter().map(AsRef::as_ref))?;
        Ok(Self {
            text,
            source: TokenSource::Header,
        })
    }

    /// The value of a cookie, without the quotes that it may stand in: RFC 6265 sections 4.2.1 and 5.4.
    ///
    /// `cookies` are the `Cookie` headers, of which HTTP/2 allows several (RFC 9113 section 8.2.3). Only the cookie asked
    /// for has to be well-formed: a server can't answer for what others have set on its domain.
    ///
    /// # Errors
    /// [`ExtractError::Missing`], [`NoToken`](ExtractError::NoToken), [`CookieTwice`](ExtractError::CookieTwice) and
    /// [`CookieCharacter`](ExtractError::CookieCharacter).
    pub fn cookie<C>(
        cookies: impl IntoIterator<Item = &'h C>,
        name: &str,
    ) -> Result<Self, ExtractError>
    where
        C: AsRef<[u8]> + ?Sized + 'h,
    {
        let text = cookie::value(cookies.into_iter().map(AsRef::as_ref), name)?;
        Ok(Self {
            text,
            source: TokenSource::Cookie,
        })
    }

    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &'h str {
        self.text
    }

    /// How the request carried it.
    #[must_use]
    pub fn source(&self) -> TokenSource {
        self.source
    }
}

impl AsRef<[u8]> for RequestToken<'_> {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

impl fmt::Debug for RequestToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestToken")
            .field("source", &self.source)
            .field("len", &self.text.len())
            .finish()
    }
}

/// Optional whitespace: RFC 9110 section 5.6.3.
fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `tchar`: RFC 9110 section 5.6.2, what a scheme and a cookie's name are made of.
fn is_token_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// `cookie-octet`: RFC 6265 section 4.1.1.
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

/// What comes before the first byte that is not of this class, and the rest.
fn split_while(bytes: &[u8], class: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| !class(byte));
    end.and_then(|end| bytes.split_at_checked(end))
        .unwrap_or((bytes, &[]))
}
