//! What the rules of agreements decide from: loaded once by the store, used by permits, steps and `openSteps` alike.

use chrono::NaiveDate;
use entity::{
    agreement::{self, AgreementStatus as Status},
    agreement_party::PartyRole,
    agreement_proposal,
    agreement_review::ReviewDecision,
    delegation::DelegationScope as Scope,
};
use uuid::Uuid;

use crate::{auth::Actor, identity::delegations::InForce};

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub agreement: agreement::Model,
    /// Everyone named in it, in the order of the cover.
    pub parties: Vec<Party>,
    /// What the parties said of the current version, while it is decided on.
    pub reviews: Vec<Review>,
    /// The signatures under the current version, while it is decided on.
    pub signatures: Vec<Signature>,
    /// Who may decide for a party in somebody's stead today, while it is decided on.
    pub delegations: Vec<InForce>,
    /// The proposal that waits for the other parties, if any.
    pub proposal: Option<agreement_proposal::Model>,
    /// The day on which this was read, in China.
    pub today: NaiveDate,
}

/// One organization named in the agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The organization.
    pub organization: Uuid,
    /// Signs, or only witnesses.
    pub role: PartyRole,
    /// Whether the organization is verified now.
    pub verified: bool,
}

/// One party's word on the current version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The party.
    pub organization: Uuid,
    /// The person.
    pub reviewer: Uuid,
    /// In whose stead, under a delegation.
    pub on_behalf_of: Option<Uuid>,
    /// What was decided.
    pub decision: ReviewDecision,
}

/// One party's signature under the current version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The signature's key.
    pub id: Uuid,
    /// The party.
    pub organization: Uuid,
    /// The person.
    pub signer: Uuid,
    /// In whose stead, under a delegation.
    pub on_behalf_of: Option<Uuid>,
    /// Whether it counts: a scan does only after a second person has confirmed it.
    pub counts: bool,
}

/// Where the parties review and sign.
pub const DECIDED_ON: [Status; 2] = [Status::InReview, Status::AwaitingSignature];
/// Where the parties can propose to suspend, resume or end it, or to rescind what is signed and has not begun.
pub const PROPOSED_ON: [Status; 3] = [Status::Signed, Status::Active, Status::Suspended];
/// Where nothing can come of an agreement any more.
pub const ENDED: [Status; 4] = [Status::Terminated, Status::Expired, Status::Rejected, Status::Cancelled];

impl Facts {
    /// The parties that review and sign.
    pub fn required(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| party.role == PartyRole::Required)
    }

    /// Whether the organization is one of them.
    #[must_use]
    pub fn binds(&self, organization: Uuid) -> bool {
        self.required().any(|party| party.organization == organization)
    }

    /// In whose stead the actor may decide this for the own side, under a delegation.
    #[must_use]
    pub fn stands_in(&self, actor: &Actor, scope: Scope) -> Option<Uuid> {
        self.delegations.iter().find(|given| given.is_for(actor, scope)).map(|given| given.delegator)
    }

    /// Whether two people are one, or count as one because one of them decides in the other's stead.
    #[must_use]
    pub fn is_one_person(&self, one: Uuid, other: Uuid) -> bool {
        one == other || self.delegations.iter().any(|given| given.ties(one, other))
    }

    /// Everyone who reviewed the current version for another party than this, themselves or through a deputy.
    pub fn other_reviewers(&self, own: Uuid) -> impl Iterator<Item = Uuid> {
        let others = self.reviews.iter().filter(move |review| review.organization != own);
        others.flat_map(|review| [Some(review.reviewer), review.on_behalf_of]).flatten()
    }

    /// Everyone who signed the current version for another party than this, themselves or through a deputy.
    pub fn other_signers(&self, own: Uuid) -> impl Iterator<Item = Uuid> {
        let others = self.signatures.iter().filter(move |signed| signed.organization != own);
        others.flat_map(|signed| [Some(signed.signer), signed.on_behalf_of]).flatten()
    }

    /// Whether nothing can come of it any more.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        ENDED.contains(&self.agreement.status)
    }

    /// Whether every required party is among those who spoke.
    #[must_use]
    pub fn is_complete(&self, spoke: &[Uuid]) -> bool {
        self.required().all(|party| spoke.contains(&party.organization))
    }

    /// The required parties that approved the current version.
    #[must_use]
    pub fn approved(&self) -> Vec<Uuid> {
        let approvals = self.reviews.iter().filter(|review| review.decision == ReviewDecision::Approved);
        approvals.map(|review| review.organization).collect()
    }

    /// The required parties whose signature counts.
    #[must_use]
    pub fn signed(&self) -> Vec<Uuid> {
        self.signatures.iter().filter(|signature| signature.counts).map(|signature| signature.organization).collect()
    }
}
