//! What students who change places are told: that it can be done, that it was, that it will not.

use entity::{interview_swap, notification::NoticeKind};
use uuid::Uuid;

use super::rules;
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Tells everybody who could accept, each once: also whoever has left the wanted slot meanwhile and come back.
pub(super) async fn requested(write: &Write, swap: Uuid, people: Vec<Uuid>) -> Result<()> {
    let asked = Notice::new(NoticeKind::InterviewSwapRequested, rules::record(swap), To::People(people));
    notify(write, &asked.once(format!("swap:{swap}"))).await
}

/// Tells whoever asked that it is done; whoever accepted did it.
pub(super) async fn swapped(write: &Write, swap: &interview_swap::Model) -> Result<()> {
    tell(write, swap.id, (NoticeKind::InterviewSwapped, vec![swap.student_id])).await
}

/// Tells whoever asked that it is over, and not by an own doing.
pub(super) async fn ended(write: &Write, swap: &interview_swap::Model) -> Result<()> {
    tell(write, swap.id, (NoticeKind::InterviewSwapEnded, vec![swap.student_id])).await
}

async fn tell(write: &Write, swap: Uuid, (kind, people): (NoticeKind, Vec<Uuid>)) -> Result<()> {
    notify(write, &Notice::new(kind, rules::record(swap), To::People(people))).await
}
