//! Words by which a list is searched: the argument `search` of its filter.

use std::borrow::Cow;

use async_graphql::{InputType, InputValueResult, Value, registry::Registry};
use sea_orm::{ColumnTrait, Condition};

use super::scalars::read;
use crate::platform::search::Query;

/// Words, found in a list as the query `search` finds them in everything. A text in the schema; one without words leaves
/// the list as it is.
#[derive(Clone, Debug)]
pub struct Words {
    text: String,
    query: Option<Query>,
}

impl Words {
    /// Whether these columns together hold the words.
    #[must_use]
    pub fn on<C: ColumnTrait>(&self, columns: impl IntoIterator<Item = C>) -> Condition {
        let columns: Vec<C> = columns.into_iter().collect();
        self.query.as_ref().map_or_else(Condition::all, |query| query.held_by(&columns))
    }

    fn of(text: &str) -> Option<Self> {
        let nothing = !text.contains(char::is_alphanumeric);
        let query = if nothing { None } else { Some(Query::read(text).ok()?) };
        Some(Self { text: text.to_owned(), query })
    }
}

impl InputType for Words {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <String as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        read(&value.unwrap_or_default(), Self::of, "words, at most 100 characters and 25 Chinese ones")
    }

    fn to_value(&self) -> Value {
        Value::String(self.text.clone())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
