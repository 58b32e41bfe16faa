//! Who may do what to a user, and what a login, a name and a password may be.

use entity::{
    Record,
    user::{self, UserStatus as Status, UserStep as Step},
};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    identity::memberships::rules::{is_admin, is_platform_admin},
    platform::{
        input::{Checks, Length},
        lifecycle::{Lifecycle, Stepped},
    },
};

/// Logins that everybody would guess, and passwords too.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "9876543210",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "asdfghjkl;",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "p@ssw0rd123",
    "admin12345",
    "administrator",
    "welcome123",
    "letmein1234",
    "iloveyou123",
    "woaini1314",
    "woaini520520",
    "5201314520",
    "1314520520",
    "aa12345678",
    "a123456789",
    "abc1234567",
    "abcd123456",
    "123456789a",
    "qq123456789",
    "changeme123",
    "hezuo-demo",
    "hezuo12345",
];
const LOGIN: Length = Length { min: 3, max: 64 };
const PASSWORD: Length = Length { min: 10, max: 200 };
/// The languages a person can choose.
const LOCALES: &[&str] = &["zh-CN", "en"];

/// What the rules decide from: the user, and where he or she is or was a member.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub user: user::Model,
    /// The organizations of all memberships, ended ones too.
    pub organizations: Vec<Uuid>,
}

/// Everything that can be done to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See that the user exists, and the login.
    Read,
    /// Change the display name and the language.
    Update,
    /// Choose another password.
    ChangePassword,
    /// Take a step of the lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "user.read",
            Self::Update => "user.update",
            Self::ChangePassword => "user.changePassword",
            Self::Take(Step::Disable) => "user.disable",
            Self::Take(Step::Enable) => "user.enable",
        }
    }
}

impl Lifecycle for user::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Active;
    const MOVES: &'static [(Status, Step, Status)] =
        &[(Status::Active, Step::Disable, Status::Disabled), (Status::Disabled, Step::Enable, Status::Active)];
    const STANDING: fn(&user::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        match action {
            Action::Read => self.is_self(actor) || is_platform_admin(actor) || self.is_administered_by(actor),
            Action::Update | Action::ChangePassword => self.is_self(actor),
            Action::Take(Step::Disable | Step::Enable) => is_platform_admin(actor) && !self.is_self(actor),
        }
    }

    fn record(&self) -> RecordRef {
        record(self.user.id)
    }
}

impl Stepped for Facts {
    type Record = user::Entity;

    const ROW: fn(&Self) -> &user::Model = |facts| &facts.user;
    const TAKE: fn(Step) -> Action = Action::Take;
}

impl Facts {
    fn is_self(&self, actor: &Actor) -> bool {
        self.user.id == actor.user()
    }

    fn is_administered_by(&self, actor: &Actor) -> bool {
        is_admin(actor) && self.organizations.contains(&actor.organization())
    }
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Disable => "UserDisabled",
        Step::Enable => "UserEnabled",
    }
}

/// The one spelling of a login: lower case, plain letters.
#[must_use]
pub fn fold_login(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_lowercase()
}

/// A login for a new user.
pub fn login(checks: &mut Checks, text: &str) -> String {
    let login = checks.line("login", &fold_login(text), LOGIN);
    let sound = login.starts_with(|c: char| c.is_ascii_alphanumeric())
        && login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'));
    checks.require(
        sound,
        "login",
        "login: expected letters a to z, digits and . _ - @, beginning with a letter or digit.",
        "login 应由字母、数字及 . _ - @ 组成，并以字母或数字开头。",
    );
    login
}

/// Whether a new password is hard enough to guess; `field` is where it was given.
pub fn password(checks: &mut Checks, field: &str, password: &str, login: &str) {
    let Length { min, max } = PASSWORD;
    let count = password.chars().count();
    checks.require(
        (min..=max).contains(&count),
        field,
        format!("{field} has {count} characters; expected {min} to {max}."),
        format!("{field} 有 {count} 个字符，应为 {min} 至 {max} 个。"),
    );
    let folded = fold_login(password);
    let distinct = folded.chars().collect::<std::collections::BTreeSet<_>>().len();
    checks.require(
        distinct > 3 && folded != login && !COMMON.contains(&folded.as_str()),
        field,
        format!("{field} is one that others guess; choose another."),
        format!("{field} 过于常见，请另选一个。"),
    );
}

/// One of the languages in which Hezuo speaks to people.
pub fn locale(checks: &mut Checks, text: &str) -> String {
    checks.require(LOCALES.contains(&text), "locale", "locale: expected zh-CN or en.", "locale 应为 zh-CN 或 en。");
    text.to_owned()
}

/// The record of a user.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: user::Entity::PREFIX, id }
}
