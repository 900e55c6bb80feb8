//! The same headers, read by both. Where jotlet is stricter on purpose, it is said here.

use jotlet::{ExtractError, RequestToken};

use crate::peer::Peer;

/// A header of up to `max` of these parts, which a number chooses.
fn compose(parts: &[&[u8]], mut number: u64, max: u64) -> Vec<u8> {
    let mut next = |below: u64| {
        // The multiplier of Knuth's MMIX; the upper bits are the better ones.
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % below
    };
    let len = next(max) + 1;
    (0..len)
        .flat_map(|_| parts[next(parts.len() as u64) as usize].to_vec())
        .collect()
}

#[test]
fn authorization() {
    let starts: [&[u8]; 6] = [
        b"Bearer ", b"Bearer ", b"bearer ", b"Basic ", b"Bearer", b"",
    ];
    let parts: [&[u8]; 14] = [
        b"ab.cd.ef",
        b"ab.cd.ef",
        b"x-._~+/9",
        b"=",
        b" ",
        b"\t",
        b",",
        b", ",
        b"Bearer ",
        b"basic ",
        b"\"",
        b"\xe9",
        b";",
        b"\xa0",
    ];
    let mut peer = Peer::start();
    let (mut both, mut neither, mut other_case, mut stricter) = (0, 0, 0, 0);
    for number in 0..1500 {
        let start = starts[number as usize % starts.len()];
        let header = [start, &compose(&parts, number, 4)].concat();
        let ours = RequestToken::bearer([&header]).map(|token| token.as_str());
        let theirs = peer.bearer(&header);
        let shown = String::from_utf8_lossy(&header);
        match (ours, theirs.as_deref()) {
            (Ok(ours), Some(theirs)) => {
                assert_eq!(ours, theirs, "{shown:?}");
                both += 1;
            }
            (Err(_), None) => neither += 1,
            // RFC 9110 section 11.1: the case of a scheme does not matter. To Flask it does.
            (Ok(_), None) => {
                let scheme = shown.split_whitespace().next().unwrap();
                assert!(
                    scheme != "Bearer" && scheme.eq_ignore_ascii_case("bearer"),
                    "{shown:?}"
                );
                other_case += 1;
            }
            // Flask takes a list of credentials, any white space, and anything for a token.
            (Err(_), Some(theirs)) => {
                let body = theirs.trim_end_matches('=');
                let in_alphabet = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
                let is_b64token = !body.is_empty() && body.chars().all(in_alphabet);
                let grammar = |byte: &u8| !matches!(byte, b',' | b'\t' | 0xa0);
                assert!(
                    !is_b64token || !header.iter().all(grammar),
                    "{shown:?}: {ours:?}"
                );
                stricter += 1;
            }
        }
    }
    println!(
        "both {both}, neither {neither}, scheme in another case {other_case}, jotlet is stricter {stricter}"
    );
    assert!(
        [both, neither, other_case, stricter]
            .iter()
            .all(|&count| count >= 20)
    );
}

#[test]
fn cookie() {
    let parts: [&[u8]; 23] = [
        b"t=",
        b"t=",
        b"t",
        b"t =",
        b"T=",
        b"tt=",
        b"u=",
        b"u",
        b"=",
        b"; ",
        b"; ",
        b"; ",
        b";",
        b" ",
        b"\t",
        b"ab.cd.ef",
        b"ab.cd.ef",
        b"x!#$%&'()*+-./:<=>?@[]^_`{|}~",
        b"\"",
        b"t=\"ab.cd.ef\"",
        b",",
        b"\\",
        b"\xc3\xa9",
    ];
    let mut peer = Peer::start();
    let (mut one, mut none, mut several, mut stricter, mut quotes) = (0, 0, 0, 0, 0);
    for number in 0..3000 {
        let header = compose(&parts, number, 9);
        let ours = RequestToken::cookie([&header], "t").map(|token| token.as_str());
        let theirs = peer.cookie(&header, "t").unwrap();
        let shown = String::from_utf8_lossy(&header);
        // werkzeug takes what is in quotes for one value with any `;` in it, which no browser sends, and what has a quote
        // without a partner for none.
        if header.contains(&b'"') {
            if let Ok(ours) = ours {
                quotes += usize::from(theirs == [ours]);
            }
            continue;
        }
        match ours {
            Ok(ours) => {
                assert_eq!(theirs, [ours], "{shown:?}");
                one += 1;
            }
            Err(ExtractError::Missing) => {
                assert!(theirs.is_empty(), "{shown:?}");
                none += 1;
            }
            Err(ExtractError::NoToken) => assert_eq!(theirs, [""], "{shown:?}"),
            // werkzeug passes over a value with a space in it, which jotlet counts.
            Err(ExtractError::CookieTwice) => {
                let spaced = |pair: &&[u8]| {
                    pair.trim_ascii().contains(&b' ') || pair.trim_ascii().contains(&b'\t')
                };
                let passed_over = header.split(|&byte| byte == b';').filter(spaced).count();
                assert!(theirs.len() + passed_over >= 2, "{shown:?}: {theirs:?}");
                several += usize::from(theirs.len() >= 2);
            }
            Err(ExtractError::CookieCharacter { at }) => {
                if let [theirs] = theirs.as_slice() {
                    assert!(
                        matches!(theirs.as_bytes()[at], b',' | b'\\' | 0xc3),
                        "{shown:?}"
                    );
                } else {
                    assert!(theirs.is_empty(), "{shown:?}");
                }
                stricter += 1;
            }
            Err(other) => panic!("{shown:?}: {other}"),
        }
    }
    println!(
        "one {one}, none {none}, several {several}, jotlet is stricter {stricter}, one in quotes {quotes}"
    );
    assert!(
        [one, none, several, stricter, quotes]
            .iter()
            .all(|&count| count >= 20)
    );
}

/// A name that a quote of somebody else's swallows in werkzeug is found, as a browser has sent it.
#[test]
fn a_quote_does_not_swallow_other_cookies() {
    let header = b"theme=\"dark; t=ab.cd.ef; x=\"";
    assert_eq!(
        RequestToken::cookie([header], "t").unwrap().as_str(),
        "ab.cd.ef"
    );
    assert_eq!(Peer::start().cookie(header, "t"), Some(vec![]));
}
