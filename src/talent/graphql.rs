//! Talent pipelines as clients see them, gathered for the schema.

use async_graphql::MergedObject;

use super::{
    applications::graphql::{ApplicationMutations, ApplicationQueries},
    consents::graphql::{ConsentMutations, ConsentQueries, NoticeQueries},
    employment::graphql::{EmploymentMutations, EmploymentQueries},
    negotiations::graphql::{NegotiationMutations, NegotiationQueries},
    positions::{
        graphql::{PositionMutations, PositionQueries},
        wording::graphql::WordingQueries,
    },
    questions::graphql::{QuestionMutations, QuestionQueries},
    resumes::graphql::{ResumeMutations, ResumeQueries},
};
use crate::graphql::{Definition, View as _};

/// What can be asked about talent pipelines.
#[derive(Debug, Default, MergedObject)]
pub struct TalentQueries(
    PositionQueries,
    WordingQueries,
    QuestionQueries,
    ConsentQueries,
    NoticeQueries,
    ResumeQueries,
    ApplicationQueries,
    NegotiationQueries,
    EmploymentQueries,
);

/// What can be done in talent pipelines.
#[derive(Debug, Default, MergedObject)]
pub struct TalentMutations(
    PositionMutations,
    QuestionMutations,
    ConsentMutations,
    ResumeMutations,
    ApplicationMutations,
    NegotiationMutations,
    EmploymentMutations,
);

/// The views with which a read begins here.
#[must_use]
pub fn roots() -> Vec<&'static Definition> {
    vec![
        PositionQueries::definition(),
        QuestionQueries::definition(),
        ConsentQueries::definition(),
        ResumeQueries::definition(),
        ApplicationQueries::definition(),
        NegotiationQueries::definition(),
        EmploymentQueries::definition(),
    ]
}
