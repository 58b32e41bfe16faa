//! Identities 外部身份: which user somebody at an issuer is.
//!
//! An issuer knows its people by names of its own (subjects), which nobody here has seen before they sign in. So the
//! admin of the issuer's organization **allows** an e-mail address for one of its members; the first ID token in which
//! the issuer says that it has verified this address **binds** its subject to the user. From then on only the subject
//! counts: addresses are given to other people, subjects never. Revoking an identity ends the sessions it opened.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::{
    issuer::{self, IssuerStatus},
    membership::{self, MembershipStatus, Role},
    user_identity::{self, IdentityStep as Step},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::Action;
use super::{exchange, invitations, issuers, sessions};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Problem, Result, Text},
    platform::{
        event::Event,
        failure::is_duplicate,
        id::Id,
        input::{Checks, expect_version},
        lifecycle::Stepped as _,
    },
};

/// A member who may sign in by an issuer.
#[derive(Clone, Debug, InputObject)]
pub struct IdentityAllowInput {
    /// By which issuer of your organization.
    pub issuer_id: Id<issuer::Entity>,
    /// Who: a membership of your organization in force.
    pub membership_id: Id<membership::Entity>,
    /// The address under which the issuer knows the person; capitals do not matter.
    pub email: String,
}

/// An identity to take back.
#[derive(Clone, Debug, InputObject)]
pub struct IdentityRevokeInput {
    /// Which identity.
    pub id: Id<user_identity::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Allows that whoever has this address at the issuer is this member.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; DUPLICATE when this address waits already; `RULE_VIOLATED` when the
/// issuer is disabled.
pub async fn allow(app: &App, actor: &Actor, input: &IdentityAllowInput) -> Result<Uuid> {
    let allowed = app.db().write(move |tx| async move {
        let facts = issuers::store::facts(&tx, actor, input.issuer_id.key()).await?;
        let write = tx.permit(actor, issuers::rules::Action::Allow, &facts).await?;
        let member = store::member(&tx, actor, input.membership_id.key()).await?;
        let mut checks = Checks::new();
        // A machine proves who it is by its secret, and acts within its scopes.
        let person = member.status == MembershipStatus::Active && member.role != Role::ServiceAccount;
        checks.require(
            person && member.organization_id == facts.issuer.organization_id,
            "membershipId",
            "membershipId: expected a person's membership in force of the issuer's organization.",
            "membershipId 应为身份提供方所属单位人员的有效成员身份。",
        );
        let email = invitations::rules::email(&mut checks, Some(&input.email));
        checks.require(email.is_some(), "email", "email: expected an address.", "email 应为电子邮箱地址。");
        if facts.issuer.status != IssuerStatus::Active {
            let message = Text::new("This issuer is disabled; enable it first.", "该身份提供方已停用，请先启用。");
            checks.problem("issuerId", Code::RuleViolated, message);
        }
        checks.finish()?;
        let row = user_identity::ActiveModel {
            issuer_id: Set(facts.issuer.id),
            user_id: Set(member.user_id),
            email: Set(email.unwrap_or_default()),
            ..Default::default()
        };
        let row = store::add(&write, row).await?;
        let event = Event::new("IdentityAllowed").with("issuer", row.issuer_id).with("user", row.user_id);
        write.emit_first(rules::record(row.id), event).await?;
        Ok(row.id)
    });
    allowed.await.map_err(|error| if is_duplicate(&error) { waits_already() } else { error })
}

/// Takes an identity back, and ends every session that was opened by it.
///
/// # Errors
/// `ILLEGAL_STEP` when it was taken back already; CONFLICT for a stale version.
pub async fn revoke(app: &App, actor: &Actor, input: &IdentityRevokeInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Revoke), &facts).await?;
            expect_version(input.expected_version, facts.identity.version)?;
            let revoked = Event::new("IdentityRevoked").with("user", facts.identity.user_id);
            let changes = user_identity::ActiveModel::default();
            write.take(&facts.stands(actor), Step::Revoke, changes, revoked).await?;
            let opened = exchange::store::sessions_of(&tx, facts.identity.id).await?;
            sessions::end_each(&write, opened).await?;
            Ok(facts.identity.id)
        })
        .await
}

fn waits_already() -> Error {
    let message = Text::new("This address is allowed for somebody already.", "该邮箱已被分配。");
    Problem::new(Code::Duplicate, message).at(["input", "email"]).into()
}
