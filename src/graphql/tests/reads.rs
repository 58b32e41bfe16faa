//! Reading through views: what is answered, to whom, and in which order.

use super::{
    rows::agreement_key,
    views::Queries,
    world::{key, text, worlds},
};
use crate::{
    graphql::{View, reached_from},
    platform::id,
};

fn agreement_id(number: u32) -> String {
    id::show("agreement", agreement_key(number))
}

fn organization_id(number: u128) -> String {
    id::show("organization", key(number))
}

#[tokio::test]
async fn the_declarations_are_sound() {
    for view in reached_from([Queries::definition()]) {
        assert_eq!(view.problems(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn one_record_by_its_id() {
    for world in worlds().await {
        let id = organization_id(1);
        let document = format!(r#"{{ organization(id: "{id}") {{ __typename id n: name kind createdAt website }} }}"#);
        assert_eq!(
            world.data(&world.people.county, &document).await,
            format!(
                r#"{{"organization":{{"__typename":"Organization","id":"{id}","n":"重庆理工大学","kind":"UNIVERSITY","createdAt":"2026-01-01T01:00:00.000001Z","website":"https://www.cqut.edu.cn"}}}}"#
            )
        );
    }
}

#[tokio::test]
async fn relations_are_read_level_by_level() {
    for world in worlds().await {
        let document = format!(
            r#"{{ agreement(id: "{}") {{
                county {{ name parent {{ id }} }}
                parties {{ position capacity organization {{ name }} }}
                items(first: 2) {{ nodes {{ title target }} totalCount pageInfo {{ hasNextPage }} }}
                openSteps quorum {{ enough parties }} days
            }} }}"#,
            agreement_id(14)
        );
        assert_eq!(
            world.data(&world.people.county, &document).await,
            r#"{"agreement":{"county":{"name":"营山县人民政府","parent":null},"parties":[{"position":0,"capacity":"丙方","organization":null},{"position":1,"capacity":"乙方","organization":{"name":"营山县人民政府"}},{"position":2,"capacity":"甲方","organization":{"name":"重庆理工大学"}}],"items":{"nodes":[{"title":"Item 0 of 14","target":"9223372036854775807"},{"title":"Item 1 of 14","target":null}],"totalCount":4,"pageInfo":{"hasNextPage":true}},"openSteps":[],"quorum":{"enough":true,"parties":3},"days":1465}}"#
        );
    }
}

#[tokio::test]
async fn a_list_of_lists() {
    for world in worlds().await {
        let document = "{ agreements(first: 3, orderBy: {field: NUMBER, direction: DESC}) {
            nodes { number items(first: 1, orderBy: {field: DUE_ON, direction: DESC}) { nodes { title } totalCount } }
            totalCount
        } }";
        let response = world.ask(&world.people.university, document).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        assert_eq!(
            text(&response),
            r#"{"agreements":{"nodes":[{"number":"XY-511322-2026-0023","items":{"nodes":[{"title":"Item 2 of 23"}],"totalCount":3}},{"number":"XY-511322-2026-0022","items":{"nodes":[{"title":"Item 1 of 22"}],"totalCount":2}},{"number":"XY-511322-2026-0021","items":{"nodes":[{"title":"Item 0 of 21"}],"totalCount":1}}],"totalCount":24}}"#
        );
    }
}
