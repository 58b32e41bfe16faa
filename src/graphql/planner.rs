//! Making a plan: from what a request asks, by what the views declare.

use std::sync::Arc;

use async_graphql::{
    Context, Positioned, ServerError, ServerResult,
    context::QueryEnv,
    parser::types::{Field as AskedField, SelectionSet},
};
use sea_orm::{Condition, sea_query::Expr};
use uuid::Uuid;

use super::{
    column::Sort,
    compute::Compute,
    groups::{Groups, SIZE},
    node::{self, NODE, Nodes},
    page::{self, Page},
    plan::{Child, ComputedItem, Item, Level, Mask, Part, RowsWanted, Selected, Shape, Start, What},
    select::{Asked, collect},
    source::{Find, FromColumn, Of, Relation, Rows, Source},
    view::{Definition, Field, Table, camel},
};
use crate::{
    auth::Actor,
    error::{Code, Error, Problem, Text},
    platform::id,
};

/// Plans one read. Counts what it costs: the rows that are asked for at most.
pub(super) struct Planner<'a> {
    pub(super) ctx: &'a Context<'a>,
    pub(super) actor: &'a Actor,
    pub(super) cost: u64,
    /// Whether something that was asked cannot be planned.
    pub(super) broken: bool,
}

impl<'a> Planner<'a> {
    pub(super) fn env(&self) -> &'a QueryEnv {
        self.ctx.query_env
    }

    /// The same request, at another field: to read its arguments.
    pub(super) fn at(&self, field: &'a Positioned<AskedField>) -> Context<'a> {
        self.ctx.query_env.create_context(self.ctx.schema_env, None, field, self.ctx.execute_data)
    }

    /// Rows of a view of their own, apart from any parent.
    pub(super) fn level(&mut self, table: Option<Table>, start: Start, part: Part, requested: u64) -> Level {
        self.cost = self.cost.saturating_add(requested);
        let rows = table.map(|table| {
            let mut wanted = RowsWanted {
                table,
                start,
                seen: seen(&table, self.actor),
                open: self.actor.may_see(table.view),
                filter: None,
                selected: vec![Selected::Group],
                part,
                rows: true,
                count: false,
                recorded_at: None,
            };
            wanted.recorded_at = table.recorded.map(|_| wanted.place(table.key));
            wanted
        });
        Level { rows, children: Vec::new(), facts: Vec::new(), key_at: None, requested }
    }

    /// A level that reads nothing itself: the ground on which a view without rows stands.
    pub(super) fn ground() -> Level {
        Level { rows: None, children: Vec::new(), facts: Vec::new(), key_at: None, requested: 1 }
    }

    /// What is asked of an object of this view, whose rows are read by `level`.
    pub(super) fn shape(
        &mut self,
        view: &'static Definition,
        selections: &[&'a SelectionSet],
        level: &mut Level,
    ) -> Shape<'a> {
        let applies = |condition: &str| condition == view.name || (view.node && condition == NODE);
        let asked = collect(self.env(), selections, &applies);
        Shape { items: asked.into_iter().filter_map(|asked| self.item(view, &asked, level)).collect() }
    }

    /// One field of an object. `None` for a field that the view does not have, which validation does not let through.
    pub(super) fn item(&mut self, view: &'static Definition, asked: &Asked<'a>, level: &mut Level) -> Option<Item<'a>> {
        let field = *asked.fields.first()?;
        if asked.name() == "__typename" {
            return Some(Item { key: asked.key, field, null: false, value: What::TypeName(view.name) });
        }
        let declared = view.field(asked.name())?;
        let value = self.value(view, declared, asked, level);
        self.broken |= value.is_err();
        let value = value.unwrap_or_else(What::Broken);
        Some(Item { key: asked.key, field, null: declared.may_be_null(), value })
    }

    fn value(
        &mut self,
        view: &'static Definition,
        declared: &'static Field,
        asked: &Asked<'a>,
        level: &mut Level,
    ) -> ServerResult<What<'a>> {
        Ok(match &declared.source {
            Source::Column(from) => column(from, rows_of(level)?),
            Source::Computed { compute, .. } => What::Computed(computed(compute, asked, level)?),
            Source::One { key, only, missing, target } => {
                let (part, rows) = (Part::One, rows_of(level)?);
                let by = match *only {
                    Some(rule) => rows.add(Selected::HeldBack(*key, rule)),
                    None => rows.place(*key),
                };
                let (by, requested) = (Some(by), level.requested);
                let child = self.level(target().table, Start::Named, part, requested);
                let (child, shape) = self.below(level, by, child, (*target, asked));
                What::One { child, by, shape, missing: *missing }
            }
            Source::List { rows, at_most, target } => {
                let (by, child) = self.list(rows, *at_most, *target, level)?;
                let (child, shape) = self.below(level, by, child, (*target, asked));
                What::List { child, by, shape }
            }
            Source::Connection { rows, target, .. } => {
                let list = format!("{}.{}", view.name, declared.name);
                self.connection(&list, rows, (*target, asked), level)?
            }
            Source::Groups(groups) => {
                let child = self.groups(groups, asked)?;
                let (child, shape) = self.below(level, None, child, (groups.target, asked));
                What::List { child, by: None, shape }
            }
            Source::GroupSize => What::Column { at: 0, kind: &SIZE, mask: None },
            Source::Row { find, target } => {
                let child = self.found(*find, *target, asked)?;
                let (child, shape) = self.below(level, None, child, (*target, asked));
                What::One { child, by: None, shape, missing: None }
            }
            Source::Nested { target } => What::Nested(self.shape(target(), &asked.selections(), level)),
            Source::Node => self.node(asked, level)?,
            Source::Nodes => self.nodes(asked, level)?,
        })
    }

    /// Plans what is asked of a child and puts it below its parent.
    fn below(
        &mut self,
        parent: &mut Level,
        by: Option<usize>,
        mut level: Level,
        (target, asked): (Of, &Asked<'a>),
    ) -> (usize, Shape<'a>) {
        let shape = self.shape(target(), &asked.selections(), &mut level);
        parent.children.push(Child { by, level });
        (parent.children.len() - 1, shape)
    }

    fn list(
        &mut self,
        rows: &Rows,
        at_most: u64,
        target: Of,
        parent: &mut Level,
    ) -> ServerResult<(Option<usize>, Level)> {
        let table = table_of(target)?;
        let sort = rows.order.unwrap_or(Sort { column: table.key, descending: false });
        let requested = parent.requested.saturating_mul(at_most);
        let mut level = self.level(Some(table), start(rows), Part::All { sort, at_most }, requested);
        known_seen(&mut level, target(), rows, parent);
        self.narrow(&mut level, rows, None);
        Ok((by(rows, parent)?, level))
    }

    /// A page of rows below `parent`, without what is asked of them.
    pub(super) fn page(
        &mut self,
        list: &str,
        rows: &Rows,
        (target, asked): (Of, &Asked<'a>),
        parent: &mut Level,
    ) -> ServerResult<(Option<usize>, Level)> {
        let table = table_of(target)?;
        let Some(field) = asked.fields.first() else { return Err(internal("nothing is asked for")) };
        let (page, filter) = Page::read(&self.at(field), list, rows, table.key)?;
        let requested = parent.requested.saturating_mul(page.size);
        let mut level = self.level(Some(table), start(rows), Part::Page(page), requested);
        known_seen(&mut level, target(), rows, parent);
        self.narrow(&mut level, rows, filter);
        Ok((by(rows, parent)?, level))
    }

    fn groups(&mut self, groups: &'static Groups, asked: &Asked<'a>) -> ServerResult<Level> {
        let table = table_of(groups.target)?;
        let Some(field) = asked.fields.first() else { return Err(internal("nothing is asked for")) };
        let filter = groups.rows.filter.map_or(Ok(None), |filter| (filter.read)(&self.at(field)))?;
        let part = Part::Groups { by: &groups.by, at_most: groups.at_most };
        let mut level = self.level(Some(table), Start::Anywhere, part, groups.at_most);
        self.narrow(&mut level, &groups.rows, filter.map(|(condition, _)| condition));
        Ok(level)
    }

    fn narrow(&self, level: &mut Level, rows: &Rows, filter: Option<Condition>) {
        if let Some(wanted) = &mut level.rows {
            if let Some(only) = rows.only {
                wanted.seen = wanted.seen.clone().add(only(self.actor));
            }
            wanted.filter = filter;
        }
    }

    fn found(&mut self, find: Find, target: Of, asked: &Asked<'a>) -> ServerResult<Level> {
        let table = table_of(target)?;
        let Some(field) = asked.fields.first() else { return Err(internal("nothing is asked for")) };
        let ctx = self.at(field);
        let mut start = Start::Anywhere;
        let mut condition = None;
        match find {
            Find::Id => {
                let (_, text) = ctx.param_value::<async_graphql::ID>("id", None)?;
                let key = id::read(&text).filter(|(prefix, _)| *prefix == table.prefix).map(|(_, key)| key);
                start = Start::Keys(vec![key.ok_or_else(|| not_an_id(&ctx, "id", table.prefix))?]);
            }
            Find::Own(key) => start = Start::Keys(vec![key(self.actor)]),
            Find::Text(column) => {
                let (_, text) = ctx.param_value::<String>(&camel(column.name), None)?;
                condition = Some(Condition::all().add(sea_orm::ExprTrait::eq(column.expr(), text)));
            }
        }
        let mut level = self.level(Some(table), start, Part::One, 1);
        if let Some(wanted) = &mut level.rows {
            wanted.filter = condition;
        }
        Ok(level)
    }

    fn node(&mut self, asked: &Asked<'a>, parent: &mut Level) -> ServerResult<What<'a>> {
        let Some(field) = asked.fields.first() else { return Err(internal("nothing is asked for")) };
        let ctx = self.at(field);
        let (_, text) = ctx.param_value::<async_graphql::ID>("id", None)?;
        let (view, key) = self.find_node(&text).ok_or_else(|| not_an_id(&ctx, "id", "agreement"))?;
        let mut level = self.level(view.table, Start::Keys(vec![key]), Part::One, 1);
        let shape = self.shape(view, &asked.selections(), &mut level);
        parent.children.push(Child { by: None, level });
        Ok(What::One { child: parent.children.len() - 1, by: None, shape, missing: None })
    }

    fn nodes(&mut self, asked: &Asked<'a>, parent: &mut Level) -> ServerResult<What<'a>> {
        let Some(field) = asked.fields.first() else { return Err(internal("nothing is asked for")) };
        let ctx = self.at(field);
        let (_, ids) = ctx.param_value::<Vec<async_graphql::ID>>("ids", None)?;
        if ids.len() > node::MOST {
            let (en, zh) = (format!("At most {} ids.", node::MOST), format!("最多 {} 个标识。", node::MOST));
            return Err(page::invalid(ctx.item.pos, "ids", Text::new(en, zh)));
        }
        let mut kinds: Vec<(&'static Definition, Vec<Uuid>)> = Vec::new();
        let mut entries = Vec::with_capacity(ids.len());
        for text in &ids {
            let (view, key) = self.find_node(text).ok_or_else(|| not_an_id(&ctx, "ids", "agreement"))?;
            let kind = kinds.iter().position(|(known, _)| known.name == view.name).unwrap_or_else(|| {
                kinds.push((view, Vec::new()));
                kinds.len() - 1
            });
            if !kinds[kind].1.contains(&key) {
                kinds[kind].1.push(key);
            }
            entries.push(Some((kind, key)));
        }
        let mut children = Vec::new();
        for (view, keys) in kinds {
            let requested = keys.len() as u64;
            let mut level = self.level(view.table, Start::Keys(keys), Part::One, requested);
            let shape = self.shape(view, &asked.selections(), &mut level);
            parent.children.push(Child { by: None, level });
            children.push((parent.children.len() - 1, shape));
        }
        Ok(What::Nodes { children, entries })
    }

    fn find_node(&self, text: &str) -> Option<(&'static Definition, Uuid)> {
        let (prefix, key) = id::read(text)?;
        Some((self.ctx.data_opt::<Nodes>()?.find(prefix)?, key))
    }
}

fn column<'a>(from: &'static FromColumn, rows: &mut RowsWanted) -> What<'a> {
    let (at, mask) = match from.held_back {
        None => (rows.place(from.column), None),
        Some(held_back) => match held_back.mask {
            None => (rows.add(Selected::HeldBack(from.column, held_back.unless)), None),
            Some(mask) => {
                let allowed_at = rows.add(Selected::Allowed(held_back.unless));
                (rows.place(from.column), Some(Mask { allowed_at, mask }))
            }
        },
    };
    What::Column { at, kind: &from.kind, mask }
}

fn computed(compute: &Arc<dyn Compute>, asked: &Asked<'_>, level: &mut Level) -> ServerResult<ComputedItem> {
    let rows = rows_of(level)?;
    let places = compute.columns().iter().map(|column| rows.place(*column)).collect();
    let key_at = rows.place(rows.table.key);
    let Some(first) = asked.fields.first() else { return Err(internal("nothing is asked for")) };
    let mut field = (*first).clone();
    for more in &asked.fields[1..] {
        field.node.selection_set.node.items.extend(more.node.selection_set.node.items.iter().cloned());
    }
    let facts = compute.loader().map(|loader| {
        let known = |known: &Arc<dyn Compute>| known.loader().is_some_and(|known| known.id() == loader.id());
        level.facts.iter().position(known).unwrap_or_else(|| {
            level.facts.push(compute.clone());
            level.facts.len() - 1
        })
    });
    level.key_at = Some(key_at);
    Ok(ComputedItem { compute: compute.clone(), places, facts, field })
}

fn start(rows: &Rows) -> Start {
    match rows.relation {
        Relation::All => Start::Anywhere,
        relation => Start::Related(relation),
    }
}

fn by(rows: &Rows, parent: &mut Level) -> ServerResult<Option<usize>> {
    match rows.relation {
        Relation::All => Ok(None),
        Relation::By(_) | Relation::Through(..) => {
            let rows = rows_of(parent)?;
            Ok(Some(rows.place(rows.table.key)))
        }
    }
}

fn rows_of(level: &mut Level) -> ServerResult<&mut RowsWanted> {
    level.rows.as_mut().ok_or_else(|| internal("a view without rows has a field of a row"))
}

fn table_of(target: Of) -> ServerResult<Table> {
    target().table.ok_or_else(|| internal("a list of a view without rows"))
}

pub(super) fn internal(message: &str) -> ServerError {
    async_graphql::Error::from(Error::internal(message)).into_server_error(async_graphql::Pos::default())
}

fn not_an_id(ctx: &Context<'_>, argument: &str, prefix: &str) -> ServerError {
    let example = id::show(prefix, Uuid::nil());
    let message = Text::new(
        format!("{argument}: expected an id such as {example}."),
        format!("{argument}：应为形如 {example} 的标识。"),
    );
    let error = Error::from(Problem::new(Code::InvalidInput, message).at([argument]));
    async_graphql::Error::from(error).into_server_error(ctx.item.pos)
}

/// Rows that are seen with their parent need no further question: the parent was seen.
fn known_seen(level: &mut Level, view: &Definition, rows: &Rows, parent: &Level) {
    if let (Some(wanted), Some(above), Relation::By(column)) = (&mut level.rows, &parent.rows, rows.relation)
        && wanted.open
        && view.is_seen_with(&above.table, column)
    {
        wanted.seen = Condition::all();
    }
}

/// Which rows the actor sees: those of the view's rule, and none where a service account's scopes do not show the view.
fn seen(table: &Table, actor: &Actor) -> Condition {
    let closed = (!actor.may_see(table.view)).then(|| Expr::value(false));
    Condition::all().add((table.seen_by)(actor)).add_option(closed)
}
