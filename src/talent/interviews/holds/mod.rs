//! Who and what is held when 占用: the one thing that keeps people and rooms from being in two places at a time (I6).
//!
//! Time is cut into ticks of five minutes. An interview holds its room, its interviewers and its students at every tick
//! from its beginning to the end of its buffer; a second row for the same tick is what the table's key forbids. So two
//! interviews need a buffer between them, of whichever comes first. A day later the rows go ([`jobs`]).

pub mod jobs;
mod merging;
pub mod store;

pub use merging::Rooms;

use chrono::{DateTime, TimeDelta, Utc};
use entity::interview_session;
use uuid::Uuid;

use crate::platform::input::fold;

/// Minutes of a tick: sessions, slots and buffers are multiples of it.
pub const TICK: i32 = 5;

/// Which ticks: from the first on, up to the last, which is not one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticks {
    /// The first.
    pub from: i64,
    /// The one after the last.
    pub to: i64,
}

impl Ticks {
    /// From this moment until that one and the buffer after it.
    #[must_use]
    pub fn between(begins_at: DateTime<Utc>, ends_at: DateTime<Utc>, buffer_minutes: i32) -> Self {
        let until = ends_at + TimeDelta::minutes(buffer_minutes.into());
        let tick = i64::from(TICK) * 60;
        Self { from: begins_at.timestamp().div_euclid(tick), to: (until.timestamp() - 1).div_euclid(tick) + 1 }
    }

    /// Whether a tick is one of them.
    #[must_use]
    pub fn contain(self, tick: i64) -> bool {
        (self.from..self.to).contains(&tick)
    }
}

/// How a person is held, as a student or an interviewer.
#[must_use]
pub fn person(user: Uuid) -> String {
    user.to_string()
}

/// How a room is held: of an event, or of the enterprise where the session is on site.
#[must_use]
pub fn room(session: &interview_session::Model) -> String {
    let house = session.event_id.unwrap_or(session.organization_id);
    format!("{house}/{}", fold(&session.room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_belongs_to_what_is_before_it() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let first = Ticks::between(at("1970-01-01T00:00:00Z"), at("1970-01-01T00:20:00Z"), 10);
        assert_eq!(first, Ticks { from: 0, to: 6 });
        assert!(first.contain(5) && !first.contain(6));
        let without = Ticks::between(at("1970-01-01T00:20:00Z"), at("1970-01-01T00:40:00Z"), 0);
        assert_eq!(without, Ticks { from: 4, to: 8 });
    }
}
