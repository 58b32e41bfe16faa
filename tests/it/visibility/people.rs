//! User, membership, session, invitation: oneself, the organization's admins, the platform; others read a name at most.

use entity::membership::Role;
use hezuo::platform::id;
use serde_json::{Value, json};

use super::{finds, logins};
use crate::support::{Persona, make, on_both};

/// Those who find a record by its id, as a node and in the list whose name this is.
async fn found_by(people: &[&Persona], (field, list): (&str, &str), id: &str) -> Vec<String> {
    let query = format!(
        "query($id: ID!) {{ byId: {field}(id: $id) {{ id }} node(id: $id) {{ id }} list: {list}(first: 100) {{ totalCount nodes {{ id }} }} }}"
    );
    let mut finding = Vec::new();
    for person in people {
        let seen = person.gql(&query, json!({ "id": id })).await.data().clone();
        let nodes: Vec<&Value> = seen["list"]["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
        assert_eq!(seen["list"]["totalCount"], json!(nodes.len()), "{}", person.login);
        let ways = [!seen["byId"].is_null(), !seen["node"].is_null(), nodes.contains(&&json!(id))];
        assert!(ways == [true; 3] || ways == [false; 3], "{} sees {id} in some ways only: {ways:?}", person.login);
        if ways[0] {
            finding.push(person.login.clone());
        }
    }
    finding
}

on_both! {
    /// A user and a membership: oneself, the admins of the organization, the platform's admin.
    async fn who_sees_a_person(app: TestApp) {
        let sides = app.sides().await;
        let north = &sides.north;
        let (student, staff, professor, auditor) =
            (&north.student().await, &north.staff().await, &north.professor().await, &north.auditor().await);
        let platform = &app.platform().await.admin().await;
        let officer = &sides.yingshan.officer().await;
        let everybody = [student, staff, professor, auditor, &sides.university, &sides.county, officer, &sides.enterprise, platform];
        let user = id::show("user", student.user);
        let membership = id::show("membership", student.membership);
        let expected = logins(&[student, &sides.university, platform]);
        assert_eq!(found_by(&everybody, ("user", "users"), &user).await, expected);
        assert_eq!(found_by(&everybody, ("membership", "memberships"), &membership).await, expected);
        // Another organization's admin sees them too once they belong there, and nobody else of it.
        let there = sides.alpha.also(student, Role::EnterpriseRecruiter).await;
        let recruiter = &sides.alpha.recruiter().await;
        let everybody = [student, &there, staff, &sides.university, &sides.county, &sides.enterprise, recruiter, platform];
        let wider = logins(&[student, &there, &sides.university, &sides.enterprise, platform]);
        assert_eq!(found_by(&everybody, ("user", "users"), &user).await, wider);
        // But each admin the membership in the own organization only.
        let expected = logins(&[student, &there, &sides.university, platform]);
        assert_eq!(found_by(&everybody, ("membership", "memberships"), &membership).await, expected);
        let second = id::show("membership", there.membership);
        let expected = logins(&[student, &there, &sides.enterprise, platform]);
        assert_eq!(found_by(&everybody, ("membership", "memberships"), &second).await, expected);
        let memberships = "query($id: ID!) { user(id: $id) { memberships { totalCount nodes { organization { name } } } } }";
        let own = sides.enterprise.gql(memberships, json!({ "id": user })).await;
        own.is(json!({ "user": { "memberships": { "totalCount": 1, "nodes": [{ "organization": { "name": "Alpha" } }] } } }));
    }

    /// A session is nobody's but the person's, an invitation the organization's admins' and the inviter's.
    async fn who_sees_sessions_and_invitations(app: TestApp) {
        let sides = app.sides().await;
        let platform = &app.platform().await.admin().await;
        let colleague = &sides.north.admin().await;
        let student = &sides.north.student().await;
        let everybody = [student, colleague, &sides.university, &sides.county, &sides.enterprise, platform];
        let session = student.gql("{ viewer { session { id } } }", json!({})).await.text("/viewer/session/id");
        let mut finding = Vec::new();
        for person in everybody {
            if finds(person, &session).await {
                finding.push(person.login.clone());
            }
        }
        assert_eq!(finding, logins(&[student]));
        let input = json!({ "organizationId": sides.north.id(), "role": "PROFESSOR", "email": "shen@north.test" });
        let issued = sides.university.does("invitationCreate", input, "invitation { id }").await;
        let invitation = issued.result()["invitation"]["id"].as_str().unwrap().to_owned();
        let expected = logins(&[colleague, &sides.university]);
        assert_eq!(found_by(&everybody, ("invitation", "invitations"), &invitation).await, expected);
    }

    /// Who signed is named to whoever sees the agreement, by name and nothing else; the name leads nowhere.
    async fn a_person_in_a_record_is_a_name(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&[&sides.university, &sides.county], json!({})).await;
        let signers = "query($id: ID!) { agreement(id: $id) { signatures { nodes { signer { id displayName } } } } }";
        let nodes = sides.county.gql(signers, json!({ "id": agreement.id })).await.at("/agreement/signatures/nodes").clone();
        let mut names: Vec<&str> = nodes.as_array().unwrap().iter().map(|node| node["signer"]["displayName"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["CountyAdmin of County 511322", "UniversityAdmin of North"]);
        let user = id::show("user", sides.university.user);
        assert!(nodes.to_string().contains(&user));
        let by_id = "query($id: ID!) { user(id: $id) { login } node(id: $id) { id } nodes(ids: [$id]) { id } users { totalCount } }";
        sides.county.gql(by_id, json!({ "id": user })).await.is(json!({
            "user": null, "node": null, "nodes": [null], "users": { "totalCount": 1 },
        }));
    }

    /// Searching finds nobody whom one does not see; no words leave the list as it is.
    async fn searching_finds_nobody_else(app: TestApp) {
        let sides = app.sides().await;
        sides.north.student().await;
        let search = "query($search: String!) { users(filter: { search: $search }) { totalCount } }";
        let count = async |person: &Persona, text: &str| {
            person.gql(search, json!({ "search": text })).await.at("/users/totalCount").clone()
        };
        let platform = app.platform().await.admin().await;
        for (person, text, expected) in [
            (&sides.university, "student", 1), (&sides.university, "of North", 2), (&sides.county, "student", 0),
            (&sides.county, "of", 1), (&sides.enterprise, "%", 1), (&platform, "of North", 2), (&platform, "North of", 2),
        ] {
            assert_eq!(count(person, text).await, json!(expected), "{} searches {text}", person.login);
        }
    }
}
