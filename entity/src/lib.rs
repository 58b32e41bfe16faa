//! The tables. One file each: columns, relations, and the enums that its columns hold. No behaviour, no API.
//!
//! Keys are UUID v7, made by the application. Statuses are text, held by a CHECK. Times are UTC in microseconds,
//! dates are calendar days in China, money is whole fen.

#![expect(clippy::disallowed_methods, reason = "sea-orm's derives name them; whoever calls them is told")]
#![expect(missing_docs, reason = "a column says what it is by its name, and beside it what the name does not say")]

pub mod access_denial;
pub mod agreement;
pub mod agreement_number;
pub mod agreement_party;
pub mod agreement_proposal;
pub mod agreement_proposal_vote;
pub mod agreement_review;
pub mod agreement_signature;
pub mod agreement_version;
pub mod amendment;
pub mod amendment_decision;
pub mod application;
pub mod cooperation_item;
pub mod cooperation_item_drop_vote;
pub mod delegation;
pub mod document;
pub mod employment_record;
pub mod event;
pub mod event_checkpoint;
pub mod event_exhibitor;
pub mod event_head;
pub mod event_registration;
pub mod idempotency;
pub mod installation;
pub mod interview_booking;
pub mod interview_hold;
pub mod interview_score;
pub mod interview_session;
pub mod interview_slot;
pub mod interview_swap;
pub mod interview_wait;
pub mod interviewer;
pub mod invitation;
pub mod issuer;
pub mod job_position;
pub mod known_address;
pub mod membership;
pub mod negotiation;
pub mod notification;
pub mod organization;
pub mod organization_question;
pub mod password_reset;
pub mod position_major;
pub mod position_skill;
pub mod recruitment_event;
pub mod refresh_token;
pub mod region;
pub mod region_group;
pub mod registered_document;
pub mod resume;
pub mod resume_access;
pub mod resume_version;
pub mod retention_check;
pub mod service_account;
pub mod session;
pub mod session_identity;
pub mod share_consent;
pub mod sign_in_counter;
pub mod signing_key;
pub mod spent_id_token;
pub mod student_record;
pub mod suggestion_choice;
pub mod user;
pub mod user_identity;

/// A table whose records clients can name: the readable half of the id.
pub trait Record {
    /// The prefix of the TypeID: `agreement` in `agreement_01h455vb4pex5vsknk084sn02q`.
    const PREFIX: &'static str;
}
