//! What only this installation can read or make: sealed private keys, and pseudonyms of what must not be kept.
//!
//! Everything hangs on one secret, a setting or else a file made at the first start. Each purpose has a key of its own,
//! derived from it (HKDF, RFC 5869), so that what is learnt from one helps nothing with another.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf, hmac,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::id;
use crate::{
    error::{Error, Result},
    settings::{Secret, Settings},
};

/// The file in the data directory that keeps the secret when no setting gives one.
const FILE: &str = "secret";

/// Keys for every purpose, derived from the installation's secret.
#[derive(Debug)]
pub struct Seal(hkdf::Prk);

impl Seal {
    /// The keys that come from this secret.
    ///
    /// # Errors
    /// When there is no secret.
    pub fn new(secret: &Secret) -> Result<Self> {
        if secret.reveal().is_empty() {
            return Err(Error::internal("the installation has no secret"));
        }
        Ok(Self(hkdf::Salt::new(hkdf::HKDF_SHA256, b"hezuo").extract(secret.reveal().as_bytes())))
    }

    /// Seals bytes with AES-256-GCM. They open only for the same purpose and under the same name.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn close(&self, purpose: &'static str, name: &str, plain: &[u8]) -> Result<String> {
        let mut sealed = plain.to_vec();
        let nonce = self
            .cipher(purpose)?
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed)
            .map_err(|_| Error::internal("sealing failed"))?;
        let whole = [nonce.as_ref().as_slice(), &sealed].concat();
        Ok(URL_SAFE_NO_PAD.encode(whole))
    }

    /// What was sealed for this purpose under this name; `None` when it was sealed with another secret or changed.
    ///
    /// # Errors
    /// When the key cannot be derived.
    pub fn open(&self, purpose: &'static str, name: &str, sealed: &str) -> Result<Option<Vec<u8>>> {
        let Ok(whole) = URL_SAFE_NO_PAD.decode(sealed) else { return Ok(None) };
        let Some((nonce, sealed)) = whole.split_first_chunk::<NONCE_LEN>() else { return Ok(None) };
        let mut bytes = sealed.to_vec();
        let aad = Aad::from(name.as_bytes());
        let plain = self.cipher(purpose)?.open_in_place(Nonce::from(nonce), aad, &mut bytes);
        Ok(plain.ok().map(|plain| plain.to_vec()))
    }

    /// A name for a text from which the text cannot be found without the secret; always the same for the same text.
    ///
    /// # Errors
    /// When the key cannot be derived.
    pub fn pseudonym(&self, purpose: &'static str, text: &str) -> Result<String> {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.key(purpose)?), text.as_bytes());
        Ok(URL_SAFE_NO_PAD.encode(tag.as_ref()))
    }

    fn cipher(&self, purpose: &'static str) -> Result<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.key(purpose)?).map_err(|_| Error::internal("no key of that length"))
    }

    fn key(&self, purpose: &'static str) -> Result<[u8; 32]> {
        let mut key = [0; 32];
        self.0
            .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|derived| derived.fill(&mut key))
            .map_err(|_| Error::internal("no key could be derived"))?;
        Ok(key)
    }
}

/// The installation's secret: the setting, else the file in the data directory, which is made when it is missing and
/// which nobody but the server's own account can read.
///
/// # Errors
/// When the file can neither be read nor made, or holds no secret.
pub fn secret(settings: &Settings) -> io::Result<Secret> {
    if !settings.secret.reveal().is_empty() {
        return Ok(settings.secret.clone());
    }
    let path = settings.data_dir.join(FILE);
    if !path.try_exists()? {
        fs::create_dir_all(&settings.data_dir)?;
        make(&path)?;
    }
    let text = fs::read_to_string(&path)?;
    let text = text.trim();
    if text.len() < 32 {
        let message = format!("{} holds no secret of at least 32 characters", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let Ok(secret) = text.parse();
    Ok(secret)
}

/// Makes the file whole or not at all, and leaves the one alone that another server made meanwhile.
fn make(path: &Path) -> io::Result<()> {
    let text = id::secret_token("hezuo").map_err(|_| io::Error::other("no random bytes"))?;
    let draft = path.with_extension(&text[text.len() - 8..]);
    let mut file = private(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let made = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    };
    fs::remove_file(&draft)?;
    made
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(secret: &str) -> Seal {
        Seal::new(&secret.parse().unwrap()).unwrap()
    }

    #[test]
    fn only_the_same_secret_purpose_and_name_open_it() {
        let ours = seal("one secret");
        let sealed = ours.close("keys", "a", b"plain").unwrap();
        assert_eq!(ours.open("keys", "a", &sealed).unwrap().unwrap(), b"plain");
        assert_eq!(ours.open("keys", "b", &sealed).unwrap(), None);
        assert_eq!(ours.open("links", "a", &sealed).unwrap(), None);
        assert_eq!(seal("another").open("keys", "a", &sealed).unwrap(), None);
        assert_eq!(ours.open("keys", "a", &sealed[1..]).unwrap(), None);
        assert_ne!(ours.close("keys", "a", b"plain").unwrap(), sealed);
    }

    #[test]
    fn the_secret_is_made_once_and_kept_private() {
        let dir = std::env::temp_dir().join(id::secret_token("hezuo").unwrap());
        let given = [("HEZUO_DATA_DIR".to_owned(), dir.display().to_string())];
        let settings = Settings::load(given.into_iter(), None).unwrap();
        let first = secret(&settings).unwrap();
        assert_eq!(secret(&settings).unwrap(), first);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(dir.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::remove_dir_all(dir).unwrap();
    }
}
