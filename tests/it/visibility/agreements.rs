//! Agreement: a draft is the drafting organization's; from review on, all parties' and witnesses'.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{logins, seen_by};
use crate::support::{Persona, Sides, TestApp, make, make::Agreement, on_both};

const NAMES: (&str, &str) = ("agreement", "agreements");

/// Everybody who could look: the drafting side, the parties, a witness, and the rest of the world.
struct World {
    sides: Sides,
    witness: Persona,
    drafting: Vec<Persona>,
    named: Vec<Persona>,
    outside: Vec<Persona>,
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let sides = app.sides().await;
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let yilong = app.county("511324").await;
        let south = app.university("South").await;
        let gamma = app.enterprise(&yilong, "Gamma").await;
        let idle = app.enterprise(&sides.yingshan, "Idle").await;
        let drafting = vec![
            sides.north.admin().await,
            sides.north.staff().await,
            sides.north.professor().await,
            sides.north.student().await,
            sides.north.auditor().await,
        ];
        let named = vec![
            sides.yingshan.admin().await,
            sides.yingshan.officer().await,
            sides.yingshan.auditor().await,
            sides.alpha.admin().await,
            sides.alpha.recruiter().await,
            beta.recruiter().await,
        ];
        let outside = vec![
            yilong.admin().await,
            yilong.officer().await,
            yilong.auditor().await,
            south.admin().await,
            south.student().await,
            gamma.admin().await,
            idle.admin().await,
            idle.recruiter().await,
            app.platform().await.admin().await,
        ];
        Self { witness: beta.admin().await, sides, drafting, named, outside }
    }

    /// With Beta as a witness.
    fn changes(&self, kind: &str) -> Value {
        let party = |persona: &Persona, role: &str| json!({ "organizationId": persona.organization.id(), "capacity": "方", "role": role });
        let [university, county, enterprise] = self.sides.all();
        json!({ "kind": kind, "text": { "title": format!("协议 {kind}"), "parties": [
            party(university, "REQUIRED"), party(county, "REQUIRED"), party(enterprise, "REQUIRED"), party(&self.witness, "WITNESS"),
        ]}})
    }

    /// Exactly these see it, by every way.
    async fn is_seen(&self, agreement: &Agreement<'_>, by_all: bool) {
        let everybody: Vec<&Persona> =
            self.drafting.iter().chain(&self.named).chain([&self.witness]).chain(&self.outside).collect();
        let expected: Vec<&Persona> = if by_all {
            self.drafting.iter().chain(&self.named).chain([&self.witness]).collect()
        } else {
            self.drafting.iter().collect()
        };
        let status = agreement.read("status title").await;
        let title = status["title"].as_str().unwrap().to_owned();
        assert_eq!(seen_by(&everybody, NAMES, &agreement.id, &title).await, logins(&expected), "{status}");
    }
}

on_both! {
    /// Drafted, sent, sent back, sent again and so on: who sees it at each stage.
    async fn who_sees_an_agreement(app: TestApp) {
        let world = World::new(&app).await;
        let [university, county, enterprise] = world.sides.all();
        let sides = world.sides.all();
        let step = async |person: &Persona, mutation: &str, agreement: &Agreement<'_>| {
            let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await, "reason": "理由。" });
            assert_eq!(person.does(mutation, input, "id").await.problems(), [""; 0]);
        };
        let submit = async |agreement: &Agreement<'_>| {
            let input = json!({ "id": agreement.id, "expectedVersion": agreement.version().await });
            university.does("agreementSubmit", input, "id").await.result();
        };

        let agreement = make::draft(&sides, world.changes("FRAMEWORK")).await;
        world.is_seen(&agreement, false).await;
        submit(&agreement).await;
        world.is_seen(&agreement, true).await;
        step(county, "agreementReturn", &agreement).await;
        world.is_seen(&agreement, false).await;
        submit(&agreement).await;
        for party in sides {
            let input = json!({ "id": agreement.id, "expectedHash": agreement.hash().await });
            party.does("agreementApprove", input, "id").await.result();
        }
        world.is_seen(&agreement, true).await;
        step(enterprise, "agreementWithdrawForRevision", &agreement).await;
        world.is_seen(&agreement, false).await;
        // Given up as a draft: what was written since the parties saw it is nobody else's.
        step(university, "agreementCancel", &agreement).await;
        world.is_seen(&agreement, false).await;

        let rejected = make::submitted(&sides, world.changes("TALENT")).await;
        step(county, "agreementReject", &rejected).await;
        world.is_seen(&rejected, true).await;
        let cancelled = make::submitted(&sides, world.changes("TALENT")).await;
        step(university, "agreementCancel", &cancelled).await;
        world.is_seen(&cancelled, true).await;
        let never_sent = make::draft(&sides, world.changes("TALENT")).await;
        step(university, "agreementCancel", &never_sent).await;
        world.is_seen(&never_sent, false).await;
    }

    /// Signed, in force, expired: still all who are named, and nobody else.
    async fn who_sees_what_is_in_force(app: TestApp) {
        let world = World::new(&app).await;
        let sides = world.sides.all();
        let mut changes = world.changes("TALENT");
        changes["text"]["endsOn"] = json!("2026-12-31");
        let active = make::active(&sides, world.changes("FRAMEWORK")).await;
        let signed = make::signed(&sides, changes).await;
        world.is_seen(&active, true).await;
        world.is_seen(&signed, true).await;
        app.it_is("2027-01-01");
        hezuo::agreements::jobs::turn_the_day(app.app()).await.unwrap();
        assert_eq!(signed.read("status").await, json!({ "status": "EXPIRED" }));
        world.is_seen(&signed, true).await;
    }

    /// A university that works with two counties leaks neither to the other, not even by a number.
    async fn two_counties_know_nothing_of_each_other(app: TestApp) {
        let sides = app.sides().await;
        let yilong = app.county("511324").await;
        let other = yilong.admin().await;
        let here = make::active(&[&sides.university, &sides.county], json!({ "text": { "title": "与营山" } })).await;
        let there = make::active(&[&sides.university, &other], json!({ "text": { "title": "与仪陇" } })).await;
        let list = "{ agreements { totalCount nodes { title } pageInfo { hasNextPage hasPreviousPage } } \
            filtered: agreements(filter: { kind: { in: [FRAMEWORK] }, status: { in: [ACTIVE] } }) { totalCount } }";
        for (reader, titles) in [(&sides.county, vec!["与营山"]), (&other, vec!["与仪陇"]), (&sides.university, vec!["与营山", "与仪陇"])] {
            let nodes: Vec<Value> = titles.iter().map(|title| json!({ "title": title })).collect();
            let count = nodes.len();
            let mut answer = reader.gql(list, json!({})).await.data().clone();
            let listed = answer["agreements"]["nodes"].as_array_mut().unwrap();
            listed.sort_by_key(|node| node["title"].as_str().map(|title| title != "与营山"));
            assert_eq!(answer, json!({
                "agreements": { "totalCount": count, "nodes": nodes, "pageInfo": { "hasNextPage": false, "hasPreviousPage": false } },
                "filtered": { "totalCount": count },
            }));
        }
        let by_number = "query($number: String!) { agreementByNumber(number: $number) { id } }";
        let numbers = [(&here, &other), (&there, &sides.county)];
        for (agreement, reader) in numbers {
            let number = agreement.read("number").await["number"].clone();
            reader.gql(by_number, json!({ "number": number })).await.is(json!({ "agreementByNumber": null }));
        }
        // Filtering by the other county's id tells nothing either.
        let filter = "query($id: ID!) { agreements(filter: { countyId: { in: [$id] } }) { totalCount } }";
        let theirs = sides.county.gql(filter, json!({ "id": yilong.id() })).await;
        theirs.is(json!({ "agreements": { "totalCount": 0 } }));
    }

    /// What leads from one agreement to another shows only what one sees.
    async fn what_leads_to_an_agreement(app: TestApp) {
        let sides = app.sides().await;
        let [university, county, enterprise] = sides.all();
        let framework = make::active(&[university, county], json!({})).await;
        app.passes(TimeDelta::seconds(1));
        let child = json!({ "kind": "SPECIAL", "parentId": framework.id });
        let special = make::active(&sides.all(), child.clone()).await;
        app.passes(TimeDelta::seconds(1));
        make::draft(&sides.all(), child).await;
        app.passes(TimeDelta::seconds(1));
        let input = json!({ "id": special.id, "expectedVersion": special.version().await, "endsOn": "2031-12-31" });
        let renewed = university.does("agreementRenew", input, "id").await.result()["id"].clone();
        let family = "query($id: ID!) { agreement(id: $id) { number parent { number } children { totalCount nodes { number } } predecessor { number } } }";
        let read = async |person: &Persona, id: Value| person.gql(family, json!({ "id": id })).await.data()["agreement"].clone();
        let [first, second, third, fourth] = [1, 2, 3, 4].map(|number| json!({ "number": format!("XY-511322-2026-{number:04}") }));
        // The enterprise is no party to the framework agreement: its own agreement has no parent for it.
        assert_eq!(read(enterprise, json!(special.id)).await, json!({
            "number": second["number"], "parent": null, "children": { "totalCount": 0, "nodes": [] }, "predecessor": null,
        }));
        assert_eq!(read(county, json!(framework.id)).await, json!({
            "number": first["number"], "parent": null, "children": { "totalCount": 1, "nodes": [second] }, "predecessor": null,
        }));
        assert_eq!(read(university, json!(framework.id)).await["children"], json!({ "totalCount": 3, "nodes": [second, third, fourth] }));
        assert_eq!(read(university, renewed.clone()).await["predecessor"], second);
        assert_eq!(read(county, renewed).await, json!(null));
    }
}
