//! Tokens in headers and cookies: what is taken, and what is refused by which rule.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::type_complexity)]

mod common;

use common::with_payload;
use jotlet::{CsrfError, ExtractError, RequestToken, TokenSource};

const NONE: [&str; 0] = [];

fn bearer(header: &[u8]) -> Result<&str, ExtractError> {
    RequestToken::bearer([header]).map(|token| token.as_str())
}

fn cookie<'h>(headers: &[&'h [u8]], name: &str) -> Result<&'h str, ExtractError> {
    RequestToken::cookie(headers.iter().copied(), name).map(|token| token.as_str())
}

#[test]
fn bearer_takes_one_token() {
    for header in [
        "Bearer ab.cd.ef",
        "bearer ab.cd.ef",
        "BEARER ab.cd.ef",
        "bEaReR ab.cd.ef",
        "Bearer    ab.cd.ef",
        "  Bearer ab.cd.ef",
        "\tBearer ab.cd.ef \t ",
    ] {
        assert_eq!(bearer(header.as_bytes()), Ok("ab.cd.ef"), "{header:?}");
    }
    for token in ["a", "AZaz09-._~+/", "a==", "a="] {
        assert_eq!(bearer(format!("Bearer {token}").as_bytes()), Ok(token));
    }
}

#[test]
fn bearer_refuses_by_the_rule_that_is_broken() {
    use ExtractError::{HeaderCharacter, NoToken, OtherScheme, SeveralTokens};
    for (header, error) in [
        ("Basic dTpw", OtherScheme),
        ("Bearerab.cd.ef", OtherScheme),
        ("Bearers ab.cd.ef", OtherScheme),
        ("ab.cd.ef", OtherScheme),
        ("Basic dTpw, Bearer ab.cd.ef", OtherScheme),
        ("Bearer", NoToken),
        ("Bearer ", NoToken),
        ("Bearer  \t ", NoToken),
        ("", HeaderCharacter { at: 0 }),
        ("  ", HeaderCharacter { at: 2 }),
        (",Bearer a", HeaderCharacter { at: 0 }),
        ("Bearer\ta", HeaderCharacter { at: 6 }),
        ("Bearer: a", HeaderCharacter { at: 6 }),
        ("Bearer,a", HeaderCharacter { at: 6 }),
        ("Bearer \ta", HeaderCharacter { at: 7 }),
        ("Bearer =", HeaderCharacter { at: 7 }),
        ("Bearer \"a\"", HeaderCharacter { at: 7 }),
        ("Bearer a\"", HeaderCharacter { at: 8 }),
        ("Bearer a=b", HeaderCharacter { at: 9 }),
        ("Bearer a\r\nX: y", HeaderCharacter { at: 8 }),
        ("Bearer a\0", HeaderCharacter { at: 8 }),
        ("Bearer a\u{e9}", HeaderCharacter { at: 8 }),
        ("Bearer a;b", HeaderCharacter { at: 8 }),
        ("Bearer a b", SeveralTokens),
        ("Bearer a\tb", SeveralTokens),
        ("Bearer a,b", SeveralTokens),
        ("Bearer a,", SeveralTokens),
        ("Bearer a, Bearer b", SeveralTokens),
        ("Bearer a Bearer b", SeveralTokens),
        ("Bearer Bearer a", SeveralTokens),
    ] {
        assert_eq!(bearer(header.as_bytes()), Err(error), "{header:?}");
    }
    assert_eq!(bearer(b"Bearer \xff"), Err(HeaderCharacter { at: 7 }));
    assert_eq!(bearer(b"\xffearer a"), Err(HeaderCharacter { at: 0 }));
    let none = RequestToken::bearer(NONE).unwrap_err();
    assert_eq!(none, ExtractError::Missing);
    let two = RequestToken::bearer(["Bearer a", "Bearer a"]).unwrap_err();
    assert_eq!(two, ExtractError::SeveralHeaders);
}

/// Every byte at every place of a header either leaves the token as it is or is refused.
#[test]
fn no_byte_slips_into_a_bearer_token() {
    let header = b"Bearer ab.cd.ef";
    for at in 0..=header.len() {
        for byte in 0..=u8::MAX {
            let mut bytes = header.to_vec();
            bytes.insert(at, byte);
            if let Ok(token) = bearer(&bytes) {
                let in_alphabet = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
                assert!(token.chars().all(in_alphabet), "{bytes:?}");
                assert!(bytes.ends_with(token.as_bytes()) || matches!(byte, b' ' | b'\t'));
            }
        }
    }
}

#[test]
fn the_token_is_not_copied() {
    let header = String::from("Bearer ab.cd.ef");
    let cookies = String::from("a=b; t=\"ab.cd.ef\"");
    let token = RequestToken::bearer([&header]).unwrap();
    assert_eq!(token.as_str().as_ptr(), header[7..].as_ptr());
    let token = RequestToken::cookie([&cookies], "t").unwrap();
    assert_eq!(token.as_str().as_ptr(), cookies[8..].as_ptr());
}

#[test]
fn cookies_are_found_by_their_exact_name() {
    for header in [
        "t=ab",
        "t=ab;",
        "a=1; t=ab; b=2",
        "a=1;t=ab;b=2",
        " \tt = ab \t; b=2",
        "t=\"ab\"",
        "t= \"ab\" ",
        "T=no; xt=no; tx=no; t-=no; t=ab",
        // What others have set is of no concern, however broken it is.
        "a=\"; t=ab; b=\"",
        "a=b=c; t=ab",
        "=; ;;  ; =x; t=ab",
        "a=\u{e9}; \u{e9}=a; t=ab; a=\0",
        "a; t=ab",
    ] {
        assert_eq!(cookie(&[header.as_bytes()], "t"), Ok("ab"), "{header:?}");
    }
    assert_eq!(cookie(&[b"\xff=\xff; t=ab"], "t"), Ok("ab"));
    assert_eq!(cookie(&[b"t=a=b=="], "t"), Ok("a=b=="));
    assert_eq!(
        cookie(&[b"t=!#$%&'()*+-./:<=>?@[]^_`{|}~"], "t"),
        Ok("!#$%&'()*+-./:<=>?@[]^_`{|}~")
    );
    // HTTP/2 may split the header.
    assert_eq!(cookie(&[b"a=1", b"t=ab", b"b=2"], "t"), Ok("ab"));
}

#[test]
fn cookies_are_refused_by_the_rule_that_is_broken() {
    use ExtractError::{CookieCharacter, CookieTwice, Missing, NoToken};
    let cases: [(&[&[u8]], ExtractError); 24] = [
        (&[], Missing),
        (&[b""], Missing),
        (&[b"T=ab; tt=ab"], Missing),
        (&[b"a=t=ab"], Missing),
        (&[b"a=\"b\"t=ab"], Missing),
        (&[b"t\0=ab"], Missing),
        (&[b"t"], NoToken),
        (&[b"t="], NoToken),
        (&[b"t=\"\""], NoToken),
        (&[b"t= ; a=b"], NoToken),
        (&[b"t=ab; t=ab"], CookieTwice),
        (&[b"t=ab; a=1; t=cd"], CookieTwice),
        (&[b"t=ab", b"t=cd"], CookieTwice),
        (&[b"t; t=ab"], CookieTwice),
        (&[b"t=; t=ab"], CookieTwice),
        // A browser never sends `;` within a value: behind it there is another cookie.
        (&[b"t=ab; a=\"; t=cd\""], CookieTwice),
        (&[b"t=a b"], CookieCharacter { at: 1 }),
        (&[b"t=a,b"], CookieCharacter { at: 1 }),
        (&[b"t=ab\\"], CookieCharacter { at: 2 }),
        (&[b"t=a\"b"], CookieCharacter { at: 1 }),
        (&[b"t=\"ab"], CookieCharacter { at: 0 }),
        (&[b"t=\""], CookieCharacter { at: 0 }),
        (&[b"t=a\r\nb"], CookieCharacter { at: 1 }),
        (&[b"t=\"a\xffb\""], CookieCharacter { at: 1 }),
    ];
    for (headers, error) in cases {
        assert_eq!(cookie(headers, "t"), Err(error), "{headers:?}");
    }
    // A name that no cookie can have is not found, whatever there is.
    for name in ["", "a=1", "t ", ";"] {
        assert_eq!(
            cookie(&[b"=ab; a=1; t =ab;; "], name),
            Err(Missing),
            "{name:?}"
        );
    }
}

#[test]
fn the_header_comes_before_the_cookie() {
    use ExtractError::{CookieTwice, Missing, NoToken, OtherScheme, SeveralHeaders, SeveralTokens};
    use TokenSource::{Cookie, Header};
    let set = "t=co.ok.ie";
    let cases: [(&[&str], &[&str], Result<(&str, TokenSource), ExtractError>); 11] = [
        (&["Bearer a"], &[set], Ok(("a", Header))),
        (&["Bearer a"], &["t=1; t=2"], Ok(("a", Header))),
        (&[], &[set], Ok(("co.ok.ie", Cookie))),
        // A site behind Basic authentication, whose browser sends both.
        (&["Basic dTpw"], &[set], Ok(("co.ok.ie", Cookie))),
        (&["Basic dTpw"], &["a=1"], Err(OtherScheme)),
        (&["Basic dTpw"], &["t=1; t=2"], Err(CookieTwice)),
        (&[], &[], Err(Missing)),
        (&["Bearer"], &[set], Err(NoToken)),
        (&["Bearer a, Bearer b"], &[set], Err(SeveralTokens)),
        (&["Basic dTpw", "Bearer a"], &[set], Err(SeveralHeaders)),
        (&[""], &[set], Err(ExtractError::HeaderCharacter { at: 0 })),
    ];
    for (authorization, cookies, expected) in cases {
        let found = RequestToken::find(authorization.iter().copied(), cookies.iter().copied(), "t");
        let found = found.map(|token| (token.as_str(), token.source()));
        assert_eq!(found, expected, "{authorization:?} {cookies:?}");
    }
}

/// A payload whose `csrf` is this JSON value, if there is one.
fn payload(csrf: Option<&str>) -> String {
    let csrf = csrf.map_or(String::new(), |value| format!(r#","csrf":{value}"#));
    format!(r#"{{"type":"access","exp":{}{csrf}}}"#, u64::MAX)
}

#[test]
fn a_cookie_needs_the_csrf_value_unless_the_method_is_safe() {
    let header = RequestToken::bearer(["Bearer a"]).unwrap();
    let cookie = RequestToken::cookie(["t=a"], "t").unwrap();
    with_payload(&payload(Some("\"right\"")), |claims| {
        for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
            assert!(!cookie.needs_csrf(method), "{method}");
            assert_eq!(cookie.check_csrf(method, NONE, claims), Ok(()), "{method}");
        }
        for method in [
            "POST", "PUT", "PATCH", "DELETE", "get", "QUERY", "PROPFIND", "", " GET",
        ] {
            assert!(cookie.needs_csrf(method), "{method}");
            assert_eq!(
                cookie.check_csrf(method, ["right"], claims),
                Ok(()),
                "{method}"
            );
            let missing = Err(CsrfError::MissingHeader);
            assert_eq!(cookie.check_csrf(method, NONE, claims), missing, "{method}");
            assert!(!header.needs_csrf(method), "{method}");
            assert_eq!(header.check_csrf(method, NONE, claims), Ok(()), "{method}");
        }
    });
}

#[test]
fn the_csrf_value_has_to_be_that_of_the_claim() {
    use CsrfError::{Mismatch, MissingClaim, MissingHeader, SeveralHeaders};
    let cookie = RequestToken::cookie(["t=a"], "t").unwrap();
    let check = |claim, headers: &[&str]| {
        with_payload(&payload(claim), |claims| {
            cookie.check_csrf("POST", headers.iter().copied(), claims)
        })
    };
    let claim = Some("\"right\"");
    assert_eq!(check(claim, &["right"]), Ok(()));
    assert_eq!(check(Some("\"\\u0072ight\""), &["right"]), Ok(()));
    for wrong in [
        "wrong",
        "Right",
        "righ",
        "rightright",
        "right ",
        " right",
        "r",
        "\0ight",
    ] {
        assert_eq!(check(claim, &[wrong]), Err(Mismatch), "{wrong:?}");
    }
    assert_eq!(check(claim, &["right", "right"]), Err(SeveralHeaders));
    assert_eq!(check(claim, &[]), Err(MissingHeader));
    assert_eq!(check(claim, &[""]), Err(MissingHeader));
    assert_eq!(check(None, &["right"]), Err(MissingClaim));
    // An empty claim must not be met by an empty header.
    assert_eq!(check(Some("\"\""), &["right"]), Err(MissingClaim));
    assert_eq!(check(Some("\"\""), &[""]), Err(MissingHeader));
    assert_eq!(check(None, &[]), Err(MissingHeader));
}

#[test]
fn debug_does_not_show_the_token() {
    let token = RequestToken::bearer(["Bearer se.cr.et"]).unwrap();
    let shown = format!("{token:?}");
    assert_eq!(shown, "RequestToken { source: Header, len: 8 }");
}
