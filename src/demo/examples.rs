//! The worked examples that GraphiQL opens with: the operations of `examples/`, with the story's ids filled in.

use chrono::Duration;
use entity::{
    Record, agreement, amendment, application, event_registration, job_position, organization, recruitment_event,
};
use serde_json::{Value, json};

use super::{cast::Org, rolls, store};
use crate::{
    app::App,
    error::Result,
    http::Tab,
    platform::{clock, id},
};

macro_rules! operation {
    ($name:literal) => {
        include_str!(concat!("../../examples/operations/", $name, ".graphql"))
    };
}

/// One tab for each, in the order of the story.
pub(super) async fn tabs(app: &App) -> Result<Vec<Tab>> {
    let words = json!({ "query": "质量管理" });
    let mut tabs = vec![
        tab("Who am I 我是谁", operation!("who_am_i"), None, None),
        tab("Search 搜索", operation!("search"), Some(words), None),
    ];
    tabs.extend(agreements(app).await?);
    tabs.push(tab("Items 合作事项", operation!("what_was_promised"), None, None));
    tabs.extend(amendments(app).await?);
    tabs.extend(organizations(app).await?);
    tabs.extend(events(app).await?);
    tabs.extend(positions(app).await?);
    tabs.extend(talent(app).await?);
    Ok(tabs)
}

async fn events(app: &App) -> Result<Vec<Tab>> {
    let announced = json!({ "status": ["PUBLISHED", "CHECK_IN_OPEN", "RUNNING"] });
    let own = id::show(event_registration::Entity::PREFIX, store::registration(app.db()).await?.id);
    let student = Some("student");
    Ok(vec![
        tab("Events 招聘活动", operation!("my_events"), Some(announced), student),
        tab("My code 签到码", operation!("my_code"), Some(json!({ "id": own })), student),
    ])
}

async fn agreements(app: &App) -> Result<Vec<Tab>> {
    let special = store::special(app.db()).await?;
    let id = agreement_id(&special);
    let read = json!({ "id": id });
    let decide = json!({ "input": { "id": id, "expectedHash": special.content_hash } });
    let sign = json!({ "input": { "id": id, "expectedHash": special.content_hash, "evidence": "PLATFORM" } });
    let prepared = store::draft(app.db()).await?;
    let submit = json!({ "input": { "id": agreement_id(&prepared), "expectedVersion": prepared.version } });
    let draft = draft(app).await?;
    let (county, university) = (Some("county.admin"), Some("university.admin"));
    Ok(vec![
        tab("Our agreements 协议列表", operation!("our_agreements"), None, None),
        tab("Read before deciding 会审阅读", operation!("agreement_to_decide"), Some(read), None),
        tab("Approve 会审同意", operation!("approve_agreement"), Some(decide), county),
        tab("Sign 签署", operation!("sign_agreement"), Some(sign), county),
        tab("Draft 起草", operation!("draft_agreement"), Some(draft), university),
        tab("Submit 提交会审", operation!("submit_agreement"), Some(submit), university),
    ])
}

async fn amendments(app: &App) -> Result<Vec<Tab>> {
    let waiting = store::amendment_in_review(app.db()).await?;
    let id = id::show(amendment::Entity::PREFIX, waiting.id);
    let read = json!({ "id": id });
    let decide = json!({ "input": { "id": id, "expectedHash": waiting.content_hash } });
    let sign = json!({ "input": { "id": id, "expectedHash": waiting.content_hash, "evidence": "PLATFORM" } });
    let amend = amend(app).await?;
    // The id comes from the answer of the draft.
    let submit = json!({ "input": { "id": "amendment_…", "expectedVersion": 1 } });
    let county = Some("county.admin");
    Ok(vec![
        tab("Read an amendment 补充协议", operation!("amendment_to_decide"), Some(read), None),
        tab("Approve it 同意补充协议", operation!("approve_amendment"), Some(decide), county),
        tab("Sign it 签署补充协议", operation!("sign_amendment"), Some(sign), county),
        tab("Amend 起草补充协议", operation!("draft_amendment"), Some(amend), county),
        tab("Submit it 提交补充协议", operation!("submit_amendment"), Some(submit), county),
    ])
}

async fn organizations(app: &App) -> Result<Vec<Tab>> {
    let find = json!({ "search": "营山" });
    let verify = json!({ "input": { "id": organization(app, Org::Newcomer).await?, "expectedVersion": 1 } });
    let code = json!({ "code": "91350100M000100Y4Z" });
    Ok(vec![
        tab("Organizations 单位", operation!("find_organizations"), Some(find), None),
        tab("Verify 核验", operation!("verify_organization"), Some(verify), Some("county.admin")),
        tab("Credit code 信用代码", operation!("check_credit_code"), Some(code), None),
    ])
}

async fn talent(app: &App) -> Result<Vec<Tab>> {
    let share = json!({ "input": {
        "organizationId": organization(app, Org::Precision).await?, "purpose": "RECRUITMENT",
        "categories": ["PROFILE"], "expiresOn": clock::day(app.db().clock().now() + Duration::days(90)), "noticeVersion": 1,
    } });
    let intended = store::application(app.db()).await?;
    let id = id::show(application::Entity::PREFIX, intended.id);
    let confirm = json!({ "input": { "id": id, "expectedVersion": intended.version } });
    let (student, recruiter) = (Some("student"), Some("enterprise.recruiter"));
    let staff = Some("university.staff");
    // Those of last year's group interview are decided, and what was consented to then has expired.
    let open = ["SUBMITTED", "SHORTLISTED", "INVITED", "INTERVIEWED", "INTENTION", "IN_NEGOTIATION", "OFFERED"];
    let open = json!({ "filter": { "status": { "in": open } } });
    let interview = store::group_interview(app.db()).await?;
    let of_that_day = json!({ "groupBy": "ENTERPRISE", "filter": {
        "eventId": id::show(recruitment_event::Entity::PREFIX, interview),
    } });
    Ok(vec![
        tab("Rolls 学籍名册", operation!("the_rolls"), None, staff),
        tab("Import students 导入学籍", operation!("import_students"), Some(rolls::later()), staff),
        tab("My résumé 我的简历", operation!("my_resume"), None, student),
        tab("For me 岗位推荐", operation!("suggested_positions"), None, student),
        tab("Share it 同意提供简历", operation!("share_resume"), Some(share), student),
        tab("Applications 收到的申请", operation!("our_applications"), Some(open), recruiter),
        tab("Confirm 确认意向", operation!("confirm_intention"), Some(confirm), recruiter),
        tab("Talent funnel 人才漏斗", operation!("talent_funnel"), Some(of_that_day), Some("county.officer")),
    ])
}

async fn positions(app: &App) -> Result<Vec<Tab>> {
    let filter = json!({ "filter": { "status": { "in": ["PUBLISHED"] }, "major": "081601", "payAtLeast": "450000", "place": "5113" } });
    let text = json!({ "text": "招会计，限女性，35岁以下，已婚已育优先；男女不限者除外。" });
    let waiting = store::position_in_review(app.db()).await?;
    let id = id::show(job_position::Entity::PREFIX, waiting.id);
    let publish = json!({ "input": { "id": id, "expectedVersion": waiting.version } });
    Ok(vec![
        tab("Positions 岗位", operation!("positions_for_me"), Some(filter), Some("student")),
        tab("Check words 用语检查", operation!("check_position_text"), Some(text), Some("enterprise.recruiter")),
        tab("Publish 发布岗位", operation!("publish_position"), Some(publish), Some("county.officer")),
    ])
}

fn agreement_id(row: &agreement::Model) -> String {
    id::show(agreement::Entity::PREFIX, row.id)
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

/// The cultivation of talents, with another last day.
async fn amend(app: &App) -> Result<Value> {
    let talent = store::in_force(app.db(), agreement::AgreementKind::Talent).await?;
    Ok(json!({ "input": {
        "agreementId": agreement_id(&talent),
        "expectedHash": talent.content_hash,
        "text": {
            "title": talent.title,
            "terms": format!("{}\n\n第三条 双方每学期通报培养情况。", talent.terms),
            "endsOn": talent.ends_on,
            "noticeBy": talent.notice_by,
            "renewalPolicy": "NEGOTIATE",
            "reason": "补充培养情况的通报机制。"
        }
    } }))
}
