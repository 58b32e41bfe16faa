//! The talent funnel 人才漏斗: how many students came, met an enterprise, and how far each of them got.
//!
//! attended → interviewed → intention → offer → accepted → signed → onboarded → retained. **Distinct students** are counted:
//! one at two booths with two interviews is one in each stage, however many applications there are. A student counts in a
//! stage from the moment it was first reached, whatever came of it later, so that the figures **as of** a past moment are
//! what they were then. Every rate names its denominator: the students of the stage before, and those of the first stage,
//! of whom so many reached this one as well.
//!
//! An intention is a stage and neither an internship nor employment; from there on the two are told apart by `engagement`,
//! and only employment is ever signed, onboarded and retained (I10).
//!
//! Universities and enterprises count their own. A county and the platform count everybody's and read no figure below
//! [`rules::LEAST`].

pub mod graphql;
pub mod live;
pub mod rules;
pub mod store;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::{application::Engagement, job_position::PositionFamily, organization, recruitment_event};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Actor,
    dictionaries::major::MajorCode,
    error::{Code, Error, Problem, Result, Text},
    platform::id::Id,
};
use rules::{Figures, Scope};

/// How far a student got 漏斗阶段.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(name = "TalentFunnelStage")]
pub enum Stage {
    /// Was checked in at an event 到场.
    Attended,
    /// Was interviewed 面试.
    Interviewed,
    /// Both sides want to go on 达成意向.
    Intention,
    /// Got an offer 获得录用.
    Offered,
    /// Accepted an offer 接受录用.
    Accepted,
    /// Signed a contract, with evidence 签约.
    Signed,
    /// Began to work 入职.
    Onboarded,
    /// Was still there at a check, say both sides 留任.
    Retained,
}

impl Stage {
    /// How many there are.
    pub const COUNT: usize = 8;
    /// In their order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Attended,
        Self::Interviewed,
        Self::Intention,
        Self::Offered,
        Self::Accepted,
        Self::Signed,
        Self::Onboarded,
        Self::Retained,
    ];

    /// Its place in their order, from 0.
    #[must_use]
    pub fn place(self) -> usize {
        self as usize
    }
}

/// Whose way is counted; everybody's that you may count, where nothing is said.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TalentFunnelFilter {
    /// Those who came to this event, and what came of applications made there.
    pub event_id: Option<Id<recruitment_event::Entity>>,
    /// Applications at this enterprise. Who attended is not counted then.
    pub organization_id: Option<Id<organization::Entity>>,
    /// Students of this university.
    pub university_id: Option<Id<organization::Entity>>,
    /// Students of this major, as their résumés say: a code such as 120203K.
    pub major: Option<String>,
    /// Applications for positions of this family. Who attended is not counted then.
    pub family: Option<PositionFamily>,
    /// What was intended, offered and accepted. Stages before the intention are not counted then.
    pub engagement: Option<Engagement>,
}

/// By what the funnel is told apart 分组.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TalentFunnelGroupBy {
    /// By event; the key is its id 活动.
    Event,
    /// By enterprise; the key is its id. Who attended is not counted 企业.
    Enterprise,
    /// By the student's major; the key is its code 专业.
    Major,
    /// By the position's family; the key is its value. Who attended is not counted 岗位族.
    Family,
    /// By the month of the event, or for applications without one that in which they were made, in China: `2026-05` 月份.
    Month,
    /// By employment and internship; the key is its value. Counted from the intention on 用工性质.
    Engagement,
}

/// What is asked of the funnel.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Whose way.
    pub filter: TalentFunnelFilter,
    /// Told apart by what.
    pub group_by: Option<TalentFunnelGroupBy>,
    /// As it was then; as it is now, where nothing is said.
    pub as_of: Option<DateTime<Utc>>,
}

/// What a group is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// An event or an enterprise.
    Record(Uuid),
    /// A code, a value or a month.
    Word(String),
}

/// How many reached a stage; nothing where so few did that it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Which stage.
    pub stage: Stage,
    /// The students.
    pub students: Option<i64>,
    /// Of those of the stage before.
    pub of_previous: Option<Rate>,
    /// Of those of the first stage that is counted.
    pub of_first: Option<Rate>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many reached both stages.
    pub students: i64,
    /// Of so many.
    pub of: i64,
}

/// One group with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is about; nothing for those of whom it is not known.
    pub key: Option<Key>,
    /// What it is called, where it is a record that the actor sees.
    pub name: Option<String>,
    /// The figures.
    pub counts: Vec<Count>,
}

/// The funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funnel {
    /// As it was at this moment.
    pub as_of: DateTime<Utc>,
    /// No figure below this is told.
    pub least: Option<i64>,
    /// Everybody's figures.
    pub counts: Vec<Count>,
    /// Told apart, where that was asked; in the order of the keys.
    pub groups: Vec<Group>,
}

/// Counts. Who may: see [`rules::scope`].
///
/// # Errors
/// FORBIDDEN for whoever counts nobody; `INVALID_INPUT` for a moment to come and for a major that is none.
pub async fn count(app: &App, actor: &Actor, ask: &Ask) -> Result<Funnel> {
    let scope = rules::scope(actor).ok_or_else(Error::forbidden)?;
    let as_of = moment(ask, app.db().clock().now())?;
    let sought = sought(&ask.filter, as_of)?;
    let least = rules::least(actor, scope, sought.major.is_some() || ask.group_by == Some(TalentFunnelGroupBy::Major));
    let first = sought.first();
    let whole = store::count(app.db(), actor, (scope, &sought, None)).await?;
    let mut whole: Vec<Figures> = whole.into_iter().map(|(_, figures)| figures).collect();
    whole.resize_with(1, Figures::default);
    let groups = match ask.group_by {
        Some(by) => groups(app, actor, (scope, &sought, by), least).await?,
        None => Vec::new(),
    };
    withhold(&mut whole, least);
    let counts = whole.first().map(|whole| rules::told(whole, first, least)).unwrap_or_default();
    Ok(Funnel { as_of, least, counts, groups })
}

async fn groups(
    app: &App,
    actor: &Actor,
    (scope, sought, by): (Scope, &Sought, TalentFunnelGroupBy),
    least: Option<i64>,
) -> Result<Vec<Group>> {
    let first = sought.first().max(rules::first(by));
    let found = store::count(app.db(), actor, (scope, sought, Some(by))).await?;
    let (keys, mut figures): (Vec<Option<Key>>, Vec<Figures>) = found.into_iter().unzip();
    withhold(&mut figures, least);
    let names = store::names(app.db(), actor, (by, &keys)).await?;
    let groups = keys.into_iter().zip(figures).map(|(key, figures)| {
        let name = key.as_ref().and_then(|key| names.get(key)).cloned();
        Group { key, name, counts: rules::told(&figures, first, least) }
    });
    Ok(groups.collect())
}

fn withhold(figures: &mut [Figures], least: Option<i64>) {
    if let Some(least) = least {
        rules::withhold(figures, least);
    }
}

fn moment(ask: &Ask, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let as_of = ask.as_of.unwrap_or(now);
    if as_of <= now {
        return Ok(as_of);
    }
    let en = format!("asOf is yet to come; expected {now} or earlier.");
    let zh = format!("asOf 尚未到来，应为 {now} 或之前。");
    Err(Problem::new(Code::InvalidInput, Text::new(en, zh)).at(["asOf"]).into())
}

/// What is counted, as the store asks for it.
#[derive(Clone, Debug)]
pub struct Sought {
    /// The event.
    pub event: Option<Uuid>,
    /// The enterprise.
    pub organization: Option<Uuid>,
    /// The university.
    pub university: Option<Uuid>,
    /// The major's code.
    pub major: Option<String>,
    /// The family of positions.
    pub family: Option<PositionFamily>,
    /// Employment or internship.
    pub engagement: Option<Engagement>,
    /// What was reached until this moment.
    pub as_of: DateTime<Utc>,
}

impl Sought {
    /// The first stage that can be counted so.
    #[must_use]
    pub fn first(&self) -> Stage {
        use TalentFunnelGroupBy as By;
        let named = [
            self.organization.map(|_| By::Enterprise),
            self.family.map(|_| By::Family),
            self.engagement.map(|_| By::Engagement),
        ];
        named.into_iter().flatten().map(rules::first).max().unwrap_or(Stage::Attended)
    }
}

fn sought(filter: &TalentFunnelFilter, as_of: DateTime<Utc>) -> Result<Sought> {
    let major = filter
        .major
        .as_deref()
        .map(MajorCode::parse)
        .transpose()
        .map_err(|wrong| Error::from(Problem::new(Code::InvalidInput, wrong.text).at(["filter", "major"])))?;
    Ok(Sought {
        event: filter.event_id.map(Id::key),
        organization: filter.organization_id.map(Id::key),
        university: filter.university_id.map(Id::key),
        major: major.map(|code| code.as_str().to_owned()),
        family: filter.family,
        engagement: filter.engagement,
        as_of,
    })
}
