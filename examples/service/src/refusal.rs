//! What a client is told when it is refused: a status, and the class of the reason. The reason itself is in the log.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jotlet::Rule;
use serde::Serialize;

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub enum Refusal {
    /// Its token broke a rule.
    Token(Rule),
    /// There is no such user, or the password is another one.
    Login,
    /// Its body is not what the route takes.
    Body(StatusCode),
    /// There is no such route.
    NotFound,
    /// The route has other methods.
    Method,
    /// The store or the random source does not answer. Nothing has been done.
    Unavailable,
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
}

impl Refusal {
    /// The status, as flask-jwt-extended has it, and the name of the class.
    fn class(self) -> (StatusCode, &'static str) {
        let unauthorized = StatusCode::UNAUTHORIZED;
        match self {
            Self::Token(rule) => match rule {
                Rule::NoToken => (unauthorized, "missing_token"),
                Rule::Expired | Rule::FamilyExpired => (unauthorized, "expired_token"),
                Rule::Revoked | Rule::FamilyRevoked | Rule::FamilyUnknown => {
                    (unauthorized, "revoked_token")
                }
                Rule::NotFresh => (unauthorized, "fresh_token_required"),
                Rule::Csrf => (unauthorized, "csrf"),
                Rule::RevocationUnknown | Rule::RepeatedId => Self::Unavailable.class(),
                _ => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_token"),
            },
            Self::Login => (unauthorized, "login"),
            Self::Body(status) => (status, "body"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error) = self.class();
        let mut response = (status, Json(Body { error })).into_response();
        // RFC 6750 section 3: without a token there is no error to tell.
        if let (StatusCode::UNAUTHORIZED, Self::Token(rule)) = (status, self) {
            let challenge = match rule {
                Rule::NoToken => "Bearer",
                _ => "Bearer error=\"invalid_token\"",
            };
            let challenge = HeaderValue::from_static(challenge);
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self::Body(rejection.status())
    }
}

impl From<getrandom::Error> for Refusal {
    fn from(error: getrandom::Error) -> Self {
        tracing::error!(%error, "the random source failed");
        Self::Unavailable
    }
}

impl From<crate::store::StoreError> for Refusal {
    fn from(error: crate::store::StoreError) -> Self {
        tracing::error!(%error);
        Self::Unavailable
    }
}
