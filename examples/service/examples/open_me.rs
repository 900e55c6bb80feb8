//! For the load test: the service, and beside `GET /me` the same route without authentication, `GET /open-me`.

use std::net::SocketAddr;

use axum::Json;
use axum::routing::get;
use jotlet_service::Service;
use jotlet_service::routes::{layered, routes};
use jotlet_service::settings::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;

async fn open_me() -> Json<Value> {
    Json(json!({ "user": "alice", "fresh": true, "expires_at": 1_767_225_600 }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let listener = TcpListener::bind(settings.listen).await?;
    let routes = routes().route("/open-me", get(open_me));
    let app = layered(routes, Service::new(settings)?);
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(
        listener,
        app.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .await?;
    Ok(())
}
