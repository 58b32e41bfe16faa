//! The columns of a table of positions, and what may stand in them.

use entity::{
    job_position::{EducationWanted, PositionFamily, PositionKind},
    position_skill::{PositionSkillKind, PositionSkillLevel},
};
use sea_orm::ActiveEnum;

use super::super::{PositionContentInput, PositionSkillInput, store::Known};
use crate::{
    graphql::{Date, Money},
    platform::input::Checks,
    talent::importing::{Cells, Column, column, typed},
};

/// What the enterprise's own system calls the position.
pub const REFERENCE: &str = "reference";

/// All columns. The order in a file is its own.
pub const COLUMNS: [Column; 15] = [
    column(REFERENCE, "岗位编号", true, "your own number of the position, up to 200 characters 本单位岗位编号"),
    column("title", "岗位名称", true, "up to 200 characters"),
    column("family", "岗位类别", true, "QUALITY or 质量管理, as `PositionFamily` has them"),
    column("kind", "用工性质", true, "EMPLOYMENT 就业 or INTERNSHIP 实习"),
    column("description", "岗位职责", true, "up to 5,000 characters"),
    column("requirements", "任职要求", true, "up to 5,000 characters"),
    column("headcount", "招聘人数", true, "a number, 1 or more"),
    column("payMinYuan", "最低月薪（元）", true, "yuan a month, such as 5000 or 5000.50"),
    column("payMaxYuan", "最高月薪（元）", true, "yuan a month, not below the lowest"),
    column("regionCode", "行政区划代码", true, "six digits, GB/T 2260"),
    column("address", "工作地址", true, "up to 200 characters"),
    column("education", "学历要求", true, "BACHELOR or 本科及以上, as `EducationWanted` has them"),
    column("applyBy", "截止日期", true, "the last day to apply, such as 2026-12-31"),
    column("majors", "专业代码", false, "codes such as 120203K, with semicolons between them"),
    column("software", "专业软件", false, "names such as SolidWorks, with semicolons between them"),
];

const FAMILIES: [(PositionFamily, &str); 10] = [
    (PositionFamily::ResearchAndDevelopment, "技术研发"),
    (PositionFamily::Engineering, "工艺设备"),
    (PositionFamily::Production, "生产制造"),
    (PositionFamily::Quality, "质量管理"),
    (PositionFamily::Accounting, "财务会计"),
    (PositionFamily::InformationTechnology, "信息技术"),
    (PositionFamily::Sales, "市场销售"),
    (PositionFamily::Logistics, "采购物流"),
    (PositionFamily::Administration, "行政人事"),
    (PositionFamily::Other, "其他"),
];
const KINDS: [(PositionKind, &str); 2] = [(PositionKind::Employment, "就业"), (PositionKind::Internship, "实习")];
const EDUCATION: [(EducationWanted, &str); 6] = [
    (EducationWanted::Any, "不限"),
    (EducationWanted::SecondaryVocational, "中职及以上"),
    (EducationWanted::HigherVocational, "专科及以上"),
    (EducationWanted::Bachelor, "本科及以上"),
    (EducationWanted::Master, "硕士及以上"),
    (EducationWanted::Doctor, "博士"),
];

/// What the cells mean; what cannot be read is noted at its column.
pub fn content(checks: &mut Checks, cells: &Cells) -> Option<PositionContentInput> {
    let text = |name: &str| cells.get(name).cloned().unwrap_or_default();
    let family = one_of(checks, "family", &text("family"), &FAMILIES);
    let kind = one_of(checks, "kind", &text("kind"), &KINDS);
    let education = one_of(checks, "education", &text("education"), &EDUCATION);
    let headcount = typed(checks, &COLUMNS, "headcount", text("headcount").parse::<i32>().ok());
    let pay_min = typed(checks, &COLUMNS, "payMinYuan", fen(&text("payMinYuan")));
    let pay_max = typed(checks, &COLUMNS, "payMaxYuan", fen(&text("payMaxYuan")));
    let apply_by = typed(checks, &COLUMNS, "applyBy", text("applyBy").replace('/', "-").parse().ok());
    Some(PositionContentInput {
        title: text("title"),
        family: family?,
        kind: kind?,
        description: text("description"),
        requirements: text("requirements"),
        headcount: headcount?,
        pay_min: Money(pay_min?),
        pay_max: Money(pay_max?),
        region_code: text("regionCode"),
        address: text("address"),
        education: education?,
        apply_by: Date(apply_by?),
        event_id: None,
        majors: listed(&text("majors")),
        skills: listed(&text("software")).into_iter().map(software).collect(),
    })
}

/// In which column a field of a position's content stands.
#[must_use]
pub fn of_field(field: &str) -> &str {
    match field {
        "payMin" => "payMinYuan",
        "payMax" => "payMaxYuan",
        "skills" => "software",
        column => column,
    }
}

/// A position as a row of the table would say it.
#[must_use]
pub fn cells(known: &Known) -> Cells {
    let row = &known.position;
    let label = |found: Option<&str>| found.unwrap_or_default().to_owned();
    let software = known.skills.iter().map(|skill| {
        if is_software(skill) { skill.name.clone() } else { format!("{}（{}）", skill.name, skill.kind.to_value()) }
    });
    Cells::from([
        (REFERENCE, row.reference.clone().unwrap_or_default()),
        ("title", row.title.clone()),
        ("family", label(named(&FAMILIES, row.family))),
        ("kind", label(named(&KINDS, row.kind))),
        ("description", row.description.clone()),
        ("requirements", row.requirements.clone()),
        ("headcount", row.headcount.to_string()),
        ("payMinYuan", yuan(row.pay_min)),
        ("payMaxYuan", yuan(row.pay_max)),
        ("regionCode", row.region_code.clone()),
        ("address", row.address.clone()),
        ("education", label(named(&EDUCATION, row.education))),
        ("applyBy", row.apply_by.to_string()),
        ("majors", known.majors.join(";")),
        ("software", software.collect::<Vec<_>>().join(";")),
    ])
}

fn is_software(skill: &entity::position_skill::Model) -> bool {
    skill.kind == PositionSkillKind::Software && skill.level == PositionSkillLevel::Working && !skill.required
}

fn software(name: String) -> PositionSkillInput {
    PositionSkillInput { name, kind: PositionSkillKind::Software, level: PositionSkillLevel::Working, required: false }
}

fn listed(text: &str) -> Vec<String> {
    text.split([';', '；', '、', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn one_of<T: ActiveEnum<Value = String> + Copy + PartialEq>(
    checks: &mut Checks,
    column: &str,
    text: &str,
    known: &[(T, &str)],
) -> Option<T> {
    let found = known.iter().find(|(value, name)| *name == text || value.to_value().eq_ignore_ascii_case(text));
    typed(checks, &COLUMNS, column, found.map(|(value, _)| *value))
}

fn named<T: PartialEq + Copy>(known: &[(T, &'static str)], value: T) -> Option<&'static str> {
    known.iter().find(|(known, _)| *known == value).map(|(_, name)| *name)
}

/// Fen, from yuan with at most two decimals; commas between thousands do not matter.
fn fen(text: &str) -> Option<i64> {
    let text = text.replace([',', '，'], "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if part.len() > 2 || !part.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let fen = format!("{part:0<2}").parse::<i64>().ok()?;
    whole.parse::<i64>().ok().filter(|yuan| *yuan >= 0)?.checked_mul(100)?.checked_add(fen)
}

fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

/// A cell as [`cells`] would show it, so that two that mean the same are the same.
#[must_use]
pub fn shown(column: &str, cell: &str) -> String {
    let value = |found: Option<&'static str>| found.map_or_else(|| cell.to_owned(), str::to_owned);
    match column {
        "family" => value(spelled(&FAMILIES, cell)),
        "kind" => value(spelled(&KINDS, cell)),
        "education" => value(spelled(&EDUCATION, cell)),
        "payMinYuan" | "payMaxYuan" => fen(cell).map_or_else(|| cell.to_owned(), yuan),
        "majors" | "software" => listed(cell).join(";"),
        "applyBy" => cell.replace('/', "-"),
        _ => cell.to_owned(),
    }
}

fn spelled<T: ActiveEnum<Value = String>>(known: &[(T, &'static str)], text: &str) -> Option<&'static str> {
    let found = known.iter().find(|(value, _)| value.to_value().eq_ignore_ascii_case(text));
    found.map(|(_, name)| *name)
}
