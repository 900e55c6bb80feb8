//! What a token says: the token types, and the claims of a verified token.

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::id::TokenId;
use crate::json::StringArray;
use crate::payload::Registered;
use crate::registered::{Freshness, RegisteredClaim};
use crate::time::Timestamp;

/// What a token is for. It is part of the Rust type of an issuer's or a verifier's token, so that one sort can't be taken
/// for another: `Claims<Refresh>` is not `Claims<Access>`.
///
/// ```
/// use core::time::Duration;
/// use jotlet::TokenType;
///
/// /// Lets a device enrol once.
/// struct Enrolment;
///
/// impl TokenType for Enrolment {
///     const NAME: &'static str = "enrolment";
///     const LIFETIME: Duration = Duration::from_secs(300);
/// }
/// ```
pub trait TokenType {
    /// The value of the claim `type`.
    const NAME: &'static str;

    /// How long a token of this type is valid if the issuer is told nothing else. A fraction of a second is dropped.
    const LIFETIME: Duration;
}

/// The type of the tokens that open a resource: `"type":"access"`, valid for 15 minutes (RFC 6749 section 1.4).
#[derive(Clone, Copy, Debug)]
pub struct Access;

impl TokenType for Access {
    const NAME: &'static str = "access";
    const LIFETIME: Duration = Duration::from_secs(15 * 60);
}

/// The type of the tokens that get new access tokens: `"type":"refresh"`, valid for 30 days (RFC 6749 section 1.5).
#[derive(Clone, Copy, Debug)]
pub struct Refresh;

impl TokenType for Refresh {
    const NAME: &'static str = "refresh";
    const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
}

/// The memory that a verified token's claims live in: `N` bytes for the decoded payload.
///
/// A payload that is larger is refused with the size that it needs; three quarters of the length of the longest token
/// that is expected always suffice. A buffer can be used again once the claims in it are gone.
///
/// ```
/// use jotlet::ClaimsBuffer;
///
/// static BUFFER: ClaimsBuffer<384> = ClaimsBuffer::new();
/// ```
pub struct ClaimsBuffer<const N: usize>([u8; N]);

impl<const N: usize> ClaimsBuffer<N> {
    /// An empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self([0; N])
    }

    pub(crate) fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl<const N: usize> Default for ClaimsBuffer<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for ClaimsBuffer<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimsBuffer<{N}>")
    }
}

/// The claims of a token that has passed every check of a [`Verifier`](crate::Verifier): RFC 7519 section 4.
///
/// They borrow from the [`ClaimsBuffer`]; nothing is copied. Strings are unescaped.
///
/// ```
/// # use jotlet::{Access, ClaimsBuffer, Issuer, Key, Timestamp, TokenId, Verifier};
/// # let key = Key::new(&[7; 32])?;
/// # let (now, mut out, mut buffer) = (Timestamp::from_secs(0), [0; 512], ClaimsBuffer::<256>::new());
/// # let issuer = Issuer::new(&key).audience("api");
/// # let token = issuer.access("user-42", TokenId::from_bytes([1; 16])).sign(now, &mut out)?;
/// let claims = Verifier::<Access>::new(&key).verify(token, now, &mut buffer)?;
/// assert_eq!(claims.subject(), Some("user-42"));
/// assert_eq!(claims.expires_at(), Some(Timestamp::from_secs(900)));
/// assert!(claims.audience().eq(["api"]));
/// assert!(!claims.is_fresh_at(now));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Claims<'b, T> {
    pub(crate) text: &'b str,
    pub(crate) registered: Registered,
    token_type: PhantomData<fn() -> T>,
}

impl<'b, T> Claims<'b, T> {
    pub(crate) fn new(text: &'b str, registered: Registered) -> Self {
        Self {
            text,
            registered,
            token_type: PhantomData,
        }
    }

    fn string(&self, claim: RegisteredClaim) -> Option<&'b str> {
        self.text.get(self.registered.text(claim)?.range())
    }

    /// `sub`: whom the token is about (RFC 7519 section 4.1.2).
    #[must_use]
    pub fn subject(&self) -> Option<&'b str> {
        self.string(RegisteredClaim::Subject)
    }

    /// `type`: what the token is for. It is absent only where the verifier takes its absence for access.
    #[must_use]
    pub fn token_type(&self) -> Option<&'b str> {
        self.string(RegisteredClaim::Type)
    }

    /// `jti`: the token's own id (RFC 7519 section 4.1.7).
    #[must_use]
    pub fn token_id(&self) -> Option<&'b str> {
        self.string(RegisteredClaim::TokenId)
    }

    /// `iss`: who issued the token (RFC 7519 section 4.1.1).
    #[must_use]
    pub fn issuer(&self) -> Option<&'b str> {
        self.string(RegisteredClaim::Issuer)
    }

    /// `aud`: whom the token is for, none, one or several (RFC 7519 section 4.1.3).
    #[must_use]
    pub fn audience(&self) -> Audience<'b> {
        let text = self.string(RegisteredClaim::Audience);
        Audience(match text {
            Some(text) if self.registered.audience_is_array => {
                AudienceKind::Array(StringArray(text))
            }
            one => AudienceKind::One(one),
        })
    }

    /// `exp`: the first second in which the token is not valid any more (RFC 7519 section 4.1.4).
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.registered.time(RegisteredClaim::Expiry)
    }

    /// `nbf`: the first second in which the token is valid (RFC 7519 section 4.1.5).
    #[must_use]
    pub fn not_before(&self) -> Option<Timestamp> {
        self.registered.time(RegisteredClaim::NotBefore)
    }

    /// `iat`: when the token was issued (RFC 7519 section 4.1.6).
    #[must_use]
    pub fn issued_at(&self) -> Option<Timestamp> {
        self.registered.time(RegisteredClaim::IssuedAt)
    }

    /// `fresh`: whether, or until when, the token stems from a login; [`Freshness::Stale`] if it does not say.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        self.registered.freshness()
    }

    /// Whether the token is fresh at `now`.
    #[must_use]
    pub fn is_fresh_at(&self, now: Timestamp) -> bool {
        self.freshness().at(now)
    }

    /// `csrf`: the value that a request with a cookie repeats in a header.
    #[must_use]
    pub fn csrf(&self) -> Option<&'b str> {
        self.string(RegisteredClaim::Csrf)
    }

    /// `sid`: the session, which is the family of the refresh token.
    #[must_use]
    pub fn session_id(&self) -> Option<&'b str> {
        self.string(RegisteredClaim::SessionId)
    }

    /// `sid` where it is the text of a [`TokenId`], as in every token of a [`Family`](crate::Family): what
    /// [`FamilyStore::revoke`](crate::FamilyStore::revoke) takes.
    #[must_use]
    pub fn session(&self) -> Option<TokenId> {
        TokenId::parse(self.session_id()?)
    }
}

impl<T> Clone for Claims<'_, T> {
    fn clone(&self) -> Self {
        Self::new(self.text, self.registered)
    }
}

/// Without the value for CSRF, which is a secret.
impl<T> fmt::Debug for Claims<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("type", &self.token_type())
            .field("sub", &self.subject())
            .field("jti", &self.token_id())
            .field("sid", &self.session_id())
            .field("iat", &self.issued_at())
            .field("nbf", &self.not_before())
            .field("exp", &self.expires_at())
            .field("fresh", &self.freshness())
            .finish_non_exhaustive()
    }
}

/// The values of the claim `aud`, in the order of the token.
///
/// ```
/// # use jotlet::{Access, Audience, ClaimsBuffer, Issuer, Key, Timestamp, TokenId, Verifier};
/// # let key = Key::new(&[7; 32])?;
/// # let (now, mut out, mut buffer) = (Timestamp::from_secs(0), [0; 512], ClaimsBuffer::<256>::new());
/// # let token = Issuer::new(&key).access("a", TokenId::from_bytes([1; 16])).sign(now, &mut out)?;
/// # let claims = Verifier::<Access>::new(&key).verify(token, now, &mut buffer)?;
/// let mut audience: Audience<'_> = claims.audience();
/// assert_eq!(audience.next(), None);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Audience<'b>(AudienceKind<'b>);

#[derive(Clone)]
enum AudienceKind<'b> {
    One(Option<&'b str>),
    Array(StringArray<'b>),
}

impl<'b> Iterator for Audience<'b> {
    type Item = &'b str;

    fn next(&mut self) -> Option<&'b str> {
        match &mut self.0 {
            AudienceKind::One(one) => one.take(),
            AudienceKind::Array(array) => array.next(),
        }
    }
}

impl fmt::Debug for Audience<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
