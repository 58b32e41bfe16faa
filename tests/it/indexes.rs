//! Every order that the API offers is read from an index: asked of both databases as they are migrated.

use std::collections::BTreeMap;

use hezuo::{
    graphql::{DeclaredList, Definition},
    schema,
};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::{Kind, TestApp, on_both};

/// Lists under a parent that are found by an index led by the parent, then sorted in memory. Where there are tens, an
/// index for each order would be one more to write with every change of a row, and save nothing.
const SORTED: [(&str, &[&str], &str); 7] = [
    ("Agreement.children", &["number", "ends_on", "created_at", "updated_at"], "a framework has tens of agreements"),
    ("Agreement.items", &["created_at", "updated_at"], "an agreement promises tens of items"),
    (
        "Organization.children",
        &["id", "created_at", "updated_at"],
        "an organization has tens of colleges, bureaus, parks",
    ),
    (
        "Organization.agreements",
        &["number", "ends_on", "created_at", "updated_at"],
        "found by the link's index; their order stands in another table than whom they name",
    ),
    (
        "Organization.positions",
        &["apply_by", "pay_min", "posted_at", "created_at", "updated_at"],
        "an enterprise offers tens of positions",
    ),
    ("Organization.questions", &["updated_at"], "an enterprise is asked tens of questions"),
    ("User.memberships", &["id"], "a person acts for a handful of organizations"),
];

/// Lists of the root that a rule narrows to what is one's own, by this column: the index begins with it.
const OWN: [(&str, &str); 3] = [
    ("Viewer.inbox", "user_id"),
    ("SessionQueries.sessions", "user_id"),
    ("RosterQueries.studentRecords", "organization_id"),
];

/// An index as the database has it, without those that leave rows out or run backwards.
#[derive(Debug)]
struct Index {
    name: String,
    unique: bool,
    columns: Vec<String>,
}

impl Index {
    /// Whether rows under `parent` stand in this order in it: a column that makes rows unique leaves no ties to break.
    fn serves(&self, parent: Option<&str>, list: &DeclaredList) -> bool {
        let mut wanted: Vec<&str> = parent.into_iter().collect();
        wanted.push(list.order);
        if list.order != list.key && !(self.unique && self.columns == wanted) {
            wanted.push(list.key);
        }
        self.columns.len() >= wanted.len() && self.columns.iter().zip(wanted).all(|(have, want)| have == want)
    }

    fn is_led_by(&self, column: &str) -> bool {
        self.columns.first().is_some_and(|first| first == column)
    }
}

const OF_SQLITE: &str = "SELECT m.name, i.name, i.\"unique\", c.name FROM sqlite_schema m \
    JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) c \
    WHERE m.type = 'table' AND NOT i.partial AND c.key \
    AND NOT EXISTS (SELECT 1 FROM pragma_index_xinfo(i.name) x WHERE x.key AND (x.desc OR x.name IS NULL)) \
    ORDER BY m.name, i.name, c.seqno";

const OF_POSTGRES: &str = "SELECT t.relname::text, i.relname::text, x.indisunique::int, a.attname::text FROM pg_index x \
    JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
    JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS c (number, place) ON TRUE \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.number \
    WHERE t.relnamespace = current_schema()::regnamespace AND x.indisvalid AND x.indpred IS NULL \
    AND NOT 0 = ANY (x.indkey::int2[]) AND 0 = ALL (x.indoption::int2[]) ORDER BY 1, 2, c.place";

async fn indexes(app: &TestApp) -> BTreeMap<String, Vec<Index>> {
    let sql = if app.kind() == Kind::Sqlite { OF_SQLITE } else { OF_POSTGRES };
    let db = app.db().reader();
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let mut indexes: BTreeMap<String, Vec<Index>> = BTreeMap::new();
    for row in rows {
        let (table, name, unique, column): (String, String, i32, String) = row.try_get_many_by_index().unwrap();
        let of_table = indexes.entry(table).or_default();
        match of_table.last_mut() {
            Some(index) if index.name == name => index.columns.push(column),
            _ => of_table.push(Index { name, unique: unique != 0, columns: vec![column] }),
        }
    }
    indexes
}

/// What is missing for a list; empty for nothing.
fn missing(list: &DeclaredList, indexes: &BTreeMap<String, Vec<Index>>) -> Option<String> {
    let of = |table: &str| indexes.get(table).map(Vec::as_slice).unwrap_or_default();
    let DeclaredList { field, table, order, key, .. } = list;
    if list.nullable {
        return Some(format!("{field}: {table}.{order} may be empty, and empty ones come last in both directions"));
    }
    let own = OWN.iter().find(|(own, _)| own == field).map(|(_, column)| *column);
    let sorted =
        list.at_most.is_some() || SORTED.iter().any(|(sorted, orders, _)| sorted == field && orders.contains(order));
    if let Some((link, from, to)) = list.link {
        // The link names the rows' keys, and no other of their columns.
        let led = of(link).iter().any(|index| index.columns.starts_with(&[from.to_owned(), to.to_owned()]));
        return (!led || (order != key && !sorted))
            .then(|| format!("{field}: {link}({from}, {to}), ordered by {order}"));
    }
    let found = match list.parent {
        Some(parent) if sorted => of(table).iter().any(|index| index.is_led_by(parent)),
        parent => of(table).iter().any(|index| index.serves(own.or(parent), list)),
    };
    let led = own.or(list.parent).map(|parent| format!("{parent}, ")).unwrap_or_default();
    (!found).then(|| format!("{field}: {table}({led}{order}, {key})"))
}

on_both! {
    /// Each list of each view, in its own order and in every order that can be asked for.
    async fn every_order_has_its_index(app: TestApp) {
        let indexes = indexes(&app).await;
        let lists: Vec<DeclaredList> = schema::views().into_iter().flat_map(Definition::lists).collect();
        let missing: Vec<String> = lists.iter().filter_map(|list| missing(list, &indexes)).collect();
        assert!(missing.is_empty(), "there is no index for\n{}\n", missing.join("\n"));
        // What is excepted is there to be excepted.
        let listed = |field: &str, order: &str| lists.iter().any(|list| list.field == field && list.order == order);
        for (field, orders, _) in SORTED {
            assert!(orders.iter().all(|order| listed(field, order)), "{field} {orders:?}");
        }
        assert!(OWN.iter().all(|(field, _)| lists.iter().any(|list| list.field == *field)));
    }

    /// An index whose columns begin another one is written for nothing.
    async fn no_index_is_the_beginning_of_another(app: TestApp) {
        let mut idle = Vec::new();
        for (table, indexes) in indexes(&app).await {
            for index in indexes.iter().filter(|index| !index.unique) {
                let longer = indexes.iter().find(|other| other.name != index.name && other.columns.starts_with(&index.columns));
                idle.extend(longer.map(|longer| format!("{table}: {} is in {}", index.name, longer.name)));
            }
        }
        assert_eq!(idle, Vec::<String>::new());
    }
}
