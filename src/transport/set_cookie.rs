//! The `Set-Cookie` header: RFC 6265 section 4.1, with what RFC 6265bis adds.

use core::fmt::{self, Write};
use core::time::Duration;

use super::{CookieError, is_cookie_octet, is_token_character, split_while};
use crate::json::Writer;

/// The most bytes that the name and the value of a cookie may have together: browsers ignore a longer cookie, silently
/// (RFC 6265bis section 5.6).
pub const MAX_COOKIE_LEN: usize = 4096;

/// A longer attribute is ignored by browsers: RFC 6265bis section 5.6.
const MAX_ATTRIBUTE_LEN: usize = 1024;

/// With which requests from other sites a browser sends the cookie: RFC 6265bis section 4.1.2.7.
///
/// ```
/// use jotlet::{CookieError, SameSite, SetCookie};
///
/// let cookie = SetCookie::new("session", "ab").same_site(SameSite::None);
/// assert!(cookie.write(&mut [0; 64])?.ends_with("; SameSite=None"));
/// let refusal = cookie.allow_insecure().write(&mut [0; 64]).unwrap_err();
/// assert_eq!(refusal, CookieError::SameSiteNoneNotSecure);
/// # Ok::<(), CookieError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SameSite {
    /// With none.
    Strict,
    /// With following a link, not with posting a form.
    #[default]
    Lax,
    /// With all. The cookie has to be `Secure`.
    None,
}

/// A cookie for a response, as the value of a `Set-Cookie` header: RFC 6265 section 4.1.
///
/// By default it has `Path=/`, `Secure`, `HttpOnly` and `SameSite=Lax`, and lasts as long as the browser runs. Flask's
/// defaults are without `Secure` and `SameSite`. Each method changes one attribute; everything is checked, and nothing has
/// been written yet, when it is written: no name, value, path or domain can end the header or add an attribute.
///
/// It has no `Display`, and `Debug` leaves out the value: whoever holds a token can use it.
///
/// ```
/// use jotlet::{ACCESS_COOKIE, Access, CSRF_ACCESS_COOKIE, SetCookie, TokenType};
///
/// let mut out = [0; 512];
/// let cookie = SetCookie::new(ACCESS_COOKIE, "ab.cd.ef").max_age(Access::LIFETIME);
/// assert_eq!(
///     cookie.write(&mut out)?,
///     "access_token_cookie=ab.cd.ef; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax",
/// );
///
/// // The value of the claim `csrf`, which the site's own scripts repeat in a header.
/// let csrf = SetCookie::new(CSRF_ACCESS_COOKIE, "5a5a5a5a").readable_by_scripts();
/// assert_eq!(csrf.write(&mut out)?, "csrf_access_token=5a5a5a5a; Path=/; Secure; SameSite=Lax");
///
/// // On logout.
/// assert_eq!(
///     cookie.cleared().write(&mut out)?,
///     "access_token_cookie=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; \
///      Secure; HttpOnly; SameSite=Lax",
/// );
/// # Ok::<(), jotlet::CookieError>(())
/// ```
#[derive(Clone, Copy)]
pub struct SetCookie<'a> {
    name: &'a str,
    value: &'a str,
    path: &'a str,
    domain: Option<&'a str>,
    max_age: Option<Duration>,
    secure: bool,
    http_only: bool,
    same_site: SameSite,
}

impl<'a> SetCookie<'a> {
    /// A cookie with the secure defaults.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self {
            name,
            value,
            path: "/",
            domain: None,
            max_age: None,
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
        }
    }

    /// The paths that the cookie is sent to: this one and those below it. Default: `/`, all of them.
    #[must_use]
    pub const fn path(mut self, path: &'a str) -> Self {
        self.path = path;
        self
    }

    /// Sends the cookie to this domain and to all below it. Default: only to the host that sets it.
    #[must_use]
    pub const fn domain(mut self, domain: &'a str) -> Self {
        self.domain = Some(domain);
        self
    }

    /// How long the browser keeps the cookie, in whole seconds; with zero, it removes the cookie.
    #[must_use]
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Default: [`SameSite::Lax`].
    #[must_use]
    pub const fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    /// Leaves `HttpOnly` out: for the cookie that tells scripts the CSRF value, never for the one with the token.
    #[must_use]
    pub const fn readable_by_scripts(mut self) -> Self {
        self.http_only = false;
        self
    }

    /// Leaves `Secure` out: the cookie is sent without TLS too.
    #[must_use]
    pub const fn allow_insecure(mut self) -> Self {
        self.secure = false;
        self
    }

    /// The cookie that removes this one: without a value, and expired. It has the same name, path and domain, by which a
    /// browser finds what to remove (RFC 6265 section 5.3, step 11).
    #[must_use]
    pub const fn cleared(mut self) -> Self {
        self.value = "";
        self.max_age = Some(Duration::ZERO);
        self
    }

    /// Writes the cookie into a buffer.
    ///
    /// # Errors
    /// Every [`CookieError`] but [`Write`](CookieError::Write). [`BufferTooSmall`](CookieError::BufferTooSmall) tells the
    /// size that is needed.
    pub fn write<'o>(&self, out: &'o mut [u8]) -> Result<&'o str, CookieError> {
        let mut buffer = Buffer(Writer::new(out));
        self.write_to(&mut buffer)?;
        let needed = buffer.0.len();
        if needed > out.len() {
            out.fill(0);
        }
        let cookie = out
            .get(..needed)
            .and_then(|cookie| core::str::from_utf8(cookie).ok());
        cookie.ok_or(CookieError::BufferTooSmall { needed })
    }

    /// Writes the cookie to anything that takes text.
    ///
    /// # Errors
    /// Every [`CookieError`] but [`BufferTooSmall`](CookieError::BufferTooSmall). Nothing has been written, except with
    /// [`Write`](CookieError::Write).
    pub fn write_to(&self, out: &mut impl Write) -> Result<(), CookieError> {
        self.check()?;
        self.render(out).map_err(|_| CookieError::Write)
    }

    fn check(&self) -> Result<(), CookieError> {
        if self.name.is_empty() || !self.name.bytes().all(is_token_character) {
            return Err(CookieError::Name);
        }
        let (octets, rest) = split_while(self.value.as_bytes(), is_cookie_octet);
        if !rest.is_empty() {
            return Err(CookieError::Value { at: octets.len() });
        }
        let len = self.name.len().saturating_add(self.value.len());
        if len > MAX_COOKIE_LEN {
            return Err(CookieError::TooLong {
                len,
                max: MAX_COOKIE_LEN,
            });
        }
        if !self.path.starts_with('/')
            || self.path.len() > MAX_ATTRIBUTE_LEN
            || !self.path.bytes().all(is_cookie_octet)
        {
            return Err(CookieError::Path);
        }
        if self.domain.is_some_and(|domain| !is_host_name(domain)) {
            return Err(CookieError::Domain);
        }
        if self.same_site == SameSite::None && !self.secure {
            return Err(CookieError::SameSiteNoneNotSecure);
        }
        let host = has_prefix(self.name, b"__Host-");
        if (host || has_prefix(self.name, b"__Secure-")) && !self.secure {
            return Err(CookieError::PrefixNotSecure);
        }
        if host && self.path != "/" {
            return Err(CookieError::HostPrefixPath);
        }
        if host && self.domain.is_some() {
            return Err(CookieError::HostPrefixDomain);
        }
        Ok(())
    }

    fn render(&self, out: &mut impl Write) -> fmt::Result {
        for text in [self.name, "=", self.value, "; Path=", self.path] {
            out.write_str(text)?;
        }
        if let Some(domain) = self.domain {
            out.write_str("; Domain=")?;
            out.write_str(domain)?;
        }
        if let Some(age) = self.max_age {
            let secs = age.as_secs();
            if secs == 0 {
                // For clients that don't know Max-Age, which has precedence: RFC 6265 section 4.1.2.2.
                out.write_str("; Expires=Thu, 01 Jan 1970 00:00:00 GMT")?;
            }
            write!(out, "; Max-Age={secs}")?;
        }
        if self.secure {
            out.write_str("; Secure")?;
        }
        if self.http_only {
            out.write_str("; HttpOnly")?;
        }
        out.write_str(match self.same_site {
            SameSite::Strict => "; SameSite=Strict",
            SameSite::Lax => "; SameSite=Lax",
            SameSite::None => "; SameSite=None",
        })
    }
}

impl fmt::Debug for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetCookie")
            .field("name", &self.name)
            .field("path", &self.path)
            .field("domain", &self.domain)
            .field("max_age", &self.max_age)
            .field("secure", &self.secure)
            .field("http_only", &self.http_only)
            .field("same_site", &self.same_site)
            .finish_non_exhaustive()
    }
}

/// A caller's buffer as something that takes text, and counts what it has no room for.
struct Buffer<'o>(Writer<'o>);

impl Write for Buffer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.raw(text.as_bytes());
        Ok(())
    }
}

/// Browsers take a prefix in any case: RFC 6265bis section 5.4.
fn has_prefix(name: &str, prefix: &[u8]) -> bool {
    name.as_bytes()
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Letters, digits and hyphens between single dots: RFC 1034 section 3.5, RFC 1123 section 2.1.
fn is_host_name(domain: &str) -> bool {
    let is_label = |label: &[u8]| {
        let is_ldh = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        !label.is_empty() && label.iter().all(is_ldh)
    };
    domain.len() <= MAX_ATTRIBUTE_LEN && domain.as_bytes().split(|&byte| byte == b'.').all(is_label)
}
