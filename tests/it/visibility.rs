//! Who sees which records: section 13 of the domain, row by row, by every way that leads to a record.

mod agreements;
mod applications;
mod events;
mod interviews;
mod offers;
mod organizations;
mod parts;
mod people;
mod property;
mod resumes;

use serde_json::{Value, json};

use crate::support::Persona;

/// Whether somebody meets a record: the same answer by its id, as a node, in the list, in its count and by search, or
/// the test fails.
#[track_caller]
fn meets(seen: &Value, id: &str, who: &str) -> bool {
    let is_it = |value: &Value| value["id"] == json!(id);
    let listed = |list: &Value| {
        let nodes: Vec<&Value> = list["nodes"].as_array().unwrap().iter().collect();
        assert_eq!(list["totalCount"], json!(nodes.len()), "{who} counts what is not shown: {seen:#}");
        nodes.into_iter().any(is_it)
    };
    let ways = [
        is_it(&seen["byId"]),
        is_it(&seen["node"]),
        is_it(&seen["nodes"][0]),
        listed(&seen["list"]),
        listed(&seen["search"]),
    ];
    assert!(ways == [true; 5] || ways == [false; 5], "{who} sees {id} in some ways only, {ways:?}: {seen:#}");
    ways[0]
}

/// Whether somebody meets the record with this id, whose title or name contains this text.
async fn sees(person: &Persona, (field, list): (&str, &str), id: &str, search: &str) -> bool {
    let query = format!(
        "query($id: ID!, $search: String!) {{ byId: {field}(id: $id) {{ id }} node(id: $id) {{ id }} nodes(ids: [$id]) {{ id }} \
         list: {list}(first: 100) {{ totalCount nodes {{ id }} }} \
         search: {list}(first: 100, filter: {{ search: $search }}) {{ totalCount nodes {{ id }} }} }}"
    );
    let answer = person.gql(&query, json!({ "id": id, "search": search })).await;
    meets(answer.data(), id, &person.login)
}

/// Those who see a record, by their logins, and nobody else of all these.
pub(crate) async fn seen_by(people: &[&Persona], names: (&str, &str), id: &str, search: &str) -> Vec<String> {
    let mut seeing = Vec::new();
    for person in people {
        if sees(person, names, id, search).await {
            seeing.push(person.login.clone());
        }
    }
    seeing
}

/// The logins of some.
pub(crate) fn logins(people: &[&Persona]) -> Vec<String> {
    people.iter().map(|person| person.login.clone()).collect()
}

/// Whether `node` finds it for somebody.
async fn finds(person: &Persona, id: &str) -> bool {
    let answer = person.gql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    !answer.data()["node"].is_null()
}
