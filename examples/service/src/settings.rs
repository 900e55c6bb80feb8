//! The settings, from the environment. README.md lists them.

use std::net::SocketAddr;
use std::time::Duration;

use jotlet::{Access, Refresh, TokenType};

use crate::keys::KeySource;
use crate::users::hash;

/// What `GET /me` does with a token while the store can't tell whether it has been revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenStoreIsDown {
    /// Answers 503: no revoked token ever gets through.
    Refuse,
    /// Goes on: a revoked token gets through until it expires.
    Accept,
}

/// The settings.
pub struct Settings {
    /// `LISTEN`, an address and a port.
    pub listen: SocketAddr,
    /// `JWT_KEYS` or `JWT_KEYS_FILE`.
    pub keys: KeySource,
    /// What the file `USERS_FILE` says.
    pub users: String,
    /// `REDIS_URL`.
    pub redis_url: Option<String>,
    /// `ACCESS_SECONDS`: how long an access token lives.
    pub access_lifetime: Duration,
    /// `REFRESH_SECONDS`: how long a session lives after its login, however often it is refreshed.
    pub refresh_lifetime: Duration,
    /// `REFRESH_GRACE_SECONDS`: how long a refresh token that was replaced may be presented once more.
    pub refresh_grace: Duration,
    /// `WHEN_STORE_IS_DOWN`.
    pub when_store_is_down: WhenStoreIsDown,
    /// `INSECURE_COOKIES`: cookies without `Secure`, for clients that send those over HTTPS only, even to their own machine.
    pub insecure_cookies: bool,
}

impl Settings {
    /// Reads the settings through `get`, which is [`std::env::var`] but for tests.
    ///
    /// # Errors
    /// A message for the operator, never with a secret in it.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let flag = |name: &str| match get(name).as_deref() {
            None | Some("" | "0") => Ok(false),
            Some("1") => Ok(true),
            Some(_) => Err(format!("{name} is 1, 0 or not set")),
        };
        let seconds = |name: &str, default: Duration, least: u64| match get(name) {
            None => Ok(default),
            Some(text) => match text.parse() {
                Ok(secs) if secs >= least => Ok(Duration::from_secs(secs)),
                _ => Err(format!("{name} is a number of seconds, at least {least}")),
            },
        };
        let listen = get("LISTEN").unwrap_or("127.0.0.1:8080".to_owned());
        let listen: SocketAddr = listen
            .parse()
            .map_err(|_| "LISTEN is an address and a port, as 127.0.0.1:8080")?;
        // Whoever sets one of these gets no key and no user but their own.
        let own = ["JWT_KEYS", "JWT_KEYS_FILE", "USERS_FILE"];
        let development = flag("DEVELOPMENT")? && own.iter().all(|name| get(name).is_none());
        if development && !listen.ip().is_loopback() {
            return Err(
                "with DEVELOPMENT everybody knows the password: LISTEN on a loopback address, or set JWT_KEYS and USERS_FILE"
                    .to_owned(),
            );
        }
        if development {
            tracing::warn!(
                "for development only: alice logs in with the password \"correct horse\", and the key lasts as long as this process"
            );
        }
        Ok(Self {
            listen,
            keys: keys(&get, development)?,
            users: users(&get, development)?,
            redis_url: get("REDIS_URL").filter(|url| !url.is_empty()),
            access_lifetime: seconds("ACCESS_SECONDS", Access::LIFETIME, 1)?,
            refresh_lifetime: seconds("REFRESH_SECONDS", Refresh::LIFETIME, 1)?,
            refresh_grace: seconds("REFRESH_GRACE_SECONDS", Duration::ZERO, 0)?,
            when_store_is_down: match get("WHEN_STORE_IS_DOWN").as_deref() {
                None | Some("refuse") => WhenStoreIsDown::Refuse,
                Some("accept") => WhenStoreIsDown::Accept,
                Some(_) => return Err("WHEN_STORE_IS_DOWN is refuse or accept".to_owned()),
            },
            insecure_cookies: flag("INSECURE_COOKIES")?,
        })
    }
}

fn keys(get: impl Fn(&str) -> Option<String>, development: bool) -> Result<KeySource, String> {
    match (get("JWT_KEYS"), get("JWT_KEYS_FILE")) {
        (Some(text), None) => Ok(KeySource::Text(text)),
        (None, Some(path)) => Ok(KeySource::File(path)),
        (Some(_), Some(_)) => Err("JWT_KEYS and JWT_KEYS_FILE are both set".to_owned()),
        (None, None) if development => {
            let mut secret = [0; 16];
            getrandom::fill(&mut secret).map_err(|error| error.to_string())?;
            let number = u128::from_ne_bytes(secret);
            Ok(KeySource::Text(format!("development={number:032x}")))
        }
        (None, None) => Err("there is no key: set JWT_KEYS or JWT_KEYS_FILE".to_owned()),
    }
}

fn users(get: impl Fn(&str) -> Option<String>, development: bool) -> Result<String, String> {
    match get("USERS_FILE") {
        Some(path) => std::fs::read_to_string(&path)
            .map_err(|error| format!("the file of users {path} can't be read: {error}")),
        None if development => Ok(format!("alice {}", hash("correct horse")?)),
        None => Err("there are no users: set USERS_FILE".to_owned()),
    }
}
