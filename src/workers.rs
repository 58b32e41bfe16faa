//! What runs beside requests, on every server: each job by itself, again and again.
//!
//! Every job may run at any time and on any number of servers at once; what must happen once is held by the database.
//! A job that fails is tried again, sooner than its turn; its failure is logged when it begins to fail and its recovery
//! when it works again, not each try between.

use std::{
    fmt,
    pin::{Pin, pin},
    time::Duration,
};

use tokio::{sync::watch, task::JoinSet};

use crate::{
    agreements,
    app::App,
    documents,
    error::Result,
    identity,
    platform::{checkpoint::checkpoint, denials},
    talent,
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
/// How soon a job that failed is tried again, at first; then twice as long each time, up to its turn.
const RETRY: Duration = Duration::from_secs(2);

type Work = Box<dyn Fn(App) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// Something that is done again and again.
pub struct Job {
    name: &'static str,
    every: Duration,
    work: Work,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("name", &self.name).field("every", &self.every).finish_non_exhaustive()
    }
}

impl Job {
    /// A job by what it does: "turning the day".
    #[must_use]
    pub fn new<F>(name: &'static str, every: Duration, work: impl Fn(App) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        Self { name, every, work: Box::new(move |app| Box::pin(work(app))) }
    }
}

/// Everything this program does by itself.
#[must_use]
pub fn jobs() -> Vec<Job> {
    let mut jobs = vec![
        Job::new("turning the day", MINUTE, |app| async move { agreements::jobs::turn_the_day(&app).await.map(drop) }),
        Job::new("clearing what ended", MINUTE, |app| async move {
            agreements::jobs::clear_what_ended(&app).await.map(drop)
        }),
        Job::new(
            "reminding of items",
            HOUR,
            |app| async move { agreements::items::notices::remind(&app).await.map(drop) },
        ),
        Job::new(
            "reminding of notice dates",
            HOUR,
            |app| async move { agreements::notices::remind(&app).await.map(drop) },
        ),
        Job::new("writing refusals", MINUTE / 6, |app| async move { denials::flush(app.db()).await.map(drop) }),
        Job::new("sealing the event log", HOUR, |app| async move { seal(&app).await }),
        Job::new("tidying sessions", HOUR, |app| async move { identity::tidy(&app).await.map(drop) }),
        Job::new("sweeping files", HOUR, |app| async move { documents::jobs::sweep(&app).await.map(drop) }),
    ];
    jobs.extend(in_talent_pipelines());
    jobs
}

/// What is done in talent pipelines.
fn in_talent_pipelines() -> [Job; 12] {
    [
        Job::new("letting applications lapse", MINUTE, |app| async move {
            talent::applications::jobs::lapse(&app).await.map(drop)
        }),
        Job::new("telling of overdue negotiations", HOUR, |app| async move {
            talent::negotiations::notices::alert(&app).await.map(drop)
        }),
        Job::new("asking after graduates", HOUR, |app| async move {
            talent::employment::notices::ask(&app).await.map(drop)
        }),
        Job::new(
            "closing positions",
            MINUTE,
            |app| async move { talent::positions::jobs::expire(&app).await.map(drop) },
        ),
        Job::new("ending consents", MINUTE, |app| async move { talent::consents::end_outlived(&app).await.map(drop) }),
        Job::new("keeping the times of events", MINUTE, |app| async move {
            talent::events::jobs::keep_time(&app).await.map(drop)
        }),
        Job::new("noting absences", MINUTE, |app| async move {
            talent::registrations::jobs::note_absences(&app).await.map(drop)
        }),
        Job::new("noting missed interviews", MINUTE, |app| async move {
            talent::interviews::bookings::jobs::note_missed(&app).await.map(drop)
        }),
        Job::new("closing interview sessions", MINUTE, |app| async move {
            talent::interviews::sessions::jobs::close_over(&app).await.map(drop)
        }),
        Job::new("keeping waiting lists", MINUTE, |app| async move {
            talent::interviews::waits::jobs::keep(&app).await.map(drop)
        }),
        Job::new("ending requests to change places", MINUTE, |app| async move {
            talent::interviews::swaps::jobs::lapse(&app).await.map(drop)
        }),
        Job::new("clearing past interviews", HOUR, |app| async move {
            talent::interviews::holds::jobs::clear(&app).await.map(drop)
        }),
    ]
}

/// The hash also goes to the log, where whoever can change the database cannot reach it.
async fn seal(app: &App) -> Result<()> {
    if let Some(sealed) = checkpoint(app.db()).await? {
        tracing::info!(events = sealed.events, hash = sealed.hash, "the event log was sealed");
    }
    Ok(())
}

/// Runs jobs until `closing` turns true, then lets those that are at work finish and writes the last refusals.
pub async fn run(app: App, jobs: Vec<Job>, closing: watch::Receiver<bool>) {
    let mut working = JoinSet::new();
    for job in jobs {
        working.spawn(repeat(app.clone(), job, closing.clone()));
    }
    while working.join_next().await.is_some() {}
    if let Err(error) = denials::flush(app.db()).await {
        tracing::error!(?error, "the last refusals could not be written");
    }
}

async fn repeat(app: App, job: Job, mut closing: watch::Receiver<bool>) {
    let mut failures = 0;
    loop {
        failures = match (job.work)(app.clone()).await {
            Ok(()) if failures > 0 => {
                tracing::info!(job = job.name, failures, "a job works again");
                0
            }
            Ok(()) => 0,
            Err(error) => {
                if failures == 0 {
                    tracing::error!(job = job.name, ?error, "a job failed; it is tried again");
                }
                failures + 1
            }
        };
        let pause = pause(job.every, failures);
        // An error means that whoever would close us is gone: nothing is left to work for.
        if let Ok(_closed) = tokio::time::timeout(pause, pin!(closing.wait_for(|closing| *closing))).await {
            return;
        }
    }
}

/// Until the next turn, or after a failure until the next try.
fn pause(every: Duration, failures: u32) -> Duration {
    match failures {
        0 => every,
        failures => RETRY.saturating_mul(1 << (failures - 1).min(16)).min(every),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;
    use crate::{error::Error, tests::Fixture};

    #[test]
    fn a_failing_job_is_tried_again_sooner_than_its_turn() {
        let pauses: Vec<u64> = (0..7).map(|failures| pause(MINUTE, failures).as_secs()).collect();
        assert_eq!(pauses, [60, 2, 4, 8, 16, 32, 60]);
        assert_eq!(pause(HOUR, u32::MAX), HOUR);
    }

    #[tokio::test]
    async fn jobs_run_until_they_are_told_to_stop_and_one_that_fails_disturbs_none() {
        let fixture = Fixture::new().await;
        let count = Arc::new(AtomicU32::new(0));
        let counted = count.clone();
        let work = move |_| {
            let counted = counted.clone();
            async move {
                counted.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        };
        let jobs = vec![
            Job::new("counting", Duration::from_millis(10), work),
            Job::new("failing", HOUR, |_| async { Err(Error::internal("on purpose")) }),
        ];
        let (close, closing) = watch::channel(false);
        let running = tokio::spawn(run(fixture.app.clone(), jobs, closing));
        while count.load(Ordering::SeqCst) < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        close.send_replace(true);
        tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn everything_that_is_done_can_be_done_on_an_empty_database() {
        let fixture = Fixture::new().await;
        for job in jobs() {
            assert!((job.work)(fixture.app.clone()).await.is_ok(), "{job:?}");
        }
    }
}
