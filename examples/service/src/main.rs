//! Starts the service: `cargo run`, or `jotlet-service` with the settings that README.md lists.

use std::io::{IsTerminal, Read};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use jotlet_service::settings::Settings;
use jotlet_service::{Service, router, users};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let result = match std::env::args().nth(1).as_deref() {
        None => serve().await,
        Some("hash-password") => hash_password(),
        Some(_) => Err("usage: jotlet-service [hash-password]".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), String> {
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let listen = settings.listen;
    let service = Service::new(settings)?;
    reload_keys_on_hangup(Arc::clone(&service))?;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.map_err(|error| format!("can't listen on {listen}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("listening on http://{address}");
    let app = router(service).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(termination());
    serving.await.map_err(|error| error.to_string())
}

/// A ring that can't be read changes nothing: the service goes on with the one that it has.
fn reload_keys_on_hangup(service: Arc<Service>) -> Result<(), String> {
    let mut hangup = signal(SignalKind::hangup()).map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match service.keys.reload() {
                Ok(signing) => tracing::info!(%signing, "the keys were read again"),
                Err(error) => tracing::error!(%error, "the keys stay as they are"),
            }
        }
    });
    Ok(())
}

/// Ends with SIGTERM or Ctrl-C; requests that have begun are answered.
async fn termination() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

/// Reads a password from standard input, and prints its hash for `USERS_FILE`.
fn hash_password() -> Result<(), String> {
    let mut password = String::new();
    let read = std::io::stdin().read_to_string(&mut password);
    read.map_err(|error| error.to_string())?;
    println!("{}", users::hash(password.trim_end_matches(['\r', '\n']))?);
    Ok(())
}
