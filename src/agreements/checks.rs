//! What a draft must look like.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{
    agreement::{self, AgreementKind},
    agreement_party::{self, PartyRole},
    organization::{self, OrganizationKind},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    content::party_set,
    drafting::{AgreementText, PartyInput},
};
use crate::platform::input::{BODY, Checks, Length, NAME};

const CAPACITY: Length = Length { min: 1, max: 20 };
const PARTIES: usize = 20;

/// The columns that the text fills, checked.
pub(super) fn text(checks: &mut Checks, input: &AgreementText, today: NaiveDate) -> agreement::ActiveModel {
    let title = checks.line("title", &input.title, NAME);
    let terms = checks.lines("terms", &input.terms, BODY);
    let (starts_on, ends_on) = (input.starts_on.map(|day| day.0), input.ends_on.0);
    let notice_by = input.notice_by.map(|day| day.0);
    validity(checks, "", (starts_on, ends_on, notice_by), today);
    agreement::ActiveModel {
        title: Set(title),
        terms: Set(terms),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        notice_by: Set(notice_by),
        renewal_policy: Set(input.renewal_policy),
        party_set: Set(party_set(required(&input.parties))),
        ..Default::default()
    }
}

/// First day, last day and notice date of an agreement: in order and not over yet. `at` is where their fields are.
pub(super) fn validity(
    checks: &mut Checks,
    at: &str,
    (starts_on, ends_on, notice_by): (Option<NaiveDate>, NaiveDate, Option<NaiveDate>),
    today: NaiveDate,
) {
    let last = format!("{at}endsOn");
    if let Some(starts_on) = starts_on {
        checks.period(("startsOn", &last), starts_on, ends_on);
    }
    checks.require(
        ends_on >= today,
        &last,
        format!("endsOn ({ends_on}) is in the past; expected {today} or later."),
        format!("endsOn（{ends_on}）已过，应为 {today} 或之后。"),
    );
    let Some(notice_by) = notice_by else { return };
    checks.require(
        notice_by <= ends_on && starts_on.is_none_or(|starts_on| notice_by >= starts_on),
        &format!("{at}noticeBy"),
        format!("noticeBy ({notice_by}) is not between startsOn and endsOn."),
        format!("noticeBy（{notice_by}）应在 startsOn 与 endsOn 之间。"),
    );
}

/// The parties: two or more that sign, none twice, the county and the drafting organization among them.
pub(super) fn parties(
    checks: &mut Checks,
    input: &[PartyInput],
    (county, drafter): (Uuid, Uuid),
    agreement: Uuid,
    mut key: impl FnMut() -> Uuid,
) -> Vec<agreement_party::ActiveModel> {
    checks.require(
        input.len() <= PARTIES,
        "parties",
        format!("There are {} parties; expected at most {PARTIES}.", input.len()),
        format!("共有 {} 方，最多 {PARTIES} 方。", input.len()),
    );
    signing(checks, input, (county, drafter));
    let mut seen = BTreeSet::new();
    let rows = input.iter().take(PARTIES).enumerate().map(|(position, party)| {
        let field = format!("parties.{position}");
        let organization = party.organization_id.key();
        checks.require(
            seen.insert(organization),
            &format!("{field}.organizationId"),
            "This organization is named twice.",
            "该单位重复出现。",
        );
        agreement_party::ActiveModel {
            id: Set(key()),
            agreement_id: Set(agreement),
            organization_id: Set(organization),
            capacity: Set(checks.line(&format!("{field}.capacity"), &party.capacity, CAPACITY)),
            role: Set(party.role),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            ..Default::default()
        }
    });
    rows.collect()
}

/// Who must sign: two at least, the county and the drafting organization among them.
fn signing(checks: &mut Checks, input: &[PartyInput], (county, drafter): (Uuid, Uuid)) {
    let signing: BTreeSet<Uuid> = required(input).collect();
    checks.require(
        signing.len() >= 2,
        "parties",
        "At least two different parties must sign.",
        "至少应有两个不同的签约方。",
    );
    checks.require(
        signing.contains(&county),
        "parties",
        "The county is not among the parties that sign.",
        "签约方中缺少县级政府。",
    );
    checks.require(
        signing.contains(&drafter),
        "parties",
        "Your organization is not among the parties that sign.",
        "签约方中缺少您所在的单位。",
    );
}

/// The county is a county, and the parent is a framework agreement of the same county.
pub(super) fn place(
    checks: &mut Checks,
    kind: AgreementKind,
    county: &organization::Model,
    parent: Option<&agreement::Model>,
) {
    checks.require(
        county.kind == OrganizationKind::County && county.region_code.is_some(),
        "countyId",
        "countyId is not a county with a region.",
        "countyId 不是具有行政区划的县级单位。",
    );
    let Some(parent) = parent else { return };
    checks.require(
        kind != AgreementKind::Framework && parent.kind == AgreementKind::Framework && parent.county_id == county.id,
        "parentId",
        "parentId must be a framework agreement of the same county, and a framework agreement has none.",
        "parentId 应为同一县的战略框架协议，且框架协议本身没有上级协议。",
    );
}

fn required(parties: &[PartyInput]) -> impl Iterator<Item = Uuid> {
    let signing = parties.iter().filter(|party| party.role == PartyRole::Required);
    signing.map(|party| party.organization_id.key())
}
