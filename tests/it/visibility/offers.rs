//! Positions and questions: over random records the condition of the database and the rule agree.

use std::collections::BTreeSet;

use entity::{
    job_position::{self, PositionStatus},
    organization,
    organization::OrganizationKind,
    organization_question::{self, QuestionStatus},
};
use hezuo::{
    auth::{Actor, Governed as _},
    organizations,
    platform::clock,
    talent::{positions, questions},
};
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use uuid::Uuid;

use super::property::{Dice, actors, found, insert};
use crate::support::{on_both, rows};

on_both! {
    /// Positions in every status, of enterprises here and elsewhere, withdrawn before and after they were published.
    async fn positions_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(4);
        let enterprises: Vec<&Actor> = actors.iter().filter(|actor| actor.side() == OrganizationKind::Enterprise).collect();
        let mut made = Vec::new();
        for _ in 0..120 {
            let mut row = rows::position(dice.one_of(&enterprises), dice.any::<PositionStatus>());
            if row.status == PositionStatus::Withdrawn && dice.below(2) == 0 {
                row.published_at = None;
            }
            made.push(row);
        }
        insert(&app, made.iter().map(|row| row.clone().into_active_model()).collect()).await;
        let organizations = organization::Entity::find().all(app.db().reader()).await.unwrap();
        let facts: Vec<_> = made.into_iter().map(|position| {
            let organization = organizations.iter().find(|row| row.id == position.organization_id).unwrap().clone();
            let enterprise = organizations::Facts { organization, members: Vec::new() };
            positions::rules::Facts { position, enterprise, today: clock::day(app.now()) }
        }).collect();
        let mut differ = BTreeSet::new();
        for actor in &actors {
            let allowed = facts.iter().filter(|facts| facts.allows(actor, positions::rules::Action::Read));
            let allowed: BTreeSet<Uuid> = allowed.map(|facts| facts.position.id).collect();
            let condition = positions::store::visible_to(actor);
            assert_eq!(found::<job_position::Entity>(&app, job_position::Column::Id, condition).await, allowed, "{actor:?}");
            differ.insert(allowed);
        }
        // What everybody sees; and with the own ones here, and there; and with those of the county here, and there.
        assert_eq!(differ.len(), 3);
    }

    /// Questions in every status, asked by anybody of anybody.
    async fn questions_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(5);
        let side = |side: OrganizationKind| actors.iter().filter(move |actor| actor.side() == side).collect::<Vec<&Actor>>();
        let askers: Vec<&Actor> = side(OrganizationKind::University).into_iter()
            .filter(|actor| questions::rules::ASKERS.contains(&actor.role())).collect();
        let enterprises = side(OrganizationKind::Enterprise);
        let made: Vec<_> = (0..120).map(|_| {
            let enterprise = dice.one_of(&enterprises);
            let mut row = rows::question(dice.one_of(&askers), enterprise.organization(), dice.any::<QuestionStatus>());
            row.answered_by_id = row.answer.as_ref().map(|_| enterprise.user());
            row
        }).collect();
        insert(&app, made.iter().map(|row| row.clone().into_active_model()).collect()).await;
        for actor in &actors {
            let facts = made.iter().map(|row| questions::rules::Facts { question: row.clone() });
            let allowed = facts.filter(|facts| facts.allows(actor, questions::rules::Action::Read));
            let allowed: BTreeSet<Uuid> = allowed.map(|facts| facts.question.id).collect();
            let condition = questions::store::visible_to(actor);
            let seen = found::<organization_question::Entity>(&app, organization_question::Column::Id, condition).await;
            assert_eq!(seen, allowed, "{actor:?}");
        }
    }
}
