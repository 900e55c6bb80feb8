//! Requests that no honest client sends are answered with a status between 400 and 499.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;

use common::Server;

/// Closing a connection with something unread in it may take the answer away from who has not read it yet.
const CLOSED_OR_431: &[u16] = &[0, 431];
const CLOSED_OR_413: &[u16] = &[0, 413];

/// Sends bytes as they are, and returns the status; 0 if the connection was closed without an answer.
fn send(server: &Server, request: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    // A server that has refused the first half may close before it has read the second.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    answer
        .strip_prefix("HTTP/1.1 ")
        .map_or(0, |rest| rest.split(' ').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn hostile_requests_are_the_clients_fault() {
    let server = Server::start(&[]);
    let token = server.client().login().await.access;
    let long = "a".repeat(60_000);
    let longer = "a".repeat(1_000_000);
    let many = "X-Number: a\r\n".repeat(500);
    let get = |headers: &str| {
        format!("GET /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n").into_bytes()
    };
    let body = |path: &str, media: &str, body: &str| {
        let len = body.len();
        format!("POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: {media}\r\nContent-Length: {len}\r\n\r\n{body}")
            .into_bytes()
    };
    let json = "application/json";
    let bearer = format!("Authorization: Bearer {token}\r\n");
    assert_eq!(send(&server, &get(&bearer)), 200);

    let cases: &[(&str, Vec<u8>, &[u16])] = &[
        ("a long token", get(&format!("Authorization: Bearer {long}\r\n")), &[422]),
        ("a longer header", get(&format!("Authorization: Bearer {longer}\r\n")), CLOSED_OR_431),
        ("a long cookie", get(&format!("Cookie: access_token_cookie={long}\r\n")), &[422]),
        ("many headers", get(&many), &[431]),
        ("two headers", get(&format!("{bearer}{bearer}")), &[422]),
        ("two schemes", get(&format!("{bearer}Authorization: Basic YTpi\r\n")), &[422]),
        ("two tokens", get("Authorization: Bearer a, Bearer b\r\n"), &[422]),
        ("no token", get("Authorization: Bearer\r\n"), &[422]),
        ("another scheme", get("Authorization: Basic YTpi\r\n"), &[401]),
        ("an empty header", get("Authorization:\r\n"), &[422]),
        ("bytes", get("Authorization: Bearer \u{e9}\u{1f600}\r\n"), &[422]),
        ("a zero", get("Authorization: Bearer \0\r\n"), &[400]),
        ("a folded header", get("Authorization: Bearer\r\n a\r\n"), &[400]),
        ("an empty cookie", get("Cookie: access_token_cookie=\r\n"), &[422]),
        ("a cookie twice", get("Cookie: access_token_cookie=a; access_token_cookie=b\r\n"), &[422]),
        ("a broken cookie", get("Cookie: access_token_cookie=\"a,\\\r\n"), &[422]),
        ("no cookie at all", get("Cookie: ;;;=;=;\"\r\n"), &[401]),
        ("an altered token", get(&format!("Authorization: Bearer {}x\r\n", token.get(..token.len() - 1).unwrap())), &[422]),
        ("alg none", get("Authorization: Bearer eyJhbGciOiJub25lIn0.e30.\r\n"), &[422]),
        ("a wrong method", b"DELETE /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_vec(), &[405]),
        ("login by GET", b"GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_vec(), &[405]),
        ("an unknown method", b"FOO /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_vec(), &[405]),
        ("an unknown path", b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_vec(), &[404]),
        ("a long address", format!("GET /{long}{long} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").into_bytes(), &[414]),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n".to_vec(), &[400]),
        ("half of JSON", body("/login", json, "{\"user\":"), &[400]),
        ("no JSON", body("/login", "text/plain", "{}"), &[415]),
        ("a missing field", body("/login", json, "{\"user\":\"alice\"}"), &[422]),
        ("a field too many", body("/login", json, "{\"user\":\"a\",\"password\":\"b\",\"admin\":true}"), &[422]),
        ("a number for a name", body("/login", json, "{\"user\":1,\"password\":\"b\"}"), &[422]),
        ("deep JSON", body("/login", json, &"[".repeat(4000)), &[400, 422]),
        ("a large body", body("/login", json, &"a".repeat(100_000)), CLOSED_OR_413),
        ("half a body, and then nothing", b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{".to_vec(), &[408]),
        ("a broken chunk", b"POST /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n".to_vec(), &[400]),
        ("two lengths", b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na".to_vec(), &[400]),
    ];
    for (what, request, statuses) in cases {
        let status = send(&server, request);
        assert!(statuses.contains(&status), "{what}: {status}");
    }
    assert_eq!(send(&server, &get(&bearer)), 200, "the service goes on");
}
