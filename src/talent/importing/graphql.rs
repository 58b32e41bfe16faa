//! Importing from tables as clients see it.

use async_graphql::SimpleObject;

use super::Column;

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
