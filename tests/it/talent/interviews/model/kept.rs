//! The model: what was given to whom, and what may never be.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

pub(super) const STUDENTS: usize = 24;
/// Statuses in which a place is held or was used.
pub(super) const HELD: [&str; 4] = ["CONFIRMED", "CHECKED_IN", "DONE", "NO_SHOW"];
pub(super) const LIVE: [&str; 2] = ["CONFIRMED", "CHECKED_IN"];

/// From when until when, buffer included.
pub(super) type Span = (DateTime<Utc>, DateTime<Utc>);

pub(super) struct Session {
    pub(super) id: String,
    /// Which of the two enterprises.
    pub(super) of: usize,
    pub(super) interviewer: usize,
    pub(super) room: String,
    pub(super) span: Span,
    pub(super) size: usize,
    pub(super) called_off: bool,
}

pub(super) struct Slot {
    pub(super) id: String,
    pub(super) session: usize,
    pub(super) span: Span,
}

pub(super) struct Booking {
    pub(super) id: String,
    pub(super) student: usize,
    pub(super) slot: usize,
    pub(super) status: String,
    pub(super) version: i64,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) sessions: Vec<Session>,
    pub(super) slots: Vec<Slot>,
    pub(super) bookings: Vec<Booking>,
}

pub(in crate::talent::interviews) struct Dice(pub(in crate::talent::interviews) u64);

impl Dice {
    pub(in crate::talent::interviews) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

pub(super) fn meet(one: Span, other: Span) -> bool {
    one.0 < other.1 && other.0 < one.1
}

pub(super) fn none_meet(mut spans: Vec<Span>) -> bool {
    spans.sort_unstable();
    spans.windows(2).all(|pair| !meet(pair[0], pair[1]))
}

impl Model {
    pub(super) fn held(&self, slot: usize) -> usize {
        self.bookings.iter().filter(|booking| booking.slot == slot && HELD.contains(&booking.status.as_str())).count()
    }

    pub(super) fn spans_of(&self, student: usize) -> Vec<Span> {
        let own = self.bookings.iter().filter(|one| one.student == student && HELD.contains(&one.status.as_str()));
        own.map(|booking| self.slots[booking.slot].span).collect()
    }

    /// What may never be otherwise.
    pub(super) fn holds(&self) {
        for (at, slot) in self.slots.iter().enumerate() {
            assert!(self.held(at) <= self.sessions[slot.session].size, "a slot beyond its size");
        }
        assert!((0..STUDENTS).all(|student| none_meet(self.spans_of(student))), "a student in two places");
        let mut busy: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for session in self.sessions.iter().filter(|session| !session.called_off) {
            busy.entry(format!("interviewer {}", session.interviewer)).or_default().push(session.span);
            busy.entry(format!("room {} of {}", session.room, session.of)).or_default().push(session.span);
        }
        for (who, spans) in busy {
            assert!(none_meet(spans), "{who} in two places");
        }
    }
}
