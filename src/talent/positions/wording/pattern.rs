//! How the table's words are written, and how a text is read for them.
//!
//! A pattern is characters as they are, `{a|b|}` for one of several (an empty one: or nothing), and `#` for a number in
//! digits or in Chinese. A text is read without what stands between its letters: wide characters become plain ones,
//! capitals small, spaces and commas go, and a dash between two numbers reads 至. Nothing reaches over the end of a
//! sentence.

use unicode_normalization::UnicodeNormalization;

/// What stands where a sentence ends or where something harmless was left out: no pattern has it.
const GAP: char = '\u{0}';
/// Digits that a number may have; a longer one is no age.
const LONGEST_NUMBER: usize = 4;

/// Words to find.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

#[derive(Debug, PartialEq, Eq)]
enum Part {
    One(char),
    Number,
    Any(Vec<Pattern>),
}

impl Pattern {
    pub(super) fn read(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            rest = &rest[first.len_utf8()..];
            match first {
                '#' => parts.push(Part::Number),
                '{' => {
                    let (inside, behind) = rest.split_once('}').unwrap_or((rest, ""));
                    parts.push(Part::Any(inside.split('|').map(Self::read).collect()));
                    rest = behind;
                }
                other => parts.push(Part::One(other)),
            }
        }
        Self(parts)
    }

    /// How many characters the longest match at the beginning of the text has; none when it does not begin so.
    pub(super) fn longest(&self, text: &[char]) -> Option<usize> {
        longest(&self.0, text)
    }
}

fn longest(parts: &[Part], text: &[char]) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(0) };
    let then = |length: usize| longest(rest, text.get(length..)?).map(|more| length + more);
    match part {
        Part::One(wanted) => (text.first() == Some(wanted)).then(|| then(1)).flatten(),
        Part::Number => {
            let digits = text.iter().take_while(|c| is_number(**c)).count();
            (1..=digits.min(LONGEST_NUMBER)).rev().find_map(then)
        }
        Part::Any(patterns) => patterns.iter().filter_map(|one| then(longest(&one.0, text)?)).max(),
    }
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// A text as it is read.
pub(super) struct Read {
    pub(super) characters: Vec<char>,
    /// For each of them, which character of the text it was.
    origins: Vec<usize>,
}

impl Read {
    pub(super) fn of(text: &str) -> Self {
        let plain = text.chars().enumerate().flat_map(|(origin, written)| {
            let plain: Vec<char> = written.nfkc().flat_map(char::to_lowercase).collect();
            plain.into_iter().map(move |c| (c, origin))
        });
        let plain: Vec<(char, usize)> = plain.collect();
        let mut read = Self { characters: Vec::new(), origins: Vec::new() };
        for (at, (c, origin)) in plain.iter().enumerate() {
            let follows = |c: &char| read.characters.last().is_some_and(|last| is_number(*last)) && is_dash(*c);
            let kept = match c {
                '。' | '!' | '?' | ';' | '\n' | '\r' => GAP,
                c if c.is_alphanumeric() => *c,
                c if follows(c) && plain.get(at + 1).is_some_and(|(next, _)| is_number(*next)) => '至',
                _ => continue,
            };
            read.characters.push(kept);
            read.origins.push(*origin);
        }
        read
    }

    /// Puts a gap wherever the pattern matches.
    pub(super) fn leave_out(&mut self, pattern: &Pattern) {
        let mut at = 0;
        while at < self.characters.len() {
            let length = pattern.longest(&self.characters[at..]).filter(|length| self.is_whole(at, *length));
            let length = length.unwrap_or_default();
            self.characters[at..at + length].fill(GAP);
            at += length.max(1);
        }
    }

    /// Whether nothing is cut there: neither a number nor a word in Latin letters.
    pub(super) fn is_whole(&self, at: usize, length: usize) -> bool {
        let joined = |at: usize| {
            let (Some(before), Some(after)) =
                (at.checked_sub(1).map(|at| self.characters[at]), self.characters.get(at))
            else {
                return false;
            };
            let adjacent = self.origins[at] <= self.origins[at - 1] + 1;
            let letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
            adjacent && (letters || (is_number(before) && is_number(*after)))
        };
        !joined(at) && !joined(at + length)
    }

    /// What was written for these characters, and how many characters of the text stand before it.
    pub(super) fn written(&self, text: &str, at: usize, length: usize) -> (String, usize) {
        let (first, last) = (self.origins[at], self.origins[at + length - 1]);
        (text.chars().skip(first).take(last + 1 - first).collect(), first)
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '~' | '—' | '–' | '―' | '〜' | '−')
}
