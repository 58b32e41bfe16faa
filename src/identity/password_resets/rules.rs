//! Who may let whom choose another password.

use chrono::{DateTime, Utc};
use entity::{
    membership::Role,
    organization::OrganizationKind,
    password_reset,
    user::{self, UserStatus},
};
use sea_orm::Iterable as _;
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Problem, Text},
    identity::{
        memberships::rules::{admin_of, is_admin},
        people,
    },
};

/// What the rules decide from: the user, and everywhere he or she is or was a member.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub user: user::Model,
    /// Organization and role of all memberships, ended ones too.
    pub places: Vec<(Uuid, Role)>,
}

/// What can be done about a user's password here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a token for the person.
    Create,
    /// Take it back.
    Revoke,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "passwordReset.create",
            Self::Revoke => "passwordReset.revoke",
        }
    }
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Create | Action::Revoke => is_admin(actor) && self.is_plain_member_of(actor.organization()),
        }
    }

    fn record(&self) -> RecordRef {
        people::rules::record(self.user.id)
    }
}

impl Facts {
    /// Whoever can reset a password can become that person. So the person must have nothing that the organization's
    /// admin has not got: no membership elsewhere, no administrator's, and a password to begin with (neither a service
    /// account nor somebody whom only an issuer signs in).
    #[must_use]
    pub fn is_plain_member_of(&self, organization: Uuid) -> bool {
        let is_plain =
            |(place, role): &(Uuid, Role)| *place == organization && *role != Role::ServiceAccount && !is_admins(*role);
        self.can_be_reset() && !self.places.is_empty() && self.places.iter().all(is_plain)
    }

    /// Whether there is a password that counts.
    #[must_use]
    pub fn can_be_reset(&self) -> bool {
        self.user.status == UserStatus::Active && self.user.password_hash.is_some()
    }

    /// Whether this reset can be used now. One by an admin is no good any more when the person has risen or gone
    /// elsewhere since.
    #[must_use]
    pub fn is_good(&self, reset: &password_reset::Model, now: DateTime<Utc>) -> bool {
        let stands = match (reset.issued_by_id, self.places.first()) {
            (None, _) => self.can_be_reset(),
            (Some(_), Some((organization, _))) => self.is_plain_member_of(*organization),
            (Some(_), None) => false,
        };
        stands && reset.ended_at.is_none() && now < reset.expires_at
    }
}

fn is_admins(role: Role) -> bool {
    OrganizationKind::iter().any(|kind| admin_of(kind) == role)
}

/// One answer for an unknown, an expired, a replaced, a revoked and a used token.
#[must_use]
pub fn not_good() -> Error {
    let message = Text::new("This token cannot be used (any more).", "该重置码无效或已失效。");
    Problem::new(Code::InvalidInput, message).at(["input", "token"]).into()
}
