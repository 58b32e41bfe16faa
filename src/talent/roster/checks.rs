//! Checking what the rolls say of a student.

use super::StudentRecordContentInput;
use crate::{
    dictionaries::major::MajorCode,
    error::Code,
    identity::invitations,
    platform::input::{Checks, Length, NAME, fold},
};

/// Student numbers are as long as universities make them.
const NUMBER: Length = Length { min: 1, max: 40 };
/// In which years somebody graduates whom a university has on its rolls.
const YEARS: std::ops::RangeInclusive<i32> = 1980..=2100;

/// A student number, full-width digits and small letters folded.
pub(super) fn number(checks: &mut Checks, text: &str) -> String {
    checks.line("number", &fold(text), NUMBER)
}

/// What the rolls say, as it is kept: everything that is wrong with it is noted.
pub(super) fn content(checks: &mut Checks, input: &StudentRecordContentInput) -> StudentRecordContentInput {
    let name = checks.line("name", &input.name, NAME);
    let major = input.major.as_deref().filter(|code| !code.trim().is_empty()).map(MajorCode::parse);
    let major = major.and_then(|code| {
        code.map(|code| code.as_str().to_owned())
            .map_err(|error| checks.problem("major", Code::InvalidInput, error.text))
            .ok()
    });
    if let Some(year) = input.graduation_year {
        checks.require(
            YEARS.contains(&year),
            "graduationYear",
            format!("graduationYear is {year}; expected {} to {}.", YEARS.start(), YEARS.end()),
            format!("graduationYear 为 {year}，应在 {} 至 {} 之间。", YEARS.start(), YEARS.end()),
        );
    }
    let email = input.email.as_deref().filter(|email| !email.trim().is_empty());
    StudentRecordContentInput {
        name,
        major,
        class_name: checks.optional_line("className", input.class_name.as_deref(), NAME),
        graduation_year: input.graduation_year,
        email: invitations::email(checks, email),
    }
}
