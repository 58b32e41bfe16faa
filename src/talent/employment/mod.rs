//! Employment records 去向登记: where a graduate went, as the university knows it, with evidence; and whether he or she
//! is still there.
//!
//! After an offer of employment was accepted, the university's staff **records the signed contract**: what shows it (a
//! file that was attached to the application before) and its day; and later the **first day at work**. Nobody else
//! records employment, and an internship is never evidence of it (the four prohibitions 四不准 of the ministry of
//! education). From the first day on there are **retention checks** after three, six and twelve months: the employer and
//! the graduate each say whether the graduate is still there. When they say the same, that is how it is; when they
//! do not, the university finds out.

pub mod graphql;
pub mod notices;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use chrono::{Months, NaiveDate};
use entity::{
    application::{self, ApplicationStep},
    document,
    employment_record::{self, EmploymentEvidence},
    retention_check::{self, RetentionStep as Step},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::applications::{self, ApplicationStepInput};
use crate::{
    app::App,
    auth::Actor,
    documents,
    error::Result,
    graphql::Date,
    platform::{
        clock,
        db::Write,
        event::Event,
        id::Id,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Lifecycle, Quorum, Stepped as _},
    },
};
use rules::{Action, Facts, Witness};

/// After how many months a graduate is asked after.
const MONTHS: [u32; 3] = [3, 6, 12];

/// A signed contract. Who may: the staff of the student's university.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationRecordSigningInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What shows it.
    pub evidence: EmploymentEvidence,
    /// The file, attached to the application by your university before.
    pub document_id: Id<document::Entity>,
    /// The day on which it was signed, not in the future.
    pub signed_on: Date,
}

/// The first day at work. Who may: the staff of the student's university.
#[derive(Clone, Debug, InputObject)]
pub struct ApplicationRecordOnboardingInput {
    /// Which application.
    pub id: Id<application::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The first day at work: not before the contract was signed, not in the future.
    pub onboarded_on: Date,
}

/// An answer to a check. Who may: the employer's recruiters and the graduate, each once; the university's staff, when
/// the two said different things.
#[derive(Clone, Debug, InputObject)]
pub struct RetentionCheckInput {
    /// Which check.
    pub id: Id<retention_check::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// How you know it, up to 2,000 characters; required of the university.
    pub note: Option<String>,
}

/// Records the signed contract, with evidence.
///
/// # Errors
/// `ILLEGAL_STEP` unless an offer was accepted; `RULE_VIOLATED` for an internship (I10); `INVALID_INPUT` for every field
/// that is wrong; CONFLICT for a stale version.
pub async fn record_signing(app: &App, actor: &Actor, input: &ApplicationRecordSigningInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
            let step = ApplicationStep::RecordSigning;
            let (write, facts) = applications::begin(&tx, actor, (step, &plain)).await?;
            let (signed_on, today) = (input.signed_on.0, clock::day(write.now()));
            let mut checks = Checks::new();
            not_to_come(&mut checks, ("signedOn", signed_on), today);
            checks.finish()?;
            let id = facts.application.id;
            let named = (applications::rules::record(id), input.document_id.key());
            let document = documents::attached(&tx, actor, named).await?;
            applications::finish(&write, &facts, (actor, step), application::ActiveModel::default()).await?;
            let row = employment_record::Model {
                id: write.id(),
                application_id: id,
                student_id: facts.application.student_id,
                university_id: facts.application.university_id,
                organization_id: facts.application.organization_id,
                evidence: input.evidence,
                document_id: document.id,
                signed_on,
                onboarded_on: None,
                recorded_by_id: actor.user(),
                version: 1,
                created_at: write.now(),
                updated_at: write.now(),
            };
            let record = rules::employment(row.id);
            write.insert(row.into_active_model()).await?;
            write.emit_first(record, Event::new("EmploymentRecorded").with("application", id)).await?;
            Ok(id)
        })
        .await
}

/// Records the first day at work, and when the graduate will be asked after.
///
/// # Errors
/// `ILLEGAL_STEP` unless the contract was recorded; `INVALID_INPUT` for a day before it or to come; CONFLICT for a stale
/// version.
pub async fn record_onboarding(app: &App, actor: &Actor, input: &ApplicationRecordOnboardingInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let plain = ApplicationStepInput { id: input.id, expected_version: input.expected_version };
            let step = ApplicationStep::RecordOnboarding;
            let (write, facts) = applications::begin(&tx, actor, (step, &plain)).await?;
            let record = store::of_application(&tx, facts.application.id).await?;
            let day = input.onboarded_on.0;
            let mut checks = Checks::new();
            checks.period(("signedOn", "onboardedOn"), record.signed_on, day);
            not_to_come(&mut checks, ("onboardedOn", day), clock::day(write.now()));
            checks.finish()?;
            let begun = application::ActiveModel { onboarded_at: Set(Some(write.now())), ..Default::default() };
            let id = applications::finish(&write, &facts, (actor, step), begun).await?;
            let changes = employment_record::ActiveModel { onboarded_on: Set(Some(day)), ..Default::default() };
            write.change::<employment_record::Entity>(record.id, record.version, changes).await?;
            let onboarded = Event::new("OnboardingRecorded").with("application", id);
            write.emit_for(rules::employment(record.id), onboarded).await?;
            for months in MONTHS {
                ask_after(&write, record.id, (day, months)).await?;
            }
            Ok(id)
        })
        .await
}

fn not_to_come(checks: &mut Checks, (field, day): (&str, NaiveDate), today: NaiveDate) {
    checks.require(
        day <= today,
        field,
        format!("{field} ({day}) is yet to come; expected {today} or earlier."),
        format!("{field}（{day}）尚未到来，应为 {today} 或之前。"),
    );
}

async fn ask_after(write: &Write, record: Uuid, (from, months): (NaiveDate, u32)) -> Result<()> {
    let row = retention_check::Model {
        id: write.id(),
        record_id: record,
        months: months.cast_signed(),
        due_on: from.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX),
        status: retention_check::Entity::INITIAL,
        employer_says: None,
        employer_at: None,
        graduate_says: None,
        graduate_at: None,
        note: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    };
    let check = rules::record(row.id);
    write.insert(row.into_active_model()).await?;
    write.emit_first(check, Event::new("RetentionCheckScheduled").with("record", record)).await
}

/// Says that the graduate is still there.
///
/// # Errors
/// `ILLEGAL_STEP` when the own side has answered; `RULE_VIOLATED` before the months are over; `INVALID_INPUT` without the
/// note that the university owes; CONFLICT for a stale version.
pub async fn confirm_retained(app: &App, actor: &Actor, input: &RetentionCheckInput) -> Result<Uuid> {
    answer(app, actor, (Step::ConfirmRetained, input)).await
}

/// Says that the graduate is no longer there.
///
/// # Errors
/// As [`confirm_retained`].
pub async fn confirm_left(app: &App, actor: &Actor, input: &RetentionCheckInput) -> Result<Uuid> {
    answer(app, actor, (Step::ConfirmLeft, input)).await
}

async fn answer(app: &App, actor: &Actor, (step, input): (Step, &RetentionCheckInput)) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.check.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            rules::due(&facts)?;
            stands.must_be_open(step)?;
            let witness = facts.witness(actor).unwrap_or(Witness::University);
            let mut checks = Checks::new();
            let changes = said(&mut checks, (witness, step), (input, &write));
            checks.finish()?;
            let (step, quorum) = outcome(&facts, witness, step);
            let event = Event::new(rules::happened(step)).with("record", facts.record.id);
            write.take_with(&stands, (step, quorum), changes, event).await?;
            notices::tell(&write, &facts, (step, quorum)).await?;
            Ok(facts.check.id)
        })
        .await
}

/// The two say the same, or different things; the first of the two waits; the university decides.
fn outcome(facts: &Facts, witness: Witness, step: Step) -> (Step, Quorum) {
    match (witness, facts.other(witness)) {
        (Witness::University, _) => (step, Quorum::Reached),
        (_, None) => (step, Quorum::Waiting),
        (_, Some(other)) if other == (step == Step::ConfirmRetained) => (step, Quorum::Reached),
        (_, Some(_)) => (Step::Dispute, Quorum::Reached),
    }
}

fn said(
    checks: &mut Checks,
    (witness, step): (Witness, Step),
    (input, write): (&RetentionCheckInput, &Write),
) -> retention_check::ActiveModel {
    let note = checks.optional_lines("note", input.note.as_deref(), NOTE);
    let (says, at) = (Some(step == Step::ConfirmRetained), Some(write.now()));
    let mut changes = retention_check::ActiveModel::default();
    match witness {
        Witness::Employer => {
            changes.employer_says = Set(says);
            changes.employer_at = Set(at);
        }
        Witness::Graduate => {
            changes.graduate_says = Set(says);
            changes.graduate_at = Set(at);
        }
        Witness::University => checks.require(
            note.is_some(),
            "note",
            "note is missing: say how the university knows.",
            "缺少 note：请说明核实依据。",
        ),
    }
    if note.is_some() {
        changes.note = Set(note);
    }
    changes
}
