//! Positions 岗位: what an enterprise offers, to whom, until when.
//!
//! A recruiter of a verified enterprise **writes** a position: what is to be done, for how many people, at which pay and
//! place, until which last day to apply; the majors that are welcome; the skills that are wanted, each professional
//! software by its name. An employment and an internship are two kinds and never counted as one another. Text that
//! discriminates is refused at once, with the words and the law ([`wording`]).
//!
//! It is then **submitted** to the county, whose officers **publish** it, **return** it with a reason or **block** it; none
//! of them is a member of the enterprise. From then on everybody who is signed in sees it. A published position is not
//! rewritten: more people may be wanted and the last day may move on (**extend**), everything else is withdrawn and
//! written anew. It is **filled** by the enterprise, **expires** the day after its last day, or is **withdrawn**; those who saw it
//! go on seeing it. The county can block it at any time, and then nobody else sees it any more; the enterprise can
//! **revise** what was blocked, and it passes review again.

mod checks;
pub mod graphql;
pub mod importing;
pub mod jobs;
mod merging;
mod notices;
pub mod rules;
pub mod store;
pub mod wording;

pub use merging::Offered;

use checks::WORDS;

use async_graphql::InputObject;
use entity::{
    job_position::{self, EducationWanted, PositionFamily, PositionKind, PositionStep as Step},
    position_skill::{PositionSkillKind, PositionSkillLevel},
    recruitment_event,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::{Error, Result},
    graphql::{Date, Money, body},
    organizations,
    platform::{
        clock,
        db::Write,
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::Stepped as _,
    },
    talent::applications::store as applications,
};
use rules::{Action, Employer, EmployerAction, Facts};

/// A skill that is wanted.
#[derive(Clone, Debug, InputObject)]
pub struct PositionSkillInput {
    /// What it is, 1 to 200 characters; a professional software by its name, such as SolidWorks or 用友.
    pub name: String,
    /// What kind of skill.
    pub kind: PositionSkillKind,
    /// How well it should be mastered.
    pub level: PositionSkillLevel,
    /// Whether it is wanted in any case; else it is welcome.
    pub required: bool,
}

/// Everything that a position says.
#[derive(Clone, Debug, InputObject)]
pub struct PositionContentInput {
    /// What it is called, 1 to 200 characters.
    pub title: String,
    /// What it is about.
    pub family: PositionFamily,
    /// A job or an internship.
    pub kind: PositionKind,
    /// What is to be done, 1 to 5,000 characters.
    pub description: String,
    /// What is expected of whoever applies, 1 to 5,000 characters.
    pub requirements: String,
    /// How many people are wanted, 1 or more.
    pub headcount: i32,
    /// The lowest pay of a month, in fen.
    pub pay_min: Money,
    /// The highest pay of a month, in fen; not below the lowest.
    pub pay_max: Money,
    /// Where the work is 行政区划代码, GB/T 2260, as `regions` lists them.
    pub region_code: String,
    /// The address there, 1 to 200 characters.
    pub address: String,
    /// The education that is wanted.
    pub education: EducationWanted,
    /// The last day to apply: today or later.
    pub apply_by: Date,
    /// The recruitment event at which it is offered.
    pub event_id: Option<Id<recruitment_event::Entity>>,
    /// Codes of the majors that are welcome, such as 120203K, at most 20; none: any.
    pub majors: Vec<String>,
    /// Skills that are wanted, at most 20.
    pub skills: Vec<PositionSkillInput>,
}

/// A new position of your enterprise. Who may: its admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct PositionCreateInput {
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the position that the first one made.
    pub idempotency_key: Option<String>,
    /// What it says.
    pub content: PositionContentInput,
}

/// A draft that is rewritten. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct PositionEditInput {
    /// Which position.
    pub id: Id<job_position::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// What it says from now on, skills and majors included.
    pub content: PositionContentInput,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct PositionStepInput {
    /// Which position.
    pub id: Id<job_position::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A step that is explained to those concerned.
#[derive(Clone, Debug, InputObject)]
pub struct PositionReasonedStepInput {
    /// Which position.
    pub id: Id<job_position::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters.
    pub reason: String,
}

/// More people, or more time. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct PositionExtendInput {
    /// Which position.
    pub id: Id<job_position::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// How many people are wanted now: no fewer than before.
    pub headcount: Option<i32>,
    /// The last day to apply now: no earlier than before.
    pub apply_by: Option<Date>,
}

/// Writes a position of the own enterprise.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong and `RULE_VIOLATED` for everything that discriminates, all at once;
/// `RULE_VIOLATED` unless the enterprise is verified; DUPLICATE for an idempotency key that was used for another request.
pub async fn create(app: &App, actor: &Actor, input: &PositionCreateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let employer = Employer(organizations::facts_behind(&tx, actor.organization()).await?);
            let write = tx.permit(actor, EmployerAction::Create, &employer).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            rules::is_verified(&employer.0)?;
            let row = checks::content(&write, &input.content).await?;
            let row = job_position::ActiveModel {
                id: Set(id),
                organization_id: Set(actor.organization()),
                author_id: Set(actor.user()),
                posted_at: Set(write.now()),
                created_at: Set(write.now()),
                updated_at: Set(write.now()),
                ..checks::new(row)
            };
            write.insert(row).await?;
            store::replace_parts(&write, id, checks::parts(&write, id, &input.content)).await?;
            let created = Event::new("PositionCreated").with("organization", actor.organization());
            write.emit_first(rules::record(id), created).await?;
            Ok(id)
        })
        .await
}

/// Rewrites a draft, skills and majors included.
///
/// # Errors
/// As [`create`]; `ILLEGAL_STEP` unless it is a draft; CONFLICT for a stale version.
pub async fn edit(app: &App, actor: &Actor, input: &PositionEditInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Edit, &facts).await?;
            let row = &facts.position;
            expect_version(input.expected_version, row.version)?;
            facts.stands(actor).may(Step::Submit)?;
            let changes = checks::content(&write, &input.content).await?;
            store::replace_parts(&write, row.id, checks::parts(&write, row.id, &input.content)).await?;
            write.change::<job_position::Entity>(row.id, row.version, changes).await?;
            write.emit(Event::new("PositionEdited")).await?;
            Ok(row.id)
        })
        .await
}

/// Sends a draft to the county.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is a draft; `RULE_VIOLATED` when the enterprise is not verified or the last day has passed;
/// CONFLICT for a stale version.
pub async fn submit(app: &App, actor: &Actor, input: &PositionStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Submit, input), |_, write, _| job_position::ActiveModel {
        submitted_at: Set(Some(write.now())),
        status_reason: Set(None),
        ..Default::default()
    })
    .await
}

/// Shows a position to everybody, after review.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is under review; `RULE_VIOLATED` as [`submit`]; CONFLICT for a stale version.
pub async fn publish(app: &App, actor: &Actor, input: &PositionStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Publish, input), |_, write, _| job_position::ActiveModel {
        published_at: Set(Some(write.now())),
        posted_at: Set(write.now()),
        ..Default::default()
    })
    .await
}

/// Sends a position back to be improved.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is under review; CONFLICT for a stale version.
pub async fn return_for_revision(app: &App, actor: &Actor, input: &PositionReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, (Step::Return, input), |_| job_position::ActiveModel::default()).await
}

/// Refuses a position; who saw it sees it no more.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is under review or published; CONFLICT for a stale version.
pub async fn block(app: &App, actor: &Actor, input: &PositionReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, (Step::Block, input), |_| job_position::ActiveModel {
        published_at: Set(None),
        ..Default::default()
    })
    .await
}

/// Makes a draft of what was blocked; the reason stays until it is submitted again.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is blocked; `RULE_VIOLATED` once somebody has applied for it; CONFLICT for a stale version.
pub async fn revise(app: &App, actor: &Actor, input: &PositionStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Revise, input), |_, _, _| job_position::ActiveModel::default()).await
}

/// Wants more people, or lets them apply for longer.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is published; `INVALID_INPUT` for fewer people or an earlier day; CONFLICT for a stale version.
pub async fn extend(app: &App, actor: &Actor, input: &PositionExtendInput) -> Result<Uuid> {
    let plain = PositionStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::Extend, &plain), |facts, write, checks| {
        checks::extension(checks, &facts.position, (input, clock::day(write.now())));
        let mut changes = job_position::ActiveModel::default();
        if let Some(headcount) = input.headcount {
            changes.headcount = Set(headcount);
        }
        if let Some(apply_by) = input.apply_by {
            changes.apply_by = Set(apply_by.0);
        }
        changes
    })
    .await
}

/// Says that everybody wanted was found.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is published; CONFLICT for a stale version.
pub async fn fill(app: &App, actor: &Actor, input: &PositionStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Fill, input), |_, write, _| job_position::ActiveModel {
        closed_at: Set(Some(write.now())),
        ..Default::default()
    })
    .await
}

/// Says so in the write of another use case: the last place was accepted. One that is closed already stays as it is.
///
/// # Errors
/// When the database fails.
pub(super) async fn fill_with(write: &Write, facts: &Facts) -> Result<()> {
    if facts.stands_alone().may(Step::Fill).is_err() {
        return Ok(());
    }
    // Not as who accepted: everybody reads the history of a position.
    let write = write.tx().under(Permit::system(Job::FillPositions, rules::record(facts.position.id)));
    let changes = job_position::ActiveModel { closed_at: Set(Some(write.now())), ..Default::default() };
    write.take(&facts.stands_alone(), Step::Fill, changes, Event::new(rules::happened(Step::Fill))).await?;
    notices::tell(&write, facts, Step::Fill).await
}

/// Takes a position back.
///
/// # Errors
/// `ILLEGAL_STEP` when it is closed or blocked; CONFLICT for a stale version.
pub async fn withdraw(app: &App, actor: &Actor, input: &PositionReasonedStepInput) -> Result<Uuid> {
    take_with_reason(app, actor, (Step::Withdraw, input), |write| job_position::ActiveModel {
        closed_at: Set(Some(write.now())),
        ..Default::default()
    })
    .await
}

async fn take_with_reason(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &PositionReasonedStepInput),
    fill: impl Fn(&Write) -> job_position::ActiveModel + Sync,
) -> Result<Uuid> {
    let plain = PositionStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (step, &plain), |_, write, checks| job_position::ActiveModel {
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..fill(write)
    })
    .await
}

/// One step: permit, version, rules, checks, status.
async fn take(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &PositionStepInput),
    fill: impl Fn(&Facts, &Write, &mut Checks) -> job_position::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.position.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            rules::in_order(step, &facts)?;
            if step == Step::Revise && applications::any_for(&tx, facts.position.id).await? {
                return Err(applied_for());
            }
            let mut checks = Checks::new();
            let changes = fill(&facts, &write, &mut checks);
            checks.finish()?;
            write.take(&stands, step, changes, Event::new(rules::happened(step))).await?;
            notices::tell(&write, &facts, step).await?;
            Ok(facts.position.id)
        })
        .await
}

/// What students have applied for is not rewritten under them.
fn applied_for() -> Error {
    Error::rule("Students have applied for it; write another position.", "已有学生申请该岗位，请另行发布新岗位。")
}
