//! Importing positions as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{Record as _, job_position};

use super::{PositionImportInput, Row, columns};
use crate::{
    error::Result,
    graphql::{Payload, asked},
    platform::id,
    talent::importing::{
        Outcome,
        graphql::{ImportColumn, imports},
    },
};

/// What an import did, or would do 岗位导入.
#[derive(Clone, Debug, SimpleObject)]
pub struct PositionImport {
    /// Whether nothing was done 是否试导入.
    pub dry_run: bool,
    /// How many drafts were added 新增数.
    pub created: i32,
    /// How many drafts were changed 更新数.
    pub updated: i32,
    /// How many rows say what is known 无变化数.
    pub unchanged: i32,
    /// How many positions are no drafts any more 未改动数.
    pub kept: i32,
    /// Each row, in the order of the file 逐行结果.
    pub rows: Vec<PositionImportRow>,
}

/// A row of the file 导入行.
#[derive(Clone, Debug, SimpleObject)]
pub struct PositionImportRow {
    /// Its number, as office programs show it: the first below the header is 2 行号.
    pub row: i32,
    /// Your own reference of the position 岗位编号.
    pub reference: String,
    /// What became of it 结果.
    pub outcome: Outcome,
    /// The position; `nodes` reads several at once. Null in a dry run 岗位标识.
    pub position_id: Option<ID>,
    /// Columns in which people have edited the position since the last import, and which were kept 保留的列.
    pub kept_columns: Vec<String>,
}

impl PositionImport {
    fn of(dry_run: bool, rows: Vec<Row>) -> Self {
        let count =
            |outcome| i32::try_from(rows.iter().filter(|row| row.outcome == outcome).count()).unwrap_or(i32::MAX);
        Self {
            dry_run,
            created: count(Outcome::Created),
            updated: count(Outcome::Updated),
            unchanged: count(Outcome::Unchanged),
            kept: count(Outcome::Kept),
            rows: rows.into_iter().map(PositionImportRow::from).collect(),
        }
    }
}

impl From<Row> for PositionImportRow {
    fn from(Row { number, reference, outcome, position, kept }: Row) -> Self {
        Self {
            row: i32::try_from(number).unwrap_or(i32::MAX),
            reference,
            outcome,
            position_id: position.map(|key| id::show(job_position::Entity::PREFIX, key).into()),
            kept_columns: kept.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Queries about importing positions.
#[derive(Debug, Default)]
pub struct ImportQueries;

#[Object]
impl ImportQueries {
    /// The columns of a table of positions. Who may: everyone signed in 岗位导入模板.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn position_import_columns(&self, ctx: &Context<'_>) -> Result<Option<Vec<ImportColumn>>> {
        asked(ctx)?;
        Ok(Some(columns::COLUMNS.iter().map(ImportColumn::from).collect()))
    }
}

/// Mutations that import positions.
#[derive(Debug, Default)]
pub struct ImportMutations;

#[Object]
impl ImportMutations {
    /// Adds and changes drafts of positions from a table, or says what that would do; whatever people have edited is kept.
    /// Who may: the enterprise's admin and recruiters 导入岗位.
    async fn position_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: PositionImportInput,
    ) -> Result<Payload<PositionImport>> {
        let (app, actor) = asked(ctx)?;
        let rows = super::import(app, actor, &input, imports(ctx)?).await;
        Payload::of(rows.map(|rows| PositionImport::of(input.dry_run, rows)))
    }
}
