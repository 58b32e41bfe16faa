//! Tables held in memory, and what is made of their columns.

use std::{
    any::TypeId,
    cmp::Ordering,
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex},
};

use async_graphql::Value;
use sea_orm::{
    Condition, ConnectionTrait, QueryResult, StatementBuilder,
    sea_query::{Query as Sql, SqliteQueryBuilder},
};
use uuid::Uuid;

use super::Oracle;
use crate::{
    error::{Error, Result},
    graphql::{
        column::{Class, Column, Sort},
        compute::{Facts, Loads},
        leaf::Kind,
        page::CursorValue,
        source::Rule,
        view::Table,
    },
    platform::id,
};

/// What one column of one row holds.
pub(super) type Cell = Option<CursorValue>;
/// A table's column by key.
pub(super) type Cells = HashMap<Uuid, Cell>;
/// What was read once, by what it was asked for.
type Known<K, V> = Mutex<HashMap<K, Arc<V>>>;

/// The tables of a database that nobody changes, as far as somebody asked for them: one memory for all operations.
#[derive(Default)]
pub(in crate::graphql::tests) struct Memory {
    cells: Known<(&'static str, &'static str, &'static str), Cells>,
    keys: Mutex<HashMap<String, Arc<HashSet<Uuid>>>>,
    links: Known<(&'static str, &'static str, Uuid), HashSet<Uuid>>,
    /// What rules say, by table, rule and who asks.
    rules: Known<(&'static str, Rule, Uuid), HashSet<Uuid>>,
    /// What fields are computed from, by table, columns and key.
    rows: Known<(&'static str, Vec<&'static str>, Uuid), QueryResult>,
    /// Facts, by loader, key and who asks.
    facts: Mutex<HashMap<(TypeId, Uuid, Uuid), Arc<Facts>>>,
}

impl Oracle<'_> {
    async fn query(&self, statement: &impl StatementBuilder) -> Vec<QueryResult> {
        self.db.reader().query_all_raw(statement.build(&self.db.backend())).await.unwrap()
    }

    pub(super) async fn all(&self, table: Table) -> Arc<HashSet<Uuid>> {
        self.rule(table, |_| Condition::all()).await
    }

    /// The keys of the rows for which a rule holds.
    pub(super) async fn rule(&self, table: Table, rule: Rule) -> Arc<HashSet<Uuid>> {
        let place = (table.name, rule, self.actor.membership());
        if let Some(known) = self.memory.rules.lock().unwrap().get(&place) {
            return known.clone();
        }
        let keys = self.keys(table, rule(self.actor)).await;
        self.memory.rules.lock().unwrap().insert(place, keys.clone());
        keys
    }

    /// The keys of the rows that fulfil a condition.
    pub(super) async fn keys(&self, table: Table, condition: Condition) -> Arc<HashSet<Uuid>> {
        let mut statement = Sql::select();
        statement.expr(table.key.expr()).from(table.name).cond_where(condition);
        let text = statement.to_string(SqliteQueryBuilder);
        if let Some(known) = self.memory.keys.lock().unwrap().get(&text) {
            return known.clone();
        }
        let rows = self.query(&statement).await;
        let keys: Arc<HashSet<Uuid>> = Arc::new(rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect());
        self.memory.keys.lock().unwrap().insert(text, keys.clone());
        keys
    }

    /// The keys that a link table ties to a parent.
    pub(super) async fn linked(&self, from: Column, to: Column, parent: Uuid) -> Arc<HashSet<Uuid>> {
        let place = (from.table, from.name, parent);
        if let Some(known) = self.memory.links.lock().unwrap().get(&place) {
            return known.clone();
        }
        let mut statement = Sql::select();
        statement.expr(from.expr()).expr(to.expr()).from(from.table);
        let rows = self.query(&statement).await;
        let pairs = rows.iter().map(|row| row.try_get_many_by_index::<(Uuid, Uuid)>().unwrap());
        let keys = Arc::new(pairs.filter(|(from, _)| *from == parent).map(|(_, to)| to).collect());
        self.memory.links.lock().unwrap().insert(place, Arc::clone(&keys));
        keys
    }

    pub(super) async fn cell(&self, table: Table, column: Column, key: Uuid) -> Result<Cell> {
        Ok(self.cells(table, column).await?[&key].clone())
    }

    /// What one column holds, by key.
    pub(super) async fn cells(&self, table: Table, column: Column) -> Result<Arc<Cells>> {
        let place = (table.name, column.name, table.key.name);
        if let Some(cells) = self.memory.cells.lock().unwrap().get(&place) {
            return Ok(cells.clone());
        }
        let mut statement = Sql::select();
        statement.expr(table.key.expr()).expr(column.expr()).from(table.name);
        let mut cells = Cells::new();
        for row in self.query(&statement).await {
            cells.insert(row.try_get_by_index(0)?, read(&row, column.class)?);
        }
        let cells = Arc::new(cells);
        self.memory.cells.lock().unwrap().insert(place, cells.clone());
        Ok(cells)
    }

    /// The key and these columns of one row.
    pub(super) async fn row(&self, table: Table, columns: &[Column], key: Uuid) -> Arc<QueryResult> {
        let place = (table.name, columns.iter().map(|column| column.name).collect::<Vec<_>>(), key);
        if let Some(row) = self.memory.rows.lock().unwrap().get(&place) {
            return row.clone();
        }
        let mut one = Sql::select();
        one.from(table.name).and_where(sea_orm::ExprTrait::eq(table.key.expr(), key)).expr(table.key.expr());
        for column in columns {
            one.expr(column.expr());
        }
        let row = Arc::new(self.query(&one).await.remove(0));
        self.memory.rows.lock().unwrap().insert(place, row.clone());
        row
    }

    /// The facts of one row.
    pub(super) async fn facts(&self, loader: &dyn Loads, key: Uuid) -> Result<Arc<Facts>> {
        let place = (loader.id(), key, self.actor.membership());
        if let Some(facts) = self.memory.facts.lock().unwrap().get(&place) {
            return Ok(facts.clone());
        }
        let facts = Arc::new(loader.load(self.db, self.actor, &[key]).await?);
        self.memory.facts.lock().unwrap().insert(place, facts.clone());
        Ok(facts)
    }
}

fn read(row: &QueryResult, class: Class) -> Result<Cell> {
    Ok(match class {
        Class::Text => row.try_get_by_index::<Option<String>>(1)?.map(CursorValue::Text),
        Class::Int => match row.try_get_by_index::<Option<i32>>(1) {
            Ok(number) => number.map(|number| CursorValue::Int(number.into())),
            Err(_) => row.try_get_by_index::<Option<i64>>(1)?.map(CursorValue::Int),
        },
        Class::Flag => row.try_get_by_index::<Option<bool>>(1)?.map(CursorValue::Flag),
        Class::Key => row.try_get_by_index::<Option<Uuid>>(1)?.map(CursorValue::Key),
        Class::Date => row.try_get_by_index::<Option<chrono::NaiveDate>>(1)?.map(CursorValue::Date),
        Class::Time => row.try_get_by_index::<Option<chrono::DateTime<chrono::Utc>>>(1)?.map(CursorValue::Time),
        Class::Other => return Err(Error::internal("unknown")),
    })
}

/// By value, missing ones last whatever the direction, then by key.
pub(super) fn compare((a, a_key): (&Cell, Uuid), (b, b_key): (&Cell, Uuid), sort: Sort) -> Ordering {
    let turned = |order: Ordering| if sort.descending { order.reverse() } else { order };
    let values = match (a, b) {
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(CursorValue::Text(a)), Some(CursorValue::Text(b))) => a.as_bytes().cmp(b.as_bytes()),
        (Some(CursorValue::Int(a)), Some(CursorValue::Int(b))) => a.cmp(b),
        (Some(CursorValue::Date(a)), Some(CursorValue::Date(b))) => a.cmp(b),
        (Some(CursorValue::Time(a)), Some(CursorValue::Time(b))) => a.cmp(b),
        (Some(CursorValue::Key(a)), Some(CursorValue::Key(b))) => a.cmp(b),
        // Both missing.
        _ => Ordering::Equal,
    };
    turned(values.then(a_key.cmp(&b_key)))
}

pub(super) fn show(cell: Cell, kind: &Kind, null: bool) -> Result<Value> {
    let Some(cell) = cell else {
        return if null { Ok(Value::Null) } else { Err(Error::internal("missing")) };
    };
    Ok(match (cell, kind) {
        (CursorValue::Text(text), Kind::Word(words)) => {
            let words: BTreeMap<_, _> = words.iter().map(|(stored, shown)| (stored.as_str(), *shown)).collect();
            Value::from(*words.get(text.as_str()).ok_or_else(|| Error::internal("unknown"))?)
        }
        (CursorValue::Text(text), _) => Value::from(text),
        (CursorValue::Int(number), Kind::Int) => Value::from(number),
        (CursorValue::Int(number), _) => Value::from(number.to_string()),
        (CursorValue::Flag(flag), _) => Value::from(flag),
        (CursorValue::Key(key), Kind::Key(prefix)) => Value::from(id::show(prefix, key)),
        (CursorValue::Key(key), _) => Value::from(key.to_string()),
        (CursorValue::Date(day), _) => Value::from(day.format("%Y-%m-%d").to_string()),
        (CursorValue::Time(at), _) => Value::from(at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()),
    })
}
