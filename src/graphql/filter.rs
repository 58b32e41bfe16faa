//! Filters and orders of lists: typed inputs, the same wherever the same type is listed.
//!
//! ```ignore
//! /// Which agreements.
//! #[derive(Clone, Debug, InputObject)]
//! pub struct AgreementFilter {
//!     /// By where they stand.
//!     pub status: Option<OneOf<AgreementStatus>>,
//!     /// By their last day.
//!     pub ends_on: Option<Between<Date>>,
//! }
//!
//! impl Filter<agreement::Entity> for AgreementFilter {
//!     fn condition(&self) -> Condition {
//!         all([
//!             self.status.as_ref().map(|status| status.on(agreement::Column::Status)),
//!             self.ends_on.as_ref().map(|ends_on| ends_on.on(agreement::Column::EndsOn)),
//!         ])
//!     }
//! }
//! ```

use std::borrow::Cow;

use async_graphql::{
    EnumType, InputObject, InputObjectType, InputType, InputValueError, InputValueResult, Name, TypeName, Value,
    registry::{InputObjectBuilder, MetaInputValue, MetaTypeId, Registry},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Value as Bound,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};

use super::scalars::{BigInt, CreditCode, Date, DateTime, Money, RegionCode, Url};
use crate::{error::Code, platform::id::Id};

/// The most values that one `in` may name.
const MOST: usize = 100;

/// An input that narrows a list of rows of `E`.
pub trait Filter<E>: InputObjectType + 'static {
    /// What a row must fulfil.
    fn condition(&self) -> Condition;
}

/// An enum that names the columns a list can be ordered by. Call it `AgreementOrderField` in the schema; the input
/// around it is then `AgreementOrder`.
pub trait OrderField<E: EntityTrait>: EnumType + InputType {
    /// The column behind the name.
    fn column(self) -> E::Column;
}

/// All of these conditions, as far as they are asked for.
#[must_use]
pub fn all(conditions: impl IntoIterator<Item = Option<Condition>>) -> Condition {
    conditions.into_iter().flatten().fold(Condition::all(), Condition::add)
}

/// Whether any of the columns contains the text, whatever the case of its Latin letters. An empty text matches all.
#[must_use]
pub fn contains<C: ColumnTrait>(columns: impl IntoIterator<Item = C>, text: &str) -> Condition {
    let mut pattern = String::from("%");
    for symbol in text.trim().to_ascii_lowercase().chars() {
        if matches!(symbol, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(symbol);
    }
    pattern.push('%');
    columns.into_iter().fold(Condition::any(), |any, column| {
        let lower = Expr::expr(Func::lower(Expr::col(column.as_column_ref())));
        any.add(lower.like(LikeExpr::new(pattern.clone()).escape('\\')))
    })
}

/// Values of a list: any of these, none of those. Named after its type: `AgreementStatusFilter`, `IdFilter`.
#[derive(Clone, Debug)]
pub struct OneOf<T> {
    /// Any of these; an empty list matches nothing.
    pub any: Option<Vec<T>>,
    /// None of these.
    pub none: Option<Vec<T>>,
}

impl<T: InputType + Clone + Into<Bound>> OneOf<T> {
    /// What that means for a column.
    #[must_use]
    pub fn on(&self, column: impl ColumnTrait) -> Condition {
        all([
            self.any.as_ref().map(|values| column.is_in(padded(values)).into()),
            self.none.as_ref().map(|values| column.is_not_in(padded(values)).into()),
        ])
    }
}

/// Repeats the last value up to a power of two: so statements differ in seven ways, not in a hundred, and stay prepared.
fn padded<T: Clone>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

impl<T: InputType> InputType for OneOf<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        match &*T::type_name() {
            "ID" => "IdFilter".into(),
            name => format!("{name}Filter").into(),
        }
    }

    fn create_type_info(registry: &mut Registry) -> String {
        // Ids of different records are different types here and one in the schema.
        if registry.types.contains_key(&*Self::type_name()) {
            return Self::qualified_type_name();
        }
        registry.create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| {
            let mut field = |name: &str, description: &str| {
                let mut field = MetaInputValue::new(name, <Option<Vec<T>>>::create_type_info(registry));
                field.description = Some(description.to_owned());
                (name.to_owned(), field)
            };
            let fields = [
                field("in", "Any of these; at most 100, an empty list matches nothing 任一."),
                field("notIn", "None of these; at most 100 均不是."),
            ];
            InputObjectBuilder::new(Self::type_name(), fields.into_iter().collect())
                .description(Some("Which values 取值范围.".to_owned()))
                .build()
        })
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Some(Value::Object(mut members)) = value else {
            return Err(InputValueError::expected_type(value.unwrap_or_default()));
        };
        let mut read = |name: &str| -> InputValueResult<Option<Vec<T>>> {
            let values: Option<Vec<T>> =
                InputType::parse(members.swap_remove(name)).map_err(InputValueError::propagate)?;
            match &values {
                Some(values) if values.len() > MOST => {
                    let error = InputValueError::custom(format_args!("expected at most {MOST} values"));
                    Err(error.with_extension("code", Code::InvalidInput.as_str()))
                }
                _ => Ok(values),
            }
        };
        let any = read("in").map_err(InputValueError::propagate)?;
        let none = read("notIn").map_err(InputValueError::propagate)?;
        Ok(Self { any, none })
    }

    fn to_value(&self) -> Value {
        let members = [("in", self.any.to_value()), ("notIn", self.none.to_value())];
        Value::Object(members.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: InputType> InputObjectType for OneOf<T> {}

/// A range; each end may be left open 区间. Named after its type: `DateFilter`, `DateTimeFilter`.
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct Between<T: InputType> {
    /// From this on 不早于/不小于.
    pub gte: Option<T>,
    /// Up to this 不晚于/不大于.
    pub lte: Option<T>,
    /// After this 晚于/大于.
    pub gt: Option<T>,
    /// Before this 早于/小于.
    pub lt: Option<T>,
}

impl<T: InputType> TypeName for Between<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Filter", T::type_name()).into()
    }
}

impl<T: InputType + Clone + Into<Bound>> Between<T> {
    /// What that means for a column.
    #[must_use]
    pub fn on(&self, column: impl ColumnTrait) -> Condition {
        all([
            self.gte.clone().map(|end| column.gte(end).into()),
            self.lte.clone().map(|end| column.lte(end).into()),
            self.gt.clone().map(|end| column.gt(end).into()),
            self.lt.clone().map(|end| column.lt(end).into()),
        ])
    }
}

/// In which direction a list is ordered 排序方向. Missing values come last either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, async_graphql::Enum)]
pub enum OrderDirection {
    /// Smallest, earliest first 升序.
    #[default]
    Asc,
    /// Largest, latest first 降序.
    Desc,
}

/// How a list is ordered 排序方式. Equal ones are ordered by when they were made.
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct OrderBy<F: InputType> {
    /// By what 排序字段.
    pub field: F,
    /// In which direction 排序方向.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl<F: InputType> TypeName for OrderBy<F> {
    fn type_name() -> Cow<'static, str> {
        let field = F::type_name();
        field.strip_suffix("Field").map_or_else(|| format!("{field}Input"), str::to_owned).into()
    }
}

macro_rules! bound {
    ($($type:ty),*) => {
        $(impl From<$type> for Bound {
            fn from(value: $type) -> Self {
                value.0.into()
            }
        })*
    };
}

bound!(Date, DateTime, Money, BigInt, Url, RegionCode, CreditCode);

impl<T> From<Id<T>> for Bound {
    fn from(id: Id<T>) -> Self {
        id.key().into()
    }
}
