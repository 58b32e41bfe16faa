//! The columns of a table of students, and what may stand in them.

use entity::student_record;

use super::super::{StudentRecordContentInput, checks};
use crate::{
    platform::input::Checks,
    talent::importing::{Cells, Column, column, typed},
};

/// The student number.
pub const NUMBER: &str = "number";

/// All columns. The order in a file is its own.
pub const COLUMNS: [Column; 6] = [
    column(NUMBER, "学号", true, "up to 40 characters"),
    column("name", "姓名", true, "up to 200 characters"),
    column("major", "专业代码", false, "a code such as 120203K"),
    column("className", "班级", false, "up to 200 characters"),
    column("graduationYear", "毕业年份", false, "a year such as 2027"),
    column("email", "邮箱", false, "an address such as li@example.org"),
];

/// What the cells mean; what cannot be read, or is wrong, is noted at its column.
pub fn content(checks: &mut Checks, cells: &Cells) -> StudentRecordContentInput {
    let text = |name: &str| cells.get(name).cloned().filter(|cell| !cell.is_empty());
    let year = text("graduationYear").and_then(|year| typed(checks, &COLUMNS, "graduationYear", year.parse().ok()));
    let input = StudentRecordContentInput {
        name: text("name").unwrap_or_default(),
        major: text("major"),
        class_name: text("className"),
        graduation_year: year,
        email: text("email"),
    };
    checks::content(checks, &input)
}

/// A record as a row of the table would say it.
#[must_use]
pub fn cells(row: &student_record::Model) -> Cells {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Cells::from([
        (NUMBER, row.number.clone()),
        ("name", row.name.clone()),
        ("major", text(&row.major)),
        ("className", text(&row.class_name)),
        ("graduationYear", row.graduates_in.map(|year| year.to_string()).unwrap_or_default()),
        ("email", text(&row.email)),
    ])
}

/// A cell as [`cells`] would show it, so that two that mean the same are the same.
#[must_use]
pub fn shown(column: &str, cell: &str) -> String {
    match column {
        NUMBER | "major" => crate::platform::input::fold(cell),
        "email" => cell.to_lowercase(),
        _ => cell.to_owned(),
    }
}
