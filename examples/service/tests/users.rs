//! The users of a file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::Write;
use std::process::Stdio;

use common::{Server, command, scratch};

#[tokio::test]
async fn a_user_from_a_file_logs_in() {
    let mut hash = command();
    hash.arg("hash-password")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut hash = hash.spawn().unwrap();
    hash.stdin
        .take()
        .unwrap()
        .write_all(b"correct horse\n")
        .unwrap();
    let hash = String::from_utf8(hash.wait_with_output().unwrap().stdout).unwrap();
    assert!(hash.starts_with("$argon2id$"), "{hash}");

    let file = scratch().join("users");
    std::fs::write(&file, format!("bob {hash}\nalice {hash}")).unwrap();
    let settings = [("USERS_FILE", file.to_str().unwrap())];
    let server = Server::start(&settings);
    server.client().login().await;

    for users in [
        "alice",
        "alice secret",
        "a b\u{e9} $argon2id$",
        &format!("alice {hash}alice {hash}"),
    ] {
        std::fs::write(&file, users).unwrap();
        let mut start = command();
        start.envs(settings);
        let output = start.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && stderr.starts_with("line "),
            "{stderr}"
        );
        assert!(!stderr.contains("secret"), "{stderr}");
    }
}
