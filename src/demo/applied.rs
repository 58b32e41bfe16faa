//! A student's application, up to an intention that the enterprise has still to confirm.

use chrono::Duration;
use entity::application::Engagement;

use super::{store, story::Story};
use crate::{
    error::Result,
    platform::id::Id,
    talent::applications::{
        self, ApplicationStepInput, ApplicationSubmitInput,
        intention::{self, ApplicationDeclareIntentionInput},
        selection::{self, ApplicationRecordInterviewInput},
    },
};

impl Story<'_> {
    /// Applied for the quality position two days ago, met yesterday; the student would come.
    pub(super) async fn applied(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::hours(40));
        let (student, recruiter) = (self.as_("student").await?, self.as_("enterprise.recruiter").await?);
        let position = store::position(self.app.db(), "质量管理专员").await?;
        let submit = ApplicationSubmitInput {
            position_id: Id::new(position),
            event_id: None,
            letter: Some("群面时与贵公司交流过来料检验，希望从质量岗位做起。".to_owned()),
            idempotency_key: None,
        };
        let id = Id::new(applications::submit(self.app, &student, &submit).await?);
        let step = |expected_version| ApplicationStepInput { id, expected_version };
        self.later(Duration::hours(3));
        selection::shortlist(self.app, &recruiter, &step(1)).await?;
        self.later(Duration::minutes(10));
        selection::invite(self.app, &recruiter, &step(2)).await?;
        self.app.db().clock().set(self.now - Duration::hours(20));
        let met = ApplicationRecordInterviewInput {
            id,
            expected_version: 3,
            interviewed_at: None,
            note: Some("控制图讲得清楚，三坐标需要培训。".to_owned()),
        };
        selection::record_interview(self.app, &recruiter, &met).await?;
        self.app.db().clock().set(self.now - Duration::hours(3));
        let aim = ApplicationDeclareIntentionInput { id, expected_version: 4, engagement: Engagement::Employment };
        intention::declare(self.app, &student, &aim).await.map(drop)
    }
}
