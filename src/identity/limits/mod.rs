//! How often somebody may fail to sign in 登录限制.
//!
//! Failures are counted in windows of a quarter of an hour, once for the address they come from and once for the
//! account they aim at, in the database, so that neither a restart nor another server forgets them. The account's limit
//! does not hold for addresses from which the account has signed in before: a stranger who keeps guessing locks himself
//! out, not the user. Attempts that are being checked while the limit is reached may still finish; there are never more
//! of them than [`crate::platform::password`] checks at once.

pub mod store;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{Record, sign_in_counter};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Job, Permit, RecordRef},
    error::{Error, Result},
    platform::{db::Write, seal::Seal},
};

const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// After this long an address counts as never used.
const MEMORY: TimeDelta = TimeDelta::days(180);
const PURPOSE: &str = "sign-in limits";

/// Somebody tries to sign in: from where and as whom, under pseudonyms.
#[derive(Clone, Debug)]
pub struct Attempt {
    address: Option<String>,
    account: String,
}

impl Attempt {
    /// An attempt from this address, empty where unknown, to sign in as `login`.
    ///
    /// # Errors
    /// When the installation has no secret.
    pub fn new(app: &App, address: &str, login: &str) -> Result<Self> {
        let seal = Seal::new(&app.settings().secret)?;
        let address = if address.is_empty() {
            None
        } else {
            Some(seal.pseudonym(PURPOSE, &format!("address {}", network(address)))?)
        };
        Ok(Self { address, account: seal.pseudonym(PURPOSE, &format!("account {login}"))? })
    }

    fn subjects(&self) -> Vec<String> {
        self.address.iter().chain([&self.account]).cloned().collect()
    }
}

/// Whether another attempt may be made. `user` is whom the login belongs to, if anybody.
///
/// # Errors
/// `RATE_LIMITED` when the address or the account has failed too often.
pub async fn check(app: &App, attempt: &Attempt, user: Option<Uuid>) -> Result<()> {
    let db = app.db().reader();
    let counters = store::counters(db, &attempt.subjects(), since(app.db().clock().now())).await?;
    let failures = |subject: &str| {
        counters.iter().find(|counter| counter.subject == subject).map_or(0, |counter| counter.failures.unsigned_abs())
    };
    if attempt
        .address
        .as_deref()
        .is_some_and(|address| failures(address) >= app.settings().sign_in_failures_per_address)
    {
        return Err(Error::rate_limited());
    }
    if failures(&attempt.account) < app.settings().sign_in_failures_per_account {
        return Ok(());
    }
    match (user, &attempt.address) {
        (Some(user), Some(address)) if store::is_known(db, user, address).await? => Ok(()),
        _ => Err(Error::rate_limited()),
    }
}

/// Counts an attempt that failed.
///
/// # Errors
/// When the database fails.
pub async fn failed(app: &App, attempt: &Attempt) -> Result<()> {
    let record = RecordRef { kind: sign_in_counter::Entity::PREFIX, id: Uuid::nil() };
    app.db()
        .write(move |tx| async move {
            let write = tx.under(Permit::system(Job::Sessions, record));
            for subject in attempt.subjects() {
                store::count(&write, &subject, since(write.now())).await?;
            }
            Ok(())
        })
        .await
}

/// Remembers that the user has signed in from there.
///
/// # Errors
/// When the database fails.
pub(super) async fn succeeded(write: &Write, attempt: &Attempt, user: Uuid) -> Result<()> {
    match &attempt.address {
        Some(address) => store::remember(write, user, address).await,
        None => Ok(()),
    }
}

/// Forgets counters whose window has passed, and addresses not used for half a year.
///
/// # Errors
/// When the database fails.
pub(super) async fn tidy(write: &Write) -> Result<()> {
    store::forget(write, since(write.now()), write.now() - MEMORY).await
}

fn since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - WINDOW
}

/// Whoever has an IPv6 address has its whole /64.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_line_are_one() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
