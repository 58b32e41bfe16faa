//! Who is told what, when: requests to act and what came of them reach whoever is concerned, each once, never the doer.

use futures_util::future::join_all;
use hezuo::{agreements::items::notices, agreements::jobs};
use serde_json::{Value, json};

use crate::support::{Persona, Sides, make, on_both};

/// The kinds of what is unread, the oldest first; everything is read after it.
pub(crate) async fn told(person: &Persona) -> Vec<String> {
    let query = "{ viewer { inbox(first: 100, filter: { unread: true }) { nodes { id kind } } } }";
    let answer = person.gql(query, json!({})).await;
    let nodes = answer.at("/viewer/inbox/nodes").as_array().unwrap().clone();
    let ids: Vec<&Value> = nodes.iter().map(|node| &node["id"]).collect();
    if !ids.is_empty() {
        person.does("notificationMarkRead", json!({ "ids": ids }), "marked").await.result();
    }
    nodes.iter().rev().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}

/// What the university's, the county's and the enterprise's admins were told since the last time.
async fn all_told(sides: &Sides) -> [Vec<String>; 3] {
    let [university, county, enterprise] = sides.all();
    [told(university).await, told(county).await, told(enterprise).await]
}

/// The same for everybody named, nothing for the others.
fn kinds(each: [&[&str]; 3]) -> [Vec<String>; 3] {
    each.map(|kinds| kinds.iter().map(|&kind| kind.to_owned()).collect())
}

async fn does(person: &Persona, mutation: &str, input: Value) -> Value {
    person.does(mutation, input, "id version").await.result().clone()
}

on_both! {
    /// A proposal waits for the other parties; its outcome concerns all of them.
    async fn proposals(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        let agreement = make::active(&sides.all(), json!({})).await;
        all_told(&sides).await;
        let proposing = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "step": "SUSPEND",
            "reason": "机构调整。" });
        let proposal = does(university, "agreementPropose", proposing).await["id"].clone();
        assert_eq!(all_told(&sides).await, kinds([&[], &["PROPOSAL_MADE"], &["PROPOSAL_MADE"]]));
        let vote = |agree: bool| json!({ "proposalId": proposal, "agree": agree });
        does(county, "agreementProposalVote", vote(true)).await;
        assert_eq!(all_told(&sides).await, kinds([&[], &[], &[]]));
        does(enterprise, "agreementProposalVote", vote(true)).await;
        let suspended: &[&str] = &["AGREEMENT_SUSPENDED"];
        assert_eq!(all_told(&sides).await, kinds([suspended, suspended, &[]]));
        // Another one, declined; and one that is taken back.
        let proposing = async |person: &Persona| {
            let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "step": "RESUME",
                "reason": "可以继续。" });
            does(person, "agreementPropose", input).await["id"].clone()
        };
        let second = proposing(county).await;
        all_told(&sides).await;
        does(university, "agreementProposalVote", json!({ "proposalId": second, "agree": false })).await;
        let decided: &[&str] = &["PROPOSAL_DECIDED"];
        assert_eq!(all_told(&sides).await, kinds([&[], decided, decided]));
        let third = proposing(county).await;
        all_told(&sides).await;
        does(county, "agreementProposalWithdraw", json!({ "proposalId": third })).await;
        assert_eq!(all_told(&sides).await, kinds([decided, &[], decided]));
    }

    /// An amendment waits for review, then for signatures; a draft that is given up concerns nobody.
    async fn amendments(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        let agreement = make::active(&sides.all(), json!({})).await;
        all_told(&sides).await;
        let text = json!({ "title": "Framework agreement", "terms": "Every month.", "endsOn": "2028-12-31",
            "renewalPolicy": "NEGOTIATE", "reason": "建立例会制度" });
        let drafting = json!({ "agreementId": agreement.id, "expectedHash": agreement.hash().await, "text": text });
        let given_up = does(university, "amendmentDraft", drafting.clone()).await["id"].clone();
        let input = json!({ "id": given_up, "expectedVersion": 1, "reason": "重拟。" });
        does(university, "amendmentWithdraw", input).await;
        assert_eq!(all_told(&sides).await, kinds([&[], &[], &[]]));
        let amendment = does(university, "amendmentDraft", drafting).await["id"].clone();
        let submitted = university.does("amendmentSubmit", json!({ "id": amendment, "expectedVersion": 1 }), "contentHash");
        let hash = submitted.await.result()["contentHash"].clone();
        let review: &[&str] = &["AMENDMENT_REVIEW_REQUESTED"];
        assert_eq!(all_told(&sides).await, kinds([&[], review, review]));
        let deciding = json!({ "id": amendment, "expectedHash": hash });
        for party in sides.all() {
            does(party, "amendmentApprove", deciding.clone()).await;
        }
        let sign: &[&str] = &["AMENDMENT_SIGNATURE_REQUESTED"];
        assert_eq!(all_told(&sides).await, kinds([sign, sign, &[]]));
        let mut signing = deciding;
        signing["evidence"] = json!("PLATFORM");
        for party in [enterprise, county, university] {
            does(party, "amendmentSign", signing.clone()).await;
        }
        let decided: &[&str] = &["AMENDMENT_DECIDED"];
        assert_eq!(all_told(&sides).await, kinds([&[], decided, decided]));
        let about = "{ viewer { inbox(first: 1) { nodes { recordId agreement { id } amendment { id status } } } } }";
        let expected = json!({ "recordId": amendment, "agreement": null,
            "amendment": { "id": amendment, "status": "EFFECTIVE" } });
        assert_eq!(county.gql(about, json!({})).await.at("/viewer/inbox/nodes/0"), &expected);
    }

    /// An item is told to those who do it, its results to those it is promised to.
    async fn items(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        let agreement = make::active(&sides.all(), json!({})).await;
        let recruiter = sides.alpha.recruiter().await;
        all_told(&sides).await;
        let person = hezuo::platform::id::show("user", recruiter.user);
        let input = json!({ "agreementId": agreement.id, "title": "接收实习生", "responsibleId": sides.alpha.id(),
            "responsibleUserId": person, "dueOn": "2026-06-30" });
        let item = does(county, "cooperationItemCreate", input).await["id"].clone();
        assert_eq!(all_told(&sides).await, kinds([&[], &[], &["ITEM_ASSIGNED"]]));
        assert_eq!(told(&recruiter).await, ["ITEM_ASSIGNED"]);
        let step = async |person: &Persona, mutation: &str, more: Value| {
            let query = "query($id: ID!) { cooperationItem(id: $id) { version } }";
            let version = person.gql(query, json!({ "id": item })).await.at("/cooperationItem/version").clone();
            let mut input = json!({ "id": item, "expectedVersion": version });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            does(person, mutation, input).await
        };
        step(&recruiter, "cooperationItemDefer", json!({ "dueOn": "2026-07-31", "reason": "学期安排。" })).await;
        assert_eq!(all_told(&sides).await, kinds([&["ITEM_DEFERRED"], &["ITEM_DEFERRED"], &[]]));
        step(&recruiter, "cooperationItemStart", json!({})).await;
        step(&recruiter, "cooperationItemSubmit", json!({})).await;
        assert_eq!(all_told(&sides).await, kinds([&["ITEM_SUBMITTED"], &["ITEM_SUBMITTED"], &[]]));
        step(university, "cooperationItemReturn", json!({ "reason": "请附名单。" })).await;
        assert_eq!(all_told(&sides).await, kinds([&[], &[], &["ITEM_RETURNED"]]));
        assert_eq!(told(&recruiter).await, ["ITEM_RETURNED"]);
        step(enterprise, "cooperationItemDrop", json!({ "reason": "无法落实。" })).await;
        assert_eq!(all_told(&sides).await, kinds([&["ITEM_DROP_PROPOSED"], &["ITEM_DROP_PROPOSED"], &[]]));
        step(&recruiter, "cooperationItemStart", json!({})).await;
        step(&recruiter, "cooperationItemSubmit", json!({})).await;
        step(county, "cooperationItemAccept", json!({})).await;
        assert_eq!(told(&recruiter).await, ["ITEM_ACCEPTED"]);
    }

    /// Whoever does an item is reminded before it is due, on the day, and not twice, however many servers remind.
    async fn items_that_come_due(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({})).await;
        let input = json!({ "agreementId": agreement.id, "title": "接收实习生", "responsibleId": sides.alpha.id(),
            "dueOn": "2026-06-30" });
        does(&sides.county, "cooperationItemCreate", input).await;
        all_told(&sides).await;
        let replica = app.replica(&[]).await;
        for (day, told) in [
            ("2026-06-15", 0), ("2026-06-16", 1), ("2026-06-27", 1), ("2026-06-29", 0), ("2026-06-30", 1), ("2026-07-03", 0),
        ] {
            app.it_is(day);
            let servers = [&app, &replica];
            let reminded = join_all((0..32).map(|turn| notices::remind(servers[turn % 2].app()))).await;
            assert!(reminded.iter().all(Result::is_ok), "{reminded:?}");
            let due = vec!["ITEM_DUE".to_owned(); told];
            assert_eq!(all_told(&sides).await, [vec![], vec![], due], "{day}");
        }
    }

    /// All parties are told when an agreement runs out.
    async fn the_end(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({ "text": { "endsOn": "2026-03-31" } })).await;
        all_told(&sides).await;
        app.it_is("2026-04-01");
        jobs::turn_the_day(app.app()).await.unwrap();
        let ended: &[&str] = &["AGREEMENT_ENDED"];
        assert_eq!(all_told(&sides).await, kinds([ended, ended, ended]));
        assert_eq!(agreement.read("status").await, json!({ "status": "EXPIRED" }));
    }
}
