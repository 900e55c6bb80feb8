//! The issuer: it writes the claims, and signs them.

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::base64url;
use crate::claims::{Access, Refresh, TokenType};
use crate::custom;
use crate::error::IssueError;
use crate::id::TokenId;
use crate::json::Writer;
use crate::key::Keys;
use crate::registered::Freshness;
use crate::time::Timestamp;
use crate::token::{MAX_TOKEN_LEN, Token, token_len};

/// Issues tokens of one key or ring, issuer and audience.
///
/// ```
/// use core::time::Duration;
/// use jotlet::{Issuer, Key, Timestamp, TokenId};
///
/// let key = Key::new(b"a shared secret of at least 32 bytes")?;
/// let issuer = Issuer::new(&key)
///     .issuer("https://example.com")
///     .access_lifetime(Duration::from_secs(300));
///
/// let now = Timestamp::from_secs(1_767_225_600);            // from your clock
/// let random = [0x5a; 16];                                  // from your random source
/// let mut out = [0; 512];
/// let token = issuer.access("user-42", TokenId::from_bytes(random)).fresh().sign(now, &mut out)?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Issuer<'k> {
    keys: Keys<'k>,
    issuer: Option<&'k str>,
    audience: Option<&'k str>,
    access_lifetime: Duration,
    refresh_lifetime: Duration,
}

impl<'k> Issuer<'k> {
    /// An issuer that signs with a [`Key`](crate::Key) or with the signing key of a [`KeyRing`](crate::KeyRing).
    #[must_use]
    pub fn new(keys: impl Into<Keys<'k>>) -> Self {
        Self {
            keys: keys.into(),
            issuer: None,
            audience: None,
            access_lifetime: Access::LIFETIME,
            refresh_lifetime: Refresh::LIFETIME,
        }
    }

    /// Writes `iss` into every token (RFC 7519 section 4.1.1).
    #[must_use]
    pub fn issuer(mut self, issuer: &'k str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Writes `aud` into every token (RFC 7519 section 4.1.3).
    #[must_use]
    pub fn audience(mut self, audience: &'k str) -> Self {
        self.audience = Some(audience);
        self
    }

    /// How long an access token is valid, in whole seconds. Default: 15 minutes.
    #[must_use]
    pub fn access_lifetime(mut self, lifetime: Duration) -> Self {
        self.access_lifetime = lifetime;
        self
    }

    /// How long a refresh token is valid, in whole seconds. Default: 30 days.
    #[must_use]
    pub fn refresh_lifetime(mut self, lifetime: Duration) -> Self {
        self.refresh_lifetime = lifetime;
        self
    }

    /// An access token, which says whether it is fresh; it is not, if nothing else is said.
    pub fn access<'a>(&'a self, subject: &'a str, id: TokenId) -> TokenBuilder<'a, Access> {
        let lifetime = Some(self.access_lifetime);
        TokenBuilder {
            lifetime,
            freshness: Some(Freshness::Stale),
            ..self.token(subject, id)
        }
    }

    /// A refresh token that can be used until it expires, as Flask's. For one that works once, see
    /// [`Family::pair`](crate::Family::pair).
    pub fn refresh<'a>(&'a self, subject: &'a str, id: TokenId) -> TokenBuilder<'a, Refresh> {
        TokenBuilder {
            lifetime: Some(self.refresh_lifetime),
            ..self.token(subject, id)
        }
    }

    /// A token of the caller's own type, valid for [`TokenType::LIFETIME`].
    pub fn token<'a, T: TokenType>(&'a self, subject: &'a str, id: TokenId) -> TokenBuilder<'a, T> {
        TokenBuilder {
            issuer: self,
            subject,
            id,
            lifetime: Some(T::LIFETIME),
            expires_by: None,
            not_before: None,
            freshness: None,
            csrf: None,
            session_id: None,
            claims: (),
            append: |(), _| Ok(()),
            token_type: PhantomData,
        }
    }
}

/// A token that is about to be signed: made by an [`Issuer`], ended by [`sign`](Self::sign) or
/// [`sign_owned`](Self::sign_owned).
///
/// ```
/// # use jotlet::{Issuer, Key, Refresh, Timestamp, TokenBuilder, TokenId};
/// # let key = Key::new(&[7; 32])?;
/// # let issuer = Issuer::new(&key);
/// # let (now, id, session) = (Timestamp::from_secs(0), TokenId::from_bytes([1; 16]), TokenId::from_bytes([2; 16]));
/// let session = session.text();
/// let builder: TokenBuilder<'_, Refresh> =
///     issuer.refresh("user-42", id).session_id(session.as_str());
/// let token = builder.sign_owned::<384>(now)?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use = "a token is made by `sign` or `sign_owned`"]
pub struct TokenBuilder<'a, T, C = ()> {
    issuer: &'a Issuer<'a>,
    subject: &'a str,
    id: TokenId,
    lifetime: Option<Duration>,
    expires_by: Option<Timestamp>,
    not_before: Option<Timestamp>,
    freshness: Option<Freshness>,
    csrf: Option<&'a str>,
    session_id: Option<&'a str>,
    claims: C,
    /// Writes `claims`. A token without any does not link serde.
    append: fn(&C, &mut Writer<'_>) -> Result<(), IssueError>,
    token_type: PhantomData<fn() -> T>,
}

impl<'a, T: TokenType, C> TokenBuilder<'a, T, C> {
    /// Marks the token as made by a login: fresh for as long as it is valid.
    pub fn fresh(mut self) -> Self {
        self.freshness = Some(Freshness::Fresh);
        self
    }

    /// Marks the token as made by a login, and fresh until a time.
    pub fn fresh_until(mut self, until: Timestamp) -> Self {
        self.freshness = Some(Freshness::Until(until));
        self
    }

    /// Writes `csrf`: the random value that a request with a cookie has to repeat in a header.
    pub fn csrf(mut self, value: &'a str) -> Self {
        self.csrf = Some(value);
        self
    }

    /// Writes `sid`: the session, which is the family of the refresh token.
    pub fn session_id(mut self, id: &'a str) -> Self {
        self.session_id = Some(id);
        self
    }

    /// How long this token is valid, in whole seconds.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Gives the token no lifetime: but for [`expires_by`](Self::expires_by) it has no `exp` and is valid for ever. A verifier
    /// takes it only if it is told to.
    pub fn without_expiry(mut self) -> Self {
        self.lifetime = None;
        self
    }

    /// The token expires no later than this, whatever its lifetime is.
    pub fn expires_by(mut self, latest: Timestamp) -> Self {
        self.expires_by = Some(latest);
        self
    }

    /// The token is valid from this time on (RFC 7519 section 4.1.5). Default: from the time it is signed.
    pub fn not_before(mut self, start: Timestamp) -> Self {
        self.not_before = Some(start);
        self
    }

    /// Adds the application's own claims: anything that serde writes as an object whose names are not registered.
    ///
    /// ```
    /// # use jotlet::{Access, ClaimsBuffer, Issuer, Key, Timestamp, TokenId, Verifier};
    /// # let key = Key::new(&[7; 32])?;
    /// # let issuer = Issuer::new(&key);
    /// # let (now, id) = (Timestamp::from_secs(0), TokenId::from_bytes([1; 16]));
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Rights<'a> {
    ///     role: &'a str,
    ///     level: u8,
    /// }
    ///
    /// let rights = Rights { role: "operator", level: 3 };
    /// let token = issuer.access("user-42", id).claims(&rights).sign_owned::<384>(now)?;
    ///
    /// let mut buffer = ClaimsBuffer::<256>::new();
    /// let claims = Verifier::<Access>::new(&key).verify(&token, now, &mut buffer)?;
    /// let rights: Rights = claims.custom()?;
    /// assert_eq!((rights.role, rights.level), ("operator", 3));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn claims<S: serde::Serialize>(self, claims: &'a S) -> TokenBuilder<'a, T, &'a S> {
        TokenBuilder {
            issuer: self.issuer,
            subject: self.subject,
            id: self.id,
            lifetime: self.lifetime,
            expires_by: self.expires_by,
            not_before: self.not_before,
            freshness: self.freshness,
            csrf: self.csrf,
            session_id: self.session_id,
            claims,
            append: |claims, writer| custom::append(*claims, writer),
            token_type: PhantomData,
        }
    }

    /// Signs the token at `now` into a buffer whose size [`TokenSize`](crate::TokenSize) tells.
    ///
    /// # Errors
    /// [`IssueError::BufferTooSmall`] tells the size that is needed; the buffer is zeroed on every error.
    pub fn sign<'o>(&self, now: Timestamp, out: &'o mut [u8]) -> Result<&'o str, IssueError> {
        let result = self.write(now, out);
        if result.is_err() {
            out.fill(0);
        }
        let len = result?;
        let token = out
            .get(..len)
            .and_then(|token| core::str::from_utf8(token).ok());
        token.ok_or(IssueError::BufferTooSmall { needed: len })
    }

    /// Signs the token at `now` into memory of its own.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub fn sign_owned<const N: usize>(&self, now: Timestamp) -> Result<Token<N>, IssueError> {
        Token::fill(
            |out| self.write(now, out),
            IssueError::BufferTooSmall { needed: N },
        )
    }

    /// Writes the token to the start of `out`, and tells its length.
    fn write(&self, now: Timestamp, out: &mut [u8]) -> Result<usize, IssueError> {
        let header = self.issuer.keys.header();
        let mut writer = Writer::new(out);
        writer.raw(header);
        writer.raw(b".");
        let start = writer.len();
        self.write_payload(now, &mut writer)?;
        let payload = writer.len().saturating_sub(start);

        let needed = token_len(header.len(), payload);
        if needed > MAX_TOKEN_LEN {
            return Err(IssueError::TooLong {
                len: needed,
                max: MAX_TOKEN_LEN,
            });
        }
        self.seal(start, payload, out.get_mut(..needed))
            .ok_or(IssueError::BufferTooSmall { needed })?;
        Ok(needed)
    }

    fn write_payload(&self, now: Timestamp, writer: &mut Writer<'_>) -> Result<(), IssueError> {
        writer.raw(b"{\"iat\":");
        writer.number(now.as_secs());
        writer.raw(b",\"jti\":\"");
        writer.raw(self.id.text().as_bytes());
        writer.raw(b"\",\"type\":\"");
        writer.text(T::NAME);
        writer.raw(b"\",\"sub\":\"");
        writer.text(self.subject);
        writer.raw(b"\",\"nbf\":");
        writer.number(self.not_before.unwrap_or(now).as_secs());
        let lived = self.lifetime.map(|lifetime| now.saturating_add(lifetime));
        if let Some(expiry) = [lived, self.expires_by].into_iter().flatten().min() {
            writer.raw(b",\"exp\":");
            writer.number(expiry.as_secs());
        }
        match self.freshness {
            None => {}
            Some(Freshness::Stale) => writer.raw(b",\"fresh\":false"),
            Some(Freshness::Fresh) => writer.raw(b",\"fresh\":true"),
            Some(Freshness::Until(until)) => {
                writer.raw(b",\"fresh\":");
                writer.number(until.as_secs());
            }
        }
        for (name, text) in [
            (b",\"csrf\":\"".as_slice(), self.csrf),
            (b",\"sid\":\"", self.session_id),
            (b",\"iss\":\"", self.issuer.issuer),
            (b",\"aud\":\"", self.issuer.audience),
        ] {
            if let Some(text) = text {
                writer.raw(name);
                writer.text(text);
                writer.raw(b"\"");
            }
        }
        (self.append)(&self.claims, writer)?;
        writer.raw(b"}");
        Ok(())
    }

    /// Turns a header, a dot and a payload's JSON into a token that fills `out`.
    fn seal(&self, start: usize, payload: usize, out: Option<&mut [u8]>) -> Option<()> {
        let out = out?;
        base64url::encode_in_place(out.get_mut(start..)?, payload)?;
        let signed = start.checked_add(base64url::encoded_len(payload))?;
        let (message, [dot, signature @ ..]) = out.split_at_mut_checked(signed)? else {
            return None;
        };
        *dot = b'.';
        base64url::encode(&self.issuer.keys.mac(message), signature)?;
        Some(())
    }
}

impl<T: TokenType, C> fmt::Debug for TokenBuilder<'_, T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenBuilder")
            .field("type", &T::NAME)
            .field("sub", &self.subject)
            .field("jti", &self.id)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}
