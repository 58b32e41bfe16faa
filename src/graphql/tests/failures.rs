//! What goes wrong: codes, paths, nulls that spread no further than they must, and limits.

use async_graphql::{PathSegment, Request, Response, ServerError};
use sea_orm::ConnectionTrait;

use super::{
    rows::agreement_key,
    world::{text, worlds},
};
use crate::{
    error::{Code, Locale},
    graphql::{Caller, present},
    platform::id,
};

fn told(response: &Response, locale: Locale) -> Vec<ServerError> {
    let caller = Caller { locale, ..Caller::default() };
    response.errors.iter().map(|error| present(error.clone(), &caller, "r1")).collect()
}

fn code(error: &ServerError) -> String {
    error.extensions.as_ref().unwrap().get("code").unwrap().to_string()
}

fn path(error: &ServerError) -> String {
    let segments = error.path.iter().map(|segment| match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

#[tokio::test]
async fn a_bad_argument_nulls_no_more_than_its_place() {
    for world in worlds().await {
        let document = format!(
            r#"{{ agreement(id: "{}") {{ number county {{ name children(first: 0) {{ totalCount }} }} }} }}"#,
            id::show("agreement", agreement_key(1))
        );
        let response = world.ask(&world.people.county, &document).await;
        assert_eq!(text(&response), r#"{"agreement":{"number":"XY-511322-2026-0001","county":null}}"#);
        let errors = told(&response, Locale::Zh);
        assert_eq!(errors.len(), 1);
        assert_eq!(code(&errors[0]), r#""INVALID_INPUT""#);
        assert_eq!(path(&errors[0]), "agreement.county.children");
        assert_eq!(errors[0].message, "first：应为 1 至 100，实为 0。");
        assert_eq!(errors[0].locations[0].line, 1);

        let document = "{ agreements(first: 1) { nodes { items(first: 0) { totalCount } } } }";
        let response = world.ask(&world.people.county, document).await;
        assert_eq!(text(&response), r#"{"agreements":null}"#);
        assert_eq!(path(&response.errors[0]), "agreements.nodes.0.items");
    }
}

#[tokio::test]
async fn unknown_words_in_the_database_are_our_fault_and_stay_inside() {
    for world in worlds().await {
        let db = world.app.db().writer();
        let statement = if world.app.db().backend() == sea_orm::DbBackend::Postgres {
            "ALTER TABLE organization DROP CONSTRAINT organization_status_check"
        } else {
            "PRAGMA ignore_check_constraints = on"
        };
        db.execute_unprepared(statement).await.unwrap();
        db.execute_unprepared("UPDATE organization SET status = 'LOST' WHERE name = '营山县人民政府'").await.unwrap();
        let document = format!(
            r#"{{ viewer {{ membership {{ id organization {{ status }} }} }} a: agreement(id: "{}") {{ county {{ name status }} }} }}"#,
            id::show("agreement", agreement_key(1))
        );
        let response = world.ask(&world.people.county, &document).await;
        let data = text(&response);
        assert!(data.contains(r#""organization":null"#) && data.contains(r#""a":{"county":null}"#), "{data}");
        let errors = told(&response, Locale::En);
        assert_eq!(errors.len(), 2);
        for error in errors {
            assert_eq!(code(&error), r#""INTERNAL""#);
            assert_eq!(error.message, "Something went wrong on our side.");
            assert_eq!(error.extensions.unwrap().get("requestId").unwrap().to_string(), r#""r1""#);
        }
    }
}

#[tokio::test]
async fn ids_are_read_strictly() {
    for world in worlds().await {
        let organization = id::show("organization", agreement_key(1));
        for document in [
            format!(r#"{{ agreement(id: "{organization}") {{ id }} }}"#),
            r#"{ agreement(id: "1") { id } }"#.to_owned(),
            r#"{ node(id: "nothing_00000000000000000000000000") { id } }"#.to_owned(),
            format!(r#"{{ resolved(id: "{organization}") {{ id }} }}"#),
            format!(
                r#"{{ agreements(filter: {{county: {{in: ["{}"]}}}}) {{ totalCount }} }}"#,
                id::show("agreement", agreement_key(1))
            ),
            r#"{ agreements(filter: {endsOn: {gte: "2026-1-1"}}) { totalCount } }"#.to_owned(),
        ] {
            let response = world.ask(&world.people.county, &document).await;
            let errors = told(&response, Locale::En);
            assert_eq!(errors.len(), 1, "{document}");
            assert_eq!(code(&errors[0]), r#""INVALID_INPUT""#, "{document}");
            assert!(errors[0].message.contains("expected"), "{document}: {}", errors[0].message);
        }
    }
}

#[tokio::test]
async fn too_much_is_refused_before_the_first_statement() {
    for world in worlds().await {
        let deep = "organizations(first: 100) { nodes { children(first: 100) { nodes { agreements(first: 100) { nodes { id } } } } } }";
        let before = world.app.db().statements();
        let response =
            world.ask(&world.people.county, &format!("{{ organizations(first: 1) {{ totalCount }} a: {deep} }}")).await;
        assert_eq!(world.app.db().statements(), before);
        let errors = told(&response, Locale::En);
        assert_eq!(code(&errors[0]), r#""LIMIT_EXCEEDED""#);
        assert!(errors[0].message.contains("1010101") && errors[0].message.contains("20000"), "{}", errors[0].message);
    }
}

#[tokio::test]
async fn the_cost_is_counted_with_the_actual_pages() {
    for world in worlds().await {
        let caller = Caller { actor: Some(super::world::actor(&world.people.county)), ..Caller::default() };
        let cost = caller.cost.clone();
        let document = "query ($n: Int = 3) { organizations(first: $n) { nodes { parent { id } memberships { id } children { totalCount } } } }";
        let response = world.api.execute(Request::new(document).data(caller)).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        assert_eq!(cost.requested(), 3 + 3 + 3 * 50 + 3 * 20);
    }
}

#[tokio::test]
async fn foreign_errors_say_nothing() {
    for world in worlds().await {
        let response = world.ask(&world.people.county, "{ version foreign }").await;
        let errors = told(&response, Locale::En);
        assert_eq!(
            (code(&errors[0]), errors[0].message.as_str()),
            (r#""INTERNAL""#.into(), "Something went wrong on our side.")
        );
        let response = world.ask(&world.people.county, "{ nothing }").await;
        assert_eq!(code(&told(&response, Locale::En)[0]), format!("{:?}", Code::InvalidInput.as_str()));
    }
}
