//! What each field is asked with.

use std::time::Duration;

use hezuo::platform::id;
use serde_json::{Value, json};

use super::{applications, events, ground::Ground, interviews, parts, positions, roster};
use crate::support::{Answer, PASSWORD, Persona, TestApp};

/// A request that is ready to be sent.
pub(super) struct Request {
    token: Option<String>,
    text: String,
    variables: Value,
}

impl Request {
    /// The answer; nothing when a subscription has begun and goes on.
    pub(super) async fn send(&self, app: &TestApp) -> Option<Answer> {
        let token = self.token.as_deref();
        if !self.text.starts_with("subscription") {
            return Some(app.send(token, &self.text, self.variables.clone()).await);
        }
        // Whoever is refused is told at once; how long that takes says nothing on a busy machine.
        let patience = Duration::from_millis(if token.is_some() { 300 } else { 20_000 });
        tokio::time::timeout(patience, app.listen(token, &self.text)).await.ok()
    }
}

/// What somebody asks of a field.
pub(super) async fn request(ground: &mut Ground, field: &str, column: &str) -> Request {
    // Whoever signs out or switches does so on another device.
    let elsewhere = match (field, ground.person(column)) {
        ("sessionEnd" | "sessionSwitch", Some(person)) => Some(person.elsewhere().await),
        _ => None,
    };
    let token = match elsewhere.as_ref().or(ground.person(column)) {
        Some(person) => Some(person.token().await),
        None => None,
    };
    if let "sessionEnd" | "studentDataExport" = field {
        let text = format!("mutation {{ {field} {{ result {{ __typename }} userErrors {{ code }} }} }}");
        return Request { token, text, variables: json!({}) };
    }
    if let Some((selection, variables)) = query(ground, field).await {
        return Request { token, text: selection, variables };
    }
    let (text, variables) = TestApp::mutation(field, &input(ground, field, column).await, "__typename");
    // Days may have passed until it was ready.
    let token = match elsewhere.as_ref().or(ground.person(column)) {
        Some(person) => Some(person.token().await),
        None => token,
    };
    Request { token, text, variables }
}

/// The document and the variables of a query; nothing for a mutation.
async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let by_id = async |ground: &mut Ground, sort: &'static str| {
        let id = ground.have(sort).await["id"].clone();
        Some((format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}"), json!({ "id": id })))
    };
    match field {
        "version" => Some(("{ version }".to_owned(), json!({}))),
        "search" => Some(("{ search(query: \"合作\") { totalCount } }".to_owned(), json!({}))),
        "rateLimit" => Some(("{ rateLimit { remaining } }".to_owned(), json!({}))),
        "enumLabels" => Some(("{ enumLabels { name } }".to_owned(), json!({}))),
        "viewer" => Some(("{ viewer { user { login } } }".to_owned(), json!({}))),
        "node" | "agreement" => by_id(ground, "submitted").await,
        "nodes" => {
            let id = ground.have("submitted").await["id"].clone();
            Some(("query($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(), json!({ "ids": [id] })))
        }
        "user" => by_id(ground, "student").await,
        "membership" => by_id(ground, "member").await,
        "invitation" => by_id(ground, "invitation").await,
        "signInOptions" => {
            ground.have("issuer").await;
            Some(("{ signInOptions { name } }".to_owned(), json!({})))
        }
        "issuer" => by_id(ground, "issuer").await,
        "identity" => by_id(ground, "identity").await,
        "delegation" => by_id(ground, "delegation").await,
        "serviceAccount" => by_id(ground, "service account").await,
        "organization" => by_id(ground, "pending").await,
        "document" => by_id(ground, "document").await,
        "notification" => by_id(ground, "notification").await,
        "notificationReceived" => Some(("subscription { notificationReceived { id } }".to_owned(), json!({}))),
        "organizationByCreditCode" => {
            let code = ground.have("pending").await["code"].clone();
            let text = "query($code: String!) { organizationByCreditCode(creditCode: $code) { id } }";
            Some((text.to_owned(), json!({ "code": code })))
        }
        "organizationSimilar" => {
            Some(("{ organizationSimilar(input: { name: \"Alpha\", kind: ENTERPRISE }) { id } }".to_owned(), json!({})))
        }
        "organizationMergePreview" => {
            let (from, into) = (ground.have("pending").await["id"].clone(), ground.sides.alpha.id());
            let text = "query($id: ID!, $intoId: ID!) { organizationMergePreview(id: $id, intoId: $intoId) { changes { count } } }";
            Some((text.to_owned(), json!({ "id": from, "intoId": into })))
        }
        "agreementByNumber" => {
            let number = ground.have("submitted").await["number"].clone();
            let text = "query($number: String!) { agreementByNumber(number: $number) { id } }";
            Some((text.to_owned(), json!({ "number": number })))
        }
        "sessions" | "users" | "memberships" | "invitations" | "issuers" | "identities" | "delegations"
        | "serviceAccounts" | "organizations" | "agreements" => {
            Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({})))
        }
        "agreementCounts" => Some(("{ agreementCounts { status count } }".to_owned(), json!({}))),
        "validateCreditCode"
        | "validateRegionCode"
        | "validateSchoolCode"
        | "validateMajorCode"
        | "validateIndustryCode" => Some((format!("{{ {field}(code: \"511322\") {{ valid }} }}"), json!({}))),
        "sizeClass" => Some(("{ sizeClass(staff: 10, revenue: \"100\") }".to_owned(), json!({}))),
        "regions" => Some(("{ regions(within: \"5113\") { code } }".to_owned(), json!({}))),
        "region" => Some(("{ region(code: \"511322\") { name } }".to_owned(), json!({}))),
        _ => match parts::query(ground, field).await {
            Some(part) => Some(part),
            None => talent(ground, field).await,
        },
    }
}

/// As [`query`], of what belongs to talent pipelines.
async fn talent(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    if let Some(query) = events::query(ground, field).await {
        return Some(query);
    }
    if let Some(query) = positions::query(ground, field).await {
        return Some(query);
    }
    if let Some(query) = roster::query(ground, field).await {
        return Some(query);
    }
    match interviews::query(ground, field).await {
        Some(query) => Some(query),
        None => applications::query(ground, field).await,
    }
}

/// The input of a mutation.
async fn input(ground: &mut Ground, field: &str, column: &str) -> Value {
    let step = |record: &Value| json!({ "id": record["id"], "expectedVersion": record["version"] });
    let reasoned =
        |record: &Value| json!({ "id": record["id"], "expectedVersion": record["version"], "reason": "理由。" });
    if let Some(input) = parts::input(ground, field, column).await {
        return input;
    }
    if let Some(input) = events::input(ground, field).await {
        return input;
    }
    if let Some(input) = positions::input(ground, field).await {
        return input;
    }
    if let Some(input) = roster::input(ground, field).await {
        return input;
    }
    if let Some(input) = applications::input(ground, field, column).await {
        return input;
    }
    if let Some(input) = interviews::input(ground, field, column).await {
        return input;
    }
    match field {
        "agreementDraft" => draft(ground, column),
        "agreementEdit" => {
            let mut input = step(&ground.have("draft").await);
            input["text"] = draft(ground, "ua")["text"].take();
            input
        }
        "agreementSubmit" => step(&ground.have("draft").await),
        "agreementApprove" => {
            let record = ground.have("submitted").await;
            json!({ "id": record["id"], "expectedHash": record["hash"] })
        }
        "agreementReturn" | "agreementReject" | "agreementCancel" => reasoned(&ground.have("submitted").await),
        "agreementWithdrawForRevision" => reasoned(&ground.have("approved").await),
        "agreementSign" => {
            let record = ground.have("approved").await;
            json!({ "id": record["id"], "expectedHash": record["hash"], "evidence": "PLATFORM" })
        }
        "agreementSignatureConfirm" => {
            let record = ground.have("scanned").await;
            json!({ "id": record["id"], "expectedHash": record["hash"], "signatureId": record["signature"] })
        }
        "agreementRenew" => {
            let mut input = step(&ground.have("active").await);
            input["endsOn"] = json!("2031-12-31");
            input
        }
        "documentUploadCreate" => json!({ "recordId": ground.have("submitted").await["id"], "name": "scan.pdf" }),
        "notificationMarkRead" => json!({ "ids": [ground.have("notification").await["id"]] }),
        "notificationMarkAllRead" => json!({ "until": "2026-03-02T01:00:00Z" }),
        "documentConfirm" => json!({ "id": ground.have("upload").await["id"] }),
        "documentDownloadCreate" => json!({ "id": ground.have("document").await["id"] }),
        "organizationVerify" => step(&ground.have("pending").await),
        "organizationReject" => reasoned(&ground.have("pending").await),
        "organizationSuspend" | "organizationCease" => reasoned(&ground.have("verified").await),
        "organizationMerge" => {
            let mut input = reasoned(&ground.have("pending").await);
            input["intoId"] = json!(ground.sides.alpha.id());
            input["intoExpectedVersion"] = json!(ground.sides.alpha.row().await.version);
            input
        }
        "organizationReinstate" => step(&ground.have("suspended").await),
        "organizationUpdate" => {
            let version = ground.sides.alpha.row().await.version;
            json!({ "id": ground.sides.alpha.id(), "expectedVersion": version, "profile": { "description": "机械。" } })
        }
        "organizationRegister" => {
            let kind = entity::organization::OrganizationKind::Enterprise;
            let code = crate::support::credit_code(kind, "511322", ground.app.number());
            json!({
                "parentId": ground.sides.yingshan.id(), "kind": "ENTERPRISE", "name": "Newcomer", "regionCode": "511322",
                "creditCode": code,
            })
        }
        "passwordResetCreate" | "passwordResetRevoke" => json!({ "userId": ground.have("student").await["id"] }),
        // Whoever holds a good one is told of in identity/password_resets.rs; this token is nobody's.
        "passwordResetAccept" => json!({ "token": "none", "newPassword": "sunny autumn 2026" }),
        "userDisable" => step(&ground.have("student").await),
        "userEnable" => step(&ground.have("disabled").await),
        "membershipEnd" => step(&ground.have("member").await),
        "invitationCreate" => json!({ "organizationId": ground.sides.north.id(), "role": "UNIVERSITY_STAFF" }),
        "serviceAccountCreate" => json!({ "name": "数据平台", "scopes": ["AGREEMENTS_READ"] }),
        "serviceAccountRotateSecret" | "serviceAccountRevoke" => step(&ground.have("service account").await),
        "delegationGrant" => ground.delegation(),
        "delegationRevoke" => step(&ground.have("delegation").await),
        "invitationRevoke" => step(&ground.have("invitation").await),
        // Whoever is signed in would be somebody else afterwards: they hold no token.
        "invitationAccept" if column != "no" => json!({ "token": "none" }),
        "invitationAccept" => {
            let token = ground.have("invitation").await["token"].clone();
            json!({ "token": token, "login": "newcomer", "displayName": "新来的", "password": "sunny autumn 2026" })
        }
        "sessionExchange" | "issuerCreate" | "issuerDisable" | "issuerEnable" | "identityAllow" | "identityRevoke" => {
            single_sign_on(ground, field, column).await
        }
        _ => about_oneself(ground, field, column).await,
    }
}

/// The input of what concerns issuers.
async fn single_sign_on(ground: &mut Ground, field: &str, column: &str) -> Value {
    let step = |record: &Value| json!({ "id": record["id"], "expectedVersion": record["version"] });
    match field {
        "sessionExchange" => json!({ "idToken": format!("nobody's, sent by {column}") }),
        "issuerCreate" => {
            let url = format!("https://sso{}.example", ground.app.number());
            json!({ "name": "SSO", "url": url, "clientId": "hezuo" })
        }
        "issuerDisable" => step(&ground.have("issuer").await),
        "issuerEnable" => step(&ground.have("disabled issuer").await),
        "identityAllow" => {
            let (issuer, member) = (ground.have("issuer").await, ground.have("member").await);
            json!({ "issuerId": issuer["id"], "membershipId": member["id"], "email": "li@north.example" })
        }
        _ => step(&ground.have("identity").await),
    }
}

/// The input of what everybody does for themselves.
async fn about_oneself(ground: &mut Ground, field: &str, column: &str) -> Value {
    let person = ground.person(column);
    match field {
        "sessionCreate" => json!({ "login": ground.somebody.login, "password": PASSWORD }),
        "sessionRefresh" => {
            let input = json!({ "login": ground.somebody.login, "password": PASSWORD });
            let signed_in = ground.app.does("sessionCreate", input, "refreshToken").await;
            signed_in.result().clone()
        }
        "sessionSwitch" => {
            let membership = person.map_or(ground.somebody.membership, |person| person.membership);
            json!({ "membershipId": id::show("membership", membership) })
        }
        "sessionRevoke" => json!({ "id": ground.have("session").await["id"] }),
        "profileUpdate" => json!({ "expectedVersion": version(person).await, "locale": "en" }),
        "passwordChange" => json!({ "currentPassword": PASSWORD, "newPassword": PASSWORD }),
        other => panic!("say what {other} is asked with"),
    }
}

async fn version(person: Option<&Persona>) -> Value {
    let Some(person) = person else { return json!(1) };
    person.gql("{ viewer { user { version } } }", json!({})).await.at("/viewer/user/version").clone()
}

/// A draft in which the university, the county and the organization of whoever asks are parties.
fn draft(ground: &Ground, column: &str) -> Value {
    let (north, yingshan) = (ground.sides.north.id(), ground.sides.yingshan.id());
    let own = ground.person(column).map_or_else(|| north.clone(), |person| person.organization.id());
    let mut parties = vec![north, yingshan.clone()];
    if !parties.contains(&own) {
        parties.push(own);
    }
    let parties = parties.into_iter().map(|id| json!({ "organizationId": id, "capacity": "方", "role": "REQUIRED" }));
    json!({
        "kind": "SPECIAL",
        "countyId": yingshan,
        "text": {
            "title": "协议", "terms": "互助。", "endsOn": "2030-12-31", "renewalPolicy": "NONE",
            "parties": parties.collect::<Vec<_>>(),
        },
    })
}
