//! Agreements: a university drafts, a county and an enterprise are parties, another enterprise witnesses.

use chrono::Days;
use entity::{
    agreement::{AgreementStatus as Status, AgreementStep as Step},
    agreement_party::PartyRole,
    agreement_proposal::ProposedStep,
    agreement_review::ReviewDecision,
    delegation::DelegationScope as Scope,
    membership::Role,
};
use hezuo::{
    agreements::{
        facts::{Facts, Party, Review, Signature},
        rules::Action,
    },
    identity::delegations::InForce,
};
use sea_orm::{ActiveEnum as _, Iterable as _};
use uuid::Uuid;

use super::{
    cast::Cast,
    matrix::{Chapter, named, steps},
};
use crate::support::rows;

pub(super) fn chapters(cast: &Cast) -> String {
    let chapter = Chapter {
        title: "Agreement 合作协议",
        words: "A university drafts it; a county and an enterprise are parties, another enterprise is a witness.",
        players: [
            cast.north.players("the university that drafts"),
            cast.yingshan.players("a county that is a party"),
            cast.alpha.players("an enterprise that is a party"),
            cast.beta.players("an enterprise that is a witness"),
            cast.south.players("another university"),
            cast.yilong.players("another county"),
            cast.gamma.players("another enterprise"),
            cast.platform.players("the platform"),
        ]
        .concat(),
        situations: situations(cast),
        actions: named(actions()),
        open: Some(steps),
    };
    chapter.print()
}

/// Everything that can be done. The match has no `_`: who adds an action adds it to the list.
fn actions() -> Vec<Action> {
    let mut actions = vec![Action::Read, Action::Edit];
    actions.extend(Step::iter().map(Action::Take));
    actions.extend([Action::ConfirmSignature, Action::Amend, Action::AddItem, Action::Attach]);
    for action in &actions {
        match action {
            Action::Read
            | Action::Edit
            | Action::Take(_)
            | Action::ConfirmSignature
            | Action::Amend
            | Action::AddItem
            | Action::Attach => {}
        }
    }
    actions
}

/// Each status with nobody having spoken, and those in which somebody has.
fn situations(cast: &Cast) -> Vec<(String, Facts)> {
    let county = cast.yingshan.key();
    let mut situations = Vec::new();
    for status in Status::iter() {
        situations.push((status.to_value(), facts(cast, status)));
        let mut after = facts(cast, status);
        let words = match status {
            Status::InReview => {
                let decision = ReviewDecision::Approved;
                after.reviews.push(Review {
                    organization: county,
                    reviewer: Uuid::nil(),
                    on_behalf_of: None,
                    decision,
                });
                "the county has approved"
            }
            Status::AwaitingSignature => {
                let (id, signer, counts) = (Uuid::nil(), Uuid::nil(), true);
                after.signatures.push(Signature { id, organization: county, signer, on_behalf_of: None, counts });
                "the county has signed"
            }
            Status::Active => {
                after.proposal = Some(rows::proposal(&after.agreement, (ProposedStep::Suspend, county)));
                "the county has proposed to suspend"
            }
            Status::Cancelled => {
                after.agreement.content_hash = None;
                "it was never sent out"
            }
            _ => continue,
        };
        situations.push((format!("{} ({words})", status.to_value()), after));
    }
    let mut over = facts(cast, Status::AwaitingSignature);
    over.today = over.agreement.ends_on + Days::new(1);
    situations.push(("AWAITING_SIGNATURE (its last day has passed)".to_owned(), over));
    let mut doubtful = facts(cast, Status::AwaitingSignature);
    doubtful.parties[2].verified = false;
    situations.push(("AWAITING_SIGNATURE (the enterprise is not verified)".to_owned(), doubtful));
    let mut twice = facts(cast, Status::InReview);
    twice.reviews.push(Review {
        organization: county,
        reviewer: cast.alpha.admin().user(),
        on_behalf_of: None,
        decision: ReviewDecision::Approved,
    });
    let words = "the county has approved, by the person who is the enterprise's admin as well";
    situations.push((format!("IN_REVIEW ({words})"), twice));
    for (status, scope) in
        [(Status::InReview, Scope::ReviewAgreements), (Status::AwaitingSignature, Scope::SignAgreements)]
    {
        let mut lent = facts(cast, status);
        lent.delegations = vec![InForce {
            organization: cast.north.key(),
            delegator: cast.north.admin().user(),
            deputy: cast.north.with(Role::UniversityStaff).user(),
            scope,
        }];
        situations.push((format!("{} (the university's staff stands in for its admin)", status.to_value()), lent));
    }
    situations
}

fn facts(cast: &Cast, status: Status) -> Facts {
    let party = |organization: Uuid, role: PartyRole| Party { organization, role, verified: true };
    Facts {
        agreement: rows::agreement(cast.yingshan.key(), cast.north.admin(), status),
        parties: vec![
            party(cast.north.key(), PartyRole::Required),
            party(cast.yingshan.key(), PartyRole::Required),
            party(cast.alpha.key(), PartyRole::Required),
            party(cast.beta.key(), PartyRole::Witness),
        ],
        reviews: Vec::new(),
        signatures: Vec::new(),
        delegations: Vec::new(),
        proposal: None,
        today: "2026-03-02".parse().unwrap(),
    }
}
