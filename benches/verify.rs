//! Verifying: the hot path beside the bare HMAC over the same signing input, what is refused, rings, the application's claims,
//! and the first call of all.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use heapless::Vec;
use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Access, ClaimsBuffer, Key, KeyRing, MAX_TOKEN_LEN, Verifier};
use sha2::Sha256;

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "payloads/mod.rs"]
mod payloads;

const SECRET: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

fn token(payload: &str) -> String {
    common::forge(SECRET, common::HEADER, payload)
}

fn hot(c: &mut Criterion) {
    let key = Key::new(SECRET).unwrap();
    let verifier = Verifier::<Access>::new(&key).missing_type_is_access();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    let mut group = c.benchmark_group("verify");
    for (name, payload) in payloads::ALL {
        let token = token(payload);
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

/// F with one thing wrong, beside F itself. `benches/peers` makes the table of ratios, from interleaved rounds.
fn refusals(c: &mut Criterion) {
    let key = Key::new(SECRET).unwrap();
    let verifier = Verifier::<Access>::new(&key);
    let good = token(payloads::F);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let other = |character: &str| if character == "A" { "E" } else { "A" };
    let (first, behind) = signature.split_at(1);
    let (before, last) = signature.split_at(42);
    let tokens = [
        ("accepted", good.clone()),
        (
            "expired",
            token(&payloads::F.replace("1767226500", "1767225699")),
        ),
        (
            "first character of the signature",
            format!("{message}.{}{behind}", other(first)),
        ),
        (
            "last character of the signature",
            format!("{message}.{before}{}", other(last)),
        ),
        ("too long", "x".repeat(MAX_TOKEN_LEN + 1)),
        ("garbage", "x".repeat(good.len())),
    ];
    let mut group = c.benchmark_group("refuse");
    for (what, token) in tokens {
        let mut buffer = ClaimsBuffer::<256>::new();
        let is_ok = verifier.verify(&token, payloads::NOW, &mut buffer).is_ok();
        assert_eq!(is_ok, what == "accepted", "{what}");
        group.bench_function(what, |b| {
            b.iter(|| {
                verifier
                    .verify(black_box(&token), payloads::NOW, &mut buffer)
                    .is_ok()
            });
        });
    }
    group.finish();
}

/// Signed with the last key of a ring, with the header that names it and with one that names none.
fn rings(c: &mut Criterion) {
    let mut group = c.benchmark_group("ring");
    for keys in [1, 4, 8] {
        let secret = |number| [number; 32];
        let id = |number: u8| format!("key-{number}");
        let mut ring = KeyRing::<7>::new(&id(1), Key::new(&secret(1)).unwrap()).unwrap();
        for number in 2..=keys {
            ring.add(&id(number), Key::new(&secret(number)).unwrap())
                .unwrap();
        }
        let header = format!(r#"{{"alg":"HS256","kid":"{}","typ":"JWT"}}"#, id(keys));
        let named = common::forge(&secret(keys), header, payloads::F);
        let unnamed = common::forge(&secret(keys), common::HEADER, payloads::F);
        let verifier = Verifier::<Access>::new(&ring);
        let mut buffer = ClaimsBuffer::<256>::new();
        for (what, token) in [("named key", named), ("unnamed key", unnamed)] {
            group.bench_function(BenchmarkId::new(what, keys), |b| {
                b.iter(|| {
                    let claims = verifier.verify(black_box(&token), payloads::NOW, &mut buffer);
                    black_box(claims.unwrap().subject()).map(str::len)
                });
            });
        }
    }
    group.finish();
}

/// The application's own claims of L, with serde.
fn custom_claims(c: &mut Criterion) {
    let key = Key::new(SECRET).unwrap();
    let verifier = Verifier::<Access>::new(&key);
    let token = token(payloads::L);
    let mut buffer = ClaimsBuffer::<1024>::new();
    c.bench_function("verify/custom claims/L", |b| {
        b.iter(|| {
            let claims = verifier
                .verify(black_box(&token), payloads::NOW, &mut buffer)
                .unwrap();
            let application: payloads::Application<&str, Vec<&str, 4>> = claims.custom().unwrap();
            black_box(application).name.len()
        });
    });
}

/// The first call: from the secret on, and with nothing of it in the processor's own caches.
fn cold(c: &mut Criterion) {
    let token = token(payloads::F);
    let verify = |key: &Key| {
        let mut buffer = ClaimsBuffer::<256>::new();
        let verifier = Verifier::<Access>::new(key);
        let claims = verifier.verify(black_box(&token), payloads::NOW, &mut buffer);
        claims.unwrap().subject().map(str::len)
    };
    let mut group = c.benchmark_group("cold");
    group.bench_function("from the secret", |b| {
        b.iter(|| verify(&Key::new(black_box(SECRET)).unwrap()));
    });
    let key = Key::new(SECRET).unwrap();
    // More than the first two levels hold; each line is written once.
    let mut other = vec![0_u8; 8 << 20];
    group.sample_size(20);
    group.bench_function("from empty caches", |b| {
        let evict = || {
            for line in other.iter_mut().step_by(64) {
                *line = line.wrapping_add(1);
            }
        };
        b.iter_batched(evict, |()| verify(&key), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(benches, hot, refusals, rings, custom_claims, cold);
criterion_main!(benches);
