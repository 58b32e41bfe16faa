//! The oracle: the same declarations executed in the most naive way, field by field and row by row, over tables held in
//! memory. It shares with the planner the declarations, the arguments and the seals of cursors, and nothing else.

mod lists;
mod tables;

use std::{borrow::Cow, collections::HashMap, sync::Mutex};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ID, Name, ObjectType, OutputType, PathSegment, Positioned,
    QueryPathSegment, ServerError, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field as AskedField, Selection, SelectionSet},
    registry::Registry,
};
use futures_util::{FutureExt, future::BoxFuture};
use uuid::Uuid;

pub(super) use self::tables::Memory;
use self::tables::show;
use super::views::{Queries, Query};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    graphql::{
        Caller, Definition, NodeQueries, Nodes, Place, View,
        column::Sort,
        compute::{Compute, Inputs},
        json,
        page::{CursorValue, Page},
        source::{Find, FromColumn, Source},
        view::{Field, Table, camel},
    },
    platform::{db::Db, id},
};

/// The queries of the test world, executed by the oracle.
#[derive(Debug, Default)]
pub(super) struct Naive(Query);

impl OutputType for Naive {
    fn type_name() -> Cow<'static, str> {
        Query::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Query::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<AskedField>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

impl ContainerType for Naive {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        for view in [NodeQueries::definition(), Queries::definition()] {
            if let Some(field) = view.field(&ctx.item.node.name.node) {
                return root(view, field, ctx).await.map(Some);
            }
        }
        self.0.resolve_field(ctx).await
    }
}

impl ObjectType for Naive {}

async fn root(view: &'static Definition, field: &'static Field, ctx: &Context<'_>) -> ServerResult<Value> {
    let actor = Caller::of(ctx).actor().unwrap();
    let db = ctx.data::<App>().unwrap().db();
    let path = match ctx.path_node.unwrap().segment {
        QueryPathSegment::Name(name) => vec![PathSegment::Field(name.to_owned())],
        QueryPathSegment::Index(_) => Vec::new(),
    };
    let memory = ctx.data::<Memory>().unwrap();
    let oracle = Oracle { ctx, db, actor, memory, errors: Mutex::default(), sizes: Mutex::default() };
    let mut asked = Found::new();
    oracle.add(&ctx.query_env.operation.node.selection_set.node, &|_| true, &mut asked);
    let key = ctx.item.node.response_key().node.as_str();
    let (_, asked) = asked.into_iter().find(|(known, _)| *known == key).unwrap();
    if !std::ptr::eq(asked[0], ctx.item) {
        return Ok(Value::Null);
    }
    let value = oracle.nullable(view, field, (None, asked), path).await;
    for error in oracle.errors.into_inner().unwrap() {
        ctx.add_error(error);
    }
    value
}

struct Oracle<'a> {
    ctx: &'a Context<'a>,
    db: &'a Db,
    actor: &'a Actor,
    memory: &'a Memory,
    errors: Mutex<Vec<ServerError>>,
    /// How large the groups are, by the key of a row of each.
    sizes: Mutex<HashMap<Uuid, usize>>,
}

type Path = Vec<PathSegment>;
type Found<'a> = Vec<(&'a str, Vec<&'a Positioned<AskedField>>)>;
/// A row's key, for views with rows, and the field as it was asked for, once or more.
type Asked<'a> = (Option<Uuid>, Vec<&'a Positioned<AskedField>>);

impl<'a> Oracle<'a> {
    fn nullable<'s>(
        &'s self,
        view: &'static Definition,
        field: &'static Field,
        asked: Asked<'a>,
        path: Path,
    ) -> BoxFuture<'s, ServerResult<Value>> {
        async move {
            let pos = asked.1[0].pos;
            match self.value(view, field, asked, path.clone()).await {
                Err(error) => {
                    let error =
                        if error.path.is_empty() { ServerError { locations: vec![pos], path, ..error } } else { error };
                    if field.may_be_null() {
                        self.errors.lock().unwrap().push(error);
                        return Ok(Value::Null);
                    }
                    Err(error)
                }
                value => value,
            }
        }
        .boxed()
    }

    async fn object(
        &self,
        view: &'static Definition,
        key: Option<Uuid>,
        fields: &[&'a Positioned<AskedField>],
        path: Path,
    ) -> ServerResult<Value> {
        let mut object = IndexMap::new();
        for (name, asked) in self.collect(fields, &|on| on == view.name || (view.node && on == "Node")) {
            let value = match view.field(&asked[0].node.name.node) {
                None => Value::from(view.name),
                Some(field) => self.nullable(view, field, (key, asked), down(&path, name)).await?,
            };
            object.insert(Name::new(name), value);
        }
        Ok(Value::Object(object))
    }

    #[expect(clippy::too_many_lines, reason = "every source in one match")]
    async fn value(
        &self,
        view: &'static Definition,
        field: &'static Field,
        (key, asked): Asked<'a>,
        path: Path,
    ) -> ServerResult<Value> {
        let ctx = self.ctx.query_env.create_context(self.ctx.schema_env, None, asked[0], None);
        match &field.source {
            Source::Column(from) => self.column(view.table.unwrap(), from, key.unwrap()).await.map_err(wrong),
            Source::Computed { compute, .. } => {
                self.computed(view.table.unwrap(), &**compute, key.unwrap(), &asked).await.map_err(wrong)
            }
            Source::One { key: column, only, target, missing: _ } => {
                let table = view.table.unwrap();
                if let Some(only) = only
                    && !self.rule(table, *only).await.contains(&key.unwrap())
                {
                    return Ok(Value::Null);
                }
                let named = self.cell(table, *column, key.unwrap()).await.map_err(wrong)?;
                let Some(CursorValue::Key(named)) = named else { return Ok(Value::Null) };
                self.seen(target(), named, &asked, path).await
            }
            Source::Row { find, target } => match self.found(&ctx, *find, target().table.unwrap()).await? {
                Some(found) => self.seen(target(), found, &asked, path).await,
                None => Ok(Value::Null),
            },
            Source::Nested { target } => self.object(target(), None, &asked, path).await,
            Source::List { rows, target, .. } => {
                let table = target().table.unwrap();
                let sort = rows.order.unwrap_or(Sort { column: table.key, descending: false });
                let keys = self.list(table, rows, (key, sort, None)).await?;
                self.objects(target(), &keys, &asked, path).await
            }
            Source::Connection { rows, target, .. } => {
                let list = format!("{}.{}", view.name, field.name);
                let (page, filter) = Page::read(&ctx, &list, rows, target().table.unwrap().key)?;
                let all = self.list(target().table.unwrap(), rows, (key, page.sort, filter)).await?;
                self.connection(target(), (&all, &page), &asked, path).await
            }
            Source::Groups(groups) => self.groups(groups, (&ctx, &asked), path).await,
            Source::GroupSize => Ok(Value::from(self.sizes.lock().unwrap()[&key.unwrap()])),
            Source::Node => {
                let (_, text) = ctx.param_value::<ID>("id", None)?;
                self.node(&text, &asked, path).await
            }
            Source::Nodes => {
                let (_, ids) = ctx.param_value::<Vec<ID>>("ids", None)?;
                self.nodes(&ids, &asked, path).await
            }
        }
    }

    async fn column(&self, table: Table, from: &FromColumn, key: Uuid) -> Result<Value> {
        let mut cell = self.cell(table, from.column, key).await?;
        if let Some(held_back) = from.held_back
            && !self.rule(table, held_back.unless).await.contains(&key)
        {
            cell = match (held_back.mask, cell) {
                (Some(mask), Some(CursorValue::Text(text))) => Some(CursorValue::Text(mask(&text))),
                _ => None,
            };
        }
        show(cell, &from.kind, from.null)
    }

    async fn computed(
        &self,
        table: Table,
        compute: &dyn Compute,
        key: Uuid,
        asked: &[&'a Positioned<AskedField>],
    ) -> Result<Value> {
        let row = self.row(table, compute.columns(), key).await;
        let places: Vec<_> = (1..=compute.columns().len()).collect();
        let facts = match compute.loader() {
            Some(loader) => Some(self.facts(loader, key).await?),
            None => None,
        };
        let mut field = asked[0].clone();
        field.node.selection_set.node.items =
            asked.iter().flat_map(|field| field.node.selection_set.node.items.clone()).collect();
        let inputs = Inputs { row: &row, places: &places, key, facts: facts.as_deref(), actor: self.actor };
        let mut out = String::new();
        compute.write(&inputs, &Place { ctx: self.ctx, field: &field }, &mut out)?;
        Ok(json::raw(out))
    }

    async fn found(&self, ctx: &Context<'_>, find: Find, table: Table) -> ServerResult<Option<Uuid>> {
        match find {
            Find::Own(key) => Ok(Some(key(self.actor))),
            Find::Id => {
                let (_, text) = ctx.param_value::<ID>("id", None)?;
                Ok(id::read(&text).map(|(_, key)| key))
            }
            Find::Text(column) => {
                let (_, text) = ctx.param_value::<String>(&camel(column.name), None)?;
                for &key in self.all(table).await.iter() {
                    let cell = self.cell(table, column, key).await.map_err(wrong)?;
                    if cell == Some(CursorValue::Text(text.clone())) {
                        return Ok(Some(key));
                    }
                }
                Ok(None)
            }
        }
    }

    async fn nodes(&self, ids: &[ID], asked: &[&'a Positioned<AskedField>], path: Path) -> ServerResult<Value> {
        let mut nodes = Vec::new();
        for (place, text) in ids.iter().enumerate() {
            let mut path = path.clone();
            path.push(PathSegment::Index(place));
            nodes.push(match self.node(text, asked, path).await {
                Ok(value) => value,
                Err(error) => {
                    self.errors.lock().unwrap().push(error);
                    Value::Null
                }
            });
        }
        Ok(Value::List(nodes))
    }

    async fn node(&self, text: &str, asked: &[&'a Positioned<AskedField>], path: Path) -> ServerResult<Value> {
        let (prefix, key) = id::read(text).unwrap();
        let view = self.ctx.data::<Nodes>().unwrap().find(prefix).unwrap();
        self.seen(view, key, asked, path).await
    }

    async fn seen(
        &self,
        view: &'static Definition,
        key: Uuid,
        asked: &[&'a Positioned<AskedField>],
        path: Path,
    ) -> ServerResult<Value> {
        let table = view.table.unwrap();
        if !self.rule(table, table.seen_by).await.contains(&key) {
            return Ok(Value::Null);
        }
        self.object(view, Some(key), asked, path).await
    }

    async fn objects(
        &self,
        view: &'static Definition,
        keys: &[Uuid],
        asked: &[&'a Positioned<AskedField>],
        path: Path,
    ) -> ServerResult<Value> {
        let mut objects = Vec::new();
        for (place, key) in keys.iter().enumerate() {
            let mut path = path.clone();
            path.push(PathSegment::Index(place));
            objects.push(self.object(view, Some(*key), asked, path).await?);
        }
        Ok(Value::List(objects))
    }

    fn collect(&self, fields: &[&'a Positioned<AskedField>], applies: &dyn Fn(&str) -> bool) -> Found<'a> {
        let mut found = Found::new();
        for field in fields {
            self.add(&field.node.selection_set.node, applies, &mut found);
        }
        found
    }

    fn add(&self, selections: &'a SelectionSet, applies: &dyn Fn(&str) -> bool, found: &mut Found<'a>) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    match found.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, fields)) => fields.push(field),
                        None => found.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if fragment.node.type_condition.as_ref().is_none_or(|on| applies(&on.node.on.node)) {
                        self.add(&fragment.node.selection_set.node, applies, found);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.ctx.query_env.fragments[&spread.node.fragment_name.node].node;
                    if applies(&fragment.type_condition.node.on.node) {
                        self.add(&fragment.selection_set.node, applies, found);
                    }
                }
            }
        }
    }
}

fn down(path: &Path, name: &str) -> Path {
    let mut path = path.clone();
    path.push(PathSegment::Field(name.to_owned()));
    path
}

fn wrong(error: Error) -> ServerError {
    async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default())
}
