//! Merging duplicates 单位合并: an organization that was registered twice becomes one again.
//!
//! The platform's admin first reads what a merge would do ([`preview`]) and then does it ([`merge`]), in one
//! transaction. Its people act for the organization that stays, from their next request on; whoever had the role there
//! already, or once had it, loses only the double. Open invitations and delegations are taken back. Its sign-in servers and
//! its IT systems serve the other, what lay under it lies under the other, and what its people were told is told them by
//! the other. What later slices keep they carry over themselves ([`Mergeable`]); frozen texts and signatures are never
//! touched, and what cannot go on without them forbids the merge.
//!
//! The duplicate stays, with status MERGED: its id still finds it, and says with `mergedInto` where it leads.

pub mod graphql;
pub mod rules;
pub mod store;

pub use rules::{Change, Obstacle, Weight};
pub use store::Following;

use async_graphql::{Enum, InputObject};
use entity::{
    Record as _, delegation, invitation, issuer, membership, notification, organization,
    organization::OrganizationStep as Step, service_account,
};
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};
use uuid::Uuid;

use super::rules::{Action, Facts, happened};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Details, Problem, Result, Text},
    identity::{delegations, invitations, issuers, memberships, service_accounts},
    notifications,
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::{Checks, NOTE, expect_version},
        lifecycle::{Stands, Stepped as _},
    },
};

/// What a merge does to a record 合并影响.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "MergeEffect")]
pub enum Effect {
    /// It is the other organization's from then on 转入.
    Moves,
    /// It ends 终止.
    Ends,
}

/// A duplicate to merge.
#[derive(Clone, Debug, InputObject)]
pub struct OrganizationMergeInput {
    /// The duplicate, which ends.
    pub id: Id<organization::Entity>,
    /// The organization that stays.
    pub into_id: Id<organization::Entity>,
    /// The version of the duplicate that you read.
    pub expected_version: i32,
    /// The version of the one that stays that you read.
    pub into_expected_version: i32,
    /// Why, 1 to 2,000 characters.
    pub reason: String,
}

/// Which organization is merged into which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merging {
    /// The duplicate.
    pub from: Uuid,
    /// The one that stays.
    pub into: Uuid,
}

/// A later slice that keeps what organizations have. `schema.rs` registers it.
#[async_trait]
pub trait Mergeable: Send + Sync {
    /// What of it would move or end, and what forbids the merge. Locks what it counts.
    ///
    /// # Errors
    /// When the database fails.
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight>;

    /// Carries it over, in the transaction of the merge.
    ///
    /// # Errors
    /// When the database fails.
    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()>;
}

/// The later slices that were registered.
pub type Registered = Vec<Box<dyn Mergeable>>;

/// What a merge would do and what forbids it. Writes nothing.
///
/// # Errors
/// `NOT_FOUND` when one of the two is not to be seen; FORBIDDEN for a member of one, and all but the platform's admin.
pub async fn preview(app: &App, actor: &Actor, merging: Merging, later: &Registered) -> Result<Weight> {
    app.db()
        .write(move |tx| async move {
            let (source, target) = store::both(&tx, actor, merging).await?;
            tx.permit(actor, Action::Take(Step::Merge), &source).await?;
            tx.permit(actor, Action::Absorb, &target).await?;
            source.stands(actor).may(Step::Merge)?;
            weigh(&tx, (&source, &target), later).await
        })
        .await
}

/// Merges a duplicate into the organization that stays.
///
/// # Errors
/// `ILLEGAL_STEP` for an organization that has ended; CONFLICT for a stale version of either; `RULE_VIOLATED` for
/// everything that forbids it.
pub async fn merge(app: &App, actor: &Actor, input: &OrganizationMergeInput, later: &Registered) -> Result<Uuid> {
    let merging = Merging { from: input.id.key(), into: input.into_id.key() };
    app.db()
        .write(move |tx| async move {
            store::wait_for_others(&tx).await?;
            let (source, target) = store::both(&tx, actor, merging).await?;
            let write = tx.permit(actor, Action::Take(Step::Merge), &source).await?;
            let absorbing = tx.permit(actor, Action::Absorb, &target).await?;
            expect_version(input.expected_version, source.organization.version)?;
            expect_target(input.into_expected_version, target.organization.version)?;
            let mut checks = Checks::new();
            let reason = checks.lines("reason", &input.reason, NOTE);
            checks.finish()?;
            source.stands(actor).may(Step::Merge)?;
            weigh(&tx, (&source, &target), later).await?.must_be_free()?;
            carry_over(&write, merging, later).await?;
            let absorbed = Event::new("OrganizationAbsorbed").with("from", merging.from);
            let unchanged = organization::ActiveModel::default();
            absorbing.change::<organization::Entity>(merging.into, target.organization.version, unchanged).await?;
            absorbing.emit(absorbed).await?;
            end(&write, &source.stands(actor), merging.into, reason).await?;
            Ok(merging.from)
        })
        .await
}

async fn weigh(tx: &Tx, (source, target): (&Facts, &Facts), later: &Registered) -> Result<Weight> {
    let (from, into) = (source.organization.id, target.organization.id);
    let above = store::above(tx, &target.organization).await?;
    let mut weight = Weight { obstacles: rules::obstacles(source, target, &above), ..Weight::default() };
    if from == into {
        return Ok(weight);
    }
    weight.add(delegation::Entity::PREFIX, Effect::Ends, delegations::granted(tx, from).await?);
    weight.add(invitation::Entity::PREFIX, Effect::Ends, invitations::open_for(tx, from).await?);
    let people = memberships::weigh_move(tx, from, into).await?;
    weight.add(membership::Entity::PREFIX, Effect::Moves, people.moved);
    weight.add(membership::Entity::PREFIX, Effect::Ends, people.ended);
    weight.add(issuer::Entity::PREFIX, Effect::Moves, issuers::count_of(tx, from).await?);
    weight.add(service_account::Entity::PREFIX, Effect::Moves, service_accounts::count_of(tx, from).await?);
    weight.add(organization::Entity::PREFIX, Effect::Moves, store::under(tx, from).await?.len());
    for slice in later {
        weight.append(slice.weigh(tx, Merging { from, into }).await?);
    }
    weight.add(notification::Entity::PREFIX, Effect::Moves, notifications::count_for(tx, from).await?);
    Ok(weight)
}

async fn carry_over(write: &Write, merging: Merging, later: &Registered) -> Result<()> {
    delegations::revoke_all(write, merging.from).await?;
    invitations::revoke_all(write, merging.from).await?;
    memberships::move_all(write, merging.from, merging.into).await?;
    issuers::move_all(write, merging.from, merging.into).await?;
    service_accounts::move_all(write, merging.from, merging.into).await?;
    store::move_under(write, merging).await?;
    store::lead_on(write, merging).await?;
    for slice in later {
        slice.carry_over(write, merging).await?;
    }
    // What they told has to come along.
    notifications::readdress(write, merging.from, merging.into).await
}

async fn end(write: &Write, stands: &Stands<organization::Entity>, into: Uuid, reason: String) -> Result<()> {
    let changes = organization::ActiveModel {
        status_reason: Set(Some(reason)),
        merged_into_id: Set(Some(into)),
        ..Default::default()
    };
    let merged = Event::new(happened(Step::Merge)).with("into", into);
    write.take(stands, Step::Merge, changes, merged).await.map(drop)
}

/// As [`expect_version`], for the one that stays.
fn expect_target(expected: i32, current: i32) -> Result<()> {
    if expected == current {
        return Ok(());
    }
    let message = Text::new(
        format!("The organization that stays changed since you read it: it is at version {current}."),
        format!("保留的单位已被修改：当前版本为 {current}。"),
    );
    let details = Details { current_version: Some(current), ..Details::default() };
    Err(Problem::new(Code::Conflict, message).at(["input", "intoExpectedVersion"]).with(details).into())
}
