//! Everybody at once: no place beyond the size, nobody asked twice, each place that becomes free offered once.

use std::{collections::BTreeSet, sync::Arc};

use entity::{event, interview_hold, interview_wait};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{answer, join, joined, keep, narrow, read, status};
use crate::{
    support::{Answer, Persona, TestApp, on_both},
    talent::{
        interviews::{booked, places::students, session, step, taken, text},
        market::{self, Market},
    },
};

type Applicant = (Arc<Persona>, String);

/// How often each place in a list was offered, by its history: never more than once.
async fn offers(app: &TestApp) -> usize {
    let offered = event::Entity::find().filter(event::Column::Kind.eq("InterviewPlaceOffered"));
    let offered: Vec<_> = offered.all(app.db().reader()).await.unwrap().into_iter().map(|row| row.record_id).collect();
    assert_eq!(offered.iter().collect::<BTreeSet<_>>().len(), offered.len(), "somebody was asked twice");
    offered.len()
}

/// How many stand so, and that what is held is what is kept.
async fn standing(app: &TestApp, status: interview_wait::InterviewWaitStatus) -> usize {
    let waits = interview_wait::Entity::find().all(app.db().reader()).await.unwrap();
    let holds = interview_hold::Entity::find().filter(interview_hold::Column::WaitId.is_not_null());
    let held: BTreeSet<_> =
        holds.all(app.db().reader()).await.unwrap().into_iter().filter_map(|row| row.wait_id).collect();
    let kept = waits.iter().filter(|row| row.status == interview_wait::InterviewWaitStatus::Offered);
    assert_eq!(held, kept.map(|row| row.id).collect());
    waits.iter().filter(|row| row.status == status).count()
}

/// Everybody asks to join, and whoever has booked gives up, at once.
async fn all(joining: &[Applicant], session: &str, giving_up: &[(Arc<Persona>, String)]) -> (Vec<Answer>, Vec<Answer>) {
    for (person, _) in joining.iter().chain(giving_up) {
        person.token().await;
    }
    let joins = joining.iter().map(|(student, application)| {
        let (student, application, session) = (student.clone(), application.clone(), session.to_owned());
        tokio::spawn(async move { join(&student, &application, &session).await })
    });
    let cancels = giving_up.iter().map(|(student, booking)| {
        let (student, booking) = (student.clone(), booking.clone());
        tokio::spawn(async move { step(&student, "Cancel", &booking, json!({})).await })
    });
    let (joins, cancels) = tokio::join!(join_all(joins), join_all(cancels));
    let done = |answers: Vec<Result<Answer, _>>| answers.into_iter().map(Result::unwrap).collect();
    (done(joins), done(cancels))
}

async fn all_booked(people: &[Applicant], slot: &str) -> Vec<(Arc<Persona>, String)> {
    let mut places = Vec::new();
    for (student, application) in people {
        places.push((student.clone(), booked(student, application, slot).await));
    }
    places
}

on_both! {
    /// Forty join while ten give up, and ten wait already: the ten are asked. Half of them accept, half decline, at once:
    /// five more are asked. Nobody answers, and the job runs on four servers: five more.
    async fn each_place_is_offered_once(app: TestApp) {
        use interview_wait::InterviewWaitStatus as Status;
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({ "endsAt": "2026-03-03T01:15:00Z", "groupSize": 10 })).await;
        let people = students(&market, 60).await;
        let places = all_booked(&people[..10], &slots[0]).await;
        let mut first = Vec::new();
        for (student, application) in &people[10..20] {
            first.push((student.clone(), joined(student, application, &id).await));
        }
        let (joins, cancels) = all(&people[20..], &id, &places).await;
        for answer in joins.iter().chain(&cancels) {
            answer.result();
        }
        for (student, wait) in &first {
            assert_eq!(status(student, wait).await, "OFFERED");
        }
        assert_eq!((offers(&app).await, standing(&app, Status::Waiting).await), (10, 40));
        assert_eq!(taken(&market.recruiter, &id).await, [10]);
        let mut positions = BTreeSet::new();
        for ((student, _), joined) in people[20..].iter().zip(&joins) {
            positions.insert(read(student, joined.result()["id"].as_str().unwrap(), "position").await["position"].as_i64().unwrap());
        }
        assert_eq!(positions, (1..=40).collect());

        let answers = first.iter().enumerate().map(|(at, (student, wait))| {
            let (student, wait) = (student.clone(), wait.clone());
            tokio::spawn(async move { answer(&student, if at % 2 == 0 { "Accept" } else { "Decline" }, &wait).await })
        });
        for answer in join_all(answers).await {
            answer.unwrap().result();
        }
        assert_eq!((offers(&app).await, taken(&market.recruiter, &id).await), (15, vec![10]));
        assert_eq!((standing(&app, Status::Accepted).await, standing(&app, Status::Offered).await), (5, 5));

        app.it_is("2026-03-02T01:30:00Z");
        let jobs = (0..4).map(|_| { let app = app.clone(); tokio::spawn(async move { keep(&app).await }) });
        let changed: usize = join_all(jobs).await.into_iter().map(Result::unwrap).sum();
        assert_eq!((changed, offers(&app).await, taken(&market.recruiter, &id).await), (10, 20, vec![10]));
        assert_eq!((standing(&app, Status::Lapsed).await, standing(&app, Status::Waiting).await), (5, 30));
    }

    /// Whoever joins at the moment at which a place becomes free is asked, or told that there is one: nobody waits beside
    /// a place that is free.
    async fn nobody_waits_beside_a_free_place(app: TestApp) {
        use interview_wait::InterviewWaitStatus as Status;
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({ "endsAt": "2026-03-03T01:15:00Z", "groupSize": 8 })).await;
        let people = students(&market, 24).await;
        let places = all_booked(&people[..8], &slots[0]).await;
        let (joins, cancels) = all(&people[8..], &id, &places).await;
        for answer in &cancels {
            answer.result();
        }
        let (mut waiting, mut sent_away) = (0, 0);
        for answer in &joins {
            if answer.user_errors().is_empty() {
                waiting += 1;
            } else {
                answer.complains(&["RULE_VIOLATED input.sessionId"]);
                sent_away += 1;
            }
        }
        let (offered, left) = (standing(&app, Status::Offered).await, standing(&app, Status::Waiting).await);
        assert_eq!((offered + left, waiting + sent_away), (waiting, 16));
        assert_eq!((offers(&app).await, taken(&market.recruiter, &id).await), (offered, vec![i64::try_from(offered).unwrap()]));
        assert!(left == 0 || offered == 8, "{left} wait beside {} free places", 8 - offered);
        assert!(sent_away == 0 || left == 0, "sent away to a place that was somebody else's");
    }

    /// Who waits at two enterprises for one time is asked by one of them, however fast both places become free (I6).
    async fn nobody_is_asked_to_two_places_at_one_time(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let position = market::published(&beta, &market.county.officer().await).await;
        let people = students(&market, 9).await;
        let mut of_beta = Vec::new();
        for (student, _) in &people {
            super::super::super::give(student, &beta.organization, &["PROFILE"]).await;
            let made = student.does("applicationSubmit", json!({ "positionId": position }), "id").await;
            let id = text(&made.result()["id"]);
            market::step(&beta, "Shortlist", &id, json!({})).await.result();
            of_beta.push(id);
        }
        let wide = |narrow: Value| { let mut wide = narrow; wide["groupSize"] = json!(3); wide };
        let (here, at_alpha) = session(&market.recruiter, wide(narrow())).await;
        let (there, at_beta) = session(&beta, wide(narrow())).await;
        let mut places = all_booked(&people[..3], &at_alpha[0]).await;
        for ((student, _), application) in people[3..6].iter().zip(&of_beta[3..6]) {
            places.push((student.clone(), booked(student, application, &at_beta[0]).await));
        }
        let mut waits = Vec::new();
        for (student, application) in &people[6..] {
            waits.push((student, joined(student, application, &here).await));
        }
        // In the other list they come the other way round.
        for ((student, _), application) in people[6..].iter().zip(&of_beta[6..]).rev() {
            waits.push((student, joined(student, application, &there).await));
        }
        let (_, cancels) = all(&[], &here, &places).await;
        for answer in &cancels {
            answer.result();
        }
        let mut asked = Vec::new();
        for (student, wait) in &waits {
            if status(student, wait).await == "OFFERED" {
                asked.push(student.user);
            }
        }
        asked.sort_unstable();
        assert_eq!(asked, people[6..].iter().map(|(student, _)| student.user).collect::<Vec<_>>());
        assert_eq!((offers(&app).await, taken(&market.recruiter, &here).await[0] + taken(&beta, &there).await[0]), (3, 3));
        assert_eq!(keep(&app).await, 0);
    }
}
