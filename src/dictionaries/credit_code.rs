//! The unified social credit code 统一社会信用代码, GB 32100-2015: one for every organization in China.
//!
//! Eighteen characters. Position 1 says who registered it (9: the market regulator, so an enterprise; 1: a government
//! body or a public institution), 2 what kind, 3–8 the region *at registration*, 9–17 the organization code of
//! GB 11714 with its own check digit, and 18 checks everything. The organization may have moved since: its present
//! place is never read from positions 3–8.

use std::{fmt, str::FromStr};

use entity::organization::OrganizationKind;

use super::{CodeError, normalise};

/// The characters of the code in the order of their values: no I, O, S, V, Z, which look like others.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;
/// 3^(i-1) mod 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Of the organization code, positions 9-16.
const ORGANIZATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code whose check digits are right. Whether it was ever given out, only the public register
/// knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

/// Who has such a code, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// 9: an enterprise 企业.
    Enterprise,
    /// 1: a government body or a public institution 机关、事业单位.
    Institution,
    /// Any other: associations, private schools, trade unions and so on 其他组织.
    Other,
}

impl CreditCode {
    /// Reads a code: spaces around, full-width characters and small letters are put right first.
    ///
    /// # Errors
    /// The first position that is wrong and what was expected there.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = normalise(text);
        let characters: Vec<char> = text.chars().collect();
        if characters.len() != LENGTH {
            return Err(CodeError::length(characters.len(), "18", ("characters", "字符")));
        }
        let (body, last) = characters.split_at(LENGTH - 1);
        let values = body.iter().zip(1..).map(|(&c, position)| value(c).ok_or_else(|| outside(position, c)));
        let values = values.collect::<Result<Vec<usize>, _>>()?;
        check(
            17,
            body.last(),
            organization_check(&body[8..16]),
            ("the organization code (9–17)", "组织机构代码（第 9–17 位）"),
        )?;
        let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        let expected = ALPHABET.chars().nth((31 - sum % 31) % 31);
        check(18, last.first(), expected, ("the whole code", "整个代码"))?;
        Ok(Self(text))
    }

    /// The eighteen characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Who has such a code.
    #[must_use]
    pub fn holder(&self) -> Holder {
        match self.0.as_bytes().first() {
            Some(b'9') => Holder::Enterprise,
            Some(b'1') => Holder::Institution,
            _ => Holder::Other,
        }
    }

    /// The organization code inside, positions 9–17 组织机构代码.
    #[must_use]
    pub fn organization_code(&self) -> &str {
        self.0.get(8..17).unwrap_or_default()
    }

    /// Whether an organization of this kind can have such a code, by its first character: an enterprise has 9, a county
    /// government 1, a university 1 or, if it is private, 5 (registered by civil affairs). The platform's owner may be
    /// any of them.
    ///
    /// # Errors
    /// What was expected at position 1.
    pub fn suits(&self, kind: OrganizationKind) -> Result<(), CodeError> {
        let (expected, en, zh) = match kind {
            OrganizationKind::Enterprise => ("9", "9 for an enterprise", "9（企业）"),
            OrganizationKind::County => ("1", "1 for a government body", "1（机关、事业单位）"),
            OrganizationKind::University => ("15", "1 or 5 for a university", "1 或 5（高校）"),
            OrganizationKind::Platform => return Ok(()),
        };
        match self.0.chars().next() {
            Some(first) if !expected.contains(first) => Err(CodeError::at(1, first, en, zh)),
            _ => Ok(()),
        }
    }
}

impl FromStr for CreditCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn value(c: char) -> Option<usize> {
    ALPHABET.chars().position(|known| known == c)
}

fn outside(position: usize, found: char) -> CodeError {
    CodeError::at(
        position,
        found,
        "a digit or a capital letter other than I, O, S, V, Z",
        "数字或大写字母（I、O、S、V、Z 除外）",
    )
}

/// GB 11714: 11 − Σ mod 11, where 10 is X and 11 is 0; the letters count from A = 10.
fn organization_check(code: &[char]) -> Option<char> {
    let sum: usize = code
        .iter()
        .zip(ORGANIZATION_WEIGHTS)
        .map(|(c, weight)| c.to_digit(36).map(|value| value as usize * weight))
        .sum::<Option<_>>()?;
    "0X987654321".chars().nth(sum % 11)
}

/// Compares a check digit with what the others make of it.
fn check(position: usize, found: Option<&char>, expected: Option<char>, of: (&str, &str)) -> Result<(), CodeError> {
    let (en, zh) = of;
    match (found, expected) {
        (Some(found), Some(expected)) if *found == expected => Ok(()),
        (Some(found), Some(expected)) => {
            let expected = expected.to_string();
            Err(CodeError::at(position, *found, &expected, &expected).because(
                &format!("It is the check digit of {en}: it or a character before it is mistyped."),
                &format!("该位是{zh}的校验码：该位或其前某位有误。"),
            ))
        }
        _ => Err(CodeError::length(0, "18", ("characters", "字符"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Locale;

    fn expected(text: &str) -> (Option<usize>, Option<String>) {
        let error = CreditCode::parse(text).unwrap_err();
        (error.position, error.expected)
    }

    #[test]
    fn weights_are_powers_of_three() {
        let powers: Vec<usize> = std::iter::successors(Some(1), |power| Some(power * 3 % 31)).take(17).collect();
        assert_eq!(WEIGHTS.to_vec(), powers);
    }

    #[test]
    fn valid_codes() {
        for code in [
            "91110000802100433B",
            "91330100799655058B",
            "914403001922038216",
            "91440300708461136T",
            "91350100M000100Y43",
            "91511322MADEMT002D",
            "91511322MADEMT0108",
            "91511322MADEMT0295",
            "11511322DEMW000219",
            "12500000DEMW00013F",
        ] {
            assert_eq!(CreditCode::parse(code).map(|code| code.to_string()), Ok(code.to_owned()));
        }
    }

    #[test]
    fn what_was_typed_is_put_right_first() {
        for text in [" 91350100m000100y43 ", "９１３５０１００Ｍ０００１００Ｙ４３", "\u{3000}91350100m000100y43\n"]
        {
            let code = CreditCode::parse(text).unwrap();
            assert_eq!(code.as_str(), "91350100M000100Y43", "{text:?}");
            assert_eq!(code.organization_code(), "M000100Y4");
        }
    }

    #[test]
    fn the_eighteenth_is_not_in_the_alphabet() {
        let error = CreditCode::parse("91350100M000100Y4Z").unwrap_err();
        assert_eq!((error.position, error.expected.as_deref()), (Some(18), Some("3")));
        assert_eq!(
            error.text.in_locale(Locale::En),
            "Position 18 is Z; expected 3. It is the check digit of the whole code: it or a character before it is mistyped."
        );
        assert_eq!(
            error.text.in_locale(Locale::Zh),
            "第 18 位为 Z，应为 3。该位是整个代码的校验码：该位或其前某位有误。"
        );
    }

    #[test]
    fn every_mistake_is_located() {
        assert_eq!(expected(""), (None, Some("18 characters".into())));
        assert_eq!(expected("91350100M000100Y4"), (None, Some("18 characters".into())));
        assert_eq!(expected("91350100M000100Y433"), (None, Some("18 characters".into())));
        assert_eq!(expected("9135O100M000100Y43").0, Some(5), "a letter O");
        assert_eq!(expected("91350100 000100Y43").0, Some(9), "a space inside");
        // Two digits of the region changed places: only the last check digit notices.
        assert_eq!(expected("93150100M000100Y43").0, Some(18));
        // A digit of the organization code: its own check digit notices first.
        assert_eq!(expected("91350100M000200Y43"), (Some(17), Some("X".into())));
        assert_eq!(expected("91350100M000100Y53"), (Some(17), Some("4".into())));
    }

    #[test]
    fn every_single_wrong_character_is_noticed() {
        let code = "91511322MADEMT002D";
        for position in 0..LENGTH {
            for other in ALPHABET.chars().filter(|other| code.chars().nth(position) != Some(*other)) {
                let wrong: String =
                    code.chars().enumerate().map(|(at, c)| if at == position { other } else { c }).collect();
                assert!(CreditCode::parse(&wrong).is_err(), "{wrong}");
            }
        }
    }

    #[test]
    fn the_first_character_tells_who_has_it() {
        use OrganizationKind::{County, Enterprise, Platform, University};
        let enterprise = CreditCode::parse("91511322MADEMT002D").unwrap();
        let county = CreditCode::parse("11511322DEMW000219").unwrap();
        let university = CreditCode::parse("12500000DEMW00013F").unwrap();
        assert_eq!(enterprise.holder(), Holder::Enterprise);
        assert_eq!(county.holder(), Holder::Institution);
        assert_eq!(university.holder(), Holder::Institution);
        assert_eq!(enterprise.suits(Enterprise), Ok(()));
        assert_eq!(county.suits(County), Ok(()));
        assert_eq!(university.suits(University), Ok(()));
        assert_eq!(enterprise.suits(Platform), Ok(()));
        let error = county.suits(Enterprise).unwrap_err();
        assert_eq!(error.to_string(), "Position 1 is 1; expected 9 for an enterprise.");
        assert_eq!(enterprise.suits(County).unwrap_err().position, Some(1));
        assert_eq!(enterprise.suits(University).unwrap_err().position, Some(1));
    }
}
