//! Any headers, and any cookie: what is taken is what a plain reading finds, and what is written can't be read otherwise.
#![no_main]

use std::time::Duration;

use jotlet::{
    Access, CookieError, ExtractError, Issuer, RequestToken, SameSite, SetCookie, TokenId, Verifier,
};
use jotlet_fuzz::{ClaimsBuffer, KEY, NOW};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    authorization: Vec<Header<'a>>,
    cookies: Vec<Header<'a>>,
    name: &'a str,
    csrf: &'a str,
    repeated: Option<&'a str>,
    method: &'a str,
    cookie: Cookie<'a>,
}

type Header<'a> = Vec<Part<'a>>;

/// What the fuzzer would take long to come upon by bytes.
#[derive(Arbitrary, Debug)]
enum Part<'a> {
    Bearer,
    Name,
    Equals,
    Semicolon,
    Space,
    Quote,
    Token,
    Bytes(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
struct Cookie<'a> {
    prefix: Option<bool>,
    name: &'a str,
    value: &'a str,
    path: Option<&'a str>,
    domain: Option<&'a str>,
    max_age: Option<u64>,
    same_site: u8,
    readable: bool,
    insecure: bool,
    cleared: bool,
    room: u16,
}

fuzz_target!(|input: Input<'_>| {
    let headers = |all: &[Header<'_>]| -> Vec<Vec<u8>> {
        let bytes = |part: &Part<'_>| match part {
            Part::Bearer => b"bEARER".to_vec(),
            Part::Name => input.name.into(),
            Part::Equals => b"=".to_vec(),
            Part::Semicolon => b";".to_vec(),
            Part::Space => b" ".to_vec(),
            Part::Quote => b"\"".to_vec(),
            Part::Token => b"ab.cd-_~+/".to_vec(),
            Part::Bytes(bytes) => bytes.to_vec(),
        };
        all.iter()
            .map(|header| header.iter().flat_map(bytes).collect())
            .collect()
    };
    let (authorization, cookies) = (headers(&input.authorization), headers(&input.cookies));

    let bearer = text(RequestToken::bearer(&authorization));
    assert_eq!(bearer.ok(), plain_bearer(&authorization));
    let cookie = text(RequestToken::cookie(&cookies, input.name));
    assert_eq!(cookie, plain_cookie(&cookies, input.name));
    let found = text(RequestToken::find(&authorization, &cookies, input.name));
    match (bearer, cookie) {
        (Err(ExtractError::Missing | ExtractError::OtherScheme), Err(ExtractError::Missing)) => {
            assert_eq!(found, bearer);
        }
        (Err(ExtractError::Missing | ExtractError::OtherScheme), _) => assert_eq!(found, cookie),
        _ => assert_eq!(found, bearer),
    }
    if let Ok(token) = RequestToken::find(&authorization, &cookies, input.name) {
        csrf(&input, token);
    }
    set_cookie(&input.cookie);
});

fn text(token: Result<RequestToken<'_>, ExtractError>) -> Result<&str, ExtractError> {
    token.map(|token| token.as_str())
}

/// The token behind the one scheme, or nothing.
fn plain_bearer(headers: &[Vec<u8>]) -> Option<&str> {
    let [header] = headers else { return None };
    let header = str::from_utf8(header).ok()?.trim_matches([' ', '\t']);
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    let body = token.trim_end_matches('=');
    let good = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    (scheme.eq_ignore_ascii_case("bearer") && !body.is_empty() && body.chars().all(good))
        .then_some(token)
}

/// The only pair of that name.
fn plain_cookie<'h>(headers: &'h [Vec<u8>], name: &str) -> Result<&'h str, ExtractError> {
    let trim = |bytes: &'h [u8]| -> &'h [u8] {
        let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
        let start = bytes.iter().position(is_text).unwrap_or(bytes.len());
        let end = bytes
            .iter()
            .rposition(is_text)
            .map_or(start, |last| last + 1);
        &bytes[start..end]
    };
    let pairs = headers
        .iter()
        .flat_map(|header| header.split(|&byte| byte == b';'));
    let pairs = pairs.map(|pair| match pair.iter().position(|&byte| byte == b'=') {
        Some(at) => (trim(&pair[..at]), trim(&pair[at + 1..])),
        None => (trim(pair), &[][..]),
    });
    let values: Vec<_> = pairs
        .filter(|(found, _)| !name.is_empty() && *found == name.as_bytes())
        .collect();
    let value = match values.as_slice() {
        [] => return Err(ExtractError::Missing),
        [(_, [b'"', value @ .., b'"'])] => value,
        [(_, value)] => value,
        _ => return Err(ExtractError::CookieTwice),
    };
    let good = |byte: &u8| byte.is_ascii_graphic() && !b"\",;\\".contains(byte);
    match value.iter().position(|byte| !good(byte)) {
        Some(at) => Err(ExtractError::CookieCharacter { at }),
        None if value.is_empty() => Err(ExtractError::NoToken),
        None => Ok(str::from_utf8(value).unwrap()),
    }
}

fn csrf(input: &Input<'_>, token: RequestToken<'_>) {
    let id = TokenId::from_bytes([0; 16]);
    let issuer = Issuer::new(&*KEY);
    let Ok(signed) = issuer
        .access("", id)
        .csrf(input.csrf)
        .sign_owned::<16_384>(NOW)
    else {
        return;
    };
    let mut buffer = ClaimsBuffer::new();
    let claims = Verifier::<Access>::new(&*KEY)
        .verify(&signed, NOW, &mut buffer)
        .unwrap();
    let accepted = token
        .check_csrf(input.method, input.repeated, &claims)
        .is_ok();
    let repeated = input.repeated == Some(input.csrf) && !input.csrf.is_empty();
    assert_eq!(accepted, repeated || !token.needs_csrf(input.method));
}

fn set_cookie(input: &Cookie<'_>) {
    let prefix = match input.prefix {
        None => "",
        Some(false) => "__Secure-",
        Some(true) => "__Host-",
    };
    let name = format!("{prefix}{}", input.name);
    let mut cookie = SetCookie::new(&name, input.value).path(input.path.unwrap_or("/"));
    if let Some(domain) = input.domain {
        cookie = cookie.domain(domain);
    }
    if let Some(age) = input.max_age {
        cookie = cookie.max_age(Duration::from_secs(age));
    }
    cookie = cookie.same_site(match input.same_site % 3 {
        0 => SameSite::Strict,
        1 => SameSite::Lax,
        _ => SameSite::None,
    });
    if input.readable {
        cookie = cookie.readable_by_scripts();
    }
    if input.insecure {
        cookie = cookie.allow_insecure();
    }
    if input.cleared {
        cookie = cookie.cleared();
    }

    let mut header = String::new();
    let result = cookie.write_to(&mut header);
    let mut out = vec![0; usize::from(input.room)];
    match cookie.write(&mut out) {
        Ok(written) => assert_eq!((written, result), (header.as_str(), Ok(()))),
        Err(CookieError::BufferTooSmall { needed }) => {
            assert_eq!((needed, result), (header.len(), Ok(())));
            assert!(needed > out.len() && out.iter().all(|&byte| byte == 0));
        }
        Err(error) => assert_eq!((Err(error), header.as_str()), (result, "")),
    }
    if result.is_err() {
        return;
    }

    assert!(
        header.bytes().all(|byte| matches!(byte, b' '..=b'~')),
        "{header:?}"
    );
    let mut parts = header.split("; ");
    let value = if input.cleared { "" } else { input.value };
    let pair = parts.next().unwrap();
    assert_eq!(pair.split_once('='), Some((name.as_str(), value)));
    let mut attributes: Vec<_> = parts.collect();
    let mut take = |wanted: String| {
        let at = attributes.iter().position(|found| *found == wanted);
        attributes.remove(at.unwrap_or_else(|| panic!("{wanted} is not in {header:?}")));
    };
    take(format!("Path={}", input.path.unwrap_or("/")));
    if let Some(domain) = input.domain {
        take(format!("Domain={domain}"));
    }
    let age = if input.cleared {
        Some(0)
    } else {
        input.max_age
    };
    if let Some(age) = age {
        take(format!("Max-Age={age}"));
    }
    if age == Some(0) {
        take("Expires=Thu, 01 Jan 1970 00:00:00 GMT".into());
    }
    if !input.insecure {
        take("Secure".into());
    }
    if !input.readable {
        take("HttpOnly".into());
    }
    take(format!(
        "SameSite={}",
        ["Strict", "Lax", "None"][usize::from(input.same_site % 3)]
    ));
    assert!(attributes.is_empty(), "{header:?}");
    if !value.is_empty() {
        assert_eq!(text(RequestToken::cookie([pair], &name)), Ok(value));
    }
}
