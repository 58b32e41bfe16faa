//! Similar names 名称相似: whether an organization is perhaps registered already, under nearly the same name.
//!
//! The credit code finds the same organization again; a slip of the pen, or a second code, does not. So whoever is about
//! to register or to verify is shown what has nearly the same name. It is a suggestion: nothing is refused or merged by
//! it, and what the asker may not see has no part in it.

pub mod graphql;
pub mod rules;
pub mod store;

use std::cmp::Reverse;

use async_graphql::{Enum, InputObject};
use entity::organization::{self, OrganizationKind};
use uuid::Uuid;

use self::{
    rules::{Compared, RegionNames},
    store::Candidate,
};
use crate::{
    app::App,
    auth::Actor,
    dictionaries::{self, region},
    error::{Code, Result},
    graphql::RegionCode,
    platform::{
        id::Id,
        input::{Checks, NAME},
    },
};

/// How many are shown.
const SHOWN: usize = 10;

/// Why two names are called alike 相似原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(name = "SimilarityReason")]
pub enum Reason {
    /// The same but for spaces, brackets, capitals and full-width characters 名称相同.
    SameName,
    /// The same once the region and the company form are left out 字号相同.
    SameCore,
    /// Many of the same pairs of characters 字号相近.
    AlikeCore,
}

/// A name, and the organizations it is compared with.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationSimilarInput {
    /// The name, 1 to 200 characters 名称.
    pub name: String,
    /// Those of this kind 类别.
    pub kind: OrganizationKind,
    /// Those of this region's prefecture, and those without a region; left out: everywhere 行政区划代码.
    pub region_code: Option<RegionCode>,
    /// Not this one: the organization that is being verified 排除的单位.
    pub except_id: Option<Id<organization::Entity>>,
}

/// A name to compare, and with which organizations.
#[derive(Clone, Debug)]
pub struct Compare {
    /// The name.
    pub name: String,
    /// Those of this kind.
    pub kind: OrganizationKind,
    /// Those whose code lies in between: the prefecture.
    pub within: Option<(String, String)>,
    /// Not this one.
    pub except: Option<Uuid>,
}

/// An organization with nearly the same name.
#[derive(Clone, Debug)]
pub struct Similar {
    /// Which.
    pub organization: Candidate,
    /// How alike, in percent.
    pub score: u32,
    /// Why.
    pub reason: Reason,
}

impl Compare {
    /// What is asked, checked. Of a region the whole prefecture is compared, since enterprises move.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a name that none could have, and for what is no region.
    pub fn read(input: OrganizationSimilarInput) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.line("name", &input.name, NAME);
        let region = input.region_code.map(|code| region::RegionCode::parse(&code.0)).transpose();
        let region = region.map_err(|error| checks.problem("regionCode", Code::InvalidInput, error.text));
        checks.finish()?;
        let around = |region: region::RegionCode| region.prefecture().unwrap_or_else(|| region.province()).range();
        let within = region.ok().flatten().map(around);
        Ok(Self { name, kind: input.kind, within, except: input.except_id.map(Id::key) })
    }
}

/// The organizations that the actor sees and whose names are most alike, the best first.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, actor: &Actor, compare: &Compare) -> Result<Vec<Similar>> {
    let regions = RegionNames::of(&dictionaries::region_names(app.db()).await?);
    let name = Compared::new(&compare.name, compare.kind, &regions);
    let candidates = store::candidates(app.db(), actor, compare).await?;
    let mut similar: Vec<Similar> = candidates
        .into_iter()
        .filter_map(|organization| {
            let (reason, score) = Compared::new(&organization.name, compare.kind, &regions).likeness(&name)?;
            Some(Similar { organization, score, reason })
        })
        .collect();
    similar.sort_by_key(|similar| (Reverse(similar.score), similar.reason, similar.organization.id));
    similar.truncate(SHOWN);
    Ok(similar)
}
