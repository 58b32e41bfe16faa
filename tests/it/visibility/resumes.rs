//! Résumés and consents, over random records: the rule and the condition of the database agree.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{
    membership::Role,
    resume,
    share_consent::{self, ShareConsentStatus as Status, SharePurpose},
    student_record,
};
use hezuo::{
    auth::{Actor, Governed as _},
    platform::id,
    talent::{consents, resumes, roster},
};
use sea_orm::IntoActiveModel as _;
use uuid::Uuid;

use super::property::{Dice, actors, found, insert};
use crate::support::{on_both, rows};

on_both! {
    /// Consents of every status to anybody, and the résumés behind them.
    async fn resumes_and_consents_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let people: BTreeSet<Uuid> = actors.iter().map(Actor::user).collect();
        let mut dice = Dice(4);
        let written: Vec<resume::Model> = people.iter().map(|student| resume::Model {
            id: id::new(app.now()),
            student_id: *student,
            university_id: actors[dice.below(actors.len())].organization(),
            current_id: None,
            saved: 1,
            erased_at: Some(app.now()),
            major: None,
            version: 1,
            created_at: app.now(),
            updated_at: app.now(),
        }).collect();
        let mut held = BTreeSet::new();
        let mut given = Vec::new();
        for _ in 0..150 {
            let (student, organization) = (written[dice.below(written.len())].student_id, actors[dice.below(actors.len())].organization());
            let (purpose, status) = (dice.any::<SharePurpose>(), dice.any::<Status>());
            if status == Status::Given && !held.insert((student, organization, format!("{purpose:?}"))) {
                continue;
            }
            given.push(share_consent::Model {
                id: id::new(app.now()),
                student_id: student,
                organization_id: organization,
                purpose,
                profile: true,
                contact: dice.below(2) == 0,
                file: dice.below(2) == 0,
                notice_version: consents::rules::NOTICE_VERSION - i32::from(dice.below(4) == 0),
                status,
                expires_at: app.now() + TimeDelta::days(1),
                withdrawn_at: (status == Status::Withdrawn).then(|| app.now()),
                version: 1,
                created_at: app.now(),
                updated_at: app.now(),
            });
        }
        insert(&app, written.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, given.iter().map(|row| row.clone().into_active_model()).collect()).await;
        let (mut readers, mut students) = (0, 0);
        for actor in &actors {
            let facts = given.iter().map(|row| consents::rules::Facts { consent: row.clone() });
            let allowed: BTreeSet<Uuid> = facts.clone().filter(|facts| facts.allows(actor, consents::rules::Action::Read))
                .map(|facts| facts.consent.id).collect();
            let condition = consents::store::visible_to(actor);
            assert_eq!(found::<share_consent::Entity>(&app, share_consent::Column::Id, condition).await, allowed, "{actor:?}");
            let holds = |facts: &consents::rules::Facts| {
                facts.consent.status == Status::Given && facts.consent.notice_version == consents::rules::NOTICE_VERSION
            };
            let allowed: BTreeSet<Uuid> = written.iter().filter(|row| {
                let shared = facts.clone().filter(|facts| holds(facts) && facts.consent.student_id == row.student_id);
                let shared_with = shared.map(|facts| facts.consent.organization_id).collect();
                resumes::rules::Facts { resume: (*row).clone(), shared_with }.allows(actor, resumes::rules::Action::Read)
            }).map(|row| row.id).collect();
            let condition = resumes::store::visible_to(actor);
            assert_eq!(found::<resume::Entity>(&app, resume::Column::Id, condition).await, allowed, "{actor:?}");
            readers += usize::from(actor.is(&[Role::EnterpriseAdmin, Role::EnterpriseRecruiter]) && !allowed.is_empty());
            students += usize::from(actor.is(&[Role::Student]) && !allowed.is_empty());
        }
        assert!(readers >= 4 && students == 2, "{readers} {students}");
    }

    /// Records on the rolls of anybody, by which anybody has come in, or nobody.
    async fn the_rolls_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(5);
        let records: Vec<student_record::Model> = (0..60).map(|_| {
            let student = (dice.below(3) > 0).then(|| actors[dice.below(actors.len())].user());
            rows::student_record(actors[dice.below(actors.len())].organization(), student)
        }).collect();
        insert(&app, records.iter().map(|row| row.clone().into_active_model()).collect()).await;
        let mut seeing = 0;
        for actor in &actors {
            let facts = records.iter().map(|row| roster::rules::Facts { record: row.clone() });
            let allowed: BTreeSet<Uuid> = facts.filter(|facts| facts.allows(actor, roster::rules::Action::Read))
                .map(|facts| facts.record.id).collect();
            let found = found::<student_record::Entity>(&app, student_record::Column::Id, roster::store::visible_to(actor)).await;
            assert_eq!(found, allowed, "{actor:?}");
            seeing += usize::from(!allowed.is_empty());
        }
        assert!(seeing >= 10, "{seeing}");
    }
}
