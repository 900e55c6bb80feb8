//! The log tells why, and keeps secrets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::fs::File;

use common::{Server, scratch};

#[tokio::test]
async fn the_log_has_the_reason_and_no_secret() {
    let path = scratch().join("log");
    let log = File::create(&path).unwrap();
    let server = Server::start_with_log(&[("RUST_LOG", "trace")], log.into());
    let client = server.client();
    let first = client.login().await;
    let (_, second) = client.refresh(&first.refresh).await;
    let second = second.unwrap();
    client.me(&second.access).await;
    client.me("no.token").await;
    client.me(&second.refresh).await;
    client.refresh(&first.refresh).await;

    let log = std::fs::read_to_string(&path).unwrap();
    for told in [
        "outcome=issued",
        "outcome=rotated",
        "outcome=accepted",
        "outcome=refused_not_three_segments",
        "reason=a token is three segments",
        "outcome=refused_wrong_type",
        "outcome=replayed",
        "alert=replay",
        "peer=127.0.0.1",
    ] {
        assert!(log.contains(told), "{told} is not in {log}");
    }
    let (_, key) = common::KEYS.split_once('=').unwrap();
    for secret in ["alice", "correct horse", key, "eyJ"] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
