//! Conditions about other tables' rows.

use sea_orm::{
    ColumnTrait, Condition, ExprTrait as _,
    sea_query::{Expr, Query},
};

/// Whether a record has this key in a column, and fulfils a condition: `exists(Id, AgreementId, seen)`, "the agreement
/// that `AgreementId` names is seen". Written as EXISTS, which both databases answer with an index, row by row, where
/// `IN (SELECT …)` would first gather every key that fulfils the condition.
#[must_use]
pub fn exists<K: ColumnTrait, L: ColumnTrait>(key: K, link: L, condition: Condition) -> Condition {
    let found = Query::select()
        .expr(Expr::cust("1"))
        .from(K::EntityName::default())
        .and_where(Expr::col(key.as_column_ref()).equals(link.as_column_ref()))
        .cond_where(condition)
        .take();
    Condition::all().add(Expr::exists(found))
}
