//! The time, in UTC and microseconds, and the calendar day in Shanghai.
//!
//! A date in an agreement is a day in China: it begins and ends at midnight Asia/Shanghai, which has had no summer
//! time since 1991 and is therefore a fixed offset.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, Utc};

const SHANGHAI: Option<FixedOffset> = FixedOffset::east_opt(8 * 3600);

/// Where the time comes from: the machine, or a script that tells a story.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is set: tests and the demo's story.
    Scripted(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn scripted(now: DateTime<Utc>) -> Self {
        Self::Scripted(Arc::new(AtomicI64::new(now.timestamp_micros())))
    }

    /// Now, in whole microseconds: what both databases can keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Scripted(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Moves a scripted clock; the machine's own cannot be moved and ignores it.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Self::Scripted(micros) = self {
            micros.store(now.timestamp_micros(), Ordering::SeqCst);
        }
    }
}

/// A moment as clocks in China show it.
#[must_use]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    SHANGHAI.map_or_else(|| at.naive_utc(), |zone| at.with_timezone(&zone).naive_local())
}

/// The calendar day in Shanghai at that moment.
#[must_use]
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    SHANGHAI.map_or_else(|| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
}

/// The first moment of that day in Shanghai.
#[must_use]
pub fn begins(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    SHANGHAI
        .and_then(|zone| midnight.and_local_timezone(zone).single())
        .map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// The first moment after that day in Shanghai.
#[must_use]
pub fn ends(day: NaiveDate) -> DateTime<Utc> {
    begins(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_shanghai() {
        let last = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        assert_eq!(ends(last).to_rfc3339(), "2026-12-31T16:00:00+00:00");
        let moment: DateTime<Utc> = "2026-12-31T15:59:59Z".parse().unwrap();
        assert_eq!(day(moment), last);
        assert_eq!(day(ends(last)), NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
    }
}
