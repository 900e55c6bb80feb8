//! The same cookies, set by one and taken by the other, with a browser between them.

use std::time::{Duration, SystemTime};

use jotlet::{
    ACCESS_COOKIE, Access, CSRF_ACCESS_COOKIE, CSRF_REFRESH_COOKIE, ClaimsBuffer, CsrfError,
    ExtractError, Issuer, Key, REFRESH_COOKIE, Refresh, RequestToken, SameSite, SetCookie,
    Timestamp, TokenId, TokenSource, TokenType, Verifier,
};
use serde_json::{Value, json};

use crate::peer::{Peer, SECRET};

const SITE: &str = "https://www.example.com";

fn now() -> Timestamp {
    Timestamp::from_secs(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

fn key() -> Key {
    Key::new(SECRET.as_bytes()).unwrap()
}

fn written(cookie: &SetCookie<'_>) -> String {
    let mut text = String::new();
    cookie.write_to(&mut text).unwrap();
    text
}

#[test]
fn the_browser_reads_every_attribute() {
    let mut peer = Peer::start();
    let cookie = SetCookie::new("n", "v");
    let hour = Duration::from_secs(3600);
    for (cookie, path, domain, secure, http_only, same_site, session) in [
        (cookie, "/", None, true, true, "Lax", true),
        (cookie.max_age(hour), "/", None, true, true, "Lax", false),
        (cookie.path("/a/b"), "/a/b", None, true, true, "Lax", true),
        (
            cookie.domain("example.com"),
            "/",
            Some(".example.com"),
            true,
            true,
            "Lax",
            true,
        ),
        (cookie.allow_insecure(), "/", None, false, true, "Lax", true),
        (
            cookie.readable_by_scripts(),
            "/",
            None,
            true,
            false,
            "Lax",
            true,
        ),
        (
            cookie.same_site(SameSite::Strict),
            "/",
            None,
            true,
            true,
            "Strict",
            true,
        ),
        (
            cookie.same_site(SameSite::None),
            "/",
            None,
            true,
            true,
            "None",
            true,
        ),
    ] {
        let has = peer.store(&[written(&cookie)]);
        let wanted = json!({
            "value": "v", "path": path, "domain": domain, "secure": secure, "http_only": http_only,
            "same_site": same_site, "session": session,
        });
        assert_eq!(has, json!({ "n": wanted }), "{cookie:?}");
        // The cookie that clears it finds it, whatever its path and domain.
        assert_eq!(
            peer.store(&[written(&cookie.cleared())]),
            json!({}),
            "{cookie:?}"
        );
    }
}

#[test]
fn flask_takes_our_cookies_and_the_csrf_value() {
    let (key, now) = (key(), now());
    let issuer = Issuer::new(&key);
    let csrf = TokenId::uuid([0x5a; 16]).text();
    let id = TokenId::uuid([1; 16]);
    let access = issuer
        .access("alice", id)
        .csrf(csrf.as_str())
        .sign_owned::<512>(now)
        .unwrap();
    let refresh = issuer
        .refresh("alice", id)
        .csrf(csrf.as_str())
        .sign_owned::<512>(now)
        .unwrap();
    let set = [
        SetCookie::new(ACCESS_COOKIE, access.as_str()),
        SetCookie::new(REFRESH_COOKIE, refresh.as_str()),
        SetCookie::new(CSRF_ACCESS_COOKIE, csrf.as_str()).readable_by_scripts(),
        SetCookie::new(CSRF_REFRESH_COOKIE, csrf.as_str()).readable_by_scripts(),
    ];
    let mut peer = Peer::start();
    let has = peer.store(&set.map(|cookie| written(&cookie)));
    assert_eq!(has.as_object().unwrap().len(), 4);

    for (path, csrf_cookie) in [
        ("/access", CSRF_ACCESS_COOKIE),
        ("/refresh", CSRF_REFRESH_COOKIE),
    ] {
        let url = format!("{SITE}{path}");
        // What a script of the site can read.
        let read = &has[csrf_cookie];
        assert_eq!(read["http_only"], json!(false));
        let csrf = read["value"].as_str().unwrap();

        let alice = json!({ "identity": "alice" });
        let refused = |answer: &Value, message: &str| {
            assert_eq!(
                (&answer["status"], &answer["body"]["msg"]),
                (&json!(401), &json!(message))
            );
        };
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = peer.visit(method, &url, Some(csrf));
            assert_eq!(
                (&answer["status"], &answer["body"]),
                (&json!(200), &alice),
                "{method}"
            );
            refused(&peer.visit(method, &url, None), "Missing CSRF token");
            let wrong = "CSRF double submit tokens do not match";
            refused(&peer.visit(method, &url, Some("guess")), wrong);
        }
        assert_eq!(peer.visit("GET", &url, None)["body"], alice);
        // Without TLS the browser sends none of them.
        let plain = peer.visit("GET", &url.replace("https", "http"), None);
        assert_eq!(
            (&plain["status"], &plain["cookies"]),
            (&json!(401), &Value::Null)
        );
    }
    assert_eq!(
        peer.store(&set.map(|cookie| written(&cookie.cleared()))),
        json!({})
    );
}

/// What jotlet says to a request with these cookies, and with this value for CSRF.
fn take<T: TokenType>(cookies: &str, name: &str, csrf: Option<&str>) -> Result<String, CsrfError> {
    let key = key();
    let token = RequestToken::find(None::<&str>, [cookies], name).unwrap();
    assert_eq!(token.source(), TokenSource::Cookie);
    let mut buffer = ClaimsBuffer::<512>::new();
    let claims = Verifier::<T>::new(&key)
        .leeway(Duration::from_secs(5))
        .verify(token, now(), &mut buffer);
    let claims = claims.unwrap();
    token.check_csrf("POST", csrf, &claims)?;
    Ok(claims.subject().unwrap().to_owned())
}

#[test]
fn we_take_the_cookies_of_flask_and_its_csrf_value() {
    let mut peer = Peer::start();
    let has = peer.visit("POST", &format!("{SITE}/login"), None)["stored"].clone();
    let sent = peer.visit("GET", &format!("{SITE}/access"), None);
    let cookies = sent["cookies"].as_str().unwrap();
    let csrf = |name: &str| has[name]["value"].as_str();
    let (access, refresh) = (csrf(CSRF_ACCESS_COOKIE), csrf(CSRF_REFRESH_COOKIE));
    assert!(access.is_some() && refresh.is_some() && access != refresh);

    let alice = Ok("alice".to_owned());
    assert_eq!(take::<Access>(cookies, ACCESS_COOKIE, access), alice);
    assert_eq!(take::<Refresh>(cookies, REFRESH_COOKIE, refresh), alice);
    assert_eq!(
        take::<Access>(cookies, ACCESS_COOKIE, None),
        Err(CsrfError::MissingHeader)
    );
    assert_eq!(
        take::<Access>(cookies, ACCESS_COOKIE, refresh),
        Err(CsrfError::Mismatch)
    );
    assert_eq!(
        take::<Refresh>(cookies, REFRESH_COOKIE, access),
        Err(CsrfError::Mismatch)
    );

    let out = peer.visit("POST", &format!("{SITE}/logout"), None);
    assert_eq!(out["stored"], json!({}));
    let sent = peer.visit("GET", &format!("{SITE}/access"), None);
    let found = RequestToken::find(None::<&str>, sent["cookies"].as_str(), ACCESS_COOKIE);
    assert_eq!(found.unwrap_err(), ExtractError::Missing);
}
