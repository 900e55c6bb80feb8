//! Keys: what stops the start, and what a rotation does to requests and tokens.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use common::{Server, command, scratch};

const OLD: &str = "old=0123456789abcdef0123456789abcdef\n";
const NEW: &str = "new=fedcba9876543210fedcba9876543210\n";
/// `{"alg":"HS256","kid":"new","typ":"JWT"}`
const NEW_HEADER: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6Im5ldyIsInR5cCI6IkpXVCJ9.";
const NEXT: &str = "next=00000000000000000000000000000000\n";

/// What the program says when it does not start with exactly these settings.
fn refusal(settings: &[(&str, &str)]) -> String {
    let mut command = command();
    for name in ["JWT_KEYS", "USERS_FILE"] {
        command.env_remove(name);
    }
    let output = command.envs(settings.iter().copied()).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_weak_or_missing_key_stops_the_start() {
    let missing = scratch().join("keys");
    let missing = missing.to_str().unwrap();
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[], "there is no key: set JWT_KEYS or JWT_KEYS_FILE\n"),
        (
            &[("JWT_KEYS", common::KEYS)],
            "there are no users: set USERS_FILE\n",
        ),
        (
            &[("JWT_KEYS", ""), ("USERS_FILE", common::USERS)],
            "there is no key: set JWT_KEYS or JWT_KEYS_FILE to id=secret\n",
        ),
        (
            &[("JWT_KEYS", "a=hunter2"), ("USERS_FILE", common::USERS)],
            "key 1: the key has 7 bytes, HS256 needs at least 32 (RFC 7518 3.2)\n",
        ),
        (
            &[("JWT_KEYS", "hunter2"), ("USERS_FILE", common::USERS)],
            "key 1 is not of the form id=secret\n",
        ),
        (
            &[("JWT_KEYS_FILE", missing), ("USERS_FILE", common::USERS)],
            "the file of keys ",
        ),
        (
            &[("JWT_KEYS", common::KEYS), ("JWT_KEYS_FILE", missing)],
            "JWT_KEYS and JWT_KEYS_FILE are both set\n",
        ),
    ];
    for (settings, message) in cases {
        let stderr = refusal(settings);
        assert!(stderr.starts_with(message), "{stderr}");
        assert!(!stderr.contains("hunter2"), "{stderr}");
    }
}

#[test]
fn the_user_for_development_is_for_this_machine_and_for_no_key_of_ones_own() {
    let development = ("DEVELOPMENT", "1");
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let stderr = refusal(&[development, ("LISTEN", listen)]);
        assert!(
            stderr.starts_with("with DEVELOPMENT everybody knows the password"),
            "{stderr}"
        );
    }
    let stderr = refusal(&[development, ("JWT_KEYS", common::KEYS)]);
    assert_eq!(stderr, "there are no users: set USERS_FILE\n");
    let stderr = refusal(&[development, ("USERS_FILE", common::USERS)]);
    assert_eq!(stderr, "there is no key: set JWT_KEYS or JWT_KEYS_FILE\n");
}

#[tokio::test]
async fn keys_rotate_without_a_dropped_request() {
    let file = scratch().join("keys");
    std::fs::write(&file, OLD).unwrap();
    let server = Server::start(&[("JWT_KEYS_FILE", file.to_str().unwrap())]);
    let client = server.client();
    let by_old = client.login().await;

    let (stop, answered) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let load: Vec<_> = (0..8)
        .map(|_| {
            let (client, stop, answered) =
                (server.client(), Arc::clone(&stop), Arc::clone(&answered));
            let access = by_old.access.clone();
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(client.me(&access).await, 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();

    // The new key comes in behind the old one, then before it.
    for keys in [format!("{OLD}{NEW}"), format!("{NEW}{OLD}")] {
        let before = answered.load(Ordering::Relaxed);
        std::fs::write(&file, keys).unwrap();
        server.hang_up();
        while answered.load(Ordering::Relaxed) < before + 40 {
            tokio::task::yield_now().await;
        }
    }
    let mut by_new = client.login().await;
    while !by_new.access.starts_with(NEW_HEADER) {
        by_new = client.login().await;
    }
    stop.store(true, Ordering::Relaxed);
    for one in load {
        one.await.unwrap();
    }

    // A ring that can't be read changes nothing.
    std::fs::write(&file, "new=short").unwrap();
    server.hang_up();
    assert_eq!(client.me(&by_old.access).await, 200);
    assert_eq!(client.me(&by_new.access).await, 200);

    // The old key goes, and its tokens with it.
    std::fs::write(&file, format!("{NEXT}{NEW}")).unwrap();
    server.hang_up();
    while client.me(&by_old.access).await != 422 {}
    assert_eq!(client.me(&by_new.access).await, 200);
}
