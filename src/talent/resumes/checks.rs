//! What a résumé must look like.

use super::content::{
    ResumeCertificateInput, ResumeContactInput, ResumeContentInput, ResumeEducationInput, ResumeExperienceInput,
    ResumeLanguageInput, ResumeSkillInput, ResumeWishesInput,
};
use crate::{
    dictionaries::major::MajorCode,
    platform::input::{Checks, Length, NAME, NOTE, fold},
};

/// How many entries a list may have.
const MOST: usize = 20;
const PHONE: Length = Length { min: 5, max: 30 };

/// The content as it is kept: every text put right, every code checked.
pub(super) fn content(checks: &mut Checks, input: &ResumeContentInput) -> ResumeContentInput {
    checks.within("content");
    ResumeContentInput {
        certificates: each(checks, "certificates", &input.certificates, certificate),
        education: each(checks, "education", &input.education, education),
        experiences: each(checks, "experiences", &input.experiences, experience),
        headline: checks.line("headline", &input.headline, NAME),
        languages: each(checks, "languages", &input.languages, language),
        skills: each(checks, "skills", &input.skills, skill),
        summary: checks.optional_lines("summary", input.summary.as_deref(), NOTE),
        wishes: wishes(checks, &input.wishes),
    }
}

/// The contact data as it is kept: telephone number and e-mail address.
pub(super) fn contact(checks: &mut Checks, input: &ResumeContactInput) -> ResumeContactInput {
    checks.within("contact");
    let phone = checks.optional_line("phone", input.phone.as_deref(), PHONE).map(|phone| fold(&phone));
    checks.require(
        phone.as_ref().is_none_or(|phone| phone.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c))),
        "phone",
        "phone: expected digits, spaces and + - ( ) only.",
        "phone 只能含数字、空格及 + - ( )。",
    );
    let email = checks.optional_line("email", input.email.as_deref(), NAME);
    let parts =
        |email: &String| email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    checks.require(
        email.as_ref().is_none_or(|email| parts(email) && !email.contains(' ')),
        "email",
        "email: expected an address such as name@example.org.",
        "email 应为形如 name@example.org 的邮箱地址。",
    );
    ResumeContactInput { phone, email }
}

/// Each entry of a list, checked under its own path; too many are one problem.
fn each<T>(
    checks: &mut Checks,
    field: &str,
    entries: &[T],
    check: impl Fn(&mut Checks, &dyn Fn(&str) -> String, &T) -> T,
) -> Vec<T> {
    checks.require(
        entries.len() <= MOST,
        field,
        format!("{field} has {} entries; expected {MOST} at most.", entries.len()),
        format!("{field} 有 {} 项，最多 {MOST} 项。", entries.len()),
    );
    let numbered = entries.iter().take(MOST).enumerate();
    numbered.map(|(place, entry)| check(checks, &|part| format!("{field}.{place}.{part}"), entry)).collect()
}

fn education(checks: &mut Checks, at: &dyn Fn(&str) -> String, entry: &ResumeEducationInput) -> ResumeEducationInput {
    let (from, to) = period(checks, at, (&entry.from, entry.to.as_deref()));
    let major = entry.major.as_deref().filter(|code| !code.trim().is_empty()).map(MajorCode::parse);
    if let Some(Err(error)) = &major {
        checks.problem(&at("major"), crate::error::Code::InvalidInput, error.text.clone());
    }
    ResumeEducationInput {
        from,
        level: entry.level,
        major: major.and_then(|code| Some(code.ok()?.as_str().to_owned())),
        school: checks.line(&at("school"), &entry.school, NAME),
        to,
    }
}

fn skill(checks: &mut Checks, at: &dyn Fn(&str) -> String, entry: &ResumeSkillInput) -> ResumeSkillInput {
    ResumeSkillInput {
        evidence: checks.optional_lines(&at("evidence"), entry.evidence.as_deref(), NOTE),
        kind: entry.kind,
        level: entry.level,
        name: checks.line(&at("name"), &entry.name, NAME),
    }
}

fn experience(
    checks: &mut Checks,
    at: &dyn Fn(&str) -> String,
    entry: &ResumeExperienceInput,
) -> ResumeExperienceInput {
    let (from, to) = period(checks, at, (&entry.from, entry.to.as_deref()));
    ResumeExperienceInput {
        from,
        organization: checks.line(&at("organization"), &entry.organization, NAME),
        role: checks.line(&at("role"), &entry.role, NAME),
        text: checks.optional_lines(&at("text"), entry.text.as_deref(), NOTE),
        to,
    }
}

fn certificate(
    checks: &mut Checks,
    at: &dyn Fn(&str) -> String,
    entry: &ResumeCertificateInput,
) -> ResumeCertificateInput {
    let issued = entry.issued.as_deref().filter(|month| !month.trim().is_empty());
    ResumeCertificateInput {
        issued: issued.map(|issued| month(checks, &at("issued"), issued)),
        name: checks.line(&at("name"), &entry.name, NAME),
    }
}

fn language(checks: &mut Checks, at: &dyn Fn(&str) -> String, entry: &ResumeLanguageInput) -> ResumeLanguageInput {
    ResumeLanguageInput {
        level: checks.line(&at("level"), &entry.level, NAME),
        name: checks.line(&at("name"), &entry.name, NAME),
    }
}

fn wishes(checks: &mut Checks, input: &ResumeWishesInput) -> ResumeWishesInput {
    // The path of a plain text is the entry's own.
    let text = |checks: &mut Checks, at: &dyn Fn(&str) -> String, text: &String| {
        checks.line(at("").trim_end_matches('.'), text, NAME)
    };
    ResumeWishesInput {
        families: each(checks, "wishes.families", &input.families, text),
        pay: checks.optional_line("wishes.pay", input.pay.as_deref(), NAME),
        places: each(checks, "wishes.places", &input.places, text),
    }
}

/// First and last month, in order.
fn period(
    checks: &mut Checks,
    at: &dyn Fn(&str) -> String,
    (from, to): (&str, Option<&str>),
) -> (String, Option<String>) {
    let first = month(checks, &at("from"), from);
    let last = to.filter(|to| !to.trim().is_empty()).map(|to| month(checks, &at("to"), to));
    checks.require(
        last.as_ref().is_none_or(|last| *last >= first),
        &at("to"),
        "The last month is before the first.",
        "结束月份早于开始月份。",
    );
    (first, last)
}

/// A month: `2022-09`.
fn month(checks: &mut Checks, field: &str, text: &str) -> String {
    let text = fold(text);
    let parts = text.split_once('-');
    let holds = parts.is_some_and(|(year, month)| {
        let number = |text: &str, digits: usize| {
            text.parse::<u32>().ok().filter(|_| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
        };
        number(year, 4).is_some_and(|year| (1950..=2100).contains(&year))
            && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
    });
    checks.require(
        holds,
        field,
        format!("{field}: expected a month such as 2022-09."),
        format!("{field} 应为形如 2022-09 的月份。"),
    );
    text
}
