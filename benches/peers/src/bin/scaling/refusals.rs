//! What a refusal costs, beside the acceptance of a token of the same length: F, with one thing wrong.

use std::hint::black_box;

use jotlet::{Access, ClaimsBuffer, Key, MAX_TOKEN_LEN, Verifier};
use peers::measure::{Work, hundredths, medians, tenths};
use peers::payloads::{F, NOW};
use peers::tokens::{HEADER, SECRET, sign, sign_with_header};
use serde::Serialize;

#[derive(Serialize)]
pub struct Row {
    what: &'static str,
    nanoseconds: f64,
    times_accepted: f64,
}

fn tokens() -> Vec<(&'static str, String)> {
    let good = sign(F);
    let (message, signature) = good.rsplit_once('.').expect("a token has dots");
    // The last character has two spare bits, which have to be zero.
    let other = |byte: &str| if byte == "A" { "E" } else { "A" };
    let first = format!("{message}.{}{}", other(&signature[..1]), &signature[1..]);
    let last = format!("{message}.{}{}", &signature[..42], other(&signature[42..]));
    let unnamed = sign_with_header(r#"{"typ":"JWT","alg":"HS256"}"#, F);
    let unnamed = &unnamed[..unnamed.len() - 44];
    let past = F.replace("1767226500", "1767225699");
    vec![
        ("expired", sign(&past)),
        ("for another purpose", sign(&F.replace("access", "refres"))),
        ("first character of the signature", first),
        ("last character of the signature", last),
        (
            "signature not base64url",
            format!("{message}.{}", "~".repeat(43)),
        ),
        (
            "signature of another key",
            format!("{message}.{}", "A".repeat(43)),
        ),
        (
            "another header, signature of another key",
            format!("{unnamed}.{}", "A".repeat(43)),
        ),
        (
            "another algorithm",
            sign_with_header(&HEADER.replace("256", "512"), F),
        ),
        ("payload not JSON", sign(&F.replace(":false", ";false"))),
        ("no exp", sign(&F.replace("\"exp\"", "\"exq\""))),
        ("garbage without a dot", "x".repeat(good.len())),
        ("nothing but dots", ".".repeat(good.len())),
        ("empty", String::new()),
        ("one byte too long", "x".repeat(MAX_TOKEN_LEN + 1)),
    ]
}

pub fn measure(rounds: usize) -> Vec<Row> {
    let key = Key::new(SECRET).expect("32 bytes are enough");
    let verifier = Verifier::<Access>::new(&key);
    let mut tokens = tokens();
    tokens.insert(0, ("accepted", sign(F)));
    let mut works = Vec::new();
    for (index, (what, token)) in tokens.iter().enumerate() {
        let mut buffer = ClaimsBuffer::<256>::new();
        assert_eq!(
            verifier.verify(token, NOW, &mut buffer).is_ok(),
            index == 0,
            "{what}"
        );
        let verifier = &verifier;
        works.push(Work::repeated(32, move || {
            black_box(verifier.verify(black_box(token), NOW, &mut buffer).is_ok());
        }));
    }
    let medians = medians(&mut works, rounds);
    let row = |((what, _), time): (&(&'static str, String), &f64)| Row {
        what,
        nanoseconds: tenths(*time),
        times_accepted: hundredths(time / medians[0]),
    };
    tokens.iter().zip(&medians).map(row).collect()
}

pub fn print(rows: &[Row]) {
    println!("\nRefusals, ns");
    for Row {
        what,
        nanoseconds,
        times_accepted,
    } in rows
    {
        println!("{what:<42} {nanoseconds:>8.0} {times_accepted:>6.2}x");
    }
}
