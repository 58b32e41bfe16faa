//! Importing the rolls as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{Record as _, student_record};

use super::{Row, StudentRecordImportInput, columns};
use crate::{
    error::Result,
    graphql::{Payload, asked},
    platform::id,
    talent::importing::{
        Outcome,
        graphql::{ImportColumn, imports},
    },
};

/// What an import of students did, or would do 学籍导入.
#[derive(Clone, Debug, SimpleObject)]
pub struct StudentRecordImport {
    /// Whether nothing was done 是否试导入.
    pub dry_run: bool,
    /// How many records were added 新增数.
    pub created: i32,
    /// How many records were changed 更新数.
    pub updated: i32,
    /// How many rows say what is known 无变化数.
    pub unchanged: i32,
    /// How many students were invited 邀请数.
    pub invited: i32,
    /// Each row, in the order of the file 逐行结果.
    pub rows: Vec<StudentRecordImportRow>,
}

/// A row of the file 导入行.
#[derive(Clone, Debug, SimpleObject)]
pub struct StudentRecordImportRow {
    /// Its number, as office programs show it: the first below the header is 2 行号.
    pub row: i32,
    /// The student number 学号.
    pub number: String,
    /// What became of it 结果.
    pub outcome: Outcome,
    /// The record; `nodes` reads several at once. Null in a dry run 学籍记录标识.
    pub student_record_id: Option<ID>,
    /// Columns in which people have edited the record since the last import, and which were kept 保留的列.
    pub kept_columns: Vec<String>,
    /// Whether the student was invited, or would be 是否邀请.
    pub invited: bool,
    /// With what the invited student comes in. Hand it over in private: nobody can show it again. Null in a dry run
    /// 邀请码.
    pub invitation_token: Option<String>,
}

impl StudentRecordImport {
    fn of(dry_run: bool, rows: Vec<Row>) -> Self {
        let count = |which: &dyn Fn(&Row) -> bool| {
            i32::try_from(rows.iter().filter(|row| which(row)).count()).unwrap_or(i32::MAX)
        };
        Self {
            dry_run,
            created: count(&|row| row.outcome == Outcome::Created),
            updated: count(&|row| row.outcome == Outcome::Updated),
            unchanged: count(&|row| row.outcome == Outcome::Unchanged),
            invited: count(&|row| row.invited),
            rows: rows.into_iter().map(StudentRecordImportRow::from).collect(),
        }
    }
}

impl From<Row> for StudentRecordImportRow {
    fn from(Row { row, number, outcome, record, kept, invited, token }: Row) -> Self {
        Self {
            row: i32::try_from(row).unwrap_or(i32::MAX),
            number,
            outcome,
            student_record_id: record.map(|key| id::show(student_record::Entity::PREFIX, key).into()),
            kept_columns: kept.into_iter().map(str::to_owned).collect(),
            invited,
            invitation_token: token,
        }
    }
}

/// Queries about importing students.
#[derive(Debug, Default)]
pub struct RosterImportQueries;

#[Object]
impl RosterImportQueries {
    /// The columns of a table of students. Who may: everyone signed in 学籍导入模板.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn student_record_import_columns(&self, ctx: &Context<'_>) -> Result<Option<Vec<ImportColumn>>> {
        asked(ctx)?;
        Ok(Some(columns::COLUMNS.iter().map(ImportColumn::from).collect()))
    }
}

/// Mutations that import students.
#[derive(Debug, Default)]
pub struct RosterImportMutations;

#[Object]
impl RosterImportMutations {
    /// Adds and changes student records from a table, and invites whoever is new if asked; or says what that would do.
    /// Whatever people have edited is kept. Who may: the university's admins and staff 导入学籍名册.
    async fn student_record_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: StudentRecordImportInput,
    ) -> Result<Payload<StudentRecordImport>> {
        let (app, actor) = asked(ctx)?;
        let rows = super::import(app, actor, &input, imports(ctx)?).await;
        Payload::of(rows.map(|rows| StudentRecordImport::of(input.dry_run, rows)))
    }
}
