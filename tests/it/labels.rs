//! What the values of enums are called, asked through the API.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{on_both, sdl};

const LABELS: &str = "query($names: [String!]) { enumLabels(names: $names) { name values { value en zh } } }";

on_both! {
    /// Every value of every enum has a name in both languages, in the order of the schema.
    async fn every_value_has_a_name(app: TestApp) {
        let answer = app.gql(LABELS, json!({})).await;
        let enums = answer.at("/enumLabels").as_array().unwrap();
        let named: BTreeSet<&str> = enums.iter().map(|one| one["name"].as_str().unwrap()).collect();
        let all = sdl::types().iter().filter(|(_, found)| found.kind == "enum").map(|(name, _)| name.as_str());
        assert_eq!(named, all.collect());
        for value in enums.iter().flat_map(|one| one["values"].as_array().unwrap()) {
            assert!(value["zh"].as_str().is_some_and(|zh| !zh.is_empty()), "{value}");
        }
        let one = app.gql(LABELS, json!({ "names": ["DocumentStatus"] })).await;
        one.is(json!({ "enumLabels": [{ "name": "DocumentStatus", "values": [
            { "value": "AWAITING_BYTES", "en": "Awaiting bytes", "zh": "待上传" },
            { "value": "UPLOADED", "en": "Uploaded", "zh": "已上传" },
            { "value": "CONFIRMED", "en": "Confirmed", "zh": "已确认" },
        ] }] }));
    }

    /// What is no enum of the schema is named.
    async fn an_unknown_enum_is_named(app: TestApp) {
        for name in ["Agreement", "Nothing", "__TypeKind", ""] {
            let answer = app.gql(LABELS, json!({ "names": ["Role", name] })).await;
            assert_eq!(answer.codes(), ["INVALID_INPUT"], "{name}");
            let words = format!("names: expected names of enums of this schema; {name:?} is none.");
            assert_eq!(answer.body["errors"][0]["message"], json!(words));
            assert_eq!(answer.body["data"], json!({ "enumLabels": null }));
        }
    }
}
