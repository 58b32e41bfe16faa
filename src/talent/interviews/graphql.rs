//! Interviews as clients see them, gathered for the schema.

use async_graphql::MergedObject;

use super::{
    bookings::graphql::{InterviewBookingMutations, InterviewBookingQueries},
    sessions::graphql::{InterviewSessionMutations, InterviewSessionQueries},
};

/// What can be asked about interviews.
#[derive(Debug, Default, MergedObject)]
pub struct InterviewQueries(InterviewSessionQueries, InterviewBookingQueries);

/// What can be done about interviews.
#[derive(Debug, Default, MergedObject)]
pub struct InterviewMutations(InterviewSessionMutations, InterviewBookingMutations);
