use std::time::Duration;

use entity::organization::OrganizationKind as Kind;
use futures_util::{StreamExt, future::join_all, stream::BoxStream};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use super::*;
use crate::{
    auth::{Job, Permit},
    error::Code,
    tests::Fixture,
};

const ADMINS: &[Role] = &[Role::UniversityAdmin, Role::CountyAdmin];

/// A university and a county with an admin each, and a professor.
struct Story {
    fixture: Fixture,
    university: Uuid,
    county: Uuid,
    dean: Actor,
    magistrate: Actor,
    professor: Actor,
}

impl std::ops::Deref for Story {
    type Target = Fixture;

    fn deref(&self) -> &Fixture {
        &self.fixture
    }
}

impl Story {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let university = fixture.organization(Kind::University).await;
        let county = fixture.organization(Kind::County).await;
        let dean = fixture.person((university, Kind::University), Role::UniversityAdmin).await;
        let professor = fixture.person((university, Kind::University), Role::Professor).await;
        let magistrate = fixture.person((county, Kind::County), Role::CountyAdmin).await;
        Self { fixture, university, county, dean, magistrate, professor }
    }

    fn both(&self) -> To {
        To::Members { organizations: vec![self.university, self.county], roles: ADMINS }
    }

    fn notice(recipients: To) -> Notice {
        let record = RecordRef { kind: "agreement", id: Uuid::from_u128(7) };
        Notice::new(NoticeKind::ReviewRequested, record, recipients)
    }

    /// Gives a notice, as a job of the system or as what a person did.
    async fn tell(&self, doer: Option<&Actor>, notice: &Notice) -> Result<()> {
        self.db()
            .write(move |tx| async move {
                let write = match doer {
                    Some(doer) => tx.permit(doer, Action::MarkRead, &Inbox::of(doer)).await?,
                    None => tx.under(Permit::system(Job::Notify, notice.record)),
                };
                notify(&write, notice).await
            })
            .await
    }

    async fn inbox(&self, actor: &Actor) -> Vec<notification::Model> {
        let rows = notification::Entity::find().filter(store::visible_to(actor));
        rows.order_by_asc(notification::Column::Id).all(self.db().reader()).await.unwrap()
    }

    async fn total(&self) -> usize {
        notification::Entity::find().all(self.db().reader()).await.unwrap().len()
    }
}

#[tokio::test]
async fn those_who_hold_a_role_are_told_and_never_the_doer() {
    let story = Story::new().await;
    story.tell(Some(&story.dean), &Story::notice(story.both())).await.unwrap();
    assert_eq!(story.total().await, 1);
    let [row] = &story.inbox(&story.magistrate).await[..] else { panic!("one notification") };
    assert_eq!((row.kind, row.organization_id), (NoticeKind::ReviewRequested, Some(story.county)));
    assert_eq!((&*row.record_kind, row.record_id, row.read_at), ("agreement", Uuid::from_u128(7), None));
    let people = To::People(vec![story.dean.user(), story.professor.user()]);
    story.tell(Some(&story.dean), &Story::notice(people)).await.unwrap();
    assert!(story.inbox(&story.dean).await.is_empty());
    assert_eq!(story.inbox(&story.professor).await[0].organization_id, None);
}

#[tokio::test]
async fn somebody_who_speaks_for_both_is_told_once() {
    let story = Story::new().await;
    story.member(story.dean.user(), (story.county, Kind::County), Role::CountyAdmin).await;
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    assert_eq!(story.inbox(&story.dean).await.len(), 1);
    assert_eq!(story.total().await, 2);
}

#[tokio::test]
async fn who_has_left_or_may_not_sign_in_is_not_told() {
    let story = Story::new().await;
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    story.tamper("UPDATE membership SET status = 'ENDED' WHERE role = 'COUNTY_ADMIN'").await;
    // What came through the membership is no longer seen either.
    assert!(story.inbox(&story.magistrate).await.is_empty());
    let dean = story.dean.user().simple().to_string();
    story.tamper(&format!("UPDATE user SET status = 'DISABLED' WHERE id = x'{dean}'")).await;
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    story.tell(None, &Story::notice(To::People(vec![story.dean.user()]))).await.unwrap();
    assert_eq!(story.total().await, 2);
}

#[tokio::test]
async fn a_reminder_is_never_sent_twice() {
    let story = Story::new().await;
    let reminder = Story::notice(story.both()).once("renewal:1:90");
    let outcomes = join_all((0..32).map(|_| story.tell(None, &reminder))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(story.total().await, 2);
    // A colleague who came later is told, those who know are not; another word is another reminder.
    story.person((story.county, Kind::County), Role::CountyAdmin).await;
    story.tell(None, &reminder).await.unwrap();
    assert_eq!(story.total().await, 3);
    story.tell(None, &Story::notice(story.both()).once("renewal:1:60")).await.unwrap();
    assert_eq!(story.total().await, 6);
    // Without a word each is its own.
    let day = chrono::NaiveDate::from_ymd_opt(2025, 6, 1).unwrap();
    for _ in 0..2 {
        story.tell(None, &Story::notice(To::People(vec![story.professor.user()])).due_on(day)).await.unwrap();
    }
    assert_eq!(story.inbox(&story.professor).await.iter().filter(|row| row.due_on == Some(day)).count(), 2);
}

#[tokio::test]
async fn a_notice_that_is_undone_tells_nobody() {
    let story = Story::new().await;
    let notice = Story::notice(story.both());
    let undone: Result<()> = story
        .db()
        .write(|tx| {
            let notice = &notice;
            async move {
                notify(&tx.under(Permit::system(Job::Notify, notice.record)), notice).await?;
                Err(Error::forbidden())
            }
        })
        .await;
    assert_eq!(undone.unwrap_err().code(), Code::Forbidden);
    assert_eq!(story.total().await, 0);
}

#[tokio::test]
async fn reading_is_the_owners() {
    let story = Story::new().await;
    for _ in 0..3 {
        story.tell(None, &Story::notice(story.both())).await.unwrap();
        story.pass(60);
    }
    let own = story.inbox(&story.dean).await;
    let read = async |actor: &Actor, rows: &[&notification::Model]| {
        let ids = rows.iter().map(|row| Id::new(row.id)).collect();
        mark_read(&story.app, actor, &NotificationMarkReadInput { ids }).await.map_err(|error| error.code())
    };
    assert_eq!(read(&story.magistrate, &[&own[0]]).await, Err(Code::NotFound));
    assert_eq!(read(&story.dean, &[]).await, Err(Code::InvalidInput));
    assert_eq!(read(&story.dean, &vec![&own[0]; 101]).await, Err(Code::InvalidInput));
    assert_eq!(read(&story.dean, &[&own[0], &own[0]]).await, Ok(1));
    assert_eq!(read(&story.dean, &[&own[0]]).await, Ok(0));
    assert_eq!(store::count_unread(story.db().reader(), &story.dean).await.unwrap(), 2);
    let until = NotificationMarkAllReadInput { until: DateTime(own[1].created_at) };
    assert_eq!(mark_all_read(&story.app, &story.dean, &until).await.unwrap(), 1);
    let unread: Vec<bool> = story.inbox(&story.dean).await.iter().map(|row| row.read_at.is_none()).collect();
    assert_eq!(unread, [false, false, true]);
    assert_eq!(store::count_unread(story.db().reader(), &story.magistrate).await.unwrap(), 3);
}

/// What a listener hears, until it is quiet.
async fn heard(stream: &mut BoxStream<'static, Uuid>) -> Vec<Uuid> {
    let mut keys = Vec::new();
    while let Ok(Some(key)) = tokio::time::timeout(Duration::from_millis(300), stream.next()).await {
        keys.push(key);
    }
    keys
}

#[tokio::test]
async fn each_listener_hears_each_of_the_own_notifications_once() {
    let story = Story::new().await;
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    story.pass(1);
    let feed = Feed::new(story.db());
    let mut dean = feed.received(&story.dean).await.unwrap().boxed();
    let mut again = feed.received(&story.dean).await.unwrap().boxed();
    let mut professor = feed.received(&story.professor).await.unwrap().boxed();
    // What was there before is in the inbox, not in the feed.
    assert!(heard(&mut dean).await.is_empty());
    for _ in 0..3 {
        story.tell(None, &Story::notice(story.both())).await.unwrap();
    }
    let own: Vec<Uuid> = story.inbox(&story.dean).await.iter().skip(1).map(|row| row.id).collect();
    assert_eq!(own.len(), 3);
    for listener in [&mut dean, &mut again] {
        let mut keys = heard(listener).await;
        keys.sort_unstable();
        assert_eq!(keys, own);
    }
    assert!(heard(&mut professor).await.is_empty());

    // A story's clock jumps; and whoever listens again after everybody left hears what comes then.
    story.pass(365 * 86_400);
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    assert_eq!(heard(&mut dean).await.len(), 1);
    drop((dean, again, professor));
    tokio::time::sleep(Duration::from_millis(2_300)).await;
    let mut magistrate = feed.received(&story.magistrate).await.unwrap().boxed();
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    assert_eq!(heard(&mut magistrate).await.len(), 1);
}

#[tokio::test]
async fn what_another_server_commits_is_heard_and_what_comes_late_too() {
    let story = Story::new().await;
    let feed = Feed::new(story.db());
    let mut dean = feed.received(&story.dean).await.unwrap().boxed();
    assert!(heard(&mut dean).await.is_empty());
    story.tell(None, &Story::notice(story.both())).await.unwrap();
    assert_eq!(heard(&mut dean).await.len(), 1);
    // Nobody here hears of these commits; the second bears a time from before the last look.
    for (key, at) in [(1, "2025-05-06T01:00:00+00:00"), (2, "2025-05-06T00:59:00+00:00")] {
        let sql = format!(
            "INSERT INTO notification (id, user_id, kind, record_kind, record_id, created_at) \
             SELECT x'{key:032x}', user_id, kind, record_kind, record_id, '{at}' FROM notification \
             WHERE user_id = x'{}' LIMIT 1",
            story.dean.user().simple()
        );
        assert_eq!(story.tamper(&sql).await, 1);
    }
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert_eq!(heard(&mut dean).await, [2, 1].map(Uuid::from_u128));
    assert!(heard(&mut dean).await.is_empty());
}
