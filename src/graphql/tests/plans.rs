//! How both databases find the pages of three typical lists of the real schema, among thousands of rows: along an index
//! that holds them in their order, so that twenty rows are read and nothing is sorted.

use sea_orm::{ConnectionTrait, DbBackend, StatementBuilder};

use super::{
    rows::{agreement_key, insert_many},
    world::{World, actor, worlds},
};
use crate::{
    graphql::{
        column::{Column, Sort},
        page::{Page, Seal},
        plan::{Part, RowsWanted, Selected, Start},
        source::{Relation, Rows, Source},
        sql::Sql,
        view::Table,
    },
    schema,
};

/// A list of the schema: its rows' table and where they begin.
fn list(view: &str, field: &str) -> (Table, Rows) {
    let view = schema::views().into_iter().find(|found| found.field(field).is_some() && found.name == view).unwrap();
    match &view.field(field).unwrap().source {
        Source::Connection { rows, target, .. } => (target().table.unwrap(), *rows),
        other => panic!("{field} is no connection: {other:?}"),
    }
}

/// Its first page of twenty, in the order of a column that it offers.
fn page(world: &World, (table, rows): (Table, Rows), order: &str) -> RowsWanted {
    let offered = rows.order_by.map(|order_by| (order_by.columns)()).unwrap_or_default();
    let column: Column = *offered.iter().find(|column| column.name == order).unwrap();
    let sort = Sort { column, descending: false };
    let page = Page { size: 20, backwards: false, from: None, sort, seal: Seal::new("a list", sort, "") };
    RowsWanted {
        table,
        start: match rows.relation {
            Relation::All => Start::Anywhere,
            related => Start::Related(related),
        },
        seen: (table.seen_by)(&actor(&world.people.university)),
        open: true,
        filter: None,
        selected: vec![Selected::Group, Selected::Column(column)],
        part: Part::Page(page),
        rows: true,
        count: false,
        recorded_at: None,
    }
}

/// What the database says of the statement.
async fn explained(world: &World, wanted: &RowsWanted, keys: &[uuid::Uuid]) -> String {
    let (db, university) = (world.app.db().reader(), actor(&world.people.university));
    let backend = db.get_database_backend();
    let mut statement = StatementBuilder::build(&Sql { backend, actor: &university }.rows(wanted, keys), &backend);
    let (explain, at) = match backend {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        _ => ("EXPLAIN (COSTS OFF)", 0),
    };
    statement.sql = format!("{explain} {}", statement.sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(at).unwrap() + "\n").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_read_along_an_index() {
    let keys: Vec<_> = (100..120).map(agreement_key).collect();
    let items = "ix_cooperation_item_agreement_id_due_on_id";
    let lists = [
        (("OrganizationQueries", "organizations", "name"), &[][..], "ix_organization_name_id"),
        (("AgreementQueries", "agreements", "ends_on"), &[], "ix_agreement_ends_on_id"),
        (("Agreement", "items", "due_on"), &keys[..1], items),
        (("Agreement", "items", "due_on"), &keys, items),
    ];
    for world in worlds().await {
        let db = world.app.db().writer();
        insert_many(db).await;
        // PostgreSQL counts its rows by itself, in time.
        if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("ANALYZE").await.unwrap();
        }
        for ((view, field, order), keys, index) in lists {
            let plan = explained(&world, &page(&world, list(view, field), order), keys).await;
            assert!(plan.contains(index), "{field} is not read by {index}:\n{plan}");
            assert!(!plan.contains("Sort"), "{field} is sorted:\n{plan}");
            // SQLite puts the pages of many parents in order after it has picked each along the index.
            let sorted = plan.contains("USE TEMP B-TREE") && keys.len() < 2;
            assert!(!sorted, "{field} is sorted:\n{plan}");
        }
    }
}
