//! The scalars of the API. Each reads strictly, so that every value has one spelling, and writes what it reads.
//!
//! `chrono`'s types cannot carry GraphQL's traits, so that [`Date`] and [`DateTime`] wrap them; both open with `.0`.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, ID, InputType, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType,
    ServerResult, Value, parser::types::Field, registry::Registry,
};
use chrono::{Datelike, NaiveDate, SubsecRound, Utc};
use entity::Record;

use super::json;
use crate::{
    error::{Code, Locale},
    platform::id::Id,
};

/// Declares a scalar that is a text outside and inside, checked by a function that says what was expected.
macro_rules! text_scalar {
    ($(#[doc = $doc:literal])* $name:ident, $check:ident, $expected:literal) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub String);

        $(#[doc = $doc])*
        #[Scalar]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                read(&value, |text| $check(text).then(|| Self(text.to_owned())), $expected)
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    };
}

text_scalar! {
    /// An absolute address on the web: `http://` or `https://`, at most 2,000 characters 网址.
    Url, is_url, "an http or https address"
}
text_scalar! {
    /// A region of GB/T 2260: 2 digits for a province, 4 for a prefecture, 6 for a county 行政区划代码.
    RegionCode, is_region_code, "2, 4 or 6 digits, such as 511322"
}
text_scalar! {
    /// A unified social credit code, GB 32100-2015: 18 characters, capitals; its check digit is looked at when it is
    /// used 统一社会信用代码.
    CreditCode, is_credit_code, "18 digits and capital letters, such as 91110000802100433B"
}

/// A moment in UTC, RFC 3339 with `Z` and at most microseconds: `2026-11-22T08:00:00.000000Z` 时刻.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// A moment in UTC, RFC 3339 with `Z` and at most microseconds: `2026-11-22T08:00:00.000000Z` 时刻.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value, read_time, "a moment in UTC such as 2026-11-22T08:00:00Z")
    }

    fn to_value(&self) -> Value {
        let mut text = String::new();
        json::push_time(&mut text, self.0);
        Value::String(text)
    }
}

/// A calendar day in China, ISO 8601: `2026-11-22`. It begins and ends at midnight in Shanghai 日期.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

/// A calendar day in China, ISO 8601: `2026-11-22`. It begins and ends at midnight in Shanghai 日期.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value, |text| read_date(text).map(Self), "a day such as 2026-11-22")
    }

    fn to_value(&self) -> Value {
        let mut text = String::new();
        json::push_date(&mut text, self.0);
        Value::String(text)
    }
}

/// An amount in renminbi as a text of whole fen, because fen pass what a JSON number can hold: `"1000050"` is
/// ¥10,000.50 金额（分）.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

/// An amount in renminbi as a text of whole fen, because fen pass what a JSON number can hold: `"1000050"` is
/// ¥10,000.50 金额（分）.
#[Scalar]
impl ScalarType for Money {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value, |text| read_integer(text).map(Self), "whole fen as text, such as \"1000050\"")
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A whole number as text, because it may pass what a JSON number can hold 大整数.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigInt(pub i64);

/// A whole number as text, because it may pass what a JSON number can hold 大整数.
#[Scalar]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value, |text| read_integer(text).map(Self), "a whole number as text, such as \"42\"")
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A language in which Hezuo speaks to people, BCP 47: `zh-CN` or `en` 语言.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/bcp/bcp47.txt")]
impl ScalarType for Locale {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read_locale = |text: &str| match text {
            "zh-CN" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        };
        read(&value, read_locale, "zh-CN or en")
    }

    fn to_value(&self) -> Value {
        Value::from(match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        })
    }
}

/// GraphQL's `ID`, read strictly as the TypeID of one type of record.
impl<T: Record> InputType for Id<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let expected = format!("the id of one record, such as {}", Self::new(uuid::Uuid::nil()));
        read(&value.unwrap_or_default(), Self::read, &expected)
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Record> OutputType for Id<T> {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(InputType::to_value(self))
    }
}

pub(super) fn read<T: InputType>(
    value: &Value,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> InputValueResult<T> {
    let parsed = if let Value::String(text) = value { parse(text) } else { None };
    parsed.ok_or_else(|| {
        let error = InputValueError::custom(format_args!("expected {expected}, found {value}"));
        error.with_extension("code", Code::InvalidInput.as_str())
    })
}

fn read_time(text: &str) -> Option<DateTime> {
    let seconds = text.strip_suffix('Z')?;
    let fraction = seconds.get(19..)?;
    let shape_is_right = seconds.as_bytes().get(10) == Some(&b'T')
        && (fraction.is_empty()
            || (fraction.starts_with('.')
                && (2..=7).contains(&fraction.len())
                && fraction[1..].bytes().all(|digit| digit.is_ascii_digit())));
    if !shape_is_right {
        return None;
    }
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    // A leap second would be written as another moment than the one read.
    (at.trunc_subsecs(6) == at && &text[17..19] != "60").then_some(DateTime(at))
}

fn read_date(text: &str) -> Option<NaiveDate> {
    // Years of more digits, or before year 1, are no dates of this world: as text they sort wrongly on SQLite.
    let day: NaiveDate = text.parse().ok().filter(|day: &NaiveDate| (1..=9_999).contains(&day.year()))?;
    let mut spelling = String::new();
    json::push_date(&mut spelling, day);
    (spelling == text).then_some(day)
}

fn read_integer(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = !text.chars().any(|symbol| symbol.is_whitespace() || symbol.is_control());
    plain && text.chars().count() <= 2_000 && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

fn is_region_code(text: &str) -> bool {
    matches!(text.len(), 2 | 4 | 6) && text.bytes().all(|digit| digit.is_ascii_digit())
}

fn is_credit_code(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|symbol| symbol.is_ascii_digit() || symbol.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value {
        Value::from(value)
    }

    #[test]
    fn a_moment_has_one_zone_and_at_most_microseconds() {
        for good in ["2026-11-22T08:00:00Z", "2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.123456Z"] {
            assert!(<DateTime as ScalarType>::parse(text(good)).is_ok(), "{good}");
        }
        for bad in [
            "2026-11-22",
            "2026-11-22 08:00:00Z",
            "2026-11-22T08:00:00+08:00",
            "2026-11-22T08:00:00z",
            "2026-11-22T08:00:00.Z",
            "2026-11-22T08:00:00.1234567Z",
            "2026-11-22T08:00:60Z",
            "2026-13-22T08:00:00Z",
            "二〇二六",
        ] {
            assert!(<DateTime as ScalarType>::parse(text(bad)).is_err(), "{bad}");
        }
        let half = <DateTime as ScalarType>::parse(text("2026-11-22T08:00:00.5Z")).unwrap();
        assert_eq!(ScalarType::to_value(&half), text("2026-11-22T08:00:00.500000Z"));
    }

    #[test]
    fn dates_and_money_have_one_spelling() {
        assert_eq!(ScalarType::to_value(&<Date as ScalarType>::parse(text("2026-01-02")).unwrap()), text("2026-01-02"));
        for bad in ["2026-1-2", "2026-02-30", "20260102", "2026-01-02 "] {
            assert!(<Date as ScalarType>::parse(text(bad)).is_err(), "{bad}");
        }
        assert_eq!(<Money as ScalarType>::parse(text("-1000050")).unwrap(), Money(-1_000_050));
        for bad in ["+1", "01", "1.5", "", "9223372036854775808", "-0"] {
            assert!(<Money as ScalarType>::parse(text(bad)).is_err(), "{bad}");
        }
        assert!(<Money as ScalarType>::parse(Value::from(1)).is_err());
    }

    #[test]
    fn a_bad_id_is_told_what_was_expected() {
        let error = <Id<entity::agreement::Entity> as InputType>::parse(Some(text("organization_1"))).unwrap_err();
        let message = error.into_server_error(async_graphql::Pos::default()).message;
        assert!(message.contains("agreement_00000000000000000000000000"), "{message}");
    }
}
