//! Offers: what they must look like, for what they are made, and how many there are.

use futures_util::future::join_all;
use hezuo::talent::applications::jobs;
use serde_json::json;

use super::{
    applications::{STEPS, open, status},
    market::{self, Market},
};
use crate::support::on_both;

on_both! {
    /// An offer is good until the end of its last day in Shanghai (I16).
    async fn an_offer_without_an_answer_lapses(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.offered().await;
        app.it_is("2026-03-10T15:59:59Z");
        assert_eq!(jobs::lapse(app.app()).await.unwrap(), 0);
        app.it_is("2026-03-10T16:00:00Z");
        market::step(&market.student, "Accept", &id, json!({})).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(market.student.gql(STEPS, json!({ "id": id })).await.data(), &open(&[]));
        assert_eq!(jobs::lapse(app.app()).await.unwrap(), 1);
        assert_eq!(status(&market.recruiter, &id).await, "LAPSED");
    }

    /// Every field of an offer that is wrong is told at once.
    async fn what_an_offer_must_look_like(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        let bad = json!({
            "engagement": "EMPLOYMENT", "pay": "-1", "startsOn": "2026-02-01", "answerBy": "2026-02-28",
            "terms": "身份证号 11010519491231002X",
        });
        market::step(&market.recruiter, "Offer", &id, bad).await.complains(&[
            "INVALID_INPUT input.pay", "INVALID_INPUT input.answerBy", "INVALID_INPUT input.startsOn",
            "INVALID_INPUT input.terms",
        ]);
        let mut late = market::offer();
        late["answerBy"] = late["startsOn"].clone();
        market::step(&market.recruiter, "Offer", &id, late).await.complains(&["INVALID_INPUT input.startsOn"]);
        assert_eq!(status(&market.student, &id).await, "INTERVIEWED");
    }

    /// For a position that the county has blocked nobody is invited or offered work, and nobody finds another one in its place.
    async fn nothing_is_offered_for_what_is_blocked(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        let other = market.north.student().await;
        market.consents(&other).await;
        let second = market.application_of(&other).await;
        market::step(&market.recruiter, "Shortlist", &second, json!({})).await.result();
        let input = |version: i32| json!({ "id": market.position, "expectedVersion": version, "reason": "薪资不实。" });
        market.county.officer().await.does("positionBlock", input(3), "status").await.results_in(json!({ "status": "BLOCKED" }));
        market::step(&market.recruiter, "Offer", &id, market::offer()).await.complains(&["RULE_VIOLATED"]);
        market::step(&market.recruiter, "Invite", &second, json!({})).await.complains(&["RULE_VIOLATED"]);
        assert_eq!((status(&market.student, &id).await, status(&other, &second).await), ("INTERVIEWED".into(), "SHORTLISTED".into()));
        let revise = json!({ "id": market.position, "expectedVersion": 4 });
        market.recruiter.does("positionRevise", revise, "id").await.complains(&["RULE_VIOLATED"]);
    }

    /// A suspended enterprise binds itself to nothing.
    async fn nothing_is_offered_while_suspended(app: TestApp) {
        let market = Market::new(&app).await;
        let id = market.interviewed().await;
        let input = json!({ "id": market.recruiter.organization.id(), "expectedVersion": 1, "reason": "年检。" });
        market.county.officer().await.does("organizationSuspend", input, "id").await.result();
        market::step(&market.recruiter, "Offer", &id, market::offer()).await.complains(&["RULE_VIOLATED"]);
        assert_eq!(status(&market.student, &id).await, "INTERVIEWED");
    }

    /// As many offers as places, also eight at once; the last yes fills the position.
    async fn as_many_offers_as_places(app: TestApp) {
        let market = Market::new(&app).await;
        let mut ids = Vec::new();
        let mut students = Vec::new();
        for _ in 0..8 {
            let student = market.north.student().await;
            market.consents(&student).await;
            ids.push(market.interviewed_for(&student).await);
            students.push(student);
        }
        market.recruiter.token().await;
        let offers = ids.iter().map(|id| {
            let mut input = market::offer();
            input["id"] = json!(id);
            input["expectedVersion"] = json!(4);
            market.recruiter.does("applicationOffer", input, "status")
        });
        let answers = join_all(offers).await;
        let refused = answers.iter().filter(|answer| answer.problems() == ["CAPACITY_FULL input.id"]).count();
        assert_eq!((answers.iter().filter(|answer| answer.user_errors().is_empty()).count(), refused), (2, 6));
        // A declined offer gives its place back.
        let offered: Vec<usize> = (0..8).filter(|at| answers[*at].user_errors().is_empty()).collect();
        let [first, second] = offered[..] else { panic!("two offers") };
        let no = json!({ "reason": "OTHER_OFFER" });
        market::step(&students[first], "Decline", &ids[first], no).await.results_in(json!({ "status": "DECLINED" }));
        let third = (0..8).find(|at| !offered.contains(at)).unwrap();
        market::step(&market.recruiter, "Offer", &ids[third], market::offer()).await.result();
        market::step(&students[second], "Accept", &ids[second], json!({})).await.result();
        assert_eq!(market.position_status().await, "PUBLISHED");
        market::step(&students[third], "Accept", &ids[third], json!({})).await.result();
        assert_eq!(market.position_status().await, "FILLED");
        // Everybody reads the history of a position, and nobody there who accepted.
        let query = "query($id: ID!) { position(id: $id) { history(last: 1) { nodes { kind user { displayName } organization { name } role action } } } }";
        let told = market.county.officer().await.gql(query, json!({ "id": market.position })).await;
        assert_eq!(told.at("/position/history/nodes/0"), &json!({
            "kind": "PositionFilled", "user": null, "organization": null, "role": null, "action": "job.fillPositions",
        }));
    }
}
