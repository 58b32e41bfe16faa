//! The worked examples that GraphiQL opens with: the operations of `examples/`, with the story's ids filled in.

use entity::{Record, agreement, organization};
use serde_json::{Value, json};

use super::{cast::Org, store};
use crate::{app::App, error::Result, http::Tab, platform::id};

macro_rules! operation {
    ($name:literal) => {
        include_str!(concat!("../../examples/operations/", $name, ".graphql"))
    };
}

/// One tab for each, in the order of the story.
pub(super) async fn tabs(app: &App) -> Result<Vec<Tab>> {
    let special = store::special(app.db()).await?;
    let special_id = id::show(agreement::Entity::PREFIX, special.id);
    let newcomer = organization(app, Org::Newcomer).await?;
    let decide = json!({ "input": { "id": special_id, "expectedHash": special.content_hash } });
    let sign = json!({ "input": { "id": special_id, "expectedHash": special.content_hash, "evidence": "PLATFORM" } });
    let draft = draft(app).await?;
    let verify = json!({ "input": { "id": newcomer, "expectedVersion": 1 } });
    Ok(vec![
        tab("Who am I 我是谁", operation!("who_am_i"), None, None),
        tab("Our agreements 协议列表", operation!("our_agreements"), None, None),
        tab(
            "Read before deciding 会审阅读",
            operation!("agreement_to_decide"),
            Some(json!({ "id": special_id })),
            None,
        ),
        tab("Approve 会审同意", operation!("approve_agreement"), Some(decide), Some("county.admin")),
        tab("Sign 签署", operation!("sign_agreement"), Some(sign), Some("county.admin")),
        tab("Draft 起草", operation!("draft_agreement"), Some(draft), Some("university.admin")),
        tab("Submit 提交会审", operation!("submit_agreement"), Some(submit()), Some("university.admin")),
        tab("Organizations 单位", operation!("find_organizations"), Some(json!({ "search": "营山" })), None),
        tab("Verify 核验", operation!("verify_organization"), Some(verify), Some("county.admin")),
        tab(
            "Credit code 信用代码",
            operation!("check_credit_code"),
            Some(json!({ "code": "91350100M000100Y4Z" })),
            None,
        ),
    ])
}

fn tab(title: &str, query: &str, variables: Option<Value>, persona: Option<&str>) -> Tab {
    Tab {
        title: title.to_owned(),
        query: query.to_owned(),
        variables: variables.map(|variables| format!("{variables:#}")),
        persona: persona.map(str::to_owned),
    }
}

async fn organization(app: &App, org: Org) -> Result<String> {
    Ok(id::show(organization::Entity::PREFIX, store::organization(app.db(), org.name()).await?))
}

async fn draft(app: &App) -> Result<Value> {
    let county = organization(app, Org::County).await?;
    let university = organization(app, Org::University).await?;
    Ok(json!({ "input": {
        "kind": "WORKSTATION",
        "countyId": county,
        "text": {
            "title": "教授工作站建站协议",
            "terms": "第一条 双方共建教授工作站。",
            "startsOn": null,
            "endsOn": "2029-12-31",
            "noticeBy": "2029-09-30",
            "renewalPolicy": "NEGOTIATE",
            "parties": [
                { "organizationId": university, "capacity": "甲方", "role": "REQUIRED" },
                { "organizationId": county, "capacity": "乙方", "role": "REQUIRED" }
            ]
        }
    } }))
}

/// The id comes from the answer of the draft.
fn submit() -> Value {
    json!({ "input": { "id": "agreement_…", "expectedVersion": 1 } })
}
