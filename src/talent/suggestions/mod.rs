//! Suggested positions 岗位推荐: which open positions fit a student, and why.
//!
//! It is the student who asks, and nobody else is told: no answer is stored, no enterprise learns of it, and there is no
//! question the other way round. Positions that the student sees and could apply for now are compared with what the own
//! résumé says ([`reasons`]): major, wished families, places and pay, skills, where the student has been; and with the
//! events for which the student is registered. Each reason is told with its points; a position without any is left out.
//! What does not fit is told too, so that the student can decide. It rejects nothing, and never takes a position off
//! the list.
//!
//! A student who does not want it turns it off, and then nothing is compared. Of all this only that choice is kept.
//!
//! Sex, ethnicity, religion, age and photos are never looked at; a résumé has no place for them.

mod export;
pub mod graphql;
mod reasons;
pub mod rules;
pub mod store;
mod wishes;

pub use export::OwnChoice;

use std::cmp::Reverse;

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entity::{
    job_position::{EducationWanted, PositionFamily, PositionKind},
    position_skill::PositionSkillLevel,
    suggestion_choice,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel as _};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Actor, Governed as _},
    error::{Error, Result, Text},
    platform::{clock, event::Event},
    talent::{
        consents::store::hold,
        resumes::{
            self,
            content::{ResumeContentInput, SkillLevel},
        },
    },
};
use rules::{Asker, Own};

/// In which respect a position fits, or does not 匹配方面.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "PositionSuggestionKind")]
pub enum Kind {
    /// What the student studies 专业.
    Major,
    /// The family of positions that is wished for 岗位类别.
    Family,
    /// The place that is wished for 工作地点.
    Place,
    /// A skill, a language or a certificate 技能.
    Skill,
    /// The pay that is wished for 薪酬.
    Pay,
    /// An event for which the student is registered 招聘活动.
    Event,
    /// Something that was done at the enterprise 实践经历.
    Experience,
    /// How far the education leads; said where it does not reach, never a reason 学历.
    Education,
}

/// A skill that a position names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// As the position calls it.
    pub name: String,
    /// How well it should be mastered.
    pub asked: PositionSkillLevel,
    /// How well the résumé says that it is; nothing where it does not say.
    pub had: Option<SkillLevel>,
}

/// Why a position is suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// In which respect.
    pub kind: Kind,
    /// How much it weighs, more than none.
    pub points: i32,
    /// Which skill.
    pub skill: Option<Skill>,
    /// In words.
    pub text: Text,
}

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// In which respect.
    pub kind: Kind,
    /// Which skill.
    pub skill: Option<Skill>,
    /// In words.
    pub text: Text,
}

/// A position that fits, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Which.
    pub position: Position,
    /// The sum of the reasons' points.
    pub score: i32,
    /// At least one.
    pub reasons: Vec<Reason>,
    /// What does not fit.
    pub missing: Vec<Gap>,
}

/// A position as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The key.
    pub id: Uuid,
    /// The enterprise.
    pub organization: Uuid,
    /// Its name.
    pub enterprise: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub family: PositionFamily,
    /// A job or an internship.
    pub kind: PositionKind,
    /// Fen a month, from and to.
    pub pay: (i64, i64),
    /// Where, GB/T 2260.
    pub region: String,
    /// The names of the province, the prefecture and the county, as far as they are known.
    pub places: Vec<String>,
    /// The education that is wanted.
    pub education: EducationWanted,
    /// The last day to apply.
    pub apply_by: NaiveDate,
    /// The majors that are welcome, in their order.
    pub majors: Vec<String>,
    /// The skills that are wanted, in their order.
    pub skills: Vec<Wanted>,
}

/// A skill that a position wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What it is.
    pub name: String,
    /// How well it should be mastered.
    pub level: PositionSkillLevel,
    /// Whether it is wanted in any case.
    pub required: bool,
}

/// An event for which the student is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathering {
    /// What it is called.
    pub title: String,
    /// On which day it begins.
    pub day: NaiveDate,
    /// Which enterprises are there.
    pub enterprises: Vec<Uuid>,
}

/// What positions are compared with.
#[derive(Clone, Debug)]
pub struct Student {
    /// What the résumé says.
    pub resume: ResumeContentInput,
    /// The events for which the student is registered, the next first.
    pub events: Vec<Gathering>,
}

/// Whether positions are to be suggested. Who may: a student, for the own person.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct PositionSuggestionSettingUpdateInput {
    /// False turns suggestions off: nothing is compared any more, and the list is empty. True turns them on again.
    pub wanted: bool,
}

/// Whether the actor wants suggestions; who never said so does.
///
/// # Errors
/// FORBIDDEN for whoever is no student.
pub async fn wanted(app: &App, actor: &Actor) -> Result<bool> {
    if !Asker::of(actor).allows(actor, Own::Ask) {
        return Err(Error::forbidden());
    }
    Ok(store::choice(app.db().reader(), actor.user()).await?.is_none_or(|choice| choice.wanted))
}

/// Says whether the actor wants suggestions; the same again changes nothing.
///
/// # Errors
/// FORBIDDEN for whoever is no student.
pub async fn choose(app: &App, actor: &Actor, input: PositionSuggestionSettingUpdateInput) -> Result<bool> {
    app.db()
        .write(move |tx| async move {
            hold(&tx, actor.user()).await?;
            let write = tx.permit(actor, Own::Choose, &Asker::of(actor)).await?;
            let (wanted, chosen) = (input.wanted, Event::new("SuggestionsChosen").with("wanted", input.wanted));
            match store::choice(&tx, actor.user()).await? {
                Some(choice) if choice.wanted == wanted => {}
                Some(choice) => {
                    let changes = suggestion_choice::ActiveModel { wanted: Set(wanted), ..Default::default() };
                    write.change::<suggestion_choice::Entity>(choice.id, choice.version, changes).await?;
                    write.emit_for(rules::record(choice.id), chosen).await?;
                }
                None => {
                    let (id, now) = (write.id(), write.now());
                    let (student_id, created_at, updated_at) = (actor.user(), now, now);
                    let row = suggestion_choice::Model { id, student_id, wanted, version: 1, created_at, updated_at };
                    write.insert(row.into_active_model()).await?;
                    write.emit_first(rules::record(id), chosen).await?;
                }
            }
            Ok(wanted)
        })
        .await
}

/// The best, each with its reasons: most points first, then the older one. Of an event: positions of enterprises that
/// are there. None without a résumé, and none where they are not wanted: then not even the résumé is read.
///
/// # Errors
/// FORBIDDEN for whoever is no student.
pub async fn suggest(app: &App, actor: &Actor, (first, event): (usize, Option<Uuid>)) -> Result<Vec<Suggestion>> {
    if !wanted(app, actor).await? {
        return Ok(Vec::new());
    }
    let db = app.db();
    let Some(resume) = resumes::own_content(db, actor).await? else { return Ok(Vec::new()) };
    let student = Student { resume, events: store::events(db, actor).await? };
    let positions = store::positions(db, actor, (event, clock::day(db.clock().now()))).await?;
    let mut fitting: Vec<_> =
        positions.into_iter().filter_map(|position| reasons::compare(&student, position)).collect();
    fitting.sort_by_key(|suggestion| (Reverse(suggestion.score), suggestion.position.id));
    fitting.truncate(first);
    Ok(fitting)
}
