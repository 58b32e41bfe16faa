//! Tables that people keep in office programs: XLSX, and CSV in UTF-8 or GBK, read as rows of text.
//!
//! A file is what its bytes say, not its name. The first row names the columns. However it is packed, no more is unpacked
//! than a table of this size can need, and no more rows and cells are kept than are allowed: a file of a few kilobytes that
//! unfolds into gigabytes is refused before it does.

use std::io::{Cursor, Read as _};

use calamine::{Cell, DataRef, Reader as _, Xlsx};
use encoding_rs::GB18030;
use zip::ZipArchive;

use crate::error::Text;

/// How much an archive may hold, unpacked, and in how many parts.
const UNPACKED: u64 = 32 << 20;
const PARTS: usize = 200;
/// How many columns a table may have.
const COLUMNS: usize = 100;
/// How many bytes a cell may have.
const CELL: usize = 32_000;
/// How a spreadsheet's archive begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// What some programs write before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What the columns are called, as it is written there.
    pub header: Vec<String>,
    /// The rows below, each with the number that office programs show: the first below the header is 2. Empty ones are left
    /// out.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// Reads a table of at most so many rows.
///
/// # Errors
/// In words for whoever sent it, when it is no table, or too large.
pub fn read(bytes: &[u8], most: usize) -> Result<Sheet, Text> {
    let rows = if bytes.starts_with(ZIP) { spreadsheet(bytes, most)? } else { separated(bytes, most)? };
    let mut rows = rows.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let Some((_, header)) = rows.next() else {
        return Err(Text::new("The file has no rows; the first one names the columns.", "文件为空，首行应为列名。"));
    };
    Ok(Sheet { header, rows: rows.collect() })
}

type Rows = Vec<(u32, Vec<String>)>;

fn spreadsheet(bytes: &[u8], most: usize) -> Result<Rows, Text> {
    let broken = || Text::new("The file is damaged, or no XLSX workbook.", "文件已损坏，或不是 XLSX 工作簿。");
    unpacks(bytes).map_err(|large| if large { too_large() } else { broken() })?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let first = book.sheet_names().first().cloned().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| broken())?;
    let mut rows: Rows = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let text = text(&cell);
        if !text.is_empty() {
            place(&mut rows, cell.get_position(), text, most)?;
        }
    }
    Ok(rows)
}

/// Whether everything in the archive can be unpacked within bounds, by unpacking it: what an archive says of its own sizes
/// need not be true. The error says whether it is too large.
fn unpacks(bytes: &[u8]) -> Result<(), bool> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| false)?;
    if archive.len() > PARTS {
        return Err(true);
    }
    let mut left = UNPACKED;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| false)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| false)?;
        left = left.checked_sub(unpacked).ok_or(true)?;
    }
    Ok(())
}

/// A cell as people would type it: whole numbers without a point, days as 2026-05-06.
fn text(cell: &Cell<DataRef<'_>>) -> String {
    match cell.get_value() {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(moment) => moment.as_datetime().map(|moment| moment.date().to_string()).unwrap_or_default(),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Puts a cell where it stands; cells come row by row.
fn place(rows: &mut Rows, (row, column): (u32, u32), text: String, most: usize) -> Result<(), Text> {
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    if column >= COLUMNS || text.len() > CELL {
        return Err(too_large());
    }
    if rows.last().is_none_or(|(number, _)| *number != row + 1) {
        rows.push((row + 1, Vec::new()));
    }
    // One row more than the rows: the header.
    if rows.len() > most + 1 {
        return Err(too_many(most));
    }
    if let Some((_, cells)) = rows.last_mut() {
        cells.resize(cells.len().max(column + 1), String::new());
        cells[column] = text;
    }
    Ok(())
}

fn separated(bytes: &[u8], most: usize) -> Result<Rows, Text> {
    let text = decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains('\t') && !head.contains(',') { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let (mut rows, mut record, mut number, mut end) = (Rows::new(), csv::StringRecord::new(), 0_u32, 0_usize);
    while reader.read_record(&mut record).map_err(|_| Text::new("The file is no CSV.", "文件不是有效的 CSV。"))?
    {
        // Empty lines are left out here and counted by office programs.
        let empty = text.get(end..).unwrap_or_default().chars().take_while(|symbol| *symbol == '\n').count();
        number = number.saturating_add(1).saturating_add(u32::try_from(empty).unwrap_or(u32::MAX));
        end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if record.len() > COLUMNS || record.iter().any(|cell| cell.len() > CELL) {
            return Err(too_large());
        }
        rows.push((number, record.iter().map(|cell| cell.trim().to_owned()).collect()));
        if rows.len() > most + 1 {
            return Err(too_many(most));
        }
    }
    Ok(rows)
}

/// UTF-8, or what office programs in China write.
fn decoded(bytes: &[u8]) -> Result<String, Text> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, _, damaged) = GB18030.decode(bytes);
    if damaged || text.contains('\0') {
        return Err(Text::new(
            "The file is neither XLSX nor text in UTF-8 or GBK.",
            "文件不是 XLSX，也不是 UTF-8 或 GBK 编码的文本。",
        ));
    }
    Ok(text.into_owned())
}

fn too_large() -> Text {
    Text::new(
        format!(
            "The file is too large: at most {} MiB unpacked, {COLUMNS} columns, {CELL} bytes a cell.",
            UNPACKED >> 20
        ),
        format!("文件过大：解压后不超过 {} MiB、{COLUMNS} 列、每格 {CELL} 字节。", UNPACKED >> 20),
    )
}

fn too_many(most: usize) -> Text {
    Text::new(format!("The file has more than {most} rows."), format!("文件超过 {most} 行。"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn workbook(sheet: &[u8]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let parts: [(&str, &[u8]); 5] = [
            (
                "_rels/.rels",
                br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
            ),
            ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
            (
                "xl/workbook.xml",
                br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
            ),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        for (name, part) in parts {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(part).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn cells(inside: &str) -> Vec<u8> {
        workbook(format!("<worksheet><sheetData>{inside}</sheetData></worksheet>").as_bytes())
    }

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        read(bytes, 10).unwrap().rows
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    /// With or without a mark, in either encoding: the same rows.
    #[test]
    fn texts_in_both_encodings() {
        let text = "编号, 名称\r\nA-1,\"质检,员\"\r\n\r\nA-2,工程师\r\n";
        let expected = [row(2, &["A-1", "质检,员"]), row(4, &["A-2", "工程师"])];
        assert_eq!(rows(text.as_bytes()), expected);
        assert_eq!(rows(&[BOM, text.as_bytes()].concat()), expected);
        assert_eq!(rows(&GB18030.encode(text).0), expected);
        assert_eq!(
            rows(text.replace("质检,员", "质检").replace(", ", "\t").replace(',', "\t").as_bytes())[0],
            row(2, &["A-1", "质检"])
        );
        assert_eq!(read(text.as_bytes(), 10).unwrap().header, ["编号", "名称"]);
    }

    /// Texts, numbers and gaps, as people see them.
    #[test]
    fn a_workbook() {
        let sheet = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c r="C1" t="inlineStr"><is><t>月薪</t></is></c></row>
            <row r="3"><c r="A3" t="inlineStr"><is><t> A-1 </t></is></c><c r="C3"><v>5000</v></c></row>
            <row r="4"><c r="C4"><v>5000.5</v></c></row>"#;
        let sheet = read(&cells(sheet), 10).unwrap();
        assert_eq!(sheet.header, ["编号", "", "月薪"]);
        assert_eq!(sheet.rows, [row(3, &["A-1", "", "5000"]), row(4, &["", "", "5000.5"])]);
    }

    /// What unfolds, spreads or never ends is refused; so is what is no table.
    #[test]
    fn what_is_no_table() {
        let bomb = workbook(&vec![b' '; usize::try_from(UNPACKED).unwrap() + 1]);
        assert!(bomb.len() < 100_000);
        let far = cells(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#);
        let many = "a\n".repeat(12);
        let damaged = &cells("")[..200];
        for (bytes, expected) in [
            (&bomb[..], "The file is too large"),
            (&far, "The file is too large"),
            (many.as_bytes(), "The file has more than 10 rows."),
            (damaged, "The file is damaged"),
            (b"PK\x03\x04", "The file is damaged"),
            (b"", "The file has no rows"),
            (b"\n\n", "The file has no rows"),
            (b"\x00\x01\xff\xfe\x00", "The file is neither XLSX nor text"),
        ] {
            let refused = read(bytes, 10).unwrap_err();
            let message = refused.in_locale(crate::error::Locale::En);
            assert!(message.starts_with(expected), "{message} instead of {expected}");
        }
    }
}
