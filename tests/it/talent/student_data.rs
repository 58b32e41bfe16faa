//! Everything that is kept about a student is the student's to take along.

use entity::{membership::Role, user};
use hezuo::platform::id::Id;
use serde_json::{Value, json};

use super::{content, give, save};
use crate::support::{fair, on_both};

on_both! {
    /// That somebody is also a student elsewhere is told to no admin but the university's: neither by what was exported.
    async fn not_told_to_an_employer(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        student.also(&sides.alpha, Role::EnterpriseRecruiter).await;
        student.gql("mutation { studentDataExport { result { exportedAt } userErrors { code } } }", json!({})).await.result();
        let query = "query($id: ID!) { user(id: $id) { history { totalCount nodes { kind } } } }";
        let id = Id::<user::Entity>::new(student.user).to_string();
        let (joined, exported) = (json!({ "kind": "UserJoined" }), json!({ "kind": "StudentDataExported" }));
        let admin = sides.alpha.admin().await;
        admin.gql(query, json!({ "id": id })).await
            .is(json!({ "user": { "history": { "totalCount": 1, "nodes": [joined] } } }));
        for other in [&student, &sides.north.admin().await, &app.platform().await.admin().await] {
            other.gql(query, json!({ "id": id })).await
                .is(json!({ "user": { "history": { "totalCount": 2, "nodes": [joined, exported] } } }));
        }
    }

    /// The résumé with its versions and contact data, the consents, and who read what; and a line in the student's trail.
    async fn a_student_takes_everything_along(app: TestApp) {
        let sides = app.sides().await;
        let student = sides.north.student().await;
        let resume = save(&student).await;
        let event = fair::published(&sides.yingshan.officer().await, &sides.yingshan.officer().await, json!({})).await;
        let registration = fair::registered(&student, &event).await;
        let given = give(&student, &sides.alpha, &["PROFILE"]).await;
        let query = "query($id: ID!) { resume(id: $id) { current { number } } }";
        sides.enterprise.gql(query, json!({ "id": resume })).await.data();
        let text = "mutation { studentDataExport { result { exportedAt json } userErrors { code } } }";
        let answer = student.gql(text, json!({})).await;
        let exported: Value = serde_json::from_str(answer.result()["json"].as_str().unwrap()).unwrap();
        assert_eq!(exported["registrations"], json!([{
            "id": registration, "event": event, "status": "REGISTERED", "statusReason": null, "checkedInAt": null,
            "missedAt": null, "registeredAt": "2026-03-02T01:00:00Z",
        }]));
        let version = &exported["resume"]["versions"][0];
        assert_eq!(exported["resume"]["id"], json!(resume));
        let kept: Value = content();
        for member in ["headline", "summary", "education", "skills", "experiences", "certificates", "languages", "wishes"] {
            assert_eq!(version["content"][member], kept[member], "{member}");
        }
        assert_eq!((&version["phone"], &version["email"]), (&json!("138 0013 8000"), &json!("li@north.example")));
        let organization = sides.alpha.id();
        assert_eq!(exported["consents"], json!([{
            "id": given, "organization": organization, "purpose": "RECRUITMENT", "categories": ["PROFILE"], "noticeVersion": 1,
            "status": "GIVEN", "givenAt": "2026-03-02T01:00:00Z", "expiresAt": "2026-12-31T16:00:00Z", "withdrawnAt": null,
        }]));
        let reader = hezuo::platform::id::show("user", sides.enterprise.user);
        assert_eq!(exported["accesses"], json!([{
            "organization": organization, "reader": reader, "consent": given, "category": "PROFILE", "channel": "API",
            "at": "2026-03-02T01:00:00Z",
        }]));
        let history = "{ viewer { user { history(last: 1) { nodes { kind action } } } } }";
        let told = json!({ "nodes": [{ "kind": "StudentDataExported", "action": "resume.export" }] });
        student.gql(history, json!({})).await.is(json!({ "viewer": { "user": { "history": told } } }));
        let nothing = sides.north.student().await.gql(text, json!({})).await;
        let nothing: Value = serde_json::from_str(nothing.result()["json"].as_str().unwrap()).unwrap();
        assert_eq!((&nothing["resume"], &nothing["consents"], &nothing["accesses"]), (&Value::Null, &json!([]), &json!([])));
        // Whoever never studied takes nothing along: it is about oneself, whoever else's one may read.
        let others = sides.enterprise.gql(text, json!({})).await;
        let others: Value = serde_json::from_str(others.result()["json"].as_str().unwrap()).unwrap();
        assert_eq!((&others["resume"], &others["consents"], &others["accesses"]), (&Value::Null, &json!([]), &json!([])));
    }
}
