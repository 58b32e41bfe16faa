//! The table of regions as a CSV file: `code,name,level,valid_from,valid_to`, as the built-in one is.
//!
//! The built-in table has Sichuan and Chongqing as of the end of 2024, with the codes that retired since Chongqing became
//! a municipality in 1997. The yearly lists that it is drawn from say in which year a code came and went, not on which
//! day: a code counts as in use from the first to the last day of those years, so that in a year of change both are.
//!
//! The built-in group 成渝地区双城经济圈, the Chengdu–Chongqing Economic Circle, has fifteen cities of Sichuan and
//! twenty-nine districts and counties of Chongqing. It is the customary list: where the planning outline of 2021 leaves
//! out single counties of a city or parts of a district, the whole is counted, and the file says so.

use std::{collections::HashMap, ops::Range};

use chrono::NaiveDate;
use entity::{
    region::{self, RegionLevel},
    region_group,
};

use super::region::RegionCode;
use crate::error::{Code, Error, Problem, Result, Text};

/// The regions that come with the program.
pub const REGIONS: &str = include_str!("regions.csv");
/// The region groups that come with the program.
pub const GROUPS: &str = include_str!("region_groups.csv");

const COLUMNS: [&str; 5] = ["code", "name", "level", "valid_from", "valid_to"];
const NAME_LENGTH: Range<usize> = 1..101;

/// A line of the file that holds something: its number, counted from 1, and its cells.
struct Line {
    number: usize,
    cells: Vec<String>,
}

/// What is wrong with a line.
type Wrong = (String, String);

/// Reads a table of regions. A byte order mark, blank lines, quotes and Windows line ends are fine; the columns may be in
/// any order, and the two dates may be left out.
///
/// # Errors
/// Every bad line with its number and the reason.
pub fn regions(csv: &str) -> Result<Vec<region::Model>> {
    let mut lines = split(csv)?.into_iter();
    let header = lines.next().unwrap_or(Line { number: 1, cells: Vec::new() });
    let places = places(&header)?;
    let mut problems = Vec::new();
    let mut seen = HashMap::new();
    let mut rows = Vec::new();
    for line in lines {
        match row(&line, header.cells.len(), places) {
            Ok(row) => {
                if let Some(first) = seen.insert(row.code.clone(), line.number) {
                    let (en, zh) = (
                        format!("the code {} is in line {first} already", row.code),
                        format!("代码 {} 已在第 {first} 行出现", row.code),
                    );
                    problems.push(problem(line.number, &en, &zh));
                }
                rows.push(row);
            }
            Err(wrong) => problems.extend(wrong.iter().map(|(en, zh)| problem(line.number, en, zh))),
        }
    }
    if problems.is_empty() && rows.is_empty() {
        problems.push(problem(header.number, "no region follows the header", "表头之后没有行政区划"));
    }
    if problems.is_empty() { Ok(rows) } else { Err(Error::Problems(problems)) }
}

/// The region groups that come with the program. The third column of their file is for people.
pub(super) fn groups() -> Result<Vec<region_group::Model>> {
    let rows = split(GROUPS)?.into_iter().skip(1).filter_map(|line| {
        let mut cells = line.cells.into_iter();
        Some(region_group::Model { name: cells.next()?, region_code: cells.next()? })
    });
    Ok(rows.collect())
}

fn problem(line: usize, en: &str, zh: &str) -> Problem {
    let message = Text::new(format!("Line {line}: {en}."), format!("第 {line} 行：{zh}。"));
    Problem::new(Code::InvalidInput, message).at(["lines".to_owned(), line.to_string()])
}

/// Where each of our columns is in the file.
fn places(header: &Line) -> Result<[Option<usize>; 5]> {
    let names: Vec<String> = header.cells.iter().map(|cell| cell.to_lowercase()).collect();
    let places = COLUMNS.map(|column| names.iter().position(|name| name == column));
    let mut problems = Vec::new();
    for (column, place) in COLUMNS.iter().zip(places).take(3) {
        if place.is_none() {
            let (en, zh) = (format!("the column {column} is missing"), format!("缺少列 {column}"));
            problems.push(problem(header.number, &en, &zh));
        }
    }
    for (at, name) in names.iter().enumerate() {
        if places.iter().all(|place| *place != Some(at)) {
            let columns = COLUMNS.join(", ");
            let (en, zh) = (
                format!("the column {name:?} is unknown or there twice; expected {columns}"),
                format!("列 {name:?} 未知或重复，应为 {columns}"),
            );
            problems.push(problem(header.number, &en, &zh));
        }
    }
    if problems.is_empty() { Ok(places) } else { Err(Error::Problems(problems)) }
}

fn row(line: &Line, columns: usize, places: [Option<usize>; 5]) -> Result<region::Model, Vec<Wrong>> {
    if line.cells.len() != columns {
        let found = line.cells.len();
        return Err(vec![(
            format!("{found} cells, but the header has {columns}"),
            format!("有 {found} 个单元格，表头为 {columns} 个"),
        )]);
    }
    let cell = |place: Option<usize>| place.and_then(|place| line.cells.get(place)).map_or("", String::as_str);
    let [code, name, level, from, to] = places.map(cell);
    let mut wrong = Vec::new();
    let code = keep(&mut wrong, full_code(code));
    let name = keep(&mut wrong, check_name(name));
    let level = keep(&mut wrong, read_level(level, code.as_ref()));
    let valid_from = keep(&mut wrong, date(from, "valid_from"));
    let valid_to = keep(&mut wrong, date(to, "valid_to"));
    if let (Some(Some(from)), Some(Some(to))) = (valid_from, valid_to)
        && to < from
    {
        wrong.push((
            format!("valid_to ({to}) is before valid_from ({from})"),
            format!("valid_to（{to}）早于 valid_from（{from}）"),
        ));
    }
    match (code, name, level, valid_from, valid_to) {
        (Some(code), Some(name), Some(level), Some(valid_from), Some(valid_to)) if wrong.is_empty() => {
            Ok(region::Model { code: code.to_string(), name, level, valid_from, valid_to })
        }
        _ => Err(wrong),
    }
}

fn keep<T>(wrong: &mut Vec<Wrong>, read: Result<T, Wrong>) -> Option<T> {
    read.map_err(|reason| wrong.push(reason)).ok()
}

/// In a table a code has all six digits: a shorter one is more likely cut than meant.
fn full_code(text: &str) -> Result<RegionCode, Wrong> {
    let count = text.chars().count();
    if count != 6 {
        return Err((
            format!("the code {text:?} has {count} characters; expected 6 digits"),
            format!("代码 {text:?} 有 {count} 个字符，应为 6 位数字"),
        ));
    }
    RegionCode::parse(text).map_err(|error| {
        use crate::error::Locale::{En, Zh};
        let (en, zh) = (error.text.in_locale(En), error.text.in_locale(Zh));
        (
            format!("the code {text:?} is wrong: {}", en.trim_end_matches('.')),
            format!("代码 {text:?} 有误：{}", zh.trim_end_matches('。')),
        )
    })
}

fn check_name(name: &str) -> Result<String, Wrong> {
    let count = name.chars().count();
    if !NAME_LENGTH.contains(&count) || name.chars().any(char::is_control) {
        return Err((
            format!("the name has {count} characters; expected 1 to 100 that can be seen"),
            format!("名称有 {count} 个字符，应为 1 至 100 个可见字符"),
        ));
    }
    Ok(name.to_owned())
}

/// The level's word, which must agree with the zeros of the code.
fn read_level(text: &str, code: Option<&RegionCode>) -> Result<RegionLevel, Wrong> {
    let level = match text.to_uppercase().as_str() {
        "PROVINCE" => RegionLevel::Province,
        "PREFECTURE" => RegionLevel::Prefecture,
        "COUNTY" => RegionLevel::County,
        _ => {
            return Err((
                format!("the level is {text:?}; expected PROVINCE, PREFECTURE or COUNTY"),
                format!("级别为 {text:?}，应为 PROVINCE、PREFECTURE 或 COUNTY"),
            ));
        }
    };
    match code {
        Some(code) if code.level() != level => {
            Err((format!("the level {text} does not fit the code {code}"), format!("级别 {text} 与代码 {code} 不符")))
        }
        _ => Ok(level),
    }
}

fn date(text: &str, column: &str) -> Result<Option<NaiveDate>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Some).map_err(|_| {
        (
            format!("{column} is {text:?}; expected a date such as 2026-01-31"),
            format!("{column} 为 {text:?}，应为 2026-01-31 形式的日期"),
        )
    })
}

/// Takes the file apart (RFC 4180): cells between commas, perhaps in quotes, in which a quote is written twice.
fn split(csv: &str) -> Result<Vec<Line>> {
    let mut characters = csv.trim_start_matches('\u{feff}').chars().peekable();
    let mut lines = Vec::new();
    let mut line = Line { number: 1, cells: Vec::new() };
    let (mut cell, mut number, mut quoted) = (String::new(), 1, false);
    while let Some(c) = characters.next() {
        number += usize::from(c == '\n');
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => quoted = true,
            ',' if !quoted => line.cells.push(std::mem::take(&mut cell).trim().to_owned()),
            '\n' if !quoted => {
                end_line(&mut line, &mut cell, &mut lines);
                line.number = number;
            }
            other => cell.push(other),
        }
    }
    if quoted {
        return Err(problem(line.number, "a quote is not closed", "引号未闭合").into());
    }
    end_line(&mut line, &mut cell, &mut lines);
    Ok(lines)
}

/// Keeps a line that holds something.
fn end_line(line: &mut Line, cell: &mut String, lines: &mut Vec<Line>) {
    line.cells.push(std::mem::take(cell).trim().to_owned());
    let cells = std::mem::take(&mut line.cells);
    if cells.iter().any(|cell| !cell.is_empty()) {
        lines.push(Line { number: line.number, cells });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Locale;

    fn problems(csv: &str) -> Vec<String> {
        let Error::Problems(problems) = regions(csv).unwrap_err() else { panic!("not the caller's problem") };
        problems.iter().map(|problem| problem.message.in_locale(Locale::En).to_owned()).collect()
    }

    #[test]
    fn the_built_in_table_has_all_of_sichuan_and_chongqing() {
        let rows = regions(REGIONS).unwrap();
        let count = |province: &str, level| {
            let in_use = rows.iter().filter(|row| row.valid_to.is_none());
            in_use.filter(|row| row.level == level && row.code.starts_with(province)).count()
        };
        assert_eq!(rows.len(), 371);
        assert_eq!(count("51", RegionLevel::Province), 1);
        assert_eq!(count("51", RegionLevel::Prefecture), 21);
        assert_eq!(count("51", RegionLevel::County), 183);
        assert_eq!(count("50", RegionLevel::Province), 1);
        assert_eq!(count("50", RegionLevel::Prefecture), 2);
        assert_eq!(count("50", RegionLevel::County), 38);
        for (code, name) in [
            ("500000", "重庆市"),
            ("500113", "巴南区"),
            ("510000", "四川省"),
            ("511300", "南充市"),
            ("511302", "顺庆区"),
            ("511303", "高坪区"),
            ("511304", "嘉陵区"),
            ("511321", "南部县"),
            ("511322", "营山县"),
            ("511323", "蓬安县"),
            ("511324", "仪陇县"),
            ("511325", "西充县"),
            ("511381", "阆中市"),
        ] {
            let row = rows.iter().find(|row| row.code == code).unwrap();
            assert_eq!((row.name.as_str(), row.valid_to), (name, None));
        }
        let retired = rows.iter().find(|row| row.code == "510122").unwrap();
        assert_eq!((retired.name.as_str(), retired.valid_to), ("双流县", NaiveDate::from_ymd_opt(2015, 12, 31)));
    }

    #[test]
    fn the_groups_name_regions_of_the_table() {
        let rows = regions(REGIONS).unwrap();
        let groups = groups().unwrap();
        assert_eq!(groups.len(), 44);
        for group in &groups {
            assert_eq!(group.name, "成渝地区双城经济圈");
            assert!(rows.iter().any(|row| row.code == group.region_code && row.valid_to.is_none()), "{group:?}");
        }
        assert!(groups.iter().any(|group| group.region_code == "511300"));
        assert!(groups.iter().any(|group| group.region_code == "500113"));
    }

    #[test]
    fn files_are_as_programs_write_them() {
        let csv = "\u{feff}name,code,level\r\n\"营山县\",511322,county\r\n\r\n,,\r\n 南充市 , 511300 ,Prefecture";
        let rows = regions(csv).unwrap();
        let read: Vec<_> = rows.iter().map(|row| (row.code.as_str(), row.name.as_str(), row.level)).collect();
        assert_eq!(read, [("511322", "营山县", RegionLevel::County), ("511300", "南充市", RegionLevel::Prefecture)]);
        let rows = regions("code,name,level,valid_to\n511322,\"a \"\"b\"\", c\",COUNTY,2026-01-31\n").unwrap();
        assert_eq!(rows[0].name, "a \"b\", c");
        assert_eq!(rows[0].valid_to, NaiveDate::from_ymd_opt(2026, 1, 31));
    }

    #[test]
    fn every_bad_line_is_told_at_once() {
        let csv = "code,name,level,valid_from,valid_to\n\
            511322,营山县,COUNTY,,\n\
            51132,营山县,COUNTY,,\n\
            5113Z2,,TOWN,1.1.2020,\n\
            511323,蓬安县,PREFECTURE,2020-01-02,2020-01-01\n\
            511322,营山,COUNTY,,\n\
            511324,仪陇县,COUNTY\n";
        assert_eq!(
            problems(csv),
            [
                "Line 3: the code \"51132\" has 5 characters; expected 6 digits.",
                "Line 4: the code \"5113Z2\" is wrong: Position 5 is Z; expected a digit.",
                "Line 4: the name has 0 characters; expected 1 to 100 that can be seen.",
                "Line 4: the level is \"TOWN\"; expected PROVINCE, PREFECTURE or COUNTY.",
                "Line 4: valid_from is \"1.1.2020\"; expected a date such as 2026-01-31.",
                "Line 5: the level PREFECTURE does not fit the code 511323.",
                "Line 5: valid_to (2020-01-01) is before valid_from (2020-01-02).",
                "Line 6: the code 511322 is in line 2 already.",
                "Line 7: 3 cells, but the header has 5.",
            ]
        );
    }

    #[test]
    fn the_header_is_checked() {
        assert_eq!(
            problems("code,nam,level\n511322,营山县,COUNTY\n"),
            [
                "Line 1: the column name is missing.",
                "Line 1: the column \"nam\" is unknown or there twice; expected code, name, level, valid_from, valid_to.",
            ]
        );
        assert_eq!(problems("").len(), 3);
        assert_eq!(problems("code,name,level\n"), ["Line 1: no region follows the header."]);
        assert_eq!(problems("code,name,level\n511322,\"营山县,COUNTY\n"), ["Line 2: a quote is not closed."]);
    }
}
