//! Memberships 成员身份: which person acts for which organization, in which role.
//!
//! A membership begins with an invitation that somebody accepted, and is ended by an admin of the organization or by
//! the member. It is never deleted: whoever acted under it stays named. Another invitation takes it up again.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::{
    membership::{self, MembershipStatus, MembershipStep as Step, Role},
    organization,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::Action;
use super::exchange;
use crate::{
    app::App,
    auth::{Actor, Job, Permit},
    error::{Code, Problem, Result, Text},
    platform::{
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::expect_version,
        lifecycle::{Stands, Stepped as _},
    },
};

/// The event of a membership that ended: whoever acts under it is signed out.
pub(super) const ENDED: &str = "MembershipEnded";

/// A membership to end.
#[derive(Clone, Debug, InputObject)]
pub struct MembershipEndInput {
    /// Which membership.
    pub id: Id<membership::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// The event of a membership that is another organization's from then on.
pub(super) const MOVED: &str = "MembershipMoved";

/// Ends a membership; whoever acts under it is signed out of it at once.
///
/// # Errors
/// `RULE_VIOLATED` for the last admin, and elsewhere for whoever signed in by an issuer; CONFLICT for a stale version; `ILLEGAL_STEP` when it has ended already.
pub async fn end(app: &App, actor: &Actor, input: &MembershipEndInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::End), &facts).await?;
            exchange::must_reach(&tx, actor.session(), facts.membership.organization_id).await?;
            expect_version(input.expected_version, facts.membership.version)?;
            let stands = facts.stands(actor);
            stands.may(Step::End)?;
            facts.must_leave_an_admin()?;
            let ended = Event::new(ENDED).with("user", facts.membership.user_id);
            write.take(&stands, Step::End, membership::ActiveModel::default(), ended).await?;
            Ok(facts.membership.id)
        })
        .await
}

/// Makes the user a member of an organization, or again one. The permit to bring the person in covers it.
///
/// # Errors
/// DUPLICATE when the user has this role there already.
pub(super) async fn begin(write: &Write, user: Uuid, organization: &organization::Model, role: Role) -> Result<Uuid> {
    let Some(row) = store::find(write.tx(), user, organization.id, role).await? else {
        return add(write, user, organization.id, role).await;
    };
    if row.status == MembershipStatus::Active {
        let message = Text::new("You have this role in that organization already.", "您在该单位已有此角色。");
        return Err(Problem::new(Code::Duplicate, message).at(["input", "token"]).into());
    }
    let stands = Stands::of(&row);
    let write = write.tx().under(Permit::system(Job::Invitations, rules::record(row.id)));
    let resumed = Event::new("MembershipResumed").with("user", user);
    write.take::<membership::Entity>(&stands, Step::Resume, membership::ActiveModel::default(), resumed).await?;
    Ok(row.id)
}

/// The user's membership of an organization in a role, if it is in force.
///
/// # Errors
/// When the database fails.
pub(super) async fn held(tx: &Tx, user: Uuid, (organization, role): (Uuid, Role)) -> Result<Option<Uuid>> {
    let found = store::find(tx, user, organization, role).await?;
    Ok(found.filter(|row| row.status == MembershipStatus::Active).map(|row| row.id))
}

async fn add(write: &Write, user: Uuid, organization: Uuid, role: Role) -> Result<Uuid> {
    let row = membership::ActiveModel {
        id: Set(write.id()),
        user_id: Set(user),
        organization_id: Set(organization),
        role: Set(role),
        status: Set(MembershipStatus::Active),
        version: Set(1),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
    };
    let row = write.insert(row).await?;
    let begun = Event::new("MembershipBegun").with("user", user).with("organization", organization);
    write.emit_first(rules::record(row.id), begun).await?;
    Ok(row.id)
}

/// Ends the membership of a service account that was revoked, under the permit to do so.
///
/// # Errors
/// When the database fails.
pub(super) async fn end_for(write: &Write, membership: Uuid) -> Result<()> {
    let Some(row) = store::lock(write.tx(), membership).await? else { return Ok(()) };
    let write = write.tx().under(write.permit().over(rules::record(row.id)));
    let stands = Stands::of(&row);
    let ended = Event::new(ENDED).with("user", row.user_id);
    write.take::<membership::Entity>(&stands, Step::End, membership::ActiveModel::default(), ended).await.map(drop)
}

/// What becomes of an organization's memberships when another one takes it over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moving {
    /// How many would be the other's.
    pub moved: usize,
    /// How many would end: their people have, or had, the same role there.
    pub ended: usize,
}

/// What [`move_all`] would do; locks the memberships until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn weigh_move(tx: &Tx, from: Uuid, into: Uuid) -> Result<Moving> {
    let (doubles, others) = store::in_force_of(tx, from, into).await?;
    Ok(Moving { moved: others.len(), ended: doubles.len() })
}

/// Hands an organization's memberships in force over to another one, under the permit to do so. Who acts under one acts
/// for the other organization from the next request on. A double ends: what somebody has, or no longer has, there is
/// what its own admin decided.
///
/// # Errors
/// When the database fails.
pub async fn move_all(write: &Write, from: Uuid, into: Uuid) -> Result<()> {
    let (doubles, others) = store::in_force_of(write.tx(), from, into).await?;
    for row in doubles {
        let write = write.tx().under(write.permit().over(rules::record(row.id)));
        let stands = Stands::of(&row);
        let ended = Event::new(ENDED).with("user", row.user_id);
        write.take::<membership::Entity>(&stands, Step::End, membership::ActiveModel::default(), ended).await?;
    }
    for row in others {
        let changes = membership::ActiveModel { organization_id: Set(into), ..Default::default() };
        write.change::<membership::Entity>(row.id, row.version, changes).await?;
        let moved = Event::new(MOVED).with("user", row.user_id).with("from", from).with("into", into);
        write.emit_for(rules::record(row.id), moved).await?;
    }
    Ok(())
}
