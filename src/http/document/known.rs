//! Documents that were sent before: frontends send the same few over and over, and parsing costs more than looking up.

use std::sync::Arc;

use super::Parsed;
use crate::platform::generations::Generations;

/// Bytes of text in each generation. A parsed document takes about twenty times its text.
const MAX_BYTES: usize = 128 * 1024;
/// Bytes of the longest text that is kept.
const MAX_TEXT: usize = 8 * 1024;

/// Documents that passed every check that does not depend on the request.
#[derive(Debug)]
pub struct Known(Generations<Arc<Parsed>>);

impl Default for Known {
    fn default() -> Self {
        Self(Generations::new(MAX_BYTES))
    }
}

impl Known {
    /// The document with exactly this text, if it was kept.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Arc<Parsed>> {
        self.0.find(text)
    }

    /// Keeps a document for the next who sends it.
    pub fn keep(&self, text: &str, parsed: &Arc<Parsed>) {
        if text.len() <= MAX_TEXT {
            self.0.keep(text, parsed.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::document::parse;

    #[test]
    fn long_documents_are_not_kept() {
        let known = Known::default();
        let parsed = Arc::new(parse("{a}").unwrap());
        known.keep(&"x".repeat(MAX_TEXT), &parsed);
        assert!(known.find(&"x".repeat(MAX_TEXT)).is_some());
        known.keep(&"x".repeat(MAX_TEXT + 1), &parsed);
        assert!(known.find(&"x".repeat(MAX_TEXT + 1)).is_none());
    }
}
