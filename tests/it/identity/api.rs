//! The same through the API: what frontends send, and who sees whom.

use serde_json::{Value, json};

use crate::support::on_both;

/// What GraphiQL sends.
const SIGN_IN: &str = "mutation SignIn($input: SessionCreateInput!) {
  sessionCreate(input: $input) {
    result {
      accessToken refreshToken expiresAt
      viewer { user { displayName } membership { role organization { name } } }
    }
    userErrors { code message path }
  }
}";
const REFRESH: &str = "mutation SessionRefresh($input: SessionRefreshInput!) {
  sessionRefresh(input: $input) { result { accessToken refreshToken expiresAt } userErrors { code message } }
}";
const SIGN_OUT: &str = "mutation SignOut { sessionEnd { result { ended } userErrors { message } } }";
const ACCEPT: &str = "mutation($input: InvitationAcceptInput!) {
  invitationAccept(input: $input) {
    result { accessToken refreshToken viewer { user { login } membership { role } } }
    userErrors { code path }
  }
}";
const PASSWORD: &str = "a long enough secret";

fn acceptance(token: &str, login: &str) -> Value {
    json!({ "input": { "token": token, "login": login, "displayName": "Li Ming", "password": PASSWORD } })
}

on_both! {
    /// From the invitation to signing out.
    async fn somebody_comes_in_signs_in_and_out(app: TestApp) {
        let county = app.county("511322").await;
        let admin = county.admin().await;
        let invited = json!({ "organizationId": county.id(), "role": "COUNTY_OFFICER", "email": " Li@Example.org " });
        let selection = "token invitation { email role status openSteps invitedBy { displayName } acceptedBy { displayName } }";
        let issued = admin.does("invitationCreate", invited, selection).await;
        let token = issued.text("/invitationCreate/result/token");
        let inviter = "CountyAdmin of County 511322";
        assert_eq!(issued.result()["invitation"], json!({
            "email": "li@example.org", "role": "COUNTY_OFFICER", "status": "OPEN", "openSteps": ["REVOKE"],
            "invitedBy": { "displayName": inviter }, "acceptedBy": null,
        }));

        let weak = json!({ "input": { "token": token, "login": "li ming", "displayName": "Li Ming", "password": "short" } });
        app.gql(ACCEPT, weak).await.complains(&["INVALID_INPUT input.login", "INVALID_INPUT input.password"]);
        let accepted = app.gql(ACCEPT, acceptance(&token, "Li.Ming")).await;
        let viewer = json!({ "user": { "login": "li.ming" }, "membership": { "role": "COUNTY_OFFICER" } });
        assert_eq!(accepted.result()["viewer"], viewer);
        app.gql(ACCEPT, acceptance(&token, "again")).await.complains(&["INVALID_INPUT input.token"]);

        let wrong = app.gql(SIGN_IN, json!({ "input": { "login": "li.ming", "password": "wrong" } })).await;
        wrong.refused(&["UNAUTHENTICATED"]);
        let signed_in = app.gql(SIGN_IN, json!({ "input": { "login": "li.ming", "password": PASSWORD } })).await;
        assert_eq!(signed_in.result()["viewer"], json!({
            "user": { "displayName": "Li Ming" },
            "membership": { "role": "COUNTY_OFFICER", "organization": { "name": "County 511322" } },
        }));
        assert_eq!(signed_in.result()["expiresAt"], "2026-03-02T01:10:00.000000Z");
        let access = signed_in.text("/sessionCreate/result/accessToken");
        let sessions = app.gql_as(&access, "{ sessions { nodes { isCurrent client endedAt } } }", json!({})).await;
        let session = |current: bool| json!({ "isCurrent": current, "client": "", "endedAt": null });
        let mut nodes = sessions.at("/sessions/nodes").as_array().unwrap().clone();
        nodes.sort_by_key(|node| node["isCurrent"] == json!(true));
        assert_eq!(nodes, [session(false), session(true)]);
        app.gql_as(&access, SIGN_OUT, json!({})).await.results_in(json!({ "ended": true }));
        app.gql_as(&access, "{ viewer { user { login } } }", json!({})).await.refused(&["UNAUTHENTICATED"]);
    }

    /// A refresh token that is used twice ends the session.
    async fn tokens_are_refreshed_once(app: TestApp) {
        let admin = app.county("511322").await.admin().await;
        let created = app.gql(SIGN_IN, json!({ "input": { "login": admin.login, "password": admin.password() } })).await;
        let first = created.text("/sessionCreate/result/refreshToken");
        let spend = |token: &str| json!({ "input": { "refreshToken": token } });
        let second = app.gql(REFRESH, spend(&first)).await;
        let access = second.text("/sessionRefresh/result/accessToken");
        app.gql_as(&access, "{ viewer { user { login } } }", json!({})).await.data();
        app.gql(REFRESH, spend(&first)).await.refused(&["UNAUTHENTICATED"]);
        app.gql_as(&access, "{ viewer { user { login } } }", json!({})).await.refused(&["UNAUTHENTICATED"]);
        app.gql(REFRESH, spend(&second.text("/sessionRefresh/result/refreshToken"))).await.refused(&["UNAUTHENTICATED"]);
    }

    /// Who is nobody sees nobody.
    async fn nobody_sees_nobody(app: TestApp) {
        app.county("511322").await.admin().await;
        for query in ["{ viewer { user { login } } }", "{ users { totalCount } }", "{ memberships { totalCount } }",
            "{ invitations { totalCount } }", "{ sessions { totalCount } }"] {
            app.gql(query, json!({})).await.refused(&["UNAUTHENTICATED"]);
        }
        app.gql(SIGN_OUT, json!({})).await.refused(&["UNAUTHENTICATED"]);
    }

    /// Members see themselves, admins their organization, the platform's admin everybody.
    async fn people_are_seen_by_their_own(app: TestApp) {
        let (county, north) = (app.county("511322").await, app.university("North").await);
        let (admin, officer) = (county.admin().await, county.officer().await);
        let (stranger, student) = (north.admin().await, north.student().await);
        let root = app.platform().await.admin().await;
        let counts = "{ users { totalCount } memberships { totalCount } }";
        for (persona, count) in [(&officer, 1), (&student, 1), (&admin, 2), (&stranger, 2), (&root, 5)] {
            let expected = json!({ "users": { "totalCount": count }, "memberships": { "totalCount": count } });
            persona.gql(counts, json!({})).await.is(expected);
        }
        let id = hezuo::platform::id::show("user", officer.user);
        let user = "query($id: ID!) { user(id: $id) { login openSteps } node(id: $id) { id } }";
        let seen = |steps: &[&str]| json!({ "user": { "login": officer.login, "openSteps": steps }, "node": { "id": id } });
        officer.gql(user, json!({ "id": id })).await.is(seen(&[]));
        admin.gql(user, json!({ "id": id })).await.is(seen(&[]));
        root.gql(user, json!({ "id": id })).await.is(seen(&["DISABLE"]));
        for persona in [&stranger, &student] {
            persona.gql(user, json!({ "id": id })).await.is(json!({ "user": null, "node": null }));
        }
        let disable = json!({ "id": id, "expectedVersion": 1 });
        stranger.does("userDisable", disable.clone(), "status").await.refused(&["NOT_FOUND"]);
        admin.does("userDisable", disable.clone(), "status").await.refused(&["FORBIDDEN"]);
        let disabled = root.does("userDisable", disable.clone(), "status openSteps version").await;
        disabled.results_in(json!({ "status": "DISABLED", "openSteps": ["ENABLE"], "version": 2 }));
        root.does("userDisable", disable, "status").await.complains(&["CONFLICT input.expectedVersion"]);
    }

    /// Whoever has two memberships says under which one.
    async fn a_session_is_switched(app: TestApp) {
        let (county, north) = (app.county("511322").await, app.university("North").await);
        let (officer, admin) = (county.officer().await, north.admin().await);
        let invited = json!({ "organizationId": north.id(), "role": "PROFESSOR" });
        let token = admin.does("invitationCreate", invited, "token").await.text("/invitationCreate/result/token");
        let selection = "refreshToken accessToken viewer { membership { role organization { name } } memberships { nodes { role id } } }";
        let joined = officer.does("invitationAccept", json!({ "token": token }), selection).await;
        let viewer = &joined.result()["viewer"];
        assert_eq!(viewer["membership"], json!({ "role": "PROFESSOR", "organization": { "name": "North" } }));
        assert_eq!(joined.result()["refreshToken"], Value::Null);
        let memberships = viewer["memberships"]["nodes"].as_array().unwrap();
        assert_eq!(memberships.len(), 2);
        let first = memberships.iter().find(|membership| membership["role"] == "COUNTY_OFFICER").unwrap();
        let access = joined.text("/invitationAccept/result/accessToken");
        let switch = "mutation($input: SessionSwitchInput!) { sessionSwitch(input: $input) {
            result { accessToken viewer { membership { role } session { isCurrent } } } userErrors { code path } } }";
        let switched = app.gql_as(&access, switch, json!({ "input": { "membershipId": first["id"] } })).await;
        let expected = json!({ "membership": { "role": "COUNTY_OFFICER" }, "session": { "isCurrent": true } });
        assert_eq!(switched.result()["viewer"], expected);
        app.gql_as(&access, "{ viewer { user { login } } }", json!({})).await.refused(&["UNAUTHENTICATED"]);
    }

    /// People change their own password and name, and read what happened.
    async fn people_look_after_themselves(app: TestApp) {
        let officer = app.county("511322").await.officer().await;
        let profile = json!({ "expectedVersion": 1, "displayName": "王芳", "locale": "en" });
        let updated = officer.does("profileUpdate", profile, "displayName locale version").await;
        updated.results_in(json!({ "displayName": "王芳", "locale": "en", "version": 2 }));
        let weak = json!({ "currentPassword": officer.password(), "newPassword": "short" });
        officer.does("passwordChange", weak, "id").await.complains(&["INVALID_INPUT input.newPassword"]);
        let change = json!({ "currentPassword": officer.password(), "newPassword": PASSWORD });
        let changed = officer.does("passwordChange", change, "history { nodes { kind action } }").await;
        let step = |kind: &str, action: &str| json!({ "kind": kind, "action": action });
        changed.results_in(json!({ "history": { "nodes": [
            step("UserJoined", "job.bootstrap"),
            step("ProfileUpdated", "user.update"),
            step("PasswordChanged", "user.changePassword"),
        ] } }));
    }

    /// A page of users or memberships costs as many statements as it has levels.
    async fn reading_costs_no_more_for_more(app: TestApp) {
        let county = app.county("511322").await;
        let admin = county.admin().await;
        let query = "{ users { nodes { login openSteps memberships { nodes { role openSteps organization { name } } } } } }";
        admin.gql(query, json!({})).await.data();
        let few = app.counted(admin.gql(query, json!({}))).await.1;
        for _ in 0..5 {
            county.officer().await;
        }
        let (answer, many) = app.counted(admin.gql(query, json!({}))).await;
        assert_eq!(answer.at("/users/nodes").as_array().unwrap().len(), 6);
        assert_eq!(few, many);
    }
}
