//! Agreements 合作协议: what a university, a county and its enterprises promise each other.
//!
//! One side **drafts**. Submitting freezes the text as a version with a hash and sends it to all parties for
//! **review**: each party's admin approves, returns it for revision or rejects it. When all have approved, each party
//! **signs** the very same hash; a scan of ink or seal counts once a second person has confirmed it. The last signature
//! makes it signed, and it becomes **active** on its first day. It can be suspended, resumed, terminated or rescinded
//! when all parties agree ([`proposals`]), it expires after its last day at midnight in Shanghai, and it can be renewed.
//! While it is active it is changed by [`amendments`] and carried out through [`items`]. A witness reads and is shown,
//! and neither reviews nor signs.

pub mod amendments;
mod checks;
pub mod content;
mod drafting;
pub mod facts;
mod files;
pub mod graphql;
mod impact;
pub mod items;
pub mod jobs;
mod merging;
pub mod notices;
pub mod parts;
pub mod proposals;
mod review;
pub mod rules;
mod signing;
pub mod store;

pub use files::attach_files;
pub use merging::AgreementParties;

pub use drafting::{
    AgreementDraftInput, AgreementEditInput, AgreementRenewInput, AgreementText, PartyInput, draft, edit, renew,
};
pub use impact::{Dependent, Dependents, Effect, Registered, most_dependents, termination_impact};
pub use review::{
    AgreementApproveInput, AgreementReasonedStepInput, AgreementStepInput, approve, cancel, reject,
    return_for_revision, submit, withdraw_for_revision,
};
pub use signing::{AgreementSignInput, AgreementSignatureConfirmInput, confirm_signature, sign};

use entity::{agreement, cooperation_item};

use crate::platform::search::{Registered as SearchRegistered, Searched};

/// What of agreements and what they promise is found by words.
#[must_use]
pub fn searchable() -> SearchRegistered {
    use agreement::Column::{Number, Terms, Title};
    let items = [(cooperation_item::Column::Title, 6)];
    vec![
        Box::new(Searched::<agreement::Entity>::by(store::visible_to, [(Title, 8), (Number, 8), (Terms, 1)])),
        Box::new(Searched::<cooperation_item::Entity>::by(items::store::visible_to, items)),
    ]
}
