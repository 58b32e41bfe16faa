//! Recruitment events: the organizer's, the reviewing county's and the exhibitors' until they are announced, then
//! everybody's; and the rule and the database agree about events, booths and registrations.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    event_exhibitor::{self, ExhibitorStatus},
    event_registration,
    organization::OrganizationKind,
    recruitment_event,
};
use hezuo::{
    auth::{Actor, Governed as _},
    talent::{
        events::{self, exhibitors},
        registrations,
    },
};
use sea_orm::IntoActiveModel as _;
use serde_json::json;
use uuid::Uuid;

use super::{
    logins,
    property::{Dice, actors, found, insert},
    seen_by,
};
use crate::support::{Persona, fair, on_both, rows};

const NAMES: (&str, &str) = ("recruitmentEvent", "recruitmentEvents");

on_both! {
    /// A draft, sent to be reviewed, sent back, announced, called off: who sees it in each.
    async fn who_sees_an_event(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let staff = sides.north.staff().await;
        let organizer = [&staff, &sides.university, &sides.north.student().await, &sides.north.auditor().await];
        let county = [&sides.county, &sides.yingshan.officer().await, &sides.yingshan.auditor().await];
        let named = [&sides.enterprise, &sides.alpha.recruiter().await];
        let others = [
            &yilong.admin().await, &yilong.officer().await, &beta.admin().await,
            &app.university("South").await.student().await, &app.platform().await.admin().await,
        ];
        let everybody: Vec<&Persona> = organizer.iter().chain(&county).chain(&named).chain(&others).copied().collect();
        let id = fair::draft(&staff, json!({ "regionCode": "511322", "text": { "title": "校园引才日" } })).await;
        let is_seen = async |by: &[&[&Persona]]| {
            assert_eq!(seen_by(&everybody, NAMES, &id, "引才日").await, logins(&by.concat()));
        };
        is_seen(&[&organizer]).await;
        let invite = json!({ "eventId": id, "organizationId": sides.alpha.id() });
        staff.does("eventExhibitorInvite", invite, "id").await.result();
        is_seen(&[&organizer, &named]).await;
        fair::step(&staff, "Submit", &id, json!({})).await.result();
        is_seen(&[&organizer, &county, &named]).await;
        fair::step(&sides.county, "Return", &id, json!({ "reason": "请补充议程。" })).await.result();
        is_seen(&[&organizer, &county, &named]).await;
        fair::step(&staff, "Submit", &id, json!({})).await.result();
        fair::step(&sides.county, "Publish", &id, json!({})).await.result();
        is_seen(&[&organizer, &county, &named, &others]).await;
        fair::step(&staff, "Cancel", &id, json!({ "reason": "暴雨。" })).await.result();
        is_seen(&[&organizer, &county, &named, &others]).await;
        let never_announced = fair::draft(&staff, json!({ "text": { "title": "未发布的招聘会" } })).await;
        fair::step(&staff, "Cancel", &never_announced, json!({ "reason": "暂缓。" })).await.result();
        assert_eq!(seen_by(&everybody, NAMES, &never_announced, "招聘会").await, logins(&organizer));
    }

    /// Events of anybody in every status, with booths and registrations in every status.
    async fn events_are_seen_as_the_rule_says(app: TestApp) {
        let actors = actors(&app).await;
        let mut dice = Dice(4);
        let organizers: Vec<Uuid> = actors.iter().filter(|actor| actor.side() != OrganizationKind::Enterprise)
            .map(Actor::organization).collect();
        let regions = [None, Some("511322"), Some("511324")];
        let (mut events, mut booths, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..60 {
            let event = rows::event(dice.one_of(&organizers), &actors[0], (dice.any(), dice.one_of(&regions)));
            let named: BTreeSet<Uuid> = (0..dice.below(4)).map(|_| actors[dice.below(actors.len())].organization()).collect();
            booths.extend(named.into_iter().map(|named| rows::booth(&event, named, dice.any())));
            let came: BTreeMap<Uuid, Uuid> = (0..dice.below(4)).map(|_| &actors[dice.below(actors.len())])
                .map(|actor| (actor.user(), actor.organization())).collect();
            places.extend(came.into_iter().map(|(student, of)| rows::place(&event, (student, of), dice.any())));
            events.push(event);
        }
        insert(&app, events.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, booths.iter().map(|row| row.clone().into_active_model()).collect()).await;
        insert(&app, places.iter().map(|row| row.clone().into_active_model()).collect()).await;
        let event_of = |id: Uuid| events.iter().find(|event| event.id == id).unwrap().clone();
        let named = |id: Uuid, confirmed: bool| {
            let of = booths.iter().filter(move |booth| booth.event_id == id);
            let of = of.filter(move |booth| !confirmed || booth.status == ExhibitorStatus::Confirmed);
            of.map(|booth| booth.organization_id).collect::<Vec<_>>()
        };
        for actor in &actors {
            let allowed = events.iter().filter(|event| {
                let exhibitors = named(event.id, false);
                let facts = events::rules::Facts { event: (*event).clone(), verified: true, exhibitors, now: app.now() };
                facts.allows(actor, events::rules::Action::Read)
            });
            let allowed: BTreeSet<Uuid> = allowed.map(|event| event.id).collect();
            let condition = events::store::visible_to(actor);
            assert_eq!(found::<recruitment_event::Entity>(&app, recruitment_event::Column::Id, condition).await, allowed, "{actor:?}");

            let allowed = booths.iter().filter(|booth| {
                let facts = exhibitors::rules::Facts { exhibitor: (*booth).clone(), event: event_of(booth.event_id) };
                facts.allows(actor, exhibitors::rules::Action::Read)
            });
            let allowed: BTreeSet<Uuid> = allowed.map(|booth| booth.id).collect();
            let condition = exhibitors::store::visible_to(actor);
            assert_eq!(found::<event_exhibitor::Entity>(&app, event_exhibitor::Column::Id, condition).await, allowed, "{actor:?}");

            let allowed = places.iter().filter(|place| {
                let (event, exhibitors) = (event_of(place.event_id), named(place.event_id, true));
                let facts = registrations::rules::Facts { registration: (*place).clone(), event, exhibitors, now: app.now() };
                facts.allows(actor, registrations::rules::Action::Read)
            });
            let allowed: BTreeSet<Uuid> = allowed.map(|place| place.id).collect();
            let condition = registrations::store::visible_to(actor);
            assert_eq!(found::<event_registration::Entity>(&app, event_registration::Column::Id, condition).await, allowed, "{actor:?}");
        }
    }
}
