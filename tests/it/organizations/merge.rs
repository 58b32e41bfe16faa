//! Merging a duplicate: what is shown before, what moves, what forbids it, and that the old id goes on resolving.

use entity::membership::Role;
use hezuo::{identity, platform::id};
use sea_orm::{
    ConnectionTrait as _,
    sea_query::{Expr, ExprTrait as _, Query},
};
use serde_json::{Value, json};

use crate::support::{Organization, Persona, at_last, on_both};

/// What a merge is asked with.
pub(crate) async fn input(from: &Organization, into: &Organization) -> Value {
    json!({
        "id": from.id(), "intoId": into.id(), "reason": "重复登记。",
        "expectedVersion": from.row().await.version, "intoExpectedVersion": into.row().await.version,
    })
}

pub(crate) async fn merge(admin: &Persona, from: &Organization, into: &Organization) {
    let merged = admin.does("organizationMerge", input(from, into).await, "status mergedInto { id }").await;
    merged.results_in(json!({ "status": "MERGED", "mergedInto": { "id": into.id() } }));
}

/// `changes` as "membership MOVES 2", `obstacles` as "intoId".
pub(crate) async fn preview(admin: &Persona, from: &Organization, into: &Organization) -> (Vec<String>, Vec<String>) {
    let query = "query($id: ID!, $intoId: ID!) { organizationMergePreview(id: $id, intoId: $intoId) {
        changes { kind effect count } obstacles { field message } } }";
    let answer = admin.gql(query, json!({ "id": from.id(), "intoId": into.id() })).await;
    let rows = |at: &str| answer.at(&format!("/organizationMergePreview/{at}")).as_array().unwrap().clone();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let change = |row: &Value| format!("{} {} {}", text(row, "kind"), text(row, "effect"), row["count"]);
    let obstacle = |row: &Value| format!("{}: {}", text(row, "field"), text(row, "message"));
    (rows("changes").iter().map(change).collect(), rows("obstacles").iter().map(obstacle).collect())
}

async fn acts_for(person: &Persona) -> Value {
    let query = "{ viewer { membership { role organization { id } } } }";
    person.gql(query, json!({})).await.at("/viewer/membership").clone()
}

on_both! {
    /// The sign-in server of the duplicate signs people in for the organization that stays.
    async fn issuers_come_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (admin, own) = (app.platform().await.admin().await, double.admin().await);
        let issuer = json!({ "name": "统一登录", "url": "https://sso.example", "clientId": "hezuo" });
        let issuer = own.does("issuerCreate", issuer, "id").await.result()["id"].clone();
        assert_eq!(preview(&admin, &double, &sides.alpha).await.0, ["membership MOVES 1", "issuer MOVES 1"]);
        merge(&admin, &double, &sides.alpha).await;
        let seen = sides.enterprise.gql("{ issuers { nodes { id organization { id } } } }", json!({})).await;
        let expected = json!([{ "id": issuer, "organization": { "id": sides.alpha.id() } }]);
        assert_eq!(seen.at("/issuers/nodes"), &expected);
    }

    /// The IT system of the duplicate acts for the organization that stays, whose admin can end it.
    async fn service_accounts_come_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (admin, own) = (app.platform().await.admin().await, double.admin().await);
        let account = json!({ "name": "ERP", "scopes": ["AGREEMENTS_READ"] });
        let account = own.does("serviceAccountCreate", account, "serviceAccount { id }").await;
        let id = account.result()["serviceAccount"]["id"].clone();
        assert_eq!(preview(&admin, &double, &sides.alpha).await.0, ["membership MOVES 2", "service_account MOVES 1"]);
        merge(&admin, &double, &sides.alpha).await;
        let revoke = json!({ "id": id, "expectedVersion": 1 });
        let revoked = sides.enterprise.does("serviceAccountRevoke", revoke, "organization { id } status").await;
        revoked.results_in(json!({ "organization": { "id": sides.alpha.id() }, "status": "REVOKED" }));
    }

    /// People act for the other organization from their next request on; doubles end, invitations are taken back.
    async fn people_come_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let admin = app.platform().await.admin().await;
        let (mover, twice) = (double.recruiter().await, double.admin().await);
        let there = twice.also(&sides.alpha, Role::EnterpriseAdmin).await;
        // Somebody whom the other organization's admin sent away.
        let former = double.recruiter().await;
        let ended = former.also(&sides.alpha, Role::EnterpriseRecruiter).await;
        let end = json!({ "id": id::show("membership", ended.membership), "expectedVersion": 1 });
        sides.enterprise.does("membershipEnd", end, "status").await.results_in(json!({ "status": "ENDED" }));
        let invite = json!({ "organizationId": double.id(), "role": "ENTERPRISE_RECRUITER" });
        let invitation = twice.does("invitationCreate", invite, "token invitation { id }").await.result().clone();
        let lent = json!({
            "membershipId": id::show("membership", mover.membership), "scope": "SIGN_AGREEMENTS",
            "startsOn": "2026-03-02", "endsOn": "2026-03-31",
        });
        let lent = twice.does("delegationGrant", lent, "id").await.result()["id"].clone();
        let tokens = [mover.token().await, twice.token().await, former.token().await];

        let (changes, obstacles) = preview(&admin, &double, &sides.alpha).await;
        assert_eq!(changes, ["delegation ENDS 1", "invitation ENDS 1", "membership MOVES 1", "membership ENDS 2"]);
        assert_eq!(obstacles, [""; 0]);
        assert_eq!((double.row().await.version, sides.alpha.row().await.version), (1, 1));

        merge(&admin, &double, &sides.alpha).await;
        let role = |role: &str| json!({ "role": role, "organization": { "id": sides.alpha.id() } });
        assert_eq!(acts_for(&mover).await, role("ENTERPRISE_RECRUITER"));
        let viewer = "{ viewer { membership { organization { id } } } }";
        for (token, expected) in [(&tokens[0], vec![]), (&tokens[1], vec!["UNAUTHENTICATED"]), (&tokens[2], vec!["UNAUTHENTICATED"])] {
            assert_eq!(app.gql_as(token, viewer, json!({})).await.codes(), expected);
        }
        assert_eq!(acts_for(&there).await, role("ENTERPRISE_ADMIN"));
        let accept = json!({ "token": invitation["token"], "login": "late", "displayName": "晚到", "password": "sunny autumn 2026" });
        app.does("invitationAccept", accept, "__typename").await.complains(&["INVALID_INPUT input.token"]);
        // What was lent for the duplicate is lent for nothing else.
        let delegation = "query($id: ID!) { delegation(id: $id) { status } }";
        mover.gql(delegation, json!({ "id": lent })).await.is(json!({ "delegation": { "status": "REVOKED" } }));
        // Nobody can be asked into it any more.
        let invite = json!({ "organizationId": double.id(), "role": "ENTERPRISE_ADMIN" });
        admin.does("invitationCreate", invite, "token").await.complains(&["RULE_VIOLATED input.organizationId"]);
    }

    /// Whoever listens under a membership that moved is let go, and comes back as who they are now.
    async fn open_sockets_end(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (mover, bystander) = (double.recruiter().await, sides.alpha.recruiter().await);
        let moved = identity::caller(app.app(), &mover.token().await).await.unwrap();
        let stays = identity::caller(app.app(), &bystander.token().await).await.unwrap();
        assert!(identity::still_valid(app.app(), &moved).await && identity::still_valid(app.app(), &stays).await);
        merge(&app.platform().await.admin().await, &double, &sides.alpha).await;
        assert!(at_last(async || !identity::still_valid(app.app(), &moved).await).await);
        assert!(identity::still_valid(app.app(), &stays).await);
        assert_eq!(mover.actor().await.organization(), sides.alpha.key);
    }

    /// The database itself takes no other status, and none that is merged without saying into which.
    async fn the_database_holds_it(app: TestApp) {
        let (alpha, beta) = {
            let yingshan = app.county("511322").await;
            (app.enterprise(&yingshan, "Alpha").await, app.enterprise(&yingshan, "Beta").await)
        };
        let set = async |status: &str, into: Option<&Organization>| {
            let mut update = Query::update();
            update.table("organization").value("status", status).value("merged_into_id", into.map(|into| into.key));
            update.and_where(Expr::col("id").eq(alpha.key));
            app.db().writer().execute(&update).await.is_ok()
        };
        assert!(!set("MERGED", None).await);
        assert!(!set("VERIFIED", Some(&beta)).await);
        assert!(!set("GONE", None).await);
        assert!(set("SUSPENDED", None).await);
        assert!(set("MERGED", Some(&beta)).await);
    }

    /// The old id finds the organization as it was, for everyone who sees the new one, and says where it leads.
    async fn the_old_id_goes_on_resolving(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let admin = app.platform().await.admin().await;
        merge(&admin, &double, &sides.alpha).await;
        let query = "query($id: ID!, $code: String!) {
            organization(id: $id) { name status openSteps mergedInto { name openSteps } }
            organizationByCreditCode(creditCode: $code) { id }
            node(id: $id) { id } }";
        let variables = json!({ "id": double.id(), "code": double.credit_code });
        for person in [&sides.university, &sides.enterprise, &sides.county] {
            let expected = json!({
                "organization": {
                    "name": "Alpha 2", "status": "MERGED", "openSteps": [],
                    "mergedInto": { "name": "Alpha", "openSteps": if person.login == sides.county.login { json!(["SUSPEND", "CEASE"]) } else { json!([]) } },
                },
                "organizationByCreditCode": { "id": double.id() }, "node": { "id": double.id() },
            });
            person.gql(query, variables.clone()).await.is(expected);
        }
        let history = "query($id: ID!) { organization(id: $id) { version history(last: 1) { nodes { kind } } } }";
        for (organization, kind) in [(&double, "OrganizationMerged"), (&sides.alpha, "OrganizationAbsorbed")] {
            let read = admin.gql(history, json!({ "id": organization.id() })).await;
            read.is(json!({ "organization": { "version": 2, "history": { "nodes": [{ "kind": kind }] } } }));
        }
    }

    /// One that was never verified was never public: its new people see it, strangers do not.
    async fn what_was_never_public_stays_so(app: TestApp) {
        let sides = app.sides().await;
        let officer = sides.yingshan.officer().await;
        let code = crate::support::credit_code(sides.alpha.kind, "511322", app.number());
        let register = json!({
            "parentId": sides.yingshan.id(), "kind": "ENTERPRISE", "name": "Alfa", "regionCode": "511322", "creditCode": code,
        });
        let made = officer.does("organizationRegister", register, "id").await.result()["id"].clone();
        let pending = app.registered(id::read(made.as_str().unwrap()).unwrap().1).await;
        merge(&app.platform().await.admin().await, &pending, &sides.alpha).await;
        let query = "query($id: ID!) { organization(id: $id) { status } }";
        let found = json!({ "organization": { "status": "MERGED" } });
        let nothing = json!({ "organization": null });
        for (person, expected) in [(&sides.enterprise, &found), (&sides.county, &found), (&sides.university, &nothing)] {
            person.gql(query, json!({ "id": pending.id() })).await.is(expected.clone());
        }
    }

    /// What forbids it, all at once, in the preview and when it is tried; nothing has happened then.
    async fn what_forbids_it(app: TestApp) {
        let sides = app.sides().await;
        let platform = app.platform().await;
        let admin = platform.admin().await;
        let suspend = json!({ "id": sides.north.id(), "expectedVersion": 1, "reason": "资料过期。" });
        admin.does("organizationSuspend", suspend, "id").await.result();
        let (_, obstacles) = preview(&admin, &sides.alpha, &sides.north).await;
        let kinds = "intoId: Only organizations of one kind are merged.";
        assert_eq!(obstacles, [kinds, "intoId: The organization that stays is not verified."]);
        let tried = admin.does("organizationMerge", input(&sides.alpha, &sides.north).await, "id").await;
        tried.complains(&["RULE_VIOLATED input.intoId", "RULE_VIOLATED input.intoId"]);
        // Into itself.
        let itself = admin.does("organizationMerge", input(&sides.alpha, &sides.alpha).await, "id").await;
        itself.complains(&["RULE_VIOLATED input.intoId"]);
        // Into what lies under it, however deep.
        let code = |number| crate::support::credit_code(sides.yingshan.kind, "511322", number);
        let mut above = sides.yingshan.clone();
        for name in ["Bureau", "Office"] {
            let person = above.admin().await;
            let code = code(app.number());
            let register = json!({
                "parentId": above.id(), "kind": "COUNTY", "name": name, "regionCode": "511322", "creditCode": code,
            });
            person.does("organizationRegister", register, "id").await.complains(&[]);
            // Whoever registers a bureau does not see it before it is verified.
            let query = "query($code: String!) { organizationByCreditCode(creditCode: $code) { id } }";
            let made = admin.gql(query, json!({ "code": code })).await.at("/organizationByCreditCode/id").clone();
            admin.does("organizationVerify", json!({ "id": made, "expectedVersion": 1 }), "id").await.result();
            above = app.registered(id::read(made.as_str().unwrap()).unwrap().1).await;
        }
        let tried = admin.does("organizationMerge", input(&sides.yingshan, &above).await, "id").await;
        tried.complains(&["RULE_VIOLATED input.intoId"]);
        // A member of either, and the platform itself.
        let beta = app.enterprise(&sides.yingshan, "Beta").await;
        let member = admin.also(&beta, Role::EnterpriseRecruiter).await;
        for (from, into) in [(&beta, &sides.alpha), (&sides.alpha, &beta), (&platform, &sides.alpha)] {
            admin.does("organizationMerge", input(from, into).await, "id").await.refused(&["FORBIDDEN"]);
        }
        member.does("organizationMerge", input(&sides.alpha, &beta).await, "id").await.refused(&["FORBIDDEN"]);
        assert_eq!((sides.alpha.row().await.version, beta.row().await.version), (1, 1));
    }

    /// Stale versions of either, a missing reason, and a second time.
    async fn a_merge_happens_once(app: TestApp) {
        let sides = app.sides().await;
        let (beta, gamma) = (app.enterprise(&sides.yingshan, "Beta").await, app.enterprise(&sides.yingshan, "Gamma").await);
        let admin = app.platform().await.admin().await;
        let first = input(&beta, &sides.alpha).await;
        for (field, problem) in [
            ("expectedVersion", "CONFLICT input.expectedVersion"), ("intoExpectedVersion", "CONFLICT input.intoExpectedVersion"),
        ] {
            let mut stale = first.clone();
            stale[field] = json!(7);
            admin.does("organizationMerge", stale, "id").await.complains(&[problem]);
        }
        let mut silent = first.clone();
        silent["reason"] = json!(" ");
        admin.does("organizationMerge", silent, "id").await.complains(&["INVALID_INPUT input.reason"]);
        admin.does("organizationMerge", first.clone(), "id").await.result();
        admin.does("organizationMerge", first, "id").await.complains(&["CONFLICT input.expectedVersion"]);
        admin.does("organizationMerge", input(&beta, &gamma).await, "id").await.complains(&["ILLEGAL_STEP input.id"]);
        admin.does("organizationMerge", input(&gamma, &beta).await, "id").await.complains(&["RULE_VIOLATED input.intoId"]);
    }

    /// What lay under the duplicate lies under the other one, and what led to it leads on.
    async fn chains_lead_to_their_end(app: TestApp) {
        let admin = app.platform().await.admin().await;
        let (a, b, c) = (app.county("511322").await, app.county("511322").await, app.county("511322").await);
        let alpha = app.enterprise(&a, "Alpha").await;
        assert_eq!(preview(&admin, &a, &b).await.0, ["organization MOVES 1"]);
        merge(&admin, &a, &b).await;
        merge(&admin, &b, &c).await;
        let officer = c.officer().await;
        let query = "query($a: ID!, $alpha: ID!) {
            organization(id: $a) { mergedInto { id } } other: organization(id: $alpha) { parent { id } } }";
        let read = officer.gql(query, json!({ "a": a.id(), "alpha": alpha.id() })).await;
        read.is(json!({ "organization": { "mergedInto": { "id": c.id() } }, "other": { "parent": { "id": c.id() } } }));
        assert_eq!(alpha.row().await.version, 3);
    }
}
