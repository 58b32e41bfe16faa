//! A column without its table's type, so that the planner can hold columns of all tables alike.

use sea_orm::{
    ColumnTrait, ColumnType, EntityName, Order,
    sea_query::{Expr, NullOrdering, SelectStatement},
};

use super::leaf::Kind;

/// A column of some table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    pub(super) nullable: bool,
    pub(super) class: Class,
}

/// What a column holds, as far as reading it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Text,
    Int,
    Flag,
    Key,
    Date,
    Time,
    Other,
}

impl Class {
    /// What a column must hold to be read as `kind`.
    pub(super) fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Text | Kind::Word(_) => Self::Text,
            Kind::Int | Kind::Long => Self::Int,
            Kind::Flag => Self::Flag,
            Kind::Key(_) => Self::Key,
            Kind::Date => Self::Date,
            Kind::Time => Self::Time,
        }
    }
}

impl Column {
    pub(super) fn of<C: ColumnTrait>(column: C) -> Self {
        let def = column.def();
        let class = match def.get_column_type() {
            ColumnType::Text | ColumnType::String(_) => Class::Text,
            ColumnType::Integer | ColumnType::BigInteger => Class::Int,
            ColumnType::Boolean => Class::Flag,
            ColumnType::Uuid => Class::Key,
            ColumnType::Date => Class::Date,
            ColumnType::TimestampWithTimeZone => Class::Time,
            _ => Class::Other,
        };
        let table = C::EntityName::default().table_name();
        Self { table, name: column.as_str(), nullable: def.is_null(), class }
    }

    pub(super) fn expr(self) -> Expr {
        Expr::col((self.table, self.name))
    }

    /// Whether a column of this class is read as `kind`.
    pub(super) fn holds(self, kind: &Kind) -> bool {
        self.class == Class::of(kind)
    }
}

/// By which column, and in which direction. The key breaks ties in the same direction; missing values come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) column: Column,
    pub(super) descending: bool,
}

impl Sort {
    /// Orders a statement by this and the key, or by the reverse of both.
    pub(super) fn apply(self, key: Column, backwards: bool, statement: &mut SelectStatement) {
        let order = if self.descending == backwards { Order::Asc } else { Order::Desc };
        if self.column.nullable {
            let nulls = if backwards { NullOrdering::First } else { NullOrdering::Last };
            statement.order_by_expr_with_nulls(self.column.expr(), order.clone(), nulls);
        } else {
            statement.order_by_expr(self.column.expr(), order.clone());
        }
        if self.column != key {
            statement.order_by_expr(key.expr(), order);
        }
    }
}
