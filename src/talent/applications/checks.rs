//! What the steps of an application must look like.

use chrono::{DateTime, NaiveDate, Utc};
use entity::application::ClosingReason;

use super::{offers::ApplicationOfferInput, selection::ApplicationCloseInput};
use crate::platform::input::{Checks, NOTE};

/// An interview lies between the application and now.
pub(super) fn interviewed(checks: &mut Checks, (applied, at): (DateTime<Utc>, DateTime<Utc>), now: DateTime<Utc>) {
    checks.require(
        applied <= at && at <= now,
        "interviewedAt",
        format!("interviewedAt: expected a time from {applied:?} to now."),
        format!("interviewedAt 应在 {applied:?} 与当前时间之间。"),
    );
}

/// A word to the other side; a reason that says nothing needs one.
pub(super) fn closing_note(checks: &mut Checks, input: &ApplicationCloseInput) -> Option<String> {
    let note = checks.optional_lines("note", input.note.as_deref(), NOTE);
    checks.require(
        note.is_some() || input.reason != ClosingReason::Other,
        "note",
        "note is missing: say what the other reason is.",
        "缺少 note：请说明其他原因。",
    );
    note
}

/// An offer names a pay, an answer that can still be given, and a first day after it. Gives back its terms.
pub(super) fn offer(checks: &mut Checks, input: &ApplicationOfferInput, today: NaiveDate) -> Option<String> {
    let (answer_by, starts_on) = (input.answer_by.0, input.starts_on.0);
    checks.require(input.pay.0 >= 0, "pay", "pay is negative; expected 0 or more.", "pay 不能为负数。");
    checks.require(
        answer_by >= today,
        "answerBy",
        format!("answerBy ({answer_by}) is past; expected {today} or later."),
        format!("answerBy（{answer_by}）已过，应为 {today} 或之后。"),
    );
    checks.require(
        answer_by < starts_on,
        "startsOn",
        format!("startsOn ({starts_on}) is not after answerBy ({answer_by})."),
        format!("startsOn（{starts_on}）应晚于 answerBy（{answer_by}）。"),
    );
    checks.optional_lines("terms", input.terms.as_deref(), NOTE)
}
