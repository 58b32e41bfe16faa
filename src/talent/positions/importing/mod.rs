//! Positions from a table: what an enterprise's own system knows becomes drafts, and stays in step with it.
//!
//! Each row is a position by the enterprise's own reference: new ones are added as drafts, known drafts are changed where
//! the table says something else than it said last time. What **people** have edited since is theirs and is kept; what is
//! with the county, or published, is not touched. The same table again changes nothing.
//!
//! A rehearsal (`dryRun`) is the same run, undone. If anything is wrong anywhere, every row, column and reason is named and
//! nothing is changed.

pub mod columns;
pub mod graphql;

use std::collections::HashMap;

use async_graphql::InputObject;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use entity::job_position::{self, PositionStatus};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::columns::{Cells, REFERENCE};
use super::{
    checks, rules,
    rules::{Employer, EmployerAction},
    store::{self, Known},
};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Locale, Problem, Result, Text},
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        input::{Checks, NAME},
        sheet,
    },
};

/// How many positions one table may have.
pub const MOST: usize = 2_000;
/// How many problems are told at once.
const TOLD: usize = 1_000;

/// A table of positions. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct PositionImportInput {
    /// The file in base64: an XLSX workbook, whose first sheet counts, or CSV in UTF-8 or GBK. The first row names the
    /// columns, as `positionImportColumns` lists them; at most 2,000 rows below it.
    pub file: String,
    /// Says what would happen, and does nothing.
    pub dry_run: bool,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A draft was added.
    Created,
    /// A draft was changed.
    Updated,
    /// It says what is known.
    Unchanged,
    /// The position is no draft any more.
    Kept,
}

/// A row, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, as office programs show it.
    pub number: u32,
    /// The enterprise's own reference.
    pub reference: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The position; nothing in a rehearsal.
    pub position: Option<Uuid>,
    /// Columns in which people have edited the position, and which were kept.
    pub kept: Vec<&'static str>,
}

/// Imports a table, or says what that would do.
///
/// # Errors
/// `INVALID_INPUT` for a file that is no such table; every problem of every row otherwise, at
/// `input.rows.NUMBER.COLUMN`; `RULE_VIOLATED` unless the enterprise is verified.
pub async fn import(app: &App, actor: &Actor, input: &PositionImportInput) -> Result<Vec<Row>> {
    let rows = &table(&input.file)?;
    let work = |tx: Tx| async move { run(&tx, actor, rows).await };
    let mut done = if input.dry_run { app.db().rehearse(work).await? } else { app.db().write(work).await? };
    if input.dry_run {
        for row in &mut done {
            row.position = None;
        }
    }
    Ok(done)
}

fn table(file: &str) -> Result<Vec<(u32, Cells)>> {
    let wrong = |texts: Vec<Text>| {
        Error::Problems(
            texts.into_iter().map(|text| Problem::new(Code::InvalidInput, text).at(["input", "file"])).collect(),
        )
    };
    let text: String = file.chars().filter(|symbol| !symbol.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(text).map_err(|_| {
        wrong(vec![Text::new("file: expected the file in base64.", "file 应为文件内容的 base64 编码。")])
    })?;
    let sheet = sheet::read(&bytes, MOST).map_err(|text| wrong(vec![text]))?;
    columns::read(&sheet).map_err(wrong)
}

async fn run(tx: &Tx, actor: &Actor, rows: &[(u32, Cells)]) -> Result<Vec<Row>> {
    let employer = Employer(organizations::facts_behind(tx, actor.organization()).await?);
    let write = tx.permit(actor, EmployerAction::Import, &employer).await?;
    rules::is_verified(&employer.0)?;
    let references: Vec<String> = rows.iter().filter_map(|(_, cells)| cells.get(REFERENCE).cloned()).collect();
    let known = store::of_references(tx, actor.organization(), &references).await?;
    let (mut done, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    for (number, cells) in rows {
        let reference = cells.get(REFERENCE).cloned().unwrap_or_default();
        let mut checks = Checks::new();
        checks.line(REFERENCE, &reference, NAME);
        if let Some(first) = seen.insert(reference.clone(), *number) {
            let message = Text::new(
                format!("{REFERENCE} “{reference}” is in row {first} already."),
                format!("岗位编号“{reference}”已在第 {first} 行出现。"),
            );
            checks.problem(REFERENCE, Code::Duplicate, message);
        }
        let outcome = match checks.finish() {
            Ok(()) => one(&write, actor, (*number, reference, cells), known.get(cells[REFERENCE].as_str())).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(row) => done.push(row),
            Err(Error::Problems(wrong)) => problems.extend(wrong.into_iter().map(|problem| in_row(*number, problem))),
            Err(error) => return Err(error),
        }
    }
    problems.truncate(TOLD);
    if problems.is_empty() { Ok(done) } else { Err(Error::Problems(problems)) }
}

/// A problem of a row: which row, and in which column.
fn in_row(number: u32, problem: Problem) -> Problem {
    let column =
        problem.path.iter().find(|part| !matches!(part.as_str(), "input" | "content" | "")).map(String::as_str);
    let column = match column.unwrap_or_default() {
        "payMin" => "payMinYuan",
        "payMax" => "payMaxYuan",
        "skills" => "software",
        column => column,
    };
    let path = ["input".to_owned(), "rows".to_owned(), number.to_string(), column.to_owned()];
    let (en, zh) = (problem.message.in_locale(Locale::En), problem.message.in_locale(Locale::Zh));
    let message = Text::new(format!("Row {number}: {en}"), format!("第 {number} 行：{zh}"));
    Problem { message, path: path.into(), ..problem }
}

async fn one(
    write: &Write,
    actor: &Actor,
    (number, reference, cells): (u32, String, &Cells),
    known: Option<&Known>,
) -> Result<Row> {
    let row =
        |outcome, position, kept| Row { number, reference: reference.clone(), outcome, position: Some(position), kept };
    let Some(known) = known else {
        let id = create(write, actor, (&reference, cells)).await?;
        return Ok(row(Outcome::Created, id, Vec::new()));
    };
    let position = &known.position;
    if position.status != PositionStatus::Draft {
        return Ok(row(Outcome::Kept, position.id, Vec::new()));
    }
    let (merged, kept) = merge(cells, &columns::cells(known), &last(position)?);
    if merged == columns::cells(known) && said(cells)? == position.imported.clone().unwrap_or_default() {
        return Ok(row(Outcome::Unchanged, position.id, kept));
    }
    let (content, changes) = read(write, &merged).await?;
    store::replace_parts(write, position.id, checks::parts(write, position.id, &content)).await?;
    let changes = job_position::ActiveModel { imported: Set(Some(said(cells)?)), ..changes };
    write.change::<job_position::Entity>(position.id, position.version, changes).await?;
    write.emit_for(rules::record(position.id), Event::new("PositionImported").with("kept", kept.len())).await?;
    Ok(row(Outcome::Updated, position.id, kept))
}

async fn create(write: &Write, actor: &Actor, (reference, cells): (&str, &Cells)) -> Result<Uuid> {
    let (content, row) = read(write, cells).await?;
    let id = write.id();
    let row = job_position::ActiveModel {
        id: Set(id),
        organization_id: Set(actor.organization()),
        author_id: Set(actor.user()),
        reference: Set(Some(reference.to_owned())),
        imported: Set(Some(said(cells)?)),
        posted_at: Set(write.now()),
        created_at: Set(write.now()),
        updated_at: Set(write.now()),
        ..checks::new(row)
    };
    write.insert(row).await?;
    store::replace_parts(write, id, checks::parts(write, id, &content)).await?;
    let created = Event::new("PositionCreated").with("organization", actor.organization());
    write.emit_first(rules::record(id), created).await?;
    Ok(id)
}

/// The content of a row, checked as what people type is.
async fn read(write: &Write, cells: &Cells) -> Result<(super::PositionContentInput, job_position::ActiveModel)> {
    let mut checks = Checks::new();
    let content = columns::content(&mut checks, cells);
    checks.finish()?;
    let content = content.ok_or_else(|| Error::internal("a row without problems and without content"))?;
    let row = checks::content(write, &content).await?;
    Ok((content, row))
}

/// What the table says, but for columns in which the position is not as the last import left it: those are people's.
fn merge(cells: &Cells, now: &Cells, last: &Cells) -> (Cells, Vec<&'static str>) {
    let mut merged = now.clone();
    let mut kept = Vec::new();
    for (column, cell) in cells {
        let (before, current) = (last.get(column), now.get(column));
        let edited =
            before.is_some_and(|before| same(column, before) != same(column, current.map_or("", String::as_str)));
        if edited {
            kept.push(*column);
        } else if same(column, cell) != same(column, current.map_or("", String::as_str)) {
            merged.insert(column, cell.clone());
        }
    }
    (merged, kept)
}

/// The cell as it would be shown again: `QUALITY` and 质量管理 are the same.
fn same(column: &str, cell: &str) -> String {
    columns::shown(column, cell)
}

/// What a table said, to be kept.
fn said(cells: &Cells) -> Result<String> {
    serde_json::to_string(cells).map_err(Error::internal)
}

/// What the last table said of a position.
fn last(position: &job_position::Model) -> Result<Cells> {
    let Some(text) = &position.imported else { return Ok(Cells::new()) };
    let said: HashMap<String, String> = serde_json::from_str(text).map_err(Error::internal)?;
    let named = |name: String| columns::COLUMNS.iter().find(|column| column.name == name).map(|column| column.name);
    Ok(said.into_iter().filter_map(|(name, cell)| Some((named(name)?, cell))).collect())
}
