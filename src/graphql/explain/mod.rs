//! How a query is read: the plan that [`super::direct`] would run, level by level, with its statements, the indexes that
//! the database uses for them and the rows that came. Planned, stated and read by the very functions that answer; nothing
//! is known here that they do not know, and they do not know that they are watched.

mod access;
mod place;
mod tree;

use async_graphql::ServerError;
use futures_util::{
    FutureExt,
    future::{BoxFuture, try_join_all},
};
use sea_orm::sea_query::SelectStatement;

use self::place::Place;
use super::{
    direct::{Asked, Planned, Reads, environment, pick, roots},
    plan::{RowsWanted, Start},
    planner::{Planner, internal},
    read::{Reader, depends},
    resolve::affordable,
    statement::build,
    variables,
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::lanes,
};

/// How a query was read. Printed, it is a tree.
#[derive(Debug, Default)]
pub struct Explained {
    /// Relation levels: each one statement for its rows, another one for their number where that was asked for.
    pub levels: usize,
    /// Statements that were sent to answer.
    pub statements: u64,
    /// Rows that the levels' statements returned.
    pub rows: usize,
    /// Records that were asked for, as they are counted against the caller's budget.
    pub cost: u64,
    /// Whether it is read past the executor.
    pub direct: bool,
    /// What at the root is not read by the planner, but worked out by code.
    others: Vec<String>,
    steps: Vec<Step>,
}

/// A level that was read.
#[derive(Debug)]
struct Step {
    path: String,
    view: &'static str,
    table: &'static str,
    /// Which rows were looked for.
    wanted: String,
    /// What the statements say of who sees them.
    seen: &'static str,
    sent: Vec<Sent>,
    facts: Vec<Facts>,
    below: Vec<Self>,
}

/// A statement that was sent.
#[derive(Debug)]
struct Sent {
    /// What it counts, else rows.
    counts: bool,
    rows: usize,
    /// Rows of these that only tell that a page is not the last.
    beyond: usize,
    sql: String,
    /// What the database does for it.
    access: Vec<String>,
}

/// Facts that a store loaded for all rows of a level.
#[derive(Debug)]
struct Facts {
    fields: Vec<String>,
    keys: usize,
    statements: u64,
}

impl Reads {
    /// Reads what is asked as [`Self::answer`] does, but without a budget, and tells how.
    ///
    /// # Errors
    /// What is wrong with the request.
    pub async fn explain(&self, app: &App, asked: Asked<'_>) -> Result<Explained, Vec<ServerError>> {
        let parts = (asked.caller.actor.as_ref(), self.schema(), pick(asked.document, asked.operation));
        let (Some(actor), Some((schema, extensions)), Some(operation)) = parts else {
            return Err(vec![internal("nobody asks, or nothing is asked")]);
        };
        let env = &environment(&asked, operation, extensions);
        let fields = roots(env, schema);
        let Some(any) = fields.first().and_then(|field| field.fields.first()) else { return Ok(Explained::default()) };
        let mut planner = Planner { ctx: &env.create_context(schema, None, *any, None), actor, cost: 0, broken: false };
        let (mut planned, mut others) = (Vec::new(), Vec::new());
        for field in &fields {
            match self.planned(&mut planner, field) {
                Some(one) => planned.push(one),
                None => others.push(field.key.to_owned()),
            }
        }
        let direct = others.is_empty() && variables::conform(&schema.registry, &operation.node, asked.variables);
        let cost = planner.cost;
        let wrong: Vec<_> = planned.iter().flat_map(|one| place::wrong(&one.item)).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let told = tell(app, Reader { db: app.db(), actor }, (&planned, cost)).await;
        let told = told.map_err(|error| vec![async_graphql::Error::from(error).into_server_error(any.pos)])?;
        Ok(Explained { cost, direct, others, ..told })
    }
}

/// Reads everything as it is read to answer, then asks the database how.
async fn tell(app: &App, reader: Reader<'_>, (planned, cost): (&[Planned<'_>], u64)) -> Result<Explained> {
    affordable(cost, u64::from(app.settings().max_cost))?;
    let before = app.db().statements();
    let loaded = try_join_all(planned.iter().map(|one| reader.read(&one.ground, Vec::new()))).await?;
    let statements = app.db().statements() - before;
    let mut steps = Vec::new();
    for (one, loaded) in planned.iter().zip(&loaded) {
        for place in &Place::ground(&one.ground, loaded, &one.item)?.below {
            steps.push(step(reader, place).await?);
        }
    }
    let (levels, rows) = steps.iter().map(Step::count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    Ok(Explained { levels, statements, rows, steps, ..Explained::default() })
}

fn step<'a>(reader: Reader<'a>, place: &'a Place<'a>) -> BoxFuture<'a, Result<Step>> {
    async move {
        let Some(wanted) = &place.level.rows else { return Err(Error::internal("a level without rows")) };
        let mut step = Step {
            path: place.path.clone(),
            view: wanted.table.view,
            table: wanted.table.name,
            wanted: looked_for(wanted, place),
            seen: seen(wanted),
            sent: Vec::new(),
            facts: Vec::new(),
            below: Vec::new(),
        };
        if !(depends(wanted) && place.keys.is_empty()) {
            step.sent = sent(reader, wanted, place).await?;
        }
        step.facts = facts(reader, place).await?;
        for place in &place.below {
            step.below.push(self::step(reader, place).await?);
        }
        Ok(step)
    }
    .boxed()
}

async fn sent(reader: Reader<'_>, wanted: &RowsWanted, place: &Place<'_>) -> Result<Vec<Sent>> {
    let mut sent = Vec::new();
    if wanted.rows {
        let (rows, beyond) = (place.loaded.rows.len(), place.loaded.beyond());
        let (sql, access) = explained(reader, &reader.sql().rows(wanted, &place.keys)).await?;
        sent.push(Sent { counts: false, rows, beyond, sql, access });
    }
    if wanted.count {
        let (sql, access) = explained(reader, &reader.sql().count(wanted, &place.keys)).await?;
        sent.push(Sent { counts: true, rows: place.loaded.counted(), beyond: 0, sql, access });
    }
    Ok(sent)
}

/// The text of a statement, and what the database says it does for it, with the same values.
async fn explained(reader: Reader<'_>, statement: &SelectStatement) -> Result<(String, Vec<String>)> {
    let backend = reader.db.backend();
    let mut statement = build(statement, backend);
    let sql = statement.sql.clone();
    statement.sql = format!("{} {sql}", access::explain(backend));
    let rows = reader.db.lanes().query(statement, lanes::Planned::ForThese).await?;
    Ok((sql, access::read(backend, &rows)?))
}

/// How many statements the stores take that load facts: stores have statements of their own, so they are asked again.
async fn facts(reader: Reader<'_>, place: &Place<'_>) -> Result<Vec<Facts>> {
    let keys = place.loaded.keys_at(place.level.key_at)?;
    let mut facts = Vec::new();
    for (compute, fields) in place.level.facts.iter().zip(&place.facts) {
        let before = reader.db.statements();
        reader.facts(compute, &keys).await?;
        let statements = reader.db.statements() - before;
        facts.push(Facts { fields: fields.clone(), keys: keys.len(), statements });
    }
    Ok(facts)
}

fn looked_for(wanted: &RowsWanted, place: &Place<'_>) -> String {
    let keys = match &wanted.start {
        Start::Anywhere => return "any row".to_owned(),
        Start::Keys(keys) => keys.len(),
        Start::Named | Start::Related(_) => place.keys.len(),
    };
    let column = wanted.group();
    let table = if column.table == wanted.table.name { String::new() } else { format!("{}.", column.table) };
    format!("{} of {table}{}", tree::number(keys, "key"), column.name)
}

fn seen(wanted: &RowsWanted) -> &'static str {
    match (wanted.open, wanted.seen.is_empty()) {
        (false, _) => "closed to these scopes",
        (true, true) => "seen without asking",
        (true, false) => "seen by its rule",
    }
}

impl Step {
    /// Levels and rows, of this one and all below.
    fn count(&self) -> (usize, usize) {
        let own = (1, self.sent.iter().map(|sent| sent.rows).sum());
        self.below.iter().map(Self::count).fold(own, |sum, below| (sum.0 + below.0, sum.1 + below.1))
    }
}
