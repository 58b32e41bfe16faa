//! What time does: agreements begin, and end at midnight in Shanghai.

use hezuo::agreements::jobs::turn_the_day;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::seen;
use crate::support::{make, on_both};

on_both! {
    /// Signed for a later day, it begins on that day at midnight in Shanghai.
    async fn it_begins_on_its_first_day(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::signed(&sides.all(), json!({})).await;
        app.it_is("2026-03-31T15:59:59Z");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 0);
        let before = agreement.read("status version").await;
        assert_eq!(before["status"], json!("SIGNED"));
        app.it_is("2026-03-31T16:00:00Z");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 1);
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 0);
        assert_eq!(agreement.read("status startsOn activatedAt version").await, json!({
            "status": "ACTIVE", "startsOn": "2026-04-01", "activatedAt": "2026-03-31T16:00:00.000000Z",
            "version": before["version"].as_i64().unwrap() + 1,
        }));
    }

    /// Signed on its first day or later, it begins at once and keeps that day.
    async fn a_first_day_in_the_past_stays(app: TestApp) {
        let sides = app.sides().await;
        for (kind, starts_on) in [("FRAMEWORK", "2026-03-02"), ("TALENT", "2025-09-01")] {
            let changes = json!({ "kind": kind, "text": { "startsOn": starts_on } });
            let agreement = make::active(&sides.all(), changes).await;
            assert_eq!(agreement.read("startsOn activatedAt").await, json!({
                "startsOn": starts_on, "activatedAt": "2026-03-02T01:00:00.000000Z",
            }));
        }
    }

    /// The numbers of domain.md: `endsOn 2026-12-31` is ACTIVE until 15:59:59Z and EXPIRED from 16:00:00Z (I16).
    async fn it_expires_after_its_last_day(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({ "text": { "endsOn": "2026-12-31" } })).await;
        let unsigned = make::approved(&sides.all(), json!({ "kind": "TALENT", "text": { "endsOn": "2026-12-31" } })).await;
        let other = make::active(&sides.all(), json!({ "kind": "WORKSTATION", "text": { "endsOn": "2027-01-01" } })).await;
        app.it_is("2026-12-31T15:59:59Z");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 0);
        assert_eq!(agreement.read("status endedAt").await, json!({ "status": "ACTIVE", "endedAt": null }));
        app.it_is("2026-12-31T16:00:00Z");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 2);
        let ended = "2026-12-31T16:00:00.000000Z";
        for party in sides.all() {
            let read = seen(party, &agreement.id, "status endedAt openSteps").await;
            assert_eq!(read, json!({ "status": "EXPIRED", "endedAt": ended, "openSteps": ["RENEW"] }));
        }
        assert_eq!(unsigned.read("status endedAt openSteps").await, json!({ "status": "CANCELLED", "endedAt": ended, "openSteps": [] }));
        assert_eq!(other.read("status").await, json!({ "status": "ACTIVE" }));
        app.it_is("2027-01-01T16:00:00Z");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 1);
        assert_eq!(other.read("status").await, json!({ "status": "EXPIRED" }));
    }

    /// Nobody looked for a year: what was signed begins and ends in one go, each step in the trail.
    async fn a_day_turner_that_slept(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::signed(&sides.all(), json!({ "text": { "endsOn": "2026-06-30" } })).await;
        app.it_is("2027-03-01");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 2);
        let history = agreement.read("status history(last: 2) { nodes { kind action role } }").await;
        assert_eq!(history, json!({ "status": "EXPIRED", "history": { "nodes": [
            { "kind": "AgreementActivated", "action": "job.activateAgreements", "role": null },
            { "kind": "AgreementExpired", "action": "job.expireAgreements", "role": null },
        ]}}));
    }

    /// A suspended agreement expires like an active one.
    async fn a_suspended_one_expires_too(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&sides.all(), json!({ "text": { "endsOn": "2026-12-31" } })).await;
        app.db().writer().execute_unprepared("UPDATE agreement SET status = 'SUSPENDED'").await.unwrap();
        app.it_is("2026-12-31T16:00:00Z");
        assert_eq!(turn_the_day(app.app()).await.unwrap(), 1);
        assert_eq!(agreement.read("status").await, json!({ "status": "EXPIRED" }));
    }

    /// More than a page of them end on one day, and two servers turn it at once: each is ended once.
    async fn many_end_on_one_day(app: TestApp) {
        let sides = app.sides().await;
        let template = make::signed(&sides.all(), json!({})).await;
        app.db().writer().execute_unprepared(&copies(app.kind(), 130)).await.unwrap();
        app.it_is("2026-04-01");
        let replica = app.replica(&[]).await;
        let (one, other) = tokio::join!(turn_the_day(app.app()), turn_the_day(replica.app()));
        assert_eq!(one.unwrap() + other.unwrap(), 131);
        let active = "{ agreements(filter: { status: { in: [ACTIVE] } }) { totalCount } }";
        sides.university.gql(active, json!({})).await.is(json!({ "agreements": { "totalCount": 131 } }));
        assert_eq!(template.read("history(last: 1) { nodes { kind } }").await["history"]["nodes"], json!([{ "kind": "AgreementActivated" }]));
        let events = "SELECT COUNT(*) AS n FROM event WHERE kind = 'AgreementActivated'";
        let statement = sea_orm::Statement::from_string(app.db().backend(), events);
        let row = app.db().reader().query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 131);
    }
}

/// Copies of the only agreement, with the party that drafted it: another key, another number, another set of parties.
fn copies(kind: crate::support::Kind, count: u32) -> String {
    let (numbers, key, random) = match kind {
        crate::support::Kind::Sqlite => (
            format!(
                "(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) SELECT n FROM numbers)"
            ),
            "unhex(printf('%032x', 4096 + s.n))",
            "randomblob(16)",
        ),
        crate::support::Kind::Postgres => (
            format!("(SELECT generate_series(1, {count}) AS n)"),
            "lpad(to_hex(4096 + s.n), 32, '0')::uuid",
            "gen_random_uuid()",
        ),
    };
    let columns = "kind, title, terms, county_id, drafted_by_id, author_id, starts_on, ends_on, renewal_policy, status, \
        current_version_id, content_hash, signed_at, version, created_at, updated_at";
    format!(
        "INSERT INTO agreement (id, number, party_set, {columns}) \
         SELECT {key}, 'COPY-' || s.n, 'COPY-' || s.n, {columns} FROM agreement CROSS JOIN {numbers} s; \
         INSERT INTO agreement_party (id, agreement_id, organization_id, capacity, role, position) \
         SELECT {random}, id, drafted_by_id, '甲方', 'REQUIRED', 0 FROM agreement WHERE number LIKE 'COPY-%'"
    )
}
