//! Interviews as clients see them, gathered for the schema.

use async_graphql::{MergedObject, MergedSubscription};

use super::{
    bookings::graphql::{InterviewBookingMutations, InterviewBookingQueries},
    queue::graphql::{QueueQueries, QueueSubscriptions},
    sessions::graphql::{InterviewSessionMutations, InterviewSessionQueries},
    swaps::graphql::{InterviewSwapMutations, InterviewSwapQueries},
    waits::graphql::{InterviewWaitMutations, InterviewWaitQueries},
};

/// What can be asked about interviews.
#[derive(Debug, Default, MergedObject)]
pub struct InterviewQueries(
    InterviewSessionQueries,
    InterviewBookingQueries,
    InterviewWaitQueries,
    InterviewSwapQueries,
    QueueQueries,
);

/// What can be done about interviews.
#[derive(Debug, Default, MergedObject)]
pub struct InterviewMutations(
    InterviewSessionMutations,
    InterviewBookingMutations,
    InterviewWaitMutations,
    InterviewSwapMutations,
);

/// What can be listened to of interviews.
#[derive(Debug, Default, MergedSubscription)]
pub struct InterviewSubscriptions(QueueSubscriptions);
