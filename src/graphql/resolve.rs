//! Where async-graphql asks for a view: plan, count the cost, read, write.

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, OutputType, PathSegment, Positioned, QueryPathSegment, ServerError, ServerResult,
    Value,
    parser::types::{Field, OperationType},
    registry::Registry,
};
use tokio::sync::Semaphore;
use tracing::Instrument as _;
use uuid::Uuid;

use super::{
    Caller, Reads, json,
    plan::{Child, Item, Level, Part, Start, What},
    planner::Planner,
    program,
    read::Reader,
    select::{Asked, at_place},
    view::{Definition, View},
    write::{Ground, Writer},
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result, Text},
    traces,
};

/// Subscriptions that are read at the same time. When everyone hears of something, the others wait here and not for a
/// connection of the database, which whoever asks for something needs as well.
static TELLING: Semaphore = Semaphore::const_new(16);

/// A field of a view without rows, at the root. `None` when it has no such field, so that roots can be merged.
///
/// # Errors
/// Where the field may not be null and fails.
pub async fn root(view: &'static Definition, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
    if view.field(&ctx.item.node.name.node).is_none() {
        return Ok(None);
    }
    if let Some(reads) = ctx.data_opt::<Reads>() {
        reads.learn(ctx);
    }
    let Some(asked) = asked(ctx) else { return Ok(Some(Value::Null)) };
    let mut ground = Planner::ground();
    let actor = Caller::of(ctx).actor();
    let (item, cost) = match &actor {
        Ok(actor) => {
            let mut planner = Planner { ctx, actor, cost: 0, broken: false };
            (planner.item(view, &asked, &mut ground), planner.cost)
        }
        Err(_) => (None, 0),
    };
    match (item, actor) {
        (Some(item), Ok(actor)) => answer(ctx, actor, (item, ground), cost).await.map(Some),
        (None, Ok(_)) => Ok(None),
        (_, Err(error)) => Err(placed(ctx, error)),
    }
}

/// A view that a resolver gives; null when it stands for a row that the actor may not see.
///
/// # Errors
/// When the read fails.
pub async fn view<V: View>(view: &V, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
    let _turn = match ctx.query_env.operation.node.ty {
        OperationType::Subscription => TELLING.acquire().await.ok(),
        _ => None,
    };
    value((V::definition(), view.row()), None, ctx, field).await
}

async fn value(
    (view, key): (&'static Definition, Option<Uuid>),
    actor: Option<&Actor>,
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    let ctx = &ctx.query_env.create_context(ctx.schema_env, ctx.path_node, field, ctx.execute_data);
    let Some(asked) = asked(ctx) else { return Ok(Value::Null) };
    let actor = actor.map_or_else(|| Caller::of(ctx).actor(), Ok).map_err(|error| placed(ctx, error))?;
    let mut planner = Planner { ctx, actor, cost: 0, broken: false };
    let mut ground = Planner::ground();
    let value = match key {
        Some(key) => {
            let mut level = planner.level(view.table, Start::Keys(vec![key]), Part::One, 1);
            let shape = planner.shape(view, &asked.selections(), &mut level);
            ground.children.push(Child { by: None, level });
            What::One { child: 0, by: None, shape, missing: None }
        }
        None => What::Nested(planner.shape(view, &asked.selections(), &mut ground)),
    };
    let cost = planner.cost;
    // Boxed, so that a subscription that waits does not keep the room for it.
    Box::pin(answer(ctx, actor, (Item { key: asked.key, field, null: false, value }, ground), cost)).await
}

/// The field with all that is asked of it; `None` when an earlier one at the same place answers for it.
fn asked<'a>(ctx: &Context<'a>) -> Option<Asked<'a>> {
    let fields = at_place(ctx);
    let first = *fields.first()?;
    std::ptr::eq(first, ctx.item).then(|| Asked { key: first.node.response_key().node.as_str(), fields })
}

async fn answer(ctx: &Context<'_>, actor: &Actor, (item, level): (Item<'_>, Level), cost: u64) -> ServerResult<Value> {
    let app =
        ctx.data::<App>().map_err(|_| placed(ctx, Error::internal("the schema was built without the program")))?;
    let requested = match ctx.query_env.operation.node.ty {
        OperationType::Subscription => cost,
        _ => Caller::of(ctx).cost.add(cost),
    };
    // All fields of the operation are planned, and counted, before the first one's statements run.
    tokio::task::yield_now().await;
    let requested = requested.max(Caller::of(ctx).cost.requested());
    affordable(requested, u64::from(app.settings().max_cost)).map_err(|error| placed(ctx, error))?;
    pay(app, ctx, cost).map_err(|error| placed(ctx, error))?;
    let reading = tracing::info_span!(target: traces::TARGET, "read", graphql.field = item.key);
    let loaded = Reader { db: app.db(), actor }.read(&level, Vec::new()).instrument(reading).await;
    let loaded = loaded.map_err(|error| placed(ctx, error))?;
    let mut writer = Writer { ctx, actor, out: String::new(), begun: path(ctx), path: Vec::new(), errors: Vec::new() };
    let written = writer.item(&item, Ground { level: &level, loaded: &loaded }, None);
    for error in writer.errors {
        ctx.add_error(error);
    }
    written?;
    Ok(if writer.out == "null" { Value::Null } else { json::raw(writer.out) })
}

/// Counts the rows that a resolver's own statements may read, as a plan's are: before the first one runs.
///
/// # Errors
/// `LIMIT_EXCEEDED` when the request asks for too much, `RATE_LIMITED` when the caller's budget is used up.
pub async fn counted(ctx: &Context<'_>, rows: u64) -> Result<()> {
    let app = program(ctx)?;
    let requested = Caller::of(ctx).cost.add(rows);
    // All fields of the operation are counted before the first one's statements run.
    tokio::task::yield_now().await;
    affordable(requested.max(Caller::of(ctx).cost.requested()), u64::from(app.settings().max_cost))?;
    pay(app, ctx, rows)
}

/// Takes what the read costs from the caller's budget. What a mutation did is done: its record is read all the same.
fn pay(app: &App, ctx: &Context<'_>, cost: u64) -> Result<()> {
    let (purse, now) = (Caller::of(ctx).purse(), app.db().clock().now());
    if ctx.query_env.operation.node.ty == OperationType::Mutation {
        app.budgets().charge(&purse, cost, now);
        return Ok(());
    }
    app.budgets().spend(&purse, cost, now)
}

/// Refuses what asks for more records than one request may.
pub(super) fn affordable(requested: u64, limit: u64) -> Result<()> {
    if requested <= limit {
        return Ok(());
    }
    Err(Error::limit_exceeded(Text::new(
        format!("The document asks for up to {requested} records; {limit} are allowed. Ask for smaller pages."),
        format!("本次请求最多涉及 {requested} 条记录，上限为 {limit} 条，请减小每页条数。"),
    )))
}

fn placed(ctx: &Context<'_>, error: Error) -> ServerError {
    async_graphql::Error::from(error).into_server_error(ctx.item.pos).with_path(path(ctx))
}

fn path(ctx: &Context<'_>) -> Vec<PathSegment> {
    let node = ctx.path_node;
    let nodes = node.iter().flat_map(|node| std::iter::once(*node).chain(node.parents().copied()));
    let mut path: Vec<_> = nodes
        .map(|node| match node.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        })
        .collect();
    path.reverse();
    path
}

/// A view as somebody other than the caller sees it: what a sign-in answers, before the caller is anybody.
#[derive(Clone, Debug)]
pub struct SeenBy<V> {
    /// Who sees it.
    pub actor: Actor,
    /// What.
    pub view: V,
}

impl<V: View> OutputType for SeenBy<V> {
    fn type_name() -> Cow<'static, str> {
        V::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        V::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        value((V::definition(), self.view.row()), Some(&self.actor), ctx, field).await
    }
}
