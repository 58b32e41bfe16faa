//! What an interview session must look like.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{interview_session, recruitment_event};

use super::InterviewSessionCreateInput;
use crate::{
    platform::input::{Checks, NAME},
    talent::interviews::{holds::TICK, sessions::rules::is_to_be_held},
};

/// Interviewers of one session.
const INTERVIEWERS: usize = 10;
/// Students of one slot.
const GROUP: i32 = 100;
/// Hours of one session.
const HOURS: i64 = 12;

/// Lengths, times and sizes. What is right of it can be laid out in slots.
pub(super) fn session(
    checks: &mut Checks,
    input: &InterviewSessionCreateInput,
    now: DateTime<Utc>,
) -> (String, String) {
    let (starts_at, ends_at) = (input.starts_at.0, input.ends_at.0);
    let place = checks.line("place", &input.place, NAME);
    let room = checks.line("room", &input.room, NAME);
    let on_the_tick = |at: DateTime<Utc>| at.timestamp_micros() % (i64::from(TICK) * 60_000_000) == 0;
    checks.require(
        starts_at > now && on_the_tick(starts_at),
        "startsAt",
        format!("startsAt: expected a time to come, at a full {TICK} minutes."),
        format!("startsAt 应为将来时刻，且为 {TICK} 分钟的整倍数。"),
    );
    minutes(checks, ("slotMinutes", input.slot_minutes), (TICK, 240));
    minutes(checks, ("bufferMinutes", input.buffer_minutes), (0, 120));
    let whole = ends_at - starts_at;
    checks.require(
        whole >= TimeDelta::minutes(input.slot_minutes.into()) && whole <= TimeDelta::hours(HOURS),
        "endsAt",
        format!("endsAt: expected room for one slot at least, and {HOURS} hours after startsAt at most."),
        format!("endsAt 应至少容纳一个时段，且不晚于 startsAt 后 {HOURS} 小时。"),
    );
    checks.require(
        (1..=GROUP).contains(&input.group_size),
        "groupSize",
        format!("groupSize: expected 1 to {GROUP}."),
        format!("groupSize 应为 1 至 {GROUP}。"),
    );
    let count = input.interviewer_ids.len();
    let mut keys: Vec<_> = input.interviewer_ids.iter().map(|id| id.key()).collect();
    keys.sort_unstable();
    keys.dedup();
    checks.require(
        (1..=INTERVIEWERS).contains(&count) && keys.len() == count,
        "interviewerIds",
        format!("interviewerIds: expected 1 to {INTERVIEWERS} people, each once."),
        format!("interviewerIds 应为 1 至 {INTERVIEWERS} 人，且不重复。"),
    );
    (place, room)
}

fn minutes(checks: &mut Checks, (field, minutes): (&str, i32), (min, max): (i32, i32)) {
    checks.require(
        (min..=max).contains(&minutes) && minutes % TICK == 0,
        field,
        format!("{field}: expected {min} to {max} minutes, a multiple of {TICK}."),
        format!("{field} 应为 {min} 至 {max} 分钟，且为 {TICK} 的倍数。"),
    );
}

/// At an event the enterprise has a booth, the event is to be held, and the session lies within it.
pub(super) fn at_event(
    checks: &mut Checks,
    (event, has_booth): (&recruitment_event::Model, bool),
    input: &InterviewSessionCreateInput,
) {
    checks.require(
        has_booth && is_to_be_held(event),
        "eventId",
        "eventId is not an event to come at which your enterprise has a confirmed booth.",
        "eventId 不是贵企业已确认展位且尚未结束的活动。",
    );
    let (from, to) = (event.starts_at, event.ends_at);
    checks.require(
        from <= input.starts_at.0 && input.ends_at.0 <= to,
        "startsAt",
        format!(
            "startsAt and endsAt: expected times within the event, from {} to {}.",
            from.format("%FT%TZ"),
            to.format("%FT%TZ")
        ),
        format!("startsAt 与 endsAt 应在活动时间内（{} 至 {}，UTC）。", from.format("%FT%TZ"), to.format("%FT%TZ")),
    );
}

/// A session that lasts until then has a slot more, and lies within its event.
pub(super) fn longer(
    checks: &mut Checks,
    (session, event): (&interview_session::Model, Option<&recruitment_event::Model>),
    ends_at: DateTime<Utc>,
) {
    let pause_and_slot = TimeDelta::minutes((session.buffer_minutes + session.slot_minutes).into());
    let (from, hours) = (session.ends_at + pause_and_slot, session.starts_at + TimeDelta::hours(HOURS));
    let to = event.map_or(hours, |event| event.ends_at.min(hours));
    checks.require(
        from <= ends_at && ends_at <= to,
        "endsAt",
        format!("endsAt: expected a time from {} to {}.", from.format("%FT%TZ"), to.format("%FT%TZ")),
        format!("endsAt 应在 {} 至 {} 之间（UTC）。", from.format("%FT%TZ"), to.format("%FT%TZ")),
    );
}

/// When the slots of a session begin and end, the first first.
pub(super) fn slots(session: &interview_session::Model) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let length = TimeDelta::minutes(session.slot_minutes.into());
    let pitch = TimeDelta::minutes((session.slot_minutes + session.buffer_minutes).into());
    let mut slots = Vec::new();
    let mut begins_at = session.starts_at;
    while pitch > TimeDelta::zero() && begins_at + length <= session.ends_at {
        slots.push((begins_at, begins_at + length));
        begins_at += pitch;
    }
    slots
}
