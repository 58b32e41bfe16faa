//! Whom a question concerns: whoever answers for the enterprise, then whoever asked.

use entity::{
    notification::NoticeKind,
    organization_question::{self, QuestionStep as Step},
};

use super::rules::{self, ANSWERERS};
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Tells the enterprise that a question waits.
pub(super) async fn asked(write: &Write, question: &organization_question::Model) -> Result<()> {
    let recipients = To::Members { organizations: vec![question.organization_id], roles: ANSWERERS };
    notify(write, &Notice::new(NoticeKind::QuestionAsked, rules::record(question.id), recipients)).await
}

/// Tells the asker what came of it.
pub(super) async fn tell(write: &Write, question: &organization_question::Model, step: Step) -> Result<()> {
    match step {
        Step::Answer | Step::Decline => {
            let recipients = To::People(vec![question.asker_id]);
            notify(write, &Notice::new(NoticeKind::QuestionAnswered, rules::record(question.id), recipients)).await
        }
        Step::Withdraw => Ok(()),
    }
}
