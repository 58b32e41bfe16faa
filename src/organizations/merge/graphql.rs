//! Merging organizations as clients see it.

use async_graphql::{Context, Object, SimpleObject};
use entity::organization;

use super::{Change, Effect, Merging, Obstacle, OrganizationMergeInput, Registered, Weight};
use crate::{
    error::{Locale, Result},
    graphql::{Caller, Payload, asked},
    organizations::graphql::Organization,
    platform::id::Id,
};

/// What a merge of two organizations would do 合并预览.
#[derive(Clone, Debug, SimpleObject)]
pub struct OrganizationMergePreview {
    /// What would move to the organization that stays, or end 受影响的记录.
    pub changes: Vec<OrganizationMergeChange>,
    /// Everything that forbids it; empty when nothing does 阻止合并的原因.
    pub obstacles: Vec<OrganizationMergeObstacle>,
}

/// Records of one kind to which a merge does the same 受影响的一类记录.
#[derive(Clone, Debug, SimpleObject)]
pub struct OrganizationMergeChange {
    /// What they are: what their ids begin with, such as membership 记录类型.
    pub kind: String,
    /// What happens to them 影响.
    pub effect: Effect,
    /// How many 数量.
    pub count: i32,
}

/// Something that forbids a merge 阻止合并的原因.
#[derive(Clone, Debug, SimpleObject)]
pub struct OrganizationMergeObstacle {
    /// Which argument of `organizationMerge` it is about: id or intoId 字段.
    pub field: String,
    /// Why, and what to do about it, in your language 说明.
    pub message: String,
}

impl OrganizationMergePreview {
    fn of(weight: &Weight, locale: Locale) -> Self {
        let change = |it: &Change| OrganizationMergeChange {
            kind: it.kind.to_owned(),
            effect: it.effect,
            count: i32::try_from(it.count).unwrap_or(i32::MAX),
        };
        let obstacle = |it: &Obstacle| OrganizationMergeObstacle {
            field: it.field.to_owned(),
            message: it.message.in_locale(locale).to_owned(),
        };
        Self {
            changes: weight.changes.iter().map(change).collect(),
            obstacles: weight.obstacles.iter().map(obstacle).collect(),
        }
    }
}

/// Queries about merging organizations.
#[derive(Debug, Default)]
pub struct MergeQueries;

#[Object]
impl MergeQueries {
    /// What merging a duplicate into another organization would do, and what forbids it; changes nothing. Who may: the
    /// platform's admin, who is a member of neither 合并预览.
    async fn organization_merge_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The duplicate, which would end 被合并的单位.")] id: Id<organization::Entity>,
        #[graphql(desc = "The organization that would stay 保留的单位.")] into_id: Id<organization::Entity>,
    ) -> Result<Option<OrganizationMergePreview>> {
        let (app, actor) = asked(ctx)?;
        let merging = Merging { from: id.key(), into: into_id.key() };
        let weight = super::preview(app, actor, merging, later(ctx)).await?;
        Ok(Some(OrganizationMergePreview::of(&weight, Caller::of(ctx).locale)))
    }
}

/// Mutations that merge organizations.
#[derive(Debug, Default)]
pub struct MergeMutations;

#[Object]
impl MergeMutations {
    /// Merges a duplicate into the organization that stays, at once or not at all; the duplicate's id still finds it,
    /// and `mergedInto` says where it leads. Who may: the platform's admin, who is a member of neither 合并单位.
    async fn organization_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: OrganizationMergeInput,
    ) -> Result<Payload<Organization>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::merge(app, actor, &input, later(ctx)).await.map(Organization))
    }
}

fn later<'ctx>(ctx: &Context<'ctx>) -> &'ctx Registered {
    const NONE: &Registered = &Vec::new();
    ctx.data_opt::<Registered>().unwrap_or(NONE)
}
