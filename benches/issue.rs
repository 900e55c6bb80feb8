//! Issuing, beside the bare HMAC over the same signing input.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{IssueError, Issuer, Key, TokenId};
use sha2::Sha256;

#[path = "payloads/mod.rs"]
mod payloads;

const SECRET: &[u8; 32] = b"0123456789abcdef0123456789abcdef";
const UUID: TokenId = TokenId::uuid([0x5a; 16]);

/// Measures a way to sign a token, and the MAC of the token that it makes.
fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    sign: impl Fn(&mut [u8]) -> Result<usize, IssueError>,
) {
    let mut out = [0; 2048];
    let len = sign(&mut out).unwrap();
    let message = str::from_utf8(&out[..len])
        .unwrap()
        .rsplit_once('.')
        .unwrap()
        .0
        .to_owned();
    group.throughput(Throughput::Bytes(len as u64));
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    group.bench_function(BenchmarkId::new("hmac", name), |b| {
        b.iter(|| {
            let mut mac = mac.clone();
            mac.update(black_box(&message).as_bytes());
            mac.finalize()
        });
    });
    group.bench_function(BenchmarkId::new("jotlet", name), |b| {
        b.iter(|| sign(black_box(&mut out)).unwrap());
    });
}

/// S: as little as a token can have. F: what flask-jwt-extended puts in. L: an identity token, most of it through serde.
/// Their payloads have 124, 191 and 865 bytes of JSON.
fn issue(c: &mut Criterion) {
    let key = Key::new(SECRET).unwrap();
    let issuer = Issuer::new(&key);
    let identity_issuer = Issuer::new(&key)
        .issuer(payloads::ISSUER)
        .audience(payloads::AUDIENCE);
    let mut group = c.benchmark_group("issue");
    measure(&mut group, "S", |out| {
        issuer
            .refresh(black_box("1"), UUID)
            .sign(payloads::NOW, out)
            .map(str::len)
    });
    measure(&mut group, "F", |out| {
        let builder = issuer.access(black_box("alice.doe"), UUID);
        builder
            .csrf("7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38")
            .sign(payloads::NOW, out)
            .map(str::len)
    });
    measure(&mut group, "L", |out| {
        let builder = identity_issuer
            .access(black_box("248289761001-6f1c2a7e-user@example.com"), UUID)
            .session_id("5d2a8f36-1e4b-4c7d-9a0f-b83c6e512d94")
            .claims(&payloads::APPLICATION);
        builder.sign(payloads::NOW, out).map(str::len)
    });
    group.finish();
}

criterion_group!(benches, issue);
criterion_main!(benches);
