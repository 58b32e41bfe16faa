//! Public codes 公共代码: the numbers by which the state names organizations, places, schools, majors and industries.
//!
//! Nobody at the platform invents these codes, and most of them carry a check digit, so that a slip of the finger shows
//! before it is stored:
//!
//! - [`credit_code`]: the unified social credit code 统一社会信用代码 (GB 32100-2015), which every organization has.
//! - [`region`]: the codes of provinces, prefectures and counties 行政区划代码 (GB/T 2260). [`table`] reads a table of
//!   them, and [`store`] keeps it: codes retire, so that each has a first and a last day, and whoever runs the server
//!   replaces the table from a file. Regions that belong together by a plan (成渝地区双城经济圈) are a *group*.
//! - [`school`]: the five digits of a university and the ten of its identifier 院校代码.
//! - [`major`]: undergraduate majors 本科专业代码; [`industry`]: what an enterprise does 国民经济行业分类 (GB/T 4754-2017);
//!   [`size`]: how big it is 企业规模.
//! - [`phone`]: how a telephone number is shown to whoever may not see it.
//!
//! People copy codes from paper, tables and chats: spaces around, full-width characters and small letters are put right
//! first, and only then is the code judged. An error says at which position, what stands there and what was expected.

use std::fmt;

use crate::{
    error::{Code, Problem, Text},
    platform::input,
};

pub mod credit_code;
pub mod graphql;
pub mod industry;
pub mod major;
pub mod phone;
pub mod region;
pub mod school;
pub mod size;
pub mod store;
pub mod table;

pub use store::{import, is_in_use, names_of, region_names, seed};

/// No code is longer than this; the rest of a longer text is not looked at.
const LONGEST: usize = 64;

/// Why a text is not the code that it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeError {
    /// What is wrong, in words.
    pub text: Text,
    /// The character at fault, counted from 1 as people do; none where the whole is wrong.
    pub position: Option<usize>,
    /// What should stand there: a character, or a description such as `18 characters`.
    pub expected: Option<String>,
}

impl CodeError {
    /// Wrong as a whole.
    fn whole(text: Text, expected: impl Into<String>) -> Self {
        Self { text, position: None, expected: Some(expected.into()) }
    }

    /// The wrong number of characters; `unit` says of what, in English and Chinese.
    fn length(found: usize, expected: &str, unit: (&str, &str)) -> Self {
        let (en, zh) = unit;
        let text = if found >= LONGEST {
            Text::new(
                format!("Expected {expected} {en}, found {LONGEST} or more."),
                format!("应为 {expected} 位{zh}，实为 {LONGEST} 位以上。"),
            )
        } else {
            Text::new(
                format!("Expected {expected} {en}, found {found}."),
                format!("应为 {expected} 位{zh}，实为 {found} 位。"),
            )
        };
        Self::whole(text, format!("{expected} {en}"))
    }

    /// The wrong character at one position, counted from 1. Both descriptions end the sentence.
    fn at(position: usize, found: char, expected: &str, expected_zh: &str) -> Self {
        // What cannot be seen is named by its number.
        let found = if found.is_control() { format!("U+{:04X}", u32::from(found)) } else { found.to_string() };
        Self {
            text: Text::new(
                format!("Position {position} is {found}; expected {expected}."),
                format!("第 {position} 位为 {found}，应为 {expected_zh}。"),
            ),
            position: Some(position),
            expected: Some(expected.to_owned()),
        }
    }

    /// The same sentence with a reason after it.
    fn because(mut self, en: &str, zh: &str) -> Self {
        use crate::error::Locale::{En, Zh};
        self.text = Text::new(format!("{} {en}", self.text.in_locale(En)), format!("{}{zh}", self.text.in_locale(Zh)));
        self
    }

    /// As a problem with the argument at `path`.
    #[must_use]
    pub fn into_problem<I: IntoIterator<Item = S>, S: Into<String>>(self, path: I) -> Problem {
        Problem::new(Code::InvalidInput, self.text).at(path)
    }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.in_locale(crate::error::Locale::En))
    }
}

impl std::error::Error for CodeError {}

/// What was typed, put right: no spaces around, no full-width characters, no small letters.
#[must_use]
pub fn normalise(text: &str) -> String {
    input::fold(&text.trim().chars().take(LONGEST).collect::<String>())
}

/// The normalised text, if it is as many digits as one of `lengths`.
fn digits(text: &str, lengths: &[usize]) -> Result<String, CodeError> {
    let text = normalise(text);
    let count = text.chars().count();
    if !lengths.contains(&count) {
        let expected: Vec<_> = lengths.iter().map(usize::to_string).collect();
        return Err(CodeError::length(count, &expected.join(" / "), ("digits", "数字")));
    }
    match text.chars().zip(1..).find(|(c, _)| !c.is_ascii_digit()) {
        Some((found, position)) => Err(CodeError::at(position, found, "a digit", "数字")),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Locale;

    #[test]
    fn what_was_typed_is_put_right() {
        assert_eq!(normalise("\u{3000}９１３５０１００ｍ000100y43 \n"), "91350100M000100Y43");
        assert_eq!(normalise(&"1".repeat(100_000)).len(), LONGEST);
    }

    #[test]
    fn an_error_speaks_both_languages_and_becomes_a_problem() {
        let error = digits("1166", &[5, 10]).unwrap_err();
        assert_eq!(error.text.in_locale(Locale::En), "Expected 5 / 10 digits, found 4.");
        assert_eq!(error.text.in_locale(Locale::Zh), "应为 5 / 10 位数字，实为 4 位。");
        assert_eq!((error.position, error.expected.as_deref()), (None, Some("5 / 10 digits")));
        let error = digits("11\u{0}60", &[5]).unwrap_err();
        assert_eq!(error.to_string(), "Position 3 is U+0000; expected a digit.");
        let problem = error.into_problem(["input", "schoolCode"]);
        assert_eq!((problem.code, problem.path.join(".").as_str()), (Code::InvalidInput, "input.schoolCode"));
    }
}
