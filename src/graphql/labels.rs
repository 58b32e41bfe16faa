//! What the values of the schema's enums are called: for menus, filters and buttons, in every language at once.
//!
//! The words are those of the schema's own descriptions, so that nothing is said twice: a value's description ends with
//! its Chinese label, and its name is its English one.

use async_graphql::{
    Context, Object, SimpleObject,
    registry::{MetaEnumValue, MetaType},
};

use crate::error::{Code, Error, Problem, Result, Text};

/// An enum of this schema and what its values are called 枚举标签.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct EnumLabels {
    /// The enum's name in the schema, such as AgreementStatus 枚举名称.
    pub name: String,
    /// Its values, in the order of the schema: that of the lifecycle for a status 各值.
    pub values: Vec<ValueLabels>,
}

/// What one value of an enum is called 枚举值标签.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ValueLabels {
    /// The value as the schema writes it, such as `IN_REVIEW` 值.
    pub value: String,
    /// In English: `In review` 英文.
    pub en: String,
    /// In Chinese: 会审中 中文.
    pub zh: String,
}

/// What can be asked about the schema's own words.
#[derive(Clone, Copy, Debug, Default)]
pub struct LabelQueries;

#[Object]
impl LabelQueries {
    /// What the values of enums are called, in English and in Chinese: everything a frontend writes on buttons and in
    /// menus, in one answer. Anyone may ask 枚举值的中英文标签.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn enum_labels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these enums, such as AgreementStatus; left out: all 枚举名称.")] names: Option<
            Vec<String>,
        >,
    ) -> Result<Option<Vec<EnumLabels>>> {
        let types = &ctx.schema_env.registry.types;
        let Some(names) = names else {
            return Ok(Some(types.values().filter_map(labels).collect()));
        };
        let found = names.iter().map(|name| types.get(name).and_then(labels).ok_or_else(|| unknown(name)));
        found.collect::<Result<_>>().map(Some)
    }
}

/// Nobody reads the enums of introspection itself.
fn labels(found: &MetaType) -> Option<EnumLabels> {
    let MetaType::Enum { name, enum_values, .. } = found else { return None };
    if name.starts_with("__") {
        return None;
    }
    let values = enum_values.values().map(ValueLabels::of).collect();
    Some(EnumLabels { name: name.clone(), values })
}

impl ValueLabels {
    fn of(value: &MetaEnumValue) -> Self {
        Self {
            value: value.name.clone(),
            en: english(&value.name),
            zh: chinese(value.description.as_deref().unwrap_or_default()).to_owned(),
        }
    }
}

/// `IN_REVIEW` is "In review".
fn english(value: &str) -> String {
    let words = value.replace('_', " ").to_lowercase();
    let (initial, rest) = words.split_at(words.len().min(1));
    initial.to_uppercase() + rest
}

/// How a description calls what it describes in Chinese: what stands behind the last space before the first Chinese
/// character, without the full stop. Empty when it does not.
#[must_use]
pub fn chinese(description: &str) -> &str {
    let last = description.trim_end().trim_end_matches('.');
    let Some(first) = last.find(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) else { return "" };
    let word = last[..first].rfind(char::is_whitespace).map_or(first, |space| space + 1);
    &last[word..]
}

fn unknown(name: &str) -> Error {
    let message = Text::new(
        format!("names: expected names of enums of this schema; {name:?} is none."),
        format!("names 应为本接口的枚举名称，{name:?} 不是。"),
    );
    Problem::new(Code::InvalidInput, message).at(["names"]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_ends_with_the_label() {
        assert_eq!(chinese("All parties read it 会审中."), "会审中");
        assert_eq!(chinese("A professor, who advises 教授/专家."), "教授/专家");
        assert_eq!(chinese("A certificate of a CA CA电子签名."), "CA电子签名");
        assert_eq!(chinese("No label."), "");
        assert_eq!(english("AWAITING_SIGNATURE"), "Awaiting signature");
    }
}
