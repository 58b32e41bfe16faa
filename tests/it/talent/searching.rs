//! Everything that somebody may see, by words: Chinese or not, the best first, and nothing that is hidden.

use serde_json::{Value, json};

use super::market::{self, Market};
use crate::support::{Persona, fair, make, on_both};

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

    /// Every list is searched as everything is: words in any order and of any width, pairs of a long Chinese run.
    async fn lists_by_words(app: TestApp) {
        let sides = app.sides().await;
        let title = json!({ "text": { "title": "营山县校地合作框架协议（2026）" } });
        let agreement = make::active(&sides.all(), title).await;
        let item = json!({ "agreementId": agreement.id, "title": "接收 ISO 9001 质量管理实习生", "responsibleId": sides.alpha.id(),
            "dueOn": "2026-09-01" });
        sides.enterprise.does("cooperationItemCreate", item, "id").await.result();
        let question = json!({ "organizationId": sides.alpha.id(), "topic": "TALENT_CULTIVATION", "question": "新员工如何培养？" });
        sides.university.does("organizationQuestionAsk", question, "id").await.result();
        for (list, words, counts) in [
            ("agreements", ["框架 营山", "营山县校地框架", "２０２６ 校地", "框架 福州"], [1, 1, 1, 0]),
            ("cooperationItems", ["质量 9001", "实习生", "iso 接收", "质量 9002"], [1, 1, 1, 0]),
            ("organizations", ["alph", "511322 county", "north", "north alpha"], [1, 1, 1, 0]),
            ("organizationQuestions", ["培养 员工", "新员工培养", "ＡＢＣ", "员工 工资"], [1, 1, 0, 0]),
        ] {
            let query = format!("query($search: String!) {{ list: {list}(filter: {{ search: $search }}) {{ totalCount }} }}");
            for (words, count) in words.into_iter().zip(counts) {
                let found = sides.enterprise.gql(&query, json!({ "search": words })).await;
                assert_eq!(found.at("/list/totalCount"), &json!(count), "{list} {words}");
            }
            sides.enterprise.gql(&query, json!({ "search": "质".repeat(101) })).await.refused(&["INVALID_INPUT"]);
        }
    }
}
