//! How a student finds a position: every filter and every order, alone and together, exactly.

use entity::{membership::Role, organization::SizeClass};
use hezuo::auth::{Job, Permit, RecordRef};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::{
    statements::statements,
    support::{Organization, Persona, TestApp, fair, offer, on_both},
};

/// An enterprise of this size.
async fn enterprise(app: &TestApp, county: &Organization, (name, size): (&str, SizeClass)) -> Organization {
    let enterprise = app.enterprise(county, name).await;
    let row = &entity::organization::ActiveModel {
        id: Set(enterprise.key),
        size_class: Set(Some(size)),
        ..Default::default()
    };
    let done = app.db().write(move |tx| async move {
        let write = tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "organization", id: enterprise.key }));
        write.update(row.clone()).await
    });
    done.await.unwrap();
    enterprise
}

/// Three families in two counties, an internship among them, and a draft that nobody finds.
async fn market(app: &TestApp) -> (Persona, [String; 3]) {
    let (yingshan, yilong) = (app.county("511322").await, app.county("511324").await);
    let medium = enterprise(app, &yingshan, ("锦程纺织", SizeClass::Medium)).await;
    let small = enterprise(app, &yilong, ("云岭电子", SizeClass::Small)).await;
    let (silk, cloud) = (medium.recruiter().await, small.recruiter().await);
    let (here, there) = (yingshan.officer().await, yilong.officer().await);
    let event = fair::published(&there, &yilong.admin().await, json!({})).await;
    let skills = |names: &[&str]| {
        let skill = |name: &&str| json!({ "name": name, "kind": "SOFTWARE", "level": "BASIC", "required": false });
        names.iter().map(skill).collect::<Vec<_>>()
    };
    for (by, county, content) in [
        (
            &silk,
            &here,
            json!({ "title": "研发工程师", "majors": ["081601"], "skills": skills(&["SolidWorks", "AutoCAD"]),
            "payMin": "700000", "applyBy": "2026-04-30" }),
        ),
        (
            &silk,
            &here,
            json!({ "title": "质量管理专员", "family": "QUALITY", "majors": ["120703T", "081601"], "skills": skills(&["Minitab"]),
            "payMin": "500000", "applyBy": "2026-05-31", "education": "HIGHER_VOCATIONAL" }),
        ),
        (
            &cloud,
            &there,
            json!({ "title": "会计", "family": "ACCOUNTING", "majors": ["120203K"], "skills": skills(&["用友 U8"]),
            "payMin": "450000", "applyBy": "2026-04-15", "regionCode": "511324" }),
        ),
        (
            &cloud,
            &there,
            json!({ "title": "财务实习生", "family": "ACCOUNTING", "kind": "INTERNSHIP", "majors": ["120204"], "skills": [],
            "description": "协助 100% 的凭证 quality 检查。", "payMin": "200000", "payMax": "200000", "applyBy": "2026-06-30",
            "regionCode": "500113", "eventId": event }),
        ),
    ] {
        app.passes(chrono::TimeDelta::minutes(1));
        offer::published(by, county, content).await;
    }
    offer::written(&silk, json!({ "title": "研发主管" })).await;
    (app.university("North").await.person(Role::Student).await, [medium.id(), small.id(), event])
}

/// The titles that somebody finds, in their order; and as many are counted.
async fn titles(by: &Persona, filter: Value, order: Value) -> Vec<String> {
    let query = "query($filter: PositionFilter, $order: PositionOrder) {
        positions(filter: $filter, orderBy: $order) { totalCount nodes { title } } }";
    let answer = by.gql(query, json!({ "filter": filter, "order": order })).await;
    let nodes = answer.at("/positions/nodes").as_array().unwrap();
    assert_eq!(answer.at("/positions/totalCount"), &json!(nodes.len()));
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

const RESEARCH: &str = "研发工程师";
const QUALITY: &str = "质量管理专员";
const ACCOUNTING: &str = "会计";
const INTERN: &str = "财务实习生";

on_both! {
    /// Each filter by itself.
    async fn by_what_a_student_asks(app: TestApp) {
        let (student, [medium, small, event]) = market(&app).await;
        for (filter, expected) in [
            (json!({}), &[RESEARCH, QUALITY, ACCOUNTING, INTERN] as &[&str]),
            (json!({ "family": { "in": ["ACCOUNTING", "QUALITY"] } }), &[QUALITY, ACCOUNTING, INTERN]),
            (json!({ "kind": { "in": ["INTERNSHIP"] } }), &[INTERN]),
            (json!({ "status": { "notIn": ["PUBLISHED"] } }), &[]),
            (json!({ "organizationId": { "in": [small] } }), &[ACCOUNTING, INTERN]),
            (json!({ "organizationId": { "in": [medium] } }), &[RESEARCH, QUALITY]),
            (json!({ "sizeClass": { "in": ["SMALL"] } }), &[ACCOUNTING, INTERN]),
            (json!({ "sizeClass": { "notIn": ["SMALL"] } }), &[RESEARCH, QUALITY]),
            (json!({ "eventId": { "in": [event] } }), &[INTERN]),
            (json!({ "major": "120203k" }), &[ACCOUNTING]),
            (json!({ "major": "120203" }), &[]),
            (json!({ "major": "1202" }), &[ACCOUNTING, INTERN]),
            (json!({ "major": "12" }), &[QUALITY, ACCOUNTING, INTERN]),
            (json!({ "major": "081601" }), &[RESEARCH, QUALITY]),
            (json!({ "major": "%" }), &[]),
            (json!({ "payAtLeast": "500000" }), &[RESEARCH, QUALITY]),
            (json!({ "payAtLeast": "500001" }), &[RESEARCH]),
            (json!({ "place": "511322" }), &[RESEARCH, QUALITY]),
            (json!({ "place": "5113" }), &[RESEARCH, QUALITY, ACCOUNTING]),
            (json!({ "place": "511300" }), &[RESEARCH, QUALITY, ACCOUNTING]),
            (json!({ "place": "51" }), &[RESEARCH, QUALITY, ACCOUNTING]),
            (json!({ "place": "500000" }), &[INTERN]),
            (json!({ "place": "99" }), &[]),
            (json!({ "education": { "in": ["HIGHER_VOCATIONAL"] } }), &[QUALITY]),
            (json!({ "applyBy": { "gte": "2026-04-30", "lt": "2026-06-30" } }), &[RESEARCH, QUALITY]),
            (json!({ "skill": "solid" }), &[RESEARCH]),
            (json!({ "skill": "用友" }), &[ACCOUNTING]),
            (json!({ "skill": "_" }), &[]),
            (json!({ "search": "QUALITY" }), &[INTERN]),
            (json!({ "search": "100%" }), &[INTERN]),
            (json!({ "search": "研发" }), &[RESEARCH, QUALITY, ACCOUNTING]),
            (json!({ "search": "主管" }), &[]),
            // Words in several places, Chinese without spaces, wherever they are written; as the query `search`.
            (json!({ "search": "质量 面料" }), &[QUALITY]),
            (json!({ "search": "营山质量管理" }), &[QUALITY]),
            (json!({ "search": "质量会计" }), &[]),
            (json!({ "search": "ｑuality 凭证" }), &[INTERN]),
            (json!({ "search": "quality 面料" }), &[]),
            (json!({ "search": " 。%_ " }), &[RESEARCH, QUALITY, ACCOUNTING, INTERN]),
            (json!({ "search": "" }), &[RESEARCH, QUALITY, ACCOUNTING, INTERN]),
            (json!({ "family": { "in": ["ACCOUNTING"] }, "major": "1202", "place": "51", "payAtLeast": "400000", "sizeClass": { "in": ["SMALL"] },
                "skill": "用友", "kind": { "in": ["EMPLOYMENT"] }, "search": "会计" }), &[ACCOUNTING]),
        ] {
            assert_eq!(titles(&student, filter.clone(), Value::Null).await, expected, "{filter}");
        }
        let list = "query($filter: PositionFilter) { positions(filter: $filter) { nodes { title } } }";
        for text in ["质".repeat(101), "合作共建".repeat(7)] {
            let answer = student.gql(list, json!({ "filter": { "search": text } })).await;
            answer.refused(&["INVALID_INPUT"]);
            assert!(answer.to_string().contains("expected words, at most 100 characters"), "{answer}");
        }
        let nested = "query($id: ID!) { organization(id: $id) { positions(filter: { place: \"51\" }) { nodes { title } } } }";
        student.gql(nested, json!({ "id": small })).await.is(json!({ "organization": { "positions": { "nodes": [{ "title": ACCOUNTING }] } } }));
    }

    /// Each order, both ways, and page by page.
    async fn in_the_order_asked_for(app: TestApp) {
        let (student, _) = market(&app).await;
        for (field, expected) in [
            ("APPLY_BY", [ACCOUNTING, RESEARCH, QUALITY, INTERN]),
            ("PAY", [INTERN, ACCOUNTING, QUALITY, RESEARCH]),
            ("PUBLISHED_AT", [RESEARCH, QUALITY, ACCOUNTING, INTERN]),
            ("CREATED_AT", [RESEARCH, QUALITY, ACCOUNTING, INTERN]),
            ("UPDATED_AT", [RESEARCH, QUALITY, ACCOUNTING, INTERN]),
        ] {
            assert_eq!(titles(&student, Value::Null, json!({ "field": field })).await, expected, "{field}");
            let mut reversed = expected;
            reversed.reverse();
            let order = json!({ "field": field, "direction": "DESC" });
            assert_eq!(titles(&student, Value::Null, order.clone()).await, reversed, "{field}");
            let (mut after, mut paged) = (Value::Null, Vec::new());
            loop {
                let query = "query($order: PositionOrder, $after: String) { positions(first: 3, after: $after, orderBy: $order) {
                    nodes { title } pageInfo { hasNextPage endCursor } } }";
                let page = student.gql(query, json!({ "order": order, "after": after })).await;
                paged.extend(page.at("/positions/nodes").as_array().unwrap().iter().map(|node| node["title"].clone()));
                if page.at("/positions/pageInfo/hasNextPage") == &json!(false) {
                    break;
                }
                after = page.at("/positions/pageInfo/endCursor").clone();
            }
            assert_eq!(paged, reversed, "{field}");
        }
    }

    /// A page of positions with everything on it is as many statements as it has levels, however many there are.
    async fn read_in_levels(app: TestApp) {
        let (student, _) = market(&app).await;
        let token = student.token().await;
        let mut taken = Vec::new();
        for rows in [1, 4] {
            let query = format!("{{ positions(first: {rows}) {{ nodes {{ title openSteps skills {{ name }} majors {{ code }} \
                organization {{ name sizeClass }} }} }} }}");
            taken.push(statements(&app, &token, &query).await);
        }
        // Positions, skills, majors, organizations; and three for what can be done: positions, enterprises, their people.
        assert_eq!(taken, [7, 7]);
    }
}
