//! What discriminates is refused, with the words and the law, all of it at once; what is harmless is not.

use serde_json::{Value, json};

use super::step;
use crate::support::{offer, on_both};

/// `input.content.title 限男性`, for each problem that is a RULE_VIOLATED.
fn quoted(answer: &crate::support::Answer) -> Vec<String> {
    let problems = answer.user_errors().into_iter().filter(|error| error["code"] == "RULE_VIOLATED");
    let part = |part: &Value| part.as_str().unwrap().to_owned();
    let one = |error: &Value| {
        let path: Vec<String> = error["path"].as_array().unwrap().iter().map(part).collect();
        let message = error["message"].as_str().unwrap();
        let words = message.split_once('“').unwrap().1.split_once('”').unwrap().0;
        format!("{} {words}", path.join("."))
    };
    problems.map(one).collect()
}

on_both! {
    /// In the title, the description, the requirements and the skills, together with what else is wrong.
    async fn refused_wherever_it_stands(app: TestApp) {
        let sides = app.sides().await;
        let content = offer::content(json!({
            "title": "会计（限 男 性）", "headcount": 0,
            "description": "负责成本核算。\n仅限汉族，年龄１８-３５岁。",
            "requirements": "已婚已育优先；本地户籍优先；无宗教信仰；乙肝五项正常；不招残疾人。",
            "skills": [{ "name": "男生优先", "kind": "GENERAL", "level": "BASIC", "required": false }],
        }));
        let refused = sides.enterprise.does("positionCreate", json!({ "content": content }), "id").await;
        assert_eq!(quoted(&refused), [
            "input.content.title 限 男 性",
            "input.content.description 仅限汉族",
            "input.content.description 年龄１８-３５岁",
            "input.content.requirements 已婚已育优先",
            "input.content.requirements 本地户籍优先",
            "input.content.requirements 无宗教信仰",
            "input.content.requirements 乙肝五项正常",
            "input.content.requirements 不招残疾人",
            "input.content.skills.0.name 男生优先",
        ]);
        assert!(refused.problems().contains(&"INVALID_INPUT input.content.headcount".to_owned()));
        let message = "title says “限 男 性”, which discriminates by sex and may not be published \
            (就业促进法27、妇女权益保障法43).";
        assert_eq!(refused.user_errors()[0]["message"], message);
        // Neither can it be written into a draft afterwards, and nothing of the edit is kept.
        let id = offer::written(&sides.enterprise, json!({})).await;
        let edit = json!({ "content": offer::content(json!({ "title": "男会计", "requirements": "仅限女生。", "skills": [] })) });
        let refused = step(&sides.enterprise, "Edit", &id, edit).await;
        assert_eq!(quoted(&refused), ["input.content.requirements 仅限女生"]);
        let query = "query($id: ID!) { position(id: $id) { title version skills { name } } }";
        sides.enterprise.gql(query, json!({ "id": id })).await.is(json!({ "position": {
            "title": "研发工程师", "version": 1, "skills": [{ "name": "SolidWorks" }],
        }}));
    }

    /// Women's wear, ages of children, and whoever says that all are welcome.
    async fn harmless_text_passes(app: TestApp) {
        let sides = app.sides().await;
        let id = offer::written(&sides.enterprise, json!({
            "title": "妇女用品研发工程师", "description": "女装打样；3岁以上儿童服装的质量检验。",
            "requirements": "男女不限，年满18周岁，不限户籍、民族与婚育状况，残疾人优先。",
        })).await;
        step(&sides.enterprise, "Submit", &id, json!({})).await.results_in(json!({ "status": "UNDER_REVIEW" }));
    }

    /// The same for a form, while somebody types: pure, exact, bounded.
    async fn a_form_asks_beforehand(app: TestApp) {
        let sides = app.sides().await;
        let query = "query($text: String!) { positionTextCheck(text: $text) { ground words citation offset } }";
        let text = "招会计，女 性优先，35周岁以下，本县户口优先。男女不限。";
        sides.enterprise.gql(query, json!({ "text": text })).await.is(json!({ "positionTextCheck": [
            { "ground": "SEX", "words": "女 性优先", "citation": "就业促进法27、妇女权益保障法43", "offset": 4 },
            { "ground": "AGE", "words": "35周岁以下", "citation": "就业促进法3、国办发〔2013〕35号", "offset": 10 },
            { "ground": "HOUSEHOLD_REGISTER", "words": "本县户口优先", "citation": "就业促进法31、国办发〔2013〕35号", "offset": 17 },
        ]}));
        sides.enterprise.gql(query, json!({ "text": "男女不限" })).await.is(json!({ "positionTextCheck": [] }));
        sides.enterprise.gql(query, json!({ "text": "限".repeat(5_001) })).await.refused(&["INVALID_INPUT"]);
        app.gql(query, json!({ "text": "限男性" })).await.refused(&["UNAUTHENTICATED"]);
    }
}
