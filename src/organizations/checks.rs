//! What an organization's registration and profile must look like.

use entity::organization::{self, OrganizationKind as Kind};
use sea_orm::{ActiveValue, ActiveValue::Set};

use super::{OrganizationProfileInput, OrganizationRegisterInput, rules};
use crate::{
    dictionaries::{CodeError, credit_code::CreditCode, industry::IndustryCode, region::RegionCode, school::School},
    error::Code,
    platform::{
        input::{BODY, Checks, Length, NAME, NOTE},
        lifecycle::Lifecycle,
    },
};

const CONTACT: Length = Length { min: 1, max: 200 };

/// The row of a new organization, all but its keys and times.
pub(super) fn registration(
    checks: &mut Checks,
    input: &OrganizationRegisterInput,
    parent: &organization::Model,
) -> organization::ActiveModel {
    checks.require(
        rules::may_contain(parent.kind, input.kind),
        "kind",
        "An organization of this kind is not registered under yours.",
        "您所在的单位不能登记该类单位。",
    );
    let needs_region = matches!(input.kind, Kind::County | Kind::Enterprise);
    checks.require(
        !needs_region || input.region_code.is_some(),
        "regionCode",
        "regionCode is missing: counties and enterprises have a region of six digits.",
        "缺少 regionCode：县级单位和企业应填写六位行政区划代码。",
    );
    let profile = input.profile.clone().unwrap_or_default();
    let row = self::profile(checks, &profile, input.kind);
    organization::ActiveModel {
        kind: Set(input.kind),
        parent_id: Set(Some(parent.id)),
        name: Set(checks.line("name", &input.name, NAME)),
        name_en: Set(checks.optional_line("nameEn", input.name_en.as_deref(), NAME)),
        credit_code: Set(credit_code(checks, &input.credit_code, input.kind)),
        region_code: Set(optional(checks, "regionCode", input.region_code.as_deref(), region)),
        school_code: Set(optional(checks, "schoolCode", input.school_code.as_deref(), school)),
        status: Set(organization::Entity::INITIAL),
        version: Set(1),
        ..row
    }
}

/// The columns of the profile that the input names; what it leaves out stays as it is.
pub(super) fn profile(checks: &mut Checks, input: &OrganizationProfileInput, kind: Kind) -> organization::ActiveModel {
    let is_enterprise = kind == Kind::Enterprise;
    for (given, field) in [(input.industry_code.is_some(), "industryCode"), (input.size_class.is_some(), "sizeClass")] {
        checks.require(
            is_enterprise || !given,
            &format!("profile.{field}"),
            format!("{field} is for enterprises only."),
            format!("{field} 仅适用于企业。"),
        );
    }
    checks.require(
        input.staff_count.is_none_or(|count| count >= 0),
        "profile.staffCount",
        "staffCount is negative; expected 0 or more.",
        "staffCount 不能为负数。",
    );
    organization::ActiveModel {
        name_en: text(checks, ("profile.nameEn", NAME), input.name_en.as_deref()),
        profile: lines(checks, ("profile.description", BODY), input.description.as_deref()),
        production: lines(checks, ("profile.production", BODY), input.production.as_deref()),
        talent_cultivation: lines(checks, ("profile.talentCultivation", BODY), input.talent_cultivation.as_deref()),
        research_platforms: lines(checks, ("profile.researchPlatforms", BODY), input.research_platforms.as_deref()),
        website: website(checks, input.website.as_deref()),
        industry_code: input
            .industry_code
            .as_deref()
            .map_or(ActiveValue::NotSet, |given| Set(optional(checks, "profile.industryCode", Some(given), industry))),
        size_class: input.size_class.map_or(ActiveValue::NotSet, |size| Set(Some(size))),
        contact_name: text(checks, ("profile.contactName", CONTACT), input.contact_name.as_deref()),
        contact_phone: text(checks, ("profile.contactPhone", CONTACT), input.contact_phone.as_deref()),
        contact_email: text(checks, ("profile.contactEmail", CONTACT), input.contact_email.as_deref()),
        staff_count: input.staff_count.map_or(ActiveValue::NotSet, |count| Set(Some(count))),
        internal_note: lines(checks, ("profile.internalNote", NOTE), input.internal_note.as_deref()),
        ..Default::default()
    }
}

/// Left out: unchanged. Empty: cleared.
fn text(checks: &mut Checks, (field, length): (&str, Length), given: Option<&str>) -> ActiveValue<Option<String>> {
    given.map_or(ActiveValue::NotSet, |given| Set(checks.optional_line(field, Some(given), length)))
}

fn lines(checks: &mut Checks, (field, length): (&str, Length), given: Option<&str>) -> ActiveValue<Option<String>> {
    given.map_or(ActiveValue::NotSet, |given| Set(checks.optional_lines(field, Some(given), length)))
}

fn website(checks: &mut Checks, given: Option<&str>) -> ActiveValue<Option<String>> {
    if let Some(address) = given.map(str::trim).filter(|address| !address.is_empty()) {
        checks.require(
            address.starts_with("https://") || address.starts_with("http://"),
            "profile.website",
            "website: expected an http or https address.",
            "website 应为 http 或 https 网址。",
        );
    }
    text(checks, ("profile.website", NAME), given)
}

/// The code in its one spelling, of a holder that this kind of organization can be.
fn credit_code(checks: &mut Checks, given: &str, kind: Kind) -> String {
    let parsed = CreditCode::parse(given).and_then(|code| code.suits(kind).map(|()| code.as_str().to_owned()));
    parsed.unwrap_or_else(|error| {
        checks.problem("creditCode", Code::InvalidInput, error.text);
        String::new()
    })
}

fn region(given: &str) -> Result<String, CodeError> {
    RegionCode::parse(given).map(|code| code.as_str().to_owned())
}

fn school(given: &str) -> Result<String, CodeError> {
    School::parse(given).map(|school| school.code().unwrap_or(given).to_owned())
}

fn industry(given: &str) -> Result<String, CodeError> {
    IndustryCode::parse(given).map(|code| code.as_str().to_owned())
}

/// A code in its one spelling; left out or wrong: none.
fn optional(
    checks: &mut Checks,
    field: &str,
    given: Option<&str>,
    parse: fn(&str) -> Result<String, CodeError>,
) -> Option<String> {
    let given = given.filter(|text| !text.trim().is_empty())?;
    parse(given).map_err(|error| checks.problem(field, Code::InvalidInput, error.text)).ok()
}
