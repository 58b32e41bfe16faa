//! The codes of regions 行政区划代码, GB/T 2260: six digits, two for the province, two for the prefecture, two for the
//! county. 510000 is Sichuan, 511300 Nanchong in it, 511322 Yingshan in that.
//!
//! What lies in what is read from the code alone. Whether there is such a region, what it is called and when the code
//! was in use is in the table ([`super::store`]).

use std::{fmt, str::FromStr};

use entity::region::RegionLevel;

use super::{CodeError, normalise};

/// The first two digits of every province.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// A region's code: six digits in the order that the standard gives them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(String);

impl RegionCode {
    /// Reads six digits, or the two of a province or the four of a prefecture.
    ///
    /// # Errors
    /// The first position that is wrong and what was expected there.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = super::digits(text, &[2, 4, 6])?;
        let code = format!("{text:0<6}");
        let mut characters = code.chars();
        if !PROVINCES.contains(&&code[..2]) {
            let found = characters.next().unwrap_or_default();
            return Err(CodeError::at(1, found, "the two digits of a province", "省级代码（两位）"));
        }
        if &code[2..4] == "00" && &code[4..] != "00" {
            let found = characters.nth(2).unwrap_or_default();
            return Err(CodeError::at(3, found, "the two digits of a prefecture", "地级代码（两位）")
                .because("A county lies in a prefecture.", "县级区划应属于地级区划。"));
        }
        Ok(Self(code))
    }

    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How far down it stands, by its zeros.
    #[must_use]
    pub fn level(&self) -> RegionLevel {
        match self.stem().len() {
            2 => RegionLevel::Province,
            4 => RegionLevel::Prefecture,
            _ => RegionLevel::County,
        }
    }

    /// The province it lies in; a province lies in itself.
    #[must_use]
    pub fn province(&self) -> Self {
        Self(format!("{}0000", &self.0[..2]))
    }

    /// The prefecture it lies in; none for a province. The districts of Chongqing lie in 500100, its counties in
    /// 500200.
    #[must_use]
    pub fn prefecture(&self) -> Option<Self> {
        (self.level() != RegionLevel::Province).then(|| Self(format!("{}00", &self.0[..4])))
    }

    /// Whether `inner` lies in this region. Every region lies in itself.
    #[must_use]
    pub fn contains(&self, inner: &Self) -> bool {
        inner.0.starts_with(self.stem())
    }

    /// The first and the last code in this region: what lies in it is between them.
    #[must_use]
    pub fn range(&self) -> (String, String) {
        (self.0.clone(), format!("{:9<6}", self.stem()))
    }

    /// The digits that mean something: 51, 5113, 511322.
    fn stem(&self) -> &str {
        if &self.0[2..] == "0000" {
            &self.0[..2]
        } else if &self.0[4..] == "00" {
            &self.0[..4]
        } else {
            &self.0
        }
    }
}

impl FromStr for RegionCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The code of the province that a stored code lies in.
#[must_use]
pub fn province(code: &str) -> Option<String> {
    RegionCode::parse(code).ok().map(|code| code.province().0)
}

/// The code of the prefecture that a stored code lies in; none for a province.
#[must_use]
pub fn prefecture(code: &str) -> Option<String> {
    RegionCode::parse(code).ok()?.prefecture().map(|code| code.0)
}

/// Whether the stored code `inner` lies in `outer`; never when one of them is no code.
#[must_use]
pub fn contains(outer: &str, inner: &str) -> bool {
    match (RegionCode::parse(outer), RegionCode::parse(inner)) {
        (Ok(outer), Ok(inner)) => outer.contains(&inner),
        _ => false,
    }
}

/// What was typed, as a code or the beginning of one: for searching.
pub(super) fn beginning(text: &str) -> Option<String> {
    let text = normalise(text);
    ((1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn yingshan_lies_in_nanchong_in_sichuan() {
        let yingshan = read("511322");
        assert_eq!(yingshan.level(), RegionLevel::County);
        assert_eq!(yingshan.prefecture(), Some(read("5113")));
        assert_eq!(yingshan.province(), read("51"));
        assert_eq!(province("511322").as_deref(), Some("510000"));
        assert_eq!(prefecture("511322").as_deref(), Some("511300"));
        assert_eq!(read("5113").as_str(), "511300");
        assert_eq!((read("511300").level(), read("510000").level()), (RegionLevel::Prefecture, RegionLevel::Province));
        assert_eq!(prefecture("510000"), None);
        for neighbour in ["511302", "511303", "511304", "511321", "511323", "511324", "511325", "511381"] {
            assert!(contains("511300", neighbour) && !contains("511322", neighbour), "{neighbour}");
        }
    }

    #[test]
    fn chongqing_has_districts_and_counties() {
        assert_eq!(prefecture("500113").as_deref(), Some("500100"));
        assert_eq!(prefecture("500229").as_deref(), Some("500200"));
        assert!(contains("50", "500113") && contains("500000", "500229"));
        assert!(!contains("51", "500113"));
    }

    #[test]
    fn every_region_lies_in_itself_and_not_in_a_smaller_one() {
        for code in ["510000", "511300", "511322"] {
            assert!(contains(code, code));
        }
        assert!(!contains("511322", "511300") && !contains("511300", "510000"));
        assert!(!contains("", "511322") && !contains("51", "garbage"));
        assert_eq!(read("51").range(), ("510000".to_owned(), "519999".to_owned()));
        assert_eq!(read("5113").range(), ("511300".to_owned(), "511399".to_owned()));
        assert_eq!(read("511322").range(), ("511322".to_owned(), "511322".to_owned()));
    }

    #[test]
    fn mistakes_are_located() {
        let position = |text| RegionCode::parse(text).unwrap_err().position;
        assert_eq!(position("５１１３２２０"), None);
        assert_eq!(position("51132"), None);
        assert_eq!(position("5113Z2"), Some(5));
        assert_eq!(position("991322"), Some(1));
        assert_eq!(position("510022"), Some(3));
        assert_eq!(read(" ５１１３２２ ").as_str(), "511322");
    }
}
