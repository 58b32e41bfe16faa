//! The applications that students make at an event, with the consents under which enterprises read them and what came
//! of them, made from numbers.

use std::collections::HashSet;

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use entity::{
    Record as _,
    application::{self, ApplicationSide, ApplicationStatus as Status, ClosingReason, Engagement},
    document::{self, DocumentStatus},
    employment_record::{self, EmploymentEvidence},
    event_registration::RegistrationStatus,
    job_position::PositionKind,
    negotiation::{self, NegotiationStatus},
    retention_check::{self, RetentionStatus},
    share_consent,
};
use hezuo::platform::clock;
use uuid::Uuid;

use super::{
    fairs::{BOOTHS, Fair, GROUP, SEEN},
    students::consent,
    town::{key, scatter},
};

/// Applications of one event.
const MADE: usize = 5_000;
/// How many apply for each of ten positions.
const APPLY: [usize; 10] = [16, 12, 11, 10, 10, 10, 10, 9, 8, 4];
/// Students who apply at one booth, each for two positions.
const KNOWN: usize = 50;
/// Of a thousand applications of students who came, so many stand there.
const STANDING: [(usize, Status); 15] = [
    (270, Status::Submitted),
    (160, Status::Shortlisted),
    (60, Status::Invited),
    (130, Status::Interviewed),
    (25, Status::Intention),
    (15, Status::InNegotiation),
    (15, Status::Offered),
    (5, Status::Accepted),
    (3, Status::Signed),
    (7, Status::Onboarded),
    (200, Status::Rejected),
    (50, Status::Withdrawn),
    (30, Status::NoShow),
    (15, Status::Declined),
    (15, Status::Lapsed),
];
const REASONS: [ClosingReason; 4] =
    [ClosingReason::Skills, ClosingReason::Major, ClosingReason::PositionFilled, ClosingReason::Other];
const LETTERS: [&str; 4] = [
    "贵公司的产品我在实训中用过，希望参与下一代产品的研发。",
    "我熟悉质量统计工具，愿意到县里长期工作。",
    "我的毕业设计与该岗位的内容一致，附上的简历中有项目说明。",
    "我是营山人，希望毕业后回到家乡的企业。",
];

/// The applications of an event, and what belongs to them.
#[derive(Default)]
pub(crate) struct Applications {
    pub(crate) made: Vec<application::Model>,
    pub(crate) consents: Vec<share_consent::Model>,
    pub(crate) documents: Vec<document::Model>,
    pub(crate) records: Vec<employment_record::Model>,
    pub(crate) checks: Vec<retention_check::Model>,
    pub(crate) negotiations: Vec<negotiation::Model>,
}

impl Applications {
    /// In the order in which they were made, and not position by position.
    pub(crate) fn of(fair: &Fair) -> Self {
        let mut all = Self::default();
        let mut known = HashSet::new();
        let mut number = fair.number * MADE;
        for turn in 0..SEEN {
            let booth = Fair::booth(turn);
            for at in 0..APPLY[turn % APPLY.len()] {
                let acquainted = (turn / BOOTHS * 7 + at * 3) % KNOWN;
                let student = (booth * 10 + acquainted) % GROUP;
                let application = application(fair, (turn, student), number);
                if known.insert((booth, student)) {
                    let number = (fair.number * BOOTHS + booth) * KNOWN + acquainted;
                    let at = fair.drafted + TimeDelta::days(2);
                    all.consents.push(consent(
                        fair.town,
                        (fair.students()[student], fair.enterprise(booth)),
                        (at, number),
                    ));
                }
                all.follow(fair, &application, number);
                all.made.push(application);
                number += 1;
            }
        }
        all.made.sort_by_key(|application| application.created_at);
        all
    }

    /// What an application leads to.
    fn follow(&mut self, fair: &Fair, application: &application::Model, number: usize) {
        match application.status {
            Status::InNegotiation => self.negotiations.push(negotiation(fair, application, number)),
            Status::Signed | Status::Onboarded => self.employ(fair, application, number),
            _ => {}
        }
    }

    /// The contract with its scan; whoever began to work is asked after three months.
    fn employ(&mut self, fair: &Fair, application: &application::Model, number: usize) {
        let document = scan(fair, application, number);
        let record = employment_record::Model {
            id: key(document.created_at, 19, number),
            application_id: application.id,
            student_id: application.student_id,
            university_id: application.university_id,
            organization_id: application.organization_id,
            evidence: EmploymentEvidence::EmploymentAgreement,
            document_id: document.id,
            signed_on: (fair.starts + TimeDelta::days(20)).date_naive(),
            onboarded_on: application.onboarded_at.map(|at| at.date_naive()),
            recorded_by_id: fair.people.admin,
            version: 1,
            created_at: document.created_at,
            updated_at: document.created_at,
        };
        self.checks.extend(record.onboarded_on.map(|began| check(fair, &record, (began, number))));
        self.documents.push(document);
        self.records.push(record);
    }
}

fn scan(fair: &Fair, application: &application::Model, number: usize) -> document::Model {
    let at = application.updated_at;
    document::Model {
        id: key(at, 18, number),
        organization_id: application.university_id,
        uploaded_by_id: fair.people.admin,
        record_kind: application::Entity::PREFIX.to_owned(),
        record_id: application.id,
        name: "就业协议书.pdf".to_owned(),
        media_type: Some("application/pdf".to_owned()),
        bytes: Some(182_000),
        sha256: Some(format!("{number:064x}")),
        storage_key: format!("bench/{number}"),
        status: DocumentStatus::Confirmed,
        upload_token_hash: None,
        upload_expires_at: None,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

/// Both sides have answered when it was due a month ago; eight in nine are still there.
fn check(
    fair: &Fair,
    record: &employment_record::Model,
    (began, number): (NaiveDate, usize),
) -> retention_check::Model {
    let due_on = began + Months::new(3);
    let answered = (due_on + Days::new(30) < fair.town.today).then(|| clock::begins(due_on) + TimeDelta::hours(10));
    let stayed = answered.map(|_| !number.is_multiple_of(9));
    retention_check::Model {
        id: key(record.created_at, 20, number),
        record_id: record.id,
        months: 3,
        due_on: if stayed.is_some() { due_on } else { fair.town.today + Days::new(60) },
        status: match stayed {
            None => RetentionStatus::Open,
            Some(true) => RetentionStatus::Retained,
            Some(false) => RetentionStatus::Left,
        },
        employer_says: stayed,
        employer_at: answered,
        graduate_says: stayed,
        graduate_at: answered,
        note: None,
        version: 1,
        created_at: record.created_at,
        updated_at: answered.unwrap_or(record.created_at),
    }
}

fn negotiation(fair: &Fair, application: &application::Model, number: usize) -> negotiation::Model {
    negotiation::Model {
        id: key(application.updated_at, 21, number),
        application_id: application.id,
        organization_id: application.organization_id,
        position_id: application.position_id,
        round: 1,
        due_on: fair.town.today + Days::new(60),
        topic: "薪酬与住房".to_owned(),
        place: None,
        status: NegotiationStatus::Scheduled,
        held_on: None,
        outcome: None,
        overdue_at: None,
        version: 1,
        created_at: application.updated_at,
        updated_at: application.updated_at,
    }
}

/// Where an application stands. Before the event, and of students who did not come, nobody has been met.
fn status(fair: &Fair, (turn, student): (usize, usize), number: usize) -> Status {
    let mut drawn = scatter(number, 1_000);
    if fair.registered(student) != RegistrationStatus::CheckedIn {
        return if drawn < 700 { Status::Submitted } else { Status::Shortlisted };
    }
    let found = STANDING.iter().find(|(share, _)| {
        let here = drawn < *share;
        drawn = drawn.wrapping_sub(*share);
        here
    });
    match found.unwrap().1 {
        // An internship is never recorded as employment.
        Status::Signed | Status::Onboarded if Fair::position_kind(turn) == PositionKind::Internship => Status::Accepted,
        status => status,
    }
}

/// How far an application got, and when.
#[derive(Default)]
struct Course {
    interviewed: Option<DateTime<Utc>>,
    intended: Option<DateTime<Utc>>,
    offered: Option<DateTime<Utc>>,
    accepted: Option<DateTime<Utc>>,
    onboarded: Option<DateTime<Utc>>,
}

impl Course {
    fn of(status: Status, starts: DateTime<Utc>, number: usize) -> Self {
        let minutes = i64::try_from(scatter(number, 300)).unwrap();
        let after = |days: i64| Some(starts + TimeDelta::days(days) + TimeDelta::minutes(minutes));
        let invited = Self::default();
        let interviewed = Self { interviewed: after(0), ..invited };
        let intended = Self { intended: after(2), ..interviewed };
        let offered = Self { offered: after(8), ..intended };
        let accepted = Self { accepted: after(12), ..offered };
        match status {
            Status::Submitted | Status::Shortlisted | Status::Invited | Status::Withdrawn | Status::NoShow => invited,
            Status::Rejected if number.is_multiple_of(2) => invited,
            Status::Interviewed | Status::Rejected => interviewed,
            Status::Intention | Status::InNegotiation => intended,
            Status::Offered | Status::Declined | Status::Lapsed => offered,
            Status::Accepted | Status::Signed => accepted,
            Status::Onboarded => Self { onboarded: after(40), ..accepted },
        }
    }

    /// Writes it into an application that aims at this.
    fn write(self, application: &mut application::Model, fair: &Fair, engagement: Engagement) {
        application.interviewed_at = self.interviewed;
        application.interview_note = self.interviewed.map(|_| "表达清楚，专业基础较好。".to_owned());
        if let Some(at) = self.intended {
            application.intention = Some(engagement);
            application.intention_by = Some(ApplicationSide::Student);
            application.intention_at = Some(at - TimeDelta::days(1));
            application.intention_confirmed_at = Some(at);
            application.intention_lapses_at = Some(at + TimeDelta::days(6));
        }
        if let Some(at) = self.offered {
            let open = application.status == Status::Offered;
            let until = if open { fair.town.today + Days::new(60) } else { at.date_naive() + Days::new(7) };
            application.offer = Some(engagement);
            application.offer_pay = Some(500_000);
            application.offer_starts_on = Some(at.date_naive() + Days::new(32));
            application.offered_at = Some(at);
            application.offer_answer_by = Some(until);
        }
        application.accepted_at = self.accepted;
        application.onboarded_at = self.onboarded;
        let last = [self.interviewed, self.intended, self.offered, self.accepted, self.onboarded];
        application.updated_at = last.into_iter().flatten().max().unwrap_or(application.created_at);
    }
}

fn application(fair: &Fair, (turn, at): (usize, usize), number: usize) -> application::Model {
    // They come in over nine days, in no order of the positions.
    let step = i64::try_from(number % MADE * 1_009 % MADE).unwrap();
    let made = fair.drafted + TimeDelta::days(3) + TimeDelta::seconds(150 * step);
    let (student, registered) = (fair.students()[at], fair.registered(at));
    let status = status(fair, (turn, at), number);
    let met = matches!(registered, RegistrationStatus::Registered | RegistrationStatus::CheckedIn);
    let closed = matches!(status, Status::Rejected | Status::Withdrawn | Status::Declined);
    let internship = Fair::position_kind(turn) == PositionKind::Internship;
    let mut application = application::Model {
        id: key(made, 16, number),
        position_id: fair.position_id(turn),
        organization_id: fair.enterprise(Fair::booth(turn)).id,
        student_id: student.user,
        university_id: fair.town.university().id,
        resume_id: student.resume,
        event_id: met.then(|| fair.id()),
        letter: Some(LETTERS[number % LETTERS.len()].to_owned()),
        status,
        closing_reason: closed.then(|| REASONS[number % REASONS.len()]),
        version: 1,
        created_at: made,
        updated_at: made,
        ..NOTHING
    };
    let engagement = if internship { Engagement::Internship } else { Engagement::Employment };
    Course::of(status, fair.starts, number).write(&mut application, fair, engagement);
    application
}

/// An application of which nothing is known.
const NOTHING: application::Model = application::Model {
    id: Uuid::nil(),
    position_id: Uuid::nil(),
    organization_id: Uuid::nil(),
    student_id: Uuid::nil(),
    university_id: Uuid::nil(),
    resume_id: Uuid::nil(),
    event_id: None,
    letter: None,
    status: Status::Submitted,
    closing_reason: None,
    closing_note: None,
    interviewed_at: None,
    interview_note: None,
    intention: None,
    intention_by: None,
    intention_at: None,
    intention_confirmed_at: None,
    intention_lapses_at: None,
    offer: None,
    offer_pay: None,
    offer_starts_on: None,
    offer_terms: None,
    offered_at: None,
    offer_answer_by: None,
    accepted_at: None,
    onboarded_at: None,
    version: 1,
    created_at: DateTime::UNIX_EPOCH,
    updated_at: DateTime::UNIX_EPOCH,
};
