//! Codes of undergraduate majors 本科专业代码, from the Ministry of Education's catalogue.
//!
//! Six digits: discipline, class, major (12 management, 1202 business administration, 120203 accounting). A `T` marks a
//! specially designated major 特设专业, a `K` one under state control 国家控制布点专业: 120203K, 120204, 120703T, 010109TK.
//! The catalogue changes: the same code is read together with the year of its edition.

use super::{CodeError, normalise};

/// The first catalogue whose codes look like this.
const FIRST_CATALOGUE: i32 = 2012;
const LAST_CATALOGUE: i32 = 2099;

/// A major's code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MajorCode(String);

impl MajorCode {
    /// Reads six digits and the marks after them.
    ///
    /// # Errors
    /// The first position that is wrong and what was expected there.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = normalise(text);
        let count = text.chars().count();
        if !(6..=8).contains(&count) {
            return Err(CodeError::length(count, "6 – 8", ("characters", "字符")));
        }
        if let Some((found, position)) = text.chars().take(6).zip(1..).find(|(c, _)| !c.is_ascii_digit()) {
            return Err(CodeError::at(position, found, "a digit", "数字"));
        }
        let marks: Vec<char> = text.chars().skip(6).collect();
        match marks.as_slice() {
            [] | ['T' | 'K'] | ['T', 'K'] => Ok(Self(text)),
            ['T', other, ..] => Err(CodeError::at(8, *other, "K", "K")),
            ['K', other, ..] => Err(CodeError::at(8, *other, "nothing after K", "空（K 之后无字符）")),
            [other, ..] => Err(CodeError::at(7, *other, "T, K or TK", "T、K 或 TK")),
        }
    }

    /// The code with its marks.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The class, four digits 专业类.
    #[must_use]
    pub fn class(&self) -> &str {
        self.0.get(..4).unwrap_or_default()
    }

    /// The discipline, two digits 学科门类.
    #[must_use]
    pub fn discipline(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// Specially designated 特设专业.
    #[must_use]
    pub fn is_special(&self) -> bool {
        self.0.contains('T')
    }

    /// Under state control 国家控制布点专业.
    #[must_use]
    pub fn is_controlled(&self) -> bool {
        self.0.ends_with('K')
    }
}

/// A major with the year of the catalogue that its code is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Major {
    /// The code.
    pub code: MajorCode,
    /// The catalogue's year 目录年份.
    pub catalogue: i32,
}

impl Major {
    /// Reads a code of the catalogue of that year.
    ///
    /// # Errors
    /// What was expected, of the code first.
    pub fn parse(code: &str, catalogue: i32) -> Result<Self, CodeError> {
        let code = MajorCode::parse(code)?;
        if (FIRST_CATALOGUE..=LAST_CATALOGUE).contains(&catalogue) {
            return Ok(Self { code, catalogue });
        }
        Err(CodeError::whole(
            crate::error::Text::new(
                format!("The catalogue year is {catalogue}; expected {FIRST_CATALOGUE} or later."),
                format!("目录年份为 {catalogue}，应为 {FIRST_CATALOGUE} 年或以后。"),
            ),
            format!("{FIRST_CATALOGUE} or later"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str) -> Option<usize> {
        MajorCode::parse(text).unwrap_err().position
    }

    #[test]
    fn majors_and_their_marks() {
        let marks = |text| {
            let code = MajorCode::parse(text).unwrap();
            (code.as_str().to_owned(), code.is_special(), code.is_controlled())
        };
        assert_eq!(marks("120203k"), ("120203K".to_owned(), false, true));
        assert_eq!(marks("120204"), ("120204".to_owned(), false, false));
        assert_eq!(marks("１２０７０３Ｔ"), ("120703T".to_owned(), true, false));
        assert_eq!(marks("010109TK"), ("010109TK".to_owned(), true, true));
        let code = MajorCode::parse("120203K").unwrap();
        assert_eq!((code.discipline(), code.class()), ("12", "1202"));
    }

    #[test]
    fn mistakes_are_located() {
        assert_eq!(MajorCode::parse("12020").unwrap_err().expected.as_deref(), Some("6 – 8 characters"));
        assert_eq!(position("12O203K"), Some(3));
        assert_eq!(position("120203X"), Some(7));
        assert_eq!(position("120203TT"), Some(8));
        assert_eq!(position("120203KT"), Some(8));
    }

    #[test]
    fn a_major_belongs_to_a_catalogue() {
        assert_eq!(Major::parse("120204", 2012).unwrap().catalogue, 2012);
        assert_eq!(Major::parse("120204", 2026).unwrap().code.as_str(), "120204");
        let error = Major::parse("120204", 1998).unwrap_err();
        assert_eq!(error.to_string(), "The catalogue year is 1998; expected 2012 or later.");
    }
}
