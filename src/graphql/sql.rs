//! The statements of a level, in both dialects. Their texts depend on the selection and the sizes of pages only: keys are
//! bound as one array and values as parameters, so that they stay prepared.
//!
//! The first n of each of many parents are read by LATERAL on PostgreSQL, on SQLite by the rowids that a correlated
//! subquery picks: both follow an index led by the parent's key instead of numbering every row. What is found by its
//! parents is found by them alone: the conditions on what the actor sees are only asked of the rows found. `CASE` hides
//! them from the planners, which do not know that an organization may have ten thousand times as much as another; a
//! `SELECT` around it keeps PostgreSQL from reading all of an organization's links to look the few up in them. And SQLite
//! is told to begin with the parents (`CROSS JOIN` keeps its order there).

use sea_orm::{
    Condition, DbBackend, Order, Value,
    sea_query::{
        ArrayType, Asterisk, CaseStatement, Expr, ExprTrait, Func, FunctionCall, JoinType, Query, SelectStatement,
        extension::postgres::PgFunc,
    },
};
use uuid::Uuid;

use super::{
    column::{Column, Sort},
    page::Page,
    plan::{Part, RowsWanted, Selected, Start},
    source::Relation,
};
use crate::auth::Actor;

/// The parents' keys in a statement.
const PARENT: &str = "parent";
/// A parent's page in a statement.
const PAGE: &str = "page";

/// Statements for one database and one actor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sql<'a> {
    pub(super) backend: DbBackend,
    pub(super) actor: &'a Actor,
}

impl Sql<'_> {
    /// The rows of a level, for parents with these keys.
    pub(super) fn rows(self, wanted: &RowsWanted, keys: &[Uuid]) -> SelectStatement {
        if let (Part::Page(page), Start::Related(_), true) = (&wanted.part, &wanted.start, keys.len() > 1) {
            return match self.backend {
                DbBackend::Postgres => self.lateral_pages(wanted, page, keys),
                _ => self.rowid_pages(wanted, page, keys),
            };
        }
        let group = match wanted.part {
            Part::Groups { .. } => Func::count(Expr::col(Asterisk)).into(),
            _ => wanted.group().expr(),
        };
        let mut statement = self.selected(wanted, &group);
        self.belonging(&mut statement, wanted, keys);
        part(&mut statement, wanted, keys.len().max(1) as u64);
        statement
    }

    /// How many rows there are in all, by parent.
    pub(super) fn count(self, wanted: &RowsWanted, keys: &[Uuid]) -> SelectStatement {
        let mut statement = Query::select();
        if let Start::Related(_) = wanted.start {
            let group = wanted.group();
            statement.expr(group.expr()).add_group_by([group.expr()]);
        }
        statement.expr(Func::count(Expr::col(Asterisk)));
        self.belonging(&mut statement, wanted, keys);
        statement
    }

    /// `SELECT page.* FROM unnest($1) AS parent JOIN LATERAL (… LIMIT n) AS page`. The inner order is kept: a nested
    /// loop over a function's rows runs in no other way.
    fn lateral_pages(self, wanted: &RowsWanted, page: &Page, keys: &[Uuid]) -> SelectStatement {
        let mut inner = self.selected(wanted, &wanted.group().expr());
        from(&mut inner, wanted);
        inner.and_where(wanted.group().expr().eq(Expr::col((PARENT, PARENT))));
        self.fulfilling(&mut inner, wanted, keys.len());
        paged(&mut inner, wanted, page);
        let parents = Func::cust("unnest").arg(Expr::val(array(keys)));
        let mut statement = Query::select();
        statement.column((PAGE, Asterisk)).from_function(parents, PARENT);
        statement.join_lateral(JoinType::InnerJoin, inner, PAGE, Expr::cust("TRUE"));
        statement
    }

    /// `SELECT … FROM json_each(?) AS parent CROSS JOIN t WHERE t.rowid IN (SELECT t.rowid … LIMIT n)`.
    fn rowid_pages(self, wanted: &RowsWanted, page: &Page, keys: &[Uuid]) -> SelectStatement {
        let rowid = || Expr::col((wanted.table.name, "rowid"));
        let mut inner = Query::select();
        inner.expr(rowid());
        from(&mut inner, wanted);
        inner.and_where(wanted.group().expr().eq(parent()));
        self.fulfilling(&mut inner, wanted, keys.len());
        paged(&mut inner, wanted, page);
        let mut statement = self.selected(wanted, &parent());
        statement.from_function(json_each(keys), PARENT).cross_join(wanted.table.name);
        statement.and_where(rowid().in_subquery(inner));
        page.sort.apply(wanted.table.key, page.backwards, &mut statement);
        statement
    }

    fn selected(self, wanted: &RowsWanted, group: &Expr) -> SelectStatement {
        let mut statement = Query::select();
        for selected in &wanted.selected {
            statement.expr(match selected {
                Selected::Group => group.clone(),
                Selected::Column(column) => column.expr(),
                Selected::HeldBack(column, rule) => CaseStatement::new().case(rule(self.actor), column.expr()).into(),
                Selected::Allowed(rule) => self.whether(rule(self.actor)),
            });
        }
        statement
    }

    /// `FROM` and `WHERE`: rows that belong to the parents and fulfil the level's conditions.
    fn belonging(self, statement: &mut SelectStatement, wanted: &RowsWanted, keys: &[Uuid]) {
        let keys = match &wanted.start {
            Start::Anywhere => None,
            Start::Keys(keys) => Some(keys.as_slice()),
            Start::Named | Start::Related(_) => Some(keys),
        };
        let group = wanted.group().expr();
        match keys {
            Some(keys) if keys.len() != 1 && self.backend == DbBackend::Sqlite => from_parents(statement, wanted, keys),
            Some([key]) => {
                from(statement, wanted);
                statement.and_where(group.eq(*key));
            }
            Some(keys) => {
                from(statement, wanted);
                statement.and_where(group.eq(PgFunc::any(Expr::val(array(keys)))));
            }
            None => from(statement, wanted),
        }
        self.fulfilling(statement, wanted, keys.map_or(0, <[Uuid]>::len));
    }

    /// The level's conditions, for rows that belong to so many keys. One row by its own key is found by that in any case.
    fn fulfilling(self, statement: &mut SelectStatement, wanted: &RowsWanted, keys: usize) {
        let by_own_key = keys == 1 && !matches!(wanted.start, Start::Related(_));
        if wanted.seen.is_empty() {
            // Every row is seen.
        } else if by_own_key || matches!(wanted.start, Start::Anywhere) {
            statement.cond_where(wanted.seen.clone());
        } else {
            // Not "= 1", of which PostgreSQL expects one row in 200, so that it would sort all before it takes the first.
            statement.and_where(self.whether(wanted.seen.clone()).ne(Expr::cust("0")));
        }
        if let Some(filter) = &wanted.filter {
            statement.cond_where(filter.clone());
        }
    }

    /// 1 where a condition holds, else 0.
    fn whether(self, condition: Condition) -> Expr {
        let whether: Expr = CaseStatement::new().case(condition, Expr::cust("1")).finally(Expr::cust("0")).into();
        match self.backend {
            DbBackend::Postgres => Expr::SubQuery(None, Box::new(Query::select().expr(whether).take().into())),
            _ => whether,
        }
    }
}

fn from(statement: &mut SelectStatement, wanted: &RowsWanted) {
    statement.from(wanted.table.name);
    if let Start::Related(Relation::Through(from, to)) = wanted.start {
        statement.inner_join(from.table, to.expr().eq(wanted.table.key.expr()));
    }
}

/// SQLite: from the parents' keys to the rows, in this order.
fn from_parents(statement: &mut SelectStatement, wanted: &RowsWanted, keys: &[Uuid]) {
    statement.from_function(json_each(keys), PARENT);
    if let Start::Related(Relation::Through(from, to)) = wanted.start {
        statement.cross_join(from.table).cross_join(wanted.table.name);
        statement.and_where(wanted.table.key.expr().eq(to.expr()));
    } else {
        statement.cross_join(wanted.table.name);
    }
    statement.and_where(wanted.group().expr().eq(parent()));
}

/// Order, and how many rows to read at most.
fn part(statement: &mut SelectStatement, wanted: &RowsWanted, parents: u64) {
    match &wanted.part {
        Part::One => {
            if let Start::Anywhere = wanted.start {
                statement.order_by_expr(wanted.table.key.expr(), Order::Asc).limit(1);
            }
        }
        Part::All { sort, at_most } => {
            sort.apply(wanted.table.key, false, statement);
            // More than allowed, so that an overflow shows; in powers of two, so that texts are few.
            let most = at_most.saturating_mul(parents).saturating_add(1);
            statement.limit(most.checked_next_power_of_two().unwrap_or(most));
        }
        Part::Groups { by, at_most } => {
            for column in *by {
                statement.add_group_by([column.expr()]).order_by_expr(column.expr(), Order::Asc);
            }
            statement.limit(at_most.saturating_add(1));
        }
        Part::Page(page) => paged(statement, wanted, page),
    }
}

fn paged(statement: &mut SelectStatement, wanted: &RowsWanted, page: &Page) {
    // What is found through a link table is sorted by the link's copy of the key, which its index has in this order.
    let key = match wanted.start {
        Start::Related(Relation::Through(_, to)) => to,
        _ => wanted.table.key,
    };
    let column = if page.sort.column == wanted.table.key { key } else { page.sort.column };
    let sort = Sort { column, ..page.sort };
    if let Some(condition) = beyond(page, sort, key) {
        statement.cond_where(condition);
    }
    sort.apply(key, page.backwards, statement);
    // One more than asked for, to know whether there are more.
    statement.limit(page.size + 1);
}

/// Only rows beyond the page's cursor, in the direction of reading.
fn beyond(page: &Page, sort: Sort, key: Column) -> Option<Condition> {
    let cursor = page.from.as_ref()?;
    let column = sort.column;
    let ascending = sort.descending == page.backwards;
    let past = |expr: Expr, bound: Expr| if ascending { expr.gt(bound) } else { expr.lt(bound) };
    let past_key = past(key.expr(), Expr::val(cursor.key));
    if column == key {
        return Some(past_key.into());
    }
    let Some(value) = cursor.value.as_ref().map(|value| Expr::val(value.bound())) else {
        let same = Condition::all().add(column.expr().is_null()).add(past_key);
        return Some(if page.backwards { Condition::any().add(same).add(column.expr().is_not_null()) } else { same });
    };
    if !column.nullable {
        let place = Expr::tuple([column.expr(), key.expr()]);
        return Some(past(place, Expr::tuple([value, Expr::val(cursor.key)])).into());
    }
    let same = Condition::all().add(column.expr().eq(value.clone())).add(past_key);
    let any = Condition::any().add(past(column.expr(), value)).add(same);
    Some(if page.backwards { any } else { any.add(column.expr().is_null()) })
}

fn array(keys: &[Uuid]) -> Value {
    Value::Array(ArrayType::Uuid, Some(Box::new(keys.iter().map(|key| Value::from(*key)).collect())))
}

/// SQLite's parents: `json_each('["0190…", …]')`, because JSON has no bytes.
fn json_each(keys: &[Uuid]) -> FunctionCall {
    let mut list = String::with_capacity(keys.len() * 35 + 2);
    list.push('[');
    for (place, key) in keys.iter().enumerate() {
        super::json::separate(&mut list, place);
        list.push('"');
        list.push_str(key.simple().encode_lower(&mut Uuid::encode_buffer()));
        list.push('"');
    }
    list.push(']');
    Func::cust("json_each").arg(Expr::val(list))
}

/// SQLite's key of the parent at hand.
fn parent() -> Expr {
    Func::cust("unhex").arg(Expr::col((PARENT, "value"))).into()
}
