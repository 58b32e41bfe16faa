//! Interview sessions, bookings, waiting lists and requests to change places, over random records: the rule and the condition of the database agree.

use std::collections::BTreeSet;

use entity::{
    application::{self, ApplicationStatus},
    interview_booking::{self, InterviewBookingStatus},
    interview_session,
    interview_swap::{self, InterviewSwapStatus},
    interview_wait,
    organization::OrganizationKind,
};
use hezuo::{
    auth::{Actor, Governed as _},
    platform::id,
    talent::{
        interviews::{bookings, sessions, swaps, waits},
        registrations::rules::CARERS,
    },
};
use sea_orm::{ConnectionTrait as _, IntoActiveModel as _};
use uuid::Uuid;

use super::property::{Dice, actors, found, insert};
use crate::support::{
    Kind,
    hired::{self, Between},
    met, on_both, rows,
};

on_both! {
    /// Sessions of anybody, at events of anybody and on site, in every status, with bookings, requests to change
    /// places and people who wait in every status.
    async fn interviews_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(8);
        let organizers: Vec<Uuid> = actors.iter().filter(|actor| actor.side() != OrganizationKind::Enterprise)
            .map(Actor::organization).collect();
        let events: Vec<_> = (0..20)
            .map(|_| rows::event(dice.one_of(&organizers), &actors[0], (dice.any(), Some("511322")))).collect();
        let (mut applied, mut held, mut booked, mut waiting) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..12 {
            let mut one = || actors[dice.below(actors.len())].clone();
            let between = Between { student: one().user(), university: one().organization(), enterprise: one().organization() };
            let mut row = hired::application(between, ApplicationStatus::Submitted);
            row.position_id = id::new(app.now());
            applied.push(row);
        }
        for at in 0..60 {
            let enterprise = actors[dice.below(actors.len())].organization();
            let event = (at % 3 > 0).then(|| &events[dice.below(events.len())]);
            let session = met::session((enterprise, actors[0].user()), event, dice.any());
            if at % 2 == 0 {
                let mut of = applied[dice.below(applied.len())].clone();
                of.id = id::new(app.now());
                booked.push(met::booking(&session, &of, dice.any()));
            }
            if at % 5 == 0 {
                let mut of = applied[dice.below(applied.len())].clone();
                of.id = id::new(app.now());
                waiting.push(met::wait(&session, &of, (dice.any(), 1)));
            }
            held.push(session);
        }
        // Slots, positions and résumés are not what is asked about.
        if app.kind() == Kind::Sqlite {
            app.db().writer().execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
        } else {
            for open in [
                "ALTER TABLE application DROP CONSTRAINT fk_application_position_id, DROP CONSTRAINT fk_application_resume_id",
                "ALTER TABLE interview_booking DROP CONSTRAINT fk_interview_booking_slot_id, DROP CONSTRAINT fk_interview_booking_application_id",
                "ALTER TABLE interview_swap DROP CONSTRAINT fk_interview_swap_offered_id, DROP CONSTRAINT fk_interview_swap_wanted_id, DROP CONSTRAINT fk_interview_swap_accepted_booking_id",
                "ALTER TABLE interview_wait DROP CONSTRAINT fk_interview_wait_slot_id, DROP CONSTRAINT fk_interview_wait_application_id, DROP CONSTRAINT fk_interview_wait_booking_id",
            ] {
                app.db().writer().execute_unprepared(open).await.unwrap();
            }
        }
        insert(&app, events.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, applied.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, held.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, waiting.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, booked.iter().map(|row| row.clone().into_active_model()).collect()).await;
        // Each of the first ten asks for the place of one of the others.
        let asking: Vec<interview_swap::Model> = booked[..10].iter().map(|booking| {
            let by = &actors[dice.below(actors.len())];
            let status = if by.user() == booking.student_id { InterviewSwapStatus::Requested } else { dice.any() };
            let mut row = met::swap(booking, (status, by.user()));
            row.wanted_id = booked[10 + dice.below(booked.len() - 10)].slot_id;
            row
        }).collect();
        insert(&app, asking.iter().map(|row| row.clone().into_active_model()).collect()).await;
        let event_of = |id: Option<Uuid>| id.and_then(|id| events.iter().find(|event| event.id == id).cloned());
        let (mut some, mut most) = (0, 0);
        for actor in &actors {
            let mine = |student: Uuid, university: Uuid| {
                student == actor.user() || (actor.is(CARERS) && university == actor.organization())
            };
            let allowed: BTreeSet<Uuid> = held.iter().filter(|session| {
                let near = |row: &&application::Model| row.organization_id == session.organization_id;
                let facts = sessions::rules::Facts {
                    session: (*session).clone(),
                    event: event_of(session.event_id),
                    applied: applied.iter().filter(near).any(|row| mine(row.student_id, row.university_id)),
                    booked: booked.iter().any(|row| row.session_id == session.id && mine(row.student_id, row.university_id))
                        || waiting.iter().any(|row| row.session_id == session.id && mine(row.student_id, row.university_id)),
                    now: app.now(),
                };
                facts.allows(actor, sessions::rules::Action::Read)
            }).map(|session| session.id).collect();
            let condition = sessions::store::visible_to(actor);
            assert_eq!(found::<interview_session::Entity>(&app, interview_session::Column::Id, condition).await, allowed, "{actor:?}");
            (some, most) = (some + allowed.len(), most.max(allowed.len()));

            let allowed: BTreeSet<Uuid> = booked.iter().filter(|booking| {
                let session = held.iter().find(|session| session.id == booking.session_id).unwrap().clone();
                let event = event_of(booking.event_id);
                let facts = bookings::rules::Facts { booking: (*booking).clone(), session, event, now: app.now() };
                facts.allows(actor, bookings::rules::Action::Read)
            }).map(|booking| booking.id).collect();
            let condition = bookings::store::visible_to(actor);
            assert_eq!(found::<interview_booking::Entity>(&app, interview_booking::Column::Id, condition).await, allowed, "{actor:?}");
            some += allowed.len();

            let allowed: BTreeSet<Uuid> = waiting.iter().filter(|wait| {
                let organizer = event_of(wait.event_id).map(|event| event.organizer_id);
                let facts = waits::rules::Facts { wait: (*wait).clone(), organizer, now: app.now() };
                facts.allows(actor, waits::rules::Action::Read)
            }).map(|wait| wait.id).collect();
            let condition = waits::store::visible_to(actor);
            assert_eq!(found::<interview_wait::Entity>(&app, interview_wait::Column::Id, condition).await, allowed, "{actor:?}");
            some += allowed.len();

            let allowed: BTreeSet<Uuid> = asking.iter().filter(|swap| {
                let own = |row: &&interview_booking::Model| {
                    row.slot_id == swap.wanted_id && row.student_id == actor.user() && row.status == InterviewBookingStatus::Confirmed
                };
                let place = booked.iter().find(own).map(|row| row.id);
                let facts = swaps::rules::Facts { swap: (*swap).clone(), place, now: app.now() };
                facts.allows(actor, swaps::rules::Action::Read)
            }).map(|swap| swap.id).collect();
            let condition = swaps::store::visible_to(actor);
            assert_eq!(found::<interview_swap::Entity>(&app, interview_swap::Column::Id, condition).await, allowed, "{actor:?}");
            some += allowed.len();
        }
        assert!(some > 0 && most < held.len(), "everybody sees everything, or nobody anything");
    }
}
