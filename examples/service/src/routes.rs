//! The routes, and what each of them takes.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jotlet::{Access, Refresh, TokenSource};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower_http::timeout::TimeoutLayer;

use crate::auth::{Authenticated, Fresh, Peer};
use crate::page;
use crate::refusal::Refusal;
use crate::session;
use crate::state::Service;

/// The most bytes that a body may have.
const MAX_BODY_LEN: usize = 4096;

/// How long a request may take once its headers are here.
const PATIENCE: Duration = Duration::from_secs(10);

/// The service as axum serves it. It has to be told the client's address: `into_make_service_with_connect_info`.
pub fn router(service: Arc<Service>) -> Router {
    layered(routes(), service)
}

/// The routes of the service.
pub fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/login", post(login))
        .route("/refresh", post(refresh))
        .route("/me", get(me))
        .route("/transfer", post(transfer))
        .route("/logout", post(logout))
        .route("/logout-everywhere", post(logout_everywhere))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .merge(page::routes())
}

/// Routes, and what surrounds each of them: limits, headers, and JSON for what is not there.
pub fn layered(routes: Router<Arc<Service>>, service: Arc<Service>) -> Router {
    routes
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::Method)
        .layer(DefaultBodyLimit::max(MAX_BODY_LEN))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            PATIENCE,
        ))
        .layer(map_response(harden))
        .with_state(service)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    user: String,
    password: String,
    /// Whether the tokens go into cookies and not into the body.
    #[serde(default)]
    cookies: bool,
}

type Shared = State<Arc<Service>>;

async fn login(
    State(service): Shared,
    peer: Peer,
    Body(login): Body<Login>,
) -> Result<Response, Refusal> {
    if !service.users.check(&login.user, login.password).await {
        service.monitor.login_failed(peer.0);
        return Err(Refusal::Login);
    }
    let source = if login.cookies {
        TokenSource::Cookie
    } else {
        TokenSource::Header
    };
    session::login(&service, &login.user, source, peer).await
}

async fn refresh(
    State(service): Shared,
    request: Authenticated<Refresh>,
) -> Result<Response, Refusal> {
    session::refresh(&service, &request).await
}

async fn logout(
    State(service): Shared,
    request: Authenticated<Refresh>,
) -> Result<Response, Refusal> {
    session::logout(&service, &request).await
}

async fn logout_everywhere(
    State(service): Shared,
    request: Authenticated<Access>,
) -> Result<Response, Refusal> {
    session::logout_everywhere(&service, &request).await
}

/// Who is asking.
#[derive(Serialize)]
struct Me {
    user: String,
    fresh: bool,
    expires_at: u64,
}

async fn me(request: Authenticated<Access>) -> Json<Me> {
    Json(Me {
        user: request.subject,
        fresh: request.fresh,
        expires_at: request.expires_at.as_secs(),
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    to: String,
    amount: u64,
}

/// Stands for whatever needs a fresh token. Nothing is transferred.
async fn transfer(_: Authenticated<Fresh>, Body(transfer): Body<Transfer>) -> Json<Transfer> {
    Json(transfer)
}

#[derive(Serialize)]
struct Health {
    store: &'static str,
}

/// Also without Redis the service is alive: whoever restarted it for that would gain nothing.
async fn health(State(service): Shared) -> Json<Health> {
    Json(Health {
        store: service.store.health().await,
    })
}

async fn metrics(State(service): Shared) -> Result<Response, Refusal> {
    let text = service
        .monitor
        .metrics()
        .map_err(|_| Refusal::Unavailable)?;
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, media_type)], text).into_response())
}

/// A JSON body, or a refusal in JSON.
struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let body = Json::<T>::from_request(request, state).await;
        let body = body.map_err(|rejection: JsonRejection| Refusal::from(rejection))?;
        Ok(Self(body.0))
    }
}

/// Nothing is to be kept in a cache, since tokens may be in it (RFC 6749 section 5.1), and the page runs its own script only.
async fn harden(mut response: Response) -> Response {
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
