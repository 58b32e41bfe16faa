//! Organization: verified ones are everybody's, others their own people's and the verifying county's; contacts and
//! internal figures are held back.

use entity::membership::Role;
use serde_json::{Value, json};

use super::{logins, seen_by};
use crate::support::{Persona, make, on_both};

const NAMES: (&str, &str) = ("organization", "organizations");
const PROFILE: &str = "contactName contactPhone contactEmail staffCount internalNote statusReason";

/// Fills in what is held back from most.
async fn fill(admin: &Persona) {
    let input = json!({ "id": admin.organization.id(), "expectedVersion": 1, "profile": {
        "contactName": "王芳", "contactPhone": "138 0013 8000", "contactEmail": "wang@alpha.test", "staffCount": 120,
        "internalNote": "税号待补。",
    }});
    admin.does("organizationUpdate", input, "id").await.result();
}

async fn profile(person: &Persona, id: &str) -> Value {
    let query = format!("query($id: ID!) {{ organization(id: $id) {{ {PROFILE} }} }}");
    person.gql(&query, json!({ "id": id })).await.data()["organization"].clone()
}

fn everything() -> Value {
    json!({
        "contactName": "王芳", "contactPhone": "138 0013 8000", "contactEmail": "wang@alpha.test", "staffCount": 120,
        "internalNote": "税号待补。", "statusReason": null,
    })
}

/// The contacts without the inner figures.
fn contacts() -> Value {
    let mut profile = everything();
    profile["staffCount"] = json!(null);
    profile["internalNote"] = json!(null);
    profile
}

fn held_back() -> Value {
    json!({
        "contactName": null, "contactPhone": "138****8000", "contactEmail": null, "staffCount": null, "internalNote": null,
        "statusReason": null,
    })
}

on_both! {
    /// Pending, verified, suspended, ceased, refused: who sees an enterprise in each.
    async fn who_sees_an_enterprise(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        let registrar = sides.yingshan.officer().await;
        let register = async |code: &str| {
            let input = json!({
                "parentId": sides.yingshan.id(), "kind": "ENTERPRISE", "name": "启明新材料", "regionCode": "511322", "creditCode": code,
            });
            registrar.does("organizationRegister", input, "id").await.result()["id"].as_str().unwrap().to_owned()
        };
        let id = register("91511322MADEMT07X8").await;
        let (_, key) = hezuo::platform::id::read(&id).unwrap();
        let newcomer = app.registered(key).await;
        let inside = [
            &newcomer.admin().await, &newcomer.recruiter().await, &sides.county, &registrar, &app.platform().await.admin().await,
        ];
        let outside = [
            &sides.university, &sides.enterprise, &sides.yingshan.auditor().await, &sides.north.student().await,
            &yilong.admin().await, &yilong.officer().await,
        ];
        let everybody: Vec<&Persona> = inside.into_iter().chain(outside).collect();
        let all = logins(&everybody);
        let some = logins(&inside);
        let officer = &sides.county;
        let step = async |mutation: &str, id: &str, version: i64| {
            let mut input = json!({ "id": id, "expectedVersion": version });
            if !matches!(mutation, "organizationVerify" | "organizationReinstate") {
                input["reason"] = json!("理由。");
            }
            officer.does(mutation, input, "id").await.result();
        };
        assert_eq!(seen_by(&everybody, NAMES, &id, "启明").await, some);
        step("organizationVerify", &id, 1).await;
        assert_eq!(seen_by(&everybody, NAMES, &id, "启明").await, all);
        step("organizationSuspend", &id, 2).await;
        assert_eq!(seen_by(&everybody, NAMES, &id, "启明").await, some);
        step("organizationReinstate", &id, 3).await;
        assert_eq!(seen_by(&everybody, NAMES, &id, "启明").await, all);
        step("organizationCease", &id, 4).await;
        assert_eq!(seen_by(&everybody, NAMES, &id, "启明").await, some);

        let refused = register("91511322MADEMT0295").await;
        step("organizationReject", &refused, 1).await;
        let seeing = [&sides.county, &registrar, inside[4]];
        assert_eq!(seen_by(&everybody, NAMES, &refused, "启明").await, logins(&seeing));
        // The county's list of enterprises shows what each may see, and counts no more.
        let children = "query($id: ID!) { organization(id: $id) { children { totalCount nodes { id } } } }";
        let count = async |person: &Persona| {
            person.gql(children, json!({ "id": sides.yingshan.id() })).await.at("/organization/children/totalCount").clone()
        };
        assert_eq!((count(officer).await, count(&sides.university).await, count(inside[0]).await), (json!(3), json!(1), json!(2)));
    }

    /// Universities and counties are the platform's to verify: until then a county sees none of them.
    async fn who_sees_a_university(app: TestApp) {
        let sides = app.sides().await;
        let platform = app.platform().await;
        let (founder, second) = (platform.admin().await, platform.admin().await);
        let everybody = [&sides.university, &sides.county, &sides.enterprise, &founder, &second, &sides.yingshan.officer().await];
        for (kind, code, region) in [("UNIVERSITY", "12500000DEMW00013F", "500113"), ("COUNTY", "11511322DEMW000219", "511322")] {
            let input = json!({ "parentId": platform.id(), "kind": kind, "name": "新单位", "regionCode": region, "creditCode": code });
            let id = founder.does("organizationRegister", input, "id").await.result()["id"].as_str().unwrap().to_owned();
            assert_eq!(seen_by(&everybody, NAMES, &id, "新单位").await, logins(&[&founder, &second]));
            let input = json!({ "id": id, "expectedVersion": 1 });
            second.does("organizationVerify", input, "id").await.result();
            assert_eq!(seen_by(&everybody, NAMES, &id, "新单位").await, logins(&everybody));
        }
    }

    /// Contacts: the own people, the verifying county, and partners in an agreement once it is more than a draft.
    async fn who_reads_the_contacts(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        fill(&sides.enterprise).await;
        let id = sides.alpha.id();
        for person in [&sides.enterprise, &sides.alpha.recruiter().await, &sides.county, &sides.yingshan.officer().await] {
            assert_eq!(profile(person, &id).await, everything(), "{}", person.login);
        }
        let strangers = [
            &yilong.admin().await, &yilong.officer().await, &app.university("South").await.admin().await,
            &app.enterprise(&sides.yingshan, "Beta").await.admin().await, &app.platform().await.admin().await,
            &sides.yingshan.auditor().await,
        ];
        for person in strangers.into_iter().chain([&sides.university, &sides.north.staff().await]) {
            assert_eq!(profile(person, &id).await, held_back(), "{}", person.login);
        }
        // Naming somebody in a draft opens nothing, nor does giving the draft up.
        let draft = make::draft(&sides.all(), json!({ "kind": "TALENT" })).await;
        assert_eq!(profile(&sides.university, &id).await, held_back());
        let input = json!({ "id": draft.id, "expectedVersion": 1, "reason": "撤销。" });
        sides.university.does("agreementCancel", input, "id").await.result();
        assert_eq!(profile(&sides.university, &id).await, held_back());
        let agreement = make::submitted(&sides.all(), json!({})).await;
        for person in [&sides.university, &sides.north.staff().await] {
            assert_eq!(profile(person, &id).await, contacts(), "{}", person.login);
        }
        for person in strangers {
            assert_eq!(profile(person, &id).await, held_back(), "{}", person.login);
        }
        // Sent back it is a draft again, and the contacts are held back again.
        let input = json!({ "id": agreement.id, "expectedVersion": 2, "reason": "改。" });
        sides.county.does("agreementReturn", input, "id").await.codes();
        assert_eq!(profile(&sides.university, &id).await, held_back());
    }

    /// Auditors read with personal data masked: the own organization's too.
    async fn auditors_read_masked(app: TestApp) {
        let sides = app.sides().await;
        fill(&sides.university).await;
        let id = sides.north.id();
        let auditor = sides.north.auditor().await;
        let mut masked = held_back();
        masked["staffCount"] = json!(120);
        masked["internalNote"] = json!("税号待补。");
        assert_eq!(profile(&auditor, &id).await, masked);
        make::submitted(&sides.all(), json!({})).await;
        assert_eq!(profile(&sides.county, &id).await, contacts());
        assert_eq!(profile(&sides.yingshan.auditor().await, &id).await, held_back());
    }

    /// Why it was refused or suspended is read by its own people and by whoever decides about it.
    async fn who_reads_the_reason(app: TestApp) {
        let sides = app.sides().await;
        let platform = app.platform().await;
        let (first, second) = (platform.admin().await, platform.admin().await);
        let input = json!({ "id": sides.north.id(), "expectedVersion": 1, "reason": "资料过期。" });
        first.does("organizationSuspend", input, "statusReason").await.results_in(json!({ "statusReason": "资料过期。" }));
        let input = json!({ "id": sides.alpha.id(), "expectedVersion": 1, "reason": "年检。" });
        sides.county.does("organizationSuspend", input, "statusReason").await.results_in(json!({ "statusReason": "年检。" }));
        let reason = "query($id: ID!) { organization(id: $id) { statusReason } }";
        for (person, organization, expected) in [
            (&second, &sides.north, json!({ "statusReason": "资料过期。" })),
            (&sides.university, &sides.north, json!({ "statusReason": "资料过期。" })),
            (&sides.county, &sides.north, json!(null)),
            (&sides.enterprise, &sides.alpha, json!({ "statusReason": "年检。" })),
            (&sides.university, &sides.alpha, json!(null)),
        ] {
            let read = person.gql(reason, json!({ "id": organization.id() })).await;
            assert_eq!(read.data()["organization"], expected, "{} of {}", person.login, organization.name);
        }
    }

    /// A role in another county's office opens nothing here, and a membership that ended opens nothing anywhere.
    async fn a_membership_that_ended(app: TestApp) {
        let sides = app.sides().await;
        fill(&sides.enterprise).await;
        let officer = sides.yingshan.person(Role::CountyOfficer).await;
        assert_eq!(profile(&officer, &sides.alpha.id()).await, everything());
        let input = json!({ "id": hezuo::platform::id::show("membership", officer.membership), "expectedVersion": 1 });
        let token = officer.token().await;
        sides.county.does("membershipEnd", input, "status").await.results_in(json!({ "status": "ENDED" }));
        let query = format!("query($id: ID!) {{ organization(id: $id) {{ {PROFILE} }} }}");
        let late = app.gql_as(&token, &query, json!({ "id": sides.alpha.id() })).await;
        assert_eq!(late.codes(), ["UNAUTHENTICATED"]);
    }
}
