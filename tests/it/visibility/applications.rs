//! Applications and what comes of them, over random records: the rule and the condition of the database agree.

use std::collections::{BTreeSet, HashSet};

use entity::{
    application::{self, ApplicationStatus},
    membership::Role,
};
use hezuo::{
    auth::Governed as _,
    platform::id,
    talent::applications::{rules, store},
};
use sea_orm::{ConnectionTrait as _, IntoActiveModel as _};
use uuid::Uuid;

use super::property::{Dice, actors, found, insert};
use crate::support::{
    Kind,
    hired::{self, Between},
    on_both,
};

on_both! {
    /// Applications of everybody to everybody, in every status.
    async fn applications_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(6);
        let mut one = || actors[dice.below(actors.len())].clone();
        let mut applied = Vec::new();
        for _ in 0..40 {
            for status in <ApplicationStatus as sea_orm::Iterable>::iter() {
                let between = Between {
                    student: one().user(), university: one().organization(), enterprise: one().organization(),
                };
                let mut row = hired::application(between, status);
                row.position_id = id::new(app.now());
                applied.push(row);
            }
        }
        // Positions and résumés are not what is asked about.
        if app.kind() == Kind::Sqlite {
            app.db().writer().execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
        } else {
            let open = "ALTER TABLE application DROP CONSTRAINT fk_application_position_id, DROP CONSTRAINT fk_application_resume_id";
            app.db().writer().execute_unprepared(open).await.unwrap();
        }
        insert(&app, applied.iter().map(|row| row.clone().into_active_model()).collect()).await;
        let mut seeing = HashSet::new();
        for actor in &actors {
            let facts = |row: &application::Model| rules::Facts {
                application: row.clone(), negotiating: false, now: app.now(),
            };
            let allowed: BTreeSet<Uuid> = applied.iter()
                .filter(|row| facts(row).allows(actor, rules::Action::Read)).map(|row| row.id).collect();
            let seen = found::<application::Entity>(&app, application::Column::Id, store::visible_to(actor)).await;
            assert_eq!(seen, allowed, "{actor:?}");
            let noted: BTreeSet<Uuid> = applied.iter()
                .filter(|row| facts(row).allows(actor, rules::Action::ReadNotes)).map(|row| row.id).collect();
            let condition = store::notes_visible_to(actor);
            assert_eq!(found::<application::Entity>(&app, application::Column::Id, condition).await, noted, "{actor:?}");
            if !noted.is_empty() {
                seeing.insert(actor.role());
            }
        }
        let recruiters = [Role::EnterpriseAdmin, Role::EnterpriseRecruiter];
        assert!(seeing.iter().all(|role| recruiters.contains(role)) && seeing.len() == 2, "{seeing:?}");
    }
}
