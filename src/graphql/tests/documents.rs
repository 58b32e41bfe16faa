//! What a document may do: aliases, fragments, merged fields, directives, variables.

use async_graphql::{Request, Variables, value};

use super::{
    rows::agreement_key,
    world::{key, text, worlds},
};
use crate::platform::id;

fn agreement_id(number: u32) -> String {
    id::show("agreement", agreement_key(number))
}

fn organization_id(number: u128) -> String {
    id::show("organization", key(number))
}

#[tokio::test]
async fn fields_come_in_the_documents_order_and_merge() {
    for world in worlds().await {
        let document = format!(
            r#"query Q($yes: Boolean!) {{
                a: agreement(id: "{id}") {{ number ...F county {{ id }} ... on Agreement {{ title }} ... on Node {{ __typename }} }}
                a: agreement(id: "{id}") {{ status county {{ name }} }}
                ...R
            }}
            fragment F on Agreement {{ county {{ kind }} skipped: kind @skip(if: true) kept: kind @include(if: $yes) ...G }}
            fragment G on Node {{ id ... on Organization {{ name }} }}
            fragment R on Query {{ a: agreement(id: "{id}") {{ endsOn }} version }}"#,
            id = agreement_id(1)
        );
        let request = Request::new(&document).variables(Variables::from_value(value!({"yes": true})));
        let data = text(&world.ask_with(&world.people.county, request).await);
        let expected = format!(
            r#"{{"a":{{"number":"XY-511322-2026-0001","county":{{"kind":"COUNTY","id":"{}","name":"营山县人民政府"}},"kept":"SPECIAL","id":"{}","title":"Agreement 1","__typename":"Agreement","status":"ACTIVE","endsOn":"2030-01-02"}},"version":"1"}}"#,
            organization_id(2),
            agreement_id(1)
        );
        assert_eq!(data, expected);
    }
}

#[tokio::test]
async fn a_merged_field_is_read_once() {
    for world in worlds().await {
        let id = agreement_id(1);
        let document = format!(r#"{{ a: agreement(id: "{id}") {{ number }} a: agreement(id: "{id}") {{ title }} }}"#);
        let before = world.app.db().statements();
        world.data(&world.people.county, &document).await;
        assert_eq!(world.app.db().statements() - before, 1);
    }
}

#[tokio::test]
async fn arguments_come_from_variables_and_defaults() {
    for world in worlds().await {
        let document = "query ($n: Int = 1, $filter: AgreementFilter, $dir: OrderDirection, $unset: String) {
            agreements(first: $n, after: $unset, filter: $filter, orderBy: {field: NUMBER, direction: $dir}) {
                nodes { number }
            }
        }";
        let ask = async |variables: Variables| {
            let request = Request::new(document).variables(variables);
            let response = world.ask_with(&world.people.county, request).await;
            assert!(response.errors.is_empty(), "{:?}", response.errors);
            text(&response)
        };
        let one = r#"{"agreements":{"nodes":[{"number":"XY-511322-2026-0000"}]}}"#;
        assert_eq!(ask(Variables::default()).await, one);
        let variables =
            value!({"n": 2, "filter": {"status": {"in": ["ACTIVE"]}, "endsOn": {"gte": "2030-01-05"}}, "dir": "DESC"});
        assert_eq!(
            ask(Variables::from_value(variables)).await,
            r#"{"agreements":{"nodes":[{"number":"XY-511322-2026-0019"},{"number":"XY-511322-2026-0014"}]}}"#
        );
    }
}

#[tokio::test]
async fn a_view_is_the_result_of_a_mutation_and_of_a_resolver() {
    for world in worlds().await {
        let id = agreement_id(1);
        let document = format!(
            r#"mutation {{
                a: agreementTouch(id: "{id}") {{ __typename result {{ number parties {{ capacity }} }} userErrors {{ code }} ...P }}
                b: agreementTouch(id: "{id}", fail: true) {{ result {{ number }} userErrors {{ code message path details {{ currentVersion }} }} }}
            }}
            fragment P on AgreementPayload {{ result {{ county {{ name }} }} }}"#
        );
        assert_eq!(
            world.data(&world.people.county, &document).await,
            r#"{"a":{"__typename":"AgreementPayload","result":{"number":"XY-511322-2026-0001","parties":[{"capacity":"丙方"},{"capacity":"乙方"},{"capacity":"甲方"}],"county":{"name":"营山县人民政府"}},"userErrors":[]},"b":{"result":null,"userErrors":[{"code":"RULE_VIOLATED","message":"No.","path":["id"],"details":null}]}}"#
        );
        let document = format!(
            r#"{{ resolved(id: "{id}") {{ number }} gone: resolved(id: "{}") {{ number }} }}"#,
            agreement_id(99)
        );
        assert_eq!(
            world.data(&world.people.county, &document).await,
            r#"{"resolved":{"number":"XY-511322-2026-0001"},"gone":null}"#
        );
    }
}

#[tokio::test]
async fn any_record_by_its_id() {
    for world in worlds().await {
        let (agreement, organization) = (agreement_id(1), organization_id(2));
        let document = format!(
            r#"{{
                node(id: "{agreement}") {{ id ... on Agreement {{ number }} ... on Organization {{ name }} }}
                nodes(ids: ["{organization}", "{}", "{agreement}", "{organization}"]) {{
                    __typename ... on Agreement {{ number }} ... on Organization {{ name }}
                }}
            }}"#,
            agreement_id(99)
        );
        assert_eq!(
            world.data(&world.people.county, &document).await,
            format!(
                r#"{{"node":{{"id":"{agreement}","number":"XY-511322-2026-0001"}},"nodes":[{{"__typename":"Organization","name":"营山县人民政府"}},null,{{"__typename":"Agreement","number":"XY-511322-2026-0001"}},{{"__typename":"Organization","name":"营山县人民政府"}}]}}"#
            )
        );
    }
}

#[tokio::test]
async fn the_schema_describes_every_field() {
    let worlds = worlds().await;
    let sdl = worlds[0].api.sdl();
    for line in [
        "type Agreement implements Node {",
        "\tparties: [AgreementParty!]!",
        "\titems(",
        "filter: ItemFilter",
        "orderBy: ItemOrder",
        "input AgreementStatusFilter {",
        "\tid: IdFilter",
        "\tendsOn: DateFilter",
        "interface Node {",
        "type AgreementPayload {",
        "\tresult: Agreement\n",
        "\tuserErrors: [UserError!]!",
        "\tnodes(",
        "): [Node]\n",
        "\tstaffTotal: BigInt @deprecated(reason: \"Use staffCount; gone after 2027-01-01.\")",
        "\tfield: AgreementOrderField!",
        "direction: OrderDirection! = ASC",
        "scalar Date",
    ] {
        assert!(sdl.contains(line), "{line}\n{sdl}");
    }
}
