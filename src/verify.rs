//! The verifier. A token walks straight down its six steps: length and shape, key, MAC, header, payload, policy.

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::base64url;
use crate::claims::{Access, Claims, ClaimsBuffer, TokenType};
use crate::error::VerifyError;
use crate::header;
use crate::key::{Header, Keys};
use crate::payload::Registered;
use crate::registered::{ClaimSet, RegisteredClaim};
use crate::revoke::Revocations;
use crate::time::Timestamp;
use crate::token::MAX_TOKEN_LEN;

/// Verifies tokens of the type `T`: the signature, the shape, and every time that the token carries.
///
/// What must hold by default: `type` is that of `T`, `exp` is present and later than now, and `nbf` and `iat` are not
/// later than now where they are present. Each method adds a demand or, where its name says so, lifts one.
///
/// ```
/// use jotlet::{Access, ClaimsBuffer, Issuer, Key, Timestamp, TokenId, Verifier, VerifyError};
///
/// let key = Key::new(b"a shared secret of at least 32 bytes")?;
/// let now = Timestamp::from_secs(1_767_225_600);
/// let mut out = [0; 512];
/// let id = TokenId::from_bytes([1; 16]);
/// let token = Issuer::new(&key).access("user-42", id).sign(now, &mut out)?;
///
/// let verifier = Verifier::<Access>::new(&key);
/// let mut buffer = ClaimsBuffer::<256>::new();
/// assert_eq!(verifier.verify(token, now, &mut buffer)?.subject(), Some("user-42"));
///
/// let later = Timestamp::from_secs(1_767_226_500);
/// let refusal = verifier.verify(token, later, &mut buffer).unwrap_err();
/// assert_eq!(refusal, VerifyError::Expired { expired_at: later, now: later });
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Verifier<'k, T> {
    keys: Keys<'k>,
    leeway: Duration,
    max_len: usize,
    issuer: Option<&'k str>,
    audience: Option<&'k str>,
    required: ClaimSet,
    fresh: bool,
    token_type: PhantomData<fn() -> T>,
}

impl<'k, T: TokenType> Verifier<'k, T> {
    /// A verifier for tokens of a [`Key`](crate::Key) or a [`KeyRing`](crate::KeyRing).
    #[must_use]
    pub fn new(keys: impl Into<Keys<'k>>) -> Self {
        let mut required = ClaimSet::default();
        required.insert(RegisteredClaim::Type);
        required.insert(RegisteredClaim::Expiry);
        Self {
            keys: keys.into(),
            leeway: Duration::ZERO,
            max_len: MAX_TOKEN_LEN,
            issuer: None,
            audience: None,
            required,
            fresh: false,
            token_type: PhantomData,
        }
    }

    /// Lets the issuer's clock differ from ours by this much, whole seconds. Default: none (RFC 7519 section 4.1.4).
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Refuses tokens that are longer than `len` bytes. Default and most: [`MAX_TOKEN_LEN`].
    #[must_use]
    pub fn max_len(mut self, len: usize) -> Self {
        self.max_len = len.min(MAX_TOKEN_LEN);
        self
    }

    /// Demands that `iss` is exactly this (RFC 7519 section 4.1.1).
    #[must_use]
    pub fn issuer(mut self, issuer: &'k str) -> Self {
        self.issuer = Some(issuer);
        self.require(RegisteredClaim::Issuer)
    }

    /// Demands that `aud` is, or contains, exactly this (RFC 7519 section 4.1.3). Without it, tokens for any audience are
    /// taken, as by Flask: whoever shares a key with other services sets it.
    #[must_use]
    pub fn audience(mut self, audience: &'k str) -> Self {
        self.audience = Some(audience);
        self.require(RegisteredClaim::Audience)
    }

    /// Demands that a claim is present.
    #[must_use]
    pub fn require(mut self, claim: RegisteredClaim) -> Self {
        self.required.insert(claim);
        self
    }

    /// Demands that the token is fresh: that it stems from a login and not from a refresh.
    #[must_use]
    pub fn require_fresh(mut self) -> Self {
        self.fresh = true;
        self.require(RegisteredClaim::Fresh)
    }

    /// Takes tokens without `exp`, which are valid for ever, as Flask's with `expires_delta=False`.
    #[must_use]
    pub fn allow_missing_expiry(mut self) -> Self {
        self.required.remove(RegisteredClaim::Expiry);
        self
    }

    /// Verifies a token and lends out its claims. Time and stack are bounded by the length of the token.
    ///
    /// # Errors
    /// That of the first step that fails: shape, signature, header, payload, then what the claims say, in the order of
    /// [`VerifyError`].
    pub fn verify<'b, const N: usize>(
        &self,
        token: impl AsRef<[u8]>,
        now: Timestamp,
        buffer: &'b mut ClaimsBuffer<N>,
    ) -> Result<Claims<'b, T>, VerifyError> {
        let (header, payload) = self.authenticate(token.as_ref())?;
        self.read(header, payload, now, buffer.as_mut())
    }

    /// Verifies a token as [`verify`](Self::verify) does, and asks as the last step whether it has been revoked.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify), then what `revocations` answers.
    pub fn verify_with<'b, const N: usize>(
        &self,
        token: impl AsRef<[u8]>,
        now: Timestamp,
        buffer: &'b mut ClaimsBuffer<N>,
        revocations: &(impl Revocations<T> + ?Sized),
    ) -> Result<Claims<'b, T>, VerifyError> {
        let claims = self.verify(token, now, buffer)?;
        revocations.check(&claims)?;
        Ok(claims)
    }

    /// The claims of a token whose MAC is right.
    fn read<'b>(
        &self,
        header: Header<'_, '_>,
        payload: &[u8],
        now: Timestamp,
        buffer: &'b mut [u8],
    ) -> Result<Claims<'b, T>, VerifyError> {
        if let Header::Other(other) = header {
            header::check(other, buffer)?;
        }
        let needed = base64url::decoded_len(payload.len()).ok_or(VerifyError::PayloadEncoding)?;
        let text = buffer
            .get_mut(..needed)
            .ok_or(VerifyError::BufferTooSmall { needed })?;
        base64url::decode(payload, text).ok_or(VerifyError::PayloadEncoding)?;
        let mut claims = Claims::new("", Registered::default());
        claims.registered.read(text)?;
        // Unescaping turns valid UTF-8 into valid UTF-8 and invalid into invalid, so one check behind it serves both.
        claims.text = core::str::from_utf8(text).map_err(|_| VerifyError::PayloadNotUtf8)?;
        self.check(&claims, now)?;
        Ok(claims)
    }

    /// The header and payload segments of a token whose MAC is right. Nothing has been decoded but the signature.
    ///
    /// Not inlined, so that the MAC's part of the stack is free again when the claims are read: 300 bytes on a Cortex-M4.
    #[allow(clippy::manual_contains)] // It would link memchr, 130 bytes of firmware, for a refusal.
    #[inline(never)]
    fn authenticate<'t>(&self, token: &'t [u8]) -> Result<(Header<'k, 't>, &'t [u8]), VerifyError> {
        if token.len() > self.max_len {
            return Err(VerifyError::TooLong {
                len: token.len(),
                max: self.max_len,
            });
        }
        let (message, signature) = token
            .len()
            .checked_sub(base64url::MAC_LEN)
            .and_then(|at| token.split_at_checked(at))
            .and_then(|(head, signature)| Some((head.strip_suffix(b".")?, signature)))
            .ok_or(VerifyError::NotThreeSegments)?;
        let (header, payload) = self
            .keys
            .split(message)
            .ok_or(VerifyError::NotThreeSegments)?;
        let mut mac = [0; 32];
        base64url::decode(signature, &mut mac).ok_or(VerifyError::SignatureEncoding)?;
        if self.keys.verify(&header, message, &mac) {
            Ok((header, payload))
        } else if payload.iter().any(|&byte| byte == b'.') {
            // Looked for only now: behind a right MAC, a third dot is outside the alphabet of the payload.
            Err(VerifyError::NotThreeSegments)
        } else {
            Err(VerifyError::WrongSignature)
        }
    }

    fn check(&self, claims: &Claims<'_, T>, now: Timestamp) -> Result<(), VerifyError> {
        if let Some(claim) = self.required.first_missing_in(claims.registered.present) {
            return Err(VerifyError::MissingClaim { claim });
        }
        match claims.token_type() {
            Some(name) if name == T::NAME => {}
            None if !claims.registered.present.contains(RegisteredClaim::Type) => {}
            _ => return Err(VerifyError::WrongType),
        }
        let earliest = now.saturating_add(self.leeway);
        match (claims.expires_at(), claims.not_before(), claims.issued_at()) {
            (Some(expired_at), _, _) if now >= expired_at.saturating_add(self.leeway) => {
                return Err(VerifyError::Expired { expired_at, now });
            }
            (_, Some(not_before), _) if earliest < not_before => {
                return Err(VerifyError::NotYetValid { not_before, now });
            }
            (_, _, Some(issued_at)) if earliest < issued_at => {
                return Err(VerifyError::IssuedInFuture { issued_at, now });
            }
            _ => {}
        }
        if self
            .issuer
            .is_some_and(|issuer| claims.issuer() != Some(issuer))
        {
            return Err(VerifyError::WrongIssuer);
        }
        if self
            .audience
            .is_some_and(|audience| claims.audience().all(|one| one != audience))
        {
            return Err(VerifyError::WrongAudience);
        }
        if self.fresh && !claims.is_fresh_at(now) {
            return Err(VerifyError::NotFresh);
        }
        Ok(())
    }
}

impl Verifier<'_, Access> {
    /// Takes a token without `type` for an access token, as Flask does.
    #[must_use]
    pub fn missing_type_is_access(mut self) -> Self {
        self.required.remove(RegisteredClaim::Type);
        self
    }
}

impl<T> Clone for Verifier<'_, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T: TokenType> fmt::Debug for Verifier<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("type", &T::NAME)
            .field("leeway", &self.leeway)
            .field("max_len", &self.max_len)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .field("required", &self.required)
            .field("fresh", &self.fresh)
            .finish_non_exhaustive()
    }
}
