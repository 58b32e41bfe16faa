//! Everything that somebody may see, by words: Chinese or not, the best first, and nothing that is hidden.

use serde_json::{Value, json};

use super::market::{self, Market};
use crate::support::{Persona, fair, on_both};

const QUERY: &str = "query($query: String!, $kinds: [SearchKind!], $first: Int! = 20) {
    search(query: $query, kinds: $kinds, first: $first) { totalCount counts { kind count }
        hits { kind id title { text highlighted } field snippet { text highlighted } } } }";

async fn found(by: &Persona, query: &str) -> Value {
    by.gql(QUERY, json!({ "query": query })).await.at("/search").clone()
}

/// As a page shows it: what was looked for in brackets.
fn shown(fragments: &Value) -> String {
    let piece = |piece: &Value| {
        let text = piece["text"].as_str().unwrap();
        if piece["highlighted"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    fragments.as_array().unwrap().iter().map(piece).collect()
}

/// Kind, title, field and piece of each hit.
async fn hits(by: &Persona, query: &str) -> Vec<[String; 4]> {
    let found = found(by, query).await;
    let words = |value: &Value| value.as_str().unwrap().to_owned();
    let hit = |hit: &Value| [words(&hit["kind"]), shown(&hit["title"]), words(&hit["field"]), shown(&hit["snippet"])];
    found["hits"].as_array().unwrap().iter().map(hit).collect()
}

fn hit(kind: &str, title: &str, field: &str, snippet: &str) -> [String; 4] {
    [kind, title, field, snippet].map(str::to_owned)
}

on_both! {
    /// Two characters, four without a space, Latin letters in any case; titles before texts, more words before fewer.
    async fn the_best_first(app: TestApp) {
        let market = Market::new(&app).await;
        let (officer, reviewer) = (market.county.officer().await, market.county.officer().await);
        let event = json!({ "text": { "title": "校企合作招聘会", "description": "质量与财务岗位，企业现场面试。" } });
        fair::published(&officer, &reviewer, event).await;
        let profile = json!({ "description": "精密零件。", "production": "Total Quality Management 全面质量管理，与高校合作。" });
        let update = json!({ "id": market.recruiter.organization.id(), "expectedVersion": 1, "profile": profile });
        let admin = market.recruiter.organization.admin().await;
        admin.does("organizationUpdate", update, "id").await.result();
        let reader = market.north.staff().await;
        assert_eq!(hits(&reader, "合作").await, [
            hit("RECRUITMENT_EVENT", "校企[合作]招聘会", "title", "校企[合作]招聘会"),
            hit("ORGANIZATION", "Alpha", "production", "Total Quality Management 全面质量管理，与高校[合作]。"),
        ]);
        assert_eq!(hits(&reader, "质量管理").await, [
            hit("POSITION", "[质量管理]工程师", "title", "[质量管理]工程师"),
            hit("ORGANIZATION", "Alpha", "production", "Total Quality Management 全面[质量管理]，与高校合作。"),
        ]);
        assert_eq!(hits(&reader, "ｑuality").await, [
            hit("ORGANIZATION", "Alpha", "production", "Total [Quality] Management 全面质量管理，与高校合作。"),
        ]);
        assert_eq!(hits(&reader, "qual 高校").await.len(), 1);
        assert_eq!(hits(&reader, "quality 检验").await.len(), 0);
        // Of a long run two thirds of the pairs will do: nobody has said where the words end.
        assert_eq!(hits(&reader, "营山质量工程师").await, [
            hit("POSITION", "[质量]管理[工程师]", "address", "[营山]经济开发区"),
        ]);
        let answer = reader.gql(QUERY, json!({ "query": "质", "first": 1 })).await;
        assert_eq!(answer.at("/search/totalCount"), &json!(3));
        assert_eq!(answer.at("/search/counts"), &json!([
            { "kind": "ORGANIZATION", "count": 1 }, { "kind": "RECRUITMENT_EVENT", "count": 1 }, { "kind": "POSITION", "count": 1 }]));
        assert_eq!(answer.at("/search/hits").as_array().unwrap().len(), 1);
        let answer = reader.gql(QUERY, json!({ "query": "质", "kinds": ["POSITION", "AGREEMENT"] })).await;
        assert_eq!(answer.at("/search/counts"), &json!([{ "kind": "POSITION", "count": 1 }]));
        assert_eq!(answer.at("/search/hits/0/id"), &json!(market.position));
    }

    /// What is hidden is found by no word and counted in no number; nothing of a student is found at all.
    async fn nothing_that_is_hidden(app: TestApp) {
        let market = Market::new(&app).await;
        let beta = app.enterprise(&market.county, "Beta").await.recruiter().await;
        let content = json!({
            "title": "质量管理主管", "family": "QUALITY", "kind": "EMPLOYMENT", "description": "体系建设。", "requirements": "细致。",
            "headcount": 1, "payMin": "500000", "payMax": "700000", "regionCode": "511322", "address": "营山",
            "education": "BACHELOR", "applyBy": "2026-06-30", "majors": [], "skills": [],
        });
        let draft = beta.does("positionCreate", json!({ "content": content }), "id").await.result()["id"].clone();
        let published = |count: i32| json!([{ "kind": "POSITION", "count": count }]);
        let officer = market.county.officer().await;
        // The student's résumé speaks of 质量管理 too, and Alpha may read it.
        for person in [&market.student, &market.staff, &market.recruiter] {
            let found = found(person, "质量管理").await;
            assert_eq!((&found["totalCount"], &found["counts"]), (&json!(1), &published(1)), "{}", person.login);
            assert_eq!(found["hits"].as_array().unwrap().len(), 1);
        }
        for person in [&beta, &officer] {
            assert_eq!(found(person, "质量管理").await["counts"], published(2), "{}", person.login);
        }
        assert_eq!(found(&market.student, "主管").await, json!({ "totalCount": 0, "counts": [], "hits": [] }));
        let application = market.application().await;
        market::step(&market.recruiter, "Shortlist", &application, json!({})).await.result();
        assert_eq!(found(&market.recruiter, "我想来营山").await["totalCount"], json!(0));
        // Renamed, it is found by the new words and by the old ones no more.
        let mut renamed = content.clone();
        renamed["title"] = json!("体系工程师");
        let edit = json!({ "id": draft, "expectedVersion": 1, "content": renamed });
        beta.does("positionEdit", edit, "id").await.result();
        assert_eq!(found(&beta, "主管").await["totalCount"], json!(0));
        assert_eq!(hits(&beta, "体系工程").await, [hit("POSITION", "[体系工程]师", "description", "[体系]建设。")]);
    }

    /// One statement for each kind, however much is found; what cannot be looked for is refused by name.
    async fn one_statement_a_kind(app: TestApp) {
        let market = Market::new(&app).await;
        let reader = market.north.staff().await;
        found(&reader, "质量").await;
        let (_, all) = app.counted(found(&reader, "质量")).await;
        let (_, one) = app.counted(reader.gql(QUERY, json!({ "query": "质量", "kinds": ["POSITION"] }))).await;
        assert_eq!(all - one, 5);
        // It costs what may be ranked, and does not run where that is too much.
        let cost = async |variables: Value| reader.gql(QUERY, variables).await.body["extensions"]["cost"]["requested"].clone();
        assert_eq!(cost(json!({ "query": "质量" })).await, 1_200);
        assert_eq!(cost(json!({ "query": "质量", "kinds": ["POSITION", "POSITION"] })).await, 200);
        let small = app.replica(&[("max_cost", "1199")]).await;
        small.gql_as(&reader.token().await, QUERY, json!({ "query": "质量" })).await.refused(&["LIMIT_EXCEEDED"]);
        for (query, first, at) in [("", 20, "query"), ("。", 20, "query"), (&*"质".repeat(101), 20, "query"), ("质", 0, "first"), ("质", 101, "first")] {
            let answer = reader.gql(QUERY, json!({ "query": query, "first": first })).await;
            answer.refused(&["INVALID_INPUT"]);
            assert!(answer.to_string().contains(&format!("{at}: expected")), "{answer}");
        }
        app.gql(QUERY, json!({ "query": "质量" })).await.refused(&["UNAUTHENTICATED"]);
    }
}
