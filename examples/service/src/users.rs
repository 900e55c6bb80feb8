//! Who may log in: names and argon2 hashes of their passwords.

use std::collections::HashMap;
use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// The longest name of a user, in bytes.
pub const MAX_NAME_LEN: usize = 64;

/// The users, and how many passwords are hashed at a time: a hash takes 19 MiB and a core for tens of milliseconds.
pub struct Users {
    hashes: HashMap<String, String>,
    /// What an unknown user's password is compared with, so that they take as long as a known one.
    nobody: String,
    hashing: Arc<Semaphore>,
}

/// Hashes a password as argon2id with a random salt, in the PHC string format.
///
/// # Errors
/// A message for the operator.
pub fn hash(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash
        .map_err(|error| format!("the password can't be hashed: {error}"))?
        .to_string())
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte);
    (1..=MAX_NAME_LEN).contains(&name.len()) && name.bytes().all(plain)
}

impl Users {
    /// Users from lines of a name, a space and a hash as [`hash`] makes it.
    ///
    /// # Errors
    /// A message for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut hashes = HashMap::new();
        for (number, line) in (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let (name, hash) = line
                .trim()
                .split_once(' ')
                .filter(|(name, hash)| is_name(name) && PasswordHash::new(hash).is_ok())
                .ok_or(format!(
                    "line {number} of the users is not a name and an argon2 hash"
                ))?;
            if hashes.insert(name.to_owned(), hash.to_owned()).is_some() {
                return Err(format!("line {number} of the users has a name again"));
            }
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            hashes,
            nobody: hash("nobody's password")?,
            hashing: Arc::new(Semaphore::new(cores)),
        })
    }

    /// Whether this is the user's password.
    pub async fn check(&self, name: &str, password: String) -> bool {
        let known = self.hashes.get(name);
        let hash = known.unwrap_or(&self.nobody).clone();
        let Ok(permit) = Arc::clone(&self.hashing).acquire_owned().await else {
            return false;
        };
        let matches = tokio::task::spawn_blocking(move || {
            // Until the hash is done, also when the client has gone meanwhile.
            let _permit = permit;
            let hash = PasswordHash::new(&hash);
            hash.is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        });
        matches.await.unwrap_or(false) && known.is_some()
    }
}
