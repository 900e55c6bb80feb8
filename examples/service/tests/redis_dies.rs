//! Redis is killed and started again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use common::{Client, Pair, Redis, Server};

#[tokio::test]
async fn without_redis_nothing_is_lost_and_nobody_gets_through() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    let careful = Server::start(&[("REDIS_URL", &redis.url())]);
    let lenient = Server::start(&[
        ("REDIS_URL", &redis.url()),
        ("WHEN_STORE_IS_DOWN", "accept"),
    ]);
    let (careful, lenient) = (careful.client(), lenient.client());
    let (kept, ended) = (careful.login().await, careful.login().await);
    assert_eq!(careful.post("/logout", &ended.refresh).await, 204);

    redis.pause();
    assert_eq!(careful.refresh(&kept.refresh).await.0, 503);
    assert_eq!(careful.me(&kept.access).await, 503);
    redis.resume();
    assert_eq!(careful.me(&kept.access).await, 200);

    redis.kill();
    assert_eq!(careful.refresh(&kept.refresh).await.0, 503);
    assert_eq!(careful.post("/logout", &kept.refresh).await, 503);
    assert_eq!(careful.post("/logout-everywhere", &kept.access).await, 503);
    assert!(careful.try_login().await.is_none());
    assert_eq!(careful.me(&kept.access).await, 503);
    assert_eq!(lenient.me(&kept.access).await, 200);
    let transfer = lenient.post("/transfer", &kept.access).await;
    assert_eq!(
        transfer, 503,
        "what needs a fresh token is refused in any case"
    );

    redis.restart();
    assert_eq!(careful.me(&kept.access).await, 200);
    assert_eq!(careful.me(&ended.access).await, 401);
    assert_eq!(careful.refresh(&ended.refresh).await.0, 401);
    let (status, next) = careful.refresh(&kept.refresh).await;
    assert_eq!(status, 200);
    assert_eq!(lenient.post("/logout", &next.unwrap().refresh).await, 204);
    assert_eq!(careful.me(&kept.access).await, 401);
}

#[tokio::test]
async fn keys_expire_with_the_token() {
    let Some(redis) = Redis::start() else { return };
    let server = Server::start(&[("REDIS_URL", &redis.url()), ("REFRESH_SECONDS", "1000")]);
    let pair = server.client().login().await;
    server.client().refresh(&pair.refresh).await;
    server
        .client()
        .post("/logout-everywhere", &pair.access)
        .await;
    let keys = redis.ask(&["KEYS", "*"]);
    assert_eq!(keys.lines().count(), 3, "{keys}");
    for key in keys.lines() {
        let left: i64 = redis.ask(&["TTL", key]).parse().unwrap();
        assert!((1..=1002).contains(&left), "{key}: {left}");
    }
}

/// What the clients of the test below have seen.
#[derive(Default)]
struct Seen {
    rotated: AtomicUsize,
    unavailable: AtomicUsize,
    /// Sessions that ended because the answer to a refresh was lost with Redis.
    cut: AtomicUsize,
    /// Tokens of sessions whose end was acknowledged.
    ended: Mutex<Vec<Pair>>,
}

impl Seen {
    fn count(counter: &AtomicUsize) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    async fn login(&self, client: &Client) -> Pair {
        loop {
            if let Some(pair) = client.try_login().await {
                return pair;
            }
            Self::count(&self.unavailable);
        }
    }

    /// Presents the token until there is an answer. `None` if it was refused.
    async fn refresh(&self, client: &Client, pair: &Pair) -> Option<Pair> {
        let mut unanswered = false;
        loop {
            match client.refresh(&pair.refresh).await {
                (200, next) => {
                    Self::count(&self.rotated);
                    return next;
                }
                (503, _) => Self::count(&self.unavailable),
                (status, _) => {
                    assert_eq!(status, 401);
                    assert!(unanswered, "a good token was refused");
                    Self::count(&self.cut);
                    return None;
                }
            }
            unanswered = true;
        }
    }

    /// An honest client: refreshes, and logs out at the end.
    async fn honest(&self, client: &Client) {
        let mut pair = self.login(client).await;
        for _ in 0..25 {
            pair = match self.refresh(client, &pair).await {
                Some(next) => next,
                None => self.login(client).await,
            };
        }
        while client.post("/logout", &pair.refresh).await != 204 {
            Self::count(&self.unavailable);
        }
        self.ended.lock().unwrap().push(pair);
    }

    /// Two who have the same token, and both insist: at most one gets something for it.
    async fn rivals(&self, client: &Client) {
        for _ in 0..4 {
            let pair = self.login(client).await;
            let insist = async || {
                let mut won = Vec::new();
                loop {
                    match client.refresh(&pair.refresh).await {
                        (200, next) => won.push(next.unwrap()),
                        (503, _) => Self::count(&self.unavailable),
                        (status, _) => {
                            assert_eq!(status, 401);
                            return won;
                        }
                    }
                }
            };
            let (a, b) = tokio::join!(insist(), insist());
            let won: Vec<Pair> = a.into_iter().chain(b).collect();
            assert!(won.len() <= 1, "a refresh token was spent twice");
            let mut ended = self.ended.lock().unwrap();
            ended.push(pair);
            ended.extend(won);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_no_token_is_spent_twice_and_no_revocation_is_lost() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    // Two instances, as behind a load balancer.
    let servers = [(); 2].map(|()| Server::start(&[("REDIS_URL", &redis.url())]));
    let seen = Arc::new(Seen::default());
    let mut clients = Vec::new();
    for number in 0..16 {
        let (seen, client) = (Arc::clone(&seen), servers[number % 2].client());
        clients.push(tokio::spawn(async move {
            if number < 12 {
                seen.honest(&client).await;
            } else {
                seen.rivals(&client).await;
            }
        }));
    }

    // Killed when there has been some progress, started again when clients have noticed: three times.
    for progress in [50, 120, 190] {
        while seen.rotated.load(Ordering::Relaxed) < progress {
            tokio::task::yield_now().await;
        }
        let noticed = seen.unavailable.load(Ordering::Relaxed);
        redis.kill();
        while seen.unavailable.load(Ordering::Relaxed) < noticed + 8 {
            tokio::task::yield_now().await;
        }
        redis.restart();
    }
    for client in clients {
        client.await.unwrap();
    }

    let ended = seen.ended.lock().unwrap().clone();
    assert!(ended.len() >= 12 + 16);
    for (number, pair) in ended.iter().enumerate() {
        let client = servers[number % 2].client();
        assert_eq!(client.me(&pair.access).await, 401, "a revocation was lost");
        assert_eq!(
            client.refresh(&pair.refresh).await.0,
            401,
            "a revocation was lost"
        );
    }
    println!(
        "Redis killed 3 times: {} refreshes, {} answers 503, {} sessions cut off by a lost answer, {} revocations held",
        seen.rotated.load(Ordering::Relaxed),
        seen.unavailable.load(Ordering::Relaxed),
        seen.cut.load(Ordering::Relaxed),
        ended.len(),
    );
}
