//! Who sees a position: its enterprise and its county from the beginning, everyone signed in once it is published.

use serde_json::{Value, json};

use super::step;
use crate::{
    support::{Persona, offer, on_both},
    visibility::{logins, seen_by},
};

const NAMES: (&str, &str) = ("position", "positions");

on_both! {
    /// In each status, by every way that leads to a record.
    async fn who_sees_it_when(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let inside = [&sides.enterprise, &sides.alpha.recruiter().await, &sides.county, &sides.yingshan.officer().await];
        let outside = [
            &sides.yingshan.auditor().await, &sides.university, &sides.north.student().await, &sides.north.auditor().await,
            &yilong.admin().await, &yilong.officer().await, &beta.admin().await, &app.platform().await.admin().await,
        ];
        let everybody: Vec<&Persona> = inside.into_iter().chain(outside).collect();
        let (all, some) = (logins(&everybody), logins(&inside));
        let id = offer::written(&sides.enterprise, json!({})).await;
        let seen = async || seen_by(&everybody, NAMES, &id, "研发").await;
        assert_eq!(seen().await, some);
        let reason = || json!({ "reason": "理由。" });
        for (by, name, more, seen_then) in [
            (&sides.enterprise, "Submit", json!({}), &some),
            (&sides.county, "Return", reason(), &some),
            (&sides.enterprise, "Submit", json!({}), &some),
            (&sides.county, "Block", reason(), &some),
            (&sides.enterprise, "Revise", json!({}), &some),
            (&sides.enterprise, "Submit", json!({}), &some),
            (&sides.county, "Publish", json!({}), &all),
            (&sides.enterprise, "Extend", json!({ "headcount": 9 }), &all),
            (&sides.county, "Block", reason(), &some),
            (&sides.enterprise, "Revise", json!({}), &some),
            (&sides.enterprise, "Submit", json!({}), &some),
            (&sides.county, "Publish", json!({}), &all),
            (&sides.enterprise, "Withdraw", reason(), &all),
        ] {
            step(by, name, &id, more).await.result();
            assert_eq!(&seen().await, seen_then, "after {name}");
        }
        // Taken back before it was published, it stays theirs alone.
        let id = offer::submitted(&sides.enterprise, json!({})).await;
        step(&sides.enterprise, "Withdraw", &id, reason()).await.result();
        assert_eq!(seen_by(&everybody, NAMES, &id, "研发").await, some);
    }

    /// Skills and majors are seen with their position; why it was withdrawn is for its own people and the county.
    async fn what_belongs_to_it(app: TestApp) {
        let sides = app.sides().await;
        let id = offer::submitted(&sides.enterprise, json!({})).await;
        let parts = "query($id: ID!) { position(id: $id) { statusReason skills { name } majors { code } } }";
        let found = async |by: &Persona| {
            let mut seen = by.gql(parts, json!({ "id": id })).await.data()["position"].clone();
            seen.as_object_mut().map(|seen| seen.remove("statusReason"));
            seen
        };
        let both = json!({ "skills": [{ "name": "SolidWorks" }], "majors": [{ "code": "081601" }] });
        assert_eq!((found(&sides.university).await, found(&sides.county).await), (Value::Null, both.clone()));
        step(&sides.county, "Publish", &id, json!({})).await.result();
        step(&sides.enterprise, "Withdraw", &id, json!({ "reason": "计划调整。" })).await.result();
        assert_eq!(found(&sides.university).await, both);
        let mut reasons = Vec::new();
        for person in [&sides.enterprise, &sides.county, &sides.university, &app.county("511324").await.admin().await] {
            reasons.push(person.gql(parts, json!({ "id": id })).await.at("/position/statusReason").clone());
        }
        assert_eq!(reasons, [json!("计划调整。"), json!("计划调整。"), Value::Null, Value::Null]);
    }

    /// Counts say no more than the lists: a draft counts for its own people and the county alone.
    async fn counted_as_seen(app: TestApp) {
        let sides = app.sides().await;
        offer::published(&sides.enterprise, &sides.county, json!({})).await;
        offer::published(&sides.enterprise, &sides.county, json!({ "family": "QUALITY" })).await;
        for family in ["QUALITY", "ACCOUNTING"] {
            offer::written(&sides.enterprise, json!({ "family": family })).await;
        }
        let query = "{ positionCounts { family status count } }";
        let count = |family: &str, status: &str, count: i32| json!({ "family": family, "status": status, "count": count });
        let published = [count("QUALITY", "PUBLISHED", 1), count("RESEARCH_AND_DEVELOPMENT", "PUBLISHED", 1)];
        sides.university.gql(query, json!({})).await.is(json!({ "positionCounts": published }));
        let all = json!({ "positionCounts": [
            count("ACCOUNTING", "DRAFT", 1), count("QUALITY", "DRAFT", 1), published[0], published[1],
        ]});
        for person in [&sides.enterprise, &sides.county] {
            person.gql(query, json!({})).await.is(all.clone());
        }
        let query = "{ positionCounts(filter: { family: { in: [QUALITY] } }) { count } }";
        sides.university.gql(query, json!({})).await.is(json!({ "positionCounts": [{ "count": 1 }] }));
    }
}
