//! Statements as text and values. How many rows are wanted at most stands in the text and not among the values: a planner
//! that does not know it chooses plans for all rows, and keeps them once a statement is prepared.

use std::fmt::{Display, Formatter, Result, Write};

use sea_orm::{
    DbBackend, Statement, Value,
    sea_query::{PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqlWriterValues, SqliteQueryBuilder},
};

/// The statement for a database.
pub(super) fn build(statement: &SelectStatement, backend: DbBackend) -> Statement {
    let (text, values) = match backend {
        DbBackend::Postgres => written(statement, PostgresQueryBuilder),
        _ => written(statement, SqliteQueryBuilder),
    };
    Statement::from_sql_and_values(backend, text, values)
}

fn written(statement: &SelectStatement, builder: impl QueryBuilder) -> (String, sea_orm::Values) {
    let (placeholder, numbered) = builder.placeholder();
    let mut text = Text(SqlWriterValues::new(placeholder, numbered));
    statement.build_collect_into(builder, &mut text);
    text.0.into_parts()
}

struct Text(SqlWriterValues);

impl Write for Text {
    fn write_str(&mut self, text: &str) -> Result {
        self.0.write_str(text)
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.fmt(f)
    }
}

impl SqlWriter for Text {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, query_builder: &T) {
        // Only LIMIT has values without a sign. Writing to memory cannot fail.
        match value {
            Value::BigUnsigned(Some(most)) => _ = write!(self.0, "{most}"),
            value => self.0.push_param(value, query_builder),
        }
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}
