//! Checking what people type: every problem is collected, each naming its field, and nothing is written until none is left.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Code, Details, Error, Problem, Result, Text};

/// The problems of one input, gathered while it is read.
#[derive(Debug, Default)]
pub struct Checks {
    problems: Vec<Problem>,
    within: &'static str,
}

/// How long a text may be, in characters.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    /// At least; 0 allows nothing at all.
    pub min: usize,
    /// At most.
    pub max: usize,
}

/// The name of something: a title, a person, an organization.
pub const NAME: Length = Length { min: 1, max: 200 };
/// A reason or a note to somebody.
pub const NOTE: Length = Length { min: 1, max: 2_000 };
/// The body of a document.
pub const BODY: Length = Length { min: 1, max: 100_000 };

impl Checks {
    /// Nothing wrong yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From here on the fields lie in this member of the input: `text`.
    pub fn within(&mut self, member: &'static str) {
        self.within = member;
    }

    /// Notes that a field is invalid: what was expected, in both languages. Paths are dotted: `parties.0.capacity`.
    pub fn invalid(&mut self, field: &str, en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) {
        self.problem(field, Code::InvalidInput, Text::new(en, zh));
    }

    /// Notes a problem of any kind at a field.
    pub fn problem(&mut self, field: &str, code: Code, message: Text) {
        self.problems.push(Problem::new(code, message).at(self.path(field)));
    }

    /// Notes that a rule does not hold for a field.
    pub fn require(
        &mut self,
        holds: bool,
        field: &str,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) {
        if !holds {
            self.invalid(field, en, zh);
        }
    }

    /// Notes that something like it exists already, and its name if the caller may know it.
    pub fn duplicate(&mut self, field: &str, message: Text, existing: Option<String>) {
        let details = Details { existing, ..Details::default() };
        self.problems.push(Problem::new(Code::Duplicate, message).at(self.path(field)).with(details));
    }

    fn path(&self, field: &str) -> Vec<String> {
        path(&format!("{}.{field}", self.within)).collect()
    }

    /// One line of text: trimmed, in Unicode's composed form, free of characters that hide or reorder others.
    pub fn line(&mut self, field: &str, text: &str, length: Length) -> String {
        self.text(field, text, length, false)
    }

    /// Text of several lines, otherwise as [`Self::line`].
    pub fn lines(&mut self, field: &str, text: &str, length: Length) -> String {
        self.text(field, text, length, true)
    }

    /// As [`Self::line`] for a field that may be left out; an empty text counts as left out.
    pub fn optional_line(&mut self, field: &str, text: Option<&str>, length: Length) -> Option<String> {
        text.filter(|text| !text.trim().is_empty()).map(|text| self.line(field, text, length))
    }

    /// As [`Self::lines`] for a field that may be left out; an empty text counts as left out.
    pub fn optional_lines(&mut self, field: &str, text: Option<&str>, length: Length) -> Option<String> {
        text.filter(|text| !text.trim().is_empty()).map(|text| self.lines(field, text, length))
    }

    fn text(&mut self, field: &str, text: &str, length: Length, breaks: bool) -> String {
        let text: String = text.nfc().collect::<String>().trim().to_owned();
        if let Some(bad) = text.chars().find(|&c| is_hidden(c) && !(breaks && matches!(c, '\n' | '\t' | '\r'))) {
            self.invalid(
                field,
                format!("{field} has a character that cannot be seen (U+{:04X}).", bad as u32),
                format!("{field} 含有不可见字符（U+{:04X}）。", bad as u32),
            );
        }
        let count = text.chars().count();
        if count < length.min || count > length.max {
            let Length { min, max } = length;
            self.invalid(
                field,
                format!("{field} has {count} characters; expected {min} to {max}."),
                format!("{field} 有 {count} 个字符，应为 {min} 至 {max} 个。"),
            );
        }
        if contains_resident_id(&text) {
            self.invalid(
                field,
                format!("{field} contains a resident ID number, which is never stored."),
                format!("{field} 含有居民身份证号码，系统不予保存。"),
            );
        }
        text
    }

    /// A first and a last day, in order.
    pub fn period(&mut self, fields: (&str, &str), starts_on: NaiveDate, ends_on: NaiveDate) {
        let (first, last) = fields;
        self.require(
            starts_on <= ends_on,
            last,
            format!("{last} ({ends_on}) is before {first} ({starts_on})."),
            format!("{last}（{ends_on}）早于 {first}（{starts_on}）。"),
        );
    }

    /// Whether nothing is wrong so far.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// All problems at once.
    pub fn finish(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::Problems(self.problems)) }
    }
}

/// A stale `expectedVersion`: CONFLICT with the version to read again.
///
/// # Errors
/// CONFLICT when the two differ.
pub fn expect_version(expected: i32, current: i32) -> Result<()> {
    if expected == current {
        return Ok(());
    }
    let message = Text::new(
        format!("The record changed since you read it: it is at version {current}, you expected {expected}."),
        format!("记录已被修改：当前版本为 {current}，您提交的是 {expected}。"),
    );
    Err(Problem::new(Code::Conflict, message)
        .at(path("expectedVersion"))
        .with(Details { current_version: Some(current), ..Details::default() })
        .into())
}

/// `input` and the dotted field.
fn path(field: &str) -> impl Iterator<Item = String> {
    std::iter::once("input".to_owned()).chain(field.split('.').filter(|part| !part.is_empty()).map(str::to_owned))
}

/// Control characters, and those that are invisible or change the direction of others (Unicode category Cf).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a run of exactly 18 digits (the last may be X) has the check digit of a resident ID number, GB 11643.
#[must_use]
pub fn contains_resident_id(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let folded: Vec<char> = text.nfkc().collect();
    folded.split(|c| !c.is_ascii_digit() && !matches!(c, 'X' | 'x')).any(|run| {
        let [digits @ .., last] = run else { return false };
        if digits.len() != WEIGHTS.len() {
            return false;
        }
        let sum: Option<u32> =
            digits.iter().zip(WEIGHTS).map(|(digit, weight)| Some(digit.to_digit(10)? * weight)).sum();
        sum.and_then(|sum| "10X98765432".chars().nth(sum as usize % 11))
            .is_some_and(|check| check == last.to_ascii_uppercase())
    })
}

/// Full-width letters and digits become plain ones, spaces around go: what codes and numbers go through first.
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_uppercase()
}

/// Reads a value from its text, or notes what was expected.
pub fn parse<T: FromStr>(checks: &mut Checks, field: &str, text: &str, expected: impl Display) -> Option<T> {
    let value = text.parse().ok();
    checks.require(
        value.is_some(),
        field,
        format!("{field}: expected {expected}."),
        format!("{field} 应为 {expected}。"),
    );
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_named() {
        for text in ["a\0b", "a\u{202e}b", "a\u{200b}b", "a\nb"] {
            let mut checks = Checks::new();
            checks.line("name", text, NAME);
            assert_eq!(checks.finish().unwrap_err().code(), Code::InvalidInput, "{text:?}");
        }
        let mut checks = Checks::new();
        assert_eq!(checks.lines("note", " 第一行\n第二行 ", NOTE), "第一行\n第二行");
        assert!(checks.is_clean());
    }

    #[test]
    fn resident_id_numbers_are_found() {
        assert!(contains_resident_id("身份证11010519491231002X。"));
        assert!(contains_resident_id("１１０１０５１９４９１２３１００２x"));
        assert!(!contains_resident_id("110105194912310021"));
        assert!(!contains_resident_id("订单号 1234567890123456789"));
    }
}
