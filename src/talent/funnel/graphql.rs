//! The funnel as clients see it.

use async_graphql::{Context, Object, SimpleObject, Subscription};
use entity::{Record as _, organization, recruitment_event};
use futures_util::{Stream, StreamExt as _};

use super::{Ask, Count, Funnel, Group, Key, Rate, Stage, TalentFunnelFilter, TalentFunnelGroupBy as By, store};
use crate::{
    error::Result,
    graphql::{DateTime, asked, counted},
    platform::id,
};

/// How many distinct students came, met an enterprise, and how far they got 人才漏斗.
#[derive(Clone, Debug, SimpleObject)]
pub struct TalentFunnel {
    /// As it was at this moment 截至时间.
    pub as_of: DateTime,
    /// No figure below this is told to you; null where you see each of the students 最小展示人数.
    pub least_shown: Option<i32>,
    /// The stages in their order, of everybody who is counted; beginning with the first that can be counted so 各阶段.
    pub stages: Vec<TalentFunnelCount>,
    /// The same told apart, in the order of the keys, at most 500; none unless `groupBy` is asked. A student can be in
    /// several groups, and is one above 分组.
    pub groups: Vec<TalentFunnelGroup>,
}

/// One group of the funnel 漏斗分组.
#[derive(Clone, Debug, SimpleObject)]
pub struct TalentFunnelGroup {
    /// What it is about, see `TalentFunnelGroupBy`; ids are read by `nodes`. Null for those of whom it is not known 分组键.
    pub key: Option<String>,
    /// What it is called, where it is an event or an enterprise that you see 名称.
    pub name: Option<String>,
    /// The stages in their order 各阶段.
    pub stages: Vec<TalentFunnelCount>,
}

/// How many students reached a stage, each once 阶段人数.
#[derive(Clone, Debug, SimpleObject)]
pub struct TalentFunnelCount {
    /// Which stage 阶段.
    pub stage: Stage,
    /// How many; null where they are so few that you are not told 人数.
    pub students: Option<i32>,
    /// How many of those who reached the stage before; null for the first, and where one of the two is not told 较上阶段.
    pub of_previous: Option<TalentFunnelRate>,
    /// How many of those who reached the first stage; null for the first, and where one of the two is not told 较首阶段.
    pub of_first: Option<TalentFunnelRate>,
}

/// A rate with its denominator 转化率.
#[derive(Clone, Debug, SimpleObject)]
pub struct TalentFunnelRate {
    /// So many students 分子.
    pub students: i32,
    /// Of so many, at least one 分母.
    pub of: i32,
    /// The quotient, from 0 to 1 比率.
    pub ratio: f64,
}

impl From<Rate> for TalentFunnelRate {
    fn from(Rate { students, of }: Rate) -> Self {
        let (students, of) = (small(students), small(of));
        Self { students, of, ratio: f64::from(students) / f64::from(of.max(1)) }
    }
}

impl From<Count> for TalentFunnelCount {
    fn from(count: Count) -> Self {
        Self {
            stage: count.stage,
            students: count.students.map(small),
            of_previous: count.of_previous.map(TalentFunnelRate::from),
            of_first: count.of_first.map(TalentFunnelRate::from),
        }
    }
}

fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl TalentFunnel {
    fn of(funnel: Funnel, by: Option<By>) -> Self {
        let prefix = match by {
            Some(By::Event) => recruitment_event::Entity::PREFIX,
            _ => organization::Entity::PREFIX,
        };
        let group = |Group { key, name, counts }: Group| {
            let key = key.map(|key| match key {
                Key::Record(key) => id::show(prefix, key),
                Key::Word(word) => word,
            });
            TalentFunnelGroup { key, name, stages: counts.into_iter().map(TalentFunnelCount::from).collect() }
        };
        Self {
            as_of: DateTime(funnel.as_of),
            least_shown: funnel.least.map(small),
            stages: funnel.counts.into_iter().map(TalentFunnelCount::from).collect(),
            groups: funnel.groups.into_iter().map(group).collect(),
        }
    }
}

/// Queries about the funnel.
#[derive(Debug, Default)]
pub struct FunnelQueries;

#[Object]
impl FunnelQueries {
    /// How many distinct students reached each stage, from the event to the check after a year. Who may: the staff of a
    /// university for its students, an enterprise's recruiters for those who applied there, a county's officers for its
    /// events and enterprises, the platform's admin; the last two and auditors read no figure below five 人才漏斗.
    async fn talent_funnel(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "Whose way 筛选.")] filter: TalentFunnelFilter,
        #[graphql(desc = "Told apart by what 分组.")] group_by: Option<By>,
        #[graphql(desc = "As it was at this past moment 截至时间.")] as_of: Option<DateTime>,
    ) -> Result<Option<TalentFunnel>> {
        let (app, actor) = asked(ctx)?;
        let ask = Ask { filter, group_by, as_of: as_of.map(|DateTime(at)| at) };
        // Everybody's figures, and those of each group.
        counted(ctx, if group_by.is_some() { 1 + store::GROUPS } else { 1 }).await?;
        Ok(Some(TalentFunnel::of(super::count(app, actor, &ask).await?, group_by)))
    }
}

/// Subscriptions to the funnel.
#[derive(Debug, Default)]
pub struct FunnelSubscriptions;

#[Subscription]
impl FunnelSubscriptions {
    /// The funnel as it is now, and again whenever its figures change, at most twice a second. Who may: as for
    /// `talentFunnel` 实时人才漏斗.
    async fn talent_funnel_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "Whose way 筛选.")] filter: TalentFunnelFilter,
        #[graphql(desc = "Told apart by what 分组.")] group_by: Option<By>,
    ) -> Result<impl Stream<Item = Option<TalentFunnel>> + use<>> {
        let (app, actor) = asked(ctx)?;
        let ask = Ask { filter, group_by, as_of: None };
        let funnels = super::live::watch(app, actor, ask).await?;
        Ok(funnels.map(move |funnel| Some(TalentFunnel::of(funnel, group_by))))
    }
}
