//! Documents that were sent before: frontends send the same few over and over, and parsing costs more than looking up.
//!
//! Two generations: what is asked for moves to the young one, and when that is full the old one is forgotten. Nobody
//! can fill the memory with documents that are sent once, nor push out those that are used.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::Parsed;

/// Bytes of text in each generation. A parsed document takes about twenty times its text.
const MAX_BYTES: usize = 128 * 1024;
/// Bytes of the longest text that is kept.
const MAX_TEXT: usize = 8 * 1024;

/// Documents that passed every check that does not depend on the request.
#[derive(Debug, Default)]
pub struct Known(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Box<str>, Arc<Parsed>>,
    old: HashMap<Box<str>, Arc<Parsed>>,
    /// Bytes of text in the young generation.
    bytes: usize,
}

impl Known {
    /// The document with exactly this text, if it was kept.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Arc<Parsed>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(parsed) = generations.young.get(text) {
            return Some(parsed.clone());
        }
        let (text, parsed) = generations.old.remove_entry(text)?;
        generations.put(text, parsed.clone());
        Some(parsed)
    }

    /// Keeps a document for the next who sends it.
    pub fn keep(&self, text: &str, parsed: &Arc<Parsed>) {
        if text.len() <= MAX_TEXT {
            let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            generations.put(text.into(), parsed.clone());
        }
    }
}

impl Generations {
    fn put(&mut self, text: Box<str>, parsed: Arc<Parsed>) {
        if self.bytes + text.len() > MAX_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        let length = text.len();
        if self.young.insert(text, parsed).is_none() {
            self.bytes += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::document::parse;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let known = Known::default();
        let parsed = Arc::new(parse("{a}").unwrap());
        known.keep("used", &parsed);
        known.keep("unused", &parsed);
        let filler = "x".repeat(MAX_TEXT - 4);
        for at in 0..40 {
            known.keep(&format!("{at:04}{filler}"), &parsed);
            assert!(known.find("used").is_some());
        }
        assert!(known.find("unused").is_none());
        known.keep(&"x".repeat(MAX_TEXT + 1), &parsed);
        assert!(known.find(&"x".repeat(MAX_TEXT + 1)).is_none());
        let generations = known.0.lock().unwrap();
        let bytes: usize = generations.young.keys().chain(generations.old.keys()).map(|text| text.len()).sum();
        assert!(bytes <= 2 * MAX_BYTES);
        assert_eq!(generations.bytes, generations.young.keys().map(|text| text.len()).sum::<usize>());
    }
}
