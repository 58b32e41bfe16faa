//! Similar names as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    Record as _,
    organization::{self, OrganizationStatus},
};

use super::{Compare, OrganizationSimilarInput, Reason, Similar, store};
use crate::{
    error::Result,
    graphql::{CreditCode, asked, counted},
    platform::id,
};

/// An organization whose name is nearly the one that was asked about 名称相似的单位.
#[derive(Clone, Debug, SimpleObject)]
pub struct OrganizationSimilarity {
    /// Its id; `organization` and `node` find it 标识.
    pub id: ID,
    /// Its name 名称.
    pub name: String,
    /// Its unified social credit code 统一社会信用代码.
    pub credit_code: CreditCode,
    /// Where it stands 状态.
    pub status: OrganizationStatus,
    /// How alike the names are, from 50 to 100 相似度.
    pub score: i32,
    /// Why it is shown 原因.
    pub reason: Reason,
}

impl From<Similar> for OrganizationSimilarity {
    fn from(similar: Similar) -> Self {
        let Similar { organization, score, reason } = similar;
        Self {
            id: id::show(organization::Entity::PREFIX, organization.id).into(),
            name: organization.name,
            credit_code: CreditCode(organization.credit_code),
            status: organization.status,
            score: i32::try_from(score).unwrap_or(100),
            reason,
        }
    }
}

/// Queries about names.
#[derive(Debug, Default)]
pub struct SimilarityQueries;

#[Object]
impl SimilarityQueries {
    /// Organizations that you see and whose names are alike, the best first, at most 10: to be read before one is
    /// registered or verified. A suggestion only. Costs 10,000: so many names may be compared. Who may: everyone signed in
    /// 名称相似的单位.
    async fn organization_similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is compared 内容.")] input: OrganizationSimilarInput,
    ) -> Result<Option<Vec<OrganizationSimilarity>>> {
        let (app, actor) = asked(ctx)?;
        let compare = Compare::read(input)?;
        counted(ctx, store::CANDIDATES).await?;
        let similar = super::find(app, actor, &compare).await?;
        Ok(Some(similar.into_iter().map(OrganizationSimilarity::from).collect()))
    }
}
