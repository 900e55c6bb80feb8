//! The double submit against cross-site request forgery, as flask-jwt-extended does it.

use subtle::ConstantTimeEq;

use super::{CsrfError, RequestToken, TokenSource};
use crate::claims::Claims;

impl RequestToken<'_> {
    /// Whether a request of this method has to repeat the `csrf` claim in a header: the token came in a cookie, and the
    /// method is not one of the safe ones of RFC 9110 section 9.2.1, `GET`, `HEAD`, `OPTIONS` and `TRACE`.
    ///
    /// Methods are told apart by case (RFC 9110 section 9.1), and one that is unknown needs the value. flask-jwt-extended
    /// asks for it on `POST`, `PUT`, `PATCH` and `DELETE` only.
    #[must_use]
    pub fn needs_csrf(&self, method: &str) -> bool {
        self.source == TokenSource::Cookie
            && !matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// Checks that the request, if it [needs](Self::needs_csrf) to, repeats the `csrf` claim of its token in the header
    /// [`CSRF_HEADER`](super::CSRF_HEADER), which no foreign site can make a browser send. The values are compared in
    /// constant time.
    ///
    /// `claims` are those of this token, `headers` all values of that header.
    ///
    /// ```
    /// use jotlet::{
    ///     ACCESS_COOKIE, Access, ClaimsBuffer, CsrfError, Issuer, Key, RequestToken, Timestamp,
    ///     TokenId, Verifier,
    /// };
    ///
    /// # let key = Key::new(&[7; 32])?;
    /// # let now = Timestamp::from_secs(0);
    /// let csrf = TokenId::uuid([0x5a; 16]).text(); // from your random source
    /// let issuer = Issuer::new(&key);
    /// let token = issuer
    ///     .access("user-42", TokenId::uuid([1; 16]))
    ///     .csrf(csrf.as_str())
    ///     .sign_owned::<384>(now)?;
    ///
    /// let cookie = format!("{ACCESS_COOKIE}={}", token.as_str());
    /// let token = RequestToken::find(None::<&str>, [cookie.as_str()], ACCESS_COOKIE)?;
    /// let mut buffer = ClaimsBuffer::<384>::new();
    /// let claims = Verifier::<Access>::new(&key).verify(token, now, &mut buffer)?;
    ///
    /// token.check_csrf("POST", Some(csrf.as_str()), &claims)?;
    /// assert_eq!(token.check_csrf("POST", None::<&str>, &claims), Err(CsrfError::MissingHeader));
    /// assert_eq!(token.check_csrf("POST", Some("a guess"), &claims), Err(CsrfError::Mismatch));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CsrfError`]; an empty value counts as none.
    pub fn check_csrf<'h, T, V>(
        &self,
        method: &str,
        headers: impl IntoIterator<Item = &'h V>,
        claims: &Claims<'_, T>,
    ) -> Result<(), CsrfError>
    where
        V: AsRef<[u8]> + ?Sized + 'h,
    {
        if !self.needs_csrf(method) {
            return Ok(());
        }
        let mut headers = headers.into_iter();
        let header = headers.next().map_or([].as_slice(), AsRef::as_ref);
        if header.is_empty() {
            return Err(CsrfError::MissingHeader);
        }
        if headers.next().is_some() {
            return Err(CsrfError::SeveralHeaders);
        }
        let claim = claims.csrf().unwrap_or_default().as_bytes();
        if claim.is_empty() {
            return Err(CsrfError::MissingClaim);
        }
        // Only the length, which is no secret, shows in the time that this takes.
        if header.ct_eq(claim).into() {
            Ok(())
        } else {
            Err(CsrfError::Mismatch)
        }
    }
}
