//! A bounded memory of what was worked out for a text, in two generations: what is asked for moves to the young one, and
//! when that is full the old one is forgotten. Nobody can fill it with texts that are sent once, nor push out those that
//! are used.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Remembers values by text.
pub struct Generations<V> {
    held: Mutex<Held<V>>,
    /// Bytes of text in each generation.
    most: usize,
}

struct Held<V> {
    young: HashMap<Box<str>, V>,
    old: HashMap<Box<str>, V>,
    /// Bytes of text in the young generation.
    bytes: usize,
}

impl<V> fmt::Debug for Generations<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generations")
    }
}

impl<V: Clone> Generations<V> {
    /// An empty memory for so many bytes of text in each generation.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let held = Held { young: HashMap::new(), old: HashMap::new(), bytes: 0 };
        Self { held: Mutex::new(held), most }
    }

    /// The value for exactly this text, if it is remembered.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<V> {
        let mut held = self.held();
        if let Some(value) = held.young.get(text) {
            return Some(value.clone());
        }
        let (text, value) = held.old.remove_entry(text)?;
        held.put(text, value.clone(), self.most);
        Some(value)
    }

    /// Remembers a value, in place of an earlier one for the same text.
    pub fn keep(&self, text: &str, value: V) {
        self.held().put(text.into(), value, self.most);
    }

    /// Forgets the value for this text.
    pub fn forget(&self, text: &str) {
        let mut held = self.held();
        if held.young.remove(text).is_some() {
            held.bytes -= text.len();
        }
        held.old.remove(text);
    }

    fn held(&self) -> MutexGuard<'_, Held<V>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Held<V> {
    fn put(&mut self, text: Box<str>, value: V, most: usize) {
        if self.bytes + text.len() > most {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        let length = text.len();
        if self.young.insert(text, value).is_none() {
            self.bytes += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let memory = Generations::new(64 * 1024);
        memory.keep("used", 1);
        memory.keep("unused", 2);
        memory.keep("used", 3);
        let filler = "x".repeat(4 * 1024 - 4);
        for at in 0..40 {
            memory.keep(&format!("{at:04}{filler}"), 0);
            assert_eq!(memory.find("used"), Some(3));
        }
        assert_eq!(memory.find("unused"), None);
        let held = memory.held();
        let bytes = |generation: &HashMap<Box<str>, i32>| generation.keys().map(|text| text.len()).sum::<usize>();
        assert!(bytes(&held.young) + bytes(&held.old) <= 2 * memory.most);
        assert_eq!(held.bytes, bytes(&held.young));
    }

    #[test]
    fn what_is_forgotten_is_not_found() {
        let memory = Generations::new(100);
        memory.keep("a", 1);
        memory.forget("a");
        memory.forget("b");
        assert_eq!(memory.find("a"), None);
        assert_eq!(memory.held().bytes, 0);
    }
}
