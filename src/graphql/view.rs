//! Views: GraphQL object types, declared once. See [`crate::graphql`] for how, and [`super::source`] for the sources.

use std::marker::PhantomData;

use async_graphql::{OutputType, registry::Registry};
use entity::Record;
use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, PrimaryKeyToColumn};
use uuid::Uuid;

use super::{
    column::Column,
    source::{Gives, Of, Rule, Source},
};
use crate::{auth::Actor, error::Result, platform::db::Db};

/// A GraphQL object type that is read by the planner.
pub trait View: OutputType + 'static {
    /// What was declared.
    fn definition() -> &'static Definition;

    /// The key of the row that this value stands for, if the view has rows.
    fn row(&self) -> Option<Uuid>;
}

/// A view of a table's rows.
pub trait RowView: View {
    /// The table.
    type Entity: EntityTrait + Record;
}

/// Writes down that the actor reads the rows with these keys, and says which of them may still be shown.
pub type Recorder = for<'a> fn(&'a Db, &'a Actor, &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Uuid>>>;

/// A Relay connection of views. Only a view's field can be one: it is planned, never resolved.
#[derive(Debug)]
pub struct Connection<V>(PhantomData<fn() -> V>);

/// What `view!` declared: one object type.
#[derive(Debug)]
pub struct Definition {
    pub(super) name: &'static str,
    pub(super) docs: String,
    pub(super) table: Option<Table>,
    pub(super) fields: Vec<Field>,
    pub(super) node: bool,
}

/// The table behind a view and who sees which of its rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// The view that shows its rows.
    pub(super) view: &'static str,
    pub(super) key: Column,
    pub(super) prefix: &'static str,
    pub(super) seen_by: Rule,
    /// The column by which rows belong to a record, and the view of that record: whoever sees it sees the rows.
    pub(super) seen_with: Option<(Column, Of)>,
    /// What writes down every read of its rows before they are shown.
    pub(super) recorded: Option<Recorder>,
}

impl Definition {
    /// A view of rows.
    #[must_use]
    pub fn rows<E: EntityTrait + Record>(
        name: &'static str,
        docs: &[&str],
        seen_by: fn(&Actor) -> Condition,
        fields: Vec<Field>,
    ) -> Self {
        // Every table has a key of one column, its first.
        let key = E::PrimaryKey::iter().next().map(|key| Column::of(key.into_column()));
        let table = key.map(|key| {
            let (prefix, seen_with, recorded) = (E::PREFIX, None, None);
            Table { name: key.table, view: name, key, prefix, seen_by, seen_with, recorded }
        });
        Self { name, docs: paragraph(docs), table, fields, node: false }
    }

    /// A view without rows.
    #[must_use]
    pub fn root(name: &'static str, docs: &[&str], fields: Vec<Field>) -> Self {
        Self { name, docs: paragraph(docs), table: None, fields, node: false }
    }

    /// The same view, of rows that everybody sees who sees the record that this column names: below that record they are
    /// not asked about again.
    #[must_use]
    pub fn with<V: RowView>(mut self, column: impl ColumnTrait) -> Self {
        if let Some(table) = &mut self.table {
            table.seen_with = Some((Column::of(column), V::definition));
        }
        self
    }

    /// The same view, whose rows are shown only once it is written down who reads them.
    #[must_use]
    pub fn recorded_by(mut self, recorder: Recorder) -> Self {
        if let Some(table) = &mut self.table {
            table.recorded = Some(recorder);
        }
        self
    }

    /// The same view, found by the queries `node` and `nodes`.
    #[must_use]
    #[expect(non_snake_case, reason = "what `is Node` calls")]
    pub fn Node(mut self) -> Self {
        self.node = true;
        self
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether everybody who sees a row of `parent` sees the rows of this view that the column ties to it.
    pub(super) fn is_seen_with(&self, parent: &Table, column: Column) -> bool {
        let with = self.table.and_then(|table| table.seen_with);
        with.is_some_and(|(by, whole)| by == column && whole().name == parent.view)
    }

    /// The views that this view's fields lead to.
    pub(super) fn targets(&self) -> impl Iterator<Item = &'static Self> {
        self.fields.iter().filter_map(Field::target)
    }

    /// The fields that lead to rows of which every read is written down.
    pub(super) fn recorded_fields(&self) -> impl Iterator<Item = &str> {
        let leads = |field: &&Field| field.target().is_some_and(Self::is_recorded);
        self.fields.iter().filter(leads).map(|field| field.name.as_str())
    }

    /// What is wrong with the declaration: columns that do not hold what their field shows.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for field in &self.fields {
            if field.docs.is_empty() {
                problems.push(format!("{}.{} is not described", self.name, field.name));
            }
            if let Source::Groups(groups) = &field.source {
                let strangers = groups.strangers();
                problems.extend(strangers.map(|name| format!("{}.{}: groups have no {name}", self.name, field.name)));
                if (groups.target)().is_recorded() {
                    problems
                        .push(format!("{}.{}: a group has no rows whose reading is recorded", self.name, field.name));
                }
            }
            let Source::Column(from) = &field.source else { continue };
            if !from.column.holds(&from.kind) {
                problems.push(format!("{}.{}: its column does not hold {:?}", self.name, field.name, from.kind));
            }
            let may_be_null = from.column.nullable || from.held_back.is_some_and(|held_back| held_back.mask.is_none());
            if may_be_null && !from.null {
                problems.push(format!("{}.{} can be null and is not an Option", self.name, field.name));
            }
            if self.table.is_none_or(|table| table.name != from.column.table) {
                problems.push(format!("{}.{}: its column is another table's", self.name, field.name));
            }
        }
        problems
    }
}

/// One field of a view.
#[derive(Debug)]
pub struct Field {
    pub(super) name: String,
    pub(super) docs: String,
    pub(super) deprecated: Option<&'static str>,
    pub(super) source: Source,
    pub(super) register: fn(&mut Registry) -> String,
}

/// Pairs a field's name and type with its source. The type is an argument so that a mismatch is told at the field.
#[must_use]
pub fn field<T, S: Gives<T, M>, M>(name: &str, docs: &[&str], _: PhantomData<T>, source: S) -> Field {
    Field {
        name: camel(name),
        docs: paragraph(docs),
        deprecated: None,
        source: source.source().0,
        register: S::register,
    }
}

impl Field {
    /// The view that the field leads to.
    fn target(&self) -> Option<&'static Definition> {
        match self.source {
            Source::One { target, .. }
            | Source::List { target, .. }
            | Source::Connection { target, .. }
            | Source::Row { target, .. }
            | Source::Nested { target } => Some(target()),
            Source::Groups(ref groups) => Some((groups.target)()),
            Source::Column(_) | Source::Computed { .. } | Source::GroupSize | Source::Node | Source::Nodes => None,
        }
    }

    /// Where a failure below the field stops.
    pub(super) fn may_be_null(&self) -> bool {
        match &self.source {
            Source::Column(from) => from.null,
            Source::Computed { null, .. } | Source::Connection { null, .. } => *null,
            Source::List { .. } | Source::GroupSize => false,
            _ => true,
        }
    }

    /// The same field, marked as deprecated when there is a reason.
    #[must_use]
    pub fn deprecated(mut self, reasons: &[&'static str]) -> Self {
        self.deprecated = reasons.first().copied();
        self
    }
}

/// `starts_on` is `startsOn` in the schema.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.trim_start_matches("r#").split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        name + &initial.to_uppercase() + rest
    })
}

fn paragraph(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Declares a GraphQL object type that is read by the planner. See [`crate::graphql`].
#[macro_export]
macro_rules! view {
    (
        $(#[doc = $doc:literal])* $vis:vis $name:ident of $entity:ident, seen by $seen_by:path $(, with $whole:ident by $with:ident)? $(, recorded by $recorder:path)? $(, is $interface:ident)?;
        $($(#[doc = $field_doc:literal])* $(#[deprecated = $reason:literal])? $field:ident: $type:ty = $source:expr;)*
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis struct $name(pub ::uuid::Uuid);

        $crate::view!(@type $name, |row| Some(row.0), {
            let ($($field,)*) = { use $entity::Column::*; ($($source,)*) };
            let fields = vec![$($crate::view!(@field $field: $type, [$($field_doc),*], [$($reason)?])),*];
            $crate::graphql::Definition::rows::<$entity::Entity>(stringify!($name), &[$($doc),*], $seen_by, fields)
                $(.with::<$whole>($entity::Column::$with))?
                $(.recorded_by(|db, actor, keys| ::std::boxed::Box::pin($recorder(db, actor, keys))))?
                $(.$interface())?
        });

        impl $crate::graphql::RowView for $name {
            type Entity = $entity::Entity;
        }
    };
    (
        $(#[doc = $doc:literal])* $vis:vis $name:ident root;
        $($(#[doc = $field_doc:literal])* $(#[deprecated = $reason:literal])? $field:ident: $type:ty = $source:expr;)*
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        $vis struct $name;

        $crate::view!(@type $name, |_| None, {
            let ($($field,)*) = ($($source,)*);
            let fields = vec![$($crate::view!(@field $field: $type, [$($field_doc),*], [$($reason)?])),*];
            $crate::graphql::Definition::root(stringify!($name), &[$($doc),*], fields)
        });

        impl ::async_graphql::ContainerType for $name {
            async fn resolve_field(
                &self,
                ctx: &::async_graphql::Context<'_>,
            ) -> ::async_graphql::ServerResult<Option<::async_graphql::Value>> {
                $crate::graphql::resolve::root(<Self as $crate::graphql::View>::definition(), ctx).await
            }
        }

        impl ::async_graphql::ObjectType for $name {}
    };
    (@field $field:ident: $type:ty, [$($doc:literal),*], [$($reason:literal)?]) => {
        $crate::graphql::field(stringify!($field), &[$($doc),*], ::std::marker::PhantomData::<$type>, $field)
            .deprecated(&[$($reason)?])
    };
    (@type $name:ident, $row:expr, $definition:block) => {
        impl $crate::graphql::View for $name {
            fn definition() -> &'static $crate::graphql::Definition {
                static DEFINITION: ::std::sync::LazyLock<$crate::graphql::Definition> =
                    ::std::sync::LazyLock::new(|| $definition);
                &DEFINITION
            }

            fn row(&self) -> Option<::uuid::Uuid> {
                let row: fn(&Self) -> Option<::uuid::Uuid> = $row;
                row(self)
            }
        }

        impl ::async_graphql::OutputType for $name {
            fn type_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn create_type_info(registry: &mut ::async_graphql::registry::Registry) -> String {
                $crate::graphql::register::view::<Self>(registry)
            }

            async fn resolve(
                &self,
                ctx: &::async_graphql::ContextSelectionSet<'_>,
                field: &::async_graphql::Positioned<::async_graphql::parser::types::Field>,
            ) -> ::async_graphql::ServerResult<::async_graphql::Value> {
                $crate::graphql::resolve::view(self, ctx, field).await
            }
        }
    };
}
