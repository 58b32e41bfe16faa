//! What becomes of agreements: drafts and ended ones go with the party, frozen texts and signatures stay, and what is
//! under way forbids the merge.

use serde_json::json;

use super::merge::{input, merge, preview};
use crate::support::{make, on_both};

on_both! {
    /// A draft's party and drafter are the organization that stays; the text that is then frozen names it.
    async fn a_draft_comes_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let drafter = double.admin().await;
        let own = make::draft(&[&drafter, &sides.county], json!({ "kind": "TALENT" })).await;
        let named = make::draft(&[&sides.university, &sides.county, &drafter], json!({})).await;
        let admin = app.platform().await.admin().await;
        assert_eq!(preview(&admin, &double, &sides.alpha).await.0, ["membership MOVES 1", "agreement MOVES 2"]);
        merge(&admin, &double, &sides.alpha).await;
        let query = "query($id: ID!) { agreement(id: $id) { version draftedBy { id } parties { organization { id } } } }";
        let read = sides.enterprise.gql(query, json!({ "id": own.id })).await;
        let party = |organization: &crate::support::Organization| json!({ "organization": { "id": organization.id() } });
        read.is(json!({ "agreement": {
            "version": 2, "draftedBy": { "id": sides.alpha.id() }, "parties": [party(&sides.alpha), party(&sides.yingshan)],
        }}));
        let submit = json!({ "id": named.id, "expectedVersion": 2 });
        sides.university.does("agreementSubmit", submit, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
        let approve = json!({ "id": named.id, "expectedHash": named.hash().await });
        sides.enterprise.does("agreementApprove", approve, "status").await.results_in(json!({ "status": "IN_REVIEW" }));
    }

    /// Between review and its end an agreement forbids the merge, whichever of the two signs it; then it goes along, and
    /// its signatures and hash are what they were.
    async fn what_is_in_force_forbids_it(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let signer = double.admin().await;
        let admin = app.platform().await.admin().await;
        let parties = [&sides.university, &sides.county, &signer];
        let agreement = make::active(&parties, json!({})).await;
        let waiting = make::submitted(&parties, json!({ "kind": "TALENT" })).await;
        let (_, obstacles) = preview(&admin, &double, &sides.alpha).await;
        let message = "id: It is a party of 2 agreements under way or in force; bring them to an end first.";
        assert_eq!(obstacles, [message]);
        let tried = admin.does("organizationMerge", input(&double, &sides.alpha).await, "id").await;
        tried.complains(&["RULE_VIOLATED input.id"]);

        let selection = "contentHash signatures { nodes { contentHash organization { id } } }";
        let before = agreement.read(selection).await;
        app.it_is("2029-01-01");
        hezuo::agreements::jobs::turn_the_day(app.app()).await.unwrap();
        let cancel = json!({ "id": waiting.id, "expectedVersion": 2, "reason": "过期。" });
        sides.university.does("agreementCancel", cancel, "id").await.result();
        merge(&admin, &double, &sides.alpha).await;
        assert_eq!(agreement.read(selection).await, before);
        let query = "query($id: ID!) { agreement(id: $id) { status parties { organization { id } } openSteps } }";
        let read = sides.enterprise.gql(query, json!({ "id": agreement.id })).await;
        assert_eq!(read.at("/agreement/status"), "EXPIRED");
        assert_eq!(read.at("/agreement/parties/2/organization/id"), &json!(sides.alpha.id()));
        assert_eq!(read.at("/agreement/openSteps"), &json!(["RENEW"]));
    }

    /// What the duplicate reported done is the other's from then on, which may not accept its own work; what was told to
    /// its people stays theirs.
    async fn what_was_done_and_told_comes_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let doer = double.admin().await;
        let admin = app.platform().await.admin().await;
        let agreement = make::active(&[&sides.university, &sides.county, &doer], json!({})).await;
        let promise = json!({
            "agreementId": agreement.id, "title": "接收实习生", "responsibleId": double.id(), "dueOn": "2026-09-01",
        });
        let item = doer.does("cooperationItemCreate", promise, "id").await.result()["id"].clone();
        for (step, version) in [("cooperationItemStart", 1), ("cooperationItemSubmit", 2)] {
            doer.does(step, json!({ "id": item, "expectedVersion": version }), "id").await.result();
        }
        app.it_is("2029-01-01");
        hezuo::agreements::jobs::turn_the_day(app.app()).await.unwrap();
        hezuo::agreements::jobs::clear_what_ended(app.app()).await.unwrap();
        let told = "{ viewer { inbox { totalCount } } }";
        let before = doer.gql(told, json!({})).await.at("/viewer/inbox/totalCount").as_u64().unwrap();
        assert!(before > 0);
        let changes = preview(&admin, &double, &sides.alpha).await.0;
        assert_eq!(changes[..3], ["membership MOVES 1", "agreement MOVES 1", "cooperation_item MOVES 1"]);
        assert_eq!(changes[3..], [format!("notification MOVES {before}")]);
        merge(&admin, &double, &sides.alpha).await;
        doer.gql(told, json!({})).await.is(json!({ "viewer": { "inbox": { "totalCount": before } } }));
        let query = "query($id: ID!) { cooperationItem(id: $id) { status responsible { id } openSteps version } }";
        let read = sides.enterprise.gql(query, json!({ "id": item })).await;
        read.is(json!({ "cooperationItem": {
            "status": "SUBMITTED", "responsible": { "id": sides.alpha.id() }, "openSteps": [], "version": 4,
        }}));
        let accept = json!({ "id": item, "expectedVersion": 4 });
        sides.enterprise.does("cooperationItemAccept", accept.clone(), "id").await.refused(&["FORBIDDEN"]);
        sides.university.does("cooperationItemAccept", accept, "status").await.results_in(json!({ "status": "ACCEPTED" }));
    }

    /// A draft that names both forbids it: nobody is a party twice.
    async fn a_draft_with_both_forbids_it(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let signer = double.admin().await;
        let admin = app.platform().await.admin().await;
        let draft = make::draft(&[&sides.university, &sides.county, &sides.enterprise, &signer], json!({})).await;
        let (changes, obstacles) = preview(&admin, &double, &sides.alpha).await;
        assert_eq!(changes, ["membership MOVES 1"]);
        assert_eq!(obstacles, ["id: 1 drafts name both organizations; take one of the two out first."]);
        admin.does("organizationMerge", input(&double, &sides.alpha).await, "id").await.complains(&["RULE_VIOLATED input.id"]);
        let cancel = json!({ "id": draft.id, "expectedVersion": 1, "reason": "撤销。" });
        sides.university.does("agreementCancel", cancel, "id").await.result();
        merge(&admin, &double, &sides.alpha).await;
        // Given up with both in it, it stays as it was.
        let query = "query($id: ID!) { agreement(id: $id) { version parties { organization { id } } } }";
        let read = sides.university.gql(query, json!({ "id": draft.id })).await;
        assert_eq!(read.at("/agreement/parties/3/organization/id"), &json!(double.id()));
        assert_eq!(read.at("/agreement/version"), &json!(2));
    }
}
