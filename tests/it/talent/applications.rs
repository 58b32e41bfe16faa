//! A student and an enterprise: from the application to the offer, one step by the one and one by the other.

use entity::membership::Role;
use futures_util::future::join_all;
use hezuo::talent::applications::jobs;
use serde_json::{Value, json};

use super::market::{self, Market};
use crate::{
    support::{Persona, fair, on_both},
    tables,
};

pub(super) const STEPS: &str = "query($id: ID!) { application(id: $id) { openSteps } }";
const STATUS: &str = "query($id: ID!) { application(id: $id) { status } }";

pub(super) async fn status(by: &Persona, id: &str) -> String {
    by.gql(STATUS, json!({ "id": id })).await.text("/application/status")
}

pub(super) fn open(steps: &[&str]) -> Value {
    json!({ "application": { "openSteps": steps } })
}

on_both! {
    /// From the first word to the offer that is accepted; each side is shown its own steps, the university none of them.
    async fn from_the_first_word_to_a_yes(app: TestApp) {
        let market = Market::new(&app).await;
        let Market { student, recruiter, staff, .. } = &market;
        let id = market.application().await;
        let shown = async |persona: &Persona, expected: &[&str]| {
            persona.gql(STEPS, json!({ "id": id })).await.is(open(expected));
        };
        shown(student, &["WITHDRAW"]).await;
        shown(recruiter, &["SHORTLIST", "REJECT"]).await;
        shown(staff, &[]).await;
        market::step(recruiter, "Shortlist", &id, json!({})).await.results_in(json!({ "status": "SHORTLISTED" }));
        market::step(recruiter, "Invite", &id, json!({})).await.results_in(json!({ "status": "INVITED" }));
        shown(recruiter, &["RECORD_INTERVIEW", "RECORD_NO_SHOW", "REJECT"]).await;
        let interview = json!({ "note": "作图规范" });
        market::step(recruiter, "RecordInterview", &id, interview).await.results_in(json!({ "status": "INTERVIEWED" }));
        shown(student, &["DECLARE_INTENTION", "WITHDRAW"]).await;
        let aim = json!({ "engagement": "EMPLOYMENT" });
        market::step(student, "DeclareIntention", &id, aim).await.results_in(json!({ "status": "INTENTION" }));
        shown(student, &["WITHDRAW"]).await;
        shown(recruiter, &["CONFIRM_INTENTION", "REJECT"]).await;
        market::step(recruiter, "Offer", &id, market::offer()).await.complains(&["RULE_VIOLATED"]);
        market::step(recruiter, "ConfirmIntention", &id, json!({})).await.results_in(json!({ "status": "INTENTION" }));
        shown(recruiter, &["OPEN_NEGOTIATION", "OFFER", "REJECT"]).await;
        market::step(recruiter, "Offer", &id, market::offer()).await.results_in(json!({ "status": "OFFERED" }));
        shown(student, &["ACCEPT", "DECLINE", "WITHDRAW"]).await;
        market::step(student, "Accept", &id, json!({})).await.results_in(json!({ "status": "ACCEPTED" }));
        shown(student, &[]).await;
        shown(recruiter, &[]).await;
        shown(staff, &["RECORD_SIGNING"]).await;
        let query = "query($id: ID!) { application(id: $id) {
            position { title } organization { name } student { displayName } university { name } letter intention
            intentionBy intentionConfirmedAt offer offerPay offerStartsOn offerAnswerBy acceptedAt version
            history { nodes { kind } } } }";
        let kinds = [
            "ApplicationSubmitted", "ApplicationShortlisted", "ApplicationInvited", "ApplicationInterviewed",
            "IntentionDeclared", "IntentionConfirmed", "OfferMade", "OfferAccepted",
        ];
        student.gql(query, json!({ "id": id })).await.is(json!({ "application": {
            "position": { "title": "质量管理工程师" }, "organization": { "name": "Alpha" },
            "student": { "displayName": "Student of North" }, "university": { "name": "North" }, "letter": "我想来营山。",
            "intention": "EMPLOYMENT", "intentionBy": "STUDENT", "intentionConfirmedAt": "2026-03-02T01:00:00.000000Z",
            "offer": "EMPLOYMENT", "offerPay": "600000", "offerStartsOn": "2026-07-01", "offerAnswerBy": "2026-03-10",
            "acceptedAt": "2026-03-02T01:00:00.000000Z", "version": 8,
            "history": { "nodes": kinds.map(|kind| json!({ "kind": kind })) },
        } }));
    }

    /// Nothing of a student is seen by an enterprise before the student has consented and applied; nobody else learns
    /// of the application at all.
    async fn who_sees_it(app: TestApp) {
        let market = Market::new(&app).await;
        let stranger = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let outside = [
            market.north.student().await, market.north.professor().await, market.north.auditor().await,
            market.county.officer().await, market.county.admin().await, stranger,
            app.platform().await.admin().await, app.university("South").await.staff().await,
        ];
        let count = "{ applications { totalCount } applicationCounts { count } }";
        market.recruiter.gql(count, json!({})).await.is(json!({ "applications": { "totalCount": 0 }, "applicationCounts": [] }));
        let id = market.application().await;
        for person in &outside {
            person.gql(STATUS, json!({ "id": id })).await.is(json!({ "application": null }));
            person.gql(count, json!({})).await.is(json!({ "applications": { "totalCount": 0 }, "applicationCounts": [] }));
            let input = json!({ "id": id, "expectedVersion": 1 });
            person.does("applicationShortlist", input, "status").await.refused(&["NOT_FOUND"]);
        }
        let inside = [
            &market.student, &market.recruiter, &market.recruiter.organization.admin().await, &market.staff,
            &market.north.admin().await,
        ];
        for person in inside {
            let one = json!({ "applications": { "totalCount": 1 }, "applicationCounts": [{ "count": 1 }] });
            person.gql(count, json!({})).await.is(one);
        }
    }

    /// What the enterprise notes is for its own people.
    async fn notes_are_the_enterprises(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        let query = "query($id: ID!) { application(id: $id) { interviewNote interviewedAt } }";
        let read = |note: Value| json!({ "application": { "interviewNote": note, "interviewedAt": "2026-03-02T01:00:00.000000Z" } });
        for person in [&market.student, &market.staff] {
            person.gql(query, json!({ "id": id })).await.is(read(Value::Null));
        }
        market.recruiter.gql(query, json!({ "id": id })).await.is(read(json!("谈吐清楚")));
        // Nor for whom it is about, once hired.
        let hired = market.student.also(&market.recruiter.organization, Role::EnterpriseRecruiter).await;
        hired.gql(query, json!({ "id": id })).await.is(read(Value::Null));
    }

    /// Consent comes first; once for each position, until the application is taken back; in time.
    async fn applying(app: TestApp) {
        let market = Market::new(&app).await;
        let other = market.north.student().await;
        let input = json!({ "positionId": market.position });
        other.does("applicationSubmit", input.clone(), "id").await.complains(&["CONSENT_REQUIRED input.positionId"]);
        market.staff.does("applicationSubmit", input.clone(), "id").await.refused(&["FORBIDDEN"]);
        let id = market.application().await;
        market.student.does("applicationSubmit", input.clone(), "id").await.complains(&["DUPLICATE input.positionId"]);
        let why = json!({ "reason": "FURTHER_STUDY" });
        market::step(&market.student, "Withdraw", &id, why).await.results_in(json!({ "status": "WITHDRAWN" }));
        market.student.does("applicationSubmit", input.clone(), "status").await.results_in(json!({ "status": "SUBMITTED" }));
        // The last day ends at midnight in Shanghai (I16).
        market.consents(&other).await;
        app.it_is("2026-06-30T16:00:00Z");
        other.does("applicationSubmit", input.clone(), "id").await.complains(&["RULE_VIOLATED input.positionId"]);
        app.it_is("2026-06-30T15:59:59Z");
        other.does("applicationSubmit", input, "status").await.results_in(json!({ "status": "SUBMITTED" }));
    }

    /// The résumé is read while the student consents; when that is withdrawn the application stays and says what is missing.
    async fn the_resume_behind_it(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.application().await;
        let query = "query($id: ID!) { application(id: $id) { status resume { current { content { headline } } } } }";
        let read = async |persona: &Persona| persona.gql(query, json!({ "id": id })).await;
        let shown = json!({ "current": { "content": { "headline": "质量管理工程应届生" } } });
        let table = "{ applications { nodes { status resume { current { content { headline } } } } } }";
        let table = async || tables::csv(&app, &market.recruiter, "en", table).await;
        let heading = "status,resume.current.content.headline";
        assert_eq!(read(&market.recruiter).await.at("/application/resume"), &shown);
        assert_eq!(super::log(&market.student).await.len(), 1);
        assert_eq!(table().await, [heading, "SUBMITTED,质量管理工程应届生"]);
        assert_eq!(super::log(&market.student).await.len(), 2);
        market.student.does("shareConsentWithdrawAll", json!({}), "withdrawn").await.result();
        let closed = read(&market.recruiter).await;
        assert_eq!(closed.codes(), ["CONSENT_REQUIRED"]);
        assert_eq!(closed.body["data"]["application"], json!({ "status": "SUBMITTED", "resume": null }));
        assert_eq!(table().await, [heading, "SUBMITTED,CONSENT_REQUIRED"]);
        assert_eq!(super::log(&market.student).await.len(), 2);
        assert_eq!(read(&market.student).await.at("/application/resume"), &shown);
        // The university knows that there is one, and reads nothing of it.
        let staff = read(&market.staff).await;
        assert_eq!(staff.body["data"]["application"]["resume"], json!({ "current": null }));
    }

    /// An event at which the two met is one that the student registered for.
    async fn met_at_an_event(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, admin) = (market.county.officer().await, market.county.admin().await);
        let event = fair::published(&officer, &admin, json!({})).await;
        let input = json!({ "positionId": market.position, "eventId": event });
        market.student.does("applicationSubmit", input.clone(), "id").await.complains(&["INVALID_INPUT input.eventId"]);
        market.student.does("registrationCreate", json!({ "eventId": event }), "id").await.result();
        let gone = market.north.student().await;
        market.consents(&gone).await;
        let place = gone.does("registrationCreate", json!({ "eventId": event }), "id").await.result()["id"].clone();
        gone.does("registrationCancel", json!({ "id": place, "expectedVersion": 1 }), "id").await.result();
        gone.does("applicationSubmit", input.clone(), "id").await.complains(&["INVALID_INPUT input.eventId"]);
        let made = market.student.does("applicationSubmit", input, "event { title }").await;
        made.results_in(json!({ "event": { "title": "园区群面" } }));
        let query = "query($id: ID!) { recruitmentEvent(id: $id) { positions { totalCount } }
            position(id: $position) { applications { totalCount } } }".replace("$id: ID!", "$id: ID!, $position: ID!");
        let seen = market.recruiter.gql(&query, json!({ "id": event, "position": market.position })).await;
        seen.is(json!({ "recruitmentEvent": { "positions": { "totalCount": 0 } }, "position": { "applications": { "totalCount": 1 } } }));
    }

    /// What belongs to an enterprise goes with it when it turns out to be another one.
    async fn merged(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.intention().await;
        let input = json!({ "dueOn": "2026-03-05", "topic": "薪酬" });
        market::step(&market.recruiter, "OpenNegotiation", &id, input).await.result();
        let other = app.enterprise(&market.county, "Alpha again").await;
        let from = market.recruiter.organization.clone();
        let input = json!({ "id": from.id(), "intoId": other.id(), "expectedVersion": 1, "intoExpectedVersion": 1, "reason": "重复登记" });
        app.platform().await.admin().await.does("organizationMerge", input, "id").await.result();
        let query = "query($id: ID!) { application(id: $id) { organization { name } version openSteps
            negotiations { nodes { openSteps version } } } }";
        other.recruiter().await.gql(query, json!({ "id": id })).await.is(json!({ "application": {
            "organization": { "name": "Alpha again" }, "version": 8, "openSteps": ["REJECT"],
            "negotiations": { "nodes": [{ "openSteps": ["HOLD"], "version": 2 }] },
        } }));
    }

    /// Thirty-two times at once: one application.
    async fn applying_at_once(app: TestApp) {
        let market = Market::new(&app).await;
        market.student.token().await;
        let input = json!({ "positionId": market.position });
        let answers = join_all((0..32).map(|_| market.student.does("applicationSubmit", input.clone(), "id"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.user_errors().is_empty()).count(), 1);
        let refused = answers.iter().filter(|answer| answer.problems() == ["DUPLICATE input.positionId"]).count();
        assert_eq!(refused, 31);
        let query = "{ applications { totalCount } }";
        market.recruiter.gql(query, json!({})).await.is(json!({ "applications": { "totalCount": 1 } }));
    }

    /// The same request under the same key gives the same application.
    async fn repeated_by_a_machine(app: TestApp) {
        let market = Market::new(&app).await;
        let mut input = json!({ "positionId": market.position, "idempotencyKey": "app-1" });
        let first = market.student.does("applicationSubmit", input.clone(), "id").await.result().clone();
        assert_eq!(*market.student.does("applicationSubmit", input.clone(), "id").await.result(), first);
        input["letter"] = json!("另一封信");
        market.student.does("applicationSubmit", input, "id").await.complains(&["DUPLICATE input.idempotencyKey"]);
    }

    /// Nobody decides about the own application, under whichever membership (I12).
    async fn not_by_oneself(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.application().await;
        let both = market.student.also(&market.recruiter.organization, Role::EnterpriseRecruiter).await;
        for step in ["Shortlist", "Reject"] {
            let input = json!({ "id": id, "expectedVersion": 1, "reason": "SKILLS" });
            let (input, name) = match step {
                "Shortlist" => (json!({ "id": id, "expectedVersion": 1 }), "applicationShortlist"),
                _ => (input, "applicationReject"),
            };
            both.does(name, input, "status").await.refused(&["FORBIDDEN"]);
        }
        assert_eq!(status(&market.recruiter, &id).await, "SUBMITTED");
    }

    /// Why it ended is from a list; OTHER says what.
    async fn how_it_ends(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        let vague = json!({ "reason": "OTHER" });
        market::step(&market.recruiter, "Reject", &id, vague).await.complains(&["INVALID_INPUT input.note"]);
        market::step(&market.student, "Reject", &id, json!({ "reason": "PAY" })).await.refused(&["FORBIDDEN"]);
        let reason = json!({ "reason": "EXPERIENCE", "note": "请再积累一年" });
        market::step(&market.recruiter, "Reject", &id, reason).await.results_in(json!({ "status": "REJECTED" }));
        let query = "query($id: ID!) { application(id: $id) { closingReason closingNote openSteps } }";
        market.student.gql(query, json!({ "id": id })).await.is(json!({ "application": {
            "closingReason": "EXPERIENCE", "closingNote": "请再积累一年", "openSteps": [],
        } }));
        let back = json!({ "reason": "PERSONAL" });
        market::step(&market.student, "Withdraw", &id, back).await.complains(&["ILLEGAL_STEP input.id"]);
    }

    /// Whoever does not come is told of; not before being invited.
    async fn not_there(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.application().await;
        market::step(&market.recruiter, "RecordNoShow", &id, json!({})).await.complains(&["ILLEGAL_STEP input.id"]);
        market::step(&market.recruiter, "Shortlist", &id, json!({})).await.result();
        market::step(&market.recruiter, "Invite", &id, json!({})).await.result();
        let early = json!({ "interviewedAt": "2026-02-28T00:00:00Z" });
        market::step(&market.recruiter, "RecordInterview", &id, early).await.complains(&["INVALID_INPUT input.interviewedAt"]);
        market::step(&market.recruiter, "RecordNoShow", &id, json!({})).await.results_in(json!({ "status": "NO_SHOW" }));
    }

    /// An intention needs both sides within seven days; the side that declared it does not confirm it.
    async fn an_intention_of_one_side_lapses(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        let aim = json!({ "engagement": "INTERNSHIP" });
        market::step(&market.recruiter, "DeclareIntention", &id, aim).await.result();
        for person in [&market.recruiter, &market.recruiter.organization.admin().await] {
            let answer = market::step(person, "ConfirmIntention", &id, json!({})).await;
            answer.complains(&["ILLEGAL_STEP input.id"]);
        }
        app.it_is("2026-03-09T00:59:59Z");
        assert_eq!(jobs::lapse(app.app()).await.unwrap(), 0);
        app.it_is("2026-03-09T01:00:00Z");
        let late = market::step(&market.student, "ConfirmIntention", &id, json!({})).await;
        late.complains(&["RULE_VIOLATED"]);
        assert_eq!(jobs::lapse(app.app()).await.unwrap(), 1);
        assert_eq!(jobs::lapse(app.app()).await.unwrap(), 0);
        assert_eq!(status(&market.student, &id).await, "LAPSED");
    }

    /// What both sides want does not lapse.
    async fn an_intention_of_both_stays(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.intention().await;
        app.it_is("2026-05-01T00:00:00Z");
        assert_eq!(jobs::lapse(app.app()).await.unwrap(), 0);
        assert_eq!(status(&market.student, &id).await, "INTENTION");
    }

    /// An application that changed since it was read is not decided about.
    async fn a_stale_version(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.application().await;
        market::step(&market.recruiter, "Shortlist", &id, json!({})).await.result();
        let input = json!({ "id": id, "expectedVersion": 1 });
        market.recruiter.does("applicationInvite", input, "id").await.complains(&["CONFLICT input.expectedVersion"]);
    }

    /// Each side is told what the other did; nobody what he did himself.
    async fn who_is_told(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.offered().await;
        market::step(&market.student, "Accept", &id, json!({})).await.result();
        let told = async |person: &Persona| {
            let mut kinds = super::told(person).await;
            kinds.retain(|kind| market::KINDS.contains(&kind.as_str()));
            kinds
        };
        assert_eq!(told(&market.student).await, ["INTERVIEW_INVITED", "INTENTION_DECLARED", "OFFER_MADE"]);
        assert_eq!(told(&market.recruiter).await, ["APPLICATION_SUBMITTED", "INTENTION_CONFIRMED", "OFFER_ANSWERED"]);
        assert_eq!(told(&market.staff).await, ["SIGNING_TO_RECORD"]);
    }
}
