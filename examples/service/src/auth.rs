//! What a handler demands of a request, told by its signature: `Authenticated<Access>`, `Authenticated<Refresh>` or
//! `Authenticated<Fresh>`.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use jotlet::{
    ACCESS_COOKIE, Access, CSRF_HEADER, Claims, ClaimsBuffer, Event, Outcome, REFRESH_COOKIE,
    Refresh, RegisteredClaim, RequestToken, Rule, Timestamp, TokenId, TokenSource, TokenType,
    Verifier, VerifyError,
};

use crate::keys::Ring;
use crate::refusal::Refusal;
use crate::settings::WhenStoreIsDown;
use crate::state::{Service, now};

/// The longest token that is looked at, in bytes: those of Flask with a few claims of its own have 400.
const MAX_LEN: usize = 2048;

/// The claims of a token of at most [`MAX_LEN`] bytes.
pub type Buffer = ClaimsBuffer<{ MAX_LEN / 4 * 3 }>;

/// What is demanded of a token.
pub trait Requirement: Send + Sync + 'static {
    /// The sort of token.
    type Token: TokenType;
    /// The cookie that it may come in.
    const COOKIE: &'static str;
    /// Whether it has to stem from a login.
    const FRESH: bool = false;

    /// What to do about revocation.
    fn revocation(service: &Service) -> Revocation;
}

/// What to do about revocation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// The handler finds out: rotation and logout look at the session in any case.
    Handler,
    /// Ask the store, and do what the setting says if it does not answer.
    Ask(WhenStoreIsDown),
}

impl Requirement for Access {
    type Token = Self;
    const COOKIE: &'static str = ACCESS_COOKIE;

    fn revocation(service: &Service) -> Revocation {
        Revocation::Ask(service.when_store_is_down)
    }
}

impl Requirement for Refresh {
    type Token = Self;
    const COOKIE: &'static str = REFRESH_COOKIE;

    fn revocation(_: &Service) -> Revocation {
        Revocation::Handler
    }
}

/// An access token that stems from a login, for what must not be done with one that was left lying about.
pub struct Fresh;

impl Requirement for Fresh {
    type Token = Access;
    const COOKIE: &'static str = ACCESS_COOKIE;
    const FRESH: bool = true;

    fn revocation(_: &Service) -> Revocation {
        Revocation::Ask(WhenStoreIsDown::Refuse)
    }
}

/// A request whose token has passed every check that `R` stands for, CSRF among them.
pub struct Authenticated<R> {
    /// The claim `sub`.
    pub subject: String,
    /// The claim `sid`; a token of a peer that shares the key has none.
    pub session: Option<TokenId>,
    /// The claim `exp`.
    pub expires_at: Timestamp,
    /// Whether the token stems from a login.
    pub fresh: bool,
    /// How it came, and how an answer with tokens goes back.
    pub source: TokenSource,
    /// Where it came from.
    pub peer: IpAddr,
    /// The keys that hold for this request to its end.
    pub ring: Arc<Ring>,
    token: String,
    requirement: PhantomData<fn() -> R>,
}

fn verifier<R: Requirement>(ring: &Ring) -> Verifier<'_, R::Token> {
    let verifier = Verifier::new(ring)
        .max_len(MAX_LEN)
        .require(RegisteredClaim::Subject)
        .require(RegisteredClaim::TokenId);
    if R::FRESH {
        verifier.require_fresh()
    } else {
        verifier
    }
}

impl<R: Requirement> Authenticated<R> {
    /// The claims, which jotlet lends out of a buffer: for the functions that take them.
    ///
    /// # Errors
    /// [`VerifyError::Expired`], if the token has expired since the request was let in.
    pub fn claims<'b>(
        &self,
        now: Timestamp,
        buffer: &'b mut Buffer,
    ) -> Result<Claims<'b, R::Token>, Refusal> {
        let claims = verifier::<R>(&self.ring).verify(&self.token, now, buffer);
        claims.map_err(|error| Refusal::Token(error.into()))
    }
}

impl<R: Requirement> FromRequestParts<Arc<Service>> for Authenticated<R> {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Self, Refusal> {
        let now = now();
        let Peer(peer) = Peer::of(parts);
        let refuse = |rule: Rule, reason: &dyn std::fmt::Display| {
            service
                .monitor
                .note(&Event::refused::<R::Token>(rule, now), peer, reason);
            Refusal::Token(rule)
        };

        let authorization = parts.headers.get_all(AUTHORIZATION);
        let cookies = parts.headers.get_all(COOKIE);
        let token = RequestToken::find(authorization, cookies, R::COOKIE)
            .map_err(|error| refuse(error.into(), &error))?;
        let ring = service.keys.ring();
        let mut buffer = Buffer::new();
        let claims = verifier::<R>(&ring)
            .verify(token, now, &mut buffer)
            .map_err(|error| refuse(error.into(), &error))?;
        token
            .check_csrf(
                parts.method.as_str(),
                parts.headers.get_all(CSRF_HEADER),
                &claims,
            )
            .map_err(|error| refuse(error.into(), &error))?;
        if let Revocation::Ask(when_down) = R::revocation(service) {
            match check_revocation(service, &claims).await {
                Err(VerifyError::RevocationUnknown) if when_down == WhenStoreIsDown::Accept => {}
                checked => checked.map_err(|error| refuse(error.into(), &error))?,
            }
        }
        service.monitor.about(Outcome::Accepted, &claims, peer, now);

        Ok(Self {
            subject: claims.subject().unwrap_or_default().to_owned(),
            session: claims.session(),
            expires_at: claims.expires_at().unwrap_or_default(),
            fresh: claims.is_fresh_at(now),
            source: token.source(),
            peer,
            token: token.as_str().to_owned(),
            ring,
            requirement: PhantomData,
        })
    }
}

/// A token of this service is good for as long as its session is; one of a peer, which has no session here, until its subject
/// logs out everywhere. jotlet's `Revocations` answers at once, so a store that has to be waited for is asked behind it.
async fn check_revocation<T>(service: &Service, claims: &Claims<'_, T>) -> Result<(), VerifyError> {
    let unknown = |error| {
        tracing::error!(%error, "revocation is unknown");
        VerifyError::RevocationUnknown
    };
    let Some(session) = claims.session_id() else {
        let before = service
            .store
            .cut_off_before(claims.subject().unwrap_or_default())
            .await;
        let issued_at = claims.issued_at().unwrap_or_default();
        let revoked = issued_at < before.map_err(unknown)?;
        return if revoked {
            Err(VerifyError::Revoked)
        } else {
            Ok(())
        };
    };
    let family = match TokenId::parse(session) {
        Some(session) => service.store.load(session).await.map_err(unknown)?,
        None => None,
    };
    match family {
        Some(family) if !family.is_revoked() => Ok(()),
        _ => Err(VerifyError::Revoked),
    }
}

/// The address that a request came from: behind a reverse proxy, the proxy's.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    fn of(parts: &Parts) -> Self {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0.ip());
        // A socket for both versions of IP maps the old addresses into one block of the new ones.
        Self(address.to_canonical())
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}
