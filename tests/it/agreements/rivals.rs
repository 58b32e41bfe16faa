//! Two live agreements of one kind between the same parties in the same time: refused, with the other's number (I5).

use serde_json::{Value, json};

use super::{approve, reasoned, sign, step};
use crate::support::{make, on_both};

/// A kind and a period, put over a draft.
fn period(kind: &str, starts_on: Value, ends_on: &str) -> Value {
    json!({ "kind": kind, "text": { "startsOn": starts_on, "endsOn": ends_on } })
}

on_both! {
    /// The second one is refused when it is submitted, with the number of the first.
    async fn the_second_is_told_the_first(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        let first = make::submitted(&sides.all(), json!({})).await;
        // Drafting is free; the order of the parties, and who drafts, make no difference.
        let second = make::draft(&[enterprise, university, county], json!({})).await;
        let refused = step(enterprise, "agreementSubmit", &second, "id").await;
        refused.complains(&["DUPLICATE input.id"]);
        let error = refused.user_errors()[0].clone();
        assert_eq!(error["details"]["existing"], json!("XY-511322-2026-0001"));
        let words = "An agreement of this kind between the same parties is in force or on its way in that time.";
        assert_eq!(error["message"], json!(words));
        assert_eq!(second.read("status version").await, json!({ "status": "DRAFT", "version": 1 }));
        // It stays refused at every stage of the first, until that one is given up.
        for party in sides.all() {
            approve(party, &first).await.result();
        }
        step(enterprise, "agreementSubmit", &second, "id").await.complains(&["DUPLICATE input.id"]);
        reasoned(university, "agreementCancel", &first, "撤销。").await.result();
        step(enterprise, "agreementSubmit", &second, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
        // Now the first one's renewed draft meets the second.
        let third = make::draft(&sides.all(), json!({})).await;
        let refused = step(university, "agreementSubmit", &third, "id").await;
        assert_eq!(refused.user_errors()[0]["details"]["existing"], json!("XY-511322-2026-0002"));
    }

    /// Another kind, other parties, another time: no duplicates. The last day of one may not be the first of the other.
    async fn what_is_no_duplicate(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        let beta = app.enterprise(&sides.yingshan, "Beta").await.admin().await;
        make::active(&sides.all(), period("FRAMEWORK", json!("2026-01-01"), "2026-12-31")).await;
        make::submitted(&sides.all(), json!({ "kind": "TALENT" })).await;
        make::submitted(&[university, county], json!({})).await;
        make::submitted(&[university, county, &beta], json!({})).await;
        make::submitted(&[enterprise, county], json!({})).await;
        for (starts_on, ends_on, fits) in [
            ("2026-12-31", "2027-12-31", false),
            ("2025-01-01", "2027-12-31", false),
            ("2026-06-01", "2026-06-30", false),
            ("2027-01-01", "2027-06-30", true),
            ("2027-06-30", "2027-12-31", false),
            ("2027-07-01", "2027-12-31", true),
        ] {
            let draft = make::draft(&sides.all(), period("FRAMEWORK", json!(starts_on), ends_on)).await;
            let answer = step(university, "agreementSubmit", &draft, "status").await;
            let expected: &[&str] = if fits { &[] } else { &["DUPLICATE input.id"] };
            assert_eq!(answer.problems(), expected, "{starts_on} to {ends_on}");
        }
    }

    /// A witness makes no other set of parties: it does not sign.
    async fn witnesses_do_not_count(app: TestApp) {
        let sides = app.sides().await;
        let two = [&sides.university, &sides.county];
        make::submitted(&two, json!({})).await;
        let parties = json!([
            { "organizationId": sides.north.id(), "capacity": "甲方", "role": "REQUIRED" },
            { "organizationId": sides.yingshan.id(), "capacity": "乙方", "role": "REQUIRED" },
            { "organizationId": sides.alpha.id(), "capacity": "见证方", "role": "WITNESS" },
        ]);
        let draft = make::draft(&two, json!({ "text": { "parties": parties } })).await;
        step(&sides.university, "agreementSubmit", &draft, "id").await.complains(&["DUPLICATE input.id"]);
    }

    /// A renewal may overlap what it renews; nothing else may overlap either of them.
    async fn a_renewal_may_overlap(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, _] = sides.all();
        let old = make::active(&sides.all(), json!({})).await;
        let input = json!({
            "id": old.id, "expectedVersion": old.version().await, "startsOn": "2028-10-01", "endsOn": "2031-12-31",
        });
        let renewed = county.does("agreementRenew", input, "id number predecessor { number }").await;
        let id = renewed.result()["id"].clone();
        assert_eq!(renewed.result()["predecessor"], json!({ "number": "XY-511322-2026-0001" }));
        let input = json!({ "id": id, "expectedVersion": 1 });
        county.does("agreementSubmit", input, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
        let third = make::draft(&sides.all(), period("FRAMEWORK", json!("2029-01-01"), "2029-12-31")).await;
        let refused = step(university, "agreementSubmit", &third, "id").await;
        assert_eq!(refused.user_errors()[0]["details"]["existing"], json!("XY-511322-2026-0002"));
    }

    /// A special agreement lies under a framework agreement of the same parties and time.
    async fn a_special_one_lies_under_its_framework(app: TestApp) {
        let sides = app.sides().await;
        let framework = make::active(&sides.all(), json!({})).await;
        let special = make::active(&sides.all(), json!({ "kind": "SPECIAL", "parentId": framework.id })).await;
        assert_eq!(special.read("parent { number }").await, json!({ "parent": { "number": "XY-511322-2026-0001" } }));
        let children = framework.read("children { totalCount nodes { number kind } }").await;
        let child = json!({ "number": "XY-511322-2026-0002", "kind": "SPECIAL" });
        assert_eq!(children["children"], json!({ "totalCount": 1, "nodes": [child] }));
    }

    /// Two that did not meet when submitted meet when the second is signed: a first day left open moves with the day.
    async fn they_meet_when_signed(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        // Ends before the other begins, so that both may be on their way.
        let short = make::approved(&sides.all(), period("TALENT", json!("2026-03-02"), "2026-03-31")).await;
        let open = make::draft(&sides.all(), period("TALENT", json!(null), "2027-03-31")).await;
        let refused = step(university, "agreementSubmit", &open, "id").await;
        refused.complains(&["DUPLICATE input.id"]);
        app.it_is("2026-04-01");
        step(university, "agreementSubmit", &open, "id").await.result();
        for party in sides.all() {
            approve(party, &open).await.result();
        }
        for party in [university, county, enterprise] {
            sign(party, &open).await.result();
        }
        assert_eq!(open.read("status startsOn").await, json!({ "status": "ACTIVE", "startsOn": "2026-04-01" }));
        assert_eq!(short.read("status").await, json!({ "status": "AWAITING_SIGNATURE" }));
    }
}
