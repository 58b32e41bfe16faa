//! Who may do what to a session: it is nobody's but the person's own.

use entity::{Record, session};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    error::{Code, Error, Refusal, Text},
};

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub session: session::Model,
}

/// Everything that can be done to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it in the list of one's sessions.
    Read,
    /// Act under another of one's memberships.
    Switch,
    /// Sign out of it.
    End,
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "session.read",
            Self::Switch => "session.switch",
            Self::End => "session.end",
        }
    }
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        let own = self.session.user_id == actor.user();
        match action {
            Action::Read | Action::End => own,
            Action::Switch => own && self.session.id == actor.session(),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.session.id)
    }
}

/// One answer for an unknown login, a wrong password, a disabled user and a person without a membership.
#[must_use]
pub fn wrong_credentials() -> Error {
    let message = Text::new("The login or the password is wrong.", "登录名或密码错误。");
    Error::Refused(Refusal { code: Code::Unauthenticated, message })
}

/// The record of a session.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: session::Entity::PREFIX, id }
}
