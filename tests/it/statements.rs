//! A read takes as many statements as its document has levels of relations, whatever the number of rows.

use entity::cooperation_item::{self, ItemStatus};
use futures_util::future::join_all;
use hezuo::{
    auth::{Job, Permit, RecordRef},
    platform::id,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::support::{Sides, TestApp, make, on_both};

/// Documents, `$n` rows of each list, and how many statements they take: one for each level, one more for each
/// `totalCount`, and what facts take.
const DOCUMENTS: [(&str, u64); 28] = [
    // One level.
    ("agreements(first: $n) { nodes { number title } }", 1),
    ("agreements(first: $n) { edges { cursor node { number } } }", 1),
    ("agreements(first: $n) { pageInfo { hasNextPage endCursor } }", 1),
    // The same rows, in every way in which they are asked for.
    ("agreements(first: $n) { edges { node { number } } nodes { title } pageInfo { endCursor } }", 1),
    (
        "agreements(first: $n) { edges { node { number } } more: edges { node { title } } nodes { id } again: nodes { kind } }",
        1,
    ),
    ("agreements(first: $n) { nodes { number } } agreements(first: $n) { nodes { title } }", 1),
    // Counting is a statement of its own, alone when nothing else is asked for.
    ("agreements(first: $n) { totalCount }", 1),
    ("agreements(first: $n) { totalCount nodes { number } }", 2),
    ("agreements(first: $n) { totalCount again: totalCount edges { cursor } nodes { number } }", 2),
    // An alias is another list.
    (
        "one: agreements(first: $n) { nodes { number } } other: agreements(first: $n, orderBy: { field: ENDS_ON }) { nodes { number } }",
        2,
    ),
    // Two levels.
    ("agreements(first: $n) { nodes { county { name } } }", 2),
    ("agreements(first: $n) { nodes { parties { capacity } } }", 2),
    ("agreements(first: $n) { nodes { items(first: $n) { nodes { title } } } }", 2),
    ("agreements(first: $n) { nodes { items(first: $n) { totalCount } } }", 2),
    ("agreements(first: $n) { totalCount nodes { items(first: $n) { totalCount nodes { title } } } }", 4),
    (
        "agreements(first: $n) { nodes { county { name } draftedBy { name } parties { capacity } history(first: $n) { nodes { kind } } } }",
        5,
    ),
    (
        "agreements(first: $n) { nodes { soon: items(first: $n) { nodes { title } } late: items(last: $n) { nodes { title } } } }",
        3,
    ),
    // What is asked for in two places is two levels.
    ("agreements(first: $n) { nodes { parties { capacity } } edges { node { parties { role } } } }", 3),
    // Three levels.
    ("agreements(first: $n) { nodes { parties { organization { name } } } }", 3),
    ("agreements(first: $n) { nodes { items(first: $n) { totalCount nodes { responsible { name } } } } }", 4),
    (
        "agreements(first: $n) { nodes { history(first: $n) { nodes { user { displayName } organization { name } } } } }",
        4,
    ),
    // Four levels.
    (
        "agreements(first: $n) { nodes { items(first: $n) { nodes { responsible { children(first: $n) { nodes { name } } } } } } }",
        4,
    ),
    (
        "agreements(first: $n) { nodes { parties { organization { children(first: $n) { totalCount nodes { name } } } } } }",
        5,
    ),
    (
        "agreements(first: $n) { nodes { items(first: $n) { nodes { agreement { parties { capacity } county { name } } } } } }",
        5,
    ),
    // Facts are read once for all rows of a level, and once for all fields that need them: those that say what can be
    // done with a draft in two statements, with an item of one in four, how far it was kept in one.
    ("agreements(first: $n) { nodes { openSteps } }", 1 + 2),
    ("agreements(first: $n) { nodes { openSteps again: openSteps } edges { node { openSteps } } }", 1 + 2),
    ("agreements(first: $n) { nodes { executionRate { due accepted rate } } }", 1 + 1),
    ("agreements(first: $n) { nodes { openSteps items(first: $n) { nodes { openSteps } } } }", 1 + 2 + 1 + 4),
];

/// A hundred drafts with three promises each.
async fn a_hundred(app: &TestApp, sides: &Sides) {
    let parties = [&sides.university, &sides.county];
    for _ in 0..5 {
        join_all((0..20).map(|_| make::draft(&parties, json!({})))).await;
    }
    let drafts = sides.university.gql("{ agreements(first: 100) { nodes { id } } }", json!({})).await;
    let drafts: Vec<_> =
        drafts.at("/agreements/nodes").as_array().unwrap().iter().map(|node| node["id"].clone()).collect();
    assert_eq!(drafts.len(), 100);
    let (drafts, county, now) = (&drafts, sides.yingshan.key, app.now());
    let insert = app.db().write(move |tx| async move {
        let mut rows = Vec::new();
        for (number, draft) in drafts.iter().flat_map(|draft| (0..3).map(move |number| (number, draft))) {
            rows.push(cooperation_item::ActiveModel {
                id: Set(tx.id()),
                agreement_id: Set(id::read(draft.as_str().unwrap()).unwrap().1),
                title: Set(format!("Promise {number}")),
                responsible_id: Set(county),
                due_on: Set("2026-06-30".parse().unwrap()),
                first_due_on: Set("2026-06-30".parse().unwrap()),
                status: Set(ItemStatus::Planned),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            });
        }
        let record = RecordRef { kind: "cooperation_item", id: tx.id() };
        tx.under(Permit::system(Job::Bootstrap, record)).insert_all(rows).await
    });
    insert.await.unwrap();
}

/// How many statements a document takes, besides those that ask who the caller is.
pub(crate) async fn statements(app: &TestApp, token: &str, query: &str) -> u64 {
    let (nothing, all) = (fewest(app, token, "{ __typename }").await, fewest(app, token, query).await);
    all.checked_sub(nothing).unwrap()
}

/// The fewest statements of three times, each right after somebody else asked: whoever comes first for a while also reads
/// what the event log tells of tokens.
async fn fewest(app: &TestApp, token: &str, query: &str) -> u64 {
    let mut fewest = u64::MAX;
    for _ in 0..3 {
        app.gql_as(token, "{ __typename }", json!({})).await.data();
        let (answer, taken) = app.counted(app.gql_as(token, query, json!({}))).await;
        answer.data();
        fewest = fewest.min(taken);
    }
    fewest
}

on_both! {
    async fn statements_are_as_many_as_levels(app: TestApp) {
        let sides = app.sides().await;
        a_hundred(&app, &sides).await;
        let app = app.replica(&[("cost_per_minute", "4000000000"), ("max_cost", "4000000000")]).await;
        let token = sides.university.token().await;
        let mut wrong = Vec::new();
        for (document, expected) in DOCUMENTS {
            let mut taken = Vec::new();
            for rows in ["1", "10", "100"] {
                let query = format!("{{ {} }}", document.replace("$n", rows));
                taken.push(statements(&app, &token, &query).await);
            }
            if taken != [expected; 3] {
                wrong.push(format!("{document}: {taken:?}, not {expected}"));
            }
        }
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    }
}
