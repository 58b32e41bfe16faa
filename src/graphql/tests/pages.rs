//! Pages: forwards, backwards, over missing values, and cursors that belong to one list.

use super::world::{World, worlds};
use serde_json::Value;

async fn page(world: &World, arguments: &str) -> Value {
    let document = format!(
        "{{ organizations({arguments}) {{ nodes {{ id staffCount verifiedAt name }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} totalCount }} }}"
    );
    let data: Value = serde_json::from_str(&world.data(&world.people.county, &document).await).unwrap();
    data["organizations"].clone()
}

fn ids(page: &Value) -> Vec<String> {
    page["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn paging_visits_every_row_once_in_order() {
    for world in worlds().await {
        for field in ["NAME", "STAFF_COUNT", "VERIFIED_AT", "CREDIT_CODE"] {
            for direction in ["ASC", "DESC"] {
                let order = format!("orderBy: {{field: {field}, direction: {direction}}}");
                let whole = ids(&page(&world, &format!("first: 100, {order}")).await);
                assert_eq!(whole.len(), 8);
                for size in 1..=3 {
                    let (mut seen, mut after) = (Vec::new(), String::new());
                    loop {
                        let part = page(&world, &format!("first: {size}, {order}{after}")).await;
                        seen.extend(ids(&part));
                        assert_eq!(part["totalCount"], 8);
                        assert_eq!(part["pageInfo"]["hasPreviousPage"], !after.is_empty());
                        after = format!(", after: {}", part["pageInfo"]["endCursor"]);
                        if part["pageInfo"]["hasNextPage"] == false {
                            break;
                        }
                    }
                    assert_eq!(seen, whole, "{order}");
                    let (mut seen, mut before) = (Vec::new(), String::new());
                    loop {
                        let part = page(&world, &format!("last: {size}, {order}{before}")).await;
                        seen.splice(0..0, ids(&part));
                        before = format!(", before: {}", part["edges"][0]["cursor"]);
                        if part["pageInfo"]["hasPreviousPage"] == false {
                            break;
                        }
                    }
                    assert_eq!(seen, whole, "{order}, backwards");
                }
            }
        }
    }
}

#[tokio::test]
async fn missing_values_come_last_and_texts_in_byte_order() {
    for world in worlds().await {
        let counts = |page: &Value| -> Vec<Option<i64>> {
            page["nodes"].as_array().unwrap().iter().map(|node| node["staffCount"].as_i64()).collect()
        };
        let up = page(&world, "orderBy: {field: STAFF_COUNT}").await;
        assert_eq!(counts(&up), [Some(100), Some(100), Some(200), Some(200), Some(300), Some(300), None, None]);
        let down = page(&world, "orderBy: {field: STAFF_COUNT, direction: DESC}").await;
        assert_eq!(counts(&down), [Some(300), Some(300), Some(200), Some(200), Some(100), Some(100), None, None]);
        let names = page(&world, "orderBy: {field: NAME}").await;
        let names: Vec<_> =
            names["nodes"].as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect();
        let mut sorted = names.clone();
        sorted.sort();
        assert_eq!(names, sorted);
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list_order_and_filter() {
    for world in worlds().await {
        let part = page(&world, "first: 1, orderBy: {field: NAME}").await;
        let cursor = &part["pageInfo"]["endCursor"];
        for arguments in [
            format!("after: {cursor}"),
            format!("after: {cursor}, orderBy: {{field: NAME, direction: DESC}}"),
            format!("after: {cursor}, orderBy: {{field: NAME}}, filter: {{search: \"\"}}"),
            "after: \"AAAA\"".to_owned(),
            "first: 0".to_owned(),
            "first: 101".to_owned(),
            "last: -1".to_owned(),
            "first: 1, last: 1".to_owned(),
            format!("first: 1, orderBy: {{field: NAME}}, before: {cursor}"),
        ] {
            let document = format!("{{ organizations({arguments}) {{ totalCount }} }}");
            let response = world.ask(&world.people.county, &document).await;
            let [error] = response.errors.as_slice() else { panic!("{arguments}: {response:?}") };
            assert!(error.message.starts_with("INVALID_INPUT"), "{arguments}: {error:?}");
        }
    }
}

#[tokio::test]
async fn each_parent_has_a_page_of_its_own() {
    for world in worlds().await {
        let document = "{ agreements(first: 100, orderBy: {field: NUMBER}) { nodes { items(last: 2, orderBy: {field: TARGET}) { nodes { title target } pageInfo { hasPreviousPage hasNextPage } totalCount } } } }";
        let before = world.app.db().statements();
        let data = world.data(&world.people.county, document).await;
        // Agreements, their items, the number of their items.
        assert_eq!(world.app.db().statements() - before, 3);
        let data: Value = serde_json::from_str(&data).unwrap();
        for (number, agreement) in data["agreements"]["nodes"].as_array().unwrap().iter().enumerate() {
            let items = &agreement["items"];
            let count = number % 5;
            assert_eq!(items["totalCount"], count);
            assert_eq!(items["pageInfo"]["hasPreviousPage"], count > 2);
            let titles: Vec<_> = items["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["title"].as_str().unwrap().to_owned())
                .collect();
            // By target: the even ones falling (their targets do), then the odd ones, which have none.
            let mut order: Vec<_> =
                (0..count).filter(|item| item % 2 == 0).rev().chain((0..count).filter(|item| item % 2 == 1)).collect();
            let order = order.split_off(count.saturating_sub(2));
            assert_eq!(titles, order.iter().map(|item| format!("Item {item} of {number}")).collect::<Vec<_>>());
        }
    }
}
