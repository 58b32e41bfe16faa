//! Lists, pages and cursors, the naive way.

use std::{cmp::Ordering, sync::Arc};

use async_graphql::{
    Context, Name, PathSegment, Positioned, ServerResult, Value, indexmap::IndexMap, parser::types::Field as AskedField,
};
use sea_orm::Condition;
use uuid::Uuid;

use super::{
    Oracle, Path, down,
    tables::{Cell, compare},
    wrong,
};
use crate::graphql::{
    Definition,
    column::Sort,
    groups::Groups,
    page::{Cursor, CursorValue, Page},
    source::{Relation, Rows},
    view::Table,
};

impl<'a> Oracle<'a> {
    pub(super) async fn connection(
        &self,
        view: &'static Definition,
        (all, page): (&[Uuid], &Page),
        asked: &[&'a Positioned<AskedField>],
        path: Path,
    ) -> ServerResult<Value> {
        let table = view.table.unwrap();
        let (part, more) = self.part(table, all, page).await?;
        let name = format!("{}Connection", view.name);
        let mut object = IndexMap::new();
        for (key, asked) in self.collect(asked, &|on| on == name) {
            let path = down(&path, key);
            let value = match asked[0].node.name.node.as_str() {
                "totalCount" => Value::from(all.len()),
                "nodes" => self.objects(view, &part, &asked, path).await?,
                "edges" => self.edges(view, (&part, page), &asked, path).await?,
                "pageInfo" => self.page_info(table, (&part, page), &asked, more).await?,
                _ => Value::from(name.as_str()),
            };
            object.insert(Name::new(key), value);
        }
        Ok(Value::Object(object))
    }

    /// The rows of a page, and whether there are more.
    async fn part(&self, table: Table, all: &[Uuid], page: &Page) -> ServerResult<(Vec<Uuid>, bool)> {
        let mut part = Vec::new();
        let cells = self.cells(table, page.sort.column).await.map_err(wrong)?;
        for key in all {
            let beyond = match &page.from {
                None => true,
                Some(cursor) => {
                    let value = cells[key].clone();
                    let order = compare((&value, *key), (&cursor.value, cursor.key), page.sort);
                    order == if page.backwards { Ordering::Less } else { Ordering::Greater }
                }
            };
            if beyond {
                part.push(*key);
            }
        }
        let size = usize::try_from(page.size).unwrap();
        let more = part.len() > size;
        if page.backwards {
            part = part.split_off(part.len().saturating_sub(size));
        }
        part.truncate(size);
        Ok((part, more))
    }

    pub(super) async fn edges(
        &self,
        view: &'static Definition,
        (part, page): (&[Uuid], &Page),
        asked: &[&'a Positioned<AskedField>],
        path: Path,
    ) -> ServerResult<Value> {
        let name = format!("{}Edge", view.name);
        let mut edges = Vec::new();
        for (place, key) in part.iter().enumerate() {
            let mut object = IndexMap::new();
            for (member, asked) in self.collect(asked, &|on| on == name) {
                let mut path = path.clone();
                path.push(PathSegment::Index(place));
                let value = match asked[0].node.name.node.as_str() {
                    "cursor" => self.cursor(view.table.unwrap(), page, Some(key)).await?,
                    "node" => self.object(view, Some(*key), &asked, down(&path, member)).await?,
                    _ => Value::from(name.as_str()),
                };
                object.insert(Name::new(member), value);
            }
            edges.push(Value::Object(object));
        }
        Ok(Value::List(edges))
    }

    pub(super) async fn page_info(
        &self,
        table: Table,
        (part, page): (&[Uuid], &Page),
        asked: &[&'a Positioned<AskedField>],
        more: bool,
    ) -> ServerResult<Value> {
        let mut object = IndexMap::new();
        for (key, asked) in self.collect(asked, &|on| on == "PageInfo") {
            let value = match asked[0].node.name.node.as_str() {
                "hasNextPage" => Value::from(if page.backwards { page.from.is_some() } else { more }),
                "hasPreviousPage" => Value::from(if page.backwards { more } else { page.from.is_some() }),
                "startCursor" => self.cursor(table, page, part.first()).await?,
                "endCursor" => self.cursor(table, page, part.last()).await?,
                _ => Value::from("PageInfo"),
            };
            object.insert(Name::new(key), value);
        }
        Ok(Value::Object(object))
    }

    pub(super) async fn cursor(&self, table: Table, page: &Page, key: Option<&Uuid>) -> ServerResult<Value> {
        let Some(key) = key else { return Ok(Value::Null) };
        let value = self.cell(table, page.sort.column, *key).await.map_err(wrong)?;
        Ok(Value::from(page.seal.write(&Cursor { value, key: *key })))
    }

    /// One object for each distinct value of the columns, in their order, read from some row that has it.
    pub(super) async fn groups(
        &self,
        groups: &Groups,
        (ctx, asked): (&Context<'_>, &[&'a Positioned<AskedField>]),
        path: Path,
    ) -> ServerResult<Value> {
        let table = (groups.target)().table.unwrap();
        let filter = groups.rows.filter.map_or(Ok(None), |filter| (filter.read)(ctx))?;
        let by_key = Sort { column: table.key, descending: false };
        let mut found: Vec<(Vec<Cell>, Uuid, usize)> = Vec::new();
        for key in self.list(table, &groups.rows, (None, by_key, filter.map(|(condition, _)| condition))).await? {
            let mut cells = Vec::new();
            for column in &groups.by {
                cells.push(self.cell(table, *column, key).await.map_err(wrong)?);
            }
            match found.iter_mut().find(|(known, ..)| *known == cells) {
                Some((_, _, size)) => *size += 1,
                None => found.push((cells, key, 1)),
            }
        }
        found.sort_by(|(a, ..), (b, ..)| {
            let cells = a.iter().zip(b).map(|(a, b)| compare((a, Uuid::nil()), (b, Uuid::nil()), by_key));
            cells.fold(Ordering::Equal, Ordering::then)
        });
        *self.sizes.lock().unwrap() = found.iter().map(|(_, key, size)| (*key, *size)).collect();
        let keys: Vec<Uuid> = found.iter().map(|(_, key, _)| *key).collect();
        self.objects((groups.target)(), &keys, asked, path).await
    }

    /// The keys of a list, in order.
    pub(super) async fn list(
        &self,
        table: Table,
        rows: &Rows,
        (key, sort, filter): (Option<Uuid>, Sort, Option<Condition>),
    ) -> ServerResult<Vec<Uuid>> {
        let mut fulfilling = vec![self.rule(table, table.seen_by).await];
        if let Some(only) = rows.only {
            fulfilling.push(self.rule(table, only).await);
        }
        if let Some(filter) = filter {
            fulfilling.push(self.keys(table, filter).await);
        }
        let belonging = match rows.relation {
            Relation::All => None,
            Relation::By(column) => {
                let parent = Some(CursorValue::Key(key.unwrap()));
                let cells = self.cells(table, column).await.map_err(wrong)?;
                Some(Arc::new(cells.iter().filter(|(_, cell)| **cell == parent).map(|(row, _)| *row).collect()))
            }
            Relation::Through(from, to) => Some(self.linked(from, to, key.unwrap()).await),
        };
        fulfilling.extend(belonging);
        let cells = self.cells(table, sort.column).await.map_err(wrong)?;
        let all = self.all(table).await;
        let all = all.iter().filter(|row| fulfilling.iter().all(|keys| keys.contains(row)));
        let mut found: Vec<_> = all.map(|row| (&cells[row], *row)).collect();
        found.sort_by(|(a, a_key), (b, b_key)| compare((a, *a_key), (b, *b_key), sort));
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }
}
