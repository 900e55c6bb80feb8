//! By the length of the token, whatever fills it.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use jotlet::{Access, ClaimsBuffer, Key, MAX_TOKEN_LEN, Verifier};
use peers::chart::{Plot, plot};
use peers::machine::Machine;
use peers::measure::{Work, hundredths, medians, tenths};
use peers::payloads::NOW;
use peers::tokens::{SECRET, message, sign};
use serde::Serialize;
use sha2::Sha256;

/// Lengths of the tokens.
const LENGTHS: [usize; 20] = [
    137,
    256,
    512,
    768,
    1024,
    1536,
    2048,
    3072,
    4096,
    5120,
    6144,
    7168,
    8192,
    9216,
    10240,
    11264,
    12288,
    13312,
    15360,
    MAX_TOKEN_LEN,
];

/// What fills the token; the last is no verification.
const SERIES: [&str; 4] = [
    "jotlet, one long string",
    "jotlet, many small claims",
    "jotlet, every character an escape",
    "bare HMAC",
];

#[derive(Serialize)]
pub struct Series {
    what: &'static str,
    points: Vec<Point>,
    /// The straight line through the points, by least squares.
    nanoseconds_at_zero: f64,
    nanoseconds_a_byte: f64,
    /// How much of the variance the line explains.
    r_squared: f64,
    /// The farthest that a token of 1 kB and more is from the line, in percent.
    farthest_percent: f64,
}

#[derive(Clone, Copy, Serialize)]
struct Point {
    bytes: usize,
    nanoseconds: f64,
}

const START: &str = r#"{"sub":"1","exp":1767226500"#;

/// A payload of this length, which `fill` makes longer bit by bit; white space makes up for the rest.
fn payload(len: usize, mut fill: impl FnMut(&str) -> String, end: &str) -> String {
    let mut payload = START.to_owned();
    loop {
        let more = fill(&payload);
        if payload.len() + more.len() + end.len() + 1 > len {
            break;
        }
        payload += &more;
    }
    let rest = len - payload.len() - end.len() - 1;
    payload + end + &" ".repeat(rest) + "}"
}

fn one_string(len: usize) -> String {
    let open = |payload: &str| payload.ends_with('0');
    payload(
        len,
        |so_far| {
            if open(so_far) {
                r#","x":"a"#.to_owned()
            } else {
                "a".to_owned()
            }
        },
        "\"",
    )
}

fn many_claims(len: usize) -> String {
    let mut number = 0;
    let next = |_: &str| {
        number += 1;
        format!(r#","c{number}":[{number},true]"#)
    };
    payload(len, next, "")
}

fn escapes(len: usize) -> String {
    let open = |payload: &str| payload.ends_with('0');
    payload(
        len,
        |so_far| {
            if open(so_far) {
                r#","x":"\u00e9"#.to_owned()
            } else {
                r"\u00e9".to_owned()
            }
        },
        "\"",
    )
}

/// The length of the payload of a token of this length.
fn payload_len(token: usize) -> usize {
    let frame = sign("").len();
    (token - frame) * 3 / 4
}

pub fn measure(rounds: usize) -> Vec<Series> {
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let verifier = Verifier::<Access>::new(&key).missing_type_is_access();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length is a key");
    let makers: [fn(usize) -> String; 3] = [one_string, many_claims, escapes];
    let tokens: Vec<String> = makers
        .into_iter()
        .flat_map(|make| LENGTHS.map(|len| sign(&make(payload_len(len)))))
        .collect();
    let mut works = Vec::new();
    for token in &tokens {
        let mut buffer = ClaimsBuffer::<{ 12 * 1024 + 256 }>::new();
        let verifier = &verifier;
        works.push(Work::repeated(8, move || {
            let claims = verifier
                .verify(black_box(token), NOW, &mut buffer)
                .expect("it is valid");
            black_box(claims.subject());
        }));
    }
    for token in &tokens[..LENGTHS.len()] {
        let mac = &mac;
        works.push(Work::repeated(8, move || {
            let mut mac = mac.clone();
            mac.update(black_box(message(token)));
            black_box(mac.finalize());
        }));
    }
    let medians = medians(&mut works, rounds);
    let bytes = tokens
        .iter()
        .chain(&tokens[..LENGTHS.len()])
        .map(String::len);
    let points: Vec<Point> = bytes
        .zip(medians)
        .map(|(bytes, median)| Point {
            bytes,
            nanoseconds: tenths(median),
        })
        .collect();
    SERIES
        .into_iter()
        .zip(points.chunks(LENGTHS.len()))
        .map(|(what, points)| Series::new(what, points.to_vec()))
        .collect()
}

impl Series {
    fn new(what: &'static str, points: Vec<Point>) -> Self {
        let count = points.len() as f64;
        let mean = |value: &dyn Fn(&Point) -> f64| points.iter().map(value).sum::<f64>() / count;
        let (x, y) = (
            mean(&|point| point.bytes as f64),
            mean(&|point| point.nanoseconds),
        );
        let covariance = mean(&|point| (point.bytes as f64 - x) * (point.nanoseconds - y));
        let slope = covariance / mean(&|point| (point.bytes as f64 - x).powi(2));
        let start = y - slope * x;
        let off = |point: &Point| point.nanoseconds - start - slope * point.bytes as f64;
        let left =
            mean(&|point| off(point).powi(2)) / mean(&|point| (point.nanoseconds - y).powi(2));
        let long = points.iter().filter(|point| point.bytes >= 1000);
        let farthest = long
            .map(|point| (off(point) / point.nanoseconds).abs())
            .fold(0.0, f64::max);
        Self {
            what,
            nanoseconds_at_zero: tenths(start),
            nanoseconds_a_byte: (slope * 1e4).round() / 1e4,
            r_squared: ((1.0 - left) * 1e5).round() / 1e5,
            farthest_percent: hundredths(farthest * 100.0),
            points,
        }
    }
}

pub fn print(all: &[Series]) {
    println!(
        "By the length of the token, {} lengths up to {MAX_TOKEN_LEN} bytes: the straight line",
        LENGTHS.len()
    );
    for series in all {
        println!(
            "{:<36} {:>7.0} ns + {:.3} ns a byte, R^2 {:.5}, {:>5.2} % off at most from 1 kB on",
            series.what,
            series.nanoseconds_at_zero,
            series.nanoseconds_a_byte,
            series.r_squared,
            series.farthest_percent
        );
    }
}

pub fn chart(all: &[Series], machine: &Machine) -> String {
    plot(&Plot {
        title: "Verifying is linear in the length of the token, up to the longest that is taken"
            .to_owned(),
        subtitle: machine.line(),
        x_label: "length of the token, kB",
        y_label: "µs",
        series: all
            .iter()
            .map(|series| peers::chart::Series {
                name: format!(
                    "{}: {:.0} ns and {:.2} ns a byte (R² {:.5})",
                    series.what,
                    series.nanoseconds_at_zero,
                    series.nanoseconds_a_byte,
                    series.r_squared
                ),
                points: series
                    .points
                    .iter()
                    .map(|point| (point.bytes as f64 / 1e3, point.nanoseconds / 1e3))
                    .collect(),
                line: (series.nanoseconds_at_zero / 1e3, series.nanoseconds_a_byte),
            })
            .collect(),
    })
}
