//! What a position must look like, and what it may not say.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{job_position, position_major, position_skill};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{PositionContentInput, PositionExtendInput, wording};
use crate::{
    dictionaries::{self, major::MajorCode, region::RegionCode},
    error::{Code, Result, Text},
    platform::{
        clock,
        db::Write,
        id::Id,
        input::{Checks, Length, NAME},
        lifecycle::Lifecycle,
    },
    talent::events,
};

/// What is to be done, and what is expected.
pub(super) const WORDS: Length = Length { min: 1, max: 5_000 };
/// Skills and majors, each.
const MOST: usize = 20;

/// The columns that the content fills, checked; every problem at once.
pub(super) async fn content(write: &Write, input: &PositionContentInput) -> Result<job_position::ActiveModel> {
    let today = clock::day(write.now());
    let mut checks = Checks::new();
    checks.within("content");
    let row = job_position::ActiveModel {
        title: Set(words(&mut checks, ("title", NAME), &input.title)),
        family: Set(input.family),
        kind: Set(input.kind),
        description: Set(words(&mut checks, ("description", WORDS), &input.description)),
        requirements: Set(words(&mut checks, ("requirements", WORDS), &input.requirements)),
        headcount: Set(headcount(&mut checks, input.headcount)),
        pay_min: Set(input.pay_min.0),
        pay_max: Set(input.pay_max.0),
        region_code: Set(region(write, &mut checks, (&input.region_code, today)).await?),
        address: Set(checks.line("address", &input.address, NAME)),
        education: Set(input.education),
        apply_by: Set(input.apply_by.0),
        event_id: Set(input.event_id.map(Id::key)),
        ..Default::default()
    };
    event(write, &mut checks, input.event_id.map(Id::key)).await?;
    pay(&mut checks, input);
    not_past(&mut checks, input.apply_by.0, today);
    majors(&mut checks, &input.majors);
    skills(&mut checks, input);
    checks.finish()?;
    Ok(row)
}

/// A position is offered at an event that its enterprise sees and that is not over.
async fn event(write: &Write, checks: &mut Checks, event: Option<Uuid>) -> Result<()> {
    let (Some(event), Some(actor)) = (event, write.permit().actor()) else { return Ok(()) };
    checks.require(
        events::store::is_to_come(write.tx(), actor, event).await?,
        "eventId",
        "eventId is not an event that you see and that is still to come.",
        "eventId 不是您可查看且尚未结束的活动。",
    );
    Ok(())
}

/// The same row, as a new one begins.
pub(super) fn new(row: job_position::ActiveModel) -> job_position::ActiveModel {
    job_position::ActiveModel { status: Set(job_position::Entity::INITIAL), version: Set(1), ..row }
}

/// Skills and majors as rows, in their order.
pub(super) fn parts(
    write: &Write,
    position: Uuid,
    input: &PositionContentInput,
) -> (Vec<position_skill::ActiveModel>, Vec<position_major::ActiveModel>) {
    let skills = input.skills.iter().zip(0..).map(|(skill, place)| position_skill::ActiveModel {
        id: Set(write.id()),
        position_id: Set(position),
        place: Set(place),
        name: Set(Checks::new().line("name", &skill.name, NAME)),
        kind: Set(skill.kind),
        level: Set(skill.level),
        required: Set(skill.required),
    });
    let codes = input.majors.iter().filter_map(|code| MajorCode::parse(code).ok());
    let majors = codes.zip(0..).map(|(code, place)| position_major::ActiveModel {
        id: Set(write.id()),
        position_id: Set(position),
        place: Set(place),
        code: Set(code.as_str().to_owned()),
    });
    (skills.collect(), majors.collect())
}

/// More people and more time, of at least one of the two.
pub(super) fn extension(
    checks: &mut Checks,
    position: &job_position::Model,
    (input, today): (&PositionExtendInput, NaiveDate),
) {
    let (headcount, apply_by) = (position.headcount, position.apply_by);
    let more = input.headcount.is_some_and(|wanted| wanted > headcount);
    let longer = input.apply_by.is_some_and(|day| day.0 > apply_by);
    if let Some(wanted) = input.headcount {
        checks.require(
            wanted >= headcount,
            "headcount",
            format!("headcount: expected {headcount} or more; fewer people are no extension."),
            format!("headcount 应不少于 {headcount}。"),
        );
    }
    if let Some(day) = input.apply_by {
        let earliest = apply_by.max(today);
        checks.require(
            day.0 >= earliest,
            "applyBy",
            format!("applyBy ({}) is too early; expected {earliest} or later.", day.0),
            format!("applyBy（{}）过早，应为 {earliest} 或之后。", day.0),
        );
    }
    checks.require(
        more || longer || !checks.is_clean(),
        "",
        "Nothing is extended: give a higher headcount, a later applyBy or both.",
        "未作延展：请填写更多人数、更晚的截止日期，或两者。",
    );
}

/// Text as it is kept; what discriminates in it is told with the words and the law.
fn words(checks: &mut Checks, (field, length): (&str, Length), text: &str) -> String {
    let text = if field == "title" { checks.line(field, text, length) } else { checks.lines(field, text, length) };
    lawful(checks, field, &text);
    text
}

fn lawful(checks: &mut Checks, field: &str, text: &str) {
    for wording::Finding { ground, words, citation, .. } in wording::findings(text) {
        let (en, zh) = ground.label();
        let message = Text::new(
            format!("{field} says “{words}”, which discriminates by {en} and may not be published ({citation})."),
            format!("{field} 中的“{words}”涉嫌{zh}歧视，不得发布（{citation}）。"),
        );
        checks.problem(field, Code::RuleViolated, message);
    }
}

fn headcount(checks: &mut Checks, headcount: i32) -> i32 {
    checks.require(
        headcount >= 1,
        "headcount",
        format!("headcount is {headcount}; expected 1 or more."),
        format!("headcount 为 {headcount}，应为 1 或以上。"),
    );
    headcount
}

fn pay(checks: &mut Checks, input: &PositionContentInput) {
    let (min, max) = (input.pay_min.0, input.pay_max.0);
    checks.require(min >= 1, "payMin", "payMin: expected 1 fen or more.", "payMin 应为 1 分或以上。");
    checks.require(
        min <= max,
        "payMax",
        format!("payMax ({max}) is below payMin ({min})."),
        format!("payMax（{max}）低于 payMin（{min}）。"),
    );
}

fn not_past(checks: &mut Checks, apply_by: NaiveDate, today: NaiveDate) {
    checks.require(
        apply_by >= today,
        "applyBy",
        format!("applyBy ({apply_by}) has passed; expected {today} or later."),
        format!("applyBy（{apply_by}）已过，应为 {today} 或之后。"),
    );
}

/// A region's code of the dictionary, in use today.
async fn region(write: &Write, checks: &mut Checks, (given, today): (&str, NaiveDate)) -> Result<String> {
    match RegionCode::parse(given) {
        Ok(code) => {
            checks.require(
                dictionaries::is_in_use(write.tx(), &code, today).await?,
                "regionCode",
                format!("regionCode: {code} is no region in use; `regions` lists them."),
                format!("regionCode：{code} 不是在用的行政区划代码，可用 `regions` 查询。"),
            );
            Ok(code.to_string())
        }
        Err(error) => {
            checks.problem("regionCode", Code::InvalidInput, error.text);
            Ok(String::new())
        }
    }
}

fn majors(checks: &mut Checks, majors: &[String]) {
    few(checks, "majors", majors.len());
    let mut known = BTreeSet::new();
    for (code, place) in majors.iter().zip(0..MOST) {
        let field = format!("majors.{place}");
        match MajorCode::parse(code) {
            Ok(code) => checks.require(
                known.insert(code.as_str().to_owned()),
                &field,
                format!("majors: {} is there twice.", code.as_str()),
                format!("majors：{} 重复。", code.as_str()),
            ),
            Err(error) => checks.problem(&field, Code::InvalidInput, error.text),
        }
    }
}

fn skills(checks: &mut Checks, input: &PositionContentInput) {
    few(checks, "skills", input.skills.len());
    for (skill, place) in input.skills.iter().zip(0..MOST) {
        let field = format!("skills.{place}.name");
        let name = checks.line(&field, &skill.name, NAME);
        lawful(checks, &field, &name);
    }
}

fn few(checks: &mut Checks, field: &str, count: usize) {
    checks.require(
        count <= MOST,
        field,
        format!("{field}: {count} given; expected at most {MOST}."),
        format!("{field} 有 {count} 项，应不超过 {MOST} 项。"),
    );
}
