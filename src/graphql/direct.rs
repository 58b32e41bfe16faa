//! Reads past the executor: an operation all of whose fields are read by the planner is planned, read and written as one
//! answer, without async-graphql. It has validated the document before, when it executed it for the first time; whatever
//! is not right with a request (a variable, an argument, its cost) goes to the executor, whose words for it are the only
//! ones.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Context, Data, IntrospectionMode, Positioned, Response, SchemaEnv, ServerError, Value, Variables,
    context::{QueryEnv, QueryEnvInner},
    extensions::Extensions,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    registry::Registry,
};
use futures_util::future::join_all;
use tracing::Instrument as _;

use super::{
    Caller, json,
    plan::{Item, Level},
    planner::Planner,
    read::{Loaded, Reader},
    select, variables,
    view::Definition,
    write::{Ground, Step, Writer},
};
use crate::{app::App, auth::Actor, traces};

/// The root fields that the planner reads. Belongs into the schema's data.
#[derive(Default)]
pub struct Reads {
    roots: HashMap<&'static str, &'static Definition>,
    schema: OnceLock<(SchemaEnv, Extensions)>,
}

impl fmt::Debug for Reads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reads").field("roots", &self.roots.len()).finish_non_exhaustive()
    }
}

/// A request whose document was found valid before.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The document.
    pub document: &'a ExecutableDocument,
    /// Which of its operations.
    pub operation: Option<&'a str>,
    /// The values of its variables.
    pub variables: &'a Variables,
    /// Who asks.
    pub caller: &'a Caller,
}

/// A root field, planned.
pub(super) struct Planned<'a> {
    pub(super) item: Item<'a>,
    pub(super) ground: Level,
}

impl Reads {
    /// Those that these views without rows declare.
    #[must_use]
    pub fn of(roots: impl IntoIterator<Item = &'static Definition>) -> Self {
        let fields =
            roots.into_iter().flat_map(|view| view.fields.iter().map(move |field| (field.name.as_str(), view)));
        Self { roots: fields.collect(), schema: OnceLock::new() }
    }

    /// Takes from a request what the schema does not show otherwise.
    pub(super) fn learn(&self, ctx: &Context<'_>) {
        self.schema.get_or_init(|| (ctx.schema_env.clone(), ctx.query_env.extensions.clone()));
    }

    /// What is answered; `None`, and nothing done, when that is for the executor to say.
    pub async fn answer(&self, app: &App, asked: Asked<'_>) -> Option<Response> {
        let actor = asked.caller.actor.as_ref()?;
        let (schema, extensions) = self.schema()?;
        let operation = pick(asked.document, asked.operation)?;
        if operation.node.ty != OperationType::Query
            || !variables::conform(&schema.registry, &operation.node, asked.variables)
        {
            return None;
        }
        let env = &environment(&asked, operation, extensions);
        let fields = roots(env, schema);
        let ctx = &env.create_context(schema, None, *fields.first()?.fields.first()?, None);
        let (planned, cost) = self.plan(ctx, actor, &fields)?;
        if cost > u64::from(app.settings().max_cost) {
            return None;
        }
        app.budgets().spend(&asked.caller.purse(), cost, app.db().clock().now()).ok()?;
        asked.caller.cost.add(cost);
        let reader = Reader { db: app.db(), actor };
        let reads = planned.iter().map(|one| {
            let reading = tracing::info_span!(target: traces::TARGET, "read", graphql.field = one.item.key);
            reader.read(&one.ground, Vec::new()).instrument(reading)
        });
        let loaded = join_all(reads).await;
        Some(written(ctx, actor, planned.iter().zip(loaded)))
    }

    /// Every field of the operation; `None` when one is not read by the planner, or not right.
    fn plan<'a>(
        &self,
        ctx: &'a Context<'a>,
        actor: &'a Actor,
        fields: &[select::Asked<'a>],
    ) -> Option<(Vec<Planned<'a>>, u64)> {
        let mut planner = Planner { ctx, actor, cost: 0, broken: false };
        let planned = fields.iter().map(|asked| self.planned(&mut planner, asked)).collect::<Option<_>>()?;
        (!planner.broken).then_some((planned, planner.cost))
    }

    /// A field at the root; `None` when it is not read by the planner.
    pub(super) fn planned<'a>(&self, planner: &mut Planner<'a>, asked: &select::Asked<'a>) -> Option<Planned<'a>> {
        let mut ground = Planner::ground();
        let view = self.roots.get(asked.name()).filter(|_| planner.actor.may_ask(asked.name()))?;
        let item = planner.item(view, asked, &mut ground)?;
        Some(Planned { item, ground })
    }

    /// The types of the schema, once something was executed.
    #[must_use]
    pub fn registry(&self) -> Option<&Registry> {
        self.schema().map(|(schema, _)| &schema.registry)
    }

    /// The schema, when it is known already.
    pub(super) fn schema(&self) -> Option<&(SchemaEnv, Extensions)> {
        self.schema.get()
    }
}

/// What the operation asks of the root.
pub(super) fn roots<'a>(env: &'a QueryEnv, schema: &SchemaEnv) -> Vec<select::Asked<'a>> {
    let query = schema.registry.query_type.as_str();
    select::collect(env, &[&env.operation.node.selection_set.node], &|condition| condition == query)
}

/// The operation of that name, or the only one.
pub(super) fn pick<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => all.values().next(),
    }
}

/// What a context stands on.
pub(super) fn environment(
    asked: &Asked<'_>,
    operation: &Positioned<OperationDefinition>,
    extensions: &Extensions,
) -> QueryEnv {
    let mut data = Data::default();
    data.insert(asked.caller.clone());
    QueryEnv::new(QueryEnvInner {
        extensions: extensions.clone(),
        variables: asked.variables.clone(),
        operation_name: asked.operation.map(str::to_owned),
        operation: operation.clone(),
        fragments: asked.document.fragments.clone(),
        uploads: Vec::new(),
        session_data: Arc::default(),
        query_data: Arc::new(data),
        http_headers: std::sync::Mutex::default(),
        introspection_mode: IntrospectionMode::Enabled,
        errors: std::sync::Mutex::default(),
    })
}

fn written<'a>(
    ctx: &Context<'_>,
    actor: &Actor,
    read: impl Iterator<Item = (&'a Planned<'a>, crate::error::Result<Loaded>)>,
) -> Response {
    let mut writer =
        Writer { ctx, actor, out: String::from("{"), begun: Vec::new(), path: Vec::new(), errors: Vec::new() };
    for (place, (planned, loaded)) in read.enumerate() {
        let item = &planned.item;
        json::separate(&mut writer.out, place);
        json::push_text(&mut writer.out, item.key);
        writer.out.push(':');
        writer.path.push(Step::Field(item.key));
        let written = match loaded {
            Ok(loaded) => writer.item(item, Ground { level: &planned.ground, loaded: &loaded }, None),
            Err(error) => writer.refused(item, error),
        };
        writer.path.clear();
        if let Err(error) = written {
            writer.errors.push(error);
            return answer(Value::Null, writer.errors);
        }
    }
    writer.out.push('}');
    answer(json::raw(writer.out), writer.errors)
}

fn answer(data: Value, errors: Vec<ServerError>) -> Response {
    let mut response = Response::new(data);
    response.errors = errors;
    response
}
