//! The views of the real schema: soundly declared, described, and indexed for what they ask.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::world::worlds;
use crate::{
    graphql::source::{Relation, Source},
    schema,
};

#[test]
fn every_view_is_soundly_declared() {
    for view in schema::views() {
        assert_eq!(view.problems(), Vec::<String>::new());
    }
}

/// The columns of each index of each table, as SQLite tells them; both databases have the same.
async fn indexes(db: &DatabaseConnection) -> BTreeMap<String, Vec<Vec<String>>> {
    let sql = "SELECT m.name, i.name, c.name FROM sqlite_master m JOIN pragma_index_list(m.name) i \
               JOIN pragma_index_info(i.name) c WHERE m.type = 'table' ORDER BY m.name, i.name, c.seqno";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows {
        let (table, index, column): (String, String, String) = row.try_get_many_by_index().unwrap();
        found.entry((table, index)).or_default().push(column);
    }
    let mut indexes: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for ((table, _), columns) in found {
        indexes.entry(table).or_default().push(columns);
    }
    indexes
}

#[tokio::test]
async fn every_list_has_an_index_led_by_its_parent_and_order() {
    let world = worlds().await.remove(0);
    let indexes = indexes(world.app.db().reader()).await;
    let mut missing = Vec::new();
    for view in schema::views() {
        for field in &view.fields {
            let (Source::List { rows, .. } | Source::Connection { rows, .. }) = &field.source else { continue };
            let (table, mut wanted) = match rows.relation {
                Relation::By(parent) | Relation::Through(parent, _) => (parent.table, vec![parent.name]),
                Relation::All => continue,
            };
            if let (Relation::By(_), Some(order)) = (rows.relation, rows.order) {
                wanted.push(order.column.name);
            }
            let led = indexes.get(table).is_some_and(|all| {
                all.iter().any(|columns| columns.iter().zip(&wanted).filter(|(a, b)| a == b).count() == wanted.len())
            });
            if !led {
                missing.push(format!("{}.{}: {table}({})", view.name, field.name, wanted.join(", ")));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
