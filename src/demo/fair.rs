//! The group interview in the park, and the talent day to come.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entity::recruitment_event::RecruitmentEventKind;
use uuid::Uuid;

use super::{
    cast::Org,
    store,
    story::{Story, day},
};
use crate::{
    auth::Actor,
    error::Result,
    graphql::DateTime as Moment,
    platform::{clock, id::Id},
    talent::{
        events::{
            self, RecruitmentEventArticleWriteInput, RecruitmentEventCreateInput, RecruitmentEventStepInput,
            RecruitmentEventText,
            exhibitors::{
                self, EventExhibitorConfirmInput, EventExhibitorInviteInput, EventExhibitorRequestInput,
                EventExhibitorStepInput,
            },
        },
        registrations::{
            self, RegistrationCreateInput, RegistrationExcuseInput,
            check_in::{CheckInScanInput, RegistrationCheckInInput},
            codes,
        },
    },
};

/// The day of the symposium.
const GROUP_INTERVIEW: &str = "2025-05-06";
/// Who registered besides the crowd; the last one does not come.
const STUDENTS: [&str; 3] = ["student", "student.2", "student.3"];

impl Story<'_> {
    /// The park invites students to a group interview: three enterprises, seventy-two students who come and one who does
    /// not; by evening thirty-one know where they would go.
    pub(super) async fn group_interview(&self) -> Result<()> {
        self.on("2025-04-21")?;
        let held_on = day(GROUP_INTERVIEW)?;
        let text = text(("园区企业集中群面", "营山经济开发区人才服务中心"), held_on, self.app.db().clock().now());
        let event =
            self.announce(RecruitmentEventKind::ParkGroupInterview, text, ("park.officer", "county.officer")).await?;
        self.on("2025-04-23")?;
        self.booths(event).await?;
        let offered = self.stands(event).await?;
        self.on("2025-04-28")?;
        let crowd = self.crowd().await?;
        let mut places = Vec::new();
        for comer in &crowd {
            self.later(Duration::minutes(2));
            places.push((comer.actor.clone(), self.register_student(event, &comer.actor).await?));
        }
        for student in STUDENTS {
            self.later(Duration::minutes(25));
            let student = self.as_(student).await?;
            let place = self.register_student(event, &student).await?;
            places.push((student, place));
        }
        let applied = self.apply(&crowd, (event, &offered)).await?;
        self.app.db().clock().set(starts(held_on) - Duration::minutes(50));
        events::jobs::keep_time(self.app).await?;
        self.check_in(event, &places).await?;
        self.app.db().clock().set(starts(held_on));
        events::jobs::keep_time(self.app).await?;
        self.afternoon(&crowd, &applied, starts(held_on)).await?;
        self.app.db().clock().set(starts(held_on) + Duration::hours(3));
        events::jobs::keep_time(self.app).await?;
        self.on("2025-05-08")?;
        registrations::jobs::note_absences(self.app).await?;
        self.aftermath(event, &places).await?;
        self.refuse(&applied).await?;
        self.graduates(&crowd, &applied).await
    }

    /// A talent day two weeks from now, at which an enterprise has a booth and for which one can register: your code is
    /// waiting.
    pub(super) async fn talent_day(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(6));
        let place = ("营山县校园引才活动", "重庆理工大学两江校区体育馆");
        let text = text(place, self.in_days(14), self.app.db().clock().now());
        let sides = ("county.officer", "county.admin");
        let event = self.announce(RecruitmentEventKind::CampusTalentDay, text, sides).await?;
        self.later(Duration::hours(3));
        self.booth(event, ("enterprise.admin.2", "B1"), &self.as_("county.officer").await?).await?;
        self.later(Duration::hours(2));
        self.register_student(event, &self.as_("student").await?).await.map(drop)
    }

    /// Drafted and submitted by one person, published by another.
    async fn announce(
        &self,
        kind: RecruitmentEventKind,
        text: RecruitmentEventText,
        (by, reviewer): (&str, &str),
    ) -> Result<Uuid> {
        let input = RecruitmentEventCreateInput { idempotency_key: None, kind, region_code: None, text };
        let id = events::create(self.app, &self.as_(by).await?, &input).await?;
        self.later(Duration::hours(1));
        events::submit(self.app, &self.as_(by).await?, &self.event_step(id).await?).await?;
        self.later(Duration::hours(4));
        events::publish(self.app, &self.as_(reviewer).await?, &self.event_step(id).await?).await
    }

    /// Two enterprises ask for a booth, a third is invited.
    async fn booths(&self, event: Uuid) -> Result<()> {
        let organizer = self.as_("park.officer").await?;
        for (by, booth) in [("enterprise.recruiter", "A1"), ("enterprise.admin.3", "A3")] {
            self.booth(event, (by, booth), &organizer).await?;
        }
        let input = EventExhibitorInviteInput {
            event_id: Id::new(event),
            organization_id: Id::new(self.organization(Org::Precision)?),
            booth: Some("A2".to_owned()),
            idempotency_key: None,
        };
        let id = exhibitors::invite(self.app, &organizer, &input).await?;
        let step = EventExhibitorStepInput { id: Id::new(id), expected_version: 1 };
        exhibitors::accept(self.app, &self.as_("enterprise.admin.2").await?, &step).await.map(drop)
    }

    async fn booth(&self, event: Uuid, (by, booth): (&str, &str), organizer: &Actor) -> Result<()> {
        let input = EventExhibitorRequestInput { event_id: Id::new(event), idempotency_key: None };
        let id = exhibitors::request(self.app, &self.as_(by).await?, &input).await?;
        let booth = Some(booth.to_owned());
        let given = EventExhibitorConfirmInput { id: Id::new(id), expected_version: 1, booth };
        exhibitors::confirm(self.app, organizer, &given).await.map(drop)
    }

    async fn register_student(&self, event: Uuid, student: &Actor) -> Result<Uuid> {
        let input = RegistrationCreateInput { event_id: Id::new(event), idempotency_key: None };
        registrations::create(self.app, student, &input).await
    }

    /// The desk scans the codes of all but the last.
    async fn check_in(&self, event: Uuid, places: &[(Actor, Uuid)]) -> Result<()> {
        let mut scans = Vec::new();
        for (student, registration) in places.iter().take(places.len().saturating_sub(1)) {
            self.later(Duration::seconds(30));
            let code = codes::of(self.app, student, *registration).await?;
            scans.push(CheckInScanInput {
                client_id: format!("desk-{}", scans.len() + 1),
                code: code.map(|code| code.text).unwrap_or_default(),
                scanned_at: Moment(self.app.db().clock().now()),
            });
        }
        let input = RegistrationCheckInInput { event_id: Id::new(event), scans };
        let desk = self.as_("park.officer").await?;
        registrations::check_in::check_in(self.app, &desk, &input).await.map(drop)
    }

    /// Who did not come is excused; an article tells of the day.
    async fn aftermath(&self, event: Uuid, places: &[(Actor, Uuid)]) -> Result<()> {
        for (_, registration) in places.iter().skip(places.len().saturating_sub(1)) {
            let excuse = RegistrationExcuseInput {
                id: Id::new(*registration),
                expected_version: 2,
                reason: "当日参加毕业设计答辩，学院已证明。".to_owned(),
            };
            registrations::excuse(self.app, &self.as_("university.staff").await?, &excuse).await?;
        }
        let organizer = self.as_("park.officer").await?;
        let RecruitmentEventStepInput { id, expected_version } = self.event_step(event).await?;
        let article = RecruitmentEventArticleWriteInput { id, expected_version, article: ARTICLE.to_owned() };
        events::write_article(self.app, &organizer, &article).await?;
        events::publish_article(self.app, &organizer, &self.event_step(event).await?).await?;
        events::report(self.app, &organizer, &self.event_step(event).await?).await.map(drop)
    }

    async fn event_step(&self, event: Uuid) -> Result<RecruitmentEventStepInput> {
        let expected_version = store::recruitment_event(self.app.db(), event).await?.version;
        Ok(RecruitmentEventStepInput { id: Id::new(event), expected_version })
    }
}

/// Two in the afternoon in China.
fn starts(day: NaiveDate) -> DateTime<Utc> {
    clock::begins(day) + Duration::hours(14)
}

/// An afternoon; students register from now until noon before.
fn text((title, place): (&str, &str), held_on: NaiveDate, now: DateTime<Utc>) -> RecruitmentEventText {
    let starts_at = starts(held_on);
    RecruitmentEventText {
        title: title.to_owned(),
        description: "技术研发、质量管理与财务会计岗位，请携带简历。".to_owned(),
        place: place.to_owned(),
        starts_at: Moment(starts_at),
        ends_at: Moment(starts_at + Duration::hours(3)),
        registration_opens_at: Moment(now),
        registration_closes_at: Moment(starts_at - Duration::hours(2)),
        capacity: 80,
        booths: 12,
        programme: Some("13:00 签到\n14:00 企业介绍\n14:40 分组面试\n16:30 意向登记".to_owned()),
    }
}

const ARTICLE: &str = "五月六日下午，重庆理工大学学生走进营山经济开发区，与园区企业面对面。\n\n\
    七十二名学生签到，六十四人参加面试，三十一人当日与企业达成就业或实习意向，其中九人约定后续洽谈。\n\n\
    （演示数据：除公开报道的活动本身外，人物、企业与数字均为虚构。）";
