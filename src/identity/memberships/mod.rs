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
    platform::{db::Write, event::Event, id::Id, input::expect_version, lifecycle::Stands},
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
    let stands = Stands { id: row.id, status: row.status, version: row.version, open: Vec::new() };
    let write = write.tx().under(Permit::system(Job::Invitations, rules::record(row.id)));
    let resumed = Event::new("MembershipResumed").with("user", user);
    write.take::<membership::Entity>(&stands, Step::Resume, membership::ActiveModel::default(), resumed).await?;
    Ok(row.id)
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
    write.emit_for(rules::record(row.id), begun).await?;
    Ok(row.id)
}
