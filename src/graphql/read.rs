//! Running a plan: each level's statements, its children after it, siblings side by side. A connection is held for one
//! statement and never while waiting for another.

use std::{collections::HashMap, sync::Arc};

use futures_util::{
    FutureExt,
    future::{BoxFuture, try_join, try_join_all},
};
use sea_orm::{QueryResult, sea_query::SelectStatement};
use uuid::Uuid;

use super::{
    cell,
    compute::{Compute, Facts},
    plan::{Level, Part, RowsWanted, Start},
    sql::Sql,
    statement::build,
};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{db::Db, lanes::Planned},
};

/// Where and for whom a plan is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) db: &'a Db,
    pub(super) actor: &'a Actor,
}

/// What a level has read.
pub(super) struct Loaded {
    pub(super) rows: Vec<QueryResult>,
    /// The rows of each parent, in order, cut to the page.
    groups: HashMap<Uuid, Group>,
    /// All rows, when they belong to no parent.
    ungrouped: Group,
    counts: HashMap<Uuid, i64>,
    pub(super) facts: Vec<Facts>,
    pub(super) children: Vec<Loaded>,
}

/// The rows of one parent.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) rows: Vec<usize>,
    /// Whether there are more beyond the page.
    pub(super) more: bool,
}

impl Loaded {
    /// The rows of one parent; of nobody in particular, all.
    pub(super) fn group(&self, parent: Option<Uuid>) -> &Group {
        const NONE: &Group = &Group { rows: Vec::new(), more: false };
        match parent {
            None => &self.ungrouped,
            Some(parent) => self.groups.get(&parent).unwrap_or(NONE),
        }
    }

    /// How many rows there are in all.
    pub(super) fn count(&self, parent: Option<Uuid>) -> i64 {
        self.counts.get(&parent.unwrap_or_default()).copied().unwrap_or_default()
    }

    /// How many rows there were read of which only tell that there are more.
    pub(super) fn beyond(&self) -> usize {
        self.groups.values().chain([&self.ungrouped]).filter(|group| group.more).count()
    }

    /// For how many parents rows were counted.
    pub(super) fn counted(&self) -> usize {
        self.counts.len()
    }

    /// The distinct keys in one column of the rows that are shown; not of those that only tell that there are more.
    pub(super) fn keys_at(&self, at: Option<usize>) -> Result<Vec<Uuid>> {
        let Some(at) = at else { return Ok(Vec::new()) };
        let groups = self.groups.values().chain([&self.ungrouped]);
        let mut keys = Vec::with_capacity(self.rows.len());
        for place in groups.flat_map(|group| &group.rows) {
            keys.extend(self.rows.get(*place).map_or(Ok(None), |row| cell::key(row, at))?);
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    /// Shows these rows and no others.
    fn keep(&mut self, shown: &[Uuid], at: usize) -> Result<()> {
        let mut kept = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            kept.push(cell::key(row, at)?.is_some_and(|key| shown.contains(&key)));
        }
        for group in self.groups.values_mut().chain([&mut self.ungrouped]) {
            group.rows.retain(|place| kept.get(*place) == Some(&true));
        }
        Ok(())
    }

    fn nothing() -> Self {
        Self {
            rows: Vec::new(),
            groups: HashMap::new(),
            ungrouped: Group::default(),
            counts: HashMap::new(),
            facts: Vec::new(),
            children: Vec::new(),
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads a level for parents with these keys, then what hangs off it.
    pub(super) fn read(self, level: &'a Level, keys: Vec<Uuid>) -> BoxFuture<'a, Result<Loaded>> {
        async move {
            let mut loaded = match &level.rows {
                Some(wanted) if depends(wanted) && keys.is_empty() => empty(level),
                Some(wanted) => self.recorded(wanted, self.level(wanted, &keys).await?).await?,
                None => Loaded::nothing(),
            };
            let below = level.children.iter().map(|child| Ok((child, loaded.keys_at(child.by)?)));
            let below: Vec<_> = below.collect::<Result<_>>()?;
            let keys = loaded.keys_at(level.key_at)?;
            let children = try_join_all(below.into_iter().map(|(child, keys)| self.read(&child.level, keys)));
            let facts = try_join_all(level.facts.iter().map(|facts| self.facts(facts, &keys)));
            (loaded.children, loaded.facts) = try_join(children, facts).await?;
            Ok(loaded)
        }
        .boxed()
    }

    async fn level(self, wanted: &RowsWanted, keys: &[Uuid]) -> Result<Loaded> {
        let rows = async {
            if !wanted.rows {
                return Ok(Vec::new());
            }
            self.query(&self.sql().rows(wanted, keys), planned(wanted, matches!(wanted.part, Part::Groups { .. })))
                .await
        };
        let counts = async {
            if !wanted.count {
                return Ok(Vec::new());
            }
            self.query(&self.sql().count(wanted, keys), planned(wanted, true)).await
        };
        let (rows, counts) = try_join(rows, counts).await?;
        let mut loaded = Loaded { rows, counts: counted(wanted, &counts)?, ..Loaded::nothing() };
        deal(&mut loaded, wanted, keys.len())?;
        Ok(loaded)
    }

    /// What is left to show once it is written down who reads it: nothing is shown whose reading is not.
    async fn recorded(self, wanted: &RowsWanted, mut loaded: Loaded) -> Result<Loaded> {
        let Some((recorder, at)) = wanted.table.recorded.zip(wanted.recorded_at) else { return Ok(loaded) };
        let keys = loaded.keys_at(Some(at))?;
        if !keys.is_empty() {
            let shown = recorder(self.db, self.actor, &keys).await?;
            loaded.keep(&shown, at)?;
        }
        Ok(loaded)
    }

    /// The facts that rows with these keys need.
    pub(super) async fn facts(self, compute: &Arc<dyn Compute>, keys: &[Uuid]) -> Result<Facts> {
        match compute.loader() {
            Some(loader) => loader.load(self.db, self.actor, keys).await,
            None => Err(Error::internal("a field without facts loads facts")),
        }
    }

    /// The statements as this reader asks them.
    pub(super) fn sql(self) -> Sql<'a> {
        Sql { backend: self.db.backend(), actor: self.actor }
    }

    async fn query(self, statement: &SelectStatement, planned: Planned) -> Result<Vec<QueryResult>> {
        Ok(self.db.lanes().query(build(statement, self.db.backend()), planned).await?)
    }
}

/// What counts all that somebody sees is planned for them: an organization may see a handful or everything, and what is
/// quick for the one takes ten times as long for the other.
fn planned(wanted: &RowsWanted, counts: bool) -> Planned {
    if counts && matches!(wanted.start, Start::Anywhere) { Planned::ForThese } else { Planned::ForAll }
}

/// Whether a level's rows are found by its parents.
pub(super) fn depends(wanted: &RowsWanted) -> bool {
    matches!(wanted.start, Start::Named | Start::Related(_))
}

/// What a level without parents reads, all the way down.
fn empty(level: &Level) -> Loaded {
    Loaded { children: level.children.iter().map(|child| empty(&child.level)).collect(), ..Loaded::nothing() }
}

/// Deals the rows out to their parents and cuts them to the page.
fn deal(loaded: &mut Loaded, wanted: &RowsWanted, parents: usize) -> Result<()> {
    if let Start::Anywhere = wanted.start {
        loaded.ungrouped.rows = (0..loaded.rows.len()).collect();
    } else {
        for (place, row) in loaded.rows.iter().enumerate() {
            let parent = cell::key(row, 0)?.ok_or_else(|| Error::internal("a row without a key"))?;
            loaded.groups.entry(parent).or_default().rows.push(place);
        }
        if let Start::Keys(_) = wanted.start {
            loaded.ungrouped.rows = (0..loaded.rows.len()).collect();
        }
    }
    match &wanted.part {
        Part::One => {}
        Part::All { at_most, .. } | Part::Groups { at_most, .. } => {
            let most = usize::try_from(*at_most).unwrap_or(usize::MAX);
            let longest = loaded.groups.values().chain([&loaded.ungrouped]).map(|group| group.rows.len()).max();
            if longest > Some(most) || loaded.rows.len() > most.saturating_mul(parents.max(1)) {
                return Err(Error::internal(format!("more than {most} rows in a list of {}", wanted.table.name)));
            }
        }
        Part::Page(page) => {
            let size = usize::try_from(page.size).unwrap_or(usize::MAX);
            for group in loaded.groups.values_mut().chain([&mut loaded.ungrouped]) {
                group.more = group.rows.len() > size;
                group.rows.truncate(size);
                if page.backwards {
                    group.rows.reverse();
                }
            }
        }
    }
    Ok(())
}

fn counted(wanted: &RowsWanted, rows: &[QueryResult]) -> Result<HashMap<Uuid, i64>> {
    let mut counts = HashMap::new();
    for row in rows {
        let (parent, at) = match wanted.start {
            Start::Related(_) => (cell::key(row, 0)?.unwrap_or_default(), 1),
            _ => (Uuid::nil(), 0),
        };
        counts.insert(parent, cell::integer(row, at)?);
    }
    Ok(counts)
}
