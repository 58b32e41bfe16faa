//! Who sees the parts of an agreement: whoever sees the agreement.

use entity::{agreement_party, agreement_review, agreement_signature, agreement_version};
use sea_orm::{ColumnTrait, Condition};

use crate::{agreements::store::seen_with, auth::Actor};

/// Parties are seen with their agreement.
#[must_use]
pub fn parties_visible_to(actor: &Actor) -> Condition {
    seen_with(agreement_party::Column::AgreementId, actor)
}

/// Versions are seen with their agreement.
#[must_use]
pub fn versions_visible_to(actor: &Actor) -> Condition {
    seen_with(agreement_version::Column::AgreementId, actor)
}

/// Reviews are seen with their agreement.
#[must_use]
pub fn reviews_visible_to(actor: &Actor) -> Condition {
    seen_with(agreement_review::Column::AgreementId, actor)
}

/// What a party noted when it approved is for its own people; what it said returning or rejecting is for all.
#[must_use]
pub fn review_notes_visible_to(actor: &Actor) -> Condition {
    Condition::any()
        .add(agreement_review::Column::OrganizationId.eq(actor.organization()))
        .add(agreement_review::Column::Decision.ne(agreement_review::ReviewDecision::Approved))
}

/// Signatures are seen with their agreement.
#[must_use]
pub fn signatures_visible_to(actor: &Actor) -> Condition {
    seen_with(agreement_signature::Column::AgreementId, actor)
}
