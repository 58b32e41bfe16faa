//! What an enterprise does 国民经济行业分类, GB/T 4754-2017: a section A–T, then a division of two digits, a group of three
//! or a class of four. C13 is the processing of farm products, C1310 the milling of grain.

use super::{CodeError, normalise};

/// The sections with their first and last division.
const SECTIONS: [(char, u8, u8); 20] = [
    ('A', 1, 5),
    ('B', 6, 12),
    ('C', 13, 43),
    ('D', 44, 46),
    ('E', 47, 50),
    ('F', 51, 52),
    ('G', 53, 60),
    ('H', 61, 62),
    ('I', 63, 65),
    ('J', 66, 69),
    ('K', 70, 70),
    ('L', 71, 72),
    ('M', 73, 75),
    ('N', 76, 79),
    ('O', 80, 82),
    ('P', 83, 83),
    ('Q', 84, 85),
    ('R', 86, 90),
    ('S', 91, 96),
    ('T', 97, 97),
];

/// An industry's code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndustryCode(String);

impl IndustryCode {
    /// Reads a section and two to four digits.
    ///
    /// # Errors
    /// The first position that is wrong and what was expected there.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = normalise(text);
        let characters: Vec<char> = text.chars().collect();
        let Some((&first, rest)) = characters.split_first() else { return Err(wrong_length(0)) };
        if !first.is_ascii_digit() && section(first).is_none() {
            return Err(CodeError::at(1, first, "a section A–T", "门类 A–T"));
        }
        if let Some((&found, position)) = rest.iter().zip(2..).find(|(c, _)| !c.is_ascii_digit()) {
            return Err(CodeError::at(position, found, "a digit", "数字"));
        }
        if first.is_ascii_digit() {
            return Err(without_section(first, &text));
        }
        if !(2..=4).contains(&rest.len()) {
            return Err(wrong_length(characters.len()));
        }
        belongs(first, &text[1..3])?;
        Ok(Self(text))
    }

    /// The code with its section: `C1310`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The section, a letter 门类.
    #[must_use]
    pub fn section(&self) -> &str {
        self.0.get(..1).unwrap_or_default()
    }

    /// The division, two digits 大类.
    #[must_use]
    pub fn division(&self) -> &str {
        self.0.get(1..3).unwrap_or_default()
    }

    /// Whether the size class for industry applies: mining, manufacturing, power and water 工业.
    #[must_use]
    pub fn is_industry(&self) -> bool {
        matches!(self.section(), "B" | "C" | "D")
    }
}

fn section(letter: char) -> Option<(u8, u8)> {
    SECTIONS.into_iter().find(|(known, ..)| *known == letter).map(|(_, first, last)| (first, last))
}

fn section_of(division: &str) -> Option<char> {
    let division: u8 = division.parse().ok()?;
    SECTIONS.into_iter().find(|(_, first, last)| (*first..=*last).contains(&division)).map(|(letter, ..)| letter)
}

fn wrong_length(found: usize) -> CodeError {
    CodeError::length(found, "3 – 5", ("characters (a section A–T and 2 – 4 digits)", "字符（门类 A–T 加 2–4 位数字）"))
}

/// Digits alone: the division tells which section is missing.
fn without_section(found: char, digits: &str) -> CodeError {
    match digits.get(..2).and_then(section_of) {
        Some(letter) => CodeError::at(1, found, &format!("the section {letter}"), &format!("门类 {letter}")),
        None => CodeError::at(1, found, "a section A–T", "门类 A–T"),
    }
}

fn belongs(letter: char, division: &str) -> Result<(), CodeError> {
    if section_of(division) == Some(letter) {
        return Ok(());
    }
    let (first, last) = section(letter).unwrap_or_default();
    let expected = format!("{first:02}–{last:02}");
    Err(CodeError {
        text: crate::error::Text::new(
            format!("Positions 2–3 are {division}; section {letter} has the divisions {expected}."),
            format!("第 2–3 位为 {division}，门类 {letter} 的大类应为 {expected}。"),
        ),
        position: Some(2),
        expected: Some(expected),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (Option<usize>, String) {
        let error = IndustryCode::parse(text).unwrap_err();
        (error.position, error.expected.unwrap())
    }

    #[test]
    fn a_section_and_two_to_four_digits() {
        for (text, code, section, division) in [
            ("C13", "C13", "C", "13"),
            (" c1310 ", "C1310", "C", "13"),
            ("Ａ０１１", "A011", "A", "01"),
            ("T9700", "T9700", "T", "97"),
        ] {
            let read = IndustryCode::parse(text).unwrap();
            assert_eq!((read.as_str(), read.section(), read.division()), (code, section, division));
        }
        let industry = |text| IndustryCode::parse(text).unwrap().is_industry();
        assert_eq!(["A01", "B06", "C13", "D44", "E47"].map(industry), [false, true, true, true, false]);
    }

    #[test]
    fn the_sections_leave_no_gap() {
        let mut next = 1;
        for ((letter, first, last), expected) in SECTIONS.into_iter().zip('A'..='T') {
            assert_eq!((letter, first), (expected, next));
            next = last + 1;
        }
        assert_eq!(next, 98);
    }

    #[test]
    fn mistakes_are_located() {
        assert_eq!(error("U10"), (Some(1), "a section A–T".into()));
        assert_eq!(error("1310"), (Some(1), "the section C".into()));
        assert_eq!(error("9900"), (Some(1), "a section A–T".into()));
        assert_eq!(error("C1O"), (Some(3), "a digit".into()));
        assert_eq!(error("C01"), (Some(2), "13–43".into()));
        for text in ["", "C", "C1", "C13100"] {
            assert_eq!(error(text), (None, "3 – 5 characters (a section A–T and 2 – 4 digits)".into()), "{text}");
        }
    }
}
