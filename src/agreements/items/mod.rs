//! Cooperation items 合作事项: what exactly has been promised, by whom and by when.
//!
//! An item is written into a draft by the drafting side, or added by any party once all have signed. It names the party
//! that does it, perhaps a person there, a day, and what is counted. That party **starts** and **submits** it with the
//! figure that was reached; another party **accepts** it or **returns** it with a reason. The responsible party can
//! **defer** it to another day and say why; the day first promised stays on record. **Dropping** an item needs the
//! agreement of all parties, and any other step taken meanwhile makes them ask again. What is not done when the
//! agreement ends **lapses**; what was submitted in time can still be accepted.
//!
//! The **execution rate** 履约率 is what was accepted ÷ what was due: dropping an item does not improve it.

mod checks;
pub mod graphql;
pub mod notices;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::{
    agreement,
    cooperation_item::{self, ItemStep as Step},
    cooperation_item_drop_vote, organization, user,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::{rules as agreement_rules, rules::Action as AgreementAction, store as agreements};
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::Result,
    graphql::{BigInt, Date, body},
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        idempotency,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Quorum, Stepped as _},
    },
};
use rules::{Action, Facts};

/// A new item. Who may: the admin of a party that signs; in a draft, of the drafting organization.
#[derive(Clone, Debug, InputObject)]
pub struct CooperationItemCreateInput {
    /// The agreement that it carries out: a draft of yours, signed or in force.
    pub agreement_id: Id<agreement::Entity>,
    /// For machines: your own key of this request, 1 to 100 characters. The same request again under the same key gives
    /// the item that the first one made.
    pub idempotency_key: Option<String>,
    /// What is promised, 1 to 200 characters.
    pub title: String,
    /// The organization that does it: a party that signs.
    pub responsible_id: Id<organization::Entity>,
    /// The person who does it: a member of that organization.
    pub responsible_user_id: Option<Id<user::Entity>>,
    /// The last day to do it, inside the agreement's validity.
    pub due_on: Date,
    /// What is counted, such as "trainees", 1 to 200 characters.
    pub measure: Option<String>,
    /// How many are promised, 1 or more.
    pub target: Option<BigInt>,
}

/// A step that needs no words.
#[derive(Clone, Debug, InputObject)]
pub struct CooperationItemStepInput {
    /// Which item.
    pub id: Id<cooperation_item::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// A step that is explained to the other parties.
#[derive(Clone, Debug, InputObject)]
pub struct CooperationItemReasonedStepInput {
    /// Which item.
    pub id: Id<cooperation_item::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// Why, 1 to 2,000 characters; all parties read it.
    pub reason: String,
}

/// A report that an item is done. Who may: the responsible organization's people, and the responsible person.
#[derive(Clone, Debug, InputObject)]
pub struct CooperationItemSubmitInput {
    /// Which item.
    pub id: Id<cooperation_item::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The figure that was reached; required when there is a target.
    pub actual: Option<BigInt>,
}

/// A new date. Who may: the responsible organization's people, and the responsible person.
#[derive(Clone, Debug, InputObject)]
pub struct CooperationItemDeferInput {
    /// Which item.
    pub id: Id<cooperation_item::Entity>,
    /// The version you read.
    pub expected_version: i32,
    /// The new last day, later than the old one and inside the agreement's validity.
    pub due_on: Date,
    /// Why, 1 to 2,000 characters; all parties read it.
    pub reason: String,
}

/// Adds an item to an agreement.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; `RULE_VIOLATED` while the agreement takes no items; DUPLICATE for an
/// idempotency key that was used for another request.
pub async fn create(app: &App, actor: &Actor, input: &CooperationItemCreateInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let agreement = agreements::facts(&tx, actor, input.agreement_id.key()).await?;
            let write = tx.permit(actor, AgreementAction::AddItem, &agreement).await?;
            let (id, key, body) = (write.id(), input.idempotency_key.as_deref(), body(input));
            if let Some(earlier) = idempotency::earlier(&write, key, &body, id).await? {
                return Ok(earlier);
            }
            rules::takes_items(&agreement)?;
            let mut checks = Checks::new();
            let row = checks::item(&mut checks, input, &agreement);
            check_person(&tx, &mut checks, input).await?;
            checks.finish()?;
            let row = cooperation_item::ActiveModel {
                id: Set(id),
                created_at: Set(write.now()),
                updated_at: Set(write.now()),
                ..row
            };
            let item = write.add(row).await?;
            let event = Event::new("CooperationItemCreated")
                .with("agreement", agreement.agreement.id)
                .with("responsible", input.responsible_id.key());
            write.emit_first(rules::record(id), event).await?;
            notices::assigned(&write, &Facts { item, dropping: Vec::new(), agreement }).await?;
            Ok(id)
        })
        .await
}

async fn check_person(tx: &Tx, checks: &mut Checks, input: &CooperationItemCreateInput) -> Result<()> {
    let Some(person) = input.responsible_user_id else { return Ok(()) };
    checks.require(
        store::is_member(tx, input.responsible_id.key(), person.key()).await?,
        "responsibleUserId",
        "responsibleUserId is not a member of the responsible organization.",
        "responsibleUserId 不是责任单位的成员。",
    );
    Ok(())
}

/// Begins to work on an item, for the first time, after a deferral or when it was returned.
///
/// # Errors
/// `ILLEGAL_STEP` when it is begun already or closed; `RULE_VIOLATED` unless the agreement is in force; CONFLICT for a
/// stale version.
pub async fn start(app: &App, actor: &Actor, input: &CooperationItemStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Start, input), |_, _, _| cooperation_item::ActiveModel {
        status_reason: Set(None),
        ..Default::default()
    })
    .await
}

/// Reports an item done, with the figure that was reached.
///
/// # Errors
/// As [`start`]; `INVALID_INPUT` for a figure that is missing or out of place.
pub async fn submit(app: &App, actor: &Actor, input: &CooperationItemSubmitInput) -> Result<Uuid> {
    let plain = CooperationItemStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::Submit, &plain), |facts, write, checks| {
        let actual = input.actual.map(|actual| actual.0);
        checks::actual(checks, &facts.item, actual);
        cooperation_item::ActiveModel {
            actual: Set(actual),
            submitted_by_id: Set(Some(actor.user())),
            submitted_at: Set(Some(write.now())),
            status_reason: Set(None),
            ..Default::default()
        }
    })
    .await
}

/// Accepts what another party did.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is submitted; `RULE_VIOLATED` for the person who did it; CONFLICT for a stale version.
pub async fn accept(app: &App, actor: &Actor, input: &CooperationItemStepInput) -> Result<Uuid> {
    take(app, actor, (Step::Accept, input), |_, write, _| cooperation_item::ActiveModel {
        accepted_by_id: Set(Some(actor.organization())),
        acceptor_id: Set(Some(actor.user())),
        accepted_at: Set(Some(write.now())),
        ..Default::default()
    })
    .await
}

/// Sends an item back to the responsible party, with the reason.
///
/// # Errors
/// `ILLEGAL_STEP` unless it is submitted; CONFLICT for a stale version.
pub async fn return_for_rework(app: &App, actor: &Actor, input: &CooperationItemReasonedStepInput) -> Result<Uuid> {
    let plain = CooperationItemStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::Return, &plain), |_, _, checks| cooperation_item::ActiveModel {
        status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
        ..Default::default()
    })
    .await
}

/// Sets a later day, with the reason.
///
/// # Errors
/// `ILLEGAL_STEP` when it is submitted or closed; `INVALID_INPUT` for a day that does not suit; `RULE_VIOLATED` when
/// the agreement has not begun or has ended; CONFLICT for a stale version.
pub async fn defer(app: &App, actor: &Actor, input: &CooperationItemDeferInput) -> Result<Uuid> {
    let plain = CooperationItemStepInput { id: input.id, expected_version: input.expected_version };
    take(app, actor, (Step::Defer, &plain), |facts, write, checks| {
        checks::deferral(checks, facts, (input.due_on.0, clock::day(write.now())));
        cooperation_item::ActiveModel {
            due_on: Set(input.due_on.0),
            status_reason: Set(Some(checks.lines("reason", &input.reason, NOTE))),
            ..Default::default()
        }
    })
    .await
}

/// Agrees, for the own side, to give an item up; with the last party's word it is dropped.
///
/// # Errors
/// `ILLEGAL_STEP` when it is submitted or closed, or the own side has agreed; `RULE_VIOLATED` when the same person
/// spoke for another party or the agreement has ended; CONFLICT for a stale version.
pub async fn give_up(app: &App, actor: &Actor, input: &CooperationItemReasonedStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let mut facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Drop), &facts).await?;
            expect_version(input.expected_version, facts.item.version)?;
            rules::in_force(Step::Drop, &facts)?;
            let stands = facts.stands(actor);
            stands.must_be_open(Step::Drop)?;
            agreement_rules::speaks_once(facts.dropping.iter().map(|vote| vote.voter), actor)?;
            let mut checks = Checks::new();
            let reason = checks.lines("reason", &input.reason, NOTE);
            checks.finish()?;
            let vote = drop_vote(&write, actor, &facts, reason);
            let (organization, voter, reason) = (vote.organization_id, vote.voter_id, vote.reason.clone());
            facts.dropping.push(rules::DropVote { organization, voter, reason });
            write.insert(vote.into_active_model()).await?;
            let mut changes = cooperation_item::ActiveModel::default();
            if facts.is_dropped() {
                changes.status_reason = Set(facts.dropping.first().map(|vote| vote.reason.clone()));
                write.take(&stands, Step::Drop, changes, told(rules::happened(Step::Drop), &facts)).await?;
            } else {
                let agreed = told("CooperationItemDropAgreed", &facts);
                write.take_with(&stands, (Step::Drop, Quorum::Waiting), changes, agreed).await?;
                notices::drop_proposed(&write, &facts).await?;
            }
            Ok(facts.item.id)
        })
        .await
}

fn drop_vote(write: &Write, actor: &Actor, facts: &Facts, reason: String) -> cooperation_item_drop_vote::Model {
    cooperation_item_drop_vote::Model {
        id: write.id(),
        item_id: facts.item.id,
        organization_id: actor.organization(),
        voter_id: actor.user(),
        reason,
        created_at: write.now(),
    }
}

/// Lets the items lapse whose agreement ended before they were done; says how many. Safe to run at any time, on every
/// replica.
///
/// # Errors
/// When the database fails.
pub async fn lapse(app: &App) -> Result<usize> {
    let mut lapsed = 0;
    for id in store::lapsing(app.db().reader()).await? {
        let moved = app.db().write(move |tx| async move {
            let facts = store::facts_for_job(&tx, id).await?;
            // Another replica may have been faster.
            if !facts.agreement.is_ended() || !rules::UNDONE.contains(&facts.item.status) {
                return Ok(0);
            }
            let write = tx.under(Permit::system(Job::LapseItems, rules::record(id)));
            let event = told(rules::happened(Step::Lapse), &facts);
            write.take(&facts.stands_alone(), Step::Lapse, cooperation_item::ActiveModel::default(), event).await?;
            Ok(1)
        });
        lapsed += moved.await?;
    }
    Ok(lapsed)
}

/// One step by one side: permit, version, rules, checks, status.
async fn take(
    app: &App,
    actor: &Actor,
    (step, input): (Step, &CooperationItemStepInput),
    fill: impl Fn(&Facts, &Write, &mut Checks) -> cooperation_item::ActiveModel + Sync,
) -> Result<Uuid> {
    let fill = &fill;
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.item.version)?;
            let stands = facts.stands(actor);
            stands.may(step)?;
            rules::in_force(step, &facts)?;
            rules::accepted_by_another(step, &facts, actor)?;
            let mut checks = Checks::new();
            let changes = fill(&facts, &write, &mut checks);
            checks.finish()?;
            store::void_drop_votes(&write, facts.item.id).await?;
            let mut event = told(rules::happened(step), &facts);
            if let Set(due_on) = changes.due_on {
                event = event.with("dueOn", due_on);
            }
            write.take(&stands, step, changes, event).await?;
            notices::tell(&write, &facts, step).await?;
            Ok(facts.item.id)
        })
        .await
}

fn told(kind: &'static str, facts: &Facts) -> Event {
    Event::new(kind).with("agreement", facts.agreement.agreement.id)
}
