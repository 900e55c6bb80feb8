//! Cookies for a response: what is written, that nothing can be injected, and that browsers will keep it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fmt;
use std::time::Duration;

use common::cases;
use jotlet::{
    ACCESS_COOKIE, CookieError, ExtractError, MAX_COOKIE_LEN, RequestToken, SameSite, SetCookie,
};
use proptest::prelude::*;

fn found<'h>(header: &'h String, name: &str) -> Result<&'h str, ExtractError> {
    RequestToken::cookie([header], name).map(|token| token.as_str())
}

fn written(cookie: &SetCookie<'_>) -> Result<String, CookieError> {
    let mut text = String::new();
    cookie.write_to(&mut text).map(|()| text)
}

#[test]
fn set_cookie_writes_what_it_was_told() {
    let cookie = SetCookie::new("n", "v");
    for (cookie, expected) in [
        (cookie, "n=v; Path=/; Secure; HttpOnly; SameSite=Lax"),
        (
            cookie.path("/api"),
            "n=v; Path=/api; Secure; HttpOnly; SameSite=Lax",
        ),
        (
            cookie.domain("a-1.example.com"),
            "n=v; Path=/; Domain=a-1.example.com; Secure; HttpOnly; SameSite=Lax",
        ),
        (
            cookie.max_age(Duration::from_millis(1999)),
            "n=v; Path=/; Max-Age=1; Secure; HttpOnly; SameSite=Lax",
        ),
        (
            cookie.max_age(Duration::MAX),
            "n=v; Path=/; Max-Age=18446744073709551615; Secure; HttpOnly; SameSite=Lax",
        ),
        (
            cookie.readable_by_scripts(),
            "n=v; Path=/; Secure; SameSite=Lax",
        ),
        (
            cookie.allow_insecure(),
            "n=v; Path=/; HttpOnly; SameSite=Lax",
        ),
        (
            cookie.same_site(SameSite::Strict),
            "n=v; Path=/; Secure; HttpOnly; SameSite=Strict",
        ),
        (
            cookie.same_site(SameSite::None),
            "n=v; Path=/; Secure; HttpOnly; SameSite=None",
        ),
        (
            SetCookie::new("n", ""),
            "n=; Path=/; Secure; HttpOnly; SameSite=Lax",
        ),
        (
            cookie
                .path("/p")
                .domain("d")
                .max_age(Duration::from_secs(9))
                .cleared(),
            "n=; Path=/p; Domain=d; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
        ),
    ] {
        assert_eq!(written(&cookie).as_deref(), Ok(expected));
    }
}

#[test]
fn set_cookie_fills_a_buffer_exactly_or_says_the_size() {
    let cookie = SetCookie::new(ACCESS_COOKIE, "ab.cd.ef").max_age(Duration::from_secs(900));
    let text = written(&cookie).unwrap();
    for size in 0..text.len() {
        let mut out = vec![0xaa; size];
        let needed = text.len();
        assert_eq!(
            cookie.write(&mut out),
            Err(CookieError::BufferTooSmall { needed })
        );
        assert!(out.iter().all(|&byte| byte == 0), "size {size}");
    }
    for size in [text.len(), text.len() + 1] {
        assert_eq!(cookie.write(&mut vec![0xaa; size]), Ok(text.as_str()));
    }
}

/// Takes the first `0` texts, and no more.
struct Failing(usize);

impl fmt::Write for Failing {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(1).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[test]
fn set_cookie_reports_a_writer_that_fails() {
    let cookie = SetCookie::new("n", "v").max_age(Duration::ZERO).domain("d");
    let texts = (0..50)
        .find(|&n| cookie.write_to(&mut Failing(n)).is_ok())
        .unwrap();
    assert!(texts > 5);
    for n in 0..texts {
        assert_eq!(cookie.write_to(&mut Failing(n)), Err(CookieError::Write));
    }
    // What breaks a rule is not even begun.
    let refused = SetCookie::new("n", "v\r\n").write_to(&mut Failing(0));
    assert_eq!(refused, Err(CookieError::Value { at: 1 }));
}

#[test]
fn set_cookie_enforces_the_rules_of_browsers() {
    let host = SetCookie::new("__Host-t", "v");
    let secure = SetCookie::new("__Secure-t", "v");
    for allowed in [
        host,
        secure.path("/p").domain("d"),
        host.same_site(SameSite::None),
        host.cleared(),
    ] {
        assert!(written(&allowed).is_ok(), "{allowed:?}");
    }
    let plain = SetCookie::new("t", "v")
        .same_site(SameSite::None)
        .allow_insecure();
    let other_case = SetCookie::new("__hOST-t", "v");
    for (cookie, error) in [
        (plain, CookieError::SameSiteNoneNotSecure),
        (host.allow_insecure(), CookieError::PrefixNotSecure),
        (secure.allow_insecure(), CookieError::PrefixNotSecure),
        (
            SetCookie::new("__sEcUrE-", "v").allow_insecure(),
            CookieError::PrefixNotSecure,
        ),
        (host.path("/p"), CookieError::HostPrefixPath),
        (host.path("//"), CookieError::HostPrefixPath),
        (host.domain("d"), CookieError::HostPrefixDomain),
        (other_case.domain("d"), CookieError::HostPrefixDomain),
    ] {
        assert_eq!(written(&cookie), Err(error), "{cookie:?}");
    }
    assert!(
        written(
            &SetCookie::new("__Host", "v")
                .domain("d")
                .path("/p")
                .allow_insecure()
        )
        .is_ok()
    );
}

#[test]
fn set_cookie_refuses_what_browsers_would_drop() {
    let longest = "v".repeat(MAX_COOKIE_LEN - 1);
    assert!(written(&SetCookie::new("n", &longest)).is_ok());
    let (len, max) = (MAX_COOKIE_LEN + 1, MAX_COOKIE_LEN);
    assert_eq!(
        written(&SetCookie::new("nn", &longest)),
        Err(CookieError::TooLong { len, max })
    );
    let path = format!("/{}", "p".repeat(1023));
    assert!(written(&SetCookie::new("n", "v").path(&path)).is_ok());
    let path = path + "p";
    assert_eq!(
        written(&SetCookie::new("n", "v").path(&path)),
        Err(CookieError::Path)
    );
    for path in ["", "p", "p/", " /p", "\\p"] {
        assert_eq!(
            written(&SetCookie::new("n", "v").path(path)),
            Err(CookieError::Path),
            "{path:?}"
        );
    }
    for domain in [
        "",
        ".",
        ".example.com",
        "example.com.",
        "a..b",
        "a b",
        "a:80",
        "a/b",
        "ex\u{e4}mple",
    ] {
        let cookie = SetCookie::new("n", "v").domain(domain);
        assert_eq!(written(&cookie), Err(CookieError::Domain), "{domain:?}");
    }
    let domain = "a".repeat(1025);
    assert_eq!(
        written(&SetCookie::new("n", "v").domain(&domain)),
        Err(CookieError::Domain)
    );
    assert_eq!(written(&SetCookie::new("", "v")), Err(CookieError::Name));
}

/// A cookie as a browser reads it: RFC 6265 section 5.2.
fn parse(header: &str) -> (&str, &str, Vec<(&str, Option<&str>)>) {
    let mut parts = header.split(';');
    let (name, value) = parts.next().unwrap().split_once('=').unwrap();
    let attributes = parts.map(|part| match part.trim().split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (part.trim(), None),
    });
    (name, value, attributes.collect())
}

/// Every character, and what attackers put behind it, in every text that a caller passes.
#[test]
fn set_cookie_lets_nothing_be_injected() {
    let characters = (0..=0x2ff)
        .chain([0x2028, 0x3b00, 0xff1b, 0x1_f36a])
        .filter_map(char::from_u32);
    let tails = [
        "",
        "Path=/x",
        " Domain=evil.example",
        "\nSet-Cookie: a=b",
        "\r\n\r\n<script>",
    ];
    let mut refused = 0;
    for character in characters {
        for tail in tails {
            let text = format!("a{character}{tail}");
            let path = format!("/{text}");
            let plain = SetCookie::new("n", "v").domain("d");
            for (cookie, at) in [
                (SetCookie::new(&text, "v").domain("d"), 0),
                (SetCookie::new("n", &text).domain("d"), 1),
                (plain.path(&path), 2),
                (plain.domain(&text), 3),
            ] {
                let Ok(header) = written(&cookie) else {
                    refused += 1;
                    continue;
                };
                let mut expected = ["n", "v", "/", "d"];
                expected[at] = if at == 2 { &path } else { &text };
                let (name, value, attributes) = parse(&header);
                let [n, v, p, d] = expected;
                let wanted = [
                    ("Path", Some(p)),
                    ("Domain", Some(d)),
                    ("Secure", None),
                    ("HttpOnly", None),
                    ("SameSite", Some("Lax")),
                ];
                assert_eq!(
                    (name, value, attributes.as_slice()),
                    (n, v, wanted.as_slice())
                );
                assert!(
                    header.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
                    "{header:?}"
                );
            }
        }
    }
    assert!(refused > 4 * 5 * 600, "{refused}");
}

#[test]
fn debug_does_not_show_the_value() {
    let token = RequestToken::bearer(["Bearer se.cr.et"]).unwrap();
    let cookie = SetCookie::new("name", "se.cr.et");
    let shown = format!("{token:?} {cookie:?}");
    assert!(!shown.contains("se.cr.et"), "{shown}");
    assert!(
        shown.contains("len: 8") && shown.contains("name"),
        "{shown}"
    );
}

proptest! {
    #![proptest_config(cases(512))]

    /// What is set is found again among other cookies, in any order.
    #[test]
    fn a_cookie_that_is_set_comes_back(
        name in "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}",
        value in "[!#-+./:<-\\[\\]-~0-9A-Za-z-]{1,40}",
        before in prop::collection::vec("[ -:<-~]{0,12}", 0..4),
        after in prop::collection::vec("[ -:<-~]{0,12}", 0..4),
    ) {
        let header = written(&SetCookie::new(&name, &value).path("/").allow_insecure());
        let header = match header {
            Err(CookieError::PrefixNotSecure) => return Ok(()),
            header => header.unwrap(),
        };
        let (pair, _) = header.split_once("; ").unwrap();
        let others = |all: Vec<String>| {
            let named = |pair: &String| pair.split('=').next().unwrap().trim() == name;
            all.into_iter().filter(|pair| !named(pair)).collect::<Vec<_>>()
        };
        let mut pairs = others(before);
        pairs.push(pair.to_owned());
        pairs.extend(others(after));
        let sent = pairs.join("; ");
        prop_assert_eq!(found(&sent, &name), Ok(value.as_str()));
        // Twice is an error, wherever the second one stands.
        let twice = format!("{sent}; {name}=other");
        prop_assert_eq!(found(&twice, &name), Err(ExtractError::CookieTwice));
    }
}
