//! What becomes of positions and questions: they are the other organization's from then on, under the same ids.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hezuo::{platform::id::Id, talent::interviews::holds::jobs};
use serde_json::json;

use super::merge::{merge, preview};
use crate::support::{Persona, offer, on_both};

on_both! {
    /// Published ones and drafts alike; the people of the organization that stays go on with them.
    async fn positions_come_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let recruiter = double.recruiter().await;
        let shown = offer::published(&recruiter, &sides.county, json!({})).await;
        let draft = offer::written(&recruiter, json!({})).await;
        let admin = app.platform().await.admin().await;
        let changes = preview(&admin, &double, &sides.alpha).await.0;
        assert_eq!(changes, ["membership MOVES 1", "position MOVES 2", "notification MOVES 1"]);
        merge(&admin, &double, &sides.alpha).await;
        let query = "query($id: ID!) { position(id: $id) { organization { name } version } }";
        sides.university.gql(query, json!({ "id": shown })).await.is(json!({ "position": {
            "organization": { "name": "Alpha" }, "version": 4,
        }}));
        let submit = json!({ "id": draft, "expectedVersion": 2 });
        sides.enterprise.does("positionSubmit", submit, "status").await.results_in(json!({ "status": "UNDER_REVIEW" }));
        let fill = json!({ "id": shown, "expectedVersion": 4 });
        sides.enterprise.does("positionFill", fill, "status").await.results_in(json!({ "status": "FILLED" }));
    }

    /// Both have imported a position under one reference of their own: both positions stay, and the next import finds that of
    /// the organization that stays.
    async fn references_of_both(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (here, there) = (double.recruiter().await, sides.alpha.recruiter().await);
        let import = async |by: &Persona| {
            let table = "岗位编号,岗位名称,岗位类别,用工性质,岗位职责,任职要求,招聘人数,最低月薪（元）,最高月薪（元）,行政区划代码,工作地址,学历要求,截止日期\r\n\
                A-1,质检员,质量管理,就业,来料检验。,细心。,2,5000,8000,511322,营山经济开发区,本科及以上,2026-06-30\r\n";
            let input = json!({ "file": STANDARD.encode(table), "dryRun": false });
            by.does("positionImport", input, "rows { outcome positionId }").await.result()["rows"][0].clone()
        };
        import(&here).await;
        let own = import(&there).await["positionId"].clone();
        let admin = app.platform().await.admin().await;
        assert_eq!(preview(&admin, &double, &sides.alpha).await.1, [""; 0]);
        merge(&admin, &double, &sides.alpha).await;
        assert_eq!(import(&there).await, json!({ "outcome": "UNCHANGED", "positionId": own }));
        there.gql("{ positions { totalCount } }", json!({})).await.is(json!({ "positions": { "totalCount": 2 } }));
    }

    /// What the duplicate was asked the other answers, and what its people asked they asked for the other.
    async fn questions_come_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let question = json!({ "organizationId": double.id(), "topic": "OTHER", "question": "有班车吗？" });
        let asked = sides.university.does("organizationQuestionAsk", question, "id").await.result()["id"].clone();
        let admin = app.platform().await.admin().await;
        assert_eq!(preview(&admin, &double, &sides.alpha).await.0, ["organization_question MOVES 1"]);
        merge(&admin, &double, &sides.alpha).await;
        let answer = json!({ "id": asked, "expectedVersion": 2, "answer": "有。" });
        let selection = "organization { name } askerOrganization { name }";
        let answered = sides.enterprise.does("organizationQuestionAnswer", answer, selection).await;
        answered.results_in(json!({ "organization": { "name": "Alpha" }, "askerOrganization": { "name": "North" } }));

        let south = app.university("South").await;
        let professor = south.professor().await;
        let question = json!({ "organizationId": sides.alpha.id(), "topic": "OTHER", "question": "有宿舍吗？" });
        let asked = professor.does("organizationQuestionAsk", question, "id").await.result()["id"].clone();
        merge(&admin, &south, &sides.north).await;
        let query = "query($id: ID!) { organizationQuestion(id: $id) { askerOrganization { name } version } }";
        sides.enterprise.gql(query, json!({ "id": asked })).await.is(json!({ "organizationQuestion": {
            "askerOrganization": { "name": "North" }, "version": 2,
        }}));
    }

    /// Sessions and their rooms are the other's; two rooms of one name at one time forbid it.
    async fn interviews_come_over(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (here, there) = (double.recruiter().await, sides.alpha.recruiter().await);
        let session = async |by: &Persona| {
            let person = Id::<entity::user::Entity>::new(by.user).to_string();
            let input = json!({
                "place": "厂区", "room": "A1", "interviewerIds": [person], "startsAt": "2026-03-03T01:00:00Z",
                "endsAt": "2026-03-03T02:00:00Z", "slotMinutes": 15, "bufferMinutes": 5, "groupSize": 1,
            });
            by.does("interviewSessionCreate", input, "id").await
        };
        let id = session(&here).await.result()["id"].clone();
        let rival = session(&there).await.result()["id"].clone();
        let admin = app.platform().await.admin().await;
        let (changes, obstacles) = preview(&admin, &double, &sides.alpha).await;
        assert_eq!(changes, ["membership MOVES 1", "interview_session MOVES 1"]);
        assert_eq!(obstacles.len(), 1, "{obstacles:?}");
        let cancel = json!({ "id": rival, "expectedVersion": 1, "reason": "重复。" });
        there.does("interviewSessionCancel", cancel, "id").await.result();
        merge(&admin, &double, &sides.alpha).await;
        session(&there).await.complains(&["SLOT_TAKEN input.room"]);
        let close = json!({ "id": id, "expectedVersion": 2 });
        there.does("interviewSessionClose", close, "status").await.results_in(json!({ "status": "CLOSED" }));
    }

    /// How long rooms are held costs no statement.
    async fn rooms_are_compared_at_once(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (here, there) = (double.recruiter().await, sides.alpha.recruiter().await);
        let session = async |by: &Persona, room: &str| {
            let person = Id::<entity::user::Entity>::new(by.user).to_string();
            let day = if room == "A1" { "2026-03-03" } else { "2026-03-04" };
            let input = json!({
                "place": "厂区", "room": room, "interviewerIds": [person], "startsAt": format!("{day}T01:00:00Z"),
                "endsAt": format!("{day}T05:00:00Z"), "slotMinutes": 15, "bufferMinutes": 5, "groupSize": 1,
            });
            by.does("interviewSessionCreate", input, "id").await.result();
        };
        let admin = app.platform().await.admin().await;
        for by in [&here, &there] {
            session(by, "A1").await;
        }
        let before = preview(&admin, &double, &sides.alpha).await;
        let (one, few) = app.counted(preview(&admin, &double, &sides.alpha)).await;
        for by in [&here, &there] {
            session(by, "A2").await;
        }
        let (two, many) = app.counted(preview(&admin, &double, &sides.alpha)).await;
        assert_eq!((&one, one.1.len(), two.1.len()), (&before, 1, 1));
        assert_eq!(few, many);
        // The first two hours of what was the day before are cleared; the other room is held at this moment.
        app.it_is("2026-03-04T03:00:00Z");
        assert_eq!(jobs::clear(app.app()).await.unwrap(), 2 * 2 * 24);
        assert_eq!(preview(&admin, &double, &sides.alpha).await.1.len(), 1);
    }

    /// Two rooms of one name in which both have interviewed already forbid nothing.
    async fn what_is_over_is_in_nobodys_way(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let (here, there) = (double.recruiter().await, sides.alpha.recruiter().await);
        for by in [&here, &there] {
            let person = Id::<entity::user::Entity>::new(by.user).to_string();
            let input = json!({
                "place": "厂区", "room": "A1", "interviewerIds": [person], "startsAt": "2026-03-03T01:00:00Z",
                "endsAt": "2026-03-03T01:15:00Z", "slotMinutes": 15, "bufferMinutes": 0, "groupSize": 1,
            });
            by.does("interviewSessionCreate", input, "id").await.result();
        }
        let admin = app.platform().await.admin().await;
        app.it_is("2026-03-03T01:14:59Z");
        assert_eq!(preview(&admin, &double, &sides.alpha).await.1.len(), 1);
        app.it_is("2026-03-03T01:15:00Z");
        assert_eq!(preview(&admin, &double, &sides.alpha).await.1, [""; 0]);
        merge(&admin, &double, &sides.alpha).await;
    }
}
