//! Talent pipelines: the records that a row of the table needs, and what their fields are asked with.

use serde_json::{Value, json};

use super::ground::Ground;

impl Ground {
    /// The student's résumé, shared with the enterprise: saved and shared again once it was erased or withdrawn.
    pub(super) async fn talent(&self, sort: &str) -> Option<Value> {
        let "resume" = sort else { return None };
        let student = self.person("st")?;
        let read = async || {
            let own = student.gql("{ resumes { nodes { id version erasedAt } } }", json!({})).await;
            own.data()["resumes"]["nodes"][0].clone()
        };
        let known = read().await;
        if known.is_null() || !known["erasedAt"].is_null() {
            let input = json!({ "expectedVersion": known["version"], "content": written() });
            student.does("resumeSave", input, "id").await.result();
        }
        let mut resume = read().await;
        let given = student.does("shareConsentGive", self.consent(), "id").await.result().clone();
        resume["consent"] = given["id"].clone();
        Some(resume)
    }

    pub(super) fn consent(&self) -> Value {
        json!({ "organizationId": self.sides.alpha.id(), "purpose": "RECRUITMENT", "categories": ["PROFILE"],
            "expiresOn": "2026-06-30", "noticeVersion": 1 })
    }
}

fn written() -> Value {
    json!({ "headline": "应届生", "education": [], "wishes": { "families": ["质量"], "places": [] } })
}

/// The document and the variables of a query.
pub(super) async fn query(ground: &mut Ground, field: &str) -> Option<(String, Value)> {
    let key = match field {
        "shareConsent" => "consent",
        "resume" => "id",
        "shareConsentNotice" => return Some(("{ shareConsentNotice { version } }".to_owned(), json!({}))),
        "positionSuggestions" => {
            ground.have("resume").await;
            ground.open_position().await;
            return Some(("{ positionSuggestions { score } }".to_owned(), json!({})));
        }
        "positionSuggestionSetting" => return Some(("{ positionSuggestionSetting { wanted } }".to_owned(), json!({}))),
        "shareConsents" | "resumes" | "resumeAccesses" => {
            return Some((format!("{{ {field} {{ totalCount nodes {{ id }} }} }}"), json!({})));
        }
        _ => return None,
    };
    let id = ground.have("resume").await[key].clone();
    Some((format!("query($id: ID!) {{ {field}(id: $id) {{ id }} }}"), json!({ "id": id })))
}

/// The input of a mutation.
pub(super) async fn input(ground: &mut Ground, field: &str) -> Option<Value> {
    Some(match field {
        "shareConsentGive" => ground.consent(),
        "shareConsentWithdraw" => json!({ "id": ground.have("resume").await["consent"] }),
        "shareConsentWithdrawAll" => json!({}),
        "positionSuggestionSettingUpdate" => json!({ "wanted": true }),
        "resumeSave" => {
            let resume = ground.have("resume").await;
            json!({ "expectedVersion": resume["version"], "content": written() })
        }
        "resumeErase" => json!({ "id": ground.have("resume").await["id"] }),
        _ => return None,
    })
}
