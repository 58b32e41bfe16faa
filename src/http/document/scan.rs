//! One pass over the text, before any parser sees it: bytes, tokens and open brackets.

use super::limits::{MAX_BRACKETS, MAX_BYTES, MAX_TOKENS, hold};
use crate::error::Error;

/// Refuses a text that is too long, has too many tokens or nests too deep. Says nothing about its syntax.
pub(super) fn scan(text: &str) -> Result<(), Error> {
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    hold(("Bytes of the document", "文档字节数"), bytes, MAX_BYTES)?;
    let (tokens, brackets) = measure(text.as_bytes());
    hold(("Tokens of the document", "文档词元数"), tokens, MAX_TOKENS)?;
    hold(("Nested brackets of the document", "文档括号嵌套层数"), brackets, MAX_BRACKETS)
}

/// How many tokens there are, and how many brackets are open at the deepest place.
fn measure(text: &[u8]) -> (u64, u64) {
    let (mut tokens, mut open, mut deepest) = (0, 0_u64, 0);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | 0xEF | 0xBB | 0xBF => {
                at += 1;
                continue;
            }
            b'#' => {
                at += run(&text[at..], |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'{' | b'(' | b'[' => {
                open += 1;
                deepest = deepest.max(open);
                1
            }
            b'}' | b')' | b']' => {
                open = open.saturating_sub(1);
                1
            }
            b'"' => string(&text[at..]),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                run(&text[at..], |byte| byte == b'_' || byte.is_ascii_alphanumeric())
            }
            _ => 1,
        };
        tokens += 1;
        at += length;
    }
    (tokens, deepest)
}

/// The length of the longest beginning whose bytes all pass, at least 1.
fn run(text: &[u8], passes: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|byte| !passes(*byte)).unwrap_or(text.len()).max(1)
}

/// The length of a string or block string; of the rest of the text when it never ends.
fn string(text: &[u8]) -> usize {
    if text.starts_with(b"\"\"\"") {
        let mut at = 3;
        while at < text.len() {
            if text[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if text[at..].starts_with(b"\"\"\"") {
                return at + 3;
            } else {
                at += 1;
            }
        }
        return text.len();
    }
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            // The string is not closed: the parser will say so.
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::measure;

    #[test]
    fn tokens_are_what_the_grammar_calls_tokens() {
        assert_eq!(measure(b"query A($id: ID!) { node(id: $id) { ... on B { c } } }"), (28, 3));
        assert_eq!(measure(b"{ a(b: \"} } \\\" {\", c: [1, -2.5e3]) } # { { {"), (17, 3));
        assert_eq!(measure("\u{feff}{ a(b: \"\"\"x \" \\\"\"\" {{{ y\"\"\") }".as_bytes()), (8, 2));
        assert_eq!(measure(b"\"never closed {{{"), (1, 0));
        assert_eq!(measure(b"\"ends with a backslash\\"), (1, 0));
        assert_eq!(measure(b"}}}}{"), (5, 1));
        assert_eq!(measure(b""), (0, 0));
    }
}
