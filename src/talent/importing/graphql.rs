//! Importing from tables as clients see it.

use async_graphql::{Context, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt as _};

use super::{
    Column,
    progress::{Imports, Progress, Stage},
};
use crate::{
    error::{Error, Result},
    graphql::asked,
};

/// A column of a table to import 导入列.
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportColumn {
    /// What the first row calls it 列名（英文）.
    pub name: String,
    /// Or, in Chinese 列名（中文）.
    pub name_zh: String,
    /// Whether the file must have it 是否必需.
    pub required: bool,
    /// What may stand in it 填写要求.
    pub expected: String,
}

impl From<&Column> for ImportColumn {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name.to_owned(),
            name_zh: column.name_zh.to_owned(),
            required: column.required,
            expected: column.expected.to_owned(),
        }
    }
}

/// How far an import is 导入进度.
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportProgress {
    /// Where it stands 阶段.
    pub stage: Stage,
    /// How many rows the table has; 0 before it is read 总行数.
    pub rows: i32,
    /// With how many of them this stage is through 已处理行数.
    pub done: i32,
}

impl From<Progress> for ImportProgress {
    fn from(Progress { stage, rows, done }: Progress) -> Self {
        let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Self { stage, rows: small(rows), done: small(done) }
    }
}

/// The imports of this server.
///
/// # Errors
/// When the schema was built without them.
pub fn imports<'ctx>(ctx: &Context<'ctx>) -> Result<&'ctx Imports> {
    ctx.data_opt::<Imports>().ok_or_else(|| Error::internal("a schema without its imports"))
}

/// Subscriptions to imports.
#[derive(Debug, Default)]
pub struct ImportSubscriptions;

#[Subscription]
impl ImportSubscriptions {
    /// How far your import under this `progressKey` is, now and whenever it is further; ends when it is over. Listen before
    /// you import. Who may: everyone signed in, of the own imports 导入进度.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn import_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key that you import under 进度键.")] key: String,
    ) -> Result<impl Stream<Item = Option<ImportProgress>> + use<>> {
        let (_, actor) = asked(ctx)?;
        Ok(imports(ctx)?.follow(actor, &key).map(|progress| Some(progress.into())))
    }
}
