//! The keys: read from the environment or a file, and replaced while the service runs.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jotlet::{Key, KeyError, KeyRing};

/// The key that signs, and one that only verifies: the previous one, or the next one before it signs.
pub type Ring = KeyRing<1>;

/// Where the keys come from.
#[derive(Clone)]
pub enum KeySource {
    /// `JWT_KEYS`: the keys themselves.
    Text(String),
    /// `JWT_KEYS_FILE`: read at the start and at every SIGHUP.
    File(String),
}

/// Why there is no key ring.
#[derive(Debug)]
pub enum KeysError {
    /// The file can't be read.
    File(String, std::io::Error),
    /// There is no key at all.
    Empty,
    /// An entry is not `id=secret`. The entry is not told: it may be a secret.
    NotAPair {
        /// Which one, from 1.
        entry: usize,
    },
    /// jotlet refuses a key or its id.
    Key {
        /// Which one, from 1.
        entry: usize,
        /// Why.
        error: KeyError,
    },
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "the file of keys {path} can't be read: {error}"),
            Self::Empty => {
                f.write_str("there is no key: set JWT_KEYS or JWT_KEYS_FILE to id=secret")
            }
            Self::NotAPair { entry } => write!(f, "key {entry} is not of the form id=secret"),
            Self::Key { entry, error } => write!(f, "key {entry}: {error}"),
        }
    }
}

impl std::error::Error for KeysError {}

impl KeySource {
    /// Reads the keys: entries `id=secret` with whitespace between them, of which the first signs.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn load(&self) -> Result<Ring, KeysError> {
        match self {
            Self::Text(text) => parse(text),
            Self::File(path) => {
                let text = std::fs::read_to_string(path);
                parse(&text.map_err(|error| KeysError::File(path.clone(), error))?)
            }
        }
    }
}

fn parse(text: &str) -> Result<Ring, KeysError> {
    let mut ring: Option<Ring> = None;
    for (entry, pair) in (1..).zip(text.split_whitespace()) {
        let (id, secret) = pair.split_once('=').ok_or(KeysError::NotAPair { entry })?;
        let refused = |error| KeysError::Key { entry, error };
        let key = Key::new(secret.as_bytes()).map_err(refused)?;
        match &mut ring {
            None => ring = Some(Ring::new(id, key).map_err(refused)?),
            Some(ring) => ring.add(id, key).map_err(refused)?,
        }
    }
    ring.ok_or(KeysError::Empty)
}

/// The ring of now. A request takes it once and keeps it to its end, so a rotation neither waits for requests nor drops one.
pub struct Keys {
    source: KeySource,
    ring: RwLock<Arc<Ring>>,
}

impl Keys {
    /// The keys of a source.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn new(source: KeySource) -> Result<Self, KeysError> {
        let ring = RwLock::new(Arc::new(source.load()?));
        Ok(Self { source, ring })
    }

    /// The ring of now.
    #[must_use]
    pub fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the source again, and tells which key signs from now on.
    ///
    /// # Errors
    /// [`KeysError`]: the ring stays as it was.
    pub fn reload(&self) -> Result<String, KeysError> {
        let ring = self.source.load()?;
        let signing = ring.signing_key_id().to_owned();
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(signing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "a=0123456789abcdef0123456789abcdef";
    const B: &str = "b=fedcba9876543210fedcba9876543210";

    #[test]
    fn the_first_key_signs() {
        let ring = parse(&format!("{A}\n{B}\n")).map(|ring| ring.signing_key_id().to_owned());
        assert!(matches!(ring.as_deref(), Ok("a")));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_secret() {
        let cases = [
            (String::new(), "there is no key"),
            (format!("{A} hunter2"), "key 2 is not of the form id=secret"),
            (
                "a=hunter2".to_owned(),
                "key 1: the key has 7 bytes, HS256 needs at least 32",
            ),
            (
                format!("{A} {A}"),
                "key 2: another key of the ring has this key id",
            ),
            (
                format!("{A} {B} c{A}"),
                "key 3: the ring is full with 2 keys",
            ),
        ];
        for (text, message) in cases {
            let error = parse(&text).map(|_| ()).map_err(|error| error.to_string());
            let error = error.err().unwrap_or_default();
            assert!(error.starts_with(message), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
