//! Suggestions as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    Record as _, job_position, job_position::PositionKind, position_skill::PositionSkillLevel, recruitment_event,
};

use super::{Gap, Kind, PositionSuggestionSettingUpdateInput, Reason, Suggestion, store};
use crate::{
    error::{Code, Error, Locale, Problem, Result, Text},
    graphql::{Caller, Date, Money, Payload, asked, counted},
    platform::id::{self, Id},
    talent::resumes::content::SkillLevel,
};

/// How many are shown, at most.
const MOST: i32 = 50;

/// A position that fits you, with every reason 推荐岗位.
#[derive(Clone, Debug, SimpleObject)]
pub struct PositionSuggestion {
    /// The position; `nodes` reads several at once 岗位标识.
    pub position_id: ID,
    /// What it is called 岗位名称.
    pub title: String,
    /// The enterprise's name 企业.
    pub organization_name: String,
    /// A job or an internship 用工性质.
    pub kind: PositionKind,
    /// The lowest pay of a month, in fen 月薪下限（分）.
    pub pay_min: Money,
    /// The highest pay of a month, in fen 月薪上限（分）.
    pub pay_max: Money,
    /// The last day to apply 报名截止日期.
    pub apply_by: Date,
    /// The sum of the reasons' points: compares your suggestions with each other and nothing else 匹配分.
    pub score: i32,
    /// Why it is suggested, at least one 推荐理由.
    pub reasons: Vec<PositionSuggestionReason>,
    /// What does not fit, for you to consider: you can apply all the same 待考虑之处.
    pub missing: Vec<PositionSuggestionGap>,
}

/// Why a position is suggested 推荐理由.
#[derive(Clone, Debug, SimpleObject)]
pub struct PositionSuggestionReason {
    /// In which respect 匹配方面.
    pub kind: Kind,
    /// How much it weighs 分值.
    pub points: i32,
    /// In words, in your language 说明.
    pub text: String,
    /// Which skill, as the position calls it; null for other kinds 技能名称.
    pub skill: Option<String>,
    /// How well it should be mastered 要求的熟练程度.
    pub level_asked: Option<PositionSkillLevel>,
    /// How well your résumé says that it is; null for languages and certificates 您的熟练程度.
    pub level_had: Option<SkillLevel>,
}

/// What does not fit 待考虑之处.
#[derive(Clone, Debug, SimpleObject)]
pub struct PositionSuggestionGap {
    /// In which respect 匹配方面.
    pub kind: Kind,
    /// In words, in your language 说明.
    pub text: String,
    /// Which skill, as the position calls it; null for other kinds 技能名称.
    pub skill: Option<String>,
    /// How well it should be mastered 要求的熟练程度.
    pub level_asked: Option<PositionSkillLevel>,
    /// How well your résumé says that it is; null where it does not say 您的熟练程度.
    pub level_had: Option<SkillLevel>,
}

impl PositionSuggestionReason {
    fn of(Reason { kind, points, skill, text }: Reason, locale: Locale) -> Self {
        let level_asked = skill.as_ref().map(|skill| skill.asked);
        let level_had = skill.as_ref().and_then(|skill| skill.had);
        let text = text.in_locale(locale).to_owned();
        Self { kind, points, text, skill: skill.map(|skill| skill.name), level_asked, level_had }
    }
}

impl PositionSuggestionGap {
    fn of(Gap { kind, skill, text }: Gap, locale: Locale) -> Self {
        let level_asked = skill.as_ref().map(|skill| skill.asked);
        let level_had = skill.as_ref().and_then(|skill| skill.had);
        Self {
            kind,
            text: text.in_locale(locale).to_owned(),
            skill: skill.map(|skill| skill.name),
            level_asked,
            level_had,
        }
    }
}

impl PositionSuggestion {
    fn of(Suggestion { position, score, reasons, missing }: Suggestion, locale: Locale) -> Self {
        Self {
            position_id: id::show(job_position::Entity::PREFIX, position.id).into(),
            title: position.title,
            organization_name: position.enterprise,
            kind: position.kind,
            pay_min: Money(position.pay.0),
            pay_max: Money(position.pay.1),
            apply_by: Date(position.apply_by),
            score,
            reasons: reasons.into_iter().map(|reason| PositionSuggestionReason::of(reason, locale)).collect(),
            missing: missing.into_iter().map(|gap| PositionSuggestionGap::of(gap, locale)).collect(),
        }
    }
}

/// Whether you want positions to be suggested 岗位推荐设置.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PositionSuggestionSetting {
    /// True unless you have turned it off 是否推荐.
    pub wanted: bool,
}

/// Queries about suggestions.
#[derive(Debug, Default)]
pub struct SuggestionQueries;

#[Object]
impl SuggestionQueries {
    /// Open positions that fit you, the best first, each with its reasons: your major, your wishes (families, places,
    /// pay), your skills, where you have been, the events for which you are registered. Positions for which you have
    /// applied are left out. Sex, ethnicity, religion, age and photos are never used. Nobody else learns that you asked
    /// or what was answered, nothing of it is kept, and nobody is suggested to enterprises. Empty without a résumé, with
    /// which everything is compared, and where you do not want it (`positionSuggestionSettingUpdate`). Who may: a student
    /// 岗位推荐.
    async fn position_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 10, desc = "How many are shown, 1 to 50 显示数量.")] first: i32,
        #[graphql(desc = "Only positions of enterprises that have a booth at this event 招聘活动.")] event: Option<
            Id<recruitment_event::Entity>,
        >,
    ) -> Result<Option<Vec<PositionSuggestion>>> {
        let (app, actor) = asked(ctx)?;
        let shown = usize::try_from(first).ok().filter(|_| (1..=MOST).contains(&first)).ok_or_else(|| {
            let en = format!("first: expected a number from 1 to {MOST}, got {first}.");
            let zh = format!("first 应为 1 至 {MOST} 的整数，收到 {first}。");
            Error::from(Problem::new(Code::InvalidInput, Text::new(en, zh)).at(["first"]))
        })?;
        counted(ctx, store::CANDIDATES).await?;
        let found = super::suggest(app, actor, (shown, event.map(Id::key))).await?;
        let locale = Caller::of(ctx).locale;
        Ok(Some(found.into_iter().map(|suggestion| PositionSuggestion::of(suggestion, locale)).collect()))
    }

    /// Whether you want positions to be suggested. Who may: a student, for the own person 岗位推荐设置.
    async fn position_suggestion_setting(&self, ctx: &Context<'_>) -> Result<Option<PositionSuggestionSetting>> {
        let (app, actor) = asked(ctx)?;
        Ok(Some(PositionSuggestionSetting { wanted: super::wanted(app, actor).await? }))
    }
}

/// Mutations of suggestions.
#[derive(Debug, Default)]
pub struct SuggestionMutations;

#[Object]
impl SuggestionMutations {
    /// Says whether you want positions to be suggested; turned off, nothing is compared and the list is empty. Nobody else
    /// reads it. Who may: a student 设置岗位推荐.
    async fn position_suggestion_setting_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionSuggestionSettingUpdateInput,
    ) -> Result<Payload<PositionSuggestionSetting>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::choose(app, actor, input).await.map(|wanted| PositionSuggestionSetting { wanted }))
    }
}
