//! What each caller may still ask for: a budget that refills all the time.
//!
//! It is counted in the records that requests ask for, at least one for each request, and kept in the memory of each
//! server: with several servers a caller has as many budgets. Somebody who is not signed in shares the budget of the
//! network address.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{Error, Result};

/// Callers that are remembered before those are forgotten whose budget is full again.
const MOST: usize = 10_000;
const MINUTE_MS: i64 = 60_000;

/// The budgets of all callers.
#[derive(Debug)]
pub struct Budgets {
    per_minute: u64,
    spent: Mutex<HashMap<String, Spent>>,
}

/// What somebody has spent and not got back yet, in thousandths, as it was at a moment.
#[derive(Clone, Copy, Debug)]
struct Spent {
    thousandths: u64,
    at: DateTime<Utc>,
}

/// Where a caller stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What may be spent at once, and comes back each minute.
    pub limit: u64,
    /// What is left of it.
    pub remaining: u64,
    /// When all of it is back, if nothing more is spent.
    pub reset_at: DateTime<Utc>,
}

impl Budgets {
    /// Budgets of so many records a minute.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: u64::from(per_minute.max(1)), spent: Mutex::default() }
    }

    /// Spends, if the caller has so much left; a budget that is full pays for any one request.
    ///
    /// # Errors
    /// `RATE_LIMITED` when it is used up; nothing is spent then.
    pub fn spend(&self, caller: &str, cost: u64, now: DateTime<Utc>) -> Result<()> {
        let all = self.per_minute.saturating_mul(1_000);
        let charged = self.add(caller, cost, now, |before, after| before == 0 || after <= all);
        if charged { Ok(()) } else { Err(Error::rate_limited()) }
    }

    /// Spends whether or not it is left: for what has happened already.
    pub fn charge(&self, caller: &str, cost: u64, now: DateTime<Utc>) {
        self.add(caller, cost, now, |_, _| true);
    }

    /// Spends if what is spent before and after may be so: asked and written in one, however many ask at once.
    fn add(&self, caller: &str, cost: u64, now: DateTime<Utc>, may: impl FnOnce(u64, u64) -> bool) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let before = spent.get(caller).map_or(0, |spent| self.left_of(*spent, now));
        let thousandths = before.saturating_add(cost.saturating_mul(1_000));
        if !may(before, thousandths) {
            return false;
        }
        if spent.len() >= MOST {
            spent.retain(|_, spent| self.left_of(*spent, now) > 0);
        }
        spent.insert(caller.to_owned(), Spent { thousandths, at: now });
        true
    }

    /// Where a caller stands.
    #[must_use]
    pub fn standing(&self, caller: &str, now: DateTime<Utc>) -> Standing {
        let spent = self.spent(caller, now);
        let wait = spent.saturating_mul(60).div_ceil(self.per_minute);
        Standing {
            limit: self.per_minute,
            remaining: self.per_minute.saturating_sub(spent.div_ceil(1_000)),
            reset_at: now + TimeDelta::milliseconds(i64::try_from(wait).unwrap_or(i64::MAX / 2)),
        }
    }

    fn spent(&self, caller: &str, now: DateTime<Utc>) -> u64 {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.get(caller).map_or(0, |spent| self.left_of(*spent, now))
    }

    /// What is still spent now: the budget comes back evenly.
    fn left_of(&self, spent: Spent, now: DateTime<Utc>) -> u64 {
        let passed = (now - spent.at).num_milliseconds().clamp(0, i64::MAX / MINUTE_MS).unsigned_abs();
        spent.thousandths.saturating_sub(passed.saturating_mul(self.per_minute) / 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_and_comes_back() {
        let budgets = Budgets::new(600);
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let later = |ms: i64| now + TimeDelta::milliseconds(ms);
        budgets.spend("a", 500, now).unwrap();
        assert_eq!(budgets.spend("a", 101, now).unwrap_err().code(), crate::error::Code::RateLimited);
        budgets.spend("b", 101, now).unwrap();
        budgets.spend("a", 100, now).unwrap();
        let standing = budgets.standing("a", now);
        assert_eq!(standing, Standing { limit: 600, remaining: 0, reset_at: later(60_000) });
        // Ten come back each second.
        assert_eq!(budgets.standing("a", later(999)).remaining, 9);
        assert!(budgets.spend("a", 11, later(1_000)).is_err());
        budgets.spend("a", 10, later(1_000)).unwrap();
        assert_eq!(budgets.standing("a", later(61_000)).remaining, 600);
        // A full budget pays for any one request, and what happened is charged.
        budgets.spend("c", 1_000, now).unwrap();
        assert!(budgets.spend("c", 1, later(39_000)).is_err());
        budgets.charge("c", 1_000, later(39_000));
        assert_eq!(budgets.standing("c", later(39_000)).remaining, 0);
    }

    #[test]
    fn many_at_once_spend_no_more_than_one() {
        let budgets = Budgets::new(600);
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let spent: usize = std::thread::scope(|threads| {
            let spend = || (0..1_000).filter(|_| budgets.spend("a", 1, now).is_ok()).count();
            let all: Vec<_> = (0..8).map(|_| threads.spawn(spend)).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(spent, 600);
    }

    #[test]
    fn those_who_have_it_all_back_are_forgotten() {
        let budgets = Budgets::new(60);
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for at in 0..MOST {
            budgets.charge(&at.to_string(), 1, now);
        }
        budgets.charge("late", 1, now + TimeDelta::seconds(1));
        assert_eq!(budgets.spent.lock().unwrap().len(), 1);
    }
}
