//! The rolls from a table: what the university's own system knows, in step with it.
//!
//! Each row is a student by the number: new ones are added and, if asked, invited; known ones are changed where the table
//! says something else than it said last time. What **people** have edited since is theirs and is kept. Whoever is not in
//! the table stays on the rolls. The same table again changes nothing and invites nobody.
//!
//! A rehearsal (`dryRun`) is the same run, undone. If anything is wrong anywhere, every row, column and reason is named and
//! nothing is changed. Ten thousand students are a hundred statements: rows, invitations and events go in by the hundreds.

pub mod columns;
pub mod graphql;

use std::collections::HashMap;

use async_graphql::InputObject;
use entity::student_record::Model;
use uuid::Uuid;

use self::columns::{COLUMNS, NUMBER};
use super::{
    StudentRecordContentInput, checks, inviting,
    rules::{self, RollsAction},
    store,
};
use crate::{
    app::App,
    auth::Actor,
    error::Result,
    platform::{
        db::{Tx, Write},
        event::Event,
        input::Checks,
    },
    talent::importing::{
        Cells, Outcome, Rows, Seen, Wrong, last, merge,
        progress::{Imports, Report, Stage},
        said, said_over, table,
    },
};

/// How many students one table may have.
pub const MOST: usize = 10_000;

/// A table of students. Who may: the university's admins and staff.
#[derive(Clone, Debug, InputObject)]
pub struct StudentRecordImportInput {
    /// The file in base64: an XLSX workbook, whose first sheet counts, or CSV in UTF-8 or GBK. The first row names the
    /// columns, as `studentRecordImportColumns` lists them; at most 10,000 rows below it.
    pub file: String,
    /// Says what would happen, and does nothing.
    pub dry_run: bool,
    /// Also invites everybody in the table who was never invited; the answer has the tokens.
    #[graphql(default)]
    pub invite: bool,
    /// Your own key of this import, 1 to 100 characters: under it `importProgress` says how far it is.
    pub progress_key: Option<String>,
}

/// A row, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, as office programs show it.
    pub row: u32,
    /// The student number.
    pub number: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The record; nothing in a rehearsal.
    pub record: Option<Uuid>,
    /// Columns in which people have edited the record, and which were kept.
    pub kept: Vec<&'static str>,
    /// Whether the student was invited, or would be.
    pub invited: bool,
    /// With what the student comes in; nothing in a rehearsal.
    pub token: Option<String>,
}

/// Imports a table, or says what that would do.
///
/// # Errors
/// `INVALID_INPUT` for a file that is no such table; every problem of every row otherwise, at
/// `input.rows.NUMBER.COLUMN`; `RULE_VIOLATED` unless the university is verified.
pub async fn import(app: &App, actor: &Actor, input: &StudentRecordImportInput, imports: &Imports) -> Result<Vec<Row>> {
    let report = &imports.report(actor, input.progress_key.as_deref())?;
    let outcome = kept(app, actor, (input, report)).await;
    report.over(&outcome);
    outcome
}

async fn kept(app: &App, actor: &Actor, (input, report): (&StudentRecordImportInput, &Report)) -> Result<Vec<Row>> {
    let rows = &table(&input.file, &COLUMNS, MOST)?;
    let work = |tx: Tx| async move { run(&tx, (app, actor), (rows, input.invite, report)).await };
    if !input.dry_run {
        return app.db().write(work).await;
    }
    let told = app.db().rehearse(work).await?;
    Ok(told.into_iter().map(|row| Row { record: None, token: None, ..row }).collect())
}

/// What a row says, read.
struct Said<'row> {
    row: u32,
    number: String,
    cells: &'row Cells,
}

async fn run(
    tx: &Tx,
    (app, actor): (&App, &Actor),
    (rows, invite, report): (&Rows, bool, &Report),
) -> Result<Vec<Row>> {
    let rolls = store::rolls(tx, actor).await?;
    let write = tx.permit(actor, RollsAction::Import, &rolls).await?;
    rules::is_verified(&rolls)?;
    let rows = read(rows, report)?;
    report.at(Stage::Writing, (0, rows.len()));
    let numbers: Vec<&str> = rows.iter().map(|said| said.number.as_str()).collect();
    let known = store::of_numbers(tx, actor.organization(), &numbers).await?;
    let mut planned = Vec::with_capacity(rows.len());
    for said in &rows {
        planned.push(match known.get(&said.number) {
            None => (new(&write, actor, said)?, Outcome::Created, Vec::new()),
            Some(record) => changed(record, said.cells)?,
        });
    }
    let mut tokens = HashMap::new();
    if invite {
        let unasked = planned.iter_mut().map(|(record, ..)| record).filter(|record| record.invitation_id.is_none());
        let invited = inviting::issue(app, &write, unasked).await?;
        tokens.extend(invited.into_iter().map(|invited| (invited.record, invited.token)));
    }
    keep(&write, &planned, &tokens).await?;
    let done = rows.iter().zip(planned).map(|(said, (record, outcome, kept))| {
        let token = tokens.remove(&record.id);
        let (row, number) = (said.row, said.number.clone());
        Row { row, number, outcome, record: Some(record.id), kept, invited: token.is_some(), token }
    });
    Ok(done.collect())
}

/// Every row, checked as what people type is.
fn read<'row>(rows: &'row Rows, report: &Report) -> Result<Vec<Said<'row>>> {
    let (mut read, mut wrong, mut seen) = (Vec::with_capacity(rows.len()), Wrong::default(), Seen::default());
    for ((row, cells), place) in rows.iter().zip(0..) {
        report.at(Stage::Checking, (place, rows.len()));
        let mut checks = Checks::new();
        let number = checks::number(&mut checks, cells.get(NUMBER).map_or("", String::as_str));
        seen.once(&mut checks, &COLUMNS[0], (*row, &number));
        columns::content(&mut checks, cells);
        wrong.note(*row, checks.finish(), |column| column)?;
        read.push(Said { row: *row, number, cells });
    }
    wrong.finish()?;
    Ok(read)
}

fn new(write: &Write, actor: &Actor, said_now: &Said<'_>) -> Result<Model> {
    let record = Model {
        id: write.id(),
        organization_id: actor.organization(),
        number: said_now.number.clone(),
        name: String::new(),
        major: None,
        class_name: None,
        graduates_in: None,
        email: None,
        invitation_id: None,
        student_id: None,
        imported: Some(said(said_now.cells)?),
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    };
    filled(record, said_now.cells)
}

/// What becomes of a record that is known.
fn changed(record: &Model, cells: &Cells) -> Result<(Model, Outcome, Vec<&'static str>)> {
    let (now, before) = (columns::cells(record), last(record.imported.as_deref(), &COLUMNS)?);
    let (merged, kept) = merge(cells, &now, &before, columns::shown);
    let imported = Some(said_over(before, cells)?);
    if merged == now && imported == record.imported {
        return Ok((record.clone(), Outcome::Unchanged, kept));
    }
    let record = filled(Model { imported, ..record.clone() }, &merged)?;
    Ok((record, Outcome::Updated, kept))
}

fn filled(record: Model, cells: &Cells) -> Result<Model> {
    let mut checks = Checks::new();
    let StudentRecordContentInput { name, major, class_name, graduation_year, email } =
        columns::content(&mut checks, cells);
    checks.finish()?;
    Ok(Model { name, major, class_name, graduates_in: graduation_year, email, ..record })
}

/// Writes what was planned, and tells of it.
async fn keep(
    write: &Write,
    planned: &[(Model, Outcome, Vec<&'static str>)],
    tokens: &HashMap<Uuid, String>,
) -> Result<()> {
    let (mut added, mut rewritten, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for (record, outcome, kept) in planned {
        let invited = tokens.contains_key(&record.id);
        let event = match outcome {
            Outcome::Created => {
                added.push(record.clone());
                Event::new("StudentRecordCreated").with("university", record.organization_id)
            }
            Outcome::Updated => {
                rewritten.push(record.clone());
                Event::new("StudentRecordImported").with("kept", kept.len())
            }
            Outcome::Unchanged | Outcome::Kept if invited => {
                rewritten.push(record.clone());
                Event::new("StudentRecordInvited")
            }
            Outcome::Unchanged | Outcome::Kept => continue,
        };
        let invitation = record.invitation_id.filter(|_| invited);
        let event = invitation.into_iter().fold(event, |event, id| event.with("invitation", id));
        told.push((rules::record(record.id), event));
    }
    store::add(write, added).await?;
    store::rewrite(write, &rewritten).await?;
    write.emit_all(&told).await
}
