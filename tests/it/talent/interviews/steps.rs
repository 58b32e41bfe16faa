//! What becomes of a booking.

use hezuo::talent::interviews::bookings::jobs;
use serde_json::{Value, json};

use super::{book, booked, session, shortlisted, step, taken};
use crate::{
    support::{Persona, on_both},
    talent::{
        market::{self, Market},
        told,
    },
};

async fn read(by: &Persona, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ interviewBooking(id: $id) {{ {selection} }} }}");
    by.gql(&query, json!({ "id": id })).await.data()["interviewBooking"].clone()
}

on_both! {
    /// Booked, checked in, done: an application that was invited records the interview, with the note.
    async fn until_it_is_done(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, json!({})).await;
        let application = market.application().await;
        book(&market.student, &application, &slots[0]).await.complains(&["RULE_VIOLATED"]);
        market::step(&market.recruiter, "Shortlist", &application, json!({})).await.result();
        told(&market.recruiter).await;
        let id = booked(&market.student, &application, &slots[0]).await;
        assert_eq!(told(&market.recruiter).await, ["INTERVIEW_BOOKED"]);
        market::step(&market.recruiter, "Invite", &application, json!({})).await.result();
        let own = "status openSteps version lateFrom beginsAt student { displayName } university { name }";
        assert_eq!(read(&market.student, &id, own).await, json!({
            "status": "CONFIRMED", "openSteps": ["CANCEL_LATE"], "version": 1, "lateFrom": "2026-03-02T01:00:00.000000Z",
            "beginsAt": "2026-03-03T01:00:00.000000Z", "student": { "displayName": "Student of North" },
            "university": { "name": "North" } }));
        step(&market.recruiter, "CheckIn", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-03-03T00:00:00Z");
        step(&market.student, "CheckIn", &id, json!({})).await.refused(&["FORBIDDEN"]);
        step(&market.recruiter, "Finish", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        step(&market.recruiter, "CheckIn", &id, json!({})).await.results_in(json!({ "status": "CHECKED_IN" }));
        step(&market.student, "Cancel", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        app.it_is("2026-03-03T01:10:00Z");
        step(&market.recruiter, "Finish", &id, json!({ "note": "谈吐清楚" })).await.results_in(json!({ "status": "DONE" }));
        let query = "query($id: ID!) { application(id: $id) { status interviewedAt interviewNote } }";
        market.recruiter.gql(query, json!({ "id": application })).await.is(json!({ "application": {
            "status": "INTERVIEWED", "interviewedAt": "2026-03-03T01:10:00.000000Z", "interviewNote": "谈吐清楚" } }));
        let export = market.student.gql("mutation { studentDataExport { result { json } } }", json!({})).await;
        let export: Value = serde_json::from_str(&export.text("/studentDataExport/result/json")).unwrap();
        assert_eq!(export["interviews"][0]["id"], json!(id));
        assert_eq!(export["interviews"][0]["status"], json!("DONE"));
    }

    /// Done, but only shortlisted: the application stays as it is.
    async fn done_without_an_invitation(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, json!({})).await;
        let application = shortlisted(&market, &market.student).await;
        let id = booked(&market.student, &application, &slots[0]).await;
        app.it_is("2026-03-03T01:00:00Z");
        step(&market.recruiter, "CheckIn", &id, json!({})).await.result();
        step(&market.recruiter, "Finish", &id, json!({})).await.results_in(json!({ "status": "DONE" }));
        let query = "query($id: ID!) { application(id: $id) { status } }";
        market.student.gql(query, json!({ "id": application })).await.is(json!({ "application": { "status": "SHORTLISTED" } }));
    }

    /// Given up in time, late from a day before on, not at all once it begins; the place is free again.
    async fn given_up(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({ "startsAt": "2026-03-04T01:00:00Z", "endsAt": "2026-03-04T02:00:00Z" })).await;
        let application = shortlisted(&market, &market.student).await;
        let first = booked(&market.student, &application, &slots[0]).await;
        book(&market.student, &application, &slots[1]).await.complains(&["DUPLICATE input.applicationId"]);
        assert_eq!(taken(&market.student, &id).await, [1, 0, 0]);
        app.it_is("2026-03-03T00:59:59Z");
        assert_eq!(read(&market.student, &first, "openSteps").await, json!({ "openSteps": ["MOVE", "CANCEL"] }));
        told(&market.recruiter).await;
        step(&market.recruiter, "Cancel", &first, json!({})).await.refused(&["FORBIDDEN"]);
        step(&market.student, "Cancel", &first, json!({})).await.results_in(json!({ "status": "CANCELLED" }));
        assert_eq!(told(&market.recruiter).await, ["INTERVIEW_CANCELLED"]);
        assert_eq!(taken(&market.student, &id).await, [0, 0, 0]);
        let second = booked(&market.student, &application, &slots[0]).await;
        app.it_is("2026-03-03T01:00:00Z");
        step(&market.student, "Cancel", &second, json!({})).await.results_in(json!({ "status": "LATE_CANCELLED" }));
        let third = booked(&market.student, &application, &slots[0]).await;
        app.it_is("2026-03-04T01:00:00Z");
        step(&market.student, "Cancel", &third, json!({})).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(read(&market.student, &third, "openSteps").await, json!({ "openSteps": [] }));
        let reason = json!({ "reason": "生病" });
        step(&market.staff, "Excuse", &second, reason).await.results_in(json!({ "status": "EXCUSED" }));
    }

    /// Missed: said by a recruiter, or by the system half a day later; the university excuses, and only it reads why.
    async fn missed(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, json!({})).await;
        let other = market.north.student().await;
        market.consents(&other).await;
        let (one, two) = (shortlisted(&market, &market.student).await, shortlisted(&market, &other).await);
        let (one, two) = (booked(&market.student, &one, &slots[0]).await, booked(&other, &two, &slots[2]).await);
        step(&market.recruiter, "Miss", &one, json!({})).await.complains(&["RULE_VIOLATED"]);
        app.it_is("2026-03-03T01:00:00Z");
        told(&market.student).await;
        step(&market.recruiter, "Miss", &one, json!({})).await.results_in(json!({ "status": "NO_SHOW" }));
        assert_eq!(told(&market.student).await, ["INTERVIEW_MISSED"]);
        app.it_is("2026-03-03T13:54:59Z");
        assert_eq!(jobs::note_missed(app.app()).await.unwrap(), 0);
        app.it_is("2026-03-03T13:55:00Z");
        assert_eq!(jobs::note_missed(app.app()).await.unwrap(), 1);
        assert_eq!(jobs::note_missed(app.app()).await.unwrap(), 0);
        assert_eq!(read(&other, &two, "status").await, json!({ "status": "NO_SHOW" }));
        step(&market.recruiter, "Excuse", &two, json!({ "reason": "生病" })).await.refused(&["FORBIDDEN"]);
        step(&app.university("South").await.staff().await, "Excuse", &two, json!({ "reason": "生病" })).await
            .refused(&["NOT_FOUND"]);
        step(&market.staff, "Excuse", &two, json!({ "reason": " " })).await.complains(&["INVALID_INPUT input.reason"]);
        step(&market.staff, "Excuse", &two, json!({ "reason": "生病" })).await.results_in(json!({ "status": "EXCUSED" }));
        for (by, reason) in [(&other, json!("生病")), (&market.staff, json!("生病")), (&market.recruiter, json!(null))] {
            assert_eq!(read(by, &two, "statusReason").await, json!({ "statusReason": reason }), "{}", by.login);
        }
    }

    /// An interview that is recorded with the application, and a student who did not come to it, are known here too: nobody is
    /// noted as missing afterwards.
    async fn it_follows_its_application(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let others = [market.north.student().await, market.north.student().await];
        for other in &others {
            market.consents(other).await;
        }
        let mut places = Vec::new();
        for (student, slot) in [&market.student, &others[0], &others[1]].into_iter().zip(&slots) {
            let application = shortlisted(&market, student).await;
            market::step(&market.recruiter, "Invite", &application, json!({})).await.result();
            let booking = booked(student, &application, slot).await;
            places.push((student, application, booking));
        }
        let status = async |place: usize| read(places[place].0, &places[place].2, "status").await["status"].clone();
        // Met the day before: the place is for somebody else, and the student need not come.
        told(&others[1]).await;
        market::step(&market.recruiter, "RecordInterview", &places[2].1, json!({})).await.result();
        assert_eq!((status(2).await, told(&others[1]).await), (json!("CANCELLED"), vec!["INTERVIEW_CANCELLED".to_owned()]));
        assert_eq!(taken(&market.recruiter, &id).await, [1, 1, 0]);
        app.it_is("2026-03-03T01:00:00Z");
        step(&market.recruiter, "CheckIn", &places[0].2, json!({})).await.result();
        market::step(&market.recruiter, "RecordInterview", &places[0].1, json!({})).await.result();
        assert_eq!(status(0).await, "DONE");
        app.it_is("2026-03-03T01:30:00Z");
        market::step(&market.recruiter, "RecordNoShow", &places[1].1, json!({})).await.result();
        assert_eq!(status(1).await, "NO_SHOW");
        app.it_is("2026-03-05T00:00:00Z");
        assert_eq!(jobs::note_missed(app.app()).await.unwrap(), 0);
    }

    /// What ends the application gives its place up; the enterprise reads a name while the student consents or once the
    /// student came.
    async fn it_ends_with_its_application(app: TestApp) {
        let market = Market::new(&app).await;
        let (id, slots) = session(&market.recruiter, json!({})).await;
        let other = market.north.student().await;
        super::super::save(&other).await;
        let consent = super::super::give(&other, &market.recruiter.organization, &["PROFILE"]).await;
        let (one, two) = (shortlisted(&market, &market.student).await, shortlisted(&market, &other).await);
        let (first, second) = (booked(&market.student, &one, &slots[0]).await, booked(&other, &two, &slots[1]).await);
        let name = json!({ "student": { "displayName": "Student of North" } });
        assert_eq!(read(&market.recruiter, &second, "student { displayName }").await, name);
        super::super::withdraw(&other, &consent).await;
        assert_eq!(read(&market.recruiter, &second, "student { displayName }").await, json!({ "student": null }));
        assert_eq!(read(&market.staff, &second, "student { displayName }").await, name);
        assert_eq!(taken(&market.recruiter, &id).await, [1, 1, 0]);
        market::step(&market.student, "Withdraw", &one, json!({ "reason": "PERSONAL" })).await.result();
        assert_eq!(read(&market.student, &first, "status").await, json!({ "status": "CANCELLED" }));
        market::step(&market.recruiter, "Reject", &two, json!({ "reason": "PERSONAL" })).await.result();
        assert_eq!(read(&other, &second, "status").await, json!({ "status": "CANCELLED" }));
        assert_eq!(taken(&market.recruiter, &id).await, [0, 0, 0]);
    }

    /// The scorecard: once the student is there, for the enterprise alone; replaced whole; the student takes the scores
    /// along.
    async fn scored(app: TestApp) {
        let market = Market::new(&app).await;
        let (_, slots) = session(&market.recruiter, json!({})).await;
        let application = shortlisted(&market, &market.student).await;
        let id = booked(&market.student, &application, &slots[0]).await;
        app.it_is("2026-03-03T01:00:00Z");
        let one = |skill: &str, score: i32| json!({ "skill": skill, "score": score });
        step(&market.recruiter, "Score", &id, json!({ "scores": [one("SolidWorks", 3)] })).await.complains(&["RULE_VIOLATED"]);
        step(&market.recruiter, "CheckIn", &id, json!({})).await.result();
        let bad = json!({ "scores": [one("SolidWorks", 0), one(" ", 5), one("SolidWorks", 6)], "technologyQuestion": "x".repeat(2_001) });
        step(&market.recruiter, "Score", &id, bad).await.complains(&[
            "INVALID_INPUT input.scores.0.score", "INVALID_INPUT input.scores.1.skill", "INVALID_INPUT input.scores.2.skill",
            "INVALID_INPUT input.scores.2.score", "INVALID_INPUT input.technologyQuestion",
        ]);
        let many: Vec<Value> = (0..21).map(|at| one(&format!("技能 {at}"), 3)).collect();
        step(&market.recruiter, "Score", &id, json!({ "scores": many })).await.complains(&["INVALID_INPUT input.scores"]);
        step(&market.recruiter, "Score", &id, json!({ "scores": [one("英语", 2)] })).await.result();
        let whole = json!({ "scores": [
            { "skill": "SolidWorks", "score": 4, "note": "会做夹具" }, { "skill": "沟通", "score": 5 },
        ], "technologyQuestion": "阻燃面料如何降低成本？" });
        step(&market.student, "Score", &id, whole.clone()).await.refused(&["FORBIDDEN"]);
        step(&market.recruiter, "Score", &id, whole).await.results_in(json!({ "status": "CHECKED_IN" }));
        let card = "scores { skill score note } technologyQuestion";
        let scores = json!([{ "skill": "SolidWorks", "score": 4, "note": "会做夹具" }, { "skill": "沟通", "score": 5, "note": null }]);
        assert_eq!(read(&market.recruiter, &id, card).await,
            json!({ "scores": scores, "technologyQuestion": "阻燃面料如何降低成本？" }));
        for other in [&market.student, &market.staff] {
            assert_eq!(read(other, &id, card).await, json!({ "scores": [], "technologyQuestion": null }), "{}", other.login);
        }
        let export = market.student.gql("mutation { studentDataExport { result { json } } }", json!({})).await;
        let export: Value = serde_json::from_str(&export.text("/studentDataExport/result/json")).unwrap();
        assert_eq!(export["interviews"][0]["scores"], scores);
        assert!(!export.to_string().contains("阻燃"), "the enterprise's own question");
    }
}
