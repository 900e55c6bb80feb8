//! What is told of the tokens: a line in the log, a counter, and an alert where a source does suspicious things too often.

use std::fmt::Display;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jotlet::{Claims, Counters, Detector, Event, Outcome, Suspicion, Timestamp, TokenType};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::registry::Registry;

/// The log and the counters.
pub struct Monitor {
    counters: Arc<Mutex<Counters>>,
    detector: Mutex<Detector<64>>,
    alerts: Counter,
    failed_logins: Counter,
    registry: Registry,
    /// What the fingerprints in the log are made with: another one after each start.
    salt: [u8; 16],
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Monitor {
    /// All counters at zero.
    ///
    /// # Errors
    /// A message for the operator: there is no random source.
    pub fn new() -> Result<Self, String> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|error| error.to_string())?;
        let counters = Arc::default();
        let (alerts, failed_logins) = (Counter::default(), Counter::default());
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Tokens(Arc::clone(&counters))));
        registry.register(
            "jotlet_alerts",
            "Sources that did suspicious things too often",
            alerts.clone(),
        );
        registry.register(
            "failed_logins",
            "Wrong names and passwords",
            failed_logins.clone(),
        );
        let detector = Detector::new(20, Duration::from_mins(1)).threshold(Suspicion::Replay, 1);
        Ok(Self {
            counters,
            detector: Mutex::new(detector),
            alerts,
            failed_logins,
            registry,
            salt,
        })
    }

    /// What happened to a token whose claims are known.
    pub fn about<T: TokenType>(
        &self,
        outcome: Outcome,
        claims: &Claims<'_, T>,
        peer: IpAddr,
        now: Timestamp,
    ) {
        let event = Event::new::<T>(outcome, now);
        self.note(
            &event.about(&self.salt, claims.subject(), claims.token_id()),
            peer,
            &"",
        );
    }

    /// What happened to a subject, where there is no token yet or any more.
    pub fn about_subject<T: TokenType>(
        &self,
        outcome: Outcome,
        subject: &str,
        peer: IpAddr,
        now: Timestamp,
    ) {
        let event = Event::new::<T>(outcome, now);
        self.note(&event.about(&self.salt, Some(subject), None), peer, &"");
    }

    /// Counts an event, logs it with its reason, and tells if there are too many of its sort.
    pub fn note(&self, event: &Event, peer: IpAddr, reason: &dyn Display) {
        lock(&self.counters).count(event.outcome);
        let Event {
            outcome,
            token_type,
            subject,
            token_id,
            ..
        } = event;
        let subject = subject.map(tracing::field::display);
        let token = token_id.map(tracing::field::display);
        match outcome {
            Outcome::Accepted => tracing::debug!(%outcome, token_type, subject, token, %peer),
            Outcome::Replayed => tracing::warn!(%outcome, token_type, subject, token, %peer),
            Outcome::Refused(_) => {
                tracing::info!(%outcome, token_type, subject, token, %peer, %reason);
            }
            _ => tracing::info!(%outcome, token_type, subject, token, %peer),
        }
        if let Some(alert) = lock(&self.detector).observe(source(peer), event) {
            self.alerts.inc();
            tracing::warn!(%peer, "{alert}");
        }
    }

    /// Somebody gave a wrong name or password. Which name is not logged: it may be a password in the wrong field.
    pub fn login_failed(&self, peer: IpAddr) {
        self.failed_logins.inc();
        tracing::info!(%peer, "a login failed");
    }

    /// The counters as Prometheus reads them (`OpenMetrics` 1.0).
    ///
    /// # Errors
    /// None that can happen: text is written to a string.
    pub fn metrics(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// An address as the detector tells sources apart: of IPv6 the first half, since the rest is the client's to choose.
fn source(peer: IpAddr) -> u64 {
    match peer {
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => u64::try_from(address.to_bits() >> 64).unwrap_or_default(),
    }
}

/// jotlet's counters for the registry.
#[derive(Debug)]
struct Tokens(Arc<Mutex<Counters>>);

impl Collector for Tokens {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let counters = *lock(&self.0);
        let help = "What happened to tokens";
        let mut metric =
            encoder.encode_descriptor("jotlet_tokens", help, None, MetricType::Counter)?;
        for (outcome, count) in counters.iter() {
            let labels = [("outcome", outcome.name())];
            ConstCounter::new(count).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
