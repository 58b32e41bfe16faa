//! The agreements with all that belongs to them, made from numbers.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    agreement::{self, AgreementKind, AgreementStatus as Status, RenewalPolicy},
    agreement_party::{self, PartyRole},
    agreement_version,
    cooperation_item::{self, ItemStatus},
};
use hezuo::agreements::content::{Content, party_set};
use uuid::Uuid;

use super::town::{TRADES, Town, key, later};

/// When the first agreement was drafted: the first of March, 2026; one a minute.
const DRAFTED: i64 = 1_772_323_200;
/// One in four agreements is not in force; each other status is as frequent as the next.
const OTHERS: [Status; 9] = [
    Status::Draft,
    Status::InReview,
    Status::AwaitingSignature,
    Status::Signed,
    Status::Suspended,
    Status::Terminated,
    Status::Expired,
    Status::Rejected,
    Status::Cancelled,
];
const KINDS: [AgreementKind; 4] =
    [AgreementKind::Framework, AgreementKind::TrainingBase, AgreementKind::Talent, AgreementKind::Workstation];
const SUBJECTS: [&str; 4] =
    ["校地企战略合作框架协议", "共建实习实训基地协议", "订单式人才培养协议", "共建教授工作站协议"];
const TASKS: [&str; 8] = [
    "选派教授团队开展技术诊断",
    "接收毕业实习学生",
    "联合申报市级重点研发项目",
    "开设企业员工技能提升班",
    "建设共享检测实验室",
    "举办校园专场招聘会",
    "完成生产线数字化改造方案",
    "提交年度合作成效报告",
];
const CLAUSES: [&str; 4] = [
    "甲乙丙三方本着优势互补、互利共赢、共同发展的原则，经友好协商，就人才培养、技术研发与成果转化达成本协议。",
    "甲方组织相关学院的专家团队，按年度计划到乙方所在县及丙方生产现场提供技术咨询，并为丙方员工开展专题培训。",
    "乙方协调落实场地、交通与生活保障，统筹使用县级人才专项资金，对按期完成的合作事项给予政策支持与绩效奖励。",
    "丙方提供不少于约定数量的实习岗位与指导老师，保障学生人身安全与劳动报酬，按季度向甲乙双方通报事项进展情况。",
];

/// Who wrote, reported and accepted; and who acts for each county and enterprise.
pub(crate) struct People {
    pub(crate) admin: Uuid,
    pub(crate) enterprise: Uuid,
    pub(crate) county: Uuid,
    pub(crate) admins: HashMap<Uuid, Uuid>,
}

/// The rows of some agreements.
#[derive(Default)]
pub(crate) struct Chapter {
    pub(crate) agreements: Vec<agreement::Model>,
    pub(crate) versions: Vec<agreement_version::Model>,
    pub(crate) parties: Vec<agreement_party::Model>,
    pub(crate) items: Vec<cooperation_item::Model>,
}

pub(crate) fn chapter(town: &Town, people: &People, numbers: Range<usize>) -> Chapter {
    let mut chapter = Chapter::default();
    for number in numbers {
        let mut agreement = agreement(town, people, number);
        let parties = parties(town, &agreement, number);
        if agreement.status != Status::Draft {
            let version = freeze(&mut agreement, &parties, number);
            chapter.versions.push(version);
        }
        let enterprise = &parties[2];
        chapter
            .items
            .extend((0..4).map(|at| item(town, people, (&agreement, enterprise.organization_id), number * 4 + at)));
        chapter.parties.extend(parties);
        chapter.agreements.push(agreement);
    }
    chapter
}

/// Three in four are in force, and those of every county alike.
fn status(turn: usize) -> Status {
    let at = turn % 36;
    OTHERS.get(at / 4).copied().filter(|_| at.is_multiple_of(4)).unwrap_or(Status::Active)
}

fn agreement(town: &Town, people: &People, number: usize) -> agreement::Model {
    let (county, turn) = (number % town.counties(), number / town.counties());
    let at = later(DRAFTED, number, 60);
    let status = status(turn);
    let course = Course::of(status, at, (town.today, number));
    agreement::Model {
        id: key(at, 2, number),
        number: format!("XY-{}-{:04}", town.series(county), turn + 1),
        kind: KINDS[number % KINDS.len()],
        title: title(town, number),
        terms: terms(number),
        county_id: town.county(county).id,
        drafted_by_id: town.university().id,
        author_id: people.admin,
        parent_id: None,
        predecessor_id: None,
        starts_on: course.starts_on,
        ends_on: course.ends_on,
        notice_by: None,
        renewal_policy: RenewalPolicy::Negotiate,
        status,
        status_reason: None,
        termination_ground: None,
        terminated_by_id: None,
        termination_document_id: None,
        current_version_id: None,
        content_hash: None,
        party_set: party_set([town.university().id, town.county(county).id, town.enterprise(county, turn).id]),
        submitted_at: (status != Status::Draft).then_some(at + TimeDelta::days(1)),
        signed_at: course.signed_at,
        activated_at: course.activated_at,
        ended_at: course.ended_at,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

fn title(town: &Town, number: usize) -> String {
    let (county, turn) = (number % town.counties(), number / town.counties());
    let place = town.county(county).name.trim_end_matches("人民政府");
    let (trade, subject) = (TRADES[turn % TRADES.len()], SUBJECTS[number % SUBJECTS.len()]);
    format!("{place}{trade}{subject}（第{}号）", turn + 1)
}

/// About a kilobyte.
fn terms(number: usize) -> String {
    (0..6).map(|at| format!("第{}条　{}\n", at + 1, CLAUSES[(number + at) % CLAUSES.len()])).collect()
}

/// When an agreement was signed, began and ended. Nothing is due on the day of the benchmark.
#[derive(Default)]
struct Course {
    starts_on: Option<NaiveDate>,
    ends_on: NaiveDate,
    signed_at: Option<DateTime<Utc>>,
    activated_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl Course {
    fn of(status: Status, drafted: DateTime<Utc>, (today, number): (NaiveDate, usize)) -> Self {
        let signed_at = Some(drafted + TimeDelta::days(3));
        let ahead = today + Days::new(400 + number as u64 * 37 % 1_500);
        let begun = Self {
            starts_on: Some(today - Days::new(90)),
            ends_on: ahead,
            signed_at,
            activated_at: signed_at,
            ended_at: None,
        };
        match status {
            Status::Active | Status::Suspended => begun,
            Status::Terminated => Self { ended_at: Some(drafted + TimeDelta::days(60)), ..begun },
            Status::Expired => Self { ends_on: today - Days::new(2), ended_at: signed_at, ..begun },
            Status::Signed => Self { starts_on: Some(today + Days::new(200)), activated_at: None, ..begun },
            Status::Rejected | Status::Cancelled => {
                Self { ends_on: ahead, ended_at: Some(drafted + TimeDelta::days(2)), ..Self::default() }
            }
            Status::Draft | Status::InReview | Status::AwaitingSignature => Self { ends_on: ahead, ..Self::default() },
        }
    }
}

fn parties(town: &Town, agreement: &agreement::Model, number: usize) -> [agreement_party::Model; 3] {
    let (county, turn) = (number % town.counties(), number / town.counties());
    let named = [town.university().id, town.county(county).id, town.enterprise(county, turn).id];
    std::array::from_fn(|at| agreement_party::Model {
        id: key(agreement.created_at, 3, number * 3 + at),
        agreement_id: agreement.id,
        organization_id: named[at],
        capacity: ["甲方", "乙方", "丙方"][at].to_owned(),
        role: PartyRole::Required,
        position: i32::try_from(at).unwrap(),
        county_id: agreement.county_id,
        status: agreement.status,
        drafted_by_id: agreement.drafted_by_id,
        shared: agreement.content_hash.is_some(),
    })
}

/// The text as it was submitted, and its hash on the agreement.
fn freeze(
    agreement: &mut agreement::Model,
    parties: &[agreement_party::Model],
    number: usize,
) -> agreement_version::Model {
    let (content, content_hash) = Content::of(agreement, parties).freeze().unwrap();
    let created_at = agreement.created_at + TimeDelta::days(1);
    let id = key(created_at, 4, number);
    agreement.content_hash = Some(content_hash.clone());
    agreement.current_version_id = Some(id);
    agreement_version::Model {
        id,
        agreement_id: agreement.id,
        number: 1,
        content,
        content_hash,
        submitted_by_id: agreement.author_id,
        created_at,
    }
}

/// What is under way is so only while the agreement has not ended.
fn item_status(agreement: Status, number: usize) -> ItemStatus {
    use ItemStatus::{Accepted, Deferred, Dropped, InProgress, Lapsed, Planned, Returned, Submitted};
    match agreement {
        Status::Active | Status::Suspended => {
            [InProgress, Accepted, Planned, Submitted, InProgress, Accepted, Returned, Deferred, Planned, Dropped]
                [number % 10]
        }
        Status::Terminated | Status::Expired => [Accepted, Lapsed, Accepted, Dropped][number % 4],
        Status::Rejected | Status::Cancelled => Lapsed,
        Status::Draft | Status::InReview | Status::AwaitingSignature | Status::Signed => Planned,
    }
}

fn item(
    town: &Town,
    people: &People,
    (agreement, responsible): (&agreement::Model, Uuid),
    number: usize,
) -> cooperation_item::Model {
    let at = agreement.created_at + TimeDelta::seconds(1);
    let status = item_status(agreement.status, number);
    let accepted = status == ItemStatus::Accepted;
    let reported = matches!(status, ItemStatus::Submitted | ItemStatus::Accepted | ItemStatus::Returned);
    let figure = i64::try_from(number).unwrap();
    let due_on = town.today + Days::new(60 + number as u64 * 13 % 1_000);
    cooperation_item::Model {
        id: key(at, 5, number),
        agreement_id: agreement.id,
        title: format!("{}（第{}期）", TASKS[number % TASKS.len()], number % 4 + 1),
        responsible_id: responsible,
        responsible_user_id: None,
        due_on,
        first_due_on: due_on,
        measure: Some("人次".to_owned()),
        target: Some(20 + figure % 80),
        actual: reported.then_some(figure % 90),
        status,
        status_reason: None,
        submitted_by_id: reported.then_some(people.enterprise),
        submitted_at: reported.then(|| at + TimeDelta::days(40)),
        accepted_by_id: accepted.then_some(agreement.county_id),
        acceptor_id: accepted.then_some(people.county),
        accepted_at: accepted.then(|| at + TimeDelta::days(45)),
        version: 1,
        created_at: at,
        updated_at: at,
    }
}
