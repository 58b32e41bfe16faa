//! What a cooperation item must look like.

use chrono::NaiveDate;
use entity::cooperation_item;
use sea_orm::ActiveValue::Set;

use super::{CooperationItemCreateInput, rules};
use crate::{
    agreements::facts,
    platform::{
        id::Id,
        input::{Checks, NAME},
        lifecycle::Lifecycle,
    },
};

/// The columns of a new item that the input fills, checked.
pub(super) fn item(
    checks: &mut Checks,
    input: &CooperationItemCreateInput,
    agreement: &facts::Facts,
) -> cooperation_item::ActiveModel {
    let responsible = input.responsible_id.key();
    checks.require(
        agreement.binds(responsible),
        "responsibleId",
        "responsibleId is not a party that signs the agreement.",
        "responsibleId 不是该协议的签约方。",
    );
    due(checks, agreement, input.due_on.0);
    let measure = checks.optional_line("measure", input.measure.as_deref(), NAME);
    let target = input.target.map(|target| target.0);
    checks.require(
        target.is_none() || measure.is_some(),
        "measure",
        "measure is missing: say what the target counts.",
        "缺少 measure：请说明目标值的计量内容。",
    );
    checks.require(
        target.is_none_or(|target| target > 0),
        "target",
        "target: expected 1 or more.",
        "target 应为 1 或以上。",
    );
    cooperation_item::ActiveModel {
        agreement_id: Set(agreement.agreement.id),
        title: Set(checks.line("title", &input.title, NAME)),
        responsible_id: Set(responsible),
        responsible_user_id: Set(input.responsible_user_id.map(Id::key)),
        due_on: Set(input.due_on.0),
        first_due_on: Set(input.due_on.0),
        measure: Set(measure),
        target: Set(target),
        status: Set(cooperation_item::Entity::INITIAL),
        version: Set(1),
        ..Default::default()
    }
}

/// The figure that was reached: wanted where there is a target, out of place where nothing is counted.
pub(super) fn actual(checks: &mut Checks, item: &cooperation_item::Model, actual: Option<i64>) {
    checks.require(
        item.target.is_none() || actual.is_some(),
        "actual",
        "actual is missing: the item has a target.",
        "缺少 actual：该事项设有目标值。",
    );
    checks.require(
        item.measure.is_some() || actual.is_none(),
        "actual",
        "actual: nothing is counted for this item.",
        "该事项未设计量内容，不应填写 actual。",
    );
    checks.require(
        actual.is_none_or(|actual| actual >= 0),
        "actual",
        "actual is negative; expected 0 or more.",
        "actual 不能为负数。",
    );
}

/// A new due date: later than the old one, not past, inside the agreement's validity.
pub(super) fn deferral(checks: &mut Checks, facts: &rules::Facts, (due_on, today): (NaiveDate, NaiveDate)) {
    let earliest = today.max(facts.item.due_on.succ_opt().unwrap_or(facts.item.due_on));
    checks.require(
        due_on >= earliest,
        "dueOn",
        format!("dueOn ({due_on}) is too early; expected {earliest} or later."),
        format!("dueOn（{due_on}）过早，应为 {earliest} 或之后。"),
    );
    due(checks, &facts.agreement, due_on);
}

fn due(checks: &mut Checks, agreement: &facts::Facts, due_on: NaiveDate) {
    let (starts_on, ends_on) = (agreement.agreement.starts_on, agreement.agreement.ends_on);
    checks.require(
        due_on <= ends_on && starts_on.is_none_or(|starts_on| due_on >= starts_on),
        "dueOn",
        format!("dueOn ({due_on}) is not in the time of the agreement, which ends on {ends_on}."),
        format!("dueOn（{due_on}）不在协议有效期内，协议截止日期为 {ends_on}。"),
    );
}
