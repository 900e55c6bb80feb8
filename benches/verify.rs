//! The hot path: verifying, beside the bare HMAC over the same signing input.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Access, ClaimsBuffer, Key, Verifier};
use sha2::Sha256;

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "payloads/mod.rs"]
mod payloads;

const SECRET: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

fn verify(c: &mut Criterion) {
    let key = Key::new(SECRET).unwrap();
    let verifier = Verifier::<Access>::new(&key).missing_type_is_access();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    let mut group = c.benchmark_group("verify");
    for (name, payload) in payloads::ALL {
        let token = common::forge(SECRET, common::HEADER, payload);
        let message = token.rsplit_once('.').unwrap().0;
        group.throughput(Throughput::Bytes(token.len() as u64));
        group.bench_function(BenchmarkId::new("hmac", name), |b| {
            b.iter(|| {
                let mut mac = mac.clone();
                mac.update(black_box(message).as_bytes());
                mac.finalize()
            });
        });
        let mut buffer = ClaimsBuffer::<1024>::new();
        group.bench_function(BenchmarkId::new("jotlet", name), |b| {
            b.iter(|| {
                let claims = verifier.verify(black_box(&token), payloads::NOW, &mut buffer);
                black_box(claims.unwrap().subject()).map(str::len)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
