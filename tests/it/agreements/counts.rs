//! How many agreements there are, by county and status; and those that name an organization.

use serde_json::json;

use crate::support::{make, on_both};

const COUNTS: &str = "query($filter: AgreementFilter) {
    agreementCounts(filter: $filter) { county { name } status count }
}";
const OF: &str = "query($id: ID!, $filter: AgreementFilter) {
    organization(id: $id) { agreements(first: 10, filter: $filter) { totalCount nodes { number } } }
}";

on_both! {
    /// Everybody counts what they see, under the filter, and nothing else.
    async fn everybody_counts_what_they_see(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        make::draft(&sides.all(), json!({})).await;
        make::draft(&sides.all(), json!({ "kind": "TALENT" })).await;
        make::submitted(&[university, county], json!({ "kind": "TALENT" })).await;
        let name = &county.organization.name;
        let row = |status: &str, count: i32| json!({ "county": { "name": name }, "status": status, "count": count });
        let all = json!({});
        let answer = university.gql(COUNTS, all.clone()).await;
        assert_eq!(answer.data()["agreementCounts"], json!([row("DRAFT", 2), row("IN_REVIEW", 1)]));
        let talent = json!({ "filter": { "kind": { "in": ["TALENT"] } } });
        let answer = university.gql(COUNTS, talent).await;
        assert_eq!(answer.data()["agreementCounts"], json!([row("DRAFT", 1), row("IN_REVIEW", 1)]));
        assert_eq!(county.gql(COUNTS, all.clone()).await.data()["agreementCounts"], json!([row("IN_REVIEW", 1)]));
        assert_eq!(enterprise.gql(COUNTS, all).await.data()["agreementCounts"], json!([]));
        // One column fewer asked for groups no differently.
        let answer = university.gql("{ agreementCounts { count } }", json!({})).await;
        assert_eq!(answer.data()["agreementCounts"], json!([{ "count": 2 }, { "count": 1 }]));
    }

    /// The agreements of an organization are those that name it and that the caller sees.
    async fn the_agreements_that_name_an_organization(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        make::draft(&sides.all(), json!({})).await;
        let submitted = make::submitted(&[university, county], json!({ "kind": "TALENT" })).await;
        let number = submitted.read("number").await["number"].clone();
        let of = |id: String| json!({ "id": id });
        let read = async |who: &crate::support::Persona, variables| {
            who.gql(OF, variables).await.data()["organization"]["agreements"].clone()
        };
        let list = read(university, of(county.organization.id())).await;
        assert_eq!(list["totalCount"], 2);
        assert_eq!(list["nodes"][1]["number"], number);
        let list = read(county, of(university.organization.id())).await;
        assert_eq!(list, json!({ "totalCount": 1, "nodes": [{ "number": number }] }));
        let drafts = json!({ "id": enterprise.organization.id(), "filter": { "status": { "in": ["DRAFT"] } } });
        assert_eq!(read(university, drafts.clone()).await["totalCount"], 1);
        assert_eq!(read(enterprise, drafts).await["totalCount"], 0);
    }
}
