//! Who sees what: rows, fields, counts.

use async_graphql::Request;

use super::{
    rows::agreement_key,
    world::{key, text, worlds},
};
use crate::{graphql::Caller, platform::id};

#[tokio::test]
async fn what_is_not_yours_is_not_there_nor_counted() {
    for world in worlds().await {
        let document = format!(
            r#"{{
                agreement(id: "{}") {{ number }}
                node(id: "{}") {{ id }}
                agreements(first: 100) {{ totalCount nodes {{ number county {{ id }} }} }}
                organization(id: "{}") {{ agreements {{ totalCount }} }}
            }}"#,
            id::show("agreement", agreement_key(1)),
            id::show("agreement", agreement_key(1)),
            id::show("organization", key(1)),
        );
        let data = world.data(&world.people.enterprise, &document).await;
        assert!(data.starts_with(r#"{"agreement":null,"node":null,"agreements":{"totalCount":6,"nodes":[{"number":"XY-511322-2026-0000","county":null},{"number":"XY-511322-2026-0004""#), "{data}");
        assert!(data.ends_with(r#""organization":{"agreements":{"totalCount":6}}}"#), "{data}");
    }
}

#[tokio::test]
async fn a_field_is_held_back_or_masked_row_by_row() {
    for world in worlds().await {
        let document = "{ organizations(first: 4) { nodes { contactPhone internalNote } } }";
        assert_eq!(
            world.data(&world.people.county, document).await,
            r#"{"organizations":{"nodes":[{"contactPhone":"138****0001","internalNote":null},{"contactPhone":"13800000002","internalNote":"note 2"},{"contactPhone":"138****0003","internalNote":null},{"contactPhone":null,"internalNote":null}]}}"#
        );
    }
}

#[tokio::test]
async fn nobody_reads_nothing() {
    for world in worlds().await {
        let request = Request::new("{ organizations { totalCount } version }").data(Caller::default());
        let response = world.api.execute(request).await;
        assert_eq!(text(&response), r#"{"organizations":null,"version":"1"}"#);
        assert_eq!(response.errors[0].message, "UNAUTHENTICATED: Sign in first.");
        let request = Request::new("{ viewer { user { login } } version }").data(Caller::default());
        let response = world.api.execute(request).await;
        assert_eq!(text(&response), r#"{"viewer":null,"version":"1"}"#);
    }
}

#[tokio::test]
async fn the_viewer_is_who_asks_or_who_just_signed_in() {
    for world in worlds().await {
        let fields = "{ user { login } membership { role organization { name } } drafts(first: 2) { nodes { number } totalCount } }";
        let viewer = r#"{"user":{"login":"person1"},"membership":{"role":"UNIVERSITY_ADMIN","organization":{"name":"重庆理工大学"}},"drafts":{"nodes":[{"number":"XY-511322-2026-0009"},{"number":"XY-511322-2026-0018"}],"totalCount":8}}"#;
        let data = world.data(&world.people.university, &format!("{{ viewer {fields} }}")).await;
        assert_eq!(data, format!(r#"{{"viewer":{viewer}}}"#));
        let request = Request::new(format!("{{ asPlatform {fields} }}")).data(Caller::default());
        let response = world.api.execute(request).await;
        assert_eq!(text(&response), format!(r#"{{"asPlatform":{viewer}}}"#), "{:?}", response.errors);
    }
}
