//! What a recruitment event must look like.

use chrono::{DateTime, Utc};
use entity::recruitment_event::{self, ActiveModel};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{RecruitmentEventMoveInput, RecruitmentEventText};
use crate::{
    auth::Actor,
    platform::{
        db::Write,
        input::{BODY, Checks, NAME, NOTE},
        lifecycle::Lifecycle,
    },
};

/// The columns that the text fills, checked.
pub(super) fn text(checks: &mut Checks, text: &RecruitmentEventText, now: DateTime<Utc>) -> ActiveModel {
    let (opens, closes) = (text.registration_opens_at.0, text.registration_closes_at.0);
    times(checks, (text.starts_at.0, text.ends_at.0), now);
    checks.require(
        opens < closes,
        "registrationClosesAt",
        "registrationClosesAt is not after registrationOpensAt.",
        "registrationClosesAt 应晚于 registrationOpensAt。",
    );
    closes_in_time(checks, closes, text.ends_at.0);
    checks.require(
        (1..=100_000).contains(&text.capacity),
        "capacity",
        "capacity: expected 1 to 100,000 students.",
        "capacity 应为 1 至 100,000 人。",
    );
    checks.require(
        (0..=1_000).contains(&text.booths),
        "booths",
        "booths: expected 0 to 1,000.",
        "booths 应为 0 至 1,000 个。",
    );
    ActiveModel {
        title: Set(checks.line("title", &text.title, NAME)),
        description: Set(checks.lines("description", &text.description, BODY)),
        place: Set(checks.line("place", &text.place, NAME)),
        starts_at: Set(text.starts_at.0),
        ends_at: Set(text.ends_at.0),
        registration_opens_at: Set(opens),
        registration_closes_at: Set(closes),
        capacity: Set(text.capacity),
        booths: Set(text.booths),
        programme: Set(checks.optional_lines("programme", text.programme.as_deref(), BODY)),
        ..Default::default()
    }
}

/// Another time and place, checked.
pub(super) fn moved(
    checks: &mut Checks,
    input: &RecruitmentEventMoveInput,
    (event, now): (&recruitment_event::Model, DateTime<Utc>),
) -> ActiveModel {
    times(checks, (input.starts_at.0, input.ends_at.0), now);
    checks.require(
        event.registration_opens_at < input.registration_closes_at.0,
        "registrationClosesAt",
        "registrationClosesAt is not after the registration opened.",
        "registrationClosesAt 应晚于报名开始时间。",
    );
    closes_in_time(checks, input.registration_closes_at.0, input.ends_at.0);
    ActiveModel {
        place: Set(checks.line("place", &input.place, NAME)),
        starts_at: Set(input.starts_at.0),
        ends_at: Set(input.ends_at.0),
        registration_closes_at: Set(input.registration_closes_at.0),
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..Default::default()
    }
}

fn times(checks: &mut Checks, (starts, ends): (DateTime<Utc>, DateTime<Utc>), now: DateTime<Utc>) {
    checks.require(now < starts, "startsAt", "startsAt has passed.", "startsAt 已过。");
    checks.require(starts < ends, "endsAt", "endsAt is not after startsAt.", "endsAt 应晚于 startsAt。");
}

fn closes_in_time(checks: &mut Checks, closes: DateTime<Utc>, ends: DateTime<Utc>) {
    checks.require(
        closes <= ends,
        "registrationClosesAt",
        "registrationClosesAt is after the end of the event.",
        "registrationClosesAt 不应晚于活动结束时间。",
    );
}

/// A new draft of the actor's organization.
pub(super) fn drafted(row: ActiveModel, write: &Write, actor: &Actor, id: Uuid) -> ActiveModel {
    ActiveModel {
        id: Set(id),
        organizer_id: Set(actor.organization()),
        author_id: Set(actor.user()),
        status: Set(recruitment_event::Entity::INITIAL),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..row
    }
}

/// From when students are checked in.
pub(super) fn opened(write: &Write) -> ActiveModel {
    ActiveModel { check_in_opened_at: Set(Some(write.now())), ..Default::default() }
}

/// Since when it is over.
pub(super) fn closed(write: &Write) -> ActiveModel {
    ActiveModel { closed_at: Set(Some(write.now())), ..Default::default() }
}

/// What is published must have been written.
pub(super) fn article_is_there(checks: &mut Checks, event: &recruitment_event::Model) {
    checks.require(event.article.is_some(), "id", "There is no article yet; write it first.", "尚无报道，请先撰写。");
}
