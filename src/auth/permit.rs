//! The rule, and the proof that it was asked.

use uuid::Uuid;

use super::Actor;
use crate::error::{Error, Result};

/// Something an actor may want to do to a record.
pub trait Action: Copy + std::fmt::Debug {
    /// The name in the trail: `agreement.approve`.
    fn name(self) -> &'static str;
}

/// Which record a permit, an event or a trail speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordRef {
    /// The TypeID prefix: `agreement`.
    pub kind: &'static str,
    /// The key.
    pub id: Uuid,
}

/// Facts from which a slice decides who may do what. The rule is one `match` without a `_` arm.
pub trait Governed {
    /// Everything that can be done to such a record.
    type Action: Action;

    /// Whether this actor may do this to this record. Says nothing about whether the record's status allows it now:
    /// that is the lifecycle's part.
    fn allows(&self, actor: &Actor, action: Self::Action) -> bool;

    /// Which record.
    fn record(&self) -> RecordRef;
}

/// What runs without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// The first administrator's invitation, made by whoever runs the server.
    Bootstrap,
    /// Agreements that begin: `startsOn` is reached.
    ActivateAgreements,
    /// Agreements that end: the day after `endsOn`, at midnight in Shanghai.
    ExpireAgreements,
    /// Items whose agreement ended before they were done.
    LapseItems,
    /// Amendments whose agreement ended before all had signed them.
    WithdrawAmendments,
    /// Applications whose answer is late: intentions of one side, offers.
    LapseApplications,
    /// Positions whose last place was accepted: nobody reads from their trail who accepted it.
    FillPositions,
    /// Positions whose last day to apply has passed.
    ExpirePositions,
    /// Reminders before `noticeBy`.
    Remind,
    /// Recruitment events whose check-in opens, that begin and that end.
    KeepEventTimes,
    /// Students who did not come to an event for which they had registered.
    NoteAbsences,
    /// Students who did not come to an interview that they had booked.
    NoteMissedInterviews,
    /// Interview sessions whose last slot has ended.
    CloseInterviewSessions,
    /// Waiting lists of interviews: places are offered to whoever is first, offers lapse, lists end. Nobody reads from a
    /// place in the list who gave the offered one up.
    KeepWaitingLists,
    /// Who and what was held by interviews that are over, and is held no more.
    ClearInterviewHolds,
    /// Requests to change places between interview slots, whoever asks, accepts and takes back: nobody reads from them who
    /// has which place.
    SwapInterviews,
    /// Notifications from events.
    Notify,
    /// A file that arrives at the address that was given out for it.
    ReceiveUpload,
    /// A file that is fetched from the address that was given out for it, where reading it is written down.
    FetchFiles,
    /// Consents whose last day is past, or whose notice has changed.
    EndConsents,
    /// Session bookkeeping: sign-in, rotation, end.
    Sessions,
    /// Somebody who is not signed in comes in by an invitation: holding it is the right to.
    Invitations,
    /// Somebody who is not signed in chooses another password by a token: holding it is the right to.
    PasswordResets,
    /// The keys that sign access tokens: made and rotated by whoever runs the server.
    SigningKeys,
    /// Refusals that are written down.
    RecordDenials,
    /// Checkpoints of the trail.
    Checkpoint,
    /// Documents of frontends, registered by whoever runs the server.
    RegisterDocuments,
    /// The code tables: loaded at the first start, replaced by whoever runs the server.
    Dictionaries,
}

impl Job {
    /// The name in the trail: `job.expireAgreements`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bootstrap => "job.bootstrap",
            Self::ActivateAgreements => "job.activateAgreements",
            Self::ExpireAgreements => "job.expireAgreements",
            Self::LapseItems => "job.lapseItems",
            Self::WithdrawAmendments => "job.withdrawAmendments",
            Self::LapseApplications => "job.lapseApplications",
            Self::FillPositions => "job.fillPositions",
            Self::ExpirePositions => "job.expirePositions",
            Self::Remind => "job.remind",
            Self::KeepEventTimes => "job.keepEventTimes",
            Self::NoteAbsences => "job.noteAbsences",
            Self::NoteMissedInterviews => "job.noteMissedInterviews",
            Self::CloseInterviewSessions => "job.closeInterviewSessions",
            Self::KeepWaitingLists => "job.keepWaitingLists",
            Self::ClearInterviewHolds => "job.clearInterviewHolds",
            Self::SwapInterviews => "job.swapInterviews",
            Self::Notify => "job.notify",
            Self::ReceiveUpload => "job.receiveUpload",
            Self::FetchFiles => "job.fetchFiles",
            Self::EndConsents => "job.endConsents",
            Self::Sessions => "job.sessions",
            Self::Invitations => "job.invitations",
            Self::PasswordResets => "job.passwordResets",
            Self::SigningKeys => "job.signingKeys",
            Self::RecordDenials => "job.recordDenials",
            Self::Checkpoint => "job.checkpoint",
            Self::RegisterDocuments => "job.registerDocuments",
            Self::Dictionaries => "job.dictionaries",
        }
    }
}

/// Proof that the rule was asked and said yes: who, what, to which record. Exactly a row of the trail.
#[derive(Clone, Debug)]
pub struct Permit {
    actor: Option<Actor>,
    action: &'static str,
    record: RecordRef,
}

impl Actor {
    /// Asks the slice's rule.
    ///
    /// # Errors
    /// FORBIDDEN when the rule says no.
    pub fn permit<G: Governed>(&self, action: G::Action, thing: &G) -> Result<Permit> {
        if thing.allows(self, action) {
            Ok(Permit { actor: Some(self.clone()), action: action.name(), record: thing.record() })
        } else {
            Err(Error::forbidden())
        }
    }
}

impl Permit {
    /// What a job of the system may do to one record.
    #[must_use]
    pub fn system(job: Job, record: RecordRef) -> Self {
        Self { actor: None, action: job.name(), record }
    }

    /// The same permit over another record that the same use case changes with it: a merge moves memberships.
    #[must_use]
    pub fn over(&self, record: RecordRef) -> Self {
        Self { record, ..self.clone() }
    }

    /// Who; nobody for a job of the system.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    /// What: `agreement.approve`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// To which record.
    #[must_use]
    pub fn record(&self) -> RecordRef {
        self.record
    }
}
