//! Versions, parties, reviews and signatures are seen with their agreement; what a party noted for its own people is not.

use serde_json::{Value, json};

use super::finds;
use crate::support::{Persona, make, on_both};

const PARTS: &str = "parties { id } versions { nodes { id } } reviews { nodes { id } } signatures { nodes { id } }";

/// The ids of all parts.
fn ids(parts: &Value) -> Vec<String> {
    let lists =
        [&parts["parties"], &parts["versions"]["nodes"], &parts["reviews"]["nodes"], &parts["signatures"]["nodes"]];
    let rows = lists.into_iter().flat_map(|list| list.as_array().unwrap());
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// Whoever sees the agreement sees its parts, each by its own id too; nobody else sees any.
    async fn parts_are_seen_with_their_agreement(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        let agreement = make::approved(&sides.all(), json!({})).await;
        let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await, "evidence": "PLATFORM" });
        sides.county.does("agreementSign", input, "id").await.result();
        let parts = ids(&agreement.read(PARTS).await);
        assert_eq!(parts.len(), 3 + 1 + 3 + 1);
        let inside = [&sides.university, &sides.county, &sides.enterprise, &sides.north.student().await, &sides.yingshan.auditor().await];
        let outside = [&yilong.admin().await, &yilong.officer().await, &app.platform().await.admin().await];
        for id in &parts {
            for person in inside {
                assert!(finds(person, id).await, "{} does not find {id}", person.login);
            }
            for person in outside {
                assert!(!finds(person, id).await, "{} finds {id}", person.login);
            }
        }
        // Taken back to be revised it is a draft again, and its parts are the drafting side's too.
        let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "reason": "改。" });
        sides.enterprise.does("agreementWithdrawForRevision", input, "id").await.codes();
        for id in &parts {
            assert!(finds(&sides.university, id).await);
            assert!(!finds(&sides.county, id).await, "the county still finds {id}");
        }
    }

    /// A note on an approval is for the party's own people; a reason for returning or refusing is for all.
    async fn notes_are_for_the_own_people(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        let hash = agreement.hash().await;
        for (party, note) in [(&sides.university, "校内已会签。"), (&sides.county, "县长办公会已过。")] {
            let input = json!({ "id": agreement.id, "expectedHash": hash, "note": note });
            party.does("agreementApprove", input, "id").await.result();
        }
        let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "reason": "资金未落实。" });
        sides.enterprise.does("agreementReject", input, "id").await.result();
        let reviews = "query($id: ID!) { agreement(id: $id) { reviews { nodes { organization { name } decision note reviewer { displayName } } } } }";
        let read = async |person: &Persona| person.gql(reviews, json!({ "id": agreement.id })).await.at("/agreement/reviews/nodes").clone();
        let review = |name: &str, decision: &str, note: Option<&str>, reviewer: &str| json!({
            "organization": { "name": name }, "decision": decision, "note": note,
            "reviewer": { "displayName": format!("{reviewer} of {name}") },
        });
        let north = |note| review("North", "APPROVED", note, "UniversityAdmin");
        let yingshan = |note| review("County 511322", "APPROVED", note, "CountyAdmin");
        let alpha = review("Alpha", "REJECTED", Some("资金未落实。"), "EnterpriseAdmin");
        for person in [&sides.university, &sides.north.staff().await] {
            assert_eq!(sorted(read(person).await), sorted(json!([north(Some("校内已会签。")), yingshan(None), alpha])));
        }
        for person in [&sides.county, &sides.yingshan.officer().await] {
            assert_eq!(sorted(read(person).await), sorted(json!([north(None), yingshan(Some("县长办公会已过。")), alpha])));
        }
        assert_eq!(sorted(read(&sides.enterprise).await), sorted(json!([north(None), yingshan(None), alpha])));
    }

    /// A party that is no longer to be seen is still named as a party, without the organization behind it.
    async fn a_suspended_party(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({})).await;
        let input = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "年检。" });
        sides.yingshan.officer().await.does("organizationSuspend", input, "id").await.result();
        let parties = "query($id: ID!) { agreement(id: $id) { parties { capacity organization { name } } } }";
        let read = async |person: &Persona| person.gql(parties, json!({ "id": agreement.id })).await.at("/agreement/parties/2").clone();
        let hidden = json!({ "capacity": "丙方", "organization": null });
        let shown = json!({ "capacity": "丙方", "organization": { "name": "Alpha" } });
        assert_eq!(read(&sides.university).await, hidden);
        assert_eq!(read(&sides.county).await, shown);
        assert_eq!(read(&sides.enterprise).await, shown);
    }
}

/// Made at the same moment, they come in no particular order.
fn sorted(mut rows: Value) -> Value {
    rows.as_array_mut().unwrap().sort_by_key(Value::to_string);
    rows
}
