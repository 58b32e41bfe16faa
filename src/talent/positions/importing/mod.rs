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

use async_graphql::InputObject;
use entity::job_position::{self, PositionStatus};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::columns::{COLUMNS, REFERENCE};
use super::{
    checks, rules,
    rules::{Employer, EmployerAction},
    store::{self, Known},
};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    organizations,
    platform::{
        db::{Tx, Write},
        event::Event,
        input::{Checks, NAME},
    },
    talent::importing::{
        Cells, Outcome, Rows, Seen, Wrong, last, merge,
        progress::{Imports, Report, Stage},
        said, said_over, table,
    },
};

/// How many positions one table may have.
pub const MOST: usize = 2_000;
/// A table of positions. Who may: the enterprise's admin and recruiters.
#[derive(Clone, Debug, InputObject)]
pub struct PositionImportInput {
    /// The file in base64: an XLSX workbook, whose first sheet counts, or CSV in UTF-8 or GBK. The first row names the
    /// columns, as `positionImportColumns` lists them; at most 2,000 rows below it.
    pub file: String,
    /// Says what would happen, and does nothing.
    pub dry_run: bool,
    /// Your own key of this import, 1 to 100 characters: under it `importProgress` says how far it is.
    pub progress_key: Option<String>,
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
pub async fn import(app: &App, actor: &Actor, input: &PositionImportInput, imports: &Imports) -> Result<Vec<Row>> {
    let report = &imports.report(actor, input.progress_key.as_deref())?;
    let outcome = kept(app, actor, (input, report)).await;
    report.over(&outcome);
    outcome
}

async fn kept(app: &App, actor: &Actor, (input, report): (&PositionImportInput, &Report)) -> Result<Vec<Row>> {
    let rows = &table(&input.file, &COLUMNS, MOST)?;
    let work = |tx: Tx| async move { run(&tx, actor, (rows, report)).await };
    let mut done = if input.dry_run { app.db().rehearse(work).await? } else { app.db().write(work).await? };
    if input.dry_run {
        for row in &mut done {
            row.position = None;
        }
    }
    Ok(done)
}

async fn run(tx: &Tx, actor: &Actor, (rows, report): (&Rows, &Report)) -> Result<Vec<Row>> {
    let employer = Employer(organizations::facts_behind(tx, actor.organization()).await?);
    let write = tx.permit(actor, EmployerAction::Import, &employer).await?;
    rules::is_verified(&employer.0)?;
    let references: Vec<String> = rows.iter().filter_map(|(_, cells)| cells.get(REFERENCE).cloned()).collect();
    let known = store::of_references(tx, actor.organization(), &references).await?;
    let (mut done, mut wrong, mut seen) = (Vec::new(), Wrong::default(), Seen::default());
    for ((number, cells), place) in rows.iter().zip(0..) {
        report.at(Stage::Writing, (place, rows.len()));
        let reference = cells.get(REFERENCE).cloned().unwrap_or_default();
        let mut checks = Checks::new();
        checks.line(REFERENCE, &reference, NAME);
        seen.once(&mut checks, &COLUMNS[0], (*number, &reference));
        let outcome = match checks.finish() {
            Ok(()) => one(&write, actor, (*number, reference, cells), known.get(cells[REFERENCE].as_str())).await,
            Err(error) => Err(error),
        };
        done.extend(wrong.note(*number, outcome, columns::of_field)?);
    }
    wrong.finish()?;
    Ok(done)
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
    let (now, before) = (columns::cells(known), last(position.imported.as_deref(), &COLUMNS)?);
    let (merged, kept) = merge(cells, &now, &before, columns::shown);
    let imported = Some(said_over(before, cells)?);
    if merged == now && imported == position.imported {
        return Ok(row(Outcome::Unchanged, position.id, kept));
    }
    let (content, changes) = read(write, &merged).await?;
    store::replace_parts(write, position.id, checks::parts(write, position.id, &content)).await?;
    let changes = job_position::ActiveModel { imported: Set(imported), ..changes };
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
