//! Talent pipelines 人才对接: how a student and an enterprise find each other, from a fair to a contract.
//!
//! A county, a park or a university holds recruitment **events** ([`events`]) at which enterprises have booths and for
//! which students **register** ([`registrations`]). An enterprise offers **positions** ([`positions`]), which its county
//! reviews before anybody else sees them, and answers **questions** ([`questions`]) about what it makes and how it
//! cultivates talents. A student writes a **résumé** ([`resumes`]) and decides, one enterprise at a time, who may read it
//! and for how long ([`consents`]); every read by an enterprise stands in a log that the student sees.
//!
//! Then the student **applies** ([`applications`]); the two meet in an **interview** that the student has booked
//! ([`interviews`]), and say that both want to go on; where details are open
//! they **negotiate** ([`negotiations`]); the enterprise offers, the student accepts, and the university records the
//! contract and asks later whether the graduate is still there ([`employment`]).
//!
//! Whom a university has as students stands on its **rolls** ([`roster`]), which come in from a table, as positions do
//! ([`importing`]).
//!
//! Which open positions fit a student, and why, is **suggested** to the student alone ([`suggestions`]).
//!
//! How far how many of them got is the **funnel** ([`funnel`]): distinct students, stage by stage, live and as of a past
//! moment.
//!
//! Everything that is kept about a student is the student's to take along ([`student_data`]).

pub mod applications;
pub mod consents;
pub mod employment;
pub mod events;
pub mod funnel;
pub mod graphql;
pub mod importing;
pub mod interviews;
pub mod live;
pub mod negotiations;
pub mod positions;
pub mod questions;
pub mod registrations;
pub mod resumes;
pub mod roster;
pub mod student_data;
pub mod suggestions;

use entity::{
    application, employment_record, event_registration, interview_booking, interview_session, interview_swap,
    interview_wait, job_position, negotiation, organization_question, recruitment_event, resume,
};

use crate::{
    identity::invitations,
    organizations::merge::{Following, Registered},
    platform::search::{self, Searched},
};

/// Lets files be attached to what is recorded here.
pub fn attach_files() {
    events::attach_files();
    resumes::attach_files();
    applications::attach_files();
}

/// What of all this is found by words. Nothing of a student is.
#[must_use]
pub fn searchable() -> search::Registered {
    use job_position::Column as Position;
    use organization_question::Column::{Answer, Question};
    use recruitment_event::Column as Event;
    let events = [(Event::Title, 8), (Event::Place, 3), (Event::Description, 2)];
    let positions =
        [(Position::Title, 8), (Position::Address, 3), (Position::Requirements, 3), (Position::Description, 2)];
    vec![
        Box::new(Searched::<recruitment_event::Entity>::by(events::store::visible_to, events)),
        Box::new(Searched::<job_position::Entity>::by(positions::store::visible_to, positions)),
        Box::new(Searched::<organization_question::Entity>::by(
            questions::store::visible_to,
            [(Question, 4), (Answer, 2)],
        )),
    ]
}

/// What becomes of all this when organizations are merged.
#[must_use]
pub fn mergeable() -> Registered {
    use application::Column as Application;
    use employment_record::Column as Employment;
    use interview_booking::Column as Booking;
    use interview_swap::Column as Swap;
    use interview_wait::Column as Wait;
    use organization_question::Column as Question;
    vec![
        Box::new(Following::<recruitment_event::Entity>::by([recruitment_event::Column::OrganizerId])),
        Box::new(events::exhibitors::EventBooths),
        Box::new(Following::<event_registration::Entity>::by([event_registration::Column::UniversityId])),
        Box::new(positions::Offered),
        Box::new(Following::<organization_question::Entity>::by([
            Question::OrganizationId,
            Question::AskerOrganizationId,
        ])),
        Box::new(roster::Rolls),
        Box::new(consents::Consents),
        Box::new(Following::<resume::Entity>::by([resume::Column::UniversityId])),
        Box::new(Following::<application::Entity>::by([Application::OrganizationId, Application::UniversityId])),
        Box::new(Following::<interview_session::Entity>::by([interview_session::Column::OrganizationId])),
        Box::new(interviews::holds::Rooms),
        Box::new(Following::<interview_booking::Entity>::by([Booking::OrganizationId, Booking::UniversityId])),
        Box::new(Following::<interview_wait::Entity>::by([Wait::OrganizationId, Wait::UniversityId])),
        Box::new(Following::<interview_swap::Entity>::by([Swap::OrganizationId, Swap::UniversityId])),
        Box::new(Following::<negotiation::Entity>::by([negotiation::Column::OrganizationId])),
        Box::new(Following::<employment_record::Entity>::by([Employment::OrganizationId, Employment::UniversityId])),
    ]
}

/// What is kept here about students, for them to take along.
#[must_use]
pub fn exportable() -> student_data::Registered {
    vec![
        Box::new(roster::OwnRecords),
        Box::new(registrations::OwnRegistrations),
        Box::new(resumes::OwnResume),
        Box::new(consents::OwnConsents),
        Box::new(applications::OwnApplications),
        Box::new(interviews::bookings::OwnInterviews),
        Box::new(interviews::waits::OwnWaits),
        Box::new(interviews::swaps::OwnSwaps),
        Box::new(suggestions::OwnChoice),
    ]
}

/// Who waits here for whom it has invited.
#[must_use]
pub fn awaiting() -> invitations::Registered {
    vec![Box::new(roster::inviting::OnTheRolls)]
}
