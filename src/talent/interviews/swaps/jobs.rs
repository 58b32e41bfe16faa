//! What time does to requests to change places: nobody accepts once one of the slots has begun.

use entity::interview_swap::{self, InterviewSwapStep as Step};
use uuid::Uuid;

use super::{notices, rules, store, take, unnamed};
use crate::{app::App, error::Result, platform::db::Tx, talent::interviews::sessions};

/// Lets the requests lapse that nobody accepted in time; says how many. Safe to run at any time, on every replica.
///
/// # Errors
/// When the database fails.
pub async fn lapse(app: &App) -> Result<usize> {
    let mut lapsed = 0;
    loop {
        let mut some = 0;
        for late in store::late(app.db().reader(), app.db().clock().now()).await? {
            some += usize::from(app.db().write(move |tx| async move { end(&tx, late).await }).await?);
        }
        lapsed += some;
        if some == 0 {
            return Ok(lapsed);
        }
    }
}

async fn end(tx: &Tx, (id, session): (Uuid, Uuid)) -> Result<bool> {
    sessions::store::locked(tx, session).await?;
    // Another replica, or whoever gave the place up, may have been faster.
    let Some(swap) = store::find(tx, id).await?.filter(|swap| rules::is_late(swap, tx.now())) else {
        return Ok(false);
    };
    take(tx, &swap, (Step::Lapse, interview_swap::ActiveModel::default())).await?;
    notices::ended(&unnamed(tx, id), &swap).await?;
    Ok(true)
}
