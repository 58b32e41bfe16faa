//! What is kept about a student here, as the student takes it along.

use entity::{Record as _, application, employment_record, job_position, negotiation, organization};
use sea_orm::{ActiveEnum as _, prelude::async_trait::async_trait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    error::Result,
    platform::{db::Tx, id},
    talent::{employment, negotiations, student_data::Exportable},
};

/// The applications of a student, with what was negotiated, and the employment that came of them.
#[derive(Debug)]
pub struct OwnApplications;

#[async_trait]
impl Exportable for OwnApplications {
    async fn export(&self, tx: &Tx, student: Uuid) -> Result<Vec<(&'static str, Value)>> {
        let applications = store::all_of(tx, student).await?;
        let ids: Vec<Uuid> = applications.iter().map(|row| row.id).collect();
        let negotiations = negotiations::store::of_applications(tx, &ids).await?;
        let records = employment::store::all_of(tx, student).await?;
        Ok(vec![
            ("applications", applications.iter().map(application).collect()),
            ("negotiations", negotiations.iter().map(negotiation).collect()),
            ("employment", records.iter().map(employment_record).collect()),
        ])
    }
}

fn application(row: &application::Model) -> Value {
    json!({
        "id": id::show(application::Entity::PREFIX, row.id),
        "position": id::show(job_position::Entity::PREFIX, row.position_id),
        "organization": id::show(organization::Entity::PREFIX, row.organization_id),
        "letter": row.letter,
        "status": row.status.to_value(),
        "closingReason": row.closing_reason.map(|reason| reason.to_value()),
        "closingNote": row.closing_note,
        "interviewedAt": row.interviewed_at,
        "interviewNote": row.interview_note,
        "intention": row.intention.map(|intention| intention.to_value()),
        "intentionConfirmedAt": row.intention_confirmed_at,
        "offer": row.offer.map(|offer| offer.to_value()),
        "offerPay": row.offer_pay.map(|fen| fen.to_string()),
        "offerStartsOn": row.offer_starts_on,
        "offerTerms": row.offer_terms,
        "acceptedAt": row.accepted_at,
        "submittedAt": row.created_at,
    })
}

fn negotiation(row: &negotiation::Model) -> Value {
    json!({
        "application": id::show(application::Entity::PREFIX, row.application_id),
        "round": row.round,
        "dueOn": row.due_on,
        "topic": row.topic,
        "status": row.status.to_value(),
        "heldOn": row.held_on,
        "outcome": row.outcome,
    })
}

fn employment_record(row: &employment_record::Model) -> Value {
    json!({
        "id": id::show(employment_record::Entity::PREFIX, row.id),
        "organization": id::show(organization::Entity::PREFIX, row.organization_id),
        "evidence": row.evidence.to_value(),
        "signedOn": row.signed_on,
        "onboardedOn": row.onboarded_on,
    })
}
