//! What the rules of agreements decide from: loaded once by the store, used by permits, steps and `openSteps` alike.

use entity::{
    agreement::{self, AgreementStatus as Status},
    agreement_party::PartyRole,
    agreement_proposal,
    agreement_review::ReviewDecision,
};
use uuid::Uuid;

/// What the rules decide from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The row.
    pub agreement: agreement::Model,
    /// Everyone named in it, in the order of the cover.
    pub parties: Vec<Party>,
    /// What the parties said of the current version.
    pub reviews: Vec<Review>,
    /// The signatures under the current version.
    pub signatures: Vec<Signature>,
    /// The proposal that waits for the other parties, if any.
    pub proposal: Option<agreement_proposal::Model>,
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
    /// Whether it counts: a scan does only after a second person has confirmed it.
    pub counts: bool,
}

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
