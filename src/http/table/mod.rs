//! A list as a table: for whoever opens it in an office program.
//!
//! Every list of the root is exported in the same way: the query that a page of it is read with, sent with `Accept:
//! text/csv` or with the media type of XLSX. What is selected of each row are the columns, and the filter and the order
//! are the query's; but the answer is the **whole** list, read page after page as the caller would, with the same rules,
//! costs and records of who read what. Cells never become formulas.
//!
//! [`columns`] says what the columns are, [`pages`] how the list is read to its end, [`values`] how values are shown in an office, [`file`](mod@file) how it is written.

mod columns;
mod file;
mod pages;
mod values;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use serde_json::Value;

use self::{columns::Columns, file::Cell, pages::Pages};
use super::{
    accept::Form,
    answer::Outcome,
    document::invalid,
    fault::Fault,
    run::{Prepared, Reader},
    site::Site,
};
use crate::error::{Code, Error, Problem, Text};

impl Site {
    /// The whole list that a query reads a page of, as a file of this form.
    ///
    /// # Errors
    /// What a page was answered when it was not answered well, and what is no list.
    pub(super) async fn table(
        &self,
        prepared: Prepared,
        reader: &Reader,
        form: Form,
    ) -> Result<Response<Body>, Outcome> {
        let locale = reader.caller.locale;
        let most = usize::try_from(self.app.settings().export_rows).unwrap_or(usize::MAX);
        let refused = |error: Error| Outcome::failed(Fault::from(error), reader);
        let pages = Pages::of(&prepared).map_err(refused)?;
        // The first page is validated; only then is it known to be of this schema.
        let mut rows = Rows::default();
        let mut after = None;
        let mut columns = None;
        loop {
            let (asked, reader) = pages.page(&prepared, reader, after.take());
            let page = self.run(asked, &reader).await;
            let columns = match &mut columns {
                Some(columns) => columns,
                none => {
                    let found = page.executed.then(|| self.engine.reads()?.registry()).flatten();
                    let Some(registry) = found else { return Err(refusal(page)) };
                    none.insert(Columns::of(registry, &prepared, locale).map_err(refused)?)
                }
            };
            let Some(next) = rows.take(&page, &pages, columns) else { return Err(refusal(page)) };
            if rows.0.len() > most {
                return Err(refused(too_long(most)));
            }
            match next {
                Next::Page(cursor) => after = Some(cursor),
                Next::Nothing => break,
            }
        }
        let titles = columns.map(Columns::titles).unwrap_or_default();
        let work = move || file::written(form, &titles, &rows.0, locale);
        let written = tokio::task::spawn_blocking(work).await.map_err(Error::internal).and_then(|file| file);
        Ok(respond(form, pages.name(), written.map_err(refused)?))
    }
}

/// What comes after a page.
enum Next {
    /// The page behind this cursor.
    Page(String),
    /// That was the last one.
    Nothing,
}

/// The rows so far.
#[derive(Default)]
struct Rows(Vec<Vec<Cell>>);

impl Rows {
    /// Takes the rows of a page, and says what comes next; nothing when the page has no list.
    /// A field that is null for a reason has that reason's code in its cell.
    fn take(&mut self, page: &Outcome, pages: &Pages, columns: &Columns) -> Option<Next> {
        let answer: Value = serde_json::from_slice(&page.json()).ok()?;
        let list = &answer["data"][pages.field()];
        let rows = pages.nodes().map_or(list, |nodes| &list[nodes]);
        let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (row, place) in rows.as_array()?.iter().zip(0_u64..) {
            self.0.push(columns.cells(row, &reasons(errors, place)));
        }
        let more = list[pages::PAGE]["hasNextPage"] == Value::Bool(true);
        let cursor = list[pages::PAGE]["endCursor"].as_str().filter(|_| more);
        Some(cursor.map_or(Next::Nothing, |cursor| Next::Page(cursor.to_owned())))
    }
}

/// Where something of the row at this place is missing for a reason: path below the row, and the code.
fn reasons(errors: &[Value], place: u64) -> Vec<(Vec<&str>, &str)> {
    errors
        .iter()
        .filter_map(|error| {
            let path = error["path"].as_array()?;
            let at = path.iter().position(Value::is_u64)?;
            let below = path[at + 1..].iter().filter_map(Value::as_str).collect();
            (path[at].as_u64() == Some(place))
                .then(|| (below, error["extensions"]["code"].as_str().unwrap_or_default()))
        })
        .collect()
}

/// What a page was answered that has no list: whoever asked for a file is told by the status that there is none.
fn refusal(page: Outcome) -> Outcome {
    Outcome { executed: false, ..page }
}

fn too_long(most: usize) -> Error {
    let message = Text::new(
        format!("The list has more than {most} rows; narrow it with its filter."),
        format!("列表超过 {most} 行，请用筛选条件缩小范围。"),
    );
    Problem::new(Code::LimitExceeded, message).into()
}

/// What cannot be a table.
fn no_list() -> Error {
    invalid(
        "A table is of a query of exactly one list, such as { agreements { nodes { title } } }.",
        "导出表格时，查询应恰好选择一个列表，例如 { agreements { nodes { title } } }。",
    )
}

fn respond(form: Form, name: &str, file: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(file));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    headers.insert(header::VARY, HeaderValue::from_static(super::answer::VARY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let extension = if form == Form::Xlsx { "xlsx" } else { "csv" };
    // A field's name is letters and digits.
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{extension}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
