//! Codes of universities and colleges 院校代码: five digits, and the ten digits of the identifier 学校标识码 that the
//! Ministry of Education gives to schools of every kind.
//!
//! The identifier begins with the category: 41 is a regular university or college, whose last five digits are its
//! code. Positions 3 and 4 are the province. Chongqing University of Technology is 11660 and 4150011660.

use super::{CodeError, digits};

/// The category of regular universities and colleges 普通高等学校.
const REGULAR: &str = "41";

/// A school by its codes: the five digits, the ten, or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct School {
    code: Option<String>,
    identifier: Option<String>,
}

impl School {
    /// Reads five digits (the code) or ten (the identifier).
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = digits(text, &[5, 10])?;
        if text.len() == 5 {
            return Ok(Self { code: Some(text), identifier: None });
        }
        let code = code_in(&text).map(str::to_owned);
        Ok(Self { code, identifier: Some(text) })
    }

    /// Reads both and compares them: of a regular university the identifier ends in the code.
    ///
    /// # Errors
    /// What was expected, of the code first.
    pub fn parse_both(code: &str, identifier: &str) -> Result<Self, CodeError> {
        let code = digits(code, &[5])?;
        let identifier = digits(identifier, &[10])?;
        let differs = code_in(&identifier)
            .and_then(|inside| inside.chars().zip(code.chars()).zip(6..).find(|((inside, code), _)| inside != code));
        if let Some(((found, expected), position)) = differs {
            let expected = expected.to_string();
            return Err(CodeError::at(position, found, &expected, &expected).because(
                "Of category 41 the identifier ends in the school's code.",
                "41 类学校标识码的末五位应为院校代码。",
            ));
        }
        Ok(Self { code: Some(code), identifier: Some(identifier) })
    }

    /// The five digits; none for an identifier of another category, which does not contain them.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The ten digits, if they were given.
    #[must_use]
    pub fn identifier(&self) -> Option<&str> {
        self.identifier.as_deref()
    }
}

fn code_in(identifier: &str) -> Option<&str> {
    identifier.starts_with(REGULAR).then(|| identifier.get(5..10)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_university_by_code_and_by_identifier() {
        assert_eq!(School::parse(" １１６６０ ").unwrap().code(), Some("11660"));
        let school = School::parse("4150011660").unwrap();
        assert_eq!((school.code(), school.identifier()), (Some("11660"), Some("4150011660")));
        assert_eq!(School::parse_both("11660", "4150011660"), Ok(school));
    }

    #[test]
    fn an_identifier_of_another_category_does_not_contain_the_code() {
        let school = School::parse("3150011660").unwrap();
        assert_eq!((school.code(), school.identifier()), (None, Some("3150011660")));
        assert_eq!(School::parse_both("10611", "3150011660").unwrap().code(), Some("10611"));
    }

    #[test]
    fn mistakes_are_located() {
        let error = School::parse_both("11660", "4150011680").unwrap_err();
        assert_eq!((error.position, error.expected.as_deref()), (Some(9), Some("6")));
        assert_eq!(School::parse("1166A").unwrap_err().position, Some(5));
        assert_eq!(School::parse("116600").unwrap_err().expected.as_deref(), Some("5 / 10 digits"));
        assert_eq!(School::parse_both("11660", "415001166").unwrap_err().expected.as_deref(), Some("10 digits"));
    }
}
