//! Who gives a consent and takes it back, who reads under it, and until when it holds.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    Record,
    membership::Role,
    share_consent::{self, ShareCategory, ShareConsentStatus as Status, ShareConsentStep as Step},
    user,
};
use uuid::Uuid;

use crate::{
    auth::{self, Actor, Governed, RecordRef},
    platform::{
        input::Checks,
        lifecycle::{Lifecycle, Stepped},
    },
};

/// The edition of the notice that students are shown ([`super::NOTICE`]). A consent to an earlier one no longer holds.
pub const NOTICE_VERSION: i32 = 1;
/// Who reads for an enterprise.
pub const READERS: &[Role] = &[Role::EnterpriseAdmin, Role::EnterpriseRecruiter];

/// Whether the actor is a person who reads for an enterprise. No machine does: a consent is to people's reading.
#[must_use]
pub fn reads(actor: &Actor) -> bool {
    READERS.contains(&actor.membership_role())
}

/// A student, for what everyone does to the own data alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Student(pub Uuid);

/// What a student does to the own data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// Consent that an enterprise reads the résumé.
    Give,
    /// Take every consent back.
    WithdrawAll,
}

impl auth::Action for Own {
    fn name(self) -> &'static str {
        match self {
            Self::Give => "shareConsent.give",
            Self::WithdrawAll => "shareConsent.withdrawAll",
        }
    }
}

impl Student {
    /// The actor.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self(actor.user())
    }

    /// Whether this is the actor, acting as a student.
    #[must_use]
    pub fn is(self, actor: &Actor) -> bool {
        actor.is(&[Role::Student]) && self.is_self(actor)
    }

    /// Whether this is the actor, also after the studies, under whichever membership: what was consented to is taken back
    /// and what was written erased as long as it is there.
    #[must_use]
    pub fn is_self(self, actor: &Actor) -> bool {
        self.0 == actor.user()
    }
}

impl Governed for Student {
    type Action = Own;

    fn allows(&self, actor: &Actor, action: Own) -> bool {
        match action {
            Own::Give => self.is(actor),
            Own::WithdrawAll => self.is_self(actor),
        }
    }

    fn record(&self) -> RecordRef {
        RecordRef { kind: user::Entity::PREFIX, id: self.0 }
    }
}

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub consent: share_consent::Model,
}

/// Everything that can be done to a consent, and under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See it.
    Read,
    /// Read the résumé under it.
    Open,
    /// Take a step of its lifecycle.
    Take(Step),
}

impl auth::Action for Action {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "shareConsent.read",
            Self::Open => "shareConsent.open",
            Self::Take(Step::Withdraw) => "shareConsent.withdraw",
            Self::Take(Step::Supersede) => "shareConsent.supersede",
            Self::Take(Step::Expire) => "shareConsent.expire",
            Self::Take(Step::End) => "shareConsent.end",
        }
    }
}

impl Lifecycle for share_consent::Entity {
    type Status = Status;
    type Step = Step;

    const INITIAL: Status = Status::Given;
    const MOVES: &'static [(Status, Step, Status)] = &[
        (Status::Given, Step::Withdraw, Status::Withdrawn),
        (Status::Given, Step::Supersede, Status::Superseded),
        (Status::Given, Step::Expire, Status::Expired),
        (Status::Given, Step::End, Status::Ended),
    ];
    const STANDING: fn(&share_consent::Model) -> (Uuid, Status, i32) = |row| (row.id, row.status, row.version);
}

impl Governed for Facts {
    type Action = Action;

    fn allows(&self, actor: &Actor, action: Action) -> bool {
        let student = Student(self.consent.student_id);
        let given = self.consent.status == Status::Given && self.consent.notice_version == NOTICE_VERSION;
        let received = given && reads(actor) && self.consent.organization_id == actor.organization();
        match action {
            Action::Read => student.is_self(actor) || received,
            Action::Open => received,
            Action::Take(Step::Withdraw) => student.is_self(actor),
            Action::Take(Step::Supersede) => student.is(actor),
            Action::Take(Step::Expire | Step::End) => false,
        }
    }

    fn record(&self) -> RecordRef {
        record(self.consent.id)
    }
}

impl Stepped for Facts {
    type Record = share_consent::Entity;

    const ROW: fn(&Self) -> &share_consent::Model = |facts| &facts.consent;
    const TAKE: fn(Step) -> Action = Action::Take;

    /// Another consent is given, not stepped to.
    fn is_pending(&self, _: &Actor, step: Step) -> bool {
        step != Step::Supersede
    }
}

impl Facts {
    /// Whether it says what this one says: giving it again would change nothing.
    #[must_use]
    pub fn says(&self, (categories, expires_at): (&[ShareCategory], DateTime<Utc>), now: DateTime<Utc>) -> bool {
        let row = &self.consent;
        row.expires_at == expires_at
            && row.expires_at > now
            && row.notice_version == NOTICE_VERSION
            && ALL.iter().all(|category| covers(row, *category) == categories.contains(category))
    }

    /// How it ends when time or another one ends it.
    #[must_use]
    pub fn ending(&self, now: DateTime<Utc>) -> Step {
        if self.consent.expires_at <= now { Step::Expire } else { Step::Supersede }
    }
}

/// Every category.
pub const ALL: [ShareCategory; 3] = [ShareCategory::Profile, ShareCategory::Contact, ShareCategory::File];

/// Whether the consent covers this category.
#[must_use]
pub fn covers(consent: &share_consent::Model, category: ShareCategory) -> bool {
    match category {
        ShareCategory::Profile => consent.profile,
        ShareCategory::Contact => consent.contact,
        ShareCategory::File => consent.file,
    }
}

/// Something at all is consented to, and not for longer than the settings say.
pub fn check(
    checks: &mut Checks,
    (categories, expires_at): (&[ShareCategory], DateTime<Utc>),
    (now, days): (DateTime<Utc>, u32),
) {
    checks.require(
        !categories.is_empty(),
        "categories",
        "categories is empty; expected at least one.",
        "categories 为空，至少应选一项。",
    );
    checks.require(
        expires_at > now,
        "expiresOn",
        "expiresOn is in the past; expected today or later.",
        "expiresOn 已过，应为今日或之后。",
    );
    checks.require(
        expires_at <= now + TimeDelta::days(i64::from(days) + 1),
        "expiresOn",
        format!("expiresOn: a consent holds for {days} days at most."),
        format!("expiresOn：同意有效期最长 {days} 天。"),
    );
}

/// What a step is called once it happened.
#[must_use]
pub fn happened(step: Step) -> &'static str {
    match step {
        Step::Withdraw => "ShareConsentWithdrawn",
        Step::Supersede => "ShareConsentSuperseded",
        Step::Expire => "ShareConsentExpired",
        Step::End => "ShareConsentEnded",
    }
}

/// The record of a consent.
#[must_use]
pub fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: share_consent::Entity::PREFIX, id }
}
