//! Values in variables: they cost, are limited and are refused as if they were written down.

use serde_json::{Value, json};

use crate::support::{Answer, Persona, on_both};

/// A document with one value in it, `$v`, of this type.
struct Case {
    document: String,
    of: &'static str,
    /// As it is written down.
    written: String,
    /// As it is sent.
    sent: Value,
}

/// In which ways a value comes: written down, as a variable, as a variable's default.
const WAYS: [Way; 3] = [Way::Written, Way::Sent, Way::Default];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Written,
    Sent,
    Default,
}

/// A value that is written as it is sent.
fn case(document: &str, of: &'static str, value: &str) -> Case {
    let sent = serde_json::from_str(value).unwrap();
    Case { document: document.to_owned(), of, written: value.to_owned(), sent }
}

/// A value that is written in the language's own way.
fn object(document: &str, of: &'static str, written: &str, sent: Value) -> Case {
    Case { document: document.to_owned(), of, written: written.to_owned(), sent }
}

impl Case {
    async fn ask(&self, who: &Persona, way: Way) -> Answer {
        let Self { document, of, written, sent } = self;
        let (kind, body) = match document.strip_prefix("mutation ") {
            Some(body) => ("mutation", body),
            None => ("query", &**document),
        };
        let (query, variables) = match way {
            Way::Written => (format!("{kind} {}", body.replace("$v", written)), json!({})),
            Way::Sent => (format!("{kind}($v: {of}) {body}"), json!({ "v": sent })),
            Way::Default => (format!("{kind}($v: {of} = {written}) {body}"), json!({})),
        };
        let answer = who.gql(&query, variables.clone()).await;
        // A document that was executed before takes another way, to the same answer.
        if kind == "query" {
            assert_eq!(who.gql(&query, variables).await.body, answer.body, "{query}");
        }
        answer
    }

    /// In every way the same data, at this cost.
    async fn costs(&self, who: &Persona, cost: u64) {
        let written = self.ask(who, Way::Written).await;
        for way in WAYS {
            let answer = self.ask(who, way).await;
            assert_eq!(answer.data(), written.data(), "{way:?}: {answer}");
            assert_eq!(answer.body["extensions"]["cost"]["requested"], cost, "{way:?}: {answer}");
        }
    }

    /// In every way the field is null and this is said of it, at this cost: what is asked for is counted, whatever comes of it.
    async fn is_refused(&self, who: &Persona, (code, message, cost): (&str, &str, u64)) {
        for way in WAYS {
            let answer = self.ask(who, way).await;
            answer.refused(&[code]);
            let error = &answer.body["errors"][0];
            assert_eq!(
                (error["message"].as_str(), answer.body["data"][error["path"][0].as_str().unwrap()].as_null()),
                (Some(message), Some(())),
                "{way:?}"
            );
            assert_eq!(answer.body["extensions"]["cost"]["requested"], cost, "{way:?}: {answer}");
        }
    }

    /// Nothing is executed: `place` and `rest` say what is wrong with the argument; of a default, it is told where in the
    /// variable.
    async fn is_not_of_its_type(&self, who: &Persona, (place, within, rest): (&str, &str, &str)) {
        for way in WAYS {
            let message = match way {
                Way::Default => format!("Invalid default value for argument: \"v{within}\", {rest}"),
                _ => format!("Invalid value for argument \"{place}{within}\", {rest}"),
            };
            nothing_done(&self.ask(who, way).await, &message);
        }
    }
}

/// It was refused before anything was executed, for this reason only.
#[track_caller]
fn nothing_done(answer: &Answer, message: &str) {
    answer.refused(&["INVALID_INPUT"]);
    assert_eq!(answer.body["errors"][0]["message"], message, "{answer}");
    assert_eq!((answer.body.get("data"), answer.body.get("extensions")), (None, None), "{answer}");
}

const PAGE: &str = "{ agreements(first: $v) { totalCount } }";
const AFTER: &str = "{ agreements(after: $v) { totalCount } }";
const FILTER: &str = "{ agreements(first: 5, filter: $v) { totalCount } }";
const STATUS: &str = "{ agreements(first: 5, filter: { status: { in: $v } }) { totalCount } }";
const ORDER: &str = "{ agreements(first: 5, orderBy: $v) { nodes { id } } }";
const NODES: &str = "{ nodes(ids: $v) { id } }";
const NODE: &str = "{ node(id: $v) { id } }";
const NESTED: &str = "{ agreements(first: $v) { nodes { items(first: $v) { nodes { agreement { items(first: $v) { nodes { title } } } } } } } }";
const INCLUDE: &str = "{ __typename agreements(first: 5) @include(if: $v) { totalCount } }";
const PROFILE: &str = "mutation { profileUpdate(input: $v) { result { memberships(first: 7) { nodes { role } } } userErrors { code message path } } }";

/// So many times the same, in a list.
fn many(one: &str, count: usize) -> String {
    format!("[{}]", vec![one; count].join(", "))
}

on_both! {
    /// Page sizes, filters, orders, ids, whole inputs: the cost is counted with the value.
    async fn what_is_allowed_costs_the_same(app: TestApp) {
        let sides = app.sides().await;
        let who = &sides.university;
        crate::support::make::draft(&sides.all(), json!({})).await;
        crate::support::make::draft(&sides.all(), json!({ "kind": "TALENT" })).await;
        case(PAGE, "Int", "7").costs(who, 7).await;
        case(PAGE, "Int", "null").costs(who, 20).await;
        case(NESTED, "Int", "10").costs(who, 10 + 100 + 100 + 1_000).await;
        for (written, sent) in [
            ("{}", json!({})),
            ("null", Value::Null),
            ("{ status: { in: [DRAFT] }, search: \"x\" }", json!({ "status": { "in": ["DRAFT"] }, "search": "x" })),
            ("{ kind: { notIn: [TALENT] }, endsOn: { gte: \"2026-03-02\" } }", json!({ "kind": { "notIn": ["TALENT"] }, "endsOn": { "gte": "2026-03-02" } })),
        ] {
            object(FILTER, "AgreementFilter", written, sent).costs(who, 5).await;
        }
        object(STATUS, "[AgreementStatus!]", "DRAFT", json!("DRAFT")).costs(who, 5).await;
        object(STATUS, "[AgreementStatus!]", &many("DRAFT", 100), json!(vec!["DRAFT"; 100])).costs(who, 5).await;
        for direction in ["ASC", "DESC"] {
            let written = format!("{{ field: NUMBER, direction: {direction} }}");
            object(ORDER, "AgreementOrder", &written, json!({ "field": "NUMBER", "direction": direction })).costs(who, 5).await;
        }
        let (north, yingshan) = (format!("{:?}", sides.north.id()), format!("{:?}", sides.yingshan.id()));
        case(NODE, "ID!", &north).costs(who, 1).await;
        case(NODES, "[ID!]!", &format!("[{north}, {yingshan}]")).costs(who, 2).await;
        case(NODES, "[ID!]!", &many(&north, 100)).costs(who, 1).await;
        case(INCLUDE, "Boolean!", "false").costs(who, 0).await;
        case(INCLUDE, "Boolean!", "true").costs(who, 5).await;
        case(&INCLUDE.replace("include", "skip"), "Boolean!", "true").costs(who, 0).await;
        let input = json!({ "expectedVersion": 9, "displayName": "x" });
        object(PROFILE, "ProfileUpdateInput!", "{ expectedVersion: 9, displayName: \"x\" }", input).costs(who, 0).await;
        let input = json!({ "expectedVersion": 1, "displayName": "Li Wei" });
        let update = object(PROFILE, "ProfileUpdateInput!", "{ expectedVersion: 1, displayName: \"Li Wei\" }", input);
        for way in WAYS {
            let answer = update.ask(&sides.north.admin().await, way).await;
            answer.results_in(json!({ "memberships": { "nodes": [{ "role": "UNIVERSITY_ADMIN" }] } }));
            assert_eq!(answer.body["extensions"]["cost"]["requested"], 8, "{way:?}");
        }
    }

    /// Limits hold, and say so in the same words.
    async fn what_is_too_much_is_refused_alike(app: TestApp) {
        let north = app.university("North").await;
        let who = &north.admin().await;
        let words = "The document asks for up to 1020100 records; 20000 are allowed. Ask for smaller pages.";
        case(NESTED, "Int", "100").is_refused(who, ("LIMIT_EXCEEDED", words, 1_020_100)).await;
        for (size, found) in [("0", "0"), ("101", "101"), ("-1", "-1"), ("2147483647", "2147483647")] {
            for argument in ["first", "last"] {
                let page = PAGE.replace("first", argument);
                let words = format!("{argument}: expected 1 to 100, found {found}.");
                case(&page, "Int", size).is_refused(who, ("INVALID_INPUT", &words, 0)).await;
            }
        }
        let words = "Failed to parse \"Int\": Only integers from -2147483648 to 2147483647 are accepted.";
        case(PAGE, "Int", "2147483648").is_refused(who, ("INVALID_INPUT", words, 0)).await;
        let both = "{ agreements(first: 2, last: $v) { totalCount } }";
        let words = "Use first and after, or last and before, never both.";
        case(both, "Int", "3").is_refused(who, ("INVALID_INPUT", words, 0)).await;
        let words = "after: expected a cursor of this list, in this order and under this filter.";
        case(AFTER, "String", "\"x\"").is_refused(who, ("INVALID_INPUT", words, 0)).await;

        let words = "Failed to parse \"[AgreementStatus!]\": expected at most 100 values (occurred while parsing \
            \"AgreementStatusFilter\") (occurred while parsing \"AgreementFilter\")";
        let statuses = object(STATUS, "[AgreementStatus!]", &many("DRAFT", 101), json!(vec!["DRAFT"; 101]));
        statuses.is_refused(who, ("INVALID_INPUT", words, 0)).await;
        let words = words.replace("AgreementStatus", "ID").replace("IDFilter", "IdFilter");
        let written = format!("{{ countyId: {{ in: {} }} }}", many("\"organization_00000000000000000000000000\"", 101));
        let sent = json!({ "countyId": { "in": vec!["organization_00000000000000000000000000"; 101] } });
        object(FILTER, "AgreementFilter", &written, sent).is_refused(who, ("INVALID_INPUT", &words, 0)).await;
        let ids = case(NODES, "[ID!]!", &many(&format!("{:?}", north.id()), 101));
        ids.is_refused(who, ("INVALID_INPUT", "At most 100 ids.", 0)).await;
    }

    /// What is of the right type and still wrong is told at its field.
    async fn what_cannot_be_is_refused_alike(app: TestApp) {
        let who = &app.university("North").await.admin().await;
        let words = "Failed to parse \"Date\": expected a day such as 2026-11-22, found \"2026-13-01\" (occurred while \
            parsing \"DateFilter\") (occurred while parsing \"AgreementFilter\")";
        let day = object(FILTER, "AgreementFilter", "{ endsOn: { gte: \"2026-13-01\" } }", json!({ "endsOn": { "gte": "2026-13-01" } }));
        day.is_refused(who, ("INVALID_INPUT", words, 0)).await;
        let words = "Failed to parse \"ID\": expected the id of one record, such as organization_00000000000000000000000000, \
            found \"x\" (occurred while parsing \"[ID!]\") (occurred while parsing \"IdFilter\") (occurred while parsing \
            \"AgreementFilter\")";
        let id = object(FILTER, "AgreementFilter", "{ countyId: { in: [\"x\"] } }", json!({ "countyId": { "in": ["x"] } }));
        id.is_refused(who, ("INVALID_INPUT", words, 0)).await;
        for (value, found) in [("5", "5"), ("[]", "[]")] {
            let words = format!("Expected input type \"AgreementFilter\", found {found}.");
            case(FILTER, "AgreementFilter", value).is_refused(who, ("INVALID_INPUT", &words, 0)).await;
        }
        let words = "id: expected an id such as agreement_00000000000000000000000000.";
        for value in ["\"x\"", "\"\"", "5", "\"agreement_0\""] {
            case(NODE, "ID!", value).is_refused(who, ("INVALID_INPUT", words, 0)).await;
        }
        let words = "ids: expected an id such as agreement_00000000000000000000000000.";
        for value in ["\"x\"", "[1]"] {
            case(NODES, "[ID!]!", value).is_refused(who, ("INVALID_INPUT", words, 0)).await;
        }
    }

    /// What is of another type is refused before anything is executed, and it is told where in the value it is wrong.
    async fn what_is_of_another_type_is_refused_alike(app: TestApp) {
        let who = &app.university("North").await.admin().await;
        for value in ["1.5", "\"7\"", "true", "[7]", "{}"] {
            case(PAGE, "Int", value).is_not_of_its_type(who, ("first", "", "expected type \"Int\"")).await;
        }
        case(AFTER, "String", "5").is_not_of_its_type(who, ("after", "", "expected type \"String\"")).await;
        let unknown = object(FILTER, "AgreementFilter", "{ nothing: 1 }", json!({ "nothing": 1 }));
        unknown.is_not_of_its_type(who, ("filter", "", "unknown field \"nothing\" of type \"AgreementFilter\"")).await;
        let rest = "enumeration type \"AgreementStatus\" does not contain the value \"NOPE\"";
        let word = object(FILTER, "AgreementFilter", "{ status: { in: [NOPE] } }", json!({ "status": { "in": ["NOPE"] } }));
        word.is_not_of_its_type(who, ("filter", ".status.in.0", rest)).await;
        let text = object(FILTER, "AgreementFilter", "{ search: 5 }", json!({ "search": 5 }));
        text.is_not_of_its_type(who, ("filter", ".search", "expected type \"String\"")).await;
        for value in ["[null]", "[1]"] {
            let place = "filter.status.in";
            let status = case(STATUS, "[AgreementStatus!]", value);
            status.is_not_of_its_type(who, (place, ".0", "expected type \"AgreementStatus\"")).await;
        }
        let rest = "field \"field\" of type \"AgreementOrderField!\" is required but not provided";
        case(ORDER, "AgreementOrder", "{}").is_not_of_its_type(who, ("orderBy", "", rest)).await;
        let rest = "enumeration type \"AgreementOrderField\" does not contain the value \"TITLE\"";
        let order = object(ORDER, "AgreementOrder", "{ field: TITLE }", json!({ "field": "TITLE" }));
        order.is_not_of_its_type(who, ("orderBy", ".field", rest)).await;
        for value in ["true", "1.5", "{}", "[]"] {
            case(NODE, "ID!", value).is_not_of_its_type(who, ("id", "", "expected type \"ID\"")).await;
        }
        for value in ["[null]", "[true]"] {
            case(NODES, "[ID!]!", value).is_not_of_its_type(who, ("ids", ".0", "expected type \"ID\"")).await;
        }
        for value in ["1", "\"true\""] {
            case(INCLUDE, "Boolean!", value).is_not_of_its_type(who, ("if", "", "expected type \"Boolean\"")).await;
        }
        let rest = "field \"expectedVersion\" of type \"Int!\" is required but not provided";
        let input = object(PROFILE, "ProfileUpdateInput!", "{ displayName: \"x\" }", json!({ "displayName": "x" }));
        input.is_not_of_its_type(who, ("input", "", rest)).await;
    }

    /// Null where a value must be; variables without a value, without a use, of another type than their place.
    async fn variables_that_do_not_fit(app: TestApp) {
        let who = &app.university("North").await.admin().await;
        for (document, of, place, expected) in
            [(NODES, "[ID!]!", "ids", "[ID!]"), (NODE, "ID!", "id", "ID"), (INCLUDE, "Boolean!", "if", "Boolean")]
        {
            let null = case(document, of, "null");
            let written = format!("Invalid value for argument \"{place}\", expected type \"{expected}\"");
            nothing_done(&null.ask(who, Way::Written).await, &written);
            nothing_done(&null.ask(who, Way::Sent).await, "The variable \"$v\" needs a value.");
            let default = format!("Invalid default value for argument: \"v\", expected type \"{expected}\"");
            nothing_done(&null.ask(who, Way::Default).await, &default);
        }
        let page = |variables: &str| format!("query{variables} {PAGE}");
        for (query, variables, message) in [
            (page("($v: Int!)"), json!({}), "The variable \"$v\" needs a value."),
            (page("($v: Int!)"), json!({ "v": null }), "The variable \"$v\" needs a value."),
            (page("($v: String)"), json!({ "v": "5" }), "Invalid value for argument \"first\", expected type \"Int\""),
            (page(""), json!({ "v": 5 }), "Variable \"$v\" is not defined"),
            (page("($v: Int, $w: Int)"), json!({ "v": 5 }), "Variable \"$w\" is not used"),
            (page("($v: Int, $v: Int)"), json!({ "v": 5 }), "There can only be one variable named \"$v\""),
        ] {
            nothing_done(&who.gql(&query, variables).await, message);
        }
        // What is sent comes before the default, null too; what nobody asked for is nothing.
        for (query, variables, cost) in [
            (page("($v: Int = 200)"), json!({ "v": 3 }), 3),
            (page("($v: Int = 7)"), json!({ "v": null }), 20),
            (page("($v: Int = 7)"), json!({ "w": "x" }), 7),
            (page("($v: Int)"), json!({}), 20),
        ] {
            let answer = who.gql(&query, variables.clone()).await;
            assert_eq!(who.gql(&query, variables).await.body, answer.body, "{query}");
            answer.is(json!({ "agreements": { "totalCount": 0 } }));
            assert_eq!(answer.body["extensions"]["cost"]["requested"], cost, "{query}");
        }
    }
}
