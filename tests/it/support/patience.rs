//! Waiting for what comes by itself.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Long enough for any machine: PostgreSQL's log is read up to the oldest write that still runs, in whichever database of
/// the cluster.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether it is so at last.
pub(crate) async fn at_last(is: impl AsyncFn() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while !is().await {
        if Instant::now() > deadline {
            return false;
        }
        sleep(Duration::from_millis(50)).await;
    }
    true
}
