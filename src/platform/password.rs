//! Passwords: hashed with argon2id, a few at a time, so that a crowd signing in at once needs bounded memory.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, RECOMMENDED_SALT_LEN, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization as _;

use super::id;
use crate::error::{Error, Result};

/// Rounds over the memory: what OWASP recommends with 19 MiB.
const ROUNDS: u32 = 2;

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    argon: Argon2<'static>,
    slots: Arc<Semaphore>,
    derived: Arc<AtomicU64>,
}

impl Passwords {
    /// Hashes that take this much memory each, two at a time for every core.
    #[must_use]
    pub fn new(memory_kib: u32) -> Self {
        let params = Params::new(memory_kib, ROUNDS, 1, None).unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            slots: Arc::new(Semaphore::new(2 * cores)),
            derived: Arc::default(),
        }
    }

    /// How many hashes have been computed: what somebody who tries passwords could measure.
    #[must_use]
    pub fn derived(&self) -> u64 {
        self.derived.load(Ordering::Relaxed)
    }

    /// Waits until there is memory for one more password.
    ///
    /// # Errors
    /// Never while the server runs.
    pub async fn slot(&self) -> Result<Slot> {
        let place = self.slots.clone().acquire_owned().await.map_err(Error::internal)?;
        Ok(Slot { argon: self.argon.clone(), place, derived: self.derived.clone() })
    }
}

/// The turn to hash or check one password.
#[derive(Debug)]
pub struct Slot {
    argon: Argon2<'static>,
    place: OwnedSemaphorePermit,
    derived: Arc<AtomicU64>,
}

impl Slot {
    /// The hash of a new password, in PHC form.
    ///
    /// # Errors
    /// When the machine has no memory or randomness to give.
    pub async fn hash(self, password: &str) -> Result<String> {
        let password = normal(password);
        let salt = id::secret_bytes::<RECOMMENDED_SALT_LEN>()?;
        self.work(move |argon| {
            let hash: Result<argon2::password_hash::phc::PasswordHash, _> =
                argon.hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string())
        })
        .await?
        .map_err(|_| Error::internal("a password could not be hashed"))
    }

    /// Whether the password is the one that was hashed. Without a hash, no; finding that out takes as long.
    ///
    /// # Errors
    /// When the machine has no memory to give.
    pub async fn verify(self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (password, hash) = (normal(password), hash.map(str::to_owned));
        self.work(move |argon| {
            let parsed = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
            if let Some(hash) = parsed {
                return argon.verify_password(password.as_bytes(), &hash).is_ok();
            }
            let mut wasted = [0; Params::DEFAULT_OUTPUT_LEN];
            let _ = argon.hash_password_into(password.as_bytes(), &[0; RECOMMENDED_SALT_LEN], &mut wasted);
            false
        })
        .await
    }

    /// The turn ends with the work, even when nobody waits for it any more.
    async fn work<T: Send + 'static>(self, work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static) -> Result<T> {
        let Self { argon, place, derived } = self;
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work(&argon);
            derived.fetch_add(1, Ordering::Relaxed);
            drop(place);
            outcome
        });
        done.await.map_err(Error::internal)
    }
}

/// The same password however the keyboard composes it.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_password_is_right() {
        let passwords = Passwords::new(8);
        let hash = passwords.slot().await.unwrap().hash("ｐａｓｓ wörd").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=2,p=1$"), "{hash}");
        for (password, right) in [("pass wo\u{308}rd", true), ("pass word", false), ("", false)] {
            let slot = passwords.slot().await.unwrap();
            assert_eq!(slot.verify(password, Some(&hash)).await.unwrap(), right, "{password}");
        }
        assert!(!passwords.slot().await.unwrap().verify("", None).await.unwrap());
        assert!(!passwords.slot().await.unwrap().verify("", Some("garbage")).await.unwrap());
    }
}
