//! Recruitment events with the enterprises that exhibit there, their positions and the students who come, made from
//! numbers.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{
    event_exhibitor::{self, ExhibitorStatus},
    event_registration::{self, RegistrationStatus},
    job_position::{self, EducationWanted, PositionFamily as Family, PositionKind, PositionStatus},
    organization, position_major,
    position_skill::{self, PositionSkillKind, PositionSkillLevel},
    recruitment_event::{self, RecruitmentEventKind, RecruitmentEventStatus},
};
use hezuo::platform::clock;
use uuid::Uuid;

use super::{
    rows::People,
    students::Student,
    town::{TRADES, Town, key, later, scatter},
};

/// Events of a town of single size.
pub(crate) const EVENTS: usize = 40;
/// Students who come to the same events, each to one event in ten.
pub(crate) const GROUP: usize = 500;
/// Groups of a town of single size.
pub(crate) const GROUPS: usize = 10;
/// Enterprises of one event.
pub(crate) const BOOTHS: usize = 50;
/// Positions of one event that everybody has seen: ten of each enterprise.
pub(crate) const SEEN: usize = 500;
/// Positions of one event that the county has not published yet.
const UNSEEN: usize = 5;
/// Enterprises that recruit, of a town of single size.
pub(crate) const RECRUITING: usize = 200;
/// When the first event was drafted: the first of September, 2025.
const DRAFTED: i64 = 1_756_684_800;
/// The events of a town of single size are drafted so far apart, those of a larger one closer.
const APART: i64 = 10 * 86_400;
const UNPUBLISHED: [PositionStatus; 3] = [PositionStatus::Draft, PositionStatus::UnderReview, PositionStatus::Blocked];
/// What is offered: what it is about, its title, the major and the software that are wanted.
const JOBS: [(Family, &str, &str, &str); 8] = [
    (Family::ResearchAndDevelopment, "机械研发工程师", "080202", "SolidWorks"),
    (Family::Quality, "质量管理工程师", "120703T", "Minitab"),
    (Family::Accounting, "财务会计", "120203K", "用友 U8"),
    (Family::Engineering, "工艺工程师", "080202", "AutoCAD"),
    (Family::InformationTechnology, "软件开发工程师", "080901", "Java"),
    (Family::Production, "电气设备主管", "080601", "EPLAN"),
    (Family::Accounting, "成本核算专员", "120204", "金蝶 K/3"),
    (Family::Sales, "销售工程师", "080601", "Excel"),
];

const TASKS: &str = "参与新产品从方案到量产的全过程，编制技术文件，配合现场解决问题，定期向部门负责人汇报进展。";
const WANTED: &str = "专业基础扎实，熟练使用常用软件，能够适应县域工作与生活，有责任心和团队精神。";

/// One event, and what its rows are made from.
pub(crate) struct Fair<'a> {
    pub(crate) town: &'a Town,
    pub(crate) people: &'a People,
    /// All students who may come.
    students: &'a [Student],
    /// Which event, from 0.
    pub(crate) number: usize,
    pub(crate) drafted: DateTime<Utc>,
    pub(crate) starts: DateTime<Utc>,
    pub(crate) over: bool,
}

/// Its rows.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) events: Vec<recruitment_event::Model>,
    pub(crate) exhibitors: Vec<event_exhibitor::Model>,
    pub(crate) positions: Vec<job_position::Model>,
    pub(crate) majors: Vec<position_major::Model>,
    pub(crate) skills: Vec<position_skill::Model>,
    pub(crate) registrations: Vec<event_registration::Model>,
}

impl<'a> Fair<'a> {
    /// Three events in four are over; the others begin in a month or later. Nothing is due on the day of the benchmark.
    pub(crate) fn new((town, people): (&'a Town, &'a People), students: &'a [Student], number: usize) -> Self {
        let events = students.len() / GROUP * EVENTS / GROUPS;
        let apart = APART * i64::try_from(EVENTS).unwrap() / i64::try_from(events).unwrap();
        let drafted = later(DRAFTED, number, apart);
        let over = number < events / 4 * 3;
        let day = if over { drafted.date_naive() + Days::new(20) } else { town.today + Days::new(30 + number as u64) };
        let starts = clock::begins(day) + TimeDelta::hours(9);
        Self { town, people, students, number, drafted, starts, over }
    }

    pub(crate) fn id(&self) -> Uuid {
        key(self.drafted, 12, self.number)
    }

    /// The enterprise of a booth.
    pub(crate) fn enterprise(&self, booth: usize) -> &'a organization::Model {
        let recruiting = RECRUITING * self.students.len() / (GROUP * GROUPS);
        &self.town.enterprises()[(self.number * 5 + booth) % recruiting]
    }

    /// Those who may come to this event.
    pub(crate) fn students(&self) -> &'a [Student] {
        let group = self.number % (self.students.len() / GROUP);
        &self.students[group * GROUP..][..GROUP]
    }

    /// What came of a student's registration: four in five came, or mean to come.
    pub(crate) fn registered(&self, student: usize) -> RegistrationStatus {
        match student % 20 {
            0 => RegistrationStatus::Cancelled,
            _ if !self.over => RegistrationStatus::Registered,
            1 | 2 => RegistrationStatus::NoShow,
            3 => RegistrationStatus::Excused,
            _ => RegistrationStatus::CheckedIn,
        }
    }

    pub(crate) fn rows(&self) -> Rows {
        let mut rows = Rows { events: vec![self.event()], ..Rows::default() };
        rows.exhibitors = (0..BOOTHS).map(|booth| self.exhibitor(booth)).collect();
        rows.registrations = (0..GROUP).map(|student| self.registration(student)).collect();
        for turn in 0..SEEN + UNSEEN {
            let position = self.position(turn);
            self.wanted(&mut rows, &position, turn);
            rows.positions.push(position);
        }
        rows
    }

    fn event(&self) -> recruitment_event::Model {
        let (town, county) = (self.town, self.town.county(self.number % self.town.counties()));
        let place = county.name.trim_end_matches("人民政府");
        let at = self.drafted;
        recruitment_event::Model {
            id: self.id(),
            kind: RecruitmentEventKind::ParkGroupInterview,
            organizer_id: county.id,
            author_id: self.people.admins[&county.id],
            region_code: county.region_code.clone(),
            title: format!(
                "{place}“{}”校地企人才对接会（第{}场）",
                TRADES[self.number % TRADES.len()],
                self.number + 1
            ),
            description: format!("{}与{}联合举办，园区企业现场面试。", town.university().name, county.name),
            place: format!("{place}经济开发区企业服务中心"),
            starts_at: self.starts,
            ends_at: self.starts + TimeDelta::hours(8),
            registration_opens_at: at + TimeDelta::days(1),
            registration_closes_at: self.starts - TimeDelta::days(1),
            capacity: 600,
            booths: 60,
            programme: Some("09:00 开幕；09:30 企业宣讲；10:30 现场面试；16:00 意向登记。".to_owned()),
            article: None,
            article_published_at: None,
            status: if self.over { RecruitmentEventStatus::Reported } else { RecruitmentEventStatus::Published },
            status_reason: None,
            submitted_by_id: Some(self.people.admins[&county.id]),
            submitted_at: Some(at),
            published_by_id: Some(self.people.county),
            published_at: Some(at + TimeDelta::days(1)),
            check_in_opened_at: self.over.then(|| self.starts - TimeDelta::hours(1)),
            closed_at: self.over.then(|| self.starts + TimeDelta::hours(8)),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    fn exhibitor(&self, booth: usize) -> event_exhibitor::Model {
        let at = self.drafted + TimeDelta::days(1);
        event_exhibitor::Model {
            id: key(at, 13, self.number * BOOTHS + booth),
            event_id: self.id(),
            organization_id: self.enterprise(booth).id,
            booth: Some(format!("A{:02}", booth + 1)),
            status: ExhibitorStatus::Confirmed,
            status_reason: None,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    fn registration(&self, number: usize) -> event_registration::Model {
        use RegistrationStatus::{CheckedIn, Excused, NoShow};
        let at = self.drafted + TimeDelta::days(2) + TimeDelta::minutes(i64::try_from(number).unwrap());
        let status = self.registered(number);
        event_registration::Model {
            id: key(at, 15, self.number * GROUP + number),
            event_id: self.id(),
            student_id: self.students()[number].user,
            university_id: self.town.university().id,
            status,
            status_reason: (status == Excused).then(|| "课程考试".to_owned()),
            checked_in_at: (status == CheckedIn).then_some(self.starts),
            scan_client_id: None,
            missed_at: matches!(status, NoShow | Excused).then(|| self.starts + TimeDelta::hours(9)),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// The booth of a position.
    pub(crate) fn booth(turn: usize) -> usize {
        turn % BOOTHS
    }

    fn position_status(&self, turn: usize) -> PositionStatus {
        match scatter(self.number * SEEN + turn, 20) {
            _ if turn >= SEEN => UNPUBLISHED[turn % UNPUBLISHED.len()],
            0..4 if self.over => PositionStatus::Filled,
            4..7 if self.over => PositionStatus::Expired,
            7 if self.over => PositionStatus::Withdrawn,
            _ => PositionStatus::Published,
        }
    }

    pub(crate) fn position_id(&self, turn: usize) -> Uuid {
        key(self.written(turn), 14, self.number * (SEEN + UNSEEN) + turn)
    }

    /// Every fifth position is an internship.
    pub(crate) fn position_kind(turn: usize) -> PositionKind {
        if turn % 5 == 4 { PositionKind::Internship } else { PositionKind::Employment }
    }

    fn written(&self, turn: usize) -> DateTime<Utc> {
        self.drafted + TimeDelta::days(1) + TimeDelta::minutes(i64::try_from(turn).unwrap())
    }

    fn position(&self, turn: usize) -> job_position::Model {
        let (at, enterprise) = (self.written(turn), self.enterprise(Self::booth(turn)));
        let (family, title, ..) = JOBS[turn % JOBS.len()];
        let (number, status) = (i64::try_from(turn).unwrap(), self.position_status(turn));
        let published_at = (!UNPUBLISHED.contains(&status)).then(|| at + TimeDelta::hours(12));
        let open = status == PositionStatus::Published || published_at.is_none();
        let closed_at = (!open).then(|| self.starts + TimeDelta::days(10));
        let (ahead, past) =
            (self.town.today + Days::new(60 + turn as u64 % 300), self.starts.date_naive() + Days::new(9));
        job_position::Model {
            id: self.position_id(turn),
            organization_id: enterprise.id,
            event_id: Some(self.id()),
            author_id: self.people.admins[&enterprise.id],
            title: format!("{title}（{}）", turn / BOOTHS + 1),
            family,
            kind: Self::position_kind(turn),
            description: TASKS.to_owned(),
            requirements: WANTED.to_owned(),
            headcount: 1 + i32::try_from(turn % 5).unwrap(),
            reference: None,
            imported: None,
            pay_min: (450_000 + number % 40 * 5_000),
            pay_max: (600_000 + number % 40 * 8_000),
            region_code: enterprise.region_code.clone().unwrap_or_default(),
            address: "经济开发区创新路1号".to_owned(),
            education: EducationWanted::Bachelor,
            apply_by: if open { ahead } else { past },
            status,
            status_reason: (status == PositionStatus::Withdrawn).then(|| "招聘计划调整".to_owned()),
            submitted_at: (status != PositionStatus::Draft).then(|| at + TimeDelta::hours(1)),
            published_at,
            posted_at: published_at.unwrap_or(at),
            closed_at,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// The major and the two skills that a position wants.
    fn wanted(&self, rows: &mut Rows, position: &job_position::Model, turn: usize) {
        let (at, number) = (position.created_at, self.number * (SEEN + UNSEEN) + turn);
        let (_, _, code, software) = JOBS[turn % JOBS.len()];
        rows.majors.push(position_major::Model {
            id: key(at, 23, number),
            position_id: position.id,
            place: 0,
            code: code.to_owned(),
        });
        let skill = |place: usize, name: &str, kind, level| position_skill::Model {
            id: key(at, 22, number * 2 + place),
            position_id: position.id,
            place: i32::try_from(place).unwrap(),
            name: name.to_owned(),
            kind,
            level,
            required: place == 0,
        };
        rows.skills.push(skill(0, software, PositionSkillKind::Software, PositionSkillLevel::Proficient));
        rows.skills.push(skill(1, "数据分析", PositionSkillKind::Technique, PositionSkillLevel::Working));
    }
}
