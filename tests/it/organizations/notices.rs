//! Who is told of an organization that waits to be verified, and of what was decided.

use serde_json::{Value, json};

use crate::{
    inbox::told,
    support::{Persona, on_both},
};

async fn register(by: &Persona, input: Value) -> String {
    by.does("organizationRegister", input, "id").await.result()["id"].as_str().unwrap().to_owned()
}

async fn step(by: &Persona, mutation: &str, (id, version): (&str, i32), more: Value) {
    let mut input = json!({ "id": id, "expectedVersion": version });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.does(mutation, input, "id").await.result();
}

/// What each was told since the last time.
async fn all_told(people: &[&Persona]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for person in people {
        all.push(told(person).await);
    }
    all
}

on_both! {
    /// An enterprise waits for its county, whoever there did not register it; then its registrar and its admins are told.
    async fn of_an_enterprise(app: TestApp) {
        let sides = app.sides().await;
        let (registrar, officer) = (sides.yingshan.officer().await, sides.yingshan.officer().await);
        let elsewhere = app.county("511324").await.admin().await;
        let platform = app.platform().await.admin().await;
        let people = [&registrar, &officer, &sides.county, &elsewhere, &platform, &sides.university, &sides.enterprise];
        all_told(&people).await;
        let input = json!({ "parentId": sides.yingshan.id(), "kind": "ENTERPRISE", "name": "启明新材料",
            "regionCode": "511322", "creditCode": "91511322MADEMT07X8" });
        let id = register(&registrar, input).await;
        let waits = vec!["ORGANIZATION_TO_VERIFY".to_owned()];
        assert_eq!(all_told(&people).await, [vec![], waits.clone(), waits, vec![], vec![], vec![], vec![]]);

        step(&officer, "organizationVerify", (&id, 1), json!({})).await;
        let decided = vec!["ORGANIZATION_DECIDED".to_owned()];
        assert_eq!(all_told(&people).await, [decided.clone(), vec![], vec![], vec![], vec![], vec![], vec![]]);

        // From now on it concerns its own admins alone.
        let (_, key) = hezuo::platform::id::read(&id).unwrap();
        let own = app.registered(key).await;
        let (admin, recruiter) = (own.admin().await, own.recruiter().await);
        let why = json!({ "reason": "材料不全。" });
        for (mutation, version, more) in [
            ("organizationSuspend", 2, why.clone()), ("organizationReinstate", 3, json!({})), ("organizationCease", 4, why),
        ] {
            step(&officer, mutation, (&id, version), more).await;
            assert_eq!(told(&admin).await, decided, "{mutation}");
        }
        assert_eq!(told(&recruiter).await, Vec::<String>::new());
        assert_eq!(all_told(&people).await, vec![Vec::<String>::new(); 7]);
    }

    /// A university waits for the platform's other admins; whoever registered it is told that it was refused.
    async fn of_a_university(app: TestApp) {
        let sides = app.sides().await;
        let platform = app.platform().await;
        let (founder, second) = (platform.admin().await, platform.admin().await);
        let input = json!({ "parentId": platform.id(), "kind": "UNIVERSITY", "name": "新单位", "regionCode": "500113",
            "creditCode": "12500000DEMW00013F" });
        let people = [&founder, &second, &sides.university, &sides.county];
        all_told(&people).await;
        let id = register(&founder, input).await;
        let waits = vec!["ORGANIZATION_TO_VERIFY".to_owned()];
        assert_eq!(all_told(&people).await, [vec![], waits, vec![], vec![]]);
        step(&second, "organizationReject", (&id, 1), json!({ "reason": "查无此校。" })).await;
        assert_eq!(all_told(&people).await, [vec!["ORGANIZATION_DECIDED".to_owned()], vec![], vec![], vec![]]);
    }
}
