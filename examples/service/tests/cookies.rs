//! Tokens in cookies, and what guards them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::HashMap;

use common::Server;
use serde_json::{Value, json};

/// What a browser keeps of `Set-Cookie` headers.
struct Jar {
    cookies: HashMap<String, String>,
    http: reqwest::Client,
    base: String,
}

impl Jar {
    fn new(server: &Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            cookies: HashMap::new(),
            http,
            base: format!("http://{}", server.address),
        }
    }

    fn header(&self) -> String {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// The status, the body, and the cookies as they were set.
    async fn post(
        &mut self,
        path: &str,
        csrf: Option<&str>,
        body: Value,
    ) -> (u16, Value, Vec<String>) {
        let mut request = self.http.post(format!("{}{path}", self.base)).json(&body);
        request = request.header("cookie", self.header());
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let set = response.headers().get_all("set-cookie");
        let set: Vec<_> = set
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        for cookie in &set {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = response.text().await.unwrap();
        (status, serde_json::from_str(&body).unwrap_or_default(), set)
    }

    async fn login(&mut self) -> (Value, Vec<String>) {
        let login = json!({ "user": "alice", "password": "correct horse", "cookies": true });
        let (status, body, set) = self.post("/login", None, login).await;
        assert_eq!(status, 200);
        (body, set)
    }
}

#[tokio::test]
async fn a_session_in_cookies() {
    let server = Server::start(&[]);
    let mut jar = Jar::new(&server);
    let (body, set) = jar.login().await;
    assert_eq!(
        (body.get("access_token"), body.get("refresh_token")),
        (None, None)
    );
    for (name, http_only) in [
        ("access_token_cookie", true),
        ("refresh_token_cookie", true),
        ("csrf_access_token", false),
        ("csrf_refresh_token", false),
    ] {
        let cookie = set.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        assert_eq!(cookie.contains("; HttpOnly"), http_only, "{cookie}");
        assert!(cookie.contains("; Secure"), "{cookie}");
    }

    let transfer = json!({ "to": "bob", "amount": 10 });
    let refused = json!({ "error": "csrf" });
    let (access, refresh) = (
        jar.cookies["csrf_access_token"].clone(),
        jar.cookies["csrf_refresh_token"].clone(),
    );
    for csrf in [None, Some(""), Some("a guess"), Some(&*refresh)] {
        let (status, body, _) = jar.post("/transfer", csrf, transfer.clone()).await;
        assert_eq!((status, body), (401, refused.clone()));
    }
    assert_eq!(
        jar.post("/transfer", Some(&access), transfer.clone())
            .await
            .0,
        200
    );

    assert_eq!(
        jar.post("/refresh", Some(&access), Value::Null).await.0,
        401
    );
    let (status, body, set) = jar.post("/refresh", Some(&refresh), Value::Null).await;
    assert_eq!(
        (status, body.get("access_token"), set.len()),
        (200, None, 4)
    );
    let csrf = jar.cookies["csrf_access_token"].clone();
    let (status, body, _) = jar.post("/transfer", Some(&csrf), transfer).await;
    assert_eq!(
        (status, body),
        (401, json!({ "error": "fresh_token_required" }))
    );

    let csrf = jar.cookies["csrf_refresh_token"].clone();
    assert_eq!(jar.post("/logout", Some(&csrf), Value::Null).await.0, 204);
    assert!(jar.cookies.is_empty());
}

#[tokio::test]
async fn header_and_cookies_work_side_by_side() {
    let server = Server::start(&[]);
    let mut jar = Jar::new(&server);
    jar.login().await;
    let client = server.client();
    let pair = client.login().await;
    assert_eq!(client.me(&pair.access).await, 200);
    let cookies = jar.header();
    let me = async |headers: &[(&str, &str)]| {
        client
            .send(reqwest::Method::GET, "/me", headers, None)
            .await
            .0
    };
    assert_eq!(me(&[("cookie", &cookies)]).await, 200);
    // The header goes first, and one that is malformed is not made good by a cookie.
    let authorization = format!("Bearer {}", pair.access);
    assert_eq!(
        me(&[
            ("cookie", "access_token_cookie=x"),
            ("authorization", &authorization)
        ])
        .await,
        200
    );
    assert_eq!(
        me(&[("cookie", &cookies), ("authorization", "Bearer x y")]).await,
        422
    );
    assert_eq!(
        me(&[("cookie", &cookies), ("authorization", "Basic YTpi")]).await,
        200
    );
}
