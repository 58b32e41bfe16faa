//! Talent pipelines as clients see them, gathered for the schema.

use async_graphql::{MergedObject, MergedSubscription};

use super::{
    applications::graphql::{ApplicationMutations, ApplicationQueries},
    consents::graphql::{ConsentMutations, ConsentQueries, NoticeQueries},
    employment::graphql::{EmploymentMutations, EmploymentQueries},
    events::{
        exhibitors::graphql::{ExhibitorMutations, ExhibitorQueries},
        graphql::{RecruitmentEventMutations, RecruitmentEventQueries},
    },
    funnel::graphql::{FunnelQueries, FunnelSubscriptions},
    importing::graphql::ImportSubscriptions,
    interviews::{
        bookings::graphql::InterviewBookingQueries,
        graphql::{InterviewMutations, InterviewQueries, InterviewSubscriptions},
        sessions::graphql::InterviewSessionQueries,
        swaps::graphql::InterviewSwapQueries,
        waits::graphql::InterviewWaitQueries,
    },
    negotiations::graphql::{NegotiationMutations, NegotiationQueries},
    positions::{
        graphql::{PositionMutations, PositionQueries},
        importing::graphql::{ImportMutations, ImportQueries},
        wording::graphql::WordingQueries,
    },
    questions::graphql::{QuestionMutations, QuestionQueries},
    registrations::graphql::{CodeQueries, RegistrationMutations, RegistrationQueries},
    resumes::graphql::{ResumeMutations, ResumeQueries},
    roster::graphql::{RollsMutations, RollsQueries, RosterQueries},
    student_data::graphql::StudentDataMutations,
    suggestions::graphql::{SuggestionMutations, SuggestionQueries},
};
use crate::graphql::{Definition, View as _};

/// What can be asked about talent pipelines.
#[derive(Debug, Default, MergedObject)]
pub struct TalentQueries(
    RollsQueries,
    EventQueries,
    PositionQueries,
    WordingQueries,
    ImportQueries,
    QuestionQueries,
    ConsentQueries,
    NoticeQueries,
    ResumeQueries,
    ApplicationQueries,
    InterviewQueries,
    NegotiationQueries,
    EmploymentQueries,
    FunnelQueries,
    SuggestionQueries,
);

/// What can be done in talent pipelines.
#[derive(Debug, Default, MergedObject)]
pub struct TalentMutations(
    RollsMutations,
    EventMutations,
    PositionMutations,
    ImportMutations,
    QuestionMutations,
    ConsentMutations,
    ResumeMutations,
    StudentDataMutations,
    ApplicationMutations,
    InterviewMutations,
    NegotiationMutations,
    EmploymentMutations,
    SuggestionMutations,
);

/// What can be listened to in talent pipelines.
#[derive(Debug, Default, MergedSubscription)]
pub struct TalentSubscriptions(FunnelSubscriptions, InterviewSubscriptions, ImportSubscriptions);

/// Queries about recruitment events and who comes there.
#[derive(Debug, Default, MergedObject)]
pub struct EventQueries(RecruitmentEventQueries, ExhibitorQueries, RegistrationQueries, CodeQueries);

/// Mutations of recruitment events and by whoever comes there.
#[derive(Debug, Default, MergedObject)]
pub struct EventMutations(RecruitmentEventMutations, ExhibitorMutations, RegistrationMutations);

/// The views with which a read begins here.
#[must_use]
pub fn roots() -> Vec<&'static Definition> {
    vec![
        RosterQueries::definition(),
        RecruitmentEventQueries::definition(),
        ExhibitorQueries::definition(),
        RegistrationQueries::definition(),
        PositionQueries::definition(),
        QuestionQueries::definition(),
        ConsentQueries::definition(),
        ResumeQueries::definition(),
        ApplicationQueries::definition(),
        InterviewSessionQueries::definition(),
        InterviewBookingQueries::definition(),
        InterviewWaitQueries::definition(),
        InterviewSwapQueries::definition(),
        NegotiationQueries::definition(),
        EmploymentQueries::definition(),
    ]
}
