//! A session from its login to its end, and the tokens that it hands out: in the body, or in cookies.

use std::time::Duration;

use axum::Json;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jotlet::{
    ACCESS_COOKIE, Access, CSRF_ACCESS_COOKIE, CSRF_REFRESH_COOKIE, Family, Issuer, MAX_KEY_ID_LEN,
    Outcome, REFRESH_COOKIE, Refresh, Rotation, Rule, SameSite, SetCookie, Timestamp, Token,
    TokenPair, TokenSize, TokenSource,
};
use serde::Serialize;

use crate::auth::{Authenticated, Buffer, Peer};
use crate::keys::Ring;
use crate::refusal::Refusal;
use crate::state::{Service, now, random_id};
use crate::users::MAX_NAME_LEN;

/// The length of the longest token that is issued: `refresh` is a letter longer than `access`, but it is never fresh.
const TOKEN_LEN: usize = TokenSize::of::<Access>()
    .key_id(MAX_KEY_ID_LEN)
    .subject(MAX_NAME_LEN)
    .fresh()
    .csrf(36)
    .session_id(36)
    .token_len();

/// The tokens in a body (RFC 6749 section 5.1), or what a client with cookies gets in place of them.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    token_type: &'static str,
    /// How long the access token is valid, in seconds.
    expires_in: u64,
    /// How long the refresh token is.
    refresh_expires_in: u64,
}

/// Begins a session for a subject who has proved who they are.
///
/// # Errors
/// [`Refusal::Unavailable`]: there is no session.
pub async fn login(
    service: &Service,
    subject: &str,
    source: TokenSource,
    peer: Peer,
) -> Result<Response, Refusal> {
    let now = now();
    let family = Family::start(
        random_id()?,
        random_id()?,
        now.saturating_add(service.refresh_lifetime),
    );
    service.store.start(&family, subject, now).await?;
    service
        .monitor
        .about_subject::<Refresh>(Outcome::Issued, subject, peer.0, now);
    tokens(
        service,
        &service.keys.ring(),
        &family,
        &family.pair(subject),
        true,
        source,
        now,
    )
}

/// Exchanges a refresh token for the next pair.
///
/// # Errors
/// A token that is not the session's current one: then the session is revoked, if it was ever. [`Refusal::Unavailable`]: the
/// token is as good as it was, unless Redis has stored the exchange and died before it could say so.
pub async fn refresh(
    service: &Service,
    request: &Authenticated<Refresh>,
) -> Result<Response, Refusal> {
    let (now, mut buffer) = (now(), Buffer::new());
    let claims = request.claims(now, &mut buffer)?;
    let rotation = service
        .store
        .rotate(&claims, random_id()?, now, service.refresh_grace)
        .await?;
    let outcome = Outcome::from(&rotation);
    service.monitor.about(outcome, &claims, request.peer, now);
    match (&rotation, outcome) {
        (Rotation::Rotated { family, pair }, _) => tokens(
            service,
            &request.ring,
            family,
            pair,
            false,
            request.source,
            now,
        ),
        (_, Outcome::Refused(rule)) => Err(Refusal::Token(rule)),
        _ => Err(Refusal::Token(Rule::FamilyRevoked)),
    }
}

/// Ends the session of a refresh token, also of one that has been exchanged already.
///
/// # Errors
/// [`Refusal::Unavailable`]: the session may go on, and the client is to try again.
pub async fn logout(
    service: &Service,
    request: &Authenticated<Refresh>,
) -> Result<Response, Refusal> {
    if let Some(session) = request.session {
        service.store.revoke(session).await?;
    }
    let (subject, peer) = (&request.subject, request.peer);
    service
        .monitor
        .about_subject::<Refresh>(Outcome::Revoked, subject, peer, now());
    gone(service, request.source)
}

/// Ends every session of the subject, the asking one last: if the store fails on the way, it can ask again.
///
/// # Errors
/// [`Refusal::Unavailable`]: some sessions may go on, the asking one among them.
pub async fn logout_everywhere(
    service: &Service,
    request: &Authenticated<Access>,
) -> Result<Response, Refusal> {
    let (now, subject) = (now(), &request.subject);
    // Tokens of this second too: those of a peer can't be told apart any finer.
    let next_second = now.saturating_add(Duration::from_secs(1));
    let until = next_second.saturating_add(service.refresh_lifetime);
    let others = service.store.sessions(subject, now).await?;
    let others = others
        .into_iter()
        .filter(|session| Some(*session) != request.session);
    for session in others {
        service.store.revoke(session).await?;
    }
    service.store.cut_off(subject, next_second, until).await?;
    if let Some(session) = request.session {
        service.store.revoke(session).await?;
    }
    service
        .monitor
        .about_subject::<Access>(Outcome::Revoked, subject, request.peer, now);
    gone(service, request.source)
}

fn tokens(
    service: &Service,
    ring: &Ring,
    family: &Family,
    pair: &TokenPair<'_>,
    fresh: bool,
    source: TokenSource,
    now: Timestamp,
) -> Result<Response, Refusal> {
    let issuer = Issuer::new(ring)
        .access_lifetime(service.access_lifetime)
        .refresh_lifetime(service.refresh_lifetime);
    let (csrf_access, csrf_refresh) = (random_id()?.text(), random_id()?.text());
    let (mut access, mut refresh) = (pair.access(&issuer, random_id()?), pair.refresh(&issuer));
    if fresh {
        access = access.fresh();
    }
    if source == TokenSource::Cookie {
        access = access.csrf(csrf_access.as_str());
        refresh = refresh.csrf(csrf_refresh.as_str());
    }
    let (Ok(access), Ok(refresh)) = (access.sign_owned(now), refresh.sign_owned(now)) else {
        tracing::error!("a token is longer than TOKEN_LEN");
        return Err(Refusal::Unavailable);
    };
    let (access, refresh): (Token<TOKEN_LEN>, Token<TOKEN_LEN>) = (access, refresh);

    let refresh_lifetime = family.ends_at().saturating_duration_since(now);
    let access_lifetime = service.access_lifetime.min(refresh_lifetime);
    let mut body = Body {
        access_token: Some(access.as_str()),
        refresh_token: Some(refresh.as_str()),
        token_type: "Bearer",
        expires_in: access_lifetime.as_secs(),
        refresh_expires_in: refresh_lifetime.as_secs(),
    };
    if source == TokenSource::Header {
        return Ok(Json(body).into_response());
    }
    (body.access_token, body.refresh_token) = (None, None);
    let [
        access_cookie,
        refresh_cookie,
        access_csrf_cookie,
        refresh_csrf_cookie,
    ] = cookies([
        access.as_str(),
        refresh.as_str(),
        csrf_access.as_str(),
        csrf_refresh.as_str(),
    ]);
    let headers = set(
        service,
        [
            access_cookie.max_age(access_lifetime),
            refresh_cookie.max_age(refresh_lifetime),
            access_csrf_cookie.max_age(access_lifetime),
            refresh_csrf_cookie.max_age(refresh_lifetime),
        ],
    )?;
    Ok((headers, Json(body)).into_response())
}

/// The answer to a logout, which takes away the cookies of whoever has some.
fn gone(service: &Service, source: TokenSource) -> Result<Response, Refusal> {
    let headers = match source {
        TokenSource::Header => HeaderMap::new(),
        TokenSource::Cookie => set(service, cookies([""; 4]).map(SetCookie::cleared))?,
    };
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// The tokens where no script reads them, and the values against CSRF where the site's own scripts do. The refresh token
/// comes with no request that another site has caused.
fn cookies([access, refresh, csrf_access, csrf_refresh]: [&str; 4]) -> [SetCookie<'_>; 4] {
    [
        SetCookie::new(ACCESS_COOKIE, access),
        SetCookie::new(REFRESH_COOKIE, refresh).same_site(SameSite::Strict),
        SetCookie::new(CSRF_ACCESS_COOKIE, csrf_access).readable_by_scripts(),
        SetCookie::new(CSRF_REFRESH_COOKIE, csrf_refresh).readable_by_scripts(),
    ]
}

fn set<const N: usize>(
    service: &Service,
    cookies: [SetCookie<'_>; N],
) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    for mut cookie in cookies {
        if service.insecure_cookies {
            cookie = cookie.allow_insecure();
        }
        let mut text = String::new();
        let written = cookie
            .write_to(&mut text)
            .map_err(|error| error.to_string());
        let value =
            written.and_then(|()| HeaderValue::try_from(text).map_err(|error| error.to_string()));
        let value = value.map_err(|error| {
            tracing::error!(%error, "a cookie can't be written");
            Refusal::Unavailable
        })?;
        headers.append(SET_COOKIE, value);
    }
    Ok(headers)
}
