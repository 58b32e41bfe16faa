//! Tables that come in 表格导入: what every import of records from a table shares.
//!
//! A slice names its [`Column`]s; a file is read into rows of [`Cells`] by their names, in English or Chinese. What the
//! last import said of a record is kept beside it, so that the next one can tell what **people** have edited since:
//! [`merge`] leaves that to them. Problems are told with row and column, all at once; and [`progress`] says how far it is.

pub mod graphql;
pub mod progress;

use std::collections::{BTreeMap, HashMap};

use async_graphql::Enum;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    error::{Code, Error, Locale, Problem, Result, Text},
    platform::{
        input::Checks,
        sheet::{self, Sheet},
    },
};

/// How many problems are told at once.
const TOLD: usize = 1_000;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in English, as the first row has it.
    pub name: &'static str,
    /// Its name in Chinese, which will do as well.
    pub name_zh: &'static str,
    /// Whether every file needs it.
    pub required: bool,
    /// What may stand in it.
    pub expected: &'static str,
}

/// A column, in one line.
#[must_use]
pub const fn column(name: &'static str, name_zh: &'static str, required: bool, expected: &'static str) -> Column {
    Column { name, name_zh, required, expected }
}

/// What a row says, by column. A column that the file has not is not there.
pub type Cells = BTreeMap<&'static str, String>;

/// Rows, each with its number, as office programs show it: the first below the header is 2.
pub type Rows = Vec<(u32, Cells)>;

/// What became of a row 导入结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ImportOutcome")]
pub enum Outcome {
    /// A record was added 已新增.
    Created,
    /// A record was changed 已更新.
    Updated,
    /// It says what is known 无变化.
    Unchanged,
    /// The record is past the point at which a table may change it, and was left as it is 未改动.
    Kept,
}

/// Reads a file in base64, of at most so many rows.
///
/// # Errors
/// `INVALID_INPUT` at `input.file`: what it is not, and every column that is missing, unknown or there twice.
pub fn table(file: &str, columns: &[Column], most: usize) -> Result<Rows> {
    let wrong = |texts: Vec<Text>| {
        Error::Problems(
            texts.into_iter().map(|text| Problem::new(Code::InvalidInput, text).at(["input", "file"])).collect(),
        )
    };
    let text: String = file.chars().filter(|symbol| !symbol.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(text).map_err(|_| {
        wrong(vec![Text::new("file: expected the file in base64.", "file 应为文件内容的 base64 编码。")])
    })?;
    let sheet = sheet::read(&bytes, most).map_err(|text| wrong(vec![text]))?;
    named(&sheet, columns).map_err(wrong)
}

/// Which column of the file is which.
fn named(sheet: &Sheet, columns: &[Column]) -> Result<Rows, Vec<Text>> {
    let (mut places, mut wrong) = (Vec::new(), Vec::new());
    for (place, title) in sheet.header.iter().enumerate().filter(|(_, title)| !title.is_empty()) {
        let plain = |name: &str| name.replace(['（', '）', '(', ')', ' ', '_'], "").to_lowercase();
        let known = columns.iter().find(|column| [column.name, column.name_zh].map(plain).contains(&plain(title)));
        match known {
            None => wrong.push(Text::new(format!("There is no column “{title}”."), format!("没有名为“{title}”的列。"))),
            Some(column) if places.iter().any(|(_, name)| *name == column.name) => {
                wrong.push(Text::new(
                    format!("Column {} is there twice.", column.name),
                    format!("列 {} 重复。", column.name_zh),
                ));
            }
            Some(column) => places.push((place, column.name)),
        }
    }
    for Column { name, name_zh, .. } in columns.iter().filter(|column| column.required) {
        if !places.iter().any(|(_, there)| there == name) {
            wrong.push(Text::new(
                format!("Column {name} {name_zh} is missing."),
                format!("缺少列“{name_zh}”（{name}）。"),
            ));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let cells = |row: &[String]| -> Cells {
        places.iter().map(|(place, name)| (*name, row.get(*place).cloned().unwrap_or_default())).collect()
    };
    Ok(sheet.rows.iter().map(|(number, row)| (*number, cells(row))).collect())
}

/// Which keys the rows so far have, each with the row.
#[derive(Debug, Default)]
pub struct Seen(HashMap<String, u32>);

impl Seen {
    /// Notes that a row has a key that an earlier one has already, and which.
    pub fn once(&mut self, checks: &mut Checks, column: &Column, (number, key): (u32, &str)) {
        if let Some(first) = self.0.insert(key.to_owned(), number) {
            let Column { name, name_zh, .. } = column;
            let message = Text::new(
                format!("{name} “{key}” is in row {first} already."),
                format!("{name_zh}“{key}”已在第 {first} 行出现。"),
            );
            checks.problem(name, Code::Duplicate, message);
        }
    }
}

/// The value of a cell; notes what was expected when it cannot be read.
pub fn typed<T>(checks: &mut Checks, columns: &[Column], column: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        let expected = columns.iter().find(|known| known.name == column).map_or("", |known| known.expected);
        checks.invalid(column, format!("{column}: expected {expected}."), format!("{column} 应为：{expected}。"));
    }
    value
}

/// Gathers what is wrong with each row, until all have been looked at.
#[derive(Debug, Default)]
pub struct Wrong(Vec<Problem>);

impl Wrong {
    /// What a row gave, or nothing when it is wrong; `column` says in which column a field of the checks stands.
    ///
    /// # Errors
    /// Whatever is no problem of the row.
    pub fn note<T>(&mut self, number: u32, outcome: Result<T>, column: impl Fn(&str) -> &str) -> Result<Option<T>> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(Error::Problems(wrong)) => {
                self.0.extend(wrong.into_iter().map(|problem| in_row(number, problem, &column)));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Ends.
    ///
    /// # Errors
    /// All problems at once, at most a thousand, each at `input.rows.NUMBER.COLUMN`.
    pub fn finish(mut self) -> Result<()> {
        self.0.truncate(TOLD);
        if self.0.is_empty() { Ok(()) } else { Err(Error::Problems(self.0)) }
    }
}

/// A problem of a row: which row, and in which column.
fn in_row(number: u32, problem: Problem, column: impl Fn(&str) -> &str) -> Problem {
    let field = problem.path.iter().find(|part| !matches!(part.as_str(), "input" | "content" | "")).map(String::as_str);
    let column = column(field.unwrap_or_default());
    let path = ["input".to_owned(), "rows".to_owned(), number.to_string(), column.to_owned()];
    let (en, zh) = (problem.message.in_locale(Locale::En), problem.message.in_locale(Locale::Zh));
    let message = Text::new(format!("Row {number}: {en}"), format!("第 {number} 行：{zh}"));
    Problem { message, path: path.into(), ..problem }
}

/// What the table says, but for columns in which the record is not as the imports before left it (empty, where none of
/// them had the column): those are people's, and are named. `shown` is a cell as it would be shown again, so that two that mean the same are the same.
pub fn merge(
    cells: &Cells,
    now: &Cells,
    last: &Cells,
    shown: impl Fn(&str, &str) -> String,
) -> (Cells, Vec<&'static str>) {
    let mut merged = now.clone();
    let mut kept = Vec::new();
    for (column, cell) in cells {
        let current = shown(column, now.get(column).map_or("", String::as_str));
        if shown(column, last.get(column).map_or("", String::as_str)) != current {
            kept.push(*column);
        } else if shown(column, cell) != current {
            merged.insert(column, cell.clone());
        }
    }
    (merged, kept)
}

/// What a table said, to be kept.
///
/// # Errors
/// Never for texts.
pub fn said(cells: &Cells) -> Result<String> {
    serde_json::to_string(cells).map_err(Error::internal)
}

/// What a table said, over what those before it said in columns that it does not have.
///
/// # Errors
/// As [`said`].
pub fn said_over(mut last: Cells, cells: &Cells) -> Result<String> {
    last.extend(cells.iter().map(|(column, cell)| (*column, cell.clone())));
    said(&last)
}

/// What the last table said of a record.
///
/// # Errors
/// When something else stands there.
pub fn last(said: Option<&str>, columns: &[Column]) -> Result<Cells> {
    let Some(text) = said else { return Ok(Cells::new()) };
    let said: HashMap<String, String> = serde_json::from_str(text).map_err(Error::internal)?;
    let named = |name: String| columns.iter().find(|column| column.name == name).map(|column| column.name);
    Ok(said.into_iter().filter_map(|(name, cell)| Some((named(name)?, cell))).collect())
}
