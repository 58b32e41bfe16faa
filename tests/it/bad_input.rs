//! What no client should send, through the whole server: an error of the right kind, and nothing told.

use serde_json::{Value, json};

use crate::support::{make, on_both};

on_both! {
    /// Pages have 1 to 100 rows; whatever else stands there is refused, written down or as a variable.
    async fn sizes_of_pages(app: TestApp) {
        let admin = app.university("North").await.admin().await;
        for size in ["0", "101", "-1", "2147483647", "2147483648", "-2147483649", "1e3", "1.5", "\"1\"", "\"１\"", "true", "[1, 2]"] {
            for argument in ["first", "last"] {
                let written = admin.gql(&format!("{{ agreements({argument}: {size}) {{ totalCount }} }}"), json!({})).await;
                written.refused(&["INVALID_INPUT"]);
                let value: Value = serde_json::from_str(size).unwrap();
                let query = format!("query($size: Int) {{ agreements({argument}: $size) {{ totalCount }} }}");
                let given = admin.gql(&query, json!({ "size": value })).await;
                given.refused(&["INVALID_INPUT"]);
            }
        }
        // Not even a number of the language.
        admin.gql("{ agreements(first: １) { totalCount } }", json!({})).await.refused(&["INVALID_INPUT"]);
        let answer = admin.gql("{ agreements(first: 101) { totalCount } }", json!({})).await;
        assert_eq!(answer.body["errors"][0]["message"], "first: expected 1 to 100, found 101.");
    }

    /// A cursor is good for its list, order and filter; one of another list, or changed by a letter, is refused.
    async fn cursors_of_other_lists_and_of_nobody(app: TestApp) {
        let sides = app.sides().await;
        make::draft(&sides.all(), json!({})).await;
        let list = "{ agreements(first: 1) { pageInfo { endCursor } } organizations(first: 1) { pageInfo { endCursor } } }";
        let pages = sides.university.gql(list, json!({})).await;
        let own = pages.text("/agreements/pageInfo/endCursor");
        let after = "query($after: String) { agreements(first: 1, after: $after) { totalCount } }";
        sides.university.gql(after, json!({ "after": own })).await.is(json!({ "agreements": { "totalCount": 1 } }));
        let changed = format!("{}{}", if own.starts_with('A') { "B" } else { "A" }, &own[1..]);
        let other = pages.text("/organizations/pageInfo/endCursor");
        for wrong in [&*other, &changed, "", "AAAA", "游标", "\0", &own[..own.len() - 1], &"A".repeat(10_000)] {
            let answer = sides.university.gql(after, json!({ "after": wrong })).await;
            answer.refused(&["INVALID_INPUT"]);
            let words = "after: expected a cursor of this list, in this order and under this filter.";
            assert_eq!(answer.body["errors"][0]["message"], words);
        }
        let filtered = "query($after: String) { agreements(after: $after, filter: { status: { in: [DRAFT] } }) { totalCount } }";
        sides.university.gql(filtered, json!({ "after": own })).await.refused(&["INVALID_INPUT"]);
        // Somebody else's cursor shows no more than his own list.
        sides.county.gql(after, json!({ "after": own })).await.is(json!({ "agreements": { "totalCount": 0 } }));
    }

    /// What an operation costs is counted with its variables, before the first statement.
    async fn a_cost_hidden_in_variables(app: TestApp) {
        let admin = app.university("North").await.admin().await;
        admin.token().await;
        let query = "query($n: Int) { agreements(first: $n) { nodes { items(first: $n) { nodes { agreement { \
            items(first: $n) { nodes { title } } } } } } } }";
        let (answer, statements) = app.counted(admin.gql(query, json!({ "n": 100 }))).await;
        answer.refused(&["LIMIT_EXCEEDED"]);
        assert_eq!(statements, 0);
        admin.gql(query, json!({ "n": 2 })).await.data();
    }

    /// Ids of another type, or of nothing, at each place that takes an id.
    async fn ids_of_other_types(app: TestApp) {
        let sides = app.sides().await;
        let draft = make::draft(&sides.all(), json!({})).await;
        let id = sides.north.id();
        let query = "query($id: ID!) { agreement(id: $id) { id } }";
        sides.university.gql(query, json!({ "id": id })).await.refused(&["INVALID_INPUT"]);
        let query = "query($id: ID!) { organization(id: $id) { id } }";
        sides.university.gql(query, json!({ "id": draft.id })).await.refused(&["INVALID_INPUT"]);
        let step = json!({ "id": id, "expectedVersion": 1 });
        sides.university.does("agreementSubmit", step, "id").await.refused(&["INVALID_INPUT"]);
        let upload = json!({ "recordId": id, "name": "a.pdf" });
        sides.university.does("documentUploadCreate", upload, "url").await.complains(&["INVALID_INPUT input.recordId"]);
    }

    /// Whether a login exists can be told neither by the answer nor by the work it takes.
    async fn nobody_learns_who_has_an_account(app: TestApp) {
        let admin = app.university("North").await.admin().await;
        let mut answers = Vec::new();
        for login in [admin.login.as_str(), "nobody"] {
            let before = app.app().passwords().derived();
            let input = json!({ "login": login, "password": "wrong rice 2026" });
            let answer = app.does("sessionCreate", input, "accessToken").await;
            answer.refused(&["UNAUTHENTICATED"]);
            answers.push(answer.body["errors"][0]["message"].clone());
            assert_eq!(app.app().passwords().derived() - before, 1, "{login}");
        }
        assert_eq!(answers[0], answers[1]);
    }

    /// Names of organizations, people and machines show every character that is in them.
    async fn hidden_characters_in_names(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (admin, officer) = (yingshan.admin().await, yingshan.officer().await);
        for hidden in ["\0", "\u{202e}", "\u{200b}", "\u{2066}", "\u{feff}"] {
            let name = format!("营山{hidden}有限公司");
            let register = json!({ "parentId": yingshan.id(), "kind": "ENTERPRISE", "name": name, "regionCode": "511322",
                "creditCode": "91511322MADEMT002D" });
            officer.does("organizationRegister", register, "id").await.complains(&["INVALID_INPUT input.name"]);
            let profile = json!({ "contactName": name, "description": name });
            let update = json!({ "id": yingshan.id(), "expectedVersion": 1, "profile": profile });
            let answer = admin.does("organizationUpdate", update, "id").await;
            answer.complains(&["INVALID_INPUT input.profile.description", "INVALID_INPUT input.profile.contactName"]);
            let update = json!({ "expectedVersion": 1, "displayName": name });
            admin.does("profileUpdate", update, "id").await.complains(&["INVALID_INPUT input.displayName"]);
            let account = json!({ "name": name, "scopes": ["TRAIL_READ"] });
            admin.does("serviceAccountCreate", account, "secret").await.complains(&["INVALID_INPUT input.name"]);
        }
        assert_eq!(yingshan.row().await.version, 1);
    }
}
