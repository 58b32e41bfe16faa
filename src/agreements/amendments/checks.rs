//! What an amendment must look like.

use chrono::NaiveDate;
use entity::{agreement, amendment};
use sea_orm::ActiveValue::Set;

use super::AmendmentText;
use crate::{
    agreements::checks::validity,
    error::Result,
    platform::input::{BODY, Checks, NAME, NOTE},
};

/// The columns that the text fills, checked against the agreement as it stands.
pub(super) fn text(
    input: &AmendmentText,
    agreement: &agreement::Model,
    today: NaiveDate,
) -> Result<amendment::ActiveModel> {
    let mut checks = Checks::new();
    let title = checks.line("text.title", &input.title, NAME);
    let terms = checks.lines("text.terms", &input.terms, BODY);
    let reason = checks.lines("text.reason", &input.reason, NOTE);
    let (ends_on, notice_by) = (input.ends_on.0, input.notice_by.map(|day| day.0));
    validity(&mut checks, "text.", (agreement.starts_on, ends_on, notice_by), today);
    let changes = title != agreement.title
        || terms != agreement.terms
        || ends_on != agreement.ends_on
        || notice_by != agreement.notice_by
        || input.renewal_policy != agreement.renewal_policy;
    checks.require(changes, "text", "The amendment changes nothing.", "补充协议未作任何变更。");
    checks.finish()?;
    Ok(amendment::ActiveModel {
        title: Set(title),
        terms: Set(terms),
        reason: Set(reason),
        ends_on: Set(ends_on),
        notice_by: Set(notice_by),
        renewal_policy: Set(input.renewal_policy),
        ..Default::default()
    })
}
