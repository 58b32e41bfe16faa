//! What people type: every problem at once, each at its place, in both languages.

use serde_json::{Value, json};

use super::text;
use crate::support::{Persona, Sides, make, on_both};

/// What the first of the sides drafts, with some of the text changed.
fn input(sides: &Sides, changes: Value) -> Value {
    let party = |id: String, capacity: &str| json!({ "organizationId": id, "capacity": capacity, "role": "REQUIRED" });
    let mut input = json!({
        "kind": "FRAMEWORK",
        "countyId": sides.yingshan.id(),
        "text": {
            "title": "框架协议", "terms": "互助。", "endsOn": "2028-12-31", "renewalPolicy": "NONE",
            "parties": [party(sides.north.id(), "甲方"), party(sides.yingshan.id(), "乙方")],
        },
    });
    for (name, change) in changes.as_object().unwrap() {
        match name.as_str() {
            "kind" | "countyId" | "parentId" => input[name] = change.clone(),
            _ => input["text"][name] = change.clone(),
        }
    }
    input
}

async fn problems(person: &Persona, input: Value) -> Vec<String> {
    let answer = person.does("agreementDraft", input, "id").await;
    assert_eq!(answer.codes(), [""; 0], "{answer}");
    answer.problems()
}

on_both! {
    /// Everything that is wrong is said at once, each at its place.
    async fn all_problems_at_once(app: TestApp) {
        let sides = app.sides().await;
        let (yingshan, alpha) = (sides.yingshan.id(), sides.alpha.id());
        let party = |id: &str, capacity: &str, role: &str| json!({ "organizationId": id, "capacity": capacity, "role": role });
        let wrong = input(&sides, json!({
            "countyId": alpha, "title": " ", "terms": "身份证号：11010519491231002X", "startsOn": "2026-02-02",
            "endsOn": "2026-02-01", "noticeBy": "2026-03-01",
            "parties": [party(&alpha, "", "REQUIRED"), party(&yingshan, "见证方", "WITNESS"), party(&alpha, &"方".repeat(21), "REQUIRED")],
        }));
        let expected = [
            "INVALID_INPUT input.countyId",
            "INVALID_INPUT input.text.title",
            "INVALID_INPUT input.text.terms",
            "INVALID_INPUT input.text.endsOn",
            "INVALID_INPUT input.text.endsOn",
            "INVALID_INPUT input.text.noticeBy",
            "INVALID_INPUT input.text.parties",
            "INVALID_INPUT input.text.parties",
            "INVALID_INPUT input.text.parties.0.capacity",
            "INVALID_INPUT input.text.parties.2.organizationId",
            "INVALID_INPUT input.text.parties.2.capacity",
        ];
        let answer = sides.university.does("agreementDraft", wrong, "id").await;
        answer.complains(&expected);
        let messages: Vec<&str> = answer.user_errors().iter().map(|error| error["message"].as_str().unwrap()).collect();
        assert_eq!(messages, [
            "countyId is not a county with a region.",
            "title has 0 characters; expected 1 to 200.",
            "terms contains a resident ID number, which is never stored.",
            "endsOn (2026-02-01) is before startsOn (2026-02-02).",
            "endsOn (2026-02-01) is in the past; expected 2026-03-02 or later.",
            "noticeBy (2026-03-01) is not between startsOn and endsOn.",
            "At least two different parties must sign.",
            "Your organization is not among the parties that sign.",
            "parties.0.capacity has 0 characters; expected 1 to 20.",
            "This organization is named twice.",
            "parties.2.capacity has 21 characters; expected 1 to 20.",
        ]);
        // Nothing was drafted, and no number was spent.
        sides.university.gql("{ agreements { totalCount } }", json!({})).await.is(json!({ "agreements": { "totalCount": 0 } }));
        let draft = sides.university.does("agreementDraft", input(&sides, json!({})), "number").await;
        draft.results_in(json!({ "number": "XY-511322-2026-0001" }));
    }

    /// The parties: two to twenty, the county and the drafting side among those that sign.
    async fn the_parties(app: TestApp) {
        let sides = app.sides().await;
        let party = |id: String, role: &str| json!({ "organizationId": id, "capacity": "方", "role": role });
        let (north, yingshan) = (party(sides.north.id(), "REQUIRED"), party(sides.yingshan.id(), "REQUIRED"));
        let witness = party(sides.alpha.id(), "WITNESS");
        let many: Vec<Value> = (0..21).map(|_| witness.clone()).collect();
        let path = "INVALID_INPUT input.text.parties";
        for (parties, count) in [
            (json!([]), 3),
            (json!([north]), 2),
            (json!([yingshan]), 2),
            (json!([north, party(sides.yingshan.id(), "WITNESS")]), 2),
            (json!([north, party(sides.alpha.id(), "REQUIRED")]), 1),
            (json!([yingshan, party(sides.alpha.id(), "REQUIRED")]), 1),
            (json!([north, yingshan, witness]), 0),
        ] {
            let found = problems(&sides.university, input(&sides, json!({ "parties": parties }))).await;
            assert_eq!(found, vec![path; count], "{parties}");
        }
        let found = problems(&sides.university, input(&sides, json!({ "parties": many }))).await;
        assert_eq!(found[..4], [path, path, path, path]);
    }

    /// A party, a county or a parent that one does not see does not exist.
    async fn what_one_does_not_see_is_not_named(app: TestApp) {
        let sides = app.sides().await;
        let officer = sides.yingshan.officer().await;
        let register = json!({
            "parentId": sides.yingshan.id(), "kind": "ENTERPRISE", "name": "Newcomer", "regionCode": "511322",
            "creditCode": "91511322MADEMT07X8",
        });
        let pending = officer.does("organizationRegister", register, "id").await.result()["id"].clone();
        let unseen = json!([
            { "organizationId": sides.north.id(), "capacity": "甲方", "role": "REQUIRED" },
            { "organizationId": sides.yingshan.id(), "capacity": "乙方", "role": "REQUIRED" },
            { "organizationId": pending, "capacity": "丙方", "role": "REQUIRED" },
        ]);
        let nobody = hezuo::platform::id::show("organization", uuid::Uuid::nil());
        let other = make::draft(&[&sides.county, &sides.university], json!({})).await;
        for changes in [json!({ "parties": unseen }), json!({ "countyId": nobody }), json!({ "kind": "SPECIAL", "parentId": other.id })] {
            let answer = sides.university.does("agreementDraft", input(&sides, changes), "id").await;
            answer.refused(&["NOT_FOUND"]);
        }
        // The officer's county sees the newcomer and may name it.
        let mut drafted = input(&sides, json!({ "parties": unseen }));
        drafted["countyId"] = json!(sides.yingshan.id());
        sides.county.does("agreementDraft", drafted, "number").await.results_in(json!({ "number": "XY-511322-2026-0002" }));
    }

    /// The parent is a framework agreement of the same county, and a framework has none.
    async fn the_parent(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await.admin().await;
        let framework = make::submitted(&[&sides.university, &sides.county], json!({})).await;
        let talent = make::submitted(&[&sides.university, &sides.county], json!({ "kind": "TALENT" })).await;
        let elsewhere = make::submitted(&[&sides.university, &yilong], json!({})).await;
        for (kind, parent, expected) in [
            ("SPECIAL", &framework.id, vec![]),
            ("SPECIAL", &talent.id, vec!["INVALID_INPUT input.parentId"]),
            ("SPECIAL", &elsewhere.id, vec!["INVALID_INPUT input.parentId"]),
            ("FRAMEWORK", &framework.id, vec!["INVALID_INPUT input.parentId"]),
        ] {
            let found = problems(&sides.university, input(&sides, json!({ "kind": kind, "parentId": parent }))).await;
            assert_eq!(found, expected, "{kind} under {parent}");
        }
    }

    /// Ids, dates and words that are none never reach a use case.
    async fn what_is_no_value_is_refused(app: TestApp) {
        let sides = app.sides().await;
        let id = sides.yingshan.id();
        let other = id.replace("organization_", "agreement_");
        for wrong in ["", "1", "organization", "organization_", &id.to_uppercase(), &id[..38], &format!("{id}0"), &other,
            "organization_00000000000000000000000000é", "organization_8zzzzzzzzzzzzzzzzzzzzzzzzz"] {
            let drafted = sides.university.does("agreementDraft", input(&sides, json!({ "countyId": wrong })), "id").await;
            drafted.refused(&["INVALID_INPUT"]);
            let read = "query($id: ID!) { agreement(id: $id) { id } }";
            if !wrong.starts_with("agreement") {
                sides.university.gql(read, json!({ "id": wrong })).await.refused(&["INVALID_INPUT"]);
            }
        }
        for wrong in ["2026-02-30", "2026-13-01", "2027-02-29", "2026-2-3", "20260301", "2026-03-01T00:00:00Z", "", "0000-01-01", "-0001-01-01", "+12345-01-01"] {
            for field in ["startsOn", "endsOn", "noticeBy"] {
                let drafted = sides.university.does("agreementDraft", input(&sides, json!({ field: wrong })), "id").await;
                drafted.refused(&["INVALID_INPUT"]);
            }
        }
        for wrong in [json!({ "kind": "framework" }), json!({ "kind": "MERGER" }), json!({ "renewalPolicy": "" })] {
            sides.university.does("agreementDraft", input(&sides, wrong), "id").await.refused(&["INVALID_INPUT"]);
        }
        sides.university.gql("{ agreements { totalCount } }", json!({})).await.is(json!({ "agreements": { "totalCount": 0 } }));
    }

    /// Characters that hide or reorder others, and resident ID numbers, are refused wherever text is typed.
    async fn hidden_characters_and_resident_ids(app: TestApp) {
        let sides = app.sides().await;
        for (hidden, name) in [("\0", "U+0000"), ("\u{202e}", "U+202E"), ("\u{200b}", "U+200B"), ("\u{feff}", "U+FEFF")] {
            let typed = format!("框架{hidden}协议");
            let changes = json!({ "title": typed, "terms": typed });
            let answer = sides.university.does("agreementDraft", input(&sides, changes), "id").await;
            answer.complains(&["INVALID_INPUT input.text.title", "INVALID_INPUT input.text.terms"]);
            let words = format!("title has a character that cannot be seen ({name}).");
            assert_eq!(answer.user_errors()[0]["message"], json!(words));
        }
        let lines = "第一条\n\t第二条\r\n第三条";
        assert_eq!(problems(&sides.university, input(&sides, json!({ "title": lines }))).await, ["INVALID_INPUT input.text.title"]);
        let drafted = sides.university.does("agreementDraft", input(&sides, json!({ "terms": lines })), "terms").await;
        drafted.results_in(json!({ "terms": lines }));
        for typed in ["11010519491231002X", "联系人１１０１０５１９４９１２３１００２ｘ。", "(110105 19491231 002X)"] {
            let found = problems(&sides.university, input(&sides, json!({ "terms": typed }))).await;
            let expected: &[&str] = if typed.starts_with('(') { &[] } else { &["INVALID_INPUT input.text.terms"] };
            assert_eq!(found, expected, "{typed}");
        }
        assert_eq!(problems(&sides.university, input(&sides, json!({ "terms": "订单号 110105194912310021" }))).await, [""; 0]);
        // Reasons and notes too.
        let agreement = make::submitted(&sides.all(), json!({})).await;
        for (mutation, input, path) in [
            ("agreementReturn", json!({ "expectedVersion": 2, "reason": "见 11010519491231002X" }), "input.reason"),
            ("agreementReject", json!({ "expectedVersion": 2, "reason": "a\u{202e}b" }), "input.reason"),
            ("agreementApprove", json!({ "expectedHash": agreement.hash().await, "note": "见 11010519491231002X" }), "input.note"),
        ] {
            let mut input = input;
            input["id"] = json!(agreement.id);
            sides.county.does(mutation, input, "id").await.complains(&[&format!("INVALID_INPUT {path}")]);
        }
    }

    /// Texts are counted in characters, not bytes.
    async fn texts_have_their_length(app: TestApp) {
        let sides = app.sides().await;
        for (field, most) in [("title", 200), ("terms", 100_000)] {
            let path = format!("INVALID_INPUT input.text.{field}");
            let too_long = input(&sides, json!({ field: "协".repeat(most + 1) }));
            assert_eq!(problems(&sides.university, too_long).await, [path]);
            let long = input(&sides, json!({ field: format!(" {} ", "协".repeat(most)) }));
            let drafted = sides.university.does("agreementDraft", long, field).await;
            drafted.results_in(json!({ field: "协".repeat(most) }));
        }
    }

    /// The dates of an edit are checked like those of a draft, and the messages are Chinese for who reads Chinese.
    async fn an_edit_is_checked_like_a_draft(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::draft(&sides.all(), json!({})).await;
        let changes = json!({ "title": "", "endsOn": "2026-03-01", "noticeBy": "2027-01-01" });
        let input = json!({ "id": agreement.id, "expectedVersion": 1, "text": text(&agreement, changes).await });
        let answer = sides.university.does("agreementEdit", input, "id").await;
        let paths = ["INVALID_INPUT input.text.title", "INVALID_INPUT input.text.endsOn", "INVALID_INPUT input.text.noticeBy"];
        answer.complains(&paths);
        // The day of today is not past.
        let input = json!({ "id": agreement.id, "expectedVersion": 1, "text": text(&agreement, json!({ "endsOn": "2026-03-02" })).await });
        sides.university.does("agreementEdit", input, "endsOn version").await
            .results_in(json!({ "endsOn": "2026-03-02", "version": 2 }));
    }
}
