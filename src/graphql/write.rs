//! Writing the response from what a plan has read: one buffer, in the order of the document.
//!
//! GraphQL's null propagation is a remembered length: at every place that may be null the buffer is cut back to where
//! the value began, `null` is written, and the failure is noted with its path.

use async_graphql::{Context, PathSegment, Pos, ServerError};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{
    cell,
    compute::Inputs,
    json,
    leaf::Place,
    page::Cursor,
    plan::{ComputedItem, ConnectionShape, EdgeMember, Item, Level, Mask, Member, PageMember, Part, Shape, What},
    read::{Group, Loaded},
};
use crate::{auth::Actor, error::Error};

/// A failure on its way to the nearest place that may be null.
type Written = Result<(), ServerError>;

/// The response being written.
pub(super) struct Writer<'a> {
    pub(super) ctx: &'a Context<'a>,
    pub(super) actor: &'a Actor,
    pub(super) out: String,
    /// Where it began, and where it is below that.
    pub(super) begun: Vec<PathSegment>,
    pub(super) path: Vec<Step<'a>>,
    pub(super) errors: Vec<ServerError>,
}

/// One step of a path. Borrowed: hardly anybody is ever told of it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

/// Rows and what was planned for them.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) level: &'a Level,
    pub(super) loaded: &'a Loaded,
}

impl<'a> Ground<'a> {
    fn child(self, child: usize) -> Option<Ground<'a>> {
        Some(Ground { level: &self.level.children.get(child)?.level, loaded: self.loaded.children.get(child)? })
    }

    fn row(self, row: Option<usize>) -> Option<&'a QueryResult> {
        self.loaded.rows.get(row?)
    }
}

impl<'a> Writer<'a> {
    /// Writes an object from one row, or from no row for a view without rows.
    pub(super) fn object(&mut self, shape: &Shape<'a>, ground: Ground<'_>, row: Option<usize>) -> Written {
        self.out.push('{');
        for (place, item) in shape.items.iter().enumerate() {
            json::separate(&mut self.out, place);
            self.name(item.key);
            self.at(Step::Field(item.key), |writer| writer.item(item, ground, row))?;
        }
        self.out.push('}');
        Ok(())
    }

    /// Writes a member's value. A failure stops here when the member may be null.
    pub(super) fn item(&mut self, item: &Item<'a>, ground: Ground<'_>, row: Option<usize>) -> Written {
        if !item.null {
            return self.value(item, ground, row);
        }
        self.or_null(|writer| writer.value(item, ground, row));
        Ok(())
    }

    /// Writes what becomes of a member whose rows could not be read.
    pub(super) fn refused(&mut self, item: &Item<'a>, error: Error) -> Written {
        let error = self.failed(error, item.field.pos);
        if !item.null {
            return Err(error);
        }
        self.or_null(|_| Err(error));
        Ok(())
    }

    /// Writes something that may be null: a failure below stops here.
    fn or_null(&mut self, write: impl FnOnce(&mut Self) -> Written) {
        let begin = self.out.len();
        let depth = self.path.len();
        if let Err(error) = write(self) {
            self.out.truncate(begin);
            self.path.truncate(depth);
            self.out.push_str("null");
            self.errors.push(error);
        }
    }

    fn value(&mut self, item: &Item<'a>, ground: Ground<'_>, row: Option<usize>) -> Written {
        let pos = item.field.pos;
        match &item.value {
            What::TypeName(name) => json::push_text(&mut self.out, name),
            What::Column { at, kind, mask } => {
                let row = ground.row(row).ok_or_else(|| self.lost(pos))?;
                let written = match mask {
                    Some(mask) => self.masked(*mask, *at, row),
                    None => cell::push(row, *at, kind, &mut self.out),
                };
                self.null_unless(written, item)?;
            }
            What::Computed(computed) => {
                let written = self.computed(computed, ground, row);
                self.null_unless(written, item)?;
            }
            What::One { child, by, shape, missing } => {
                let rows = self.rows(ground, row, (*child, *by), pos)?;
                match (rows.map(|(ground, group)| (ground, group.rows.first())), missing) {
                    (Some((ground, Some(row))), _) => self.object(shape, ground, Some(*row))?,
                    (Some((_, None)), Some(missing)) => return Err(self.failed(missing(), pos)),
                    _ => self.out.push_str("null"),
                }
            }
            What::List { child, by, shape } => match self.rows(ground, row, (*child, *by), pos)? {
                Some((ground, group)) => self.list(&group.rows, |out, row| out.object(shape, ground, Some(*row)))?,
                None => self.out.push_str("[]"),
            },
            What::Connection { child, by, shape } => {
                let parent = self.parent(ground, row, *by, pos)?;
                let ground = ground.child(*child).ok_or_else(|| self.lost(pos))?;
                self.connection(shape, ground, by.and(parent), pos)?;
            }
            What::Nested(shape) => self.object(shape, ground, row)?,
            What::Nodes { children, entries } => self.list(entries, |writer, entry| {
                writer.or_null(|writer| writer.node(children, *entry, ground));
                Ok(())
            })?,
            What::Broken(error) => return Err(self.placed(error.clone())),
        }
        Ok(())
    }

    /// The rows of a child that belong to this row; `None` when this row names none.
    fn rows<'g>(
        &self,
        ground: Ground<'g>,
        row: Option<usize>,
        (child, by): (usize, Option<usize>),
        pos: Pos,
    ) -> Result<Option<(Ground<'g>, &'g Group)>, ServerError> {
        let below = ground.child(child).ok_or_else(|| self.lost(pos))?;
        let parent = self.parent(ground, row, by, pos)?;
        if by.is_some() && parent.is_none() {
            return Ok(None);
        }
        Ok(Some((below, below.loaded.group(parent))))
    }

    fn parent(
        &self,
        ground: Ground<'_>,
        row: Option<usize>,
        by: Option<usize>,
        pos: Pos,
    ) -> Result<Option<Uuid>, ServerError> {
        let Some(by) = by else { return Ok(None) };
        let row = ground.row(row).ok_or_else(|| self.lost(pos))?;
        cell::key(row, by).map_err(|error| self.failed(error, pos))
    }

    fn masked(&mut self, mask: Mask, at: usize, row: &QueryResult) -> crate::error::Result<bool> {
        let Some(text) = cell::text(row, at)? else { return Ok(false) };
        if cell::integer(row, mask.allowed_at)? == 1 {
            json::push_text(&mut self.out, text);
        } else {
            json::push_text(&mut self.out, &(mask.mask)(text));
        }
        Ok(true)
    }

    fn computed(
        &mut self,
        computed: &ComputedItem,
        ground: Ground<'_>,
        row: Option<usize>,
    ) -> crate::error::Result<bool> {
        let row = ground.row(row).ok_or_else(|| Error::internal("a computed field without a row"))?;
        let key = ground.level.key_at.map_or(Ok(None), |at| cell::key(row, at))?;
        let inputs = Inputs {
            row,
            places: &computed.places,
            key: key.unwrap_or_default(),
            facts: computed.facts.and_then(|facts| ground.loaded.facts.get(facts)),
            actor: self.actor,
        };
        let place = Place { ctx: self.ctx, field: &computed.field };
        computed.compute.write(&inputs, &place, &mut self.out)
    }

    fn node(&mut self, children: &[(usize, Shape<'a>)], entry: Option<(usize, Uuid)>, ground: Ground<'_>) -> Written {
        let found = entry.and_then(|(kind, key)| {
            let (child, shape) = children.get(kind)?;
            let ground = ground.child(*child)?;
            Some((shape, ground, *ground.loaded.group(Some(key)).rows.first()?))
        });
        if let Some((shape, ground, row)) = found {
            return self.object(shape, ground, Some(row));
        }
        self.out.push_str("null");
        Ok(())
    }

    fn connection(
        &mut self,
        shape: &ConnectionShape<'a>,
        ground: Ground<'_>,
        parent: Option<Uuid>,
        pos: Pos,
    ) -> Written {
        self.out.push('{');
        for (place, (key, member)) in shape.members.iter().enumerate() {
            json::separate(&mut self.out, place);
            self.name(key);
            let group = ground.loaded.group(parent);
            self.at(Step::Field(key), |writer| {
                match member {
                    Member::TypeName => json::push_text(&mut writer.out, &shape.type_name),
                    Member::TotalCount => json::push_integer(&mut writer.out, ground.loaded.count(parent)),
                    Member::Nodes(nodes) => {
                        writer.list(&group.rows, |writer, row| writer.object(nodes, ground, Some(*row)))?;
                    }
                    Member::Edges(members) => {
                        writer.list(&group.rows, |writer, row| writer.edge(members, shape, (ground, *row), pos))?;
                    }
                    Member::PageInfo(members) => writer.page_info(members, shape, (ground, group), pos)?,
                }
                Ok(())
            })?;
        }
        self.out.push('}');
        Ok(())
    }

    fn edge(
        &mut self,
        members: &[(&'a str, EdgeMember<'a>)],
        connection: &ConnectionShape<'a>,
        (ground, row): (Ground<'_>, usize),
        pos: Pos,
    ) -> Written {
        self.out.push('{');
        for (place, (key, member)) in members.iter().enumerate() {
            json::separate(&mut self.out, place);
            self.name(key);
            match member {
                EdgeMember::TypeName => {
                    let name = connection.type_name.trim_end_matches("Connection");
                    json::push_text(&mut self.out, &format!("{name}Edge"));
                }
                EdgeMember::Cursor => self.cursor(connection, ground, row, pos)?,
                EdgeMember::Node(shape) => {
                    self.at(Step::Field(key), |writer| writer.object(shape, ground, Some(row)))?;
                }
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn page_info(
        &mut self,
        members: &[(&'a str, PageMember)],
        connection: &ConnectionShape<'a>,
        (ground, group): (Ground<'_>, &Group),
        pos: Pos,
    ) -> Written {
        let Some(Part::Page(page)) = ground.level.rows.as_ref().map(|rows| &rows.part) else {
            return Err(self.lost(pos));
        };
        self.out.push('{');
        for (place, (key, member)) in members.iter().enumerate() {
            json::separate(&mut self.out, place);
            self.name(key);
            let flag = match member {
                PageMember::TypeName => {
                    json::push_text(&mut self.out, "PageInfo");
                    continue;
                }
                PageMember::HasNextPage if page.backwards => page.from.is_some(),
                PageMember::HasPreviousPage if !page.backwards => page.from.is_some(),
                PageMember::HasNextPage | PageMember::HasPreviousPage => group.more,
                PageMember::StartCursor | PageMember::EndCursor => {
                    let rows = &group.rows;
                    let row = if let PageMember::StartCursor = member { rows.first() } else { rows.last() };
                    match row {
                        Some(row) => self.cursor(connection, ground, *row, pos)?,
                        None => self.out.push_str("null"),
                    }
                    continue;
                }
            };
            self.out.push_str(if flag { "true" } else { "false" });
        }
        self.out.push('}');
        Ok(())
    }

    fn cursor(&mut self, connection: &ConnectionShape<'a>, ground: Ground<'_>, row: usize, pos: Pos) -> Written {
        let (Some(wanted), Some((sort_at, key_at)), Some(row)) =
            (ground.level.rows.as_ref(), connection.cursor_at, ground.row(Some(row)))
        else {
            return Err(self.lost(pos));
        };
        let Part::Page(page) = &wanted.part else { return Err(self.lost(pos)) };
        let cursor = || {
            let key = cell::key(row, key_at)?.ok_or_else(|| Error::internal("a row without a key"))?;
            Ok(Cursor { value: cell::cursor_value(row, sort_at, page.sort.column.class)?, key })
        };
        let cursor = cursor().map_err(|error| self.failed(error, pos))?;
        json::push_text(&mut self.out, &page.seal.write(&cursor));
        Ok(())
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T) -> Written) -> Written {
        self.out.push('[');
        for (place, item) in items.iter().enumerate() {
            json::separate(&mut self.out, place);
            self.at(Step::Index(place), |writer| write(writer, item))?;
        }
        self.out.push(']');
        Ok(())
    }

    /// Writes `null` when nothing was written, where that is allowed.
    fn null_unless(&mut self, written: crate::error::Result<bool>, item: &Item<'a>) -> Written {
        match written {
            Ok(true) => Ok(()),
            Ok(false) if item.null => {
                self.out.push_str("null");
                Ok(())
            }
            Ok(false) => Err(self.failed(Error::internal("a value is missing that is never missing"), item.field.pos)),
            Err(error) => Err(self.failed(error, item.field.pos)),
        }
    }

    fn name(&mut self, name: &str) {
        // Names in GraphQL need no escaping.
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    fn at(&mut self, step: Step<'a>, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.path.push(step);
        let written = write(self);
        self.path.pop();
        written
    }

    fn lost(&self, pos: Pos) -> ServerError {
        self.failed(Error::internal("a plan and what was read differ"), pos)
    }

    fn failed(&self, error: Error, pos: Pos) -> ServerError {
        self.placed(async_graphql::Error::from(error).into_server_error(pos))
    }

    fn placed(&self, error: ServerError) -> ServerError {
        let below = self.path.iter().map(|step| match *step {
            Step::Field(name) => PathSegment::Field(name.to_owned()),
            Step::Index(place) => PathSegment::Index(place),
        });
        error.with_path(self.begun.iter().cloned().chain(below).collect())
    }
}
