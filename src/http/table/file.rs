//! Writing a table: CSV as office programs in China read it, and XLSX.
//!
//! Texts stay texts: a cell that begins as a formula does is marked as text in CSV, and is one by its type in XLSX. Whoever
//! wrote it, opening the file runs nothing.

use csv::{Terminator, WriterBuilder};
use rust_xlsxwriter::{Format, Workbook};

use super::super::accept::Form;
use crate::error::{Error, Locale, Result};

/// With this, office programs know that it is UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";
/// How a formula, or a command of an old spreadsheet, begins.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// The longest text in a cell of a workbook, in characters of UTF-16.
const LONGEST: usize = 32_767;
/// The most digits that a spreadsheet keeps of a number, its sign and point counted with them.
const DIGITS: usize = 15;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number, in digits.
    Number(String),
}

impl Cell {
    /// What it says.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

/// The file.
///
/// # Errors
/// When a table cannot be written, which is no fault of its reader.
pub(super) fn written(form: Form, titles: &[String], rows: &[Vec<Cell>], locale: Locale) -> Result<Vec<u8>> {
    if form == Form::Xlsx { workbook(titles, rows, locale) } else { separated(titles, rows) }
}

fn separated(titles: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BOM.to_vec());
    writer.write_record(titles).map_err(Error::internal)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Number(number) => number.clone(),
            Cell::Text(text) if text.starts_with(FORMULA) => format!("'{text}"),
            Cell::Text(text) => text.clone(),
        });
        writer.write_record(cells).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

fn workbook(titles: &[String], rows: &[Vec<Cell>], locale: Locale) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(if locale == Locale::Zh { "数据" } else { "Data" }).map_err(Error::internal)?;
    let bold = Format::new().set_bold();
    for (title, column) in titles.iter().zip(0_u16..) {
        sheet.write_string_with_format(0, column, title, &bold).map_err(Error::internal)?;
    }
    for (row, at) in rows.iter().zip(1_u32..) {
        for (cell, column) in row.iter().zip(0_u16..) {
            match cell {
                Cell::Empty => continue,
                Cell::Number(number) => match number.parse::<f64>().ok().filter(|_| number.len() <= DIGITS) {
                    Some(value) => sheet.write_number(at, column, value),
                    None => sheet.write_string(at, column, number),
                },
                Cell::Text(text) => sheet.write_string(at, column, cut(text)),
            }
            .map_err(Error::internal)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
    sheet.autofit();
    book.save_to_buffer().map_err(Error::internal)
}

/// As much of a text as a cell of a workbook holds; what is cut ends with an ellipsis.
fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut length = 1;
    let fits = |symbol: &char| {
        length += symbol.len_utf16();
        length <= LONGEST
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
