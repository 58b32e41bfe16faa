//! The trail: every step is told, in order, chained, with names for the own people only.

use entity::event;
use hezuo::platform::{event::GENESIS, trail};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use super::{approve, reasoned, seen, sign, step};
use crate::support::{make, on_both};

const HISTORY: &str =
    "history(first: 50) { totalCount nodes { link kind action role organization { name } user { displayName } } }";

on_both! {
    /// The whole way as each side reads it.
    async fn the_whole_way_is_told(app: TestApp) {
        let sides = app.sides().await;
        let (university, county) = (&sides.university, &sides.county);
        let agreement = make::submitted(&[university, county], json!({})).await;
        reasoned(county, "agreementReturn", &agreement, "改。").await.codes();
        step(university, "agreementSubmit", &agreement, "id").await.result();
        for party in [university, county] {
            approve(party, &agreement).await.result();
        }
        reasoned(county, "agreementWithdrawForRevision", &agreement, "再改。").await.codes();
        step(university, "agreementSubmit", &agreement, "id").await.result();
        for party in [university, county] {
            approve(party, &agreement).await.result();
        }
        for party in [county, university] {
            sign(party, &agreement).await.result();
        }
        let told = [
            ("AgreementDrafted", "agreement.draft", "university"),
            ("AgreementSubmitted", "agreement.submit", "university"),
            ("AgreementReturned", "agreement.return", "county"),
            ("AgreementSubmitted", "agreement.submit", "university"),
            ("AgreementApproved", "agreement.approve", "university"),
            ("AgreementApproved", "agreement.approve", "county"),
            ("AgreementWithdrawnForRevision", "agreement.withdrawForRevision", "county"),
            ("AgreementSubmitted", "agreement.submit", "university"),
            ("AgreementApproved", "agreement.approve", "university"),
            ("AgreementApproved", "agreement.approve", "county"),
            ("AgreementSigned", "agreement.sign", "county"),
            ("AgreementSigned", "agreement.sign", "university"),
            ("AgreementActivated", "job.activateAgreements", ""),
        ];
        for reader in [university, county] {
            let entries: Vec<Value> = told.iter().zip(1..).map(|((kind, action, by), link)| {
                let (role, organization, name) = match *by {
                    "university" => (json!("UNIVERSITY_ADMIN"), json!({ "name": "North" }), "UniversityAdmin of North"),
                    "county" => (json!("COUNTY_ADMIN"), json!({ "name": "County 511322" }), "CountyAdmin of County 511322"),
                    _ => (json!(null), json!(null), ""),
                };
                // Names are for the own people; of others one reads role and organization.
                let own = organization["name"] == json!(reader.organization.name);
                let user = if own { json!({ "displayName": name }) } else { json!(null) };
                json!({ "link": link, "kind": kind, "action": action, "role": role, "organization": organization, "user": user })
            }).collect();
            let history = seen(reader, &agreement.id, HISTORY).await;
            assert_eq!(history["history"], json!({ "totalCount": 13, "nodes": entries }), "{}", reader.login);
        }
    }

    /// Each entry holds the hash of the one before; what is shown is what is kept; nothing personal is in it.
    async fn the_chain_holds(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({ "text": { "terms": "密语", "title": "标题甲乙丙" } })).await;
        let (_, key) = hezuo::platform::id::read(&agreement.id).unwrap();
        let rows = event::Entity::find().filter(event::Column::RecordId.eq(key)).order_by_asc(event::Column::Link);
        let rows = rows.all(app.db().reader()).await.unwrap();
        let mut previous = GENESIS.to_owned();
        for (row, link) in rows.iter().zip(1..) {
            assert_eq!((row.link, &row.previous_hash), (link, &previous));
            assert_eq!(row.hash, hezuo::platform::event::hash(row).unwrap());
            previous.clone_from(&row.hash);
            for secret in ["密语", "标题", "North", "Admin", "Alpha"] {
                assert!(!row.data.contains(secret), "{} tells {secret}: {}", row.kind, row.data);
            }
        }
        assert_eq!(rows.len(), 9);
        let shown = agreement.read("history { nodes { hash data } }").await["history"]["nodes"].clone();
        let kept: Vec<Value> = rows.iter().map(|row| json!({ "hash": row.hash, "data": row.data })).collect();
        assert_eq!(shown, json!(kept));
        let submitted: Value = serde_json::from_str(&rows[1].data).unwrap();
        assert_eq!(submitted, json!({
            "from": "DRAFT", "to": "IN_REVIEW", "step": "SUBMIT", "number": "1", "hash": agreement.hash().await,
        }));
        let signed: Value = serde_json::from_str(&rows[7].data).unwrap();
        assert_eq!(signed, json!({ "from": "AWAITING_SIGNATURE", "to": "SIGNED", "step": "SIGN", "evidence": "PLATFORM" }));
        assert_eq!(trail::verify(app.db()).await.unwrap(), []);
    }

    /// What was refused is no event: the trail is as long as before.
    async fn what_was_refused_is_not_told(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::submitted(&sides.all(), json!({})).await;
        let count = "history { totalCount }";
        reasoned(&sides.county, "agreementReturn", &agreement, "").await.complains(&["INVALID_INPUT input.reason"]);
        reasoned(&sides.county, "agreementCancel", &agreement, "No.").await.refused(&["FORBIDDEN"]);
        sign(&sides.county, &agreement).await.complains(&["ILLEGAL_STEP input.id"]);
        let stale = json!({ "id": agreement.id, "expectedVersion": 1, "reason": "No." });
        sides.county.does("agreementReject", stale, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        assert_eq!(agreement.read(count).await, json!({ "history": { "totalCount": 2 } }));
        // The refusal for want of a right is kept apart.
        let denials = app.db().take_denials();
        let denied: Vec<_> = denials.iter().map(|denial| (denial.action, denial.actor.user())).collect();
        assert_eq!(denied, [("agreement.cancel", sides.county.user)]);
    }
}
