//! Search as clients see it.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use entity::{
    Record as _, agreement, cooperation_item, job_position, organization, organization_question, recruitment_event,
};

use super::{Hit, ranking::Piece};
use crate::{
    error::{Code, Error, Problem, Result, Text},
    graphql::{asked, counted},
    platform::{
        id,
        search::{CANDIDATES, Registered},
    },
};

/// How many are shown, at most.
const MOST: i32 = 100;

/// What kind of record was found 记录类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SearchKind {
    /// An organization: name and profile 单位.
    Organization,
    /// An agreement: title, number and terms 合作协议.
    Agreement,
    /// A cooperation item: title 合作事项.
    CooperationItem,
    /// A recruitment event: title, place and description 招聘活动.
    RecruitmentEvent,
    /// A position: title, address, requirements and description 岗位.
    Position,
    /// A question to an enterprise, and its answer 企业问答.
    OrganizationQuestion,
}

impl SearchKind {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Organization, organization::Entity::PREFIX),
        (Self::Agreement, agreement::Entity::PREFIX),
        (Self::CooperationItem, cooperation_item::Entity::PREFIX),
        (Self::RecruitmentEvent, recruitment_event::Entity::PREFIX),
        (Self::Position, job_position::Entity::PREFIX),
        (Self::OrganizationQuestion, organization_question::Entity::PREFIX),
    ];

    fn prefix(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, prefix)| *prefix)
    }

    fn of(prefix: &str) -> Result<Self> {
        let known = Self::ALL.iter().find(|(_, known)| *known == prefix);
        known.map(|(kind, _)| *kind).ok_or_else(|| Error::internal(format!("{prefix} has no name in searches")))
    }
}

/// What was found by words 搜索结果.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchResults {
    /// How many records that you see hold the words 总数.
    pub total_count: i32,
    /// How many of each kind; kinds of which there are none are left out 各类数量.
    pub counts: Vec<SearchCount>,
    /// The best, those that hold more of the words first 命中.
    pub hits: Vec<SearchHit>,
}

/// How many of one kind were found 分类数量.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct SearchCount {
    /// Which kind 记录类别.
    pub kind: SearchKind,
    /// How many 数量.
    pub count: i32,
}

/// A record that was found 命中的记录.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchHit {
    /// Which kind 记录类别.
    pub kind: SearchKind,
    /// Its id; `nodes` reads several at once 标识.
    pub id: ID,
    /// What people call it, in pieces 名称.
    pub title: Vec<SearchFragment>,
    /// The field in which the words stand, as its type names it 所在字段.
    pub field: String,
    /// A piece of that field, cut around what was found 摘要.
    pub snippet: Vec<SearchFragment>,
}

/// A piece of a text; put together they are the text as it was written 文本片段.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchFragment {
    /// The piece 文本.
    pub text: String,
    /// Whether it is what was looked for 是否高亮.
    pub highlighted: bool,
}

impl From<Piece> for SearchFragment {
    fn from(Piece { text, highlighted }: Piece) -> Self {
        Self { text, highlighted }
    }
}

impl SearchHit {
    fn of(hit: Hit) -> Result<Self> {
        let pieces = |pieces: Vec<Piece>| pieces.into_iter().map(SearchFragment::from).collect();
        Ok(Self {
            kind: SearchKind::of(hit.kind)?,
            id: id::show(hit.kind, hit.id).into(),
            title: pieces(hit.title),
            field: hit.field,
            snippet: pieces(hit.snippet),
        })
    }
}

/// Queries by words.
#[derive(Debug, Default)]
pub struct SearchQueries;

#[Object]
impl SearchQueries {
    /// Looks for words in everything that you may see: 合作, 质量管理, `quality`. Words between spaces must all be there;
    /// Chinese needs no spaces: of four pairs of characters and more, two thirds will do. Costs 200 for each kind. Who may:
    /// everyone signed in 搜索.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words: at most 100 characters, and 25 Chinese ones 词语.")] query: String,
        #[graphql(desc = "In records of these kinds; left out: of all 类别.")] kinds: Option<Vec<SearchKind>>,
        #[graphql(default = 20, desc = "How many are shown, 1 to 100 显示数量.")] first: i32,
    ) -> Result<Option<SearchResults>> {
        let (app, actor) = asked(ctx)?;
        let registered =
            ctx.data_opt::<Registered>().ok_or_else(|| Error::internal("a schema without what is searched"))?;
        let shown = usize::try_from(first).ok().filter(|_| (1..=MOST).contains(&first)).ok_or_else(|| {
            let en = format!("first: expected a number from 1 to {MOST}, got {first}.");
            let zh = format!("first 应为 1 至 {MOST} 的整数，收到 {first}。");
            Error::from(Problem::new(Code::InvalidInput, Text::new(en, zh)).at(["first"]))
        })?;
        let mut kinds: Vec<&str> = kinds.unwrap_or_default().into_iter().map(SearchKind::prefix).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let asked = if kinds.is_empty() { registered.len() } else { kinds.len() };
        counted(ctx, CANDIDATES.saturating_mul(asked as u64)).await?;
        let found = super::search(app, actor, (&query, &kinds, shown), registered).await?;
        let small = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let counts = found
            .counts
            .into_iter()
            .map(|(kind, count)| Ok::<_, Error>(SearchCount { kind: SearchKind::of(kind)?, count: small(count) }));
        let counts = counts.collect::<Result<Vec<_>>>()?;
        Ok(Some(SearchResults {
            total_count: counts.iter().fold(0, |sum, of_kind| of_kind.count.saturating_add(sum)),
            counts,
            hits: found.hits.into_iter().map(SearchHit::of).collect::<Result<_>>()?,
        }))
    }
}
