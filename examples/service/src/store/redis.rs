//! Sessions in Redis.
//!
//! | key | value | expires |
//! |---|---|---|
//! | `family:SESSION` | the family's record | with the family, which is when its refresh token does |
//! | `sessions:SUBJECT` | a sorted set of sessions by their end | with the last of them |
//! | `cutoff:SUBJECT` | a time in seconds | when the last token that it can concern does |
//!
//! Every request is sent a second time, on another connection, if the first attempt fails: Redis may just have been restarted.
//! Nothing comes of doing it twice: a swap whose new record is already there has been done, since nobody else could have
//! written that record, with its id from the random source.

use std::time::Duration;

use deadpool_redis::redis::{FromRedisValue, Pipeline, pipe};
use deadpool_redis::{Config, Pool, PoolConfig, Runtime};
use jotlet::{Family, Timestamp, TokenId};
use tokio::time::timeout;

use super::Failure;

/// How long a request to Redis may take, with the second attempt.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many requests to Redis are under way at a time; others wait.
const MAX_CONNECTIONS: usize = 32;

const SWAP: &str = "
local stored = redis.call('GET', KEYS[1])
if stored == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
    return 1
end
return stored == ARGV[2] and 1 or 0
";

/// A pool of connections to Redis, made when they are needed.
pub struct Redis(Pool);

fn family_key(session: TokenId) -> String {
    format!("family:{}", session.text().as_str())
}

impl Redis {
    pub(super) fn new(url: &str) -> Result<Self, String> {
        // The URL may have a password in it: neither it nor the error, which may quote it, is told.
        let mut config = Config::from_url(url);
        config.pool = Some(PoolConfig::new(MAX_CONNECTIONS));
        let pool = config.create_pool(Some(Runtime::Tokio1));
        pool.map(Self)
            .map_err(|_| "REDIS_URL is not of the form redis://HOST:PORT".to_owned())
    }

    async fn ask<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Failure> {
        let attempts = async {
            match self.ask_once(commands).await {
                Err(_) => self.ask_once(commands).await,
                answer => answer,
            }
        };
        let answer = timeout(PATIENCE, attempts).await;
        answer.map_err(|_| Failure("Redis takes too long".to_owned()))?
    }

    async fn ask_once<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Failure> {
        let connection = self.0.get().await;
        let mut connection = connection.map_err(|error| Failure(error.to_string()))?;
        let answer = commands.query_async(&mut connection).await;
        answer.map_err(|error| Failure(error.to_string()))
    }

    pub(super) async fn ping(&self) -> Result<(), Failure> {
        self.ask(pipe().cmd("PING").ignore()).await
    }

    pub(super) async fn start(
        &self,
        family: &Family,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let (session, ends_at) = (family.session().text(), family.ends_at().as_secs());
        let sessions = format!("sessions:{subject}");
        let mut commands = pipe();
        commands.atomic();
        let set = commands.cmd("SET").arg(family_key(family.session()));
        set.arg(family.to_record().as_slice())
            .arg("EXAT")
            .arg(ends_at)
            .ignore();
        commands
            .cmd("ZREMRANGEBYSCORE")
            .arg(&sessions)
            .arg("-inf")
            .arg(now.as_secs())
            .ignore();
        commands
            .cmd("ZADD")
            .arg(&sessions)
            .arg(ends_at)
            .arg(session.as_str())
            .ignore();
        // The first gives the key an expiry, the second moves it, but never to an earlier time.
        commands
            .cmd("EXPIREAT")
            .arg(&sessions)
            .arg(ends_at)
            .arg("NX")
            .ignore();
        commands
            .cmd("EXPIREAT")
            .arg(&sessions)
            .arg(ends_at)
            .arg("GT")
            .ignore();
        self.ask(&commands).await
    }

    pub(super) async fn load(&self, session: TokenId) -> Result<Option<Family>, Failure> {
        let (record,): (Option<Vec<u8>>,) = self.ask(pipe().get(family_key(session))).await?;
        let family = record
            .map(|record| Family::from_record(&record))
            .transpose();
        family.map_err(|error| Failure(error.to_string()))
    }

    pub(super) async fn swap(&self, old: &Family, new: &Family) -> Result<bool, Failure> {
        let mut commands = pipe();
        let eval = commands
            .cmd("EVAL")
            .arg(SWAP)
            .arg(1)
            .arg(family_key(old.session()));
        eval.arg(old.to_record().as_slice())
            .arg(new.to_record().as_slice());
        let (swapped,) = self.ask(&commands).await?;
        Ok(swapped)
    }

    pub(super) async fn sessions(
        &self,
        subject: &str,
        now: Timestamp,
    ) -> Result<Vec<TokenId>, Failure> {
        let mut commands = pipe();
        let range = commands
            .cmd("ZRANGEBYSCORE")
            .arg(format!("sessions:{subject}"));
        range.arg(format!("({}", now.as_secs())).arg("+inf");
        let (sessions,): (Vec<String>,) = self.ask(&commands).await?;
        Ok(sessions
            .iter()
            .filter_map(|session| TokenId::parse(session))
            .collect())
    }

    pub(super) async fn cut_off(
        &self,
        subject: &str,
        before: Timestamp,
        until: Timestamp,
    ) -> Result<(), Failure> {
        let mut commands = pipe();
        let set = commands.cmd("SET").arg(format!("cutoff:{subject}"));
        set.arg(before.as_secs())
            .arg("EXAT")
            .arg(until.as_secs())
            .ignore();
        self.ask(&commands).await
    }

    pub(super) async fn cut_off_before(&self, subject: &str) -> Result<Option<Timestamp>, Failure> {
        let (before,): (Option<u64>,) = self.ask(pipe().get(format!("cutoff:{subject}"))).await?;
        Ok(before.map(Timestamp::from_secs))
    }
}
