//! The page at `/`, which shows the life of a session.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{MethodRouter, get};

use crate::state::Service;

pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route(
            "/",
            file(
                "text/html; charset=utf-8",
                include_str!("../page/index.html"),
            ),
        )
        .route(
            "/icon.svg",
            file("image/svg+xml", include_str!("../page/icon.svg")),
        )
        .route(
            "/page.css",
            file("text/css; charset=utf-8", include_str!("../page/page.css")),
        )
        .route(
            "/page.js",
            file(
                "text/javascript; charset=utf-8",
                include_str!("../page/page.js"),
            ),
        )
}

fn file(media_type: &'static str, text: &'static str) -> MethodRouter<Arc<Service>> {
    get(async move || ([(CONTENT_TYPE, media_type)], text))
}
