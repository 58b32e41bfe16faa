//! The university's rolls of the next year: imported and invited a week ago, and what its own system says since.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::Duration;
use serde_json::{Value, json};

use super::story::Story;
use crate::{
    error::Result,
    talent::{
        importing::progress::Imports,
        roster::importing::{self, StudentRecordImportInput},
    },
};

const HEADER: &str = "学号,姓名,专业代码,班级,毕业年份,邮箱";
const ROLLS: [&str; 6] = [
    "12023010101,周雨桐,120703T,质量2301,2027,zhou@example.org",
    "12023010102,何思远,120703T,质量2301,2027,he@example.org",
    "12023020101,罗子涵,120203K,会计2301,2027,",
    "12023020102,唐一诺,120203K,会计2301,2027,",
    "12023030101,邓浩然,080202,机械2301,2027,deng@example.org",
    "12023030102,冯若曦,080202,机械2301,2027,",
];
/// Of two of them something else is said now, and one is new.
const LATER: [&str; 3] = [
    "12023010102,何思远,120703T,质量2302,2027,he@example.org",
    "12023020102,唐一诺,120203K,会计2301,2028,",
    "12023030103,曾嘉怡,080202,机械2302,2027,zeng@example.org",
];

impl Story<'_> {
    /// Imported a week ago; everybody was invited, and nobody has come in yet.
    pub(super) async fn rolls(&self) -> Result<()> {
        self.app.db().clock().set(self.now - Duration::days(7));
        let staff = self.as_("university.staff").await?;
        let input = StudentRecordImportInput {
            file: STANDARD.encode(table(&ROLLS)),
            dry_run: false,
            invite: true,
            progress_key: None,
        };
        importing::import(self.app, &staff, &input, &Imports::default()).await.map(drop)
    }
}

/// What is asked with the table that says something else of two, and of one more; nothing is done.
pub(super) fn later() -> Value {
    json!({ "input": { "dryRun": true, "invite": true, "file": STANDARD.encode(table(&LATER)) } })
}

fn table(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}
