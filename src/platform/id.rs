//! Keys: UUID v7 made by the application, shown to clients as TypeIDs.
//!
//! A TypeID (<https://github.com/jetify-com/typeid/tree/main/spec>) is a readable prefix and 26 characters of
//! lower-case base32: `agreement_01h455vb4pex5vsknk084sn02q`. Reading is strict, so that every id has one spelling.

use std::{
    fmt,
    marker::PhantomData,
    sync::atomic::{AtomicU32, Ordering},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::Record;
use uuid::{NoContext, Timestamp, Uuid};

use crate::error::{Error, Result};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// How many keys this process has made: what orders keys of the same millisecond.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A new key whose order follows `now`, and within a millisecond the order in which this process made them: pages and
/// logs sort by it. 48 bits of time, 26 of the count, 48 of chance.
#[must_use]
pub fn new(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    #[expect(clippy::disallowed_methods, reason = "the one place that makes keys")]
    let random = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())).as_u128();
    let made = u128::from(MADE.fetch_add(1, Ordering::Relaxed));
    // The count's upper 12 bits follow the version, its lower 14 the variant.
    let (upper, lower) = ((made >> 14 & 0xfff) << 64, (made & 0x3fff) << 48);
    Uuid::from_u128(random & !(0xfff << 64 | 0x3fff << 48) | upper | lower)
}

/// Random bytes that nobody can guess, for keys, tokens and salts.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn secret_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("the machine gives no random bytes"))?;
    Ok(bytes)
}

/// A new bearer token: what it is for, and 256 random bits in base64url.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn secret_token(prefix: &str) -> Result<String> {
    Ok(format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(secret_bytes::<32>()?)))
}

/// The id of a record of table `T`, as clients write it.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id of the record with this key.
    #[must_use]
    pub fn new(key: Uuid) -> Self {
        Self(key, PhantomData)
    }

    /// The key as the database knows it.
    #[must_use]
    pub fn key(self) -> Uuid {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Record> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show(T::PREFIX, self.0))
    }
}

impl<T: Record> Id<T> {
    /// Reads an id of exactly this type; `None` for another type's id, upper case or garbage.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (prefix, key) = read(text)?;
        (prefix == T::PREFIX).then(|| Self::new(key))
    }
}

/// `prefix_` and the key in base32.
#[must_use]
pub fn show(prefix: &str, key: Uuid) -> String {
    let mut text = String::with_capacity(prefix.len() + 1 + LENGTH);
    push(&mut text, prefix, key);
    text
}

/// Appends `prefix_` and the key in base32.
pub fn push(text: &mut String, prefix: &str, key: Uuid) {
    text.push_str(prefix);
    text.push('_');
    let bits = key.as_u128();
    for place in (0..LENGTH).rev() {
        text.push(char::from(ALPHABET[(bits >> (place * 5)) as usize & 31]));
    }
}

/// The prefix and the key of any TypeID in its one spelling.
#[must_use]
pub fn read(text: &str) -> Option<(&str, Uuid)> {
    let (prefix, suffix) = text.rsplit_once('_')?;
    let bytes = suffix.as_bytes();
    // 26 × 5 = 130 bits: the first character carries only three.
    if bytes.len() != LENGTH || bytes[0] > b'7' {
        return None;
    }
    let mut bits = 0_u128;
    for byte in bytes {
        let digit = ALPHABET.iter().position(|symbol| symbol == byte)?;
        bits = bits << 5 | digit as u128;
    }
    Some((prefix, Uuid::from_u128(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_examples() {
        let key: Uuid = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        assert_eq!(show("prefix", key), "prefix_01h455vb4pex5vsknk084sn02q");
        assert_eq!(read("prefix_01h455vb4pex5vsknk084sn02q"), Some(("prefix", key)));
        assert_eq!(show("a", Uuid::from_u128(u128::MAX)), "a_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "_",
            "agreement",
            "agreement_",
            "agreement_01h455vb4pex5vsknk084sn02",
            "agreement_01H455VB4PEX5VSKNK084SN02Q",
            "agreement_81h455vb4pex5vsknk084sn02q",
            "agreement_01h455vb4pex5vsknk084sn02u",
            "agreement_01h455vb4pex5vsknk084sn02q ",
            "agreement_01h455vb4pex5vsknk084sn0２",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn later_keys_sort_later() {
        let early = new(DateTime::from_timestamp(1_746_500_000, 0).unwrap());
        let late = new(DateTime::from_timestamp(1_746_500_001, 0).unwrap());
        assert!(early < late);
        let moment = DateTime::from_timestamp(1_746_500_000, 0).unwrap();
        let keys: Vec<_> = (0..5_000).map(|_| new(moment)).collect();
        assert!(keys.is_sorted(), "and those of one moment in the order in which they were made");
        assert_eq!((keys[0].get_version_num(), keys[0].get_variant()), (7, uuid::Variant::RFC4122));
    }
}
