//! The life of a session, in memory and in Redis.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Client, Redis, Server};
use reqwest::Method;
use serde_json::json;

/// Runs a scenario with each store.
async fn with_each_store<F: Future<Output = ()>>(scenario: impl Fn(Client) -> F) {
    let server = Server::start(&[]);
    scenario(server.client()).await;
    if let Some(redis) = Redis::start() {
        let server = Server::start(&[("REDIS_URL", &redis.url())]);
        scenario(server.client()).await;
    }
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    with_each_store(async |client| {
        let first = client.login().await;
        let (status, me) = client.with_token(Method::GET, "/me", &first.access).await;
        assert_eq!(
            (status, &me["user"], &me["fresh"]),
            (200, &json!("alice"), &json!(true))
        );
        let (_, second) = client.refresh(&first.refresh).await;
        let second = second.unwrap();
        let (_, me) = client.with_token(Method::GET, "/me", &second.access).await;
        assert_eq!(me["fresh"], false);

        let (status, body) = client
            .with_token(Method::POST, "/refresh", &first.refresh)
            .await;
        assert_eq!((status, body), (401, json!({ "error": "revoked_token" })));
        assert_eq!(client.refresh(&second.refresh).await.0, 401);
        assert_eq!(client.me(&second.access).await, 401);
        assert_eq!(client.me(&first.access).await, 401);
        let (_, metrics) = client.send(Method::GET, "/metrics", &[], None).await;
        let metrics = metrics.as_str().unwrap();
        assert!(
            metrics.contains("jotlet_tokens_total{outcome=\"replayed\"} 1\n"),
            "{metrics}"
        );
        assert!(metrics.contains("jotlet_alerts_total 1\n"), "{metrics}");
    })
    .await;
}

#[tokio::test]
async fn of_64_refreshes_at_once_one_wins_and_the_session_is_over() {
    with_each_store(async |client| {
        let pair = client.login().await;
        let tries: Vec<_> = (0..64)
            .map(|_| {
                let (client, token) = (client.clone(), pair.refresh.clone());
                tokio::spawn(async move { client.refresh(&token).await })
            })
            .collect();
        let mut won = Vec::new();
        for one in tries {
            match one.await.unwrap() {
                (200, pair) => won.push(pair.unwrap()),
                (status, _) => assert_eq!(status, 401),
            }
        }
        assert_eq!(won.len(), 1);
        let won = won.pop().unwrap();
        assert_eq!(client.refresh(&won.refresh).await.0, 401);
        assert_eq!(client.me(&won.access).await, 401);
    })
    .await;
}

#[tokio::test]
async fn with_a_grace_window_a_lost_answer_can_be_had_again() {
    let server = Server::start(&[("REFRESH_GRACE_SECONDS", "600")]);
    let client = server.client();
    let first = client.login().await;
    assert_eq!(client.refresh(&first.refresh).await.0, 200);
    let (status, again) = client.refresh(&first.refresh).await;
    assert_eq!(status, 200);
    assert_eq!(client.refresh(&again.unwrap().refresh).await.0, 200);
    assert_eq!(client.refresh(&first.refresh).await.0, 401);
}

#[tokio::test]
async fn each_route_takes_its_own_sort_of_token() {
    with_each_store(async |client| {
        let pair = client.login().await;
        let (_, next) = client.refresh(&pair.refresh).await;
        let next = next.unwrap();
        assert_eq!(client.me(&next.refresh).await, 422);
        assert_eq!(client.post("/refresh", &next.access).await, 422);
        assert_eq!(client.post("/logout", &next.access).await, 422);
        let transfer = async |token: &str| {
            let headers = [("authorization", &*format!("Bearer {token}"))];
            let body = json!({ "to": "bob", "amount": 10 });
            client
                .send(Method::POST, "/transfer", &headers, Some(body))
                .await
        };
        let stale = (401, json!({ "error": "fresh_token_required" }));
        assert_eq!(transfer(&next.access).await, stale);
        assert_eq!(transfer(&pair.access).await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn a_logout_ends_one_session_and_logging_out_everywhere_all() {
    with_each_store(async |client| {
        let (a, b, c) = (
            client.login().await,
            client.login().await,
            client.login().await,
        );
        assert_eq!(client.post("/logout", &a.refresh).await, 204);
        assert_eq!(client.post("/logout", &a.refresh).await, 204);
        assert_eq!(client.me(&a.access).await, 401);
        assert_eq!(client.refresh(&a.refresh).await.0, 401);
        assert_eq!(client.me(&b.access).await, 200);

        assert_eq!(client.post("/logout-everywhere", &b.access).await, 204);
        for pair in [b, c] {
            assert_eq!(client.me(&pair.access).await, 401);
            assert_eq!(client.refresh(&pair.refresh).await.0, 401);
        }
        let later = client.login().await;
        assert_eq!(client.me(&later.access).await, 200);
    })
    .await;
}

#[tokio::test]
async fn only_the_right_password_logs_in() {
    let server = Server::start(&[]);
    let client = server.client();
    for (user, password) in [
        ("alice", "wrong"),
        ("bob", "correct horse"),
        ("", ""),
        ("bob", "nobody's password"),
    ] {
        let body = json!({ "user": user, "password": password });
        let answer = client.send(Method::POST, "/login", &[], Some(body)).await;
        assert_eq!(answer, (401, json!({ "error": "login" })));
    }
    let (_, metrics) = client.send(Method::GET, "/metrics", &[], None).await;
    assert!(
        metrics
            .as_str()
            .unwrap()
            .contains("failed_logins_total 4\n")
    );
}
