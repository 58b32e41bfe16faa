//! Numbers are issued once, by county and year of China; renewals get their own.

use serde_json::json;

use super::{reasoned, step};
use crate::support::{make, on_both};

const NUMBER: &str = "number";

on_both! {
    /// Each county counts from one each year, and the year begins at midnight in Shanghai.
    async fn each_county_counts_by_year(app: TestApp) {
        let sides = app.sides().await;
        let two = [&sides.university, &sides.county];
        let yilong = app.county("511324").await.admin().await;
        app.it_is("2026-12-31T15:59:59Z");
        let mut numbers = Vec::new();
        for parties in [two, two, [&sides.university, &yilong]] {
            numbers.push(make::draft(&parties, json!({})).await.read(NUMBER).await[NUMBER].clone());
        }
        app.it_is("2026-12-31T16:00:00Z");
        for parties in [two, [&sides.university, &yilong], two] {
            numbers.push(make::draft(&parties, json!({})).await.read(NUMBER).await[NUMBER].clone());
        }
        assert_eq!(json!(numbers), json!([
            "XY-511322-2026-0001", "XY-511322-2026-0002", "XY-511324-2026-0001",
            "XY-511322-2027-0001", "XY-511324-2027-0001", "XY-511322-2027-0002",
        ]));
    }

    /// A number stays its agreement's, also when that is given up; a refused draft spends none.
    async fn a_number_is_never_used_again(app: TestApp) {
        let sides = app.sides().await;
        let first = make::draft(&sides.all(), json!({})).await;
        reasoned(&sides.university, "agreementCancel", &first, "撤销。").await.result();
        let wrong = json!({ "kind": "FRAMEWORK", "countyId": sides.yingshan.id(), "text": {
            "title": "", "terms": "", "endsOn": "2028-12-31", "renewalPolicy": "NONE", "parties": [],
        }});
        assert_eq!(sides.university.does("agreementDraft", wrong, "id").await.problems().len(), 5);
        let second = make::draft(&sides.all(), json!({})).await;
        assert_eq!(second.read(NUMBER).await, json!({ NUMBER: "XY-511322-2026-0002" }));
        let found = "query($number: String!) { agreementByNumber(number: $number) { status } }";
        let by_number = async |number: &str| sides.university.gql(found, json!({ "number": number })).await;
        by_number("XY-511322-2026-0001").await.is(json!({ "agreementByNumber": { "status": "CANCELLED" } }));
        by_number("XY-511322-2026-0002").await.is(json!({ "agreementByNumber": { "status": "DRAFT" } }));
        for none in ["XY-511322-2026-0003", "xy-511322-2026-0001", "%", ""] {
            by_number(none).await.is(json!({ "agreementByNumber": null }));
        }
        let others = sides.county.gql(found, json!({ "number": "XY-511322-2026-0002" })).await;
        others.is(json!({ "agreementByNumber": null }));
    }

    /// A renewal is the draft of whoever renews: the same parties and text, other dates, another number.
    async fn a_renewal_follows(app: TestApp) {
        let sides = app.sides().await;
        let text = json!({ "title": "框架", "terms": "互助。", "noticeBy": "2028-09-30", "renewalPolicy": "AUTOMATIC" });
        let old = make::active(&sides.all(), json!({ "text": text })).await;
        let before = old.read("version").await["version"].as_i64().unwrap();
        let renewal = json!({
            "id": old.id, "expectedVersion": before, "startsOn": "2029-01-01", "endsOn": "2031-12-31", "noticeBy": "2031-09-30",
        });
        let selection = "id number kind title terms status version startsOn endsOn noticeBy renewalPolicy contentHash \
            predecessor { number status } draftedBy { name } parties { capacity role organization { name } } openSteps";
        let renewed = sides.enterprise.does("agreementRenew", renewal, selection).await;
        let mut result = renewed.result().clone();
        let id = result["id"].take();
        let party = |capacity: &str, name: &str| json!({ "capacity": capacity, "role": "REQUIRED", "organization": { "name": name } });
        assert_eq!(result, json!({
            "id": null, "number": "XY-511322-2026-0002", "kind": "FRAMEWORK", "title": "框架", "terms": "互助。",
            "status": "DRAFT", "version": 1, "startsOn": "2029-01-01", "endsOn": "2031-12-31", "noticeBy": "2031-09-30",
            "renewalPolicy": "AUTOMATIC", "contentHash": null,
            "predecessor": { "number": "XY-511322-2026-0001", "status": "ACTIVE" }, "draftedBy": { "name": "Alpha" },
            "parties": [party("甲方", "North"), party("乙方", "County 511322"), party("丙方", "Alpha")],
            "openSteps": ["SUBMIT", "CANCEL"],
        }));
        // The old one stays as it is, and its trail tells of the renewal.
        assert_eq!(old.read("status endsOn version history(last: 1) { nodes { kind } }").await, json!({
            "status": "ACTIVE", "endsOn": "2028-12-31", "version": before + 1,
            "history": { "nodes": [{ "kind": "AgreementRenewed" }] },
        }));
        // The new one is Alpha's draft alone.
        let seen = "query($id: ID!) { agreement(id: $id) { number } }";
        sides.university.gql(seen, json!({ "id": id })).await.is(json!({ "agreement": null }));
    }

    /// Only what is in force or has expired is renewed, with dates that can be.
    async fn what_can_be_renewed(app: TestApp) {
        let sides = app.sides().await;
        let drafted = make::draft(&sides.all(), json!({})).await;
        let submitted = make::submitted(&sides.all(), json!({ "kind": "TALENT" })).await;
        let signed = make::signed(&sides.all(), json!({ "kind": "WORKSTATION" })).await;
        let renew = async |agreement: &make::Agreement<'_>, ends_on: &str| {
            let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "endsOn": ends_on });
            sides.university.does("agreementRenew", input, "number").await
        };
        for agreement in [&drafted, &submitted, &signed] {
            renew(agreement, "2031-12-31").await.complains(&["ILLEGAL_STEP input.id"]);
        }
        let expired = make::active(&sides.all(), json!({ "kind": "TRAINING_BASE", "text": { "endsOn": "2026-12-31" } })).await;
        app.it_is("2027-03-01");
        hezuo::agreements::jobs::turn_the_day(app.app()).await.unwrap();
        assert_eq!(expired.read("status openSteps").await, json!({ "status": "EXPIRED", "openSteps": ["RENEW"] }));
        let before = expired.version().await;
        renew(&expired, "2027-02-28").await.complains(&["INVALID_INPUT input.endsOn"]);
        assert_eq!(expired.version().await, before);
        renew(&expired, "2027-12-31").await.results_in(json!({ "number": "XY-511322-2027-0001" }));
        let input = json!({ "id": expired.id, "expectedVersion": before, "endsOn": "2031-12-31" });
        sides.county.does("agreementRenew", input, "id").await.complains(&["CONFLICT input.expectedVersion"]);
    }

    /// The number is on what is signed: it is frozen with the text, and an edit never changes it.
    async fn a_number_stays(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::draft(&sides.all(), json!({})).await;
        let text = super::text(&agreement, json!({ "title": "另一个标题" })).await;
        let input = json!({ "id": agreement.id, "expectedVersion": 1, "text": text });
        sides.university.does("agreementEdit", input, NUMBER).await.results_in(json!({ NUMBER: "XY-511322-2026-0001" }));
        step(&sides.university, "agreementSubmit", &agreement, NUMBER).await
            .results_in(json!({ NUMBER: "XY-511322-2026-0001" }));
    }
}
