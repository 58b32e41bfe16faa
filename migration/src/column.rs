//! The kinds of columns Hezuo uses, each the same on both databases.

use sea_orm_migration::{
    prelude::*,
    sea_orm::DbBackend,
    sea_query::{ForeignKeyCreateStatement, IndexCreateStatement},
};

/// A table in the making.
pub(crate) struct Table {
    statement: TableCreateStatement,
    name: &'static str,
    postgres: bool,
}

/// Whether a column may be empty.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    Yes,
    No,
}
pub(crate) use Null::{No as REQUIRED, Yes as OPTIONAL};

impl Table {
    pub(crate) fn new(manager: &SchemaManager<'_>, name: &'static str) -> Self {
        let mut statement = sea_query::Table::create();
        statement.table(name);
        Self { statement, name, postgres: manager.get_database_backend() == DbBackend::Postgres }
    }

    fn column(mut self, mut column: ColumnDef, null: Null) -> Self {
        if null == Null::No {
            column.not_null();
        }
        self.statement.col(&mut column);
        self
    }

    /// The record's key, made by the application.
    pub(crate) fn id(mut self) -> Self {
        self.statement.col(ColumnDef::new("id").uuid().not_null().primary_key());
        self
    }

    /// A key of another record, without the promise that it exists.
    pub(crate) fn key(self, name: &'static str, null: Null) -> Self {
        let mut column = ColumnDef::new(name);
        column.uuid();
        self.column(column, null)
    }

    /// A key of a record in `table`, which must exist.
    pub(crate) fn refers(self, name: &'static str, table: &'static str, null: Null) -> Self {
        let own = self.name;
        let mut this = self.key(name, null);
        let mut foreign: ForeignKeyCreateStatement = ForeignKey::create();
        foreign.name(format!("fk_{own}_{name}")).from(own, name).to(table, "id");
        this.statement.foreign_key(&mut foreign);
        this
    }

    /// Text, compared byte by byte.
    pub(crate) fn text(self, name: &'static str, null: Null) -> Self {
        let mut column = ColumnDef::new(name);
        column.text();
        if self.postgres {
            column.extra(r#"COLLATE "C""#);
        }
        self.column(column, null)
    }

    /// Text that is one of a few words.
    pub(crate) fn one_of(self, name: &'static str, words: &[&'static str], null: Null) -> Self {
        let mut this = self.text(name, null);
        this.statement.check(Expr::col(name).is_in(words.iter().copied()));
        this
    }

    pub(crate) fn int(self, name: &'static str, null: Null) -> Self {
        let mut column = ColumnDef::new(name);
        column.integer();
        self.column(column, null)
    }

    pub(crate) fn bigint(self, name: &'static str, null: Null) -> Self {
        let mut column = ColumnDef::new(name);
        column.big_integer();
        self.column(column, null)
    }

    pub(crate) fn flag(self, name: &'static str) -> Self {
        let mut column = ColumnDef::new(name);
        column.boolean();
        self.column(column, Null::No)
    }

    /// Yes or no, or nothing yet.
    pub(crate) fn flag_or_nothing(self, name: &'static str) -> Self {
        let mut column = ColumnDef::new(name);
        column.boolean();
        self.column(column, Null::Yes)
    }

    /// A calendar day in China.
    pub(crate) fn date(self, name: &'static str, null: Null) -> Self {
        let mut column = ColumnDef::new(name);
        column.date();
        self.column(column, null)
    }

    /// A moment, UTC, microseconds.
    pub(crate) fn time(self, name: &'static str, null: Null) -> Self {
        let mut column = ColumnDef::new(name);
        column.timestamp_with_time_zone();
        self.column(column, null)
    }

    /// Version, made and changed: what every record carries.
    pub(crate) fn versioned(self) -> Self {
        self.int("version", REQUIRED).time("created_at", REQUIRED).time("updated_at", REQUIRED)
    }

    /// A rule over the columns of one row.
    pub(crate) fn check(mut self, rule: &'static str) -> Self {
        self.statement.check(Expr::cust(rule));
        self
    }

    /// The table's key when it is not `id`.
    pub(crate) fn primary(mut self, columns: &[&'static str]) -> Self {
        let mut index = sea_query::Index::create();
        for column in columns {
            index.col(*column);
        }
        self.statement.primary_key(&mut index);
        self
    }

    pub(crate) async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.statement).await
    }
}

/// An index over columns; its name says which.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = sea_query::Index::create();
    statement.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        statement.col(*column);
    }
    statement
}

/// An index that holds a rule: no two rows alike.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = index(table, columns);
    statement.name(format!("ux_{table}_{}", columns.join("_"))).unique();
    statement
}
