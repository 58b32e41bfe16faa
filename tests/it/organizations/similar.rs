//! Similar names: suggested to whoever registers or verifies, best first, and only what they see.

use serde_json::{Value, json};

use crate::support::{Persona, TestApp, credit_code, on_both};

const QUERY: &str = "query($input: OrganizationSimilarInput!) {
    organizationSimilar(input: $input) { id name status score reason }
}";

async fn similar(person: &Persona, variables: Value) -> Vec<String> {
    let answer = person.gql(QUERY, json!({ "input": variables })).await;
    let rows = answer.at("/organizationSimilar").as_array().unwrap().clone();
    let line = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        format!("{} {} {} {}", text("name"), text("status"), row["score"], text("reason"))
    };
    rows.iter().map(line).collect()
}

/// An enterprise that waits to be verified.
async fn pending(app: &TestApp, officer: &Persona, name: &str) -> String {
    let region = officer.organization.region.clone().unwrap();
    let code = credit_code(entity::organization::OrganizationKind::Enterprise, &region, app.number());
    let input = json!({
        "parentId": officer.organization.id(), "kind": "ENTERPRISE", "name": name, "regionCode": region, "creditCode": code,
    });
    officer.does("organizationRegister", input, "id").await.result()["id"].as_str().unwrap().to_owned()
}

on_both! {
    /// The same name, the same core, many of the same pairs; each with its score; nothing of another kind.
    async fn the_best_come_first(app: TestApp) {
        let sides = app.sides().await;
        for name in ["四川省启明新材料有限责任公司", "营山县启明新能源有限公司", "丰收农业有限公司"] {
            app.enterprise(&sides.yingshan, name).await;
        }
        let officer = sides.yingshan.officer().await;
        let own = pending(&app, &officer, "启明新材料（营山） 有限公司").await;
        app.university("启明新材料有限公司").await;
        let name = json!({ "name": "启明新材料(营山)有限公司", "kind": "ENTERPRISE" });
        let expected = [
            "启明新材料（营山） 有限公司 PENDING 100 SAME_NAME",
            "四川省启明新材料有限责任公司 VERIFIED 100 SAME_CORE",
            "营山县启明新能源有限公司 VERIFIED 50 ALIKE_CORE",
        ];
        assert_eq!(similar(&officer, name.clone()).await, expected);
        // While it is verified, it is not its own duplicate.
        let mut verifying = name.clone();
        verifying["exceptId"] = json!(own);
        assert_eq!(similar(&officer, verifying).await, expected[1..]);
        // Whoever does not see the pending one is told nothing of it.
        assert_eq!(similar(&sides.university, name.clone()).await, expected[1..]);
        let input = json!({ "id": own, "expectedVersion": 1, "reason": "重复。" });
        sides.county.does("organizationReject", input, "id").await.result();
        assert_eq!(similar(&officer, name).await, expected[1..]);
    }

    /// A prefecture is searched as a whole, and nothing outside it.
    async fn a_region_narrows_it(app: TestApp) {
        let (yingshan, yilong, banan) = (app.county("511322").await, app.county("511324").await, app.county("500113").await);
        for county in [&yingshan, &yilong, &banan] {
            app.enterprise(county, "启明有限公司").await;
        }
        let officer = yingshan.officer().await;
        let of = |region: Value| json!({ "name": "启明", "kind": "ENTERPRISE", "regionCode": region });
        for (region, count) in [(json!("511322"), 2), (json!("5113"), 2), (json!("50"), 1), (json!("12"), 0), (json!(null), 3)] {
            assert_eq!(similar(&officer, of(region.clone())).await.len(), count, "{region}");
        }
        let wrong = officer.gql(QUERY, json!({ "input": { "name": "", "kind": "ENTERPRISE" } })).await;
        wrong.refused(&["INVALID_INPUT"]);
        let region = json!({ "name": "启明", "kind": "ENTERPRISE", "regionCode": "99" });
        officer.gql(QUERY, json!({ "input": region })).await.refused(&["INVALID_INPUT"]);
    }

    /// Never more than ten, the oldest of those that are equally alike.
    async fn it_is_bounded(app: TestApp) {
        let yingshan = app.county("511322").await;
        let mut ids = Vec::new();
        for _ in 0..12 {
            ids.push(app.enterprise(&yingshan, "启明有限公司").await.id());
        }
        let officer = yingshan.officer().await;
        let answer = officer.gql(QUERY, json!({ "input": { "name": "启明有限公司", "kind": "ENTERPRISE" } })).await;
        let shown: Vec<Value> = answer.at("/organizationSimilar").as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
        assert_eq!(shown, ids[..10]);
    }

    /// It costs the names that may be compared, so that it can be asked beside the organization that is verified, once, and
    /// some times a minute; and does not run where that is too much.
    async fn it_costs_what_may_be_compared(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (officer, enterprise) = (yingshan.officer().await, app.enterprise(&yingshan, "启明有限公司").await);
        let similar = |name: &str| format!("{name}: organizationSimilar(input: {{ name: \"启明\", kind: ENTERPRISE }}) {{ id }}");
        let beside = format!("{{ organization(id: \"{}\") {{ id }} {} }}", enterprise.id(), similar("alike"));
        let answer = officer.gql(&beside, json!({})).await;
        answer.is(json!({ "organization": { "id": enterprise.id() }, "alike": [{ "id": enterprise.id() }] }));
        assert_eq!(answer.body["extensions"]["cost"]["requested"], 10_001);
        let three = format!("{{ {} {} {} }}", similar("a"), similar("b"), similar("c"));
        let (refused, taken) = app.counted(officer.gql(&three, json!({}))).await;
        assert_eq!((refused.codes(), taken), (vec!["LIMIT_EXCEEDED"; 3], 0));
        let strict = app.replica(&[("cost_per_minute", "10002")]).await;
        let (token, one) = (officer.token().await, format!("{{ {} }}", similar("alike")));
        assert_eq!(strict.gql_as(&token, &one, json!({})).await.codes(), [""; 0]);
        strict.gql_as(&token, &one, json!({})).await.refused(&["RATE_LIMITED"]);
    }
}
