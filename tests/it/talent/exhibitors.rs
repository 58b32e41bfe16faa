//! Booths: asked for or offered, never more than there are, each enterprise once.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    organizations::merge,
    support::{
        Answer, Persona, fair,
        fair::{booth, published, taken},
        on_both,
    },
};

async fn step(by: &Persona, step: &str, id: &str, more: Value) -> Answer {
    taken(by, ("eventExhibitor", &format!("eventExhibitor{step}")), id, more).await
}

async fn asked(by: &Persona, event: &str) -> String {
    let asked = by.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await;
    asked.result()["id"].as_str().unwrap().to_owned()
}

on_both! {
    /// Asked for and given; taken back and asked for again; offered and taken; declined by whoever was asked.
    async fn the_ways_to_a_booth(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let [alpha, beta] = [app.enterprise(&yingshan, "Alpha").await, app.enterprise(&yingshan, "Beta").await];
        let (recruiter, other) = (alpha.recruiter().await, beta.admin().await);
        let event = published(&officer, &reviewer, json!({})).await;
        let id = asked(&recruiter, &event).await;
        let again = recruiter.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await;
        again.complains(&["DUPLICATE input.eventId"]);
        step(&recruiter, "Confirm", &id, json!({})).await.refused(&["FORBIDDEN"]);
        step(&recruiter, "Decline", &id, json!({ "reason": "无" })).await.refused(&["FORBIDDEN"]);
        step(&officer, "Withdraw", &id, json!({ "reason": "无" })).await.refused(&["FORBIDDEN"]);
        step(&officer, "Confirm", &id, json!({ "booth": "长".repeat(41) })).await.complains(&["INVALID_INPUT input.booth"]);
        step(&officer, "Confirm", &id, json!({ "booth": "A12" })).await.results_in(json!({ "status": "CONFIRMED" }));
        step(&recruiter, "Withdraw", &id, json!({ "reason": " " })).await.complains(&["INVALID_INPUT input.reason"]);
        step(&recruiter, "Withdraw", &id, json!({ "reason": "停产检修。" })).await.results_in(json!({ "status": "WITHDRAWN" }));
        assert_eq!(asked(&recruiter, &event).await, id);
        step(&officer, "Decline", &id, json!({ "reason": "展位已满。" })).await.results_in(json!({ "status": "DECLINED" }));
        recruiter.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await.complains(&["DUPLICATE input.eventId"]);

        let invite = |organization: &str| json!({ "eventId": event, "organizationId": organization, "booth": "B1" });
        let invited = officer.does("eventExhibitorInvite", invite(&alpha.id()), "id status").await;
        invited.results_in(json!({ "id": id, "status": "INVITED" }));
        officer.does("eventExhibitorInvite", invite(&alpha.id()), "id").await.complains(&["DUPLICATE input.organizationId"]);
        officer.does("eventExhibitorInvite", invite(&yingshan.id()), "id").await
            .complains(&["INVALID_INPUT input.organizationId"]);
        step(&officer, "Accept", &id, json!({})).await.refused(&["FORBIDDEN"]);
        step(&recruiter, "Accept", &id, json!({})).await.results_in(json!({ "status": "CONFIRMED" }));
        let kinds = ["Requested", "Confirmed", "Withdrawn", "Requested", "Declined", "Invited", "Accepted"];
        let query = "query($id: ID!) { eventExhibitor(id: $id) { booth openSteps history { nodes { kind } } } }";
        recruiter.gql(query, json!({ "id": id })).await.is(json!({ "eventExhibitor": {
            "booth": "B1", "openSteps": ["WITHDRAW"],
            "history": { "nodes": kinds.map(|kind| json!({ "kind": format!("EventExhibitor{kind}") })) },
        } }));
        let offered = officer.does("eventExhibitorInvite", invite(&beta.id()), "id").await.result()["id"].clone();
        let declined = step(&other, "Decline", offered.as_str().unwrap(), json!({ "reason": "另有安排。" })).await;
        declined.results_in(json!({ "status": "DECLINED" }));

        // When the event is over nothing is given any more; a student has no booth, a suspended enterprise neither.
        fair::step(&officer, "Cancel", &event, json!({ "reason": "暴雨。" })).await.result();
        step(&recruiter, "Withdraw", &id, json!({ "reason": "无" })).await.complains(&["RULE_VIOLATED"]);
        officer.does("eventExhibitorInvite", invite(&beta.id()), "id").await.complains(&["RULE_VIOLATED"]);
        let second = published(&officer, &reviewer, json!({})).await;
        let request = json!({ "eventId": second });
        app.university("North").await.student().await.does("eventExhibitorRequest", request.clone(), "id").await
            .refused(&["FORBIDDEN"]);
        let waiting = asked(&recruiter, &second).await;
        for (enterprise, version) in [(&alpha, 1), (&beta, 1)] {
            let suspend = json!({ "id": enterprise.id(), "expectedVersion": version, "reason": "年检。" });
            reviewer.does("organizationSuspend", suspend, "status").await.result();
        }
        other.does("eventExhibitorRequest", request, "id").await.complains(&["RULE_VIOLATED"]);
        step(&officer, "Confirm", &waiting, json!({})).await.complains(&["RULE_VIOLATED"]);
    }

    /// Invited while the event is a draft: the enterprise sees it, and nobody asks for a booth yet.
    async fn invited_to_a_draft(app: TestApp) {
        let yingshan = app.county("511322").await;
        let officer = yingshan.officer().await;
        let [alpha, beta] = ["Alpha", "Beta"].map(|name| app.enterprise(&yingshan, name));
        let (alpha, beta) = (alpha.await.admin().await, beta.await.admin().await);
        let event = fair::draft(&officer, json!({})).await;
        let query = "query($id: ID!) { recruitmentEvent(id: $id) { title exhibitors { nodes { status } } } }";
        alpha.gql(query, json!({ "id": event })).await.is(json!({ "recruitmentEvent": null }));
        let invite = json!({ "eventId": event, "organizationId": alpha.organization.id() });
        let id = officer.does("eventExhibitorInvite", invite, "id").await.result()["id"].clone();
        alpha.gql(query, json!({ "id": event })).await.is(json!({ "recruitmentEvent": {
            "title": "园区群面", "exhibitors": { "nodes": [{ "status": "INVITED" }] } } }));
        beta.gql(query, json!({ "id": event })).await.is(json!({ "recruitmentEvent": null }));
        beta.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await.refused(&["NOT_FOUND"]);
        step(&alpha, "Accept", id.as_str().unwrap(), json!({})).await.results_in(json!({ "status": "CONFIRMED" }));
        // Not announced, a booth is for the two sides alone.
        let unseen = "query($id: ID!) { eventExhibitor(id: $id) { id } }";
        beta.gql(unseen, json!({ "id": id })).await.is(json!({ "eventExhibitor": null }));
        fair::step(&officer, "Submit", &event, json!({})).await.result();
        fair::step(&yingshan.officer().await, "Publish", &event, json!({})).await.result();
        let inbox = alpha.gql("{ viewer { inbox(first: 9) { nodes { kind } } } }", json!({})).await;
        assert_eq!(inbox.at("/viewer/inbox/nodes"), &json!([{ "kind": "EVENT_PUBLISHED" }, { "kind": "BOOTH_OFFERED" }]));
        let by_id = "query($id: ID!) { eventExhibitor(id: $id) { status } }";
        beta.gql(by_id, json!({ "id": id })).await.is(json!({ "eventExhibitor": { "status": "CONFIRMED" } }));
    }

    /// Eight enterprises, three booths, all confirmed at once: three get one, the others are told why.
    async fn never_more_than_there_are(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let event = published(&officer, &reviewer, json!({ "text": { "booths": 3 } })).await;
        let mut waiting = Vec::new();
        for name in ["A", "B", "C", "D", "E", "F", "G", "H"] {
            let recruiter = app.enterprise(&yingshan, name).await.recruiter().await;
            waiting.push(asked(&recruiter, &event).await);
        }
        officer.token().await;
        let officer = Arc::new(officer);
        let answers = join_all(waiting.into_iter().map(|id| {
            let officer = officer.clone();
            tokio::spawn(async move {
                officer.does("eventExhibitorConfirm", json!({ "id": id, "expectedVersion": 1 }), "status").await
            })
        })).await;
        let problems: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().problems()).collect();
        assert_eq!(problems.iter().filter(|problems| problems.is_empty()).count(), 3);
        assert_eq!(problems.iter().filter(|problems| **problems == ["CAPACITY_FULL input.id"]).count(), 5, "{problems:?}");
        let query = "query($event: ID!) { eventExhibitors(filter: { eventId: { in: [$event] }, status: { in: [CONFIRMED] } }) { totalCount } }";
        officer.gql(query, json!({ "event": event })).await.is(json!({ "eventExhibitors": { "totalCount": 3 } }));
    }

    /// However often an enterprise asks at once, and whoever invites it meanwhile, it is there once.
    async fn never_twice(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let recruiter = app.enterprise(&yingshan, "Alpha").await.recruiter().await;
        let event = published(&officer, &reviewer, json!({})).await;
        recruiter.token().await;
        let recruiter = Arc::new(recruiter);
        let answers = join_all((0..16).map(|_| {
            let (recruiter, event) = (recruiter.clone(), event.clone());
            tokio::spawn(async move { recruiter.does("eventExhibitorRequest", json!({ "eventId": event }), "id").await })
        })).await;
        let problems: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().problems()).collect();
        assert_eq!(problems.iter().filter(|problems| problems.is_empty()).count(), 1);
        assert_eq!(problems.iter().filter(|problems| **problems == ["DUPLICATE input.eventId"]).count(), 15, "{problems:?}");
    }

    /// What is asked for under a key is asked for once, and again under the same record.
    async fn repeated_by_a_machine(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let recruiter = app.enterprise(&yingshan, "Alpha").await.recruiter().await;
        let event = published(&officer, &reviewer, json!({})).await;
        let request = async |key: &str| {
            let input = json!({ "eventId": event, "idempotencyKey": key });
            recruiter.does("eventExhibitorRequest", input, "id").await.result()["id"].as_str().unwrap().to_owned()
        };
        let id = request("erp-1").await;
        assert_eq!(request("erp-1").await, id);
        step(&recruiter, "Withdraw", &id, json!({ "reason": "改期。" })).await.result();
        assert_eq!(request("erp-2").await, id);
        assert_eq!(request("erp-2").await, id);
        let invite = json!({ "eventId": event, "organizationId": recruiter.organization.id(), "idempotencyKey": "k" });
        officer.does("eventExhibitorInvite", invite, "id").await.complains(&["DUPLICATE input.organizationId"]);
    }

    /// Events, booths and registrations of a duplicate are the other one's from then on; a booth at the same event
    /// forbids it until it is given up.
    async fn merged(app: TestApp) {
        let platform = app.platform().await.admin().await;
        let yingshan = app.county("511322").await;
        let (officer, reviewer) = (yingshan.officer().await, yingshan.officer().await);
        let [alpha, double] = ["Alpha", "Alpha 2"].map(|name| app.enterprise(&yingshan, name));
        let (alpha, double) = (alpha.await, double.await);
        let [first, second] = [json!({}), json!({})].map(|changes| published(&officer, &reviewer, changes));
        let (first, second) = (first.await, second.await);
        let (own, other) = (double.recruiter().await, alpha.recruiter().await);
        booth(&own, &officer, &first).await;
        let twice = booth(&own, &officer, &second).await;
        asked(&other, &second).await;
        let (changes, obstacles) = merge::preview(&platform, &double, &alpha).await;
        assert_eq!(changes, ["membership MOVES 1", "event_exhibitor MOVES 1", "notification MOVES 2"]);
        assert_eq!(obstacles, ["id: At 1 events both organizations are named; withdraw the duplicate's booth there first."]);
        let refused = platform.does("organizationMerge", merge::input(&double, &alpha).await, "id").await;
        refused.complains(&["RULE_VIOLATED input.id"]);
        step(&officer, "Withdraw", &twice, json!({ "reason": "重复登记。" })).await.result();
        merge::merge(&platform, &double, &alpha).await;
        let query = "query($event: ID!) { eventExhibitors(filter: { eventId: { in: [$event] }, status: { in: [CONFIRMED] } })
            { nodes { organization { name } history { nodes { kind } } } } }";
        let seen = other.gql(query, json!({ "event": first })).await;
        assert_eq!(seen.at("/eventExhibitors/nodes/0/organization/name"), "Alpha");
        assert_eq!(seen.at("/eventExhibitors/nodes/0/history/nodes/2/kind"), "OrganizationOfRecordMerged");

        let [north, copy] = ["North", "North 2"].map(|name| app.university(name));
        let (north, copy) = (north.await, copy.await);
        let event = published(&copy.staff().await, &officer, json!({ "regionCode": "511322" })).await;
        let student = copy.student().await;
        let registration = fair::registered(&student, &event).await;
        let (changes, _) = merge::preview(&platform, &copy, &north).await;
        assert_eq!(changes, ["membership MOVES 2", "recruitment_event MOVES 1", "registration MOVES 1", "notification MOVES 1"]);
        merge::merge(&platform, &copy, &north).await;
        let query = "query($id: ID!) { registration(id: $id) { university { name } event { organizer { name } } } }";
        north.staff().await.gql(query, json!({ "id": registration })).await.is(json!({ "registration": {
            "university": { "name": "North" }, "event": { "organizer": { "name": "North" } } } }));
    }
}
